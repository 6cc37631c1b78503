"""Lists of which not every part has come yet (comparison/parts.py): no night uses them, nobody leaves a list by them.

A list that somebody declared complete without its missing parts (services/completing.py) is whole from that moment on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from registry.models import Delivery


@dataclass(frozen=True)
class HalfList:
    """A feed's list of a day, and the names of the parts that have not come."""

    feed: str
    day: date
    missing: list[str]


def list_half_lists(county_id: int, *, known_at: datetime | None = None) -> list[HalfList]:
    """List the lists in force that are not whole, or were not at a moment, by feed and day. One query.

    What was missing is kept with the file applied last: with each file of a list it was found anew.
    """
    files = Delivery.objects.filter(county=county_id, corrects=None)
    if known_at is None:
        files = files.applied()
    else:
        files = files.filter(applied_at__lte=known_at).filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at)
        )
    last = files.order_by("feed", "as_of_date", "-applied_at", "-pk").distinct("feed", "as_of_date")
    rows = last.values_list("feed", "as_of_date", "missing_parts", "completed_at")
    return [
        HalfList(feed, day, missing)
        for feed, day, missing, completed_at in rows
        if missing and (completed_at is None or (known_at is not None and completed_at > known_at))
    ]
