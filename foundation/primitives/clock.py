"""The only place that reads the clock. Views, commands and tasks ask it and pass the value on.

Services, selectors and rules take `as_of` and `known_at` as arguments and never import this module. There are two times. Work is dated
by business time: days, deadlines, when something was received or decided. Sessions, second factors, tokens and the audit log are
dated by real time. They differ in a demonstration only, whose county lives in a month of its own (demo/business_day.py).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")

_shift: Callable[[], timedelta] = timedelta
"""What is added to the real moment: nothing, unless `shift_business_time` says otherwise."""


def now() -> datetime:
    """Return the present moment of business time, aware, in the business time zone."""
    return real_now() + _shift()


def today() -> date:
    """Return the business day: the calendar day in Asia/Shanghai, wherever the server is."""
    return now().date()


def is_shifted() -> bool:
    """Answer whether business time is another than real time."""
    return bool(_shift())


def real_now() -> datetime:
    """Return the present moment by which sessions, second factors, tokens and the audit log are dated."""
    return datetime.now(BUSINESS_ZONE)


def real_today() -> date:
    """Return the calendar day in Asia/Shanghai."""
    return real_now().date()


def shift_business_time(shift: Callable[[], timedelta]) -> None:
    """From now on, add what `shift` returns to the business time of this process."""
    global _shift
    _shift = shift
