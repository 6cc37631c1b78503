"""What the three database roles may do: the owner migrates, the app is the web server and worker, the reader only reads.

Declared here and applied after every migration by `initialise`, in one transaction. The triggers of append-only
tables refuse a change; these grants also keep the app from changing rows there and from removing the triggers.
"""

from collections.abc import Iterable, Iterator

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

READ_ONLY = ("django_migrations",)  # the app sees what was migrated
HIDDEN_TABLES = ("django_session", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog", "mfa_authenticator")
HIDDEN_COLUMNS = {
    "registry_identitynumber": ("ciphertext",),
    "registry_contactpoint": ("ciphertext",),
    "registry_bankaccount": ("ciphertext",),
    "accounts_user": ("password",),
    "accounts_clienttoken": ("token_hash",),
    "accounts_signinfailure": ("account_hash", "device"),
}


def apply_grants() -> str:
    """Grant app and reader what the lists above name, and revoke everything else.

    Effects: replaces their rights on all tables and sequences of the schema. Safe to run again.
    """
    roles = settings.DATABASE_ROLES
    if roles.app == roles.owner:
        return "one role does everything"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grants'))")
        tables = connection.introspection.table_names(cursor)
        for statement in [*_for_app(roles.app, tables), *(_for_reader(roles.reader, tables) if roles.reader else ())]:
            cursor.execute(statement)
    return f"{len(tables)} tables"


def protected_tables(operation: pgtrigger.Operation) -> list[str]:
    """Return the tables whose own triggers refuse the operation for every row: a role needs no right to it."""
    return sorted(
        model._meta.db_table  # noqa: SLF001
        for model in apps.get_models()
        if any(_refuses(each, operation) for each in _triggers(model))
    )


def _triggers(model: type[Model]) -> Iterable[pgtrigger.Trigger]:
    return getattr(model._meta, "triggers", ())  # noqa: SLF001


def _refuses(trigger: pgtrigger.Trigger, operation: pgtrigger.Operation) -> bool:
    """ReadOnly lets some columns change, so the right stays."""
    always = isinstance(trigger, pgtrigger.Protect) and not isinstance(trigger, pgtrigger.ReadOnly)
    return always and trigger.condition is None and str(operation) in str(trigger.operation).split(" OR ")


def _for_app(role: str, tables: list[str]) -> Iterator[str]:
    """Rows of every table, but no change of append-only ones; temporary tables; no schema, no TRUNCATE."""
    name = _quote(role)
    yield from _revoke_everything(name)
    yield f"GRANT TEMPORARY ON DATABASE {_quote(str(connection.settings_dict['NAME']))} TO {name}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    for right, operation in (("UPDATE", pgtrigger.Update), ("DELETE", pgtrigger.Delete)):
        kept = _existing(protected_tables(operation), tables)
        if kept:
            yield f"REVOKE {right} ON {kept} FROM {name}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {_existing(READ_ONLY, tables)} FROM {name}"


def _for_reader(role: str, tables: list[str]) -> Iterator[str]:
    """Every table but secrets and sessions; of tables that hold a secret, the other columns."""
    name = _quote(role)
    yield from _revoke_everything(name)
    open_tables = [table for table in tables if table not in HIDDEN_TABLES and table not in HIDDEN_COLUMNS]
    yield f"GRANT SELECT ON {_existing(open_tables, tables)} TO {name}"
    for table, hidden in HIDDEN_COLUMNS.items():
        if table in tables:
            columns = [column for column in _columns(table) if column not in hidden]
            yield f"GRANT SELECT ({', '.join(map(_quote, columns))}) ON {_quote(table)} TO {name}"


def _revoke_everything(name: str) -> Iterator[str]:
    yield f"GRANT CONNECT ON DATABASE {_quote(str(connection.settings_dict['NAME']))} TO {name}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _existing(names: Iterable[str], tables: list[str]) -> str:
    return ", ".join(_quote(name) for name in names if name in tables)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
