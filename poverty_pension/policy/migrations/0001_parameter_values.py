"""Dated regional parameters and their history."""

import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import poverty_pension.regions.models.unit


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="ParameterValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("value", models.JSONField(null=True)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("fen", "fen"),
                            ("years", "years"),
                            ("months", "months"),
                            ("days", "days"),
                            ("day_of_month", "day of the month"),
                            ("hour", "hour of the day"),
                            ("count", "count"),
                            ("share", "share of one"),
                            ("list", "list"),
                            ("range", "range of days"),
                            ("none", "no unit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_none_here", models.BooleanField(default=False)),
                ("source", models.TextField()),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ParameterValueEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("value", models.JSONField(null=True)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("fen", "fen"),
                            ("years", "years"),
                            ("months", "months"),
                            ("days", "days"),
                            ("day_of_month", "day of the month"),
                            ("hour", "hour of the day"),
                            ("count", "count"),
                            ("share", "share of one"),
                            ("list", "list"),
                            ("range", "range of days"),
                            ("none", "no unit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_none_here", models.BooleanField(default=False)),
                ("source", models.TextField()),
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
                        to="policy.parametervalue",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="parametervalue",
            index=models.Index(fields=["name", "region"], name="parametervalue_by_name"),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "unit__in",
                        [
                            "fen",
                            "years",
                            "months",
                            "days",
                            "day_of_month",
                            "hour",
                            "count",
                            "share",
                            "list",
                            "range",
                            "none",
                        ],
                    )
                ),
                name="parametervalue_unit_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="parametervalue_names_its_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_none_here", True), ("value__isnull", True)),
                    models.Q(("is_none_here", False), ("value__isnull", False)),
                    _connector="OR",
                ),
                name="parametervalue_value_or_none_here",
            ),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="parametervalue_valid_range_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="parametervalue",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("name", "="),
                    (django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value(0)), "="),
                    (poverty_pension.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="parametervalue_once_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "policy_parametervalueevent" ("id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;',
                    hash="ac38cddc635a11e1e598f8036259f18e2bd242ff",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_21d6f",
                    table="policy_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "policy_parametervalueevent" ("id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;',
                    hash="b47b13bcca25c6f70cffea7764d980fdbaafe964",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f87af",
                    table="policy_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "policy_parametervalueevent" ("id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (OLD."id", OLD."is_none_here", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."source", OLD."unit", OLD."valid_from", OLD."valid_to", OLD."value"); RETURN NULL;',
                    hash="adbb743177319c00b7ce0e7b8309f1eaa66d0a81",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_425e1",
                    table="policy_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parametervalueevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7ea96bb896f6f75aa0e542ff4494efef174745cd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_212b6",
                    table="policy_parametervalueevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
