"""Both books name the absent colleague a deputy acted for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_append_only_books"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditevent",
            name="deputy_for_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="auditevent",
            name="deputy_for_name",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="deputy_for_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="deputy_for_name",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
    ]
