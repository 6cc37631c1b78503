import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import foundation.regions.models.unit


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=100)),
                ("full_name", models.CharField(max_length=300)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Province"), (2, "Prefecture"), (3, "County"), (4, "Township"), (5, "Village")]
                    ),
                ),
                ("path", models.TextField(db_collation="C")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="regions.unit",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="regions.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["path"], name="unit_by_path"),
                    models.Index(fields=["code"], name="unit_by_code"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^\\d{12}$")), name="unit_code_is_twelve_digits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2, 3, 4, 5])), name="unit_level_is_known"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Right("path", 13),
                            django.db.models.functions.text.Concat(models.F("code"), models.Value("/")),
                        ),
                        name="unit_path_ends_with_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", False),
                            ("path", django.db.models.functions.text.Concat(models.F("code"), models.Value("/"))),
                            _connector="OR",
                        ),
                        name="unit_without_parent_is_a_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="unit_valid_range_in_order",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (django.db.models.functions.comparison.Cast("code", models.BigIntegerField()), "="),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="unit_code_once_at_a_time",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="refuse_deletion",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
                    hash="d062fe8c33373611d67dbfccc913a18743471ba2",
                    operation='DELETE OR UPDATE OF "id"',
                    pgid="pgtrigger_refuse_deletion_fdffa",
                    table="regions_unit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
