from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0011_leading_gaps")]

    operations = [
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["unit", "rank", "opened_on", "id"],
                name="gap_open_of_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["county", "subject_pinyin"],
                name="gap_open_by_pinyin",
            ),
        ),
    ]
