import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DemoMark",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("marked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "demo mark",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="demomark_one")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="demomark",
            trigger=pgtrigger.compiler.Trigger(
                name="for_ever",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="72e5329307278ac11b7b1164d0fe93695a518dc4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_for_ever_143c4",
                    table="demo_demomark",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="DemoTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("set_at", models.DateTimeField()),
                ("business_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "demo time",
                "constraints": [models.UniqueConstraint(fields=("set_at",), name="demotime_one_at_a_moment")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="demotime",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="64a6a425d488b3580b955dd0604cbda1758c764d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56425",
                    table="demo_demotime",
                    when="BEFORE",
                ),
            ),
        ),
    ]
