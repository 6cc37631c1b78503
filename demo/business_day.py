"""The business time of a demonstration: its county lives in the month of its files, whatever the calendar says.

Set while the demonstration is loaded and by `demo_day`; it runs on from there at the pace of real time, and never goes back. Every
process follows within seconds.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from time import monotonic

from django.db import DatabaseError

from demo.models import DemoMark, DemoTime
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict

FIRST_DAY = date(2019, 2, 1)
"""The morning after the second month's files describe their last day."""
MORNING = time(8, 30)
SECONDS_KEPT = 30.0


def follow_demo_time() -> None:
    """Let this process's business time be the demonstration's, where the database is one."""
    clock.shift_business_time(_shift)


def set_demo_time(*, to: datetime, at: datetime) -> DemoTime:
    """Let business time run on from a moment. `at`: the real moment.

    Effects: one row in demo_demotime; this process follows at once, others within SECONDS_KEPT.
    Errors: Conflict in a database that is no demonstration; BadInput for a moment before the present business time.
    """
    if not DemoMark.objects.exists():
        raise Conflict("This database is no demonstration: its business day is the calendar's.")
    present = at + _newest_shift()
    if DemoTime.objects.exists() and to < present:
        raise BadInput(
            f"The demonstration's day can only move forward; it is {present:%Y-%m-%d %H:%M} there.",
            code="demo_time_back",
        )
    row = DemoTime.objects.create(set_at=at, business_at=to)
    _Known.until = 0.0
    follow_demo_time()
    return row


def reach_demo_time(moment: datetime) -> None:
    """Let business time be at least a moment; nothing changes where it is later already."""
    follow_demo_time()
    if clock.now() < moment or not DemoTime.objects.exists():
        set_demo_time(to=moment, at=clock.real_now())


def morning_of(day: date) -> datetime:
    """Return the moment an office opens on a day."""
    return datetime.combine(day, MORNING, clock.BUSINESS_ZONE)


class _Known:
    """What this process read last; another process may have set it since."""

    shift = timedelta()
    until = 0.0


def _shift() -> timedelta:
    if monotonic() >= _Known.until:
        with suppress(DatabaseError):  # not migrated yet, or in the middle of a refused statement: as before
            _Known.shift = _newest_shift()
        _Known.until = monotonic() + SECONDS_KEPT
    return _Known.shift


def _newest_shift() -> timedelta:
    newest = DemoTime.objects.order_by("-pk").first()
    return newest.business_at - newest.set_at if newest is not None else timedelta()
