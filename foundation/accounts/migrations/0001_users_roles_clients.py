import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import foundation.regions.models.unit


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("display_name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "language",
                    models.CharField(blank=True, choices=[("zh-hans", "Chinese"), ("en", "English")], max_length=10),
                ),
                ("must_change_password", models.BooleanField(default=False)),
                ("session_epoch", models.PositiveIntegerField(default=0)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "home_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                ("first_password_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="ClientToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("token_hash", models.CharField(max_length=64)),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "first_token",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.clienttoken",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("token_hash",), name="clienttoken_hash_once"),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")), name="clienttoken_hash_is_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verbs__len__gt", 0)), name="clienttoken_allows_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientTokenEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100)),
                (
                    "verbs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
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
                        to="accounts.clienttoken",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "first_token",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.clienttoken",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("request_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.clienttoken"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotencykey_created")],
                "constraints": [models.UniqueConstraint(fields=("client", "key"), name="idempotencykey_once")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("village_official", "Village helper"),
                            ("township_clerk", "Township clerk"),
                            ("county_clerk", "County clerk"),
                            ("county_reviewer", "County reviewer"),
                            ("county_approver", "County approver"),
                            ("finance", "Finance"),
                            ("supervisor", "Supervisor"),
                            ("sysadmin", "System administrator"),
                            ("secadmin", "Security administrator"),
                            ("auditor", "Audit administrator"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="regions.unit"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "village_official",
                                    "township_clerk",
                                    "county_clerk",
                                    "county_reviewer",
                                    "county_approver",
                                    "finance",
                                    "supervisor",
                                    "sysadmin",
                                    "secadmin",
                                    "auditor",
                                ],
                            )
                        ),
                        name="membership_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="membership_valid_range_in_order",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("role", "="),
                            ("unit", "="),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="membership_once_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            (
                                models.Case(
                                    models.When(role__in=["sysadmin", "secadmin", "auditor"], then=models.F("role")),
                                    default=models.Value("case work"),
                                    output_field=models.CharField(),
                                ),
                                "<>",
                            ),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="membership_administrators_are_nothing_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deputies", to="accounts.membership"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["deputy", "valid_to"], name="deputy_by_deputy")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("deputy")), _negated=True), name="deputy_is_another_user"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="deputy_valid_range_in_order",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("membership", "="),
                            (foundation.regions.models.unit.DateRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="deputy_one_at_a_time",
                    ),
                ],
            },
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
                (
                    "absent",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
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
                        to="accounts.deputy",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("village_official", "Village helper"),
                            ("township_clerk", "Township clerk"),
                            ("county_clerk", "County clerk"),
                            ("county_reviewer", "County reviewer"),
                            ("county_approver", "County approver"),
                            ("finance", "Finance"),
                            ("supervisor", "Supervisor"),
                            ("sysadmin", "System administrator"),
                            ("secadmin", "Security administrator"),
                            ("auditor", "Audit administrator"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
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
                        to="accounts.membership",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("display_name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "language",
                    models.CharField(blank=True, choices=[("zh-hans", "Chinese"), ("en", "English")], max_length=10),
                ),
                ("must_change_password", models.BooleanField(default=False)),
                ("session_epoch", models.PositiveIntegerField(default=0)),
                (
                    "home_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="regions.unit",
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
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_password_until", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RefusedTokens",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField()),
                ("count", models.PositiveBigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_hash", models.CharField(max_length=64)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="refusedtokens",
            constraint=models.UniqueConstraint(fields=("hour",), name="refusedtokens_hour_once"),
        ),
        migrations.AddIndex(
            model_name="signinfailure",
            index=models.Index(fields=["account_hash", "at"], name="signinfailure_by_account"),
        ),
        migrations.AddIndex(
            model_name="signinfailure",
            index=models.Index(fields=["address", "at"], name="signinfailure_by_address"),
        ),
        migrations.AddIndex(
            model_name="signinfailure",
            index=models.Index(fields=["at"], name="signinfailure_at"),
        ),
        migrations.AddConstraint(
            model_name="signinfailure",
            constraint=models.CheckConstraint(
                condition=models.Q(("account_hash__regex", "^[0-9a-f]{64}$")), name="signinfailure_names_no_account"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_userevent" ("date_joined", "display_name", "email", "first_password_until", "home_unit_id", "id", "is_active", "is_staff", "is_superuser", "language", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_epoch", "username") VALUES (NEW."date_joined", NEW."display_name", NEW."email", NEW."first_password_until", NEW."home_unit_id", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."must_change_password", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."session_epoch", NEW."username"); RETURN NULL;',
                    hash="3a41b3c4f13978208af159db78bb1277505c0f9e",
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
                    condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."display_name" IS DISTINCT FROM (NEW."display_name") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_password_until" IS DISTINCT FROM (NEW."first_password_until") OR OLD."home_unit_id" IS DISTINCT FROM (NEW."home_unit_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."must_change_password" IS DISTINCT FROM (NEW."must_change_password") OR OLD."session_epoch" IS DISTINCT FROM (NEW."session_epoch") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                    func='INSERT INTO "accounts_userevent" ("date_joined", "display_name", "email", "first_password_until", "home_unit_id", "id", "is_active", "is_staff", "is_superuser", "language", "must_change_password", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "session_epoch", "username") VALUES (NEW."date_joined", NEW."display_name", NEW."email", NEW."first_password_until", NEW."home_unit_id", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."must_change_password", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."session_epoch", NEW."username"); RETURN NULL;',
                    hash="8ad5267f11dbda6fd163b4f24d285bfdfc2e6b5f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0e890",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttoken",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_clienttokenevent" ("expires_at", "first_token_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "unit_id", "verbs") VALUES (NEW."expires_at", NEW."first_token_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."unit_id", NEW."verbs"); RETURN NULL;',
                    hash="fb9a131339038ff716ce79053e4d8c74867bead0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8ccca",
                    table="accounts_clienttoken",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttoken",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."first_token_id" IS DISTINCT FROM (NEW."first_token_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."verbs" IS DISTINCT FROM (NEW."verbs"))',
                    func='INSERT INTO "accounts_clienttokenevent" ("expires_at", "first_token_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "unit_id", "verbs") VALUES (NEW."expires_at", NEW."first_token_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."unit_id", NEW."verbs"); RETURN NULL;',
                    hash="fe65ee0da8c586ad75053b00f891fb4b2985d008",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d9212",
                    table="accounts_clienttoken",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clienttokenevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ee5cff0d4fbf96702c07968739ce42c908570eed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c2463",
                    table="accounts_clienttokenevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "unit_id", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."unit_id", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="b7ed981aa493f08ab5562a24efe58faa4ea8602b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fc05a",
                    table="accounts_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "unit_id", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."unit_id", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="f8b1c583929d543408013d9a016f5f7d7ee0f1eb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_20ab5",
                    table="accounts_membership",
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
        pgtrigger.migrations.AddTrigger(
            model_name="deputy",
            trigger=pgtrigger.compiler.Trigger(
                name="fits_its_membership",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="-- Inputs:  NEW, the row of accounts_deputy to be written; accounts_membership; administrators: the list of their roles, put in by\n--          models/deputy.py\n-- Output:  NEW, or check_violation\n-- Rule:    a deputy replaces the absent user in one of that user's own memberships, never an administrator, and is no administrator\n--          on any of the days. Source: docs/security.md#who-may-do-what\nIF NOT EXISTS (\n    SELECT 1 FROM accounts_membership m\n    WHERE m.id = NEW.membership_id AND m.user_id = NEW.absent_id AND m.role NOT IN ('sysadmin', 'secadmin', 'auditor')\n) THEN\n    RAISE EXCEPTION 'deputy_fits_its_membership: only a case work role of the absent user can have a deputy'\n        USING ERRCODE = 'check_violation';\nEND IF;\nIF EXISTS (\n    SELECT 1 FROM accounts_membership m\n    WHERE m.user_id = NEW.deputy_id AND m.role IN ('sysadmin', 'secadmin', 'auditor')\n        AND daterange(m.valid_from, m.valid_to) && daterange(NEW.valid_from, NEW.valid_to)\n) THEN\n    RAISE EXCEPTION 'deputy_is_no_administrator: administrators are no deputies'\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="2782d050fa9925ab8cb8df193718a18f0cc4b4fe",
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
            model_name="membershipevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e1f05704110766345bef638c18be4307af995a77",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9ee6c",
                    table="accounts_membershipevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="userevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9e9498e73f6fbdf2642fb33fa14189f1ad2382c8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_45b21",
                    table="accounts_userevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
