"""Which days a request may name: the bounds every form, API field and service shares. Pure; the caller passes today."""

from datetime import date, timedelta

EARLIEST_BIRTH = date(1850, 1, 1)
EARLIEST_DAY = date(1900, 1, 1)
LATEST_DAY = date(2200, 12, 31)
"""A database and a calendar know days long after; arithmetic over months and years must not run out of them."""


def is_day(day: date) -> bool:
    """Answer whether anything in this system can have happened, or be due, on a day."""
    return EARLIEST_DAY <= day <= LATEST_DAY


def is_day_of_data(day: date, *, today: date) -> bool:
    """Answer whether data can describe a day: tomorrow's too, because a sender's clock may be ahead."""
    return EARLIEST_DAY <= day <= today + timedelta(days=1)
