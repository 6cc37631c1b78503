"""What each feed brought month by month: the rows of the month's newest whole list, and the day its first file came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, Min, Sum
from django.db.models.functions import Cast, TruncDate

from foundation.accounts.actors import Actor
from foundation.primitives.clock import BUSINESS_ZONE
from registry.constants import DeliveryState
from registry.selectors.deliveries import deliveries_in_scope


@dataclass(frozen=True)
class FeedMonth:
    """One feed's list of one month: rows over all its parts, and the day the first of them came."""

    feed: str
    month: date
    rows: int
    came_on: date | None


def list_feed_months(actor: Actor) -> list[FeedMonth]:
    """List the lists applied, by feed and month. One query."""
    applied = deliveries_in_scope(actor).filter(state=DeliveryState.APPLIED, corrects=None)
    counted = applied.values("feed", "as_of_date").annotate(
        row_count=Sum(Cast(F("row_counts__rows"), IntegerField())),
        first=Min(TruncDate("received_at", tzinfo=BUSINESS_ZONE)),
    )
    found: dict[tuple[str, date], FeedMonth] = {}
    for row in counted.order_by("feed", "as_of_date"):  # the newest list of a month is the last
        month = row["as_of_date"].replace(day=1)
        found[row["feed"], month] = FeedMonth(row["feed"], month, row["row_count"] or 0, row["first"])
    return list(found.values())
