"""Worlds built once a process and written again for each test that asks: their rows are copied, not created one by one.

A world is what a function makes of an empty database. The rows keep their ids, so what a process remembers by ids is forgotten.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from casework.selectors import totals
from foundation.primitives.bounded_cache import BoundedCache
from foundation.regions import selectors as regions

T = TypeVar("T")
Rows = list[tuple[str, bytes]]
_BUILT: dict[Callable[[], object], tuple[bytes, Rows]] = {}
_FIRST = "regions_unit"
"""The table every world has rows in: it is empty before one is written."""


def written_once(build: Callable[[], T]) -> T:
    """Return what `build` returns, its rows written by it the first time in this process and copied afterwards."""
    if _has_rows(_FIRST) or not _may_copy():
        return build()
    if build not in _BUILT:
        before = {table for table in _tables() if _has_rows(table)}
        world = build()
        _BUILT[build] = pickle.dumps(world), _read_rows(before)
        return world
    pickled, rows = _BUILT[build]
    _write_rows(rows)
    _forget()
    made: T = pickle.loads(pickled)
    return made


def _tables() -> set[str]:
    """Name the tables that outlive a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
        return bool(cursor.fetchone()[0])


def _may_copy() -> bool:
    """Answer whether this user may write rows without their triggers: plugins/database.py grants it on a server of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def _read_rows(before: set[str]) -> Rows:
    """Read the tables that had no rows before the world was built."""
    rows = []
    for table in sorted(_tables() - before):
        if _has_rows(table):
            text = io.BytesIO()
            with connection.cursor() as cursor:
                cursor.cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
            rows.append((table, text.getvalue()))
    return rows


def _write_rows(rows: Rows) -> None:
    """Write rows as they were: what triggers made of them is among them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, text in rows:
            cursor.cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(text))
        cursor.execute("SET LOCAL session_replication_role = origin")
        _continue_after(cursor, [table for table, _text in rows])


def _continue_after(cursor: CursorWrapper, tables: list[str]) -> None:
    """Let ids go on after those copied: emptying the tables, as tests that commit do, begins them anew."""
    cursor.execute(
        "SELECT c.relname, a.attname, pg_get_serial_sequence(format('%%I', c.relname), a.attname) FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' WHERE c.relname = ANY(%s)",
        [tables],
    )
    for table, column, sequence in cursor.fetchall():
        largest = f'SELECT coalesce(max("{column}"), 1) FROM "{table}"'
        cursor.execute(f"SELECT setval('{sequence}', greatest(({largest}), (SELECT last_value FROM {sequence})))")


def _forget() -> None:
    totals._KEPT = BoundedCache(most=500)
    regions._gazetteer.cache_clear()
    cache.clear()
