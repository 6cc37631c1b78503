"""Rules of the last step of the matching; whose weights explain a link."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0003_two_slips"),
        ("regions", "0002_references_by_statement"),
        ("registry", "0015_references_by_statement"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="link",
            name="superseded_only",
        ),
        migrations.RemoveConstraint(
            model_name="link",
            name="link_rule",
        ),
        migrations.AddField(
            model_name="link",
            name="model_version",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, help_text="Whose weights explain it; never recomputed."
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="rule",
            field=models.CharField(
                choices=[
                    ("same_number", "The same number, the name sounds the same"),
                    ("same_number_close_name", "The same number, a close name and the stated birth date"),
                    ("same_number_former_name", "The same number; a former name explains the other name"),
                    ("repaired_file_number", "The file's number has one slip; the name sounds the same"),
                    ("repaired_roll_number", "The roll's number has one slip; the name sounds the same"),
                    ("name_birth_village", "Name, birth date and village, on neither side a second time"),
                    (
                        "two_slips",
                        "Two slips in the file's number; the very same name and village, on neither side a second time",
                    ),
                    ("number_of_another", "The same number, another name: changed, or somebody else's number"),
                    ("name_village", "Name and village; no number to hold against it"),
                    ("name_village_other_number", "Name and village; the two numbers differ"),
                    ("birth_village_surname", "Birth date, village and surname; the given name differs"),
                    ("name_birth", "Name and birth date; another village, no right number on one side"),
                    ("name_only", "The name alone on a roll without villages; nothing else to hold against it"),
                ],
                max_length=32,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="link",
            trigger=pgtrigger.compiler.Trigger(
                name="superseded_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."night_id" IS DISTINCT FROM (NEW."night_id") OR OLD."as_of_date" IS DISTINCT FROM (NEW."as_of_date") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme") OR OLD."roll_no" IS DISTINCT FROM (NEW."roll_no") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."part" IS DISTINCT FROM (NEW."part") OR OLD."line" IS DISTINCT FROM (NEW."line") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."action" IS DISTINCT FROM (NEW."action") OR OLD."score" IS DISTINCT FROM (NEW."score") OR OLD."field_verdicts" IS DISTINCT FROM (NEW."field_verdicts") OR OLD."model_version" IS DISTINCT FROM (NEW."model_version") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7b0420053632e272a83b22daf9d7a6cccce7ceda",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_only_c7550",
                    table="enrollment_link",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rule__in",
                        [
                            "same_number",
                            "same_number_close_name",
                            "same_number_former_name",
                            "repaired_file_number",
                            "repaired_roll_number",
                            "name_birth_village",
                            "two_slips",
                            "number_of_another",
                            "name_village",
                            "name_village_other_number",
                            "birth_village_surname",
                            "name_birth",
                            "name_only",
                        ],
                    )
                ),
                name="link_rule",
            ),
        ),
    ]
