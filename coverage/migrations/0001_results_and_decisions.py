import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_gaps_and_cases"),
        ("regions", "0001_units"),
        ("registry", "0001_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("night_id", models.BigIntegerField(help_text="Nightly run that first found it.")),
                ("as_of_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
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
                ("kind", models.CharField(max_length=32)),
                (
                    "evidence_class",
                    models.CharField(blank=True, help_text="Evidence level for deaths: A, B or C.", max_length=1),
                ),
                ("evidence", models.JSONField(default=list)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "indexes": [
                    models.Index(
                        condition=models.Q(("person__isnull", False), ("superseded_at__isnull", True)),
                        fields=["person"],
                        name="finding_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "kind"],
                        name="finding_current",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            models.Q(("person__isnull", True), ("roll_no__gt", ""), ("scheme__gt", "")),
                            _connector="OR",
                        ),
                        name="finding_one_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "resident",
                                    "employee",
                                    "civil",
                                    "insured_elsewhere",
                                    "death",
                                    "survey",
                                    "hukou_out",
                                    "soldier",
                                    "prison",
                                    "student",
                                    "report",
                                    "portal",
                                    "not_on_roll",
                                    "candidate",
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
                        name="finding_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence_class__in", ["", "A", "B", "C"])), name="finding_class"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("night_id", models.BigIntegerField(help_text="Nightly run that first found it.")),
                ("as_of_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "scheme",
                    models.CharField(
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
                ("part", models.CharField(blank=True, max_length=200)),
                ("line", models.PositiveIntegerField()),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("same_number", "Same number, same-sounding name"),
                            ("same_number_close_name", "Same number, similar name, matching stated birth date"),
                            (
                                "same_number_lost_character",
                                "Same number; one character of the name could not be typed, the others agree",
                            ),
                            ("same_number_former_name", "Same number; the different name is a former name"),
                            ("repaired_file_number", "One digit error in the file's ID number; same-sounding name"),
                            ("repaired_roll_number", "One digit error in the roll's ID number; same-sounding name"),
                            ("name_birth_village", "Name, birth date and village, unique on both sides"),
                            (
                                "two_digit_errors",
                                "Two digit errors in the file's ID number; identical name and village, unique on both sides",
                            ),
                            (
                                "number_of_another",
                                "Same number, different name: name changed, or another person's number",
                            ),
                            ("name_village", "Name and village; no number to compare"),
                            ("name_village_other_number", "Name and village; the two numbers differ"),
                            ("birth_village_surname", "Birth date, village and surname; different given name"),
                            ("name_birth", "Name and birth date; different village, no valid number on one side"),
                            (
                                "digit_error_other_name",
                                "One digit error in the file's ID number; same village and surname, different name",
                            ),
                            (
                                "name_two_digit_errors",
                                "Same name, number differs in one or two digits; the roll has no villages",
                            ),
                            ("name_only", "Name only, on a roll without villages; nothing else to compare"),
                            ("decided_same", "Confirmed by a person as the same person"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("auto", "Confirmed by rule"), ("review", "Needs a decision")], max_length=8
                    ),
                ),
                (
                    "score",
                    models.FloatField(
                        help_text="Sum of the field comparison weights; used only to order possible matches, never to confirm one.",
                        null=True,
                    ),
                ),
                ("comparison_vector", models.CharField(max_length=200)),
                (
                    "model_version",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, help_text="Version of the weights used; never recomputed."
                    ),
                ),
                (
                    "changed",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="What has changed since this possible match was last decided.",
                        max_length=80,
                    ),
                ),
                ("status", models.CharField(blank=True, max_length=40)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.delivery"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "person"],
                        name="link_current",
                    ),
                    models.Index(
                        condition=models.Q(("action", "review"), ("superseded_at__isnull", True)),
                        fields=["county", "person"],
                        name="link_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "scheme", "roll_no"],
                        name="link_of_line",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person", "scheme", "delivery", "part", "line"),
                        name="link_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("action__in", ["auto", "review"])), name="link_action"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__in",
                                [
                                    "same_number",
                                    "same_number_close_name",
                                    "same_number_lost_character",
                                    "same_number_former_name",
                                    "repaired_file_number",
                                    "repaired_roll_number",
                                    "name_birth_village",
                                    "two_digit_errors",
                                    "number_of_another",
                                    "name_village",
                                    "name_village_other_number",
                                    "birth_village_surname",
                                    "name_birth",
                                    "digit_error_other_name",
                                    "name_two_digit_errors",
                                    "name_only",
                                    "decided_same",
                                ],
                            )
                        ),
                        name="link_rule",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatternDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("resident", "Resident scheme"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("outprov", "Scheme of another province"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("same_number", "Same number, same-sounding name"),
                            ("same_number_close_name", "Same number, similar name, matching stated birth date"),
                            (
                                "same_number_lost_character",
                                "Same number; one character of the name could not be typed, the others agree",
                            ),
                            ("same_number_former_name", "Same number; the different name is a former name"),
                            ("repaired_file_number", "One digit error in the file's ID number; same-sounding name"),
                            ("repaired_roll_number", "One digit error in the roll's ID number; same-sounding name"),
                            ("name_birth_village", "Name, birth date and village, unique on both sides"),
                            (
                                "two_digit_errors",
                                "Two digit errors in the file's ID number; identical name and village, unique on both sides",
                            ),
                            (
                                "number_of_another",
                                "Same number, different name: name changed, or another person's number",
                            ),
                            ("name_village", "Name and village; no number to compare"),
                            ("name_village_other_number", "Name and village; the two numbers differ"),
                            ("birth_village_surname", "Birth date, village and surname; different given name"),
                            ("name_birth", "Name and birth date; different village, no valid number on one side"),
                            (
                                "digit_error_other_name",
                                "One digit error in the file's ID number; same village and surname, different name",
                            ),
                            (
                                "name_two_digit_errors",
                                "Same name, number differs in one or two digits; the roll has no villages",
                            ),
                            ("name_only", "Name only, on a roll without villages; nothing else to compare"),
                            ("decided_same", "Confirmed by a person as the same person"),
                        ],
                        max_length=32,
                    ),
                ),
                ("comparison_vector", models.CharField(max_length=200)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("same", "Same person"),
                            ("not_same", "Not the same"),
                            ("cannot_tell", "Cannot tell"),
                            ("ask_village", "Ask the village"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("links", models.JSONField(help_text="IDs of the links reviewed.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Awaiting approval by a second person"),
                            ("signed", "Approved"),
                            ("withdrawn", "Withdrawn"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=150)),
                ("people_behind", models.JSONField(default=list, help_text="IDs of the users who proposed it.")),
                ("proposed_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, help_text="Who approved or withdrew it.", max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
            ],
            options={
                "verbose_name": "batch decision on possible matches",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["same", "not_same", "cannot_tell", "ask_village"])),
                        name="patterndecision_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", ""), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("ended_at__isnull", False),
                                ("ended_by__gt", ""),
                            ),
                            _connector="OR",
                        ),
                        name="patterndecision_ended_has_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), ("undone_at__isnull", False), ("undone_by__gt", "")),
                            models.Q(
                                models.Q(("state", "undone"), _negated=True),
                                ("undone_at__isnull", True),
                                ("undone_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="patterndecision_undone_has_who",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("county", "scheme", "rule", "comparison_vector"),
                        name="patterndecision_one_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("same", "Same person"),
                            ("not_same", "Not the same"),
                            ("cannot_tell", "Cannot tell"),
                            ("ask_village", "Ask the village"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_role", models.CharField(max_length=32)),
                (
                    "scheme",
                    models.CharField(
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
                ("part", models.CharField(blank=True, max_length=200)),
                ("line", models.PositiveIntegerField()),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("same_number", "Same number, same-sounding name"),
                            ("same_number_close_name", "Same number, similar name, matching stated birth date"),
                            (
                                "same_number_lost_character",
                                "Same number; one character of the name could not be typed, the others agree",
                            ),
                            ("same_number_former_name", "Same number; the different name is a former name"),
                            ("repaired_file_number", "One digit error in the file's ID number; same-sounding name"),
                            ("repaired_roll_number", "One digit error in the roll's ID number; same-sounding name"),
                            ("name_birth_village", "Name, birth date and village, unique on both sides"),
                            (
                                "two_digit_errors",
                                "Two digit errors in the file's ID number; identical name and village, unique on both sides",
                            ),
                            (
                                "number_of_another",
                                "Same number, different name: name changed, or another person's number",
                            ),
                            ("name_village", "Name and village; no number to compare"),
                            ("name_village_other_number", "Name and village; the two numbers differ"),
                            ("birth_village_surname", "Birth date, village and surname; different given name"),
                            ("name_birth", "Name and birth date; different village, no valid number on one side"),
                            (
                                "digit_error_other_name",
                                "One digit error in the file's ID number; same village and surname, different name",
                            ),
                            (
                                "name_two_digit_errors",
                                "Same name, number differs in one or two digits; the roll has no villages",
                            ),
                            ("name_only", "Name only, on a roll without villages; nothing else to compare"),
                            ("decided_same", "Confirmed by a person as the same person"),
                        ],
                        max_length=32,
                    ),
                ),
                ("comparison_vector", models.CharField(max_length=200)),
                ("score", models.FloatField(null=True)),
                ("model_version", models.PositiveSmallIntegerField()),
                ("roll_name", models.CharField(max_length=100)),
                ("roll_birth", models.DateField(null=True)),
                ("roll_unit_code", models.CharField(blank=True, max_length=40)),
                ("roll_status", models.CharField(blank=True, max_length=40)),
                ("person_names", models.JSONField(help_text="All names given in the files.")),
                ("person_numbers", models.JSONField(help_text="Identifiers of the ID numbers given in the files.")),
                (
                    "files",
                    models.JSONField(help_text="Feed, delivery, sheet and line of each file that lists the person."),
                ),
                (
                    "question",
                    models.ForeignKey(
                        help_text="What the village was asked.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.question",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.delivery"
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="coverage.link"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="registry.person"
                    ),
                ),
                (
                    "roll_number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.identitynumber",
                    ),
                ),
                (
                    "pattern",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="coverage.patterndecision",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a possible match",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "person"],
                        name="matchdecision_in_force",
                    ),
                    models.Index(fields=["county", "-recorded_at"], name="matchdecision_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["same", "not_same", "cannot_tell", "ask_village"])),
                        name="matchdecision_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(
                                ("superseded_at", models.F("undone_at")),
                                ("undone_at__isnull", False),
                                ("undone_by__gt", ""),
                            ),
                            _connector="OR",
                        ),
                        name="matchdecision_undone_has_who",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("roll_no__gt", ""), ("superseded_at__isnull", True)),
                        fields=("person", "scheme", "roll_no"),
                        name="matchdecision_one_per_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("roll_no", ""), ("superseded_at__isnull", True)),
                        fields=("person", "delivery", "part", "line"),
                        name="matchdecision_one_per_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverageVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("night_id", models.BigIntegerField(help_text="Nightly run that first found it.")),
                ("as_of_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("U16", "Under 16"),
                            ("0-207", "Dead, not cancelled"),
                            ("1-011", "Insured here"),
                            ("0-201", "Public-sector scheme"),
                            ("0-200", "Employee scheme"),
                            ("0-202", "Insured in another province"),
                            ("0-208", "Resident scheme of another county"),
                            ("0-203", "Student"),
                            ("0-204", "Soldier"),
                            ("0-205", "Prisoner"),
                            ("0-206", "Abroad"),
                            ("2-011", "Declined to enrol"),
                            ("GAP", "Uninsured"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "e1_column",
                    models.CharField(
                        choices=[
                            ("2_under16", "Under 16"),
                            ("3_student", "Students aged 16 and over"),
                            ("4_soldier", "Soldiers"),
                            ("5_prisoner", "Prisoners"),
                            ("6_dead", "Dead, not cancelled"),
                            ("7_abroad", "Abroad"),
                            ("9_resident", "Resident scheme"),
                            ("10_employee", "Employee scheme"),
                            ("11_civil", "Public-sector scheme"),
                            ("16a_waived", "Declined"),
                            ("16b_not_found", "Cannot be found"),
                            ("16c_data_error", "Data error"),
                            ("16d_pushed", "Hukou elsewhere, to be forwarded"),
                            ("16e_no_hukou", "No hukou"),
                            ("16f_other", "Other"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "desk_reason",
                    models.CharField(
                        choices=[
                            ("contributing", "Insured here, contributing"),
                            ("lapsed", "Insured here, lapsed"),
                            ("drawing", "Drawing"),
                            ("paused", "Benefit paused"),
                            ("employee", "Employee scheme"),
                            ("civil", "Public-sector scheme"),
                            ("elsewhere", "Insured in another province"),
                            ("under_16", "Under 16"),
                            ("student", "Student"),
                            ("soldier", "Soldier"),
                            ("prisoner", "Prisoner"),
                            ("abroad", "Abroad"),
                            ("dead", "Dead, not cancelled"),
                            ("enrolment_declined", "Declined to enrol"),
                            ("cannot_be_found", "Cannot be found"),
                            ("hukou_elsewhere", "Hukou elsewhere"),
                            ("no_number", "No household registration or ID number"),
                            ("roll_row_not_insured", "On the roll, status not insured"),
                            ("roll_row_terminated", "On the roll, participation ended"),
                            ("not_on_roll", "Enrolled through this portal, but on no later roll"),
                            ("death_to_verify", "Reported dead by one source: to be verified"),
                            ("direct_inclusion", "60 or over, on no roll: direct inclusion"),
                            ("never_enrolled", "Never enrolled"),
                            ("undecided", "Undecided: possible match awaiting decision"),
                        ],
                        max_length=32,
                    ),
                ),
                ("in_poverty_file", models.BooleanField()),
                ("in_three_categories", models.BooleanField()),
                ("due_to_draw", models.BooleanField()),
                ("drawing", models.BooleanField()),
                ("pay_target", models.BooleanField(default=False, help_text="Government pays the contribution.")),
                ("out_of_province", models.BooleanField(default=False, help_text="Insured only in another province.")),
                (
                    "by_portal",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Insured by an enrolment of this portal that the roll does not show yet.",
                    ),
                ),
                ("categories", models.CharField(blank=True, help_text="Lists that include the person.", max_length=80)),
                ("birth_date", models.DateField(null=True)),
                ("sex", models.PositiveSmallIntegerField(default=0)),
                ("oldest_feed_date", models.DateField(help_text="Oldest date of the data used.")),
                (
                    "county",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "file_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
                (
                    "hukou_unit",
                    models.ForeignKey(
                        help_text="Empty: outside the county.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="registry.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "person's code",
                "indexes": [
                    models.Index(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=["county", "verdict"],
                        name="coverageverdict_current",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("person",),
                        name="coverageverdict_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verdict__in",
                                [
                                    "U16",
                                    "0-207",
                                    "1-011",
                                    "0-201",
                                    "0-200",
                                    "0-202",
                                    "0-208",
                                    "0-203",
                                    "0-204",
                                    "0-205",
                                    "0-206",
                                    "2-011",
                                    "GAP",
                                ],
                            )
                        ),
                        name="coverageverdict_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "e1_column__in",
                                [
                                    "2_under16",
                                    "3_student",
                                    "4_soldier",
                                    "5_prisoner",
                                    "6_dead",
                                    "7_abroad",
                                    "9_resident",
                                    "10_employee",
                                    "11_civil",
                                    "16a_waived",
                                    "16b_not_found",
                                    "16c_data_error",
                                    "16d_pushed",
                                    "16e_no_hukou",
                                    "16f_other",
                                ],
                            )
                        ),
                        name="coverageverdict_e1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "desk_reason__in",
                                [
                                    "contributing",
                                    "lapsed",
                                    "drawing",
                                    "paused",
                                    "employee",
                                    "civil",
                                    "elsewhere",
                                    "under_16",
                                    "student",
                                    "soldier",
                                    "prisoner",
                                    "abroad",
                                    "dead",
                                    "enrolment_declined",
                                    "cannot_be_found",
                                    "hukou_elsewhere",
                                    "no_number",
                                    "roll_row_not_insured",
                                    "roll_row_terminated",
                                    "not_on_roll",
                                    "death_to_verify",
                                    "direct_inclusion",
                                    "never_enrolled",
                                    "undecided",
                                ],
                            )
                        ),
                        name="coverageverdict_desk",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverageverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."night_id" IS DISTINCT FROM (NEW."night_id") OR OLD."as_of_date" IS DISTINCT FROM (NEW."as_of_date") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."verdict" IS DISTINCT FROM (NEW."verdict") OR OLD."e1_column" IS DISTINCT FROM (NEW."e1_column") OR OLD."desk_reason" IS DISTINCT FROM (NEW."desk_reason") OR OLD."in_poverty_file" IS DISTINCT FROM (NEW."in_poverty_file") OR OLD."in_three_categories" IS DISTINCT FROM (NEW."in_three_categories") OR OLD."due_to_draw" IS DISTINCT FROM (NEW."due_to_draw") OR OLD."drawing" IS DISTINCT FROM (NEW."drawing") OR OLD."pay_target" IS DISTINCT FROM (NEW."pay_target") OR OLD."out_of_province" IS DISTINCT FROM (NEW."out_of_province") OR OLD."by_portal" IS DISTINCT FROM (NEW."by_portal") OR OLD."file_unit_id" IS DISTINCT FROM (NEW."file_unit_id") OR OLD."hukou_unit_id" IS DISTINCT FROM (NEW."hukou_unit_id") OR OLD."categories" IS DISTINCT FROM (NEW."categories") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."sex" IS DISTINCT FROM (NEW."sex") OR OLD."oldest_feed_date" IS DISTINCT FROM (NEW."oldest_feed_date"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3e4f6fe144b9fd180f72b85e7cd8ed112e2d37d9",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_0ead9",
                    table="coverage_coverageverdict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverageverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="82b4535291e2ebf5fd5e2ec92507a695960013e0",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_58a10",
                    table="coverage_coverageverdict",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverageverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="17b9646944c48fa20574384d7adf61545d4f254d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tells_insert_1eb7f",
                    referencing="REFERENCING NEW TABLE AS after ",
                    table="coverage_coverageverdict",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverageverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM (SELECT county_id FROM before UNION SELECT county_id FROM after) changed; RETURN NULL;",
                    hash="53137cebab4e6624d58e4cacfcf2c0773e7cdf3a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tells_update_15d58",
                    referencing="REFERENCING OLD TABLE AS before  NEW TABLE AS after ",
                    table="coverage_coverageverdict",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."night_id" IS DISTINCT FROM (NEW."night_id") OR OLD."as_of_date" IS DISTINCT FROM (NEW."as_of_date") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."roll_no" IS DISTINCT FROM (NEW."roll_no") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."evidence_class" IS DISTINCT FROM (NEW."evidence_class") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a29585ea53ed342868d9476b3860a127f1107bb0",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_a5e2d",
                    table="coverage_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="63a6bb7fd16ec887038ce58175f7087f21497389",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_0e148",
                    table="coverage_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="link",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."night_id" IS DISTINCT FROM (NEW."night_id") OR OLD."as_of_date" IS DISTINCT FROM (NEW."as_of_date") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."roll_no" IS DISTINCT FROM (NEW."roll_no") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."part" IS DISTINCT FROM (NEW."part") OR OLD."line" IS DISTINCT FROM (NEW."line") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."action" IS DISTINCT FROM (NEW."action") OR OLD."score" IS DISTINCT FROM (NEW."score") OR OLD."comparison_vector" IS DISTINCT FROM (NEW."comparison_vector") OR OLD."model_version" IS DISTINCT FROM (NEW."model_version") OR OLD."changed" IS DISTINCT FROM (NEW."changed") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="29593c4155011d1b589d96006d82095fa867b60a",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_affd6",
                    table="coverage_link",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="link",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="195d6ccb66ca6a794595bdfcab69166ac9f82922",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_bb3ea",
                    table="coverage_link",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patterndecision",
            trigger=pgtrigger.compiler.Trigger(
                name="end_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."comparison_vector" IS DISTINCT FROM (NEW."comparison_vector") OR OLD."decision" IS DISTINCT FROM (NEW."decision") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."links" IS DISTINCT FROM (NEW."links") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."people_behind" IS DISTINCT FROM (NEW."people_behind") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="85d6fab1f8c2c07582fa9eba78f4591b54f52e93",
                    operation="UPDATE",
                    pgid="pgtrigger_end_only_a9a0c",
                    table="coverage_patterndecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patterndecision",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f46b30f7f2d416c78b2140eb368966632b3ba5ce",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_9f086",
                    table="coverage_patterndecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matchdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."link_id" IS DISTINCT FROM (NEW."link_id") OR OLD."pattern_id" IS DISTINCT FROM (NEW."pattern_id") OR OLD."question_id" IS DISTINCT FROM (NEW."question_id") OR OLD."decision" IS DISTINCT FROM (NEW."decision") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."decided_by" IS DISTINCT FROM (NEW."decided_by") OR OLD."decided_role" IS DISTINCT FROM (NEW."decided_role") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."roll_no" IS DISTINCT FROM (NEW."roll_no") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."part" IS DISTINCT FROM (NEW."part") OR OLD."line" IS DISTINCT FROM (NEW."line") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."comparison_vector" IS DISTINCT FROM (NEW."comparison_vector") OR OLD."score" IS DISTINCT FROM (NEW."score") OR OLD."model_version" IS DISTINCT FROM (NEW."model_version") OR OLD."roll_name" IS DISTINCT FROM (NEW."roll_name") OR OLD."roll_birth" IS DISTINCT FROM (NEW."roll_birth") OR OLD."roll_unit_code" IS DISTINCT FROM (NEW."roll_unit_code") OR OLD."roll_status" IS DISTINCT FROM (NEW."roll_status") OR OLD."roll_number_id" IS DISTINCT FROM (NEW."roll_number_id") OR OLD."person_names" IS DISTINCT FROM (NEW."person_names") OR OLD."person_numbers" IS DISTINCT FROM (NEW."person_numbers") OR OLD."files" IS DISTINCT FROM (NEW."files") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="702f571d1a0b5247a8320f1e119e953eaddd8e7f",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_4444e",
                    table="coverage_matchdecision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matchdecision",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="437284a4d6554d410c758f0cd30a06ec2382b41d",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_6f3e8",
                    table="coverage_matchdecision",
                    when="BEFORE",
                ),
            ),
        ),
    ]
