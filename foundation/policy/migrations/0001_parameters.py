import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
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
            name="ParameterProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("effective_date", models.DateField()),
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
                            ("share", "ratio"),
                            ("list", "list"),
                            ("range", "range of days"),
                            ("none", "no unit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_none_here", models.BooleanField(default=False)),
                ("source", models.TextField()),
                ("backdating_reason", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("drafted", "Drafted"), ("approved", "Approved"), ("withdrawn", "Withdrawn")],
                        default="drafted",
                        max_length=10,
                    ),
                ),
                ("drafted_date", models.DateField()),
                ("drafted_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
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
                        name="proposal_unit_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["drafted", "approved", "withdrawn"])),
                        name="proposal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="proposal_names_its_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_none_here", True), ("value__isnull", True)),
                            models.Q(("is_none_here", False), ("value__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_value_or_none_here",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_date__gte", models.F("drafted_date")),
                            models.Q(("backdating_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_backdated_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "drafted")),
                            models.Q(
                                models.Q(("state", "drafted"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_has_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_approved_by_a_second_person",
                    ),
                    models.UniqueConstraint(
                        models.F("name"),
                        django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value(0)),
                        models.F("effective_date"),
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        name="proposal_once_for_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParameterProposalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("effective_date", models.DateField()),
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
                            ("share", "ratio"),
                            ("list", "list"),
                            ("range", "range of days"),
                            ("none", "no unit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_none_here", models.BooleanField(default=False)),
                ("source", models.TextField()),
                ("backdating_reason", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("drafted", "Drafted"), ("approved", "Approved"), ("withdrawn", "Withdrawn")],
                        default="drafted",
                        max_length=10,
                    ),
                ),
                ("drafted_date", models.DateField()),
                ("drafted_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="policy.parameterproposal",
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
                            ("share", "ratio"),
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
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="policy.parameterproposal",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "region"], name="parametervalue_by_name")],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="parametervalue_names_its_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_none_here", True), ("value__isnull", True)),
                            models.Q(("is_none_here", False), ("value__isnull", False)),
                            _connector="OR",
                        ),
                        name="parametervalue_value_or_none_here",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="parametervalue_valid_range_in_order",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        expressions=[
                            ("name", "="),
                            (django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value(0)), "="),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="parametervalue_once_at_a_time",
                    ),
                ],
            },
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
                            ("share", "ratio"),
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
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="policy.parameterproposal",
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
        migrations.CreateModel(
            name="WorkingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("is_working", models.BooleanField()),
                ("source", models.TextField()),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="workingday_names_its_source"
                    ),
                    models.UniqueConstraint(
                        models.F("day"),
                        django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value(0)),
                        name="workingday_once_for_a_region",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="stated_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."effective_date" IS DISTINCT FROM (NEW."effective_date") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."unit" IS DISTINCT FROM (NEW."unit") OR OLD."is_none_here" IS DISTINCT FROM (NEW."is_none_here") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."backdating_reason" IS DISTINCT FROM (NEW."backdating_reason") OR OLD."drafted_by_id" IS DISTINCT FROM (NEW."drafted_by_id") OR OLD."drafted_date" IS DISTINCT FROM (NEW."drafted_date") OR OLD."drafted_at" IS DISTINCT FROM (NEW."drafted_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9d76966348cb81a145523681e30fcda537ae122d",
                    operation="UPDATE",
                    pgid="pgtrigger_stated_once_fb6ed",
                    table="policy_parameterproposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="moves_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{drafted:approved,drafted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="2075417d8367ad41bd811590c1c9a6a84bd6904a",
                    operation="UPDATE",
                    pgid="pgtrigger_moves_once_7b220",
                    table="policy_parameterproposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="1f33b8a40be5231260914080c2e33036b147de85",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1bd19",
                    table="policy_parameterproposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "policy_parameterproposalevent" ("backdating_reason", "decided_at", "decided_by_id", "drafted_at", "drafted_by_id", "drafted_date", "effective_date", "id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "state", "unit", "value") VALUES (NEW."backdating_reason", NEW."decided_at", NEW."decided_by_id", NEW."drafted_at", NEW."drafted_by_id", NEW."drafted_date", NEW."effective_date", NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."source", NEW."state", NEW."unit", NEW."value"); RETURN NULL;',
                    hash="adba4689686a5cc0f14894fb31eadb00b24b8b13",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a62b4",
                    table="policy_parameterproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "policy_parameterproposalevent" ("backdating_reason", "decided_at", "decided_by_id", "drafted_at", "drafted_by_id", "drafted_date", "effective_date", "id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "state", "unit", "value") VALUES (NEW."backdating_reason", NEW."decided_at", NEW."decided_by_id", NEW."drafted_at", NEW."drafted_by_id", NEW."drafted_date", NEW."effective_date", NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."source", NEW."state", NEW."unit", NEW."value"); RETURN NULL;',
                    hash="2681e330d19ac6ceacdc81355df6b62bb3952b13",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_22e5f",
                    table="policy_parameterproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parameterproposalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="485ef49fe8948df112865cdf6916e465390ce7dd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4042b",
                    table="policy_parameterproposalevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "policy_parametervalueevent" ("decision_id", "id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."decision_id", NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."region_id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;',
                    hash="60133a484c6dbb8ccdcac69591c834d5d6b611c0",
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
                    func='INSERT INTO "policy_parametervalueevent" ("decision_id", "id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (NEW."decision_id", NEW."id", NEW."is_none_here", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region_id", NEW."source", NEW."unit", NEW."valid_from", NEW."valid_to", NEW."value"); RETURN NULL;',
                    hash="f5d6c766967145966ab22e32c7c803eff888fe63",
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
                    func='INSERT INTO "policy_parametervalueevent" ("decision_id", "id", "is_none_here", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "unit", "valid_from", "valid_to", "value") VALUES (OLD."decision_id", OLD."id", OLD."is_none_here", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."source", OLD."unit", OLD."valid_from", OLD."valid_to", OLD."value"); RETURN NULL;',
                    hash="987ce4bb42a5c9ad6eb76417075b4beec57f8291",
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
