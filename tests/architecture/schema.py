"""The catalogue of the tests' database, and how one rule of a table is tried alone: with every other one of the table gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

MODELS: dict[str, type[Model]] = {
    model._meta.label: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
}
BY_TABLE = {model._meta.db_table: model for model in MODELS.values()}
NO_MODEL = frozenset({"django_migrations"})

_RULES = """
SELECT c.relname, r.name, r.kind FROM (
    SELECT conrelid AS relation, conname::text AS name, contype::text AS kind FROM pg_constraint WHERE contype IN ('c', 'x')
    UNION ALL
    SELECT indrelid, i.relname, CASE WHEN indisprimary THEN 'p' ELSE 'u' END
    FROM pg_index JOIN pg_class i ON i.oid = indexrelid WHERE indisunique
    UNION ALL
    SELECT tgrelid, tgname::text, 't' FROM pg_trigger WHERE NOT tgisinternal
) r JOIN pg_class c ON c.oid = r.relation
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1, 2
"""
_KEYS = """
SELECT i.relname, (SELECT string_agg(replace(pg_get_indexdef(i.oid, place, true), '"', ''), ', ' ORDER BY place)
    FROM generate_series(1, x.indnkeyatts) place)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indisunique AND NOT x.indisprimary AND i.relnamespace = 'public'::regnamespace
"""
_OTHERS = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I CASCADE', c.relname, k.conname)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.oid = %(table)s::regclass AND k.conname <> %(keep)s AND k.contype IN ('c', 'u', 'x', 'f')
UNION ALL
SELECT format('DROP INDEX %%I', i.relname)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = %(table)s::regclass AND x.indisunique AND i.relname <> %(keep)s
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid)
UNION ALL
SELECT format('ALTER TABLE %%I DISABLE TRIGGER %%I', c.relname, t.tgname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.oid = %(table)s::regclass AND NOT t.tgisinternal AND t.tgname <> %(keep)s
"""


@dataclass(frozen=True)
class Rule:
    """One rule of a table; kind: c check, x exclusion, p primary key, u unique, t trigger."""

    table: str
    name: str
    kind: str


def rules(*kinds: str) -> list[Rule]:
    """List the rules of these kinds of every table."""
    with connection.cursor() as cursor:
        cursor.execute(_RULES)
        return [Rule(*row) for row in cursor.fetchall() if row[2] in kinds]


def key_columns() -> dict[str, str]:
    """Return unique key -> its columns, as the database writes them."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        return dict(cursor.fetchall())


@contextmanager
def undone_after() -> Iterator[None]:
    """Take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def leave_only(rule: Rule) -> None:
    """Drop every other constraint of the table, and switch off its other triggers, so that only this one can refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_OTHERS, {"table": rule.table, "keep": rule.name})
        if statements := [row[0] for row in cursor.fetchall()]:
            cursor.execute(";".join(statements))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def remove(rule: Rule) -> None:
    """Take the rule itself away."""
    with connection.cursor() as cursor:
        if rule.kind == "t":
            cursor.execute(f'ALTER TABLE "{rule.table}" DISABLE TRIGGER "{rule.name}"')
            return
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s AND contype <> 't'", [rule.name])
        if cursor.fetchone():
            cursor.execute(f'ALTER TABLE "{rule.table}" DROP CONSTRAINT "{rule.name}" CASCADE')
        else:
            cursor.execute(f'DROP INDEX "{rule.name}"')


def refusal_of(act: Callable[[], int]) -> str:
    """Return what the database refused an act with: the constraint's name, the trigger's message; empty when it did not.

    What it did is taken back. Errors: ValueError when it touches no row, which nothing could refuse.
    """
    try:
        with undone_after():
            if not act():
                raise ValueError("the act touches no row")
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        return str(getattr(diagnosis, "constraint_name", None) or error).splitlines()[0]
    return ""


def run(statement: str, values: list[Any] | None = None) -> int:
    """Run a statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or [])
        return int(cursor.rowcount)


def copy(row: Model, /, **changes: Any) -> int:
    """Insert a copy of a row under another id, with other values in some columns."""
    meta = row._meta
    columns, parts, values = [], [], []
    for field in meta.concrete_fields:
        columns.append(f'"{field.column}"')
        if field.attname in changes:
            parts.append("%s")
            values.append(field.get_db_prep_save(changes[field.attname], connection))
        elif field.primary_key:
            parts.append(_another(str(field.column), field.get_internal_type()))
        else:
            parts.append(f'"{field.column}"')
    table = f'"{meta.db_table}"'
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(parts)} FROM {table}"
    return run(f'{statement} WHERE "{key_of(row)}" = %s', [*values, row.pk])


def change(row: Model, /, **changes: Any) -> int:
    """Change columns of a row past Django."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    parts = ", ".join(f'"{fields[name].column}" = %s' for name in changes)
    values = [fields[name].get_db_prep_save(value, connection) for name, value in changes.items()]
    return run(f'UPDATE "{row._meta.db_table}" SET {parts} WHERE "{key_of(row)}" = %s', [*values, row.pk])


def alter(row: Model, column: str) -> int:
    """Give one column of a row another value of its type."""
    kinds = {field.column: field.get_internal_type() for field in row._meta.concrete_fields}
    value = _another(column, kinds[column])
    return run(f'UPDATE "{row._meta.db_table}" SET "{column}" = {value} WHERE "{key_of(row)}" = %s', [row.pk])


def truncate(table: str) -> int:
    """Empty a table and what refers to it; whatever it holds counts as one row."""
    run(f'TRUNCATE "{table}" CASCADE')
    return 1


def delete(row: Model) -> int:
    """Delete a row past Django."""
    return run(f'DELETE FROM "{row._meta.db_table}" WHERE "{key_of(row)}" = %s', [row.pk])


def count(table: str) -> int:
    """Count the rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def key_of(row: Model) -> str:
    """Return the column of the primary key, which Django names alike."""
    return str(row._meta.pk.column)


def columns_of(model: type[Model]) -> set[str]:
    """Return the columns of a table."""
    return {str(field.column) for field in model._meta.concrete_fields}


def _another(column: str, kind: str) -> str:
    """Return SQL for another value of a column."""
    quoted = f'"{column}"'
    if kind in ("CharField", "TextField", "GenericIPAddressField"):
        other, usual = ("'127.0.0.2'::inet", "'127.0.0.3'::inet") if kind == "GenericIPAddressField" else ("'y'", "'z'")
        return f"CASE WHEN {quoted} = {other} THEN {usual} ELSE {other} END"
    if kind in ("DateField", "DateTimeField"):
        return f"coalesce({quoted}, '2019-01-01') + interval '1 day'"
    if kind == "BooleanField":
        return f"NOT coalesce({quoted}, false)"
    if kind == "JSONField":
        return f"""CASE WHEN {quoted} = '["other"]' THEN '[]'::jsonb ELSE '["other"]'::jsonb END"""
    if kind == "BinaryField":
        return f"{quoted} || '\\x01'::bytea"
    if kind == "ArrayField":
        return f"array_append({quoted}, NULL)"
    if kind == "UUIDField":
        return "gen_random_uuid()"
    return f"coalesce({quoted}, 0) + {1 if 'Small' in kind else 1_000_000}"
