"""Two more rules of the last step of the matching."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0006_more_gap_kinds"),
        ("regions", "0002_references_by_statement"),
        ("registry", "0016_telephones_of_households"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="link",
            name="link_rule",
        ),
        migrations.AlterField(
            model_name="candidatedecision",
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
                    ("number_slip_other_name", "The file's number has one slip; village and surname, another name"),
                    (
                        "name_two_slips",
                        "Name, and a number of which one or two digits differ; the roll has no villages",
                    ),
                    ("name_only", "The name alone on a roll without villages; nothing else to hold against it"),
                    ("decided_same", "A person decided that it is the same person"),
                ],
                max_length=32,
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
                    ("number_slip_other_name", "The file's number has one slip; village and surname, another name"),
                    (
                        "name_two_slips",
                        "Name, and a number of which one or two digits differ; the roll has no villages",
                    ),
                    ("name_only", "The name alone on a roll without villages; nothing else to hold against it"),
                    ("decided_same", "A person decided that it is the same person"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="patterndecision",
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
                    ("number_slip_other_name", "The file's number has one slip; village and surname, another name"),
                    (
                        "name_two_slips",
                        "Name, and a number of which one or two digits differ; the roll has no villages",
                    ),
                    ("name_only", "The name alone on a roll without villages; nothing else to hold against it"),
                    ("decided_same", "A person decided that it is the same person"),
                ],
                max_length=32,
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
                            "number_slip_other_name",
                            "name_two_slips",
                            "name_only",
                            "decided_same",
                        ],
                    )
                ),
                name="link_rule",
            ),
        ),
    ]
