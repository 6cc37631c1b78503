"""Two acts at one moment, each on its own connection: the first has done everything but commit when the second begins.

The second either waits for a lock of the first or is through before it; then the first commits. Nothing depends on luck. `without`
names one lock that both acts go without, so that a race can show what the lock is for.
"""

from __future__ import annotations

import inspect
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, transaction

from tests.locks.finder import CHECKOUT

T = TypeVar("T")
Act = Callable[[], object]
PATIENCE_SECONDS, LOOK_SECONDS = 20.0, 0.004
_ROW_LOCK = re.compile(r" FOR (NO KEY )?UPDATE( OF (\"\w+\"(, )?)+)?")
_ADVISORY = re.compile(r"pg_(try_)?advisory\w*lock\b")


@dataclass(frozen=True)
class Lock:
    """A lock as the finder names it; `what` tells two of one function apart: a table, or the word an advisory lock is named by."""

    place: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.what}".strip()


@dataclass
class Outcome:
    """What became of the two acts: what each returned, or raised."""

    first: object = None
    second: object = None
    second_waited: bool = False

    @property
    def refused(self) -> list[str]:
        """The codes of refusals, or the names of other errors."""
        return [
            getattr(each, "code", "") or type(each).__name__
            for each in (self.first, self.second)
            if isinstance(each, BaseException)
        ]


@dataclass
class Pause:
    """Where the first act waits until the second has come as far as it can."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        self.reached.set()
        if not self.go.wait(PATIENCE_SECONDS):
            raise TimeoutError("the second act did not come")


def race(first: Callable[[Pause], object], second: Act, *, without: Lock | None = None) -> Outcome:
    """Let two acts meet; `first` calls its argument where it waits for the second."""
    outcome, pause, known = Outcome(), Pause(), {}

    def run(act: Act, name: str) -> None:
        try:
            connection.ensure_connection()
            known[name] = connection.connection.info.backend_pid
            with _going_without(without):
                setattr(outcome, name, act())
        except Exception as error:  # noqa: BLE001 - whatever it is, the race reports it
            setattr(outcome, name, error)
        finally:
            pause.reached.set()
            connection.close()

    one = threading.Thread(target=run, args=(lambda: first(pause), "first"))
    other = threading.Thread(target=run, args=(second, "second"))
    one.start()
    assert pause.reached.wait(PATIENCE_SECONDS)
    other.start()
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while other.is_alive() and time.monotonic() < give_up_at:
        if "second" in known and _waits_for_a_lock(known["second"]):
            outcome.second_waited = True
            break
        time.sleep(LOOK_SECONDS)
    pause.go.set()
    for thread in (one, other):
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
    return outcome


def committed(make: Callable[[], T]) -> T:
    """Make rows on a connection of their own, outside the transaction a test is taken back with."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_and_close, make).result()


def _and_close(make: Callable[[], T]) -> T:
    try:
        return make()
    finally:
        connection.close()


def before_commit(act: Act) -> Callable[[Pause], object]:
    """Let an act wait with everything done but the commit."""

    def with_pause(pause: Pause) -> object:
        with transaction.atomic():
            result = act()
            pause()
            return result

    return with_pause


def _waits_for_a_lock(process: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cardinality(pg_blocking_pids(%s)) > 0", [process]
        )  # pg_stat_activity stays as first looked at
        return bool(cursor.fetchone()[0])


@contextmanager
def _going_without(lock: Lock | None) -> Iterator[None]:
    """Take a lock out of the statements that the named function runs."""
    if lock is None:
        yield
        return

    def leave_out(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if _takes(lock, sql, params) and _is_run_by(lock):
            if _ADVISORY.search(sql):
                return execute("SELECT true", None, many, context)
            sql = _ROW_LOCK.sub("", sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(leave_out):
        yield


def _takes(lock: Lock, sql: str, params: Any) -> bool:
    if _ADVISORY.search(sql):
        return lock.what in sql or lock.what in map(str, params or ())
    return bool(_ROW_LOCK.search(sql)) and (not lock.what or f'FROM "{lock.what}"' in sql)


def _is_run_by(lock: Lock) -> bool:
    path, _, function = lock.place.partition("::")
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename == str(CHECKOUT / path) and frame.f_code.co_name in (function, "<dictcomp>"):
            return True
        if function == "module" and frame.f_code.co_filename == str(CHECKOUT / path):
            return True
        frame = frame.f_back
    return False
