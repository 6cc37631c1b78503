import django.contrib.postgres.fields
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("axes", "0010_accessattemptexpiration"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "log",
                    models.CharField(
                        choices=[
                            ("events", "Events"),
                            ("disclosures", "Disclosures"),
                            ("contexts", "History contexts"),
                            ("sign_ins", "Sign-ins"),
                            ("failed_sign_ins", "Failed sign-ins"),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("row_count", models.PositiveBigIntegerField()),
                ("layout", models.PositiveSmallIntegerField()),
                ("rows_sha256", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("log__in", ["events", "disclosures", "contexts", "sign_ins", "failed_sign_ins"])
                        ),
                        name="auditseal_known_log",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_id__gte", models.F("from_id"))), name="auditseal_range_in_order"
                    ),
                    models.UniqueConstraint(fields=("log", "from_id"), name="auditseal_begins_once"),
                    models.UniqueConstraint(fields=("log", "to_id"), name="auditseal_ends_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "User"),
                            ("client", "Department system"),
                            ("system", "System"),
                            ("anonymous", "Not signed in"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("unit_code", models.CharField(blank=True, max_length=12)),
                ("deputy_for_id", models.BigIntegerField(null=True)),
                ("deputy_for_name", models.CharField(blank=True, db_default="", max_length=150)),
                ("recipient", models.CharField(max_length=200)),
                ("purpose", models.TextField()),
                ("legal_basis", models.CharField(max_length=300)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("row_count", models.PositiveBigIntegerField()),
                ("request_id", models.CharField(blank=True, max_length=36)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at"], name="disclosure_by_time"),
                    models.Index(fields=["recipient", "-at"], name="disclosure_by_recipient"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("recipient", ""), _negated=True), name="disclosure_names_its_recipient"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="disclosure_names_its_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legal_basis", ""), _negated=True), name="disclosure_names_its_legal_basis"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fields__len__gt", 0)), name="disclosure_names_its_fields"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("user", "User"),
                            ("client", "Department system"),
                            ("system", "System"),
                            ("anonymous", "Not signed in"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("unit_code", models.CharField(blank=True, max_length=12)),
                ("deputy_for_id", models.BigIntegerField(null=True)),
                ("deputy_for_name", models.CharField(blank=True, db_default="", max_length=150)),
                ("verb", models.CharField(max_length=60)),
                ("object_type", models.CharField(blank=True, max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("read", "Viewed"), ("refused", "Refused")], max_length=10
                    ),
                ),
                ("purpose", models.TextField(blank=True)),
                ("detail", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=36)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "-at"], name="auditevent_by_object"),
                    models.Index(fields=["actor_kind", "actor_id", "-at"], name="auditevent_by_actor"),
                    models.Index(fields=["-at"], name="auditevent_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind__in", ["user", "client", "system", "anonymous"])),
                        name="auditevent_known_actor_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "read", "refused"])),
                        name="auditevent_known_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verb", ""), _negated=True), name="auditevent_names_its_verb"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContextEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("context_id", models.UUIDField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("metadata", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accessfailurelog",),
        ),
        migrations.CreateModel(
            name="HistoryContext",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("pghistory.context",),
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accesslog",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9f3fa7f56d84c1f30cb69491d2698f434b8c6423",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_e5fbe",
                    table="audit_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="44f2f8b05ea0f4f2c366d80bc5c79025b8eaa62a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_c220f",
                    table="audit_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cccfe7f174a4f5ea42a392caddb61a60f7790c17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_355ad",
                    table="audit_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="79458e99cb903bafbd91d5f97c68f6108bc97ef1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9331a",
                    table="audit_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="313bef8429a2c3e9a83d59e4d393178e6ce412ba",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_d8271",
                    table="audit_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="696b730172abde18211cc1523915085171d74a8c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_87849",
                    table="audit_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contextentry",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b7fdeaac0eca443c0a373130b56a8561d69629de",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_a19a7",
                    table="audit_contextentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contextentry",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="44113b02dea660953cbbc15d8afa538ced0fa6b8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_33cc9",
                    table="audit_contextentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failedsignin",
            trigger=pgtrigger.compiler.Trigger(
                name="no_change",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="49c413ec6a72d64c20bea50fcd899a8f513ea93c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_no_change_ba0e1",
                    table="axes_accessfailurelog",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="failedsignin",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="4db5df7fab3687cb3157e58a4264ca6cdf2b8cda",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_bc17d",
                    table="axes_accessfailurelog",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historycontext",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="befbd58eb73f83191da1ae57b7565f5a8fea3260",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_7bb20",
                    table="pghistory_context",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historycontext",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="23f5963fe4bd6d28ef616e2bedbf9efd47d4aaff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_9ea8e",
                    table="pghistory_context",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historycontext",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_what_is_stated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    NEW.id := OLD.id;\n    NEW.created_at := OLD.created_at;\n    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);\n    RETURN NEW;\n",
                    hash="ec1c950481779cb29274ab028e293d1026be8b71",
                    operation="UPDATE",
                    pgid="pgtrigger_keep_what_is_stated_f5c01",
                    table="pghistory_context",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historycontext",
            trigger=pgtrigger.compiler.Trigger(
                name="enter_context",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO audit_contextentry (context_id, created_at, metadata) VALUES (NEW.id, NEW.created_at, NEW.metadata);\n    RETURN NULL;\n",
                    hash="36e98719c2462aa20464697a0f77fdca2e8db57b",
                    operation="INSERT",
                    pgid="pgtrigger_enter_context_25e31",
                    table="pghistory_context",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="no_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8fd47925e0fc6caedffa5792baa91d840cc15973",
                    operation="DELETE",
                    pgid="pgtrigger_no_delete_88b9c",
                    table="axes_accesslog",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
                    hash="23ee6628dd8c7a6421d3b88b1f6ebf09745498ac",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_0ca13",
                    table="axes_accesslog",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."user_agent" IS DISTINCT FROM (NEW."user_agent") OR OLD."ip_address" IS DISTINCT FROM (NEW."ip_address") OR OLD."username" IS DISTINCT FROM (NEW."username") OR OLD."http_accept" IS DISTINCT FROM (NEW."http_accept") OR OLD."path_info" IS DISTINCT FROM (NEW."path_info") OR OLD."attempt_time" IS DISTINCT FROM (NEW."attempt_time") OR OLD."session_hash" IS DISTINCT FROM (NEW."session_hash"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2618b7484e5235bd20530c542b00b4ac94a0da2d",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_only_f89b0",
                    table="axes_accesslog",
                    when="BEFORE",
                ),
            ),
        ),
    ]
