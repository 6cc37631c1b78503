"""The one clock of gaps: how many days open, whether overdue, whether older than a limit. One value in Python, a column in SQL.

A gap is as old as its installation has known it: it counts from the day the nightly run recorded it (`opened_at`, in China's
time), not from the day its data describe (`opened_on`). Days before anybody here could know of it are nobody's delay. It is
overdue once its due day has passed; that day, too, is counted from the day it was known (services/opening_gaps.py).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import DateField, DurationField, ExpressionWrapper, Q, Value
from django.db.models.functions import Greatest, TruncDate

from foundation.primitives.clock import BUSINESS_ZONE


def known_on(opened_at: datetime) -> date:
    """Return the business day on which a gap became known here."""
    return opened_at.astimezone(BUSINESS_ZONE).date()


def days_open(opened_at: datetime, today: date) -> int:
    """Return for how many days a gap has been known; on its first day none."""
    return max((today - known_on(opened_at)).days, 0)


def is_overdue(due_on: date | None, today: date) -> bool:
    """Answer whether a due day has passed; what has no due day is never overdue."""
    return due_on is not None and due_on < today


def age_column(today: date) -> ExpressionWrapper:
    """Return `days_open` of each gap, as a time span of whole days, for sums and the oldest."""
    known = Greatest(Value(timedelta(0), DurationField()), _since(today))
    return ExpressionWrapper(known, DurationField())


def _since(today: date) -> ExpressionWrapper:
    known = TruncDate("opened_at", tzinfo=BUSINESS_ZONE)
    return ExpressionWrapper(Value(today, DateField()) - known, DurationField())


def overdue_on(today: date) -> Q:
    """Return the condition that a gap is overdue."""
    return Q(due_on__lt=today)


def known_before(day: date) -> Q:
    """Return the condition that a gap was known before a day."""
    return Q(opened_at__lt=datetime.combine(day, time.min, BUSINESS_ZONE))


def first_young_day(today: date, limit_days: int) -> date:
    """Return the first day whose gaps are not older than a limit today: those known before it are open for more days than that."""
    return today - timedelta(days=limit_days)
