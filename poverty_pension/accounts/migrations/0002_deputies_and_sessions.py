"""Deputies, home units, the epoch of sessions; a role may end on the day it began."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import poverty_pension.regions.models.unit


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users_memberships_clients"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DeputyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="user",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="user",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_valid_range_in_order",
        ),
        migrations.AddField(
            model_name="user",
            name="home_unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="userevent",
            name="home_unit",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="regions.unit",
            ),
        ),
        migrations.AddField(
            model_name="userevent",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_userevent" ("date_joined", "display_name", "email", "home_unit_id", "id", "is_active", "is_staff", "is_superuser", "language", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_epoch", "username") VALUES (NEW."date_joined", NEW."display_name", NEW."email", NEW."home_unit_id", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."must_change_password", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."session_epoch", NEW."username"); RETURN NULL;',
                    hash="01890aa2e68ea6bf05166cd76be97652a372f062",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3867c",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."display_name" IS DISTINCT FROM (NEW."display_name") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."home_unit_id" IS DISTINCT FROM (NEW."home_unit_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."must_change_password" IS DISTINCT FROM (NEW."must_change_password") OR OLD."session_epoch" IS DISTINCT FROM (NEW."session_epoch") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "accounts_userevent" ("date_joined", "display_name", "email", "home_unit_id", "id", "is_active", "is_staff", "is_superuser", "language", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_epoch", "username") VALUES (NEW."date_joined", NEW."display_name", NEW."email", NEW."home_unit_id", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."must_change_password", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."session_epoch", NEW."username"); RETURN NULL;',
                    hash="bc3f5f1898d2795cff938df24bdf5abbd0b91115",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0e890",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="membership_valid_range_in_order",
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="absent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="deputy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="granted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="deputy",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deputies", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="absent",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="deputy",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="granted_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="membership",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="deputyevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="accounts.deputy",
            ),
        ),
        migrations.AddIndex(
            model_name="deputy",
            index=models.Index(fields=["deputy", "valid_to"], name="deputy_by_deputy"),
        ),
        migrations.AddConstraint(
            model_name="deputy",
            constraint=models.CheckConstraint(
                condition=models.Q(("absent", models.F("deputy")), _negated=True), name="deputy_is_somebody_else"
            ),
        ),
        migrations.AddConstraint(
            model_name="deputy",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="deputy_valid_range_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="deputy",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("membership", "="),
                    (poverty_pension.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                ],
                name="deputy_one_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deputy",
            trigger=pgtrigger.compiler.Trigger(
                name="fits_its_membership",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT EXISTS (\n        SELECT 1 FROM accounts_membership m\n        WHERE m.id = NEW.membership_id AND m.user_id = NEW.absent_id AND m.role NOT IN ('sysadmin', 'secadmin', 'auditor')\n    ) THEN\n        RAISE EXCEPTION 'deputy_fits_its_membership: only a case work role of the absent user can be stood in for'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT 1 FROM accounts_membership m\n        WHERE m.user_id = NEW.deputy_id AND m.role IN ('sysadmin', 'secadmin', 'auditor')\n            AND daterange(m.valid_from, m.valid_to) && daterange(NEW.valid_from, NEW.valid_to)\n    ) THEN\n        RAISE EXCEPTION 'deputy_is_no_administrator: administrators stand in for nobody'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="0efbcf4bc6d5c3bf1852167851f80eaf8d7d3eb5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_fits_its_membership_cb52b",
                    table="accounts_deputy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deputy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_deputyevent" ("absent_id", "deputy_id", "granted_by_id", "id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."absent_id", NEW."deputy_id", NEW."granted_by_id", NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="7d90dd5f7d9b4ffc28e654cabfc7334e2f5ca2db",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_01310",
                    table="accounts_deputy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deputy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_deputyevent" ("absent_id", "deputy_id", "granted_by_id", "id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."absent_id", NEW."deputy_id", NEW."granted_by_id", NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="18051dadf5c126ea00d1cced0e64893323c15a2c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_68174",
                    table="accounts_deputy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deputyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4c148097885281fe5f9c891b3baa9542032c9b72",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ea32b",
                    table="accounts_deputyevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
