from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import foundation.regions.models.unit


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="LearnedLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sender",
                    models.CharField(
                        blank=True, help_text="Sender of such tables, as entered by a user.", max_length=100
                    ),
                ),
                (
                    "feed",
                    models.CharField(
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(help_text="Computed from the header, regardless of column order.", max_length=64),
                ),
                (
                    "mapping",
                    models.JSONField(
                        help_text="Header row, columns by field, terms by field; of headers only a keyed hash."
                    ),
                ),
                ("saved_by", models.CharField(max_length=150)),
                ("saved_at", models.DateTimeField()),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
            ],
            options={
                "verbose_name": "saved layout",
                "indexes": [models.Index(fields=["county", "id"], name="learnedlayout_of_county")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "feed__in",
                                [
                                    "poverty",
                                    "dibao",
                                    "tekun",
                                    "disability",
                                    "resident",
                                    "employee",
                                    "civil",
                                    "outprov",
                                    "deaths",
                                    "hukou",
                                    "prison",
                                    "students",
                                    "soldiers",
                                    "survey",
                                    "certification",
                                ],
                            )
                        ),
                        name="learnedlayout_known_feed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Displayed name: the latest valid name.", max_length=100)),
                ("name_pinyin", models.CharField(db_collation="C", max_length=200)),
                ("birth_date", models.DateField(null=True)),
                ("sex", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "indexes": [
                    models.Index(fields=["county", "name_pinyin", "id"], name="person_by_county_pinyin"),
                    models.Index(fields=["unit"], name="person_by_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sex__in", [0, 1, 2, 9])), name="person_sex")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("file_bytes", models.PositiveIntegerField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("stored_path", models.CharField(help_text="Below DATA_DIR.", max_length=255)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "constraints": [models.UniqueConstraint(fields=("person", "file_sha256"), name="attachment_once")],
            },
        ),
        migrations.CreateModel(
            name="MergeProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("same_number_other_name", "Same number, different name"),
                            ("same_name_and_village", "Same name in the same village"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("merged", "Same person"),
                            ("different", "Different persons"),
                            ("withdrawn", "No longer suspected"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "person_a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
                (
                    "person_b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "possible duplicate",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["county", "id"], name="mergeproposal_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person_a", "person_b"), name="mergeproposal_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("person_a__lt", models.F("person_b"))), name="mergeproposal_ordered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "merged", "different", "withdrawn"])),
                        name="mergeproposal_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["same_number_other_name", "same_name_and_village"])),
                        name="mergeproposal_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", False),
                            models.Q(("state__in", ["merged", "different"]), _negated=True),
                            _connector="OR",
                        ),
                        name="mergeproposal_decided_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="registry.person"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed_merges",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of persons",
                "indexes": [
                    models.Index(
                        condition=models.Q(("undone_at__isnull", True)), fields=["kept"], name="personmerge_kept"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("absorbed",),
                        name="personmerge_alias_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("absorbed")), _negated=True),
                        name="personmerge_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="personmerge_undone_has_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "name",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "name"),
                        name="personname_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000)),
                ("written_by", models.CharField(max_length=150)),
                ("written_at", models.DateTimeField()),
                ("is_pinned", models.BooleanField(default=False, help_text="Pinned to the top.")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="personnote_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="Begun so often without an end."),
                ),
                (
                    "failure_number",
                    models.CharField(blank=True, help_text="To quote; the error is in the log.", max_length=9),
                ),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "feed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        help_text="Empty until it is read.",
                        max_length=16,
                    ),
                ),
                ("as_of_date", models.DateField(help_text="Date of the data.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("checked", "Checked, awaiting approval"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                            ("superseded", "Superseded by a later file"),
                            ("undone", "Undone"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("file_sha256", models.CharField(max_length=64)),
                ("file_bytes", models.BigIntegerField()),
                ("stored_path", models.CharField(help_text="Below DATA_DIR.", max_length=255)),
                ("layout", models.CharField(blank=True, max_length=64)),
                ("encoding", models.CharField(blank=True, max_length=16)),
                ("row_counts", models.JSONField(default=dict, help_text="Lines by outcome.")),
                (
                    "refusal",
                    models.JSONField(
                        blank=True, default=dict, help_text="Code and values of the message that explains why."
                    ),
                ),
                ("hold", models.BooleanField(default=False, help_text="Stop after checking and wait for approval.")),
                ("preview", models.JSONField(blank=True, default=dict, help_text="What applying it would change.")),
                ("approved_by", models.CharField(blank=True, max_length=150)),
                ("approved_at", models.DateTimeField(null=True)),
                ("received_by", models.CharField(max_length=150)),
                (
                    "people_behind",
                    models.JSONField(
                        default=list, help_text="IDs of the users who sent it: nobody approves their own work."
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        help_text="The delivery whose lines it corrects.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="registry.delivery",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "client_system",
                    models.ForeignKey(
                        help_text="First token of the department's system that sent it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.clienttoken",
                    ),
                ),
                (
                    "only_feed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        default="",
                        help_text="Of a file with several feeds: the one this delivery reads.",
                        max_length=16,
                    ),
                ),
                (
                    "reading",
                    models.JSONField(
                        blank=True, default=dict, help_text="How it was read: remarks on its parts, sheets and columns."
                    ),
                ),
                (
                    "missing_parts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Parts of the list before that had not come again when this one was applied.",
                    ),
                ),
                (
                    "completion",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="That the list is complete without its missing parts: reason, who stated it.",
                    ),
                ),
                (
                    "completed_by",
                    models.CharField(blank=True, help_text="Who declared the list complete.", max_length=150),
                ),
                ("completed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "delivery",
                "indexes": [models.Index(fields=["county", "feed", "-as_of_date"], name="delivery_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "feed__in",
                                [
                                    "poverty",
                                    "dibao",
                                    "tekun",
                                    "disability",
                                    "resident",
                                    "employee",
                                    "civil",
                                    "outprov",
                                    "deaths",
                                    "hukou",
                                    "prison",
                                    "students",
                                    "soldiers",
                                    "survey",
                                    "certification",
                                ],
                            ),
                            models.Q(("feed", ""), models.Q(("state", "applied"), _negated=True)),
                            _connector="OR",
                        ),
                        name="delivery_known_feed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["received", "checked", "applied", "refused", "failed", "superseded", "undone"],
                            )
                        ),
                        name="delivery_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_at__isnull", False),
                            models.Q(("state__in", ["applied", "superseded", "undone"]), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_applied_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", False),
                            models.Q(("state__in", ["superseded", "undone"]), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_superseded_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completed_at__isnull", True),
                            models.Q(
                                models.Q(("completed_by", ""), _negated=True),
                                ("completion__has_key", "reason"),
                                ("applied_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_completed_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "applied")),
                        fields=("county", "feed", "as_of_date", "file_name"),
                        name="delivery_one_applied_per_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("refused", "failed", "superseded", "undone")), _negated=True),
                        fields=("county", "as_of_date", "file_sha256", "only_feed"),
                        name="delivery_same_file_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollSnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        max_length=16,
                    ),
                ),
                ("path", models.CharField(help_text="Below DATA_DIR.", max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("row_count", models.BigIntegerField()),
                (
                    "preparation",
                    models.PositiveSmallIntegerField(help_text="Version of the preparation that produced it."),
                ),
                ("control_sums", models.JSONField(default=dict)),
                ("prepared_at", models.DateTimeField()),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshot", to="registry.delivery"
                    ),
                ),
            ],
            options={
                "verbose_name": "roll snapshot",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("row_count__gt", 0)), name="rollsnapshot_has_rows"),
                    models.CheckConstraint(
                        condition=models.Q(("scheme__in", ["resident", "employee", "civil"])),
                        name="rollsnapshot_scheme",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255)),
                ("file_bytes", models.BigIntegerField()),
                (
                    "modified_ms",
                    models.BigIntegerField(help_text="Last modified time of the file, as reported by the browser."),
                ),
                ("as_of_date", models.DateField(help_text="Date of the data.")),
                ("at_once", models.BooleanField(default=False, help_text="Apply without a preview.")),
                ("received_bytes", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Uploading"), ("done", "Received"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.delivery"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "upload",
                "indexes": [models.Index(fields=["touched_at"], name="upload_touched")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("county", "user", "file_name", "file_bytes", "modified_ms", "as_of_date"),
                        name="upload_same_file_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "cancelled"])), name="upload_known_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_bytes__range", (0, models.F("file_bytes")))),
                        name="upload_not_too_much",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poor_new", "New on the list"),
                            ("poor_exit", "No longer on the list"),
                            ("poor_removed_dead", "No longer on the list, reported dead"),
                            ("poverty_status", "Poverty status changed"),
                            ("dibao_kind", "Full or partial amount changed"),
                            ("tekun_kind", "Way of support changed"),
                            ("settlement", "Urban or rural changed"),
                            ("place", "Place changed"),
                            ("hukou", "Hukou place changed"),
                            ("name_corrected", "Name corrected"),
                            ("name_changed", "Name changed"),
                            ("id_corrected", "ID number corrected"),
                            ("new_error", "ID number became invalid"),
                            ("new_row", "New on the roll"),
                            ("gone_row", "No longer on the roll"),
                            ("duplicate_removed", "Duplicate line of a person removed"),
                            ("terminated_death", "Insurance ended"),
                            ("paused", "Contributions paused"),
                            ("resumed", "Contributions resumed"),
                            ("reached_60_drawing", "Reached benefit age, drawing"),
                            ("reached_60_not_drawing", "Reached benefit age, not drawing"),
                            ("late_start_drawing", "Began drawing late"),
                            ("benefit_paused", "Benefit paused"),
                            ("benefit_resumed", "Benefit resumed"),
                            ("other_status", "Other status change"),
                            ("id_changed", "ID number changed"),
                            ("identity_changed", "Participant type changed"),
                            ("moved", "Moved to another place"),
                        ],
                        max_length=24,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("before", models.CharField(blank=True, max_length=300)),
                ("after", models.CharField(blank=True, max_length=300)),
                ("record_key", models.CharField(blank=True, max_length=64)),
                ("sheet", models.CharField(blank=True, max_length=64)),
                ("row", models.PositiveIntegerField()),
                ("member", models.PositiveSmallIntegerField(default=0)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="registry.delivery"
                    ),
                ),
                (
                    "line_in",
                    models.ForeignKey(
                        help_text="File with the line; for removed lines, the previous file.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Empty until a new person is applied.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "indexes": [
                    models.Index(fields=["delivery", "kind", "sheet", "row", "member"], name="deliverychange_of_kind")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "poor_new",
                                    "poor_exit",
                                    "poor_removed_dead",
                                    "poverty_status",
                                    "dibao_kind",
                                    "tekun_kind",
                                    "settlement",
                                    "place",
                                    "hukou",
                                    "name_corrected",
                                    "name_changed",
                                    "id_corrected",
                                    "new_error",
                                    "new_row",
                                    "gone_row",
                                    "duplicate_removed",
                                    "terminated_death",
                                    "paused",
                                    "resumed",
                                    "reached_60_drawing",
                                    "reached_60_not_drawing",
                                    "late_start_drawing",
                                    "benefit_paused",
                                    "benefit_resumed",
                                    "other_status",
                                    "id_changed",
                                    "identity_changed",
                                    "moved",
                                ],
                            )
                        ),
                        name="deliverychange_known_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(blank=True, max_length=64)),
                ("row", models.PositiveIntegerField()),
                ("member", models.PositiveSmallIntegerField(default=0)),
                (
                    "reason",
                    models.CharField(help_text="Row reason; for a duplicate, also the row it repeats.", max_length=48),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("skip", "Skipped: not a person"),
                            ("ignore_duplicate", "Ignored: duplicate line"),
                            ("reject_row", "Line not loaded"),
                            ("load_without_id_to_repair", "Loaded without an ID number; find it"),
                            ("reject_id_to_repair", "Loaded with an unreliable ID number; correct it"),
                            ("convert_to_18_and_repair", "Loaded, number converted to 18 digits; confirm it"),
                            ("load_with_unknown_word_to_repair", "Loaded; the meaning of a term is unknown"),
                            ("load_without_date_to_repair", "Loaded without a reliable date; correct it"),
                            ("load_by_number_to_check", "Loaded; the ID number decides, find out which is right"),
                            ("load_and_check_note", "Loaded; check what the note says"),
                            (
                                "cut_to_18_and_repair",
                                "Loaded, number taken from the disability certificate; confirm it",
                            ),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "corrected_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.delivery"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="problems", to="registry.delivery"
                    ),
                ),
            ],
            options={
                "verbose_name": "problem",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("delivery", "sheet", "row", "member", "reason"), name="deliveryproblem_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    "skip",
                                    "ignore_duplicate",
                                    "reject_row",
                                    "load_without_id_to_repair",
                                    "reject_id_to_repair",
                                    "convert_to_18_and_repair",
                                    "load_with_unknown_word_to_repair",
                                    "load_without_date_to_repair",
                                    "load_by_number_to_check",
                                    "load_and_check_note",
                                    "cut_to_18_and_repair",
                                ],
                            )
                        ),
                        name="deliveryproblem_known_action",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.CharField(
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        max_length=16,
                    ),
                ),
                ("department", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=50)),
                ("office_phone", models.CharField(help_text="Office number, never a private one.", max_length=30)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
            ],
            options={
                "verbose_name": "feed contact",
                "constraints": [
                    models.UniqueConstraint(fields=("county", "feed"), name="feedcontact_one_per_feed"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "feed__in",
                                [
                                    "poverty",
                                    "dibao",
                                    "tekun",
                                    "disability",
                                    "resident",
                                    "employee",
                                    "civil",
                                    "outprov",
                                    "deaths",
                                    "hukou",
                                    "prison",
                                    "students",
                                    "soldiers",
                                    "survey",
                                    "certification",
                                ],
                            )
                        ),
                        name="feedcontact_known_feed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedContactEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "feed",
                    models.CharField(
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        max_length=16,
                    ),
                ),
                ("department", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=50)),
                ("office_phone", models.CharField(help_text="Office number, never a private one.", max_length=30)),
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
                        to="registry.feedcontact",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HouseholdPhone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("household", models.CharField(max_length=64)),
                ("blind", models.BinaryField(max_length=16)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.delivery"
                    ),
                ),
            ],
            options={
                "verbose_name": "telephone of a household",
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "household", "blind"), name="householdphone_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ciphertext", models.BinaryField()),
                ("key_id", models.CharField(max_length=16)),
                ("blind_full", models.BinaryField(max_length=16)),
                ("blind_last6", models.BinaryField(max_length=16)),
                ("blind_last4", models.BinaryField(max_length=16)),
                ("valid", models.BooleanField()),
                ("birth_date", models.DateField(null=True)),
                ("sex", models.PositiveSmallIntegerField(default=0)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "identity number",
                "indexes": [
                    models.Index(fields=["blind_last6"], name="identitynumber_last6"),
                    models.Index(fields=["blind_last4"], name="identitynumber_last4"),
                ],
                "constraints": [models.UniqueConstraint(fields=("blind_full",), name="identitynumber_once")],
            },
        ),
        migrations.CreateModel(
            name="PersonIdentifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ok", "Valid"),
                            ("fifteen", "Converted from 15 digits"),
                            ("cut", "Taken from a disability certificate"),
                            ("checksum", "Invalid check character or date"),
                            ("length", "Wrong length"),
                            ("missing", "Missing"),
                            ("numeric", "Numeric, last digits lost"),
                            ("masked", "Masked, digits hidden"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "number",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holders",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifiers",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "identifier",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["number"],
                        name="personidentifier_by_number",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "number"),
                        name="personidentifier_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveredRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", models.CharField(blank=True, max_length=64)),
                ("row", models.PositiveIntegerField()),
                ("member", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=100)),
                (
                    "number_state",
                    models.CharField(
                        choices=[
                            ("ok", "Valid"),
                            ("fifteen", "Converted from 15 digits"),
                            ("cut", "Taken from a disability certificate"),
                            ("checksum", "Invalid check character or date"),
                            ("length", "Wrong length"),
                            ("missing", "Missing"),
                            ("numeric", "Numeric, last digits lost"),
                            ("masked", "Masked, digits hidden"),
                        ],
                        max_length=16,
                    ),
                ),
                ("record_key", models.CharField(help_text="The sender's own key for the line.", max_length=64)),
                ("identified_by", models.CharField(help_text="Step that found or created the person.", max_length=32)),
                (
                    "stated_birth",
                    models.DateField(help_text="As the list states it beside the number.", null=True),
                ),
                (
                    "stated_sex",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="As the list states it beside the number: 1 man, 2 woman, 0 not stated.",
                    ),
                ),
                (
                    "schooling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("child", "In kindergarten or in the nine years of compulsory school"),
                            ("student", "At an upper secondary school, college or university"),
                            ("none", "Not at school"),
                        ],
                        db_default="",
                        help_text="Whether the list says that the person goes to school.",
                        max_length=8,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="registry.delivery",
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivered_rows",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivered row",
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "sheet", "row", "member"), name="deliveredrow_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Designation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poverty", "Poverty file"),
                            ("dibao", "Subsistence allowance (dibao)"),
                            ("tekun", "Destitute supported persons (tekun)"),
                            ("disability", "Severely disabled"),
                            ("resident", "Resident pension roll"),
                            ("employee", "Employee pension roll"),
                            ("civil", "Public-sector pension roll"),
                            ("outprov", "Insured in another province"),
                            ("deaths", "Deaths"),
                            ("hukou", "Hukou changes"),
                            ("prison", "Prison and probation"),
                            ("students", "Students"),
                            ("soldiers", "Soldiers"),
                            ("survey", "Verification results"),
                            ("certification", "Certifications of life"),
                        ],
                        max_length=16,
                    ),
                ),
                ("record_key", models.CharField(help_text="The sender's own key for the line.", max_length=64)),
                (
                    "status",
                    models.CharField(
                        help_text="Poverty status; full or partial amount; or form of support.", max_length=32
                    ),
                ),
                (
                    "settlement",
                    models.CharField(blank=True, help_text="Urban or rural, if given in the file.", max_length=16),
                ),
                ("hukou_text", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "file_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "hukou_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designations",
                        to="registry.deliveredrow",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designations",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "designation",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "kind"],
                        name="designation_current",
                    ),
                    models.Index(
                        models.Func(
                            models.F("record_key"),
                            models.Value("|"),
                            models.Value(2),
                            function="split_part",
                            output_field=models.TextField(),
                        ),
                        condition=models.Q(("superseded_at__isnull", True)),
                        name="designation_by_household",
                    ),
                    models.Index(
                        models.Func(
                            models.F("record_key"),
                            models.Value("|"),
                            models.Value(3),
                            function="split_part",
                            output_field=models.TextField(),
                        ),
                        condition=models.Q(("superseded_at__isnull", True)),
                        name="designation_by_member",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["file_unit"],
                        name="designation_by_unit",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["poverty", "dibao", "tekun"])), name="designation_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="designation_range",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to__isnull", True)),
                        fields=("person", "kind", "record_key"),
                        name="designation_open_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("valid_to__isnull", False)),
                        expressions=[
                            (models.F("person"), "="),
                            (
                                models.Func(
                                    models.Func(
                                        "kind",
                                        "record_key",
                                        arg_joiner=" || ' ' || ",
                                        output_field=models.TextField(),
                                        template="(%(expressions)s)",
                                    ),
                                    "county",
                                    function="hashtextextended",
                                    output_field=models.BigIntegerField(),
                                ),
                                "=",
                            ),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="designation_closed_no_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("death", "Death"),
                            ("hukou_birth", "Hukou: birth"),
                            ("hukou_in", "Hukou: moved in"),
                            ("hukou_out", "Hukou: moved out"),
                            ("hukou_cancelled", "Hukou: cancelled"),
                            ("name_changed", "Name changed"),
                            ("number_changed", "ID number changed"),
                            ("prison", "In prison"),
                            ("probation", "On probation or in community correction"),
                            ("student", "Student"),
                            ("soldier", "Soldier"),
                            ("disability", "Disability"),
                            ("insured_elsewhere", "Insured in another province"),
                            ("survey", "Household survey result"),
                            ("certified", "Life certified"),
                        ],
                        max_length=32,
                    ),
                ),
                ("sheet", models.CharField(blank=True, max_length=64)),
                ("row", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=100)),
                (
                    "number_state",
                    models.CharField(
                        choices=[
                            ("ok", "Valid"),
                            ("fifteen", "Converted from 15 digits"),
                            ("cut", "Taken from a disability certificate"),
                            ("checksum", "Invalid check character or date"),
                            ("length", "Wrong length"),
                            ("missing", "Missing"),
                            ("numeric", "Numeric, last digits lost"),
                            ("masked", "Masked, digits hidden"),
                        ],
                        max_length=16,
                    ),
                ),
                ("birth_date", models.DateField(help_text="As the list states it beside the number.", null=True)),
                (
                    "sex",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="As the list states it beside the number: 1 man, 2 woman, 0 not stated.",
                    ),
                ),
                (
                    "name_before",
                    models.CharField(blank=True, db_default="", help_text="Of a change of name.", max_length=100),
                ),
                (
                    "name_after",
                    models.CharField(blank=True, db_default="", help_text="Of a change of name.", max_length=100),
                ),
                (
                    "event_date",
                    models.DateField(
                        help_text="The day, the first day of the month, or the last of the year.", null=True
                    ),
                ),
                (
                    "event_precision",
                    models.CharField(
                        choices=[("day", "exact day"), ("month", "exact month"), ("year", "exact year")],
                        default="day",
                        max_length=8,
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=32)),
                ("detail", models.JSONField(default=dict)),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="registry.delivery"
                    ),
                ),
                (
                    "new_number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "old_number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "kind"],
                        name="fact_current",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("delivery", "sheet", "row", "kind"),
                        name="fact_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "death",
                                    "hukou_birth",
                                    "hukou_in",
                                    "hukou_out",
                                    "hukou_cancelled",
                                    "name_changed",
                                    "number_changed",
                                    "prison",
                                    "probation",
                                    "student",
                                    "soldier",
                                    "disability",
                                    "insured_elsewhere",
                                    "survey",
                                    "certified",
                                ],
                            )
                        ),
                        name="fact_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="fact_range",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identitynumber",
            trigger=pgtrigger.compiler.Trigger(
                name="rotated_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."blind_full" IS DISTINCT FROM (NEW."blind_full") OR OLD."blind_last6" IS DISTINCT FROM (NEW."blind_last6") OR OLD."blind_last4" IS DISTINCT FROM (NEW."blind_last4") OR OLD."valid" IS DISTINCT FROM (NEW."valid") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="4666b473cd324aba8084b3791f2f92fc5ece2936",
                    operation="UPDATE",
                    pgid="pgtrigger_rotated_only_4592a",
                    table="registry_identitynumber",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identitynumber",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="29a834cef0eff47f40fbab6359f3557d4c6cf572",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_a7038",
                    table="registry_identitynumber",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="refuse_deletion",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="5c613facae3a17307ad80ca8e0ef5ec72d7bfb3f",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_refuse_deletion_31871",
                    table="registry_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feedcontact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "registry_feedcontactevent" ("county_id", "department", "feed", "id", "name", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."county_id", NEW."department", NEW."feed", NEW."id", NEW."name", NEW."office_phone", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="a84d4ab7640488c215bdf436a0551b6e2acc9c45",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_08654",
                    table="registry_feedcontact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feedcontact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "registry_feedcontactevent" ("county_id", "department", "feed", "id", "name", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."county_id", NEW."department", NEW."feed", NEW."id", NEW."name", NEW."office_phone", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="baf1802f1be5b79d5c7ebec8d4a75d9ed127804a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_45365",
                    table="registry_feedcontact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feedcontactevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="66cc8f25caa02787278b2e46128ed0c1dcd0f98f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c7d74",
                    table="registry_feedcontactevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="householdphone",
            trigger=pgtrigger.compiler.Trigger(
                name="immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d313901786e80c11a633fb4593e9fea6b695f08",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_immutable_7e537",
                    table="registry_householdphone",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fact",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."sheet" IS DISTINCT FROM (NEW."sheet") OR OLD."row" IS DISTINCT FROM (NEW."row") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number_id" IS DISTINCT FROM (NEW."number_id") OR OLD."number_state" IS DISTINCT FROM (NEW."number_state") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."name_before" IS DISTINCT FROM (NEW."name_before") OR OLD."name_after" IS DISTINCT FROM (NEW."name_after") OR OLD."old_number_id" IS DISTINCT FROM (NEW."old_number_id") OR OLD."new_number_id" IS DISTINCT FROM (NEW."new_number_id") OR OLD."event_date" IS DISTINCT FROM (NEW."event_date") OR OLD."event_precision" IS DISTINCT FROM (NEW."event_precision") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."detail" IS DISTINCT FROM (NEW."detail") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f999caa4fca9283a21f47883b24b264c8aa1eaad",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_c2f56",
                    table="registry_fact",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fact",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="bb615af8e1984c9267ef104c602b7ff63181fca1",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_58f44",
                    table="registry_fact",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="learnedlayout",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2b69ab4fc93a21dc3f52e7193b15e73283ecab54",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cff18",
                    table="registry_learnedlayout",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="da6d14b4825800658236ba51567e4e7a5a38d783",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_30c1a",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="7be50f032094fa992325762a4baeb6aa1206d844",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_references_exist_b15f2",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="refuse_deletion",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="64940b0b0679b32b3a9e1f04f3fa2f6329359ac3",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_refuse_deletion_9ca49",
                    table="registry_person",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."record_key" IS DISTINCT FROM (NEW."record_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."settlement" IS DISTINCT FROM (NEW."settlement") OR OLD."file_unit_id" IS DISTINCT FROM (NEW."file_unit_id") OR OLD."hukou_unit_id" IS DISTINCT FROM (NEW."hukou_unit_id") OR OLD."hukou_text" IS DISTINCT FROM (NEW."hukou_text") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to") OR OLD."row_id" IS DISTINCT FROM (NEW."row_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="218fcfd8fd3401214be0fbe1805ace403a9bfd72",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_76ccb",
                    table="registry_designation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2d6a47a719e5685edbbf40cfa27101f979a7f63b",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_51e83",
                    table="registry_designation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."county_id" FROM added a WHERE a."county_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."county_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.county_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."file_unit_id" FROM added a WHERE a."file_unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."file_unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.file_unit_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."hukou_unit_id" FROM added a WHERE a."hukou_unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."hukou_unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.hukou_unit_id: there is no regions_unit \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."row_id" FROM added a WHERE a."row_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_deliveredrow p WHERE p.id = a."row_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.row_id: there is no registry_deliveredrow \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="d3f20a20463d6a8b8effd870a2902ae2d073f03b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_2e4b4",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_designation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="open_after_closed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE overlapping bigint;",
                    func="-- Inputs:  added (the rows of registry_designation the statement inserted), registry_designation\n-- Output:  none, or exclusion_violation\n-- Rule:    of one person, kind and record key a designation without an end begins when those with an end are over. Planned again for\n--          each statement (EXECUTE): one row or a million.\nEXECUTE 'SELECT a.id FROM added a JOIN registry_designation d\n    ON d.person_id = a.person_id AND d.kind = a.kind AND d.record_key = a.record_key\n    AND (d.valid_to IS NULL) <> (a.valid_to IS NULL)\n    AND daterange(d.valid_from, d.valid_to) && daterange(a.valid_from, a.valid_to)\n    WHERE d.superseded_at IS NULL AND a.superseded_at IS NULL LIMIT 1' INTO overlapping;\nIF overlapping IS NOT NULL THEN\n    RAISE exclusion_violation\n        USING MESSAGE = 'designation_open_after_closed: ' || overlapping || ' overlaps an ended one of its line';\nEND IF;\nRETURN NULL;\n",
                    hash="04d2d737270949ef4918a4533012f9aa60a66226",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_open_after_closed_f8cd6",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_designation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveredrow",
            trigger=pgtrigger.compiler.Trigger(
                name="immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d78a52162cac94f3c5f2577380a851df73a9274e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_immutable_b9644",
                    table="registry_deliveredrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliveredrow",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."delivery_id" FROM added a WHERE a."delivery_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_delivery p WHERE p.id = a."delivery_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.delivery_id: there is no registry_delivery \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."number_id" FROM added a WHERE a."number_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_identitynumber p WHERE p.id = a."number_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.number_id: there is no registry_identitynumber \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."unit_id" FROM added a WHERE a."unit_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.id = a."unit_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.unit_id: there is no regions_unit \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="f9960a4a90c7e65e960d67d9641e852079539efa",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_11214",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_deliveredrow",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="54a3cb499cad77a852e7c1781e448dfae64efc15",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_immutable_70e6e",
                    table="registry_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."number_id" IS DISTINCT FROM (NEW."number_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dbe7d5727ee33ff2af46d9c8d62ca0ebdb320bcf",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_75b24",
                    table="registry_personidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="673a3e87ddeee0bad74824281e488741a71a9a19",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_13414",
                    table="registry_personidentifier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personidentifier",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\n\nEXECUTE \'SELECT a."number_id" FROM added a WHERE a."number_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_identitynumber p WHERE p.id = a."number_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.number_id: there is no registry_identitynumber \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="719851665b90350fefe691f0b241b082696af96f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_5cf2e",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_personidentifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personmerge",
            trigger=pgtrigger.compiler.Trigger(
                name="undone_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kept_id" IS DISTINCT FROM (NEW."kept_id") OR OLD."absorbed_id" IS DISTINCT FROM (NEW."absorbed_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."decided_by" IS DISTINCT FROM (NEW."decided_by") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="942a36a257f2447ba4939f184175e168d3de4bae",
                    operation="UPDATE",
                    pgid="pgtrigger_undone_only_f3b91",
                    table="registry_personmerge",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personmerge",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d19d589a77a272c8c331f4a498f09f40e53ce9dc",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_6c8b4",
                    table="registry_personmerge",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personname",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="94b8242c3e7c937f09919e483e357c5df3f52845",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_08881",
                    table="registry_personname",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personname",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="332ca4bfff5096358f6279881142566a97350ff4",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_91b6a",
                    table="registry_personname",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personname",
            trigger=pgtrigger.compiler.Trigger(
                name="references_exist",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE missing bigint;",
                    func='\nEXECUTE \'SELECT a."person_id" FROM added a WHERE a."person_id" IS NOT NULL\n    AND NOT EXISTS (SELECT FROM registry_person p WHERE p.id = a."person_id") LIMIT 1\' INTO missing;\nIF missing IS NOT NULL THEN\n    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || \'.person_id: there is no registry_person \' || missing;\nEND IF;\nRETURN NULL;',
                    hash="18f3b7fce5bdac09bf61ba8a9f89f8a8b4c1add8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_references_exist_f56cf",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="registry_personname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personnote",
            trigger=pgtrigger.compiler.Trigger(
                name="pinned_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."written_by" IS DISTINCT FROM (NEW."written_by") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b4a3120cf4a3e7a4161cd62c6b4924e5d1ec4b03",
                    operation="UPDATE",
                    pgid="pgtrigger_pinned_only_3d9ab",
                    table="registry_personnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personnote",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="1521e24e32071439c2e5fa41d41c143eec3daee9",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_8c693",
                    table="registry_personnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rollsnapshot",
            trigger=pgtrigger.compiler.Trigger(
                name="immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b0b752ff8f548fd6dddfb36e71027f2dc90c6473",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_immutable_88c96",
                    table="registry_rollsnapshot",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            (Path(__file__).parent / "person_alias_at.sql").read_text("utf-8"),
            "DROP FUNCTION person_alias_at(timestamptz)",
        ),
        # Half of each page stays free: a re-encrypted row fits beside its old self, and no index is touched (HOT).
        migrations.RunSQL(
            "ALTER TABLE registry_identitynumber SET (fillfactor = 50)",
            "ALTER TABLE registry_identitynumber RESET (fillfactor)",
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ciphertext", models.BinaryField()),
                ("key_id", models.CharField(max_length=16)),
                ("blind_full", models.BinaryField(max_length=16)),
                ("masked", models.CharField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
            ],
            options={
                "verbose_name": "telephone",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("masked", ""), _negated=True), name="contactpoint_has_a_mask"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("found", "Found, seen in person"),
                            ("cannot_be_found", "Cannot be found"),
                            ("moved_away", "Moved away"),
                            ("works_elsewhere", "Works elsewhere"),
                            ("died", "Died"),
                            ("details_wrong", "Details are wrong"),
                            ("declines", "Wants to decline"),
                            ("other", "Something else"),
                            ("not_listed", "Someone not on the list"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("seen", "Saw it in person"),
                            ("document", "Saw a document"),
                            ("family", "The family said so"),
                            ("neighbours", "Neighbours said so"),
                        ],
                        max_length=12,
                    ),
                ),
                ("observed_on", models.DateField(help_text="Day on which it was seen or heard.")),
                ("died_on", models.DateField(null=True)),
                (
                    "place_text",
                    models.CharField(blank=True, help_text="Where the person is now, in words.", max_length=200),
                ),
                (
                    "wrong_details",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("birth_date", "Birth date"),
                                ("sex", "Sex"),
                                ("number", "ID number"),
                                ("place", "Place"),
                                ("household", "Household"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("name", models.CharField(blank=True, help_text="Of somebody not on the list.", max_length=100)),
                ("sex", models.PositiveSmallIntegerField(default=0)),
                ("birth_date", models.DateField(null=True)),
                ("age_years", models.PositiveSmallIntegerField(null=True)),
                ("household_text", models.CharField(blank=True, max_length=100)),
                (
                    "number_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ok", "Valid"),
                            ("fifteen", "Converted from 15 digits"),
                            ("cut", "Taken from a disability certificate"),
                            ("checksum", "Invalid check character or date"),
                            ("length", "Wrong length"),
                            ("missing", "Missing"),
                            ("numeric", "Numeric, last digits lost"),
                            ("masked", "Masked, digits hidden"),
                        ],
                        max_length=16,
                    ),
                ),
                ("photo_sha256", models.CharField(blank=True, max_length=64)),
                ("photo_path", models.CharField(blank=True, help_text="Below DATA_DIR.", max_length=255)),
                ("photo_bytes", models.PositiveIntegerField(default=0)),
                ("reporter_id", models.BigIntegerField()),
                ("reported_by", models.CharField(max_length=150)),
                ("reported_role", models.CharField(max_length=32)),
                ("reported_unit_code", models.CharField(max_length=12)),
                ("received_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.contactpoint",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="field_reports",
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
                "verbose_name": "village report",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="rotated_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."blind_full" IS DISTINCT FROM (NEW."blind_full") OR OLD."masked" IS DISTINCT FROM (NEW."masked") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d210de1797d71970e2504508007f0321b28a3ee0",
                    operation="UPDATE",
                    pgid="pgtrigger_rotated_only_40ce1",
                    table="registry_contactpoint",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="837b02c82d662847da1179dde287c8338667a0fc",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_1b055",
                    table="registry_contactpoint",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="fieldreport",
            index=models.Index(fields=["person", "-observed_on", "-id"], name="fieldreport_of_person"),
        ),
        migrations.AddIndex(
            model_name="fieldreport",
            index=models.Index(fields=["reporter_id", "-received_at"], name="fieldreport_of_reporter"),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.UniqueConstraint(fields=("uuid",), name="fieldreport_once"),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "found",
                            "cannot_be_found",
                            "moved_away",
                            "works_elsewhere",
                            "died",
                            "details_wrong",
                            "declines",
                            "other",
                            "not_listed",
                        ],
                    )
                ),
                name="fieldreport_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["", "seen", "document", "family", "neighbours"])),
                name="fieldreport_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(condition=models.Q(("sex__in", [0, 1, 2, 9])), name="fieldreport_sex"),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "not_listed"), ("name__gt", ""), ("person__isnull", True)),
                    models.Q(
                        models.Q(("kind", "not_listed"), _negated=True),
                        ("name", ""),
                        ("number__isnull", True),
                        ("person__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="fieldreport_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "died"), ("source__gt", "")),
                    models.Q(models.Q(("kind", "died"), _negated=True), ("died_on__isnull", True)),
                    _connector="OR",
                ),
                name="fieldreport_death_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "moved_away"), _negated=True), ("place_text__gt", ""), _connector="OR"
                ),
                name="fieldreport_moved_has_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "works_elsewhere"), _negated=True),
                    ("place_text__gt", ""),
                    ("contact__isnull", False),
                    _connector="OR",
                ),
                name="fieldreport_work_has_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "details_wrong"), ("wrong_details__len__gt", 0)),
                    models.Q(models.Q(("kind", "details_wrong"), _negated=True), ("wrong_details__len", 0)),
                    _connector="OR",
                ),
                name="fieldreport_wrong_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "other"), _negated=True), ("note__gt", ""), _connector="OR"),
                name="fieldreport_other_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("photo_bytes", 0), ("photo_path", ""), ("photo_sha256", "")),
                    models.Q(("photo_bytes__gt", 0), ("photo_path__gt", ""), ("photo_sha256__gt", "")),
                    _connector="OR",
                ),
                name="fieldreport_photo_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", True), ("number_state", "")),
                    models.Q(("number__isnull", False), ("number_state__gt", "")),
                    _connector="OR",
                ),
                name="fieldreport_number_has_state",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fieldreport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="74e5b043c085dba997c4d35c8a8c1d31c0deecee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7ca11",
                    table="registry_fieldreport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="designation",
            name="superseded_only",
        ),
        migrations.RemoveConstraint(
            model_name="designation",
            name="designation_kind",
        ),
        migrations.AddField(
            model_name="designation",
            name="report",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.fieldreport"
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("poverty", "Poverty file"),
                    ("dibao", "Subsistence allowance (dibao)"),
                    ("tekun", "Destitute supported persons (tekun)"),
                    ("reported", "Reported by the village"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="designation",
            name="row",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="designations",
                to="registry.deliveredrow",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="designation",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."record_key" IS DISTINCT FROM (NEW."record_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."settlement" IS DISTINCT FROM (NEW."settlement") OR OLD."file_unit_id" IS DISTINCT FROM (NEW."file_unit_id") OR OLD."hukou_unit_id" IS DISTINCT FROM (NEW."hukou_unit_id") OR OLD."hukou_text" IS DISTINCT FROM (NEW."hukou_text") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to") OR OLD."row_id" IS DISTINCT FROM (NEW."row_id") OR OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ed8cf9a4a66a6fb0d9f027334b7401af35e540c6",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_76ccb",
                    table="registry_designation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="designation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["poverty", "dibao", "tekun", "reported"])), name="designation_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="designation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reported"), ("report__isnull", False), ("row__isnull", True)),
                    models.Q(
                        models.Q(("kind", "reported"), _negated=True), ("report__isnull", True), ("row__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="designation_has_its_source",
            ),
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=200)),
                ("holder", models.CharField(max_length=200)),
                ("ciphertext", models.BinaryField()),
                ("key_id", models.CharField(max_length=16)),
                ("blind_full", models.BinaryField(max_length=16)),
                ("masked", models.CharField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                ("current_from", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bank_accounts", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "bank account",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("masked", ""), _negated=True), name="bankaccount_has_a_mask"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True), ("current_from__isnull", False), _connector="OR"
                        ),
                        name="bankaccount_superseded_was_current",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True), ("current_from__isnull", False)),
                        fields=("person",),
                        name="bankaccount_one_current_of_a_person",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="rotated_or_dated_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."bank" IS DISTINCT FROM (NEW."bank") OR OLD."holder" IS DISTINCT FROM (NEW."holder") OR OLD."blind_full" IS DISTINCT FROM (NEW."blind_full") OR OLD."masked" IS DISTINCT FROM (NEW."masked") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="639f9d789e30fd83d5cb88adc0b948b2c00e786a",
                    operation="UPDATE",
                    pgid="pgtrigger_rotated_or_dated_only_bcfcc",
                    table="registry_bankaccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8bc542b50c6c08c0f286d267fb7f62a4b47b6d32",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_6a972",
                    table="registry_bankaccount",
                    when="BEFORE",
                ),
            ),
        ),
    ]
