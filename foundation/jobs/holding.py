"""A piece of work is held by a lock of the database session: it is free again the moment its process dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held(kind: str, work_id: int, *, wait: bool = False) -> Iterator[bool]:
    """Hold one piece of work of a kind; yield False when another process has it. With `wait`, wait for that process instead."""
    key = "hashtext(%s), %s"
    with connection.cursor() as cursor:
        lock = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        cursor.execute(f"SELECT {lock}({key})", [kind, work_id])
        if cursor.fetchone()[0] is False:
            yield False
            return
        try:
            yield True
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({key})", [kind, work_id])
