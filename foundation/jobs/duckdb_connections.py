"""Connections to the one in-memory DuckDB of this process: each has temporary tables, views, macros and variables of its own.

Opening one takes 0.5 ms; an instance of its own takes 24 ms, which a night of a small county pays fifteen times. What does not fit
into memory goes to DATA_DIR/spill, never into the folder a process was started in: it may hold decrypted numbers.
"""

from __future__ import annotations

import atexit
import os
import shutil
import threading
from datetime import datetime

import duckdb
from django.conf import settings

from foundation.jobs.limits import limited_bytes

SPILL = "spill"
SHARE_OF_LIMIT = 0.6
_LOCK = threading.Lock()
_instances: dict[int, duckdb.DuckDBPyConnection] = {}
"""By process: an instance has threads, which a fork does not take along."""


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """Return a new connection; whoever opens it closes it, which frees its temporary tables.

    Create only temporary objects: others would be seen by every connection of the process.
    """
    with _LOCK:
        instance = _instances.get(os.getpid())
        if instance is not None and (connection := _connection_to(instance)) is not None:
            return connection
        _instances.clear()
        _instances[os.getpid()] = duckdb.connect(config=_settings())
        return _instances[os.getpid()].cursor()


@atexit.register
def _close_all() -> None:
    """Close before the interpreter takes modules apart, or the library reports its objects as leaked."""
    _instances.clear()


def _settings() -> dict[str, str | bool | int | float | list[str]]:
    """Where a process has a limit of its own, DuckDB begins to spill well below it."""
    spill = settings.DATA_DIR / SPILL / f"duckdb-{os.getpid()}"
    chosen: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(spill)}
    if (most := limited_bytes()) is not None:
        chosen["memory_limit"] = f"{int(most * SHARE_OF_LIMIT) >> 20}MiB"
    return chosen


def _connection_to(instance: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection | None:
    """Return a connection; None when the instance no longer works: an internal error of DuckDB invalidates it for good."""
    try:
        connection = instance.cursor()
        connection.execute("SELECT 1").fetchall()
    except duckdb.Error:
        return None
    return connection


def wipe_left_spill(*, before: datetime) -> int:
    """Remove what processes killed while they spilled have left; return how many folders. Safe to run again."""
    left = [path for path in (settings.DATA_DIR / SPILL).glob("duckdb-*") if path.stat().st_mtime < before.timestamp()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def quoted(text: str) -> str:
    """Return a text as a literal, for statements that take no parameters: CREATE VIEW, COPY."""
    return "'" + text.replace("'", "''") + "'"
