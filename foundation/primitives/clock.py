"""The only place that reads the clock. Views, commands and tasks ask it and pass the value on.

Services, selectors and rules take `as_of` and `known_at` as arguments and never import this module.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, aware, in the business time zone."""
    return datetime.now(BUSINESS_ZONE)


def today() -> date:
    """Return the business day: the calendar day in Asia/Shanghai, wherever the server is."""
    return now().date()
