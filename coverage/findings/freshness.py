"""How old the feeds of a night are: fresh, stale by the region's limit, or withdrawn. Written with its inputs.

A result that rests on a feed that is not fresh closes no gap (services/publishing.py); DATA_STALE names the feed itself.
"""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from coverage.findings.inputs import Inputs
from coverage.findings.tables import FEED, FEED_COLUMNS
from coverage.findings.workspace import NightWorkspace
from foundation.policy.selectors import get_parameter
from foundation.regions.models import Unit
from registry.constants import DeliveryState
from registry.models import Delivery

FRESH, STALE, WITHDRAWN = "fresh", "stale", "withdrawn"


def write_feeds(county: Unit, known_at: datetime, inputs: Inputs, workspace: NightWorkspace) -> int:
    """Write `feed`: one row a feed received or withdrawn, with its newest day and state. Two queries.

    Errors: ParameterMissing without feed_freshness_days.
    """
    as_of = workspace.as_of
    limits: dict[str, int] = get_parameter("feed_freshness_days", unit=county, on=as_of).value
    newest = {feed: date.fromisoformat(entries[0]["as_of"]) for feed, entries in inputs.items() if entries}
    withdrawn = _withdrawn(county, known_at, as_of, newest)
    rows = [
        {"feed": feed, "as_of": newest.get(feed), "state": _state(feed, newest.get(feed), withdrawn, limits, as_of)}
        for feed in sorted(newest.keys() | withdrawn)
    ]
    return workspace.write(FEED, pa.Table.from_pylist(rows, schema=FEED_COLUMNS))


def _state(feed: str, day: date | None, withdrawn: set[str], limits: dict[str, int], as_of: date) -> str:
    if day is None or feed in withdrawn:
        return WITHDRAWN
    return STALE if feed in limits and (as_of - day).days > limits[feed] else FRESH


def _withdrawn(county: Unit, known_at: datetime, as_of: date, newest: dict[str, date]) -> set[str]:
    """Return the feeds of which a file was withdrawn that described a later day than the newest one left."""
    undone = Delivery.objects.filter(
        county=county, state=DeliveryState.UNDONE, superseded_at__lte=known_at, as_of_date__lte=as_of
    ).values_list("feed", "as_of_date")
    return {feed for feed, day in undone if feed not in newest or day > newest[feed]}
