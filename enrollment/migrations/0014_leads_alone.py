from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0013_closings")]

    operations = [
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("action", "review"), ("superseded_at__isnull", True)),
                fields=["county", "person"],
                name="link_in_doubt",
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=["county", "scheme", "roll_no"],
                name="link_of_line",
            ),
        ),
    ]
