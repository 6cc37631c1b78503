import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_units"),
        ("registry", "0001_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "Resident scheme"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("outprov", "Scheme of another province"),
                        ],
                        max_length=16,
                    ),
                ),
                ("roll_no", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("assigned", "Assigned"),
                            ("in_progress", "In progress"),
                            ("waiting_outside", "Waiting outside"),
                            ("resolved", "Resolved"),
                            ("closed_with_reason", "Closed with reason"),
                            ("reopened", "Reopened"),
                        ],
                        default="open",
                        max_length=24,
                    ),
                ),
                (
                    "desk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "Village"),
                            ("township", "Township office"),
                            ("county", "County agency"),
                            ("reviewer", "County reviewer"),
                        ],
                        db_default="",
                        max_length=12,
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="Counted in working days; empty where no calendar is available.", null=True
                    ),
                ),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "Not found after all contact attempts"),
                            ("declined", "Declined in person, signed and witnessed"),
                            ("waived", "Benefit waived in person, signed and witnessed"),
                            ("refused", "Application refused"),
                            ("hukou_elsewhere", "Hukou elsewhere; transferred to that county"),
                            ("insured_elsewhere", "Insured elsewhere; the next roll will show it"),
                            ("dead", "Deceased; death report to follow"),
                            ("exempt", "Student, soldier, in prison or abroad: no need to enrol"),
                            ("repaired_outside", "Corrected in the agency's system; the next roll will show it"),
                            ("data_wrong", "Error in the file; sender notified"),
                            ("no_action_needed", "Checked; no action needed"),
                            ("alive", "Alive: the report of death is wrong"),
                            ("not_in_prison", "Not serving a sentence in these months"),
                            ("not_twice", "Does not draw twice: confirmed by the other scheme"),
                            ("other_person", "The record belongs to another person"),
                        ],
                        max_length=24,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="registry.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
                (
                    "waiting_until",
                    models.DateField(help_text="Day by which whoever was asked should answer.", null=True),
                ),
            ],
            options={
                "verbose_name": "case",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["owner"], name="case_of_owner"
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", True)),
                        fields=["county", "scheme", "roll_no"],
                        name="case_of_roll_line",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Coalesce("person", 0),
                        models.F("county"),
                        models.F("scheme"),
                        models.F("roll_no"),
                        condition=models.Q(("state", "closed_with_reason")),
                        name="case_settled_subject",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "assigned",
                                    "in_progress",
                                    "waiting_outside",
                                    "resolved",
                                    "closed_with_reason",
                                    "reopened",
                                ],
                            )
                        ),
                        name="case_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("roll_no", ""), ("scheme", "")),
                            models.Q(("person__isnull", True), ("roll_no__gt", ""), ("scheme__gt", "")),
                            _connector="OR",
                        ),
                        name="case_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("desk__in", ["", "village", "township", "county", "reviewer"])),
                        name="case_desk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("state__in", ("open", "assigned", "in_progress", "waiting_outside", "reopened")),
                            ),
                            models.Q(("closed_at__isnull", False), ("state__in", ["resolved", "closed_with_reason"])),
                            _connector="OR",
                        ),
                        name="case_closed_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["assigned", "in_progress"]), _negated=True),
                            ("owner__isnull", False),
                            _connector="OR",
                        ),
                        name="case_assigned_has_owner",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("person__isnull", False)),
                        fields=("person",),
                        name="case_one_working_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("person__isnull", True)),
                        fields=("county", "scheme", "roll_no"),
                        name="case_one_working_per_roll_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed_with_reason"), _negated=True),
                            (
                                "close_reason__in",
                                [
                                    "not_found",
                                    "declined",
                                    "waived",
                                    "refused",
                                    "hukou_elsewhere",
                                    "insured_elsewhere",
                                    "dead",
                                    "exempt",
                                    "repaired_outside",
                                    "data_wrong",
                                    "no_action_needed",
                                    "alive",
                                    "not_in_prison",
                                    "not_twice",
                                    "other_person",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="case_closed_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting_outside"), _negated=True),
                            ("waiting_until__isnull", False),
                            _connector="OR",
                        ),
                        name="case_waiting_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("not_found", "Not found after all contact attempts"),
                            ("declined", "Declined in person, signed and witnessed"),
                            ("waived", "Benefit waived in person, signed and witnessed"),
                            ("refused", "Application refused"),
                            ("hukou_elsewhere", "Hukou elsewhere; transferred to that county"),
                            ("insured_elsewhere", "Insured elsewhere; the next roll will show it"),
                            ("dead", "Deceased; death report to follow"),
                            ("exempt", "Student, soldier, in prison or abroad: no need to enrol"),
                            ("repaired_outside", "Corrected in the agency's system; the next roll will show it"),
                            ("data_wrong", "Error in the file; sender notified"),
                            ("no_action_needed", "Checked; no action needed"),
                            ("alive", "Alive: the report of death is wrong"),
                            ("not_in_prison", "Not serving a sentence in these months"),
                            ("not_twice", "Does not draw twice: confirmed by the other scheme"),
                            ("other_person", "The record belongs to another person"),
                        ],
                        max_length=24,
                    ),
                ),
                ("note", models.CharField(max_length=2000)),
                (
                    "evidence_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document", "Document"),
                            ("visit", "Home visit"),
                            ("telephone", "Telephone call"),
                            ("department", "Confirmation by another department"),
                        ],
                        max_length=16,
                    ),
                ),
                ("evidence_date", models.DateField(null=True)),
                ("evidence_reference", models.CharField(blank=True, max_length=200)),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("assigned", "Assigned"),
                            ("in_progress", "In progress"),
                            ("waiting_outside", "Waiting outside"),
                            ("resolved", "Resolved"),
                            ("closed_with_reason", "Closed with reason"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=24,
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="casework.case"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner_before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="Office where it was done.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "document_name",
                    models.CharField(blank=True, help_text="The document attached as evidence.", max_length=255),
                ),
                ("document_path", models.CharField(blank=True, help_text="Below DATA_DIR.", max_length=255)),
                (
                    "application_id",
                    models.BigIntegerField(help_text="The decided application that closed the case.", null=True),
                ),
                ("document_sha256", models.CharField(blank=True, max_length=64)),
                ("document_type", models.CharField(blank=True, max_length=50)),
            ],
            options={
                "verbose_name": "case closing",
                "indexes": [models.Index(fields=["unit", "-closed_at"], name="caseclosing_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state_before__in", ("open", "assigned", "in_progress", "waiting_outside", "reopened"))
                        ),
                        name="caseclosing_state_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("evidence_date__isnull", True), ("evidence_kind", ""), ("evidence_reference", "")
                            ),
                            models.Q(
                                ("evidence_date__isnull", False),
                                ("evidence_kind__in", ["document", "visit", "telephone", "department"]),
                            ),
                            _connector="OR",
                        ),
                        name="caseclosing_evidence_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence_kind__in", ("document", "department")), _negated=True),
                            ("evidence_reference__gt", ""),
                            _connector="OR",
                        ),
                        name="caseclosing_evidence_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evidence_date__isnull", True),
                            (
                                "evidence_date__lte",
                                models.Func(
                                    models.F("closed_at"),
                                    output_field=models.DateField(),
                                    template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="caseclosing_evidence_before_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("application_id__isnull", False), ("reason__in", ("declined", "waived", "refused"))
                            ),
                            models.Q(
                                models.Q(("reason__in", ("declined", "waived", "refused")), _negated=True),
                                ("application_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="caseclosing_by_application",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), ("undone_by__gt", "")),
                            _connector="OR",
                        ),
                        name="caseclosing_undone_has_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "not_found",
                                    "declined",
                                    "waived",
                                    "refused",
                                    "hukou_elsewhere",
                                    "insured_elsewhere",
                                    "dead",
                                    "exempt",
                                    "repaired_outside",
                                    "data_wrong",
                                    "no_action_needed",
                                    "alive",
                                    "not_in_prison",
                                    "not_twice",
                                    "other_person",
                                ],
                            )
                        ),
                        name="caseclosing_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note__regex", "(\\S\\s*){4}")), name="caseclosing_has_note"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "reason__in",
                                    (
                                        "not_found",
                                        "declined",
                                        "waived",
                                        "refused",
                                        "hukou_elsewhere",
                                        "insured_elsewhere",
                                        "dead",
                                        "exempt",
                                        "alive",
                                        "not_in_prison",
                                        "not_twice",
                                        "other_person",
                                    ),
                                ),
                                _negated=True,
                            ),
                            ("evidence_kind__gt", ""),
                            _connector="OR",
                        ),
                        name="caseclosing_about_the_person_has_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("document_name", ""),
                                ("document_path", ""),
                                ("document_sha256", ""),
                                ("document_type", ""),
                            ),
                            models.Q(
                                ("document_name__gt", ""),
                                ("document_path__gt", ""),
                                ("document_sha256__gt", ""),
                                ("document_type__gt", ""),
                            ),
                            _connector="OR",
                        ),
                        name="caseclosing_document_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reason__in", ("alive", "not_in_prison", "not_twice", "other_person")), _negated=True
                            ),
                            models.Q(("document_sha256__gt", ""), ("evidence_kind__in", ("document", "department"))),
                            _connector="OR",
                        ),
                        name="caseclosing_payment_refuted_by_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(max_length=150)),
                ("actor_role", models.CharField(max_length=32)),
                ("verb", models.CharField(max_length=32)),
                ("state_before", models.CharField(blank=True, max_length=24)),
                ("state_after", models.CharField(max_length=24)),
                ("note", models.TextField(blank=True)),
                (
                    "detail",
                    models.JSONField(
                        db_default={}, default=dict, help_text="For a nightly run: date, office, kind, due date."
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_events", to="casework.case"
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.caseclosing",
                    ),
                ),
            ],
            options={
                "verbose_name": "case event",
                "indexes": [models.Index(fields=["case", "at"], name="caseevent_story")],
            },
        ),
        migrations.CreateModel(
            name="CaseHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "Resident scheme"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("outprov", "Scheme of another province"),
                        ],
                        max_length=16,
                    ),
                ),
                ("roll_no", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("assigned", "Assigned"),
                            ("in_progress", "In progress"),
                            ("waiting_outside", "Waiting outside"),
                            ("resolved", "Resolved"),
                            ("closed_with_reason", "Closed with reason"),
                            ("reopened", "Reopened"),
                        ],
                        default="open",
                        max_length=24,
                    ),
                ),
                (
                    "desk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "Village"),
                            ("township", "Township office"),
                            ("county", "County agency"),
                            ("reviewer", "County reviewer"),
                        ],
                        db_default="",
                        max_length=12,
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="Counted in working days; empty where no calendar is available.", null=True
                    ),
                ),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "Not found after all contact attempts"),
                            ("declined", "Declined in person, signed and witnessed"),
                            ("waived", "Benefit waived in person, signed and witnessed"),
                            ("refused", "Application refused"),
                            ("hukou_elsewhere", "Hukou elsewhere; transferred to that county"),
                            ("insured_elsewhere", "Insured elsewhere; the next roll will show it"),
                            ("dead", "Deceased; death report to follow"),
                            ("exempt", "Student, soldier, in prison or abroad: no need to enrol"),
                            ("repaired_outside", "Corrected in the agency's system; the next roll will show it"),
                            ("data_wrong", "Error in the file; sender notified"),
                            ("no_action_needed", "Checked; no action needed"),
                            ("alive", "Alive: the report of death is wrong"),
                            ("not_in_prison", "Not serving a sentence in these months"),
                            ("not_twice", "Does not draw twice: confirmed by the other scheme"),
                            ("other_person", "The record belongs to another person"),
                        ],
                        max_length=24,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="casework.case",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "waiting_until",
                    models.DateField(help_text="Day by which whoever was asked should answer.", null=True),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "Resident scheme"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("outprov", "Scheme of another province"),
                        ],
                        max_length=16,
                    ),
                ),
                ("roll_no", models.CharField(blank=True, max_length=40)),
                ("subject_name", models.CharField(max_length=100)),
                ("subject_pinyin", models.CharField(db_collation="C", max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("UNINSURED", "Uninsured"),
                            ("DUE_NOT_DRAWING", "Due, not drawing"),
                            ("DRAWING_AFTER_DEATH", "Drawing after death"),
                            ("STOP_DUE", "Deceased: benefit to be stopped"),
                            ("CONTRIBUTING_AFTER_DEATH", "Contributing after death"),
                            ("DRAWING_IN_PRISON", "Drawing in prison"),
                            ("DRAWING_BEFORE_60", "Drawing before 60"),
                            ("DUPLICATE_BENEFIT", "Duplicate benefit"),
                            ("DUPLICATE_CONTRIBUTION", "Duplicate enrolment"),
                            ("INVALID_STATUS_PAIR", "Invalid status combination"),
                            ("MOVED_OUT", "Hukou moved out"),
                            ("ROLL_ENDED", "On the roll, ended or not insured"),
                            ("PAUSED", "Benefit paused"),
                            ("CERTIFICATION_DUE", "Certification of life due"),
                            ("LAPSED", "Lapsed"),
                            ("TURNING_60", "Turning 60 soon"),
                            ("TURNING_16", "Turning 16 soon"),
                            ("NEW_POOR", "Newly poor"),
                            ("NO_IDENTITY", "No household registration or ID number"),
                            ("IDENTITY_CONFLICT", "Incorrect identity data"),
                            ("HUKOU_ELSEWHERE", "Hukou elsewhere"),
                            ("NOT_FOUND", "Cannot be found"),
                            ("DEATH_TO_VERIFY", "Death to be verified"),
                            ("NOT_ON_ROLL", "Enrolled, not on the roll"),
                            ("DATA_STALE", "Data out of date"),
                        ],
                        max_length=32,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=48)),
                ("rank", models.PositiveSmallIntegerField()),
                ("evidence_class", models.CharField(blank=True, max_length=1)),
                ("evidence", models.JSONField(default=list)),
                (
                    "desk",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "Village"),
                            ("township", "Township office"),
                            ("county", "County agency"),
                            ("reviewer", "County reviewer"),
                        ],
                        db_default="",
                        max_length=12,
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="Counted in working days; empty where no calendar is available.", null=True
                    ),
                ),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                (
                    "kept_open_by_feeds",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Out-of-date or withdrawn feeds: the run no longer finds the gap, but it stays open because of them.",
                        max_length=160,
                    ),
                ),
                ("closed_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "is_leading",
                    models.BooleanField(
                        db_default=True,
                        editable=False,
                        help_text="No more serious gap of this subject is open; maintained by the database.",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to="registry.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "gap",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "rank", "opened_at", "id"],
                        name="gap_open_in_order",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True), ("is_leading", True)),
                        fields=["county", "rank", "opened_at", "id"],
                        include=("person",),
                        name="gap_leading_in_order",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "desk", "rank", "opened_at", "id"],
                        name="gap_open_of_desk",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["unit", "rank", "opened_at", "id"],
                        name="gap_open_of_unit",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "subject_pinyin", "id"],
                        name="gap_open_by_pinyin",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "opened_at", "id"],
                        name="gap_open_by_age",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "due_on", "id"],
                        name="gap_open_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["county", "kind"],
                        name="gap_open_by_kind",
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", False)), fields=["person"], name="gap_of_person"
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True), ("person__isnull", True)),
                        fields=["county", "scheme", "roll_no"],
                        name="gap_of_roll_line",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "UNINSURED",
                                    "DUE_NOT_DRAWING",
                                    "DRAWING_AFTER_DEATH",
                                    "STOP_DUE",
                                    "CONTRIBUTING_AFTER_DEATH",
                                    "DRAWING_IN_PRISON",
                                    "DRAWING_BEFORE_60",
                                    "DUPLICATE_BENEFIT",
                                    "DUPLICATE_CONTRIBUTION",
                                    "INVALID_STATUS_PAIR",
                                    "MOVED_OUT",
                                    "ROLL_ENDED",
                                    "PAUSED",
                                    "CERTIFICATION_DUE",
                                    "LAPSED",
                                    "TURNING_60",
                                    "TURNING_16",
                                    "NEW_POOR",
                                    "NO_IDENTITY",
                                    "IDENTITY_CONFLICT",
                                    "HUKOU_ELSEWHERE",
                                    "NOT_FOUND",
                                    "DEATH_TO_VERIFY",
                                    "NOT_ON_ROLL",
                                    "DATA_STALE",
                                ],
                            )
                        ),
                        name="gap_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("desk__in", ["", "village", "township", "county", "reviewer"])),
                        name="gap_desk",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("roll_no", ""), ("scheme", "")),
                            models.Q(("person__isnull", True), ("roll_no__gt", ""), ("scheme__gt", "")),
                            _connector="OR",
                        ),
                        name="gap_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_on__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="gap_closed_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="gap_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("person__isnull", False)),
                        fields=("person", "kind"),
                        name="gap_open_once_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True), ("person__isnull", True)),
                        fields=("county", "scheme", "roll_no", "kind"),
                        name="gap_open_once_per_roll_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GapHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("reason", models.CharField(blank=True, max_length=48)),
                ("evidence_class", models.CharField(blank=True, max_length=1)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(null=True)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reason_evidence_class_closed_at_closed_on_events",
                        to="casework.gap",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "constraints": [models.UniqueConstraint(fields=("subject", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=500)),
                ("is_shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="Unit whose staff may share it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "indexes": [
                    models.Index(condition=models.Q(("is_shared", True)), fields=["unit"], name="savedfilter_of_unit")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="savedfilter_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="savedfilter_has_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["county", "id"], name="workchange_of_county")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField()),
                (
                    "before",
                    models.JSONField(help_text="Case ID -> previous owner, state, closing reason and closing time."),
                ),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="Office where it was done.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "indexes": [models.Index(fields=["unit", "-assigned_at"], name="assignment_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), ("undone_by__gt", "")),
                            _connector="OR",
                        ),
                        name="assignment_undone_has_who",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="undone_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."assigned_by_id" IS DISTINCT FROM (NEW."assigned_by_id") OR OLD."assigned_at" IS DISTINCT FROM (NEW."assigned_at") OR OLD."before" IS DISTINCT FROM (NEW."before"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e974ee9f5f2e8bd57ac74f6e152259d51432bfbf",
                    operation="UPDATE",
                    pgid="pgtrigger_undone_only_16fe0",
                    table="casework_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="19b419571ecf28c02c248467d011ddaa5891484e",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_ecd9b",
                    table="casework_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="0eb69c54b8102e5d9ee3f243797a71576ddf15e1",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tells_insert_8dec7",
                    referencing="REFERENCING NEW TABLE AS after ",
                    table="casework_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM before UNION SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="256b9cdba781a6f3b62b738b197b4ea9403da96a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tells_update_17212",
                    referencing="REFERENCING OLD TABLE AS before  NEW TABLE AS after ",
                    table="casework_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM before) changed; RETURN NULL;",
                    hash="6f081e793789fef01ff2d06d6fb0b8e9fe4acdde",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_tells_delete_b0965",
                    referencing="REFERENCING OLD TABLE AS before ",
                    table="casework_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_casehistory" ("close_reason", "closed_at", "county_id", "desk", "due_on", "id", "opened_at", "owner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "roll_no", "scheme", "state", "unit_id", "waiting_until") VALUES (NEW."close_reason", NEW."closed_at", NEW."county_id", NEW."desk", NEW."due_on", NEW."id", NEW."opened_at", NEW."owner_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."roll_no", NEW."scheme", NEW."state", NEW."unit_id", NEW."waiting_until"); RETURN NULL;',
                    hash="025e2b7035270dd6e6b5464af9de200621bb0b07",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6bba9",
                    table="casework_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseclosing",
            trigger=pgtrigger.compiler.Trigger(
                name="undone_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."evidence_kind" IS DISTINCT FROM (NEW."evidence_kind") OR OLD."evidence_date" IS DISTINCT FROM (NEW."evidence_date") OR OLD."evidence_reference" IS DISTINCT FROM (NEW."evidence_reference") OR OLD."document_name" IS DISTINCT FROM (NEW."document_name") OR OLD."document_type" IS DISTINCT FROM (NEW."document_type") OR OLD."document_sha256" IS DISTINCT FROM (NEW."document_sha256") OR OLD."document_path" IS DISTINCT FROM (NEW."document_path") OR OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."state_before" IS DISTINCT FROM (NEW."state_before") OR OLD."owner_before_id" IS DISTINCT FROM (NEW."owner_before_id") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6f5815bbcffbda491d14f57f870d131492277a47",
                    operation="UPDATE",
                    pgid="pgtrigger_undone_only_d9227",
                    table="casework_caseclosing",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseclosing",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="fbc9ecae8bd982062229ce5df2cb081f09d9d0d6",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_801a6",
                    table="casework_caseclosing",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e62aeed980899ece2f7957affeda17bcdbd5a468",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0416e",
                    table="casework_caseevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casehistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0dafae52c32743a716b21481906848db9225bec2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e4319",
                    table="casework_casehistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="leading_of_opened",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="-- Inputs:  before, after (the rows of casework_gap the statement changed), casework_gap; moved: the select of the subjects whose\n--          gaps were opened or closed\n-- Effects: is_leading is true for the first open gap of each of these subjects, by rank, and for no other open one\n-- Rule:    a subject is a person, or, where nobody is known, a line of a roll.\nIF NOT EXISTS (SELECT person_id, county_id, scheme, roll_no FROM after) THEN\n    RETURN NULL;  -- also where the update below comes by again\nEND IF;\nWITH moved AS (SELECT DISTINCT * FROM (SELECT person_id, county_id, scheme, roll_no FROM after) every), theirs AS (\n    SELECT g.* FROM casework_gap g JOIN moved USING (person_id) WHERE g.closed_at IS NULL\n    UNION ALL\n    SELECT g.* FROM casework_gap g JOIN moved USING (county_id, scheme, roll_no)\n    WHERE g.closed_at IS NULL AND g.person_id IS NULL AND moved.person_id IS NULL\n), placed AS (\n    SELECT id, is_leading, row_number() OVER (\n        PARTITION BY coalesce(person_id, 0), county_id, scheme, roll_no ORDER BY rank, id) = 1 AS is_first\n    FROM theirs\n)  -- as an array: joined, thousands of new gaps are held against thousands one by one while nothing is known of their number\nUPDATE casework_gap SET is_leading = NOT is_leading\nWHERE id = ANY (ARRAY(SELECT id FROM placed WHERE is_leading <> is_first));\nRETURN NULL;\n",
                    hash="0085bc3d0ac721fcc25ebdbd97da0835074fd081",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_leading_of_opened_92139",
                    referencing="REFERENCING NEW TABLE AS after ",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="leading_of_moved",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="-- Inputs:  before, after (the rows of casework_gap the statement changed), casework_gap; moved: the select of the subjects whose\n--          gaps were opened or closed\n-- Effects: is_leading is true for the first open gap of each of these subjects, by rank, and for no other open one\n-- Rule:    a subject is a person, or, where nobody is known, a line of a roll.\nIF NOT EXISTS (\n        SELECT after.person_id, after.county_id, after.scheme, after.roll_no FROM after JOIN before USING (id)\n        WHERE (before.closed_at IS NULL) <> (after.closed_at IS NULL)\n    ) THEN\n    RETURN NULL;  -- also where the update below comes by again\nEND IF;\nWITH moved AS (SELECT DISTINCT * FROM (\n        SELECT after.person_id, after.county_id, after.scheme, after.roll_no FROM after JOIN before USING (id)\n        WHERE (before.closed_at IS NULL) <> (after.closed_at IS NULL)\n    ) every), theirs AS (\n    SELECT g.* FROM casework_gap g JOIN moved USING (person_id) WHERE g.closed_at IS NULL\n    UNION ALL\n    SELECT g.* FROM casework_gap g JOIN moved USING (county_id, scheme, roll_no)\n    WHERE g.closed_at IS NULL AND g.person_id IS NULL AND moved.person_id IS NULL\n), placed AS (\n    SELECT id, is_leading, row_number() OVER (\n        PARTITION BY coalesce(person_id, 0), county_id, scheme, roll_no ORDER BY rank, id) = 1 AS is_first\n    FROM theirs\n)  -- as an array: joined, thousands of new gaps are held against thousands one by one while nothing is known of their number\nUPDATE casework_gap SET is_leading = NOT is_leading\nWHERE id = ANY (ARRAY(SELECT id FROM placed WHERE is_leading <> is_first));\nRETURN NULL;\n",
                    hash="c6830a83609be527cd20f271fbff8bbcba872c82",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_leading_of_moved_452a8",
                    referencing="REFERENCING OLD TABLE AS before  NEW TABLE AS after ",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="7a83b933c07334c9bf4dcbd2db33d5bc7509733a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tells_insert_5b017",
                    referencing="REFERENCING NEW TABLE AS after ",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM before UNION SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="7947f96b77b756c8949ab2cdda73770377f00715",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tells_update_42d89",
                    referencing="REFERENCING OLD TABLE AS before  NEW TABLE AS after ",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM before) changed; RETURN NULL;",
                    hash="594391c71da65eb50d7f685a60baa76cc61ef8ff",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_tells_delete_e77ee",
                    referencing="REFERENCING OLD TABLE AS before ",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gap",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."evidence_class" IS DISTINCT FROM (NEW."evidence_class") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))',
                    func='INSERT INTO "casework_gaphistory" ("closed_at", "closed_on", "evidence_class", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."closed_at", NEW."closed_on", NEW."evidence_class", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="38ee95b31e8abc3db2ffb8a1cf311671b164b53c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ab06d",
                    table="casework_gap",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gaphistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="66b9b78bee3049999374f9cd4308b1d538d66913",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_65d4f",
                    table="casework_gaphistory",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="workchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_rewritten",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="af2e938cbbe5846a6c3069adbccc36cbab9954bc",
                    operation="UPDATE",
                    pgid="pgtrigger_never_rewritten_0ea15",
                    table="casework_workchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField()),
                (
                    "value",
                    models.CharField(choices=[("yes", "Yes"), ("no", "No"), ("unclear", "Not clear")], max_length=8),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("answerer_id", models.BigIntegerField()),
                ("answered_by", models.CharField(max_length=150)),
                ("answered_role", models.CharField(max_length=32)),
                ("answered_unit_code", models.CharField(max_length=12)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "answer",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[("match", "Possible match"), ("case", "Case"), ("report", "Village report")],
                        max_length=8,
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "Resident scheme"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("outprov", "Scheme of another province"),
                        ],
                        max_length=16,
                    ),
                ),
                ("roll_no", models.CharField(blank=True, max_length=40)),
                ("subject_name", models.CharField(max_length=100)),
                (
                    "roll_name",
                    models.CharField(blank=True, help_text="Name on the roll, of a possible match.", max_length=100),
                ),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("evidence", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Awaiting an answer"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField()),
                ("asked_by_name", models.CharField(max_length=150)),
                ("asked_role", models.CharField(max_length=32)),
                ("asked_unit_code", models.CharField(max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(help_text="When it was first answered.", null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=150)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(help_text="When whoever asked had seen the answers.", null=True)),
            ],
            options={
                "verbose_name": "question",
            },
        ),
        migrations.CreateModel(
            name="ReportReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be dealt with"),
                            ("asked", "Village asked again"),
                            ("accepted", "Accepted"),
                            ("known", "Already on the list"),
                            ("declined", "Not accepted"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        help_text="Counted in working days; empty where no calendar is available.", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("opened_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                ("ended_role", models.CharField(blank=True, max_length=32)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "village report",
            },
        ),
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tried_on", models.DateField()),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("visit", "Home visit"),
                            ("telephone", "Telephone call"),
                            ("family", "Through the family"),
                            ("neighbours", "Through neighbours"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_reached", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("tried_by", models.CharField(max_length=150)),
                ("tried_role", models.CharField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contact_attempts", to="casework.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "contact attempt",
            },
        ),
        migrations.AddField(
            model_name="contactattempt",
            name="report",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.fieldreport"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="county",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
        ),
        migrations.AddField(
            model_name="question",
            name="gap",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="casework.gap"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="report",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="registry.fieldreport",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="unit",
            field=models.ForeignKey(
                help_text="Who is asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="casework.question"
            ),
        ),
        migrations.AddField(
            model_name="reportreview",
            name="county",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
        ),
        migrations.AddField(
            model_name="reportreview",
            name="known_person",
            field=models.ForeignKey(
                help_text="Who it is: listed already, or taken on by this report.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="reportreview",
            name="report",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="review", to="registry.fieldreport"
            ),
        ),
        migrations.AddField(
            model_name="reportreview",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="contactattempt",
            index=models.Index(fields=["case", "tried_on", "id"], name="contactattempt_of_case"),
        ),
        migrations.AddConstraint(
            model_name="contactattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("means__in", ["visit", "telephone", "family", "neighbours"])),
                name="contactattempt_means",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="354869ae05269544c40125ffa2fa63203f1216ed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_82f37",
                    table="casework_contactattempt",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["county", "due_on", "id"], name="question_open"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["asked_by", "-asked_at"], name="question_of_asker"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person"], name="question_of_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("about__in", ["match", "case", "report"])), name="question_about"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(("person__isnull", False), ("roll_no", ""), ("scheme", "")),
                            models.Q(("person__isnull", True), ("roll_no__gt", ""), ("scheme__gt", "")),
                            _connector="OR",
                        ),
                        models.Q(("about", "report"), _negated=True),
                    ),
                    models.Q(("about", "report"), ("report__isnull", False), ("roll_no", ""), ("scheme", "")),
                    _connector="OR",
                ),
                name="question_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text", ""), _negated=True), ("about", "match"), _connector="OR"),
                name="question_has_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open"), ("withdrawn_at__isnull", True)),
                    models.Q(("answered_at__isnull", False), ("state", "answered"), ("withdrawn_at__isnull", True)),
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False), ("withdrawn_by__gt", "")),
                    _connector="OR",
                ),
                name="question_state",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="state_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."roll_no" IS DISTINCT FROM (NEW."roll_no") OR OLD."gap_id" IS DISTINCT FROM (NEW."gap_id") OR OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."subject_name" IS DISTINCT FROM (NEW."subject_name") OR OLD."roll_name" IS DISTINCT FROM (NEW."roll_name") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."asked_by_name" IS DISTINCT FROM (NEW."asked_by_name") OR OLD."asked_role" IS DISTINCT FROM (NEW."asked_role") OR OLD."asked_unit_code" IS DISTINCT FROM (NEW."asked_unit_code") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7177ccfa5e3008483cfe20060523e5d27e5af4de",
                    operation="UPDATE",
                    pgid="pgtrigger_state_only_d268a",
                    table="casework_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b13ea42fe738143ab885b0cc7cba9f8e5166665a",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_52d97",
                    table="casework_question",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("uuid",), name="answer_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__in", ["yes", "no", "unclear"])), name="answer_value"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e3ca41d020a9806341434e3457d5eb1f22550615",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c049b",
                    table="casework_answer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="reportreview",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["county", "due_on", "id"],
                name="reportreview_open",
            ),
        ),
        migrations.AddIndex(
            model_name="reportreview",
            index=models.Index(fields=["county", "-opened_at", "-id"], name="reportreview_newest"),
        ),
        migrations.AddConstraint(
            model_name="reportreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "asked", "accepted", "known", "declined"])),
                name="reportreview_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__gt", ""),
                        ("state__in", ("accepted", "known", "declined")),
                    ),
                    models.Q(
                        models.Q(("state__in", ("accepted", "known", "declined")), _negated=True),
                        ("ended_at__isnull", True),
                        ("ended_by", ""),
                    ),
                    _connector="OR",
                ),
                name="reportreview_ended_has_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("known_person__isnull", False), ("state", "known")),
                    ("state", "accepted"),
                    models.Q(
                        models.Q(("state__in", ["known", "accepted"]), _negated=True), ("known_person__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="reportreview_known_says_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportreview",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "declined"), _negated=True), ("note__gt", ""), _connector="OR"),
                name="reportreview_declined_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportreview",
            trigger=pgtrigger.compiler.Trigger(
                name="outcome_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f2b734f539a097c76fe4b9a2c41f08e60d5f6598",
                    operation="UPDATE",
                    pgid="pgtrigger_outcome_only_d9489",
                    table="casework_reportreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportreview",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1ecae769f672a601e5fc70e20102ddf4723a0aab",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_for_good_eb151",
                    table="casework_reportreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportreview",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="be242db65f76bd9b7e84aab9263bd5097bf6e64e",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_2994c",
                    table="casework_reportreview",
                    when="BEFORE",
                ),
            ),
        ),
    ]
