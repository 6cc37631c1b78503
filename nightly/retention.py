"""Prepared rolls that nothing needs any longer: their files are removed after the region's retention, their rows stay.

A prepared roll has the name and number of every stranger of a county. What a clerk decided keeps its own evidence
(coverage/models/decision.py), so no decision needs the roll it was made on; the delivery itself stays as encrypted original.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from coverage.constants import LinkAction
from coverage.models import Link
from foundation.audit.actors import OPERATOR
from foundation.audit.services import Event, record_events
from foundation.jobs.long_work import OPEN_STATES, RunState
from foundation.policy.selectors import get_parameter
from foundation.regions.models import Unit
from nightly.models import NightRun
from registry.constants import ROLL_FEEDS, DeliveryState
from registry.models import RollSnapshot
from registry.services.snapshots import remove_prepared

KEPT_DAYS = 2
"""How many of a scheme's newest days stay whatever their age: the roll in force, and the one it is compared with."""


def remove_old_snapshots(*, at: datetime) -> int:
    """Remove the files of prepared rolls that are older than their county's retention and that nothing pins; return how many.

    Never earlier than a file may be undone.

    Pinned are the newest two days of each scheme, what an open night or the county's last one rests on, and what an undecided possible
    match shows. Effects: files under DATA_DIR; audit verb remove_snapshot for each. Safe to run again, one county after the other.
    """
    counties = Unit.objects.filter(pk__in=RollSnapshot.objects.values("delivery__county"))
    return sum(_remove_in(county, at) for county in counties)


@transaction.atomic
def _remove_in(county: Unit, at: datetime) -> int:
    periods = [
        get_parameter(name, unit=county, on=at.date()) for name in ("snapshot_retention_days", "undo_within_days")
    ]
    days = max(int(period.value) for period in periods)
    snapshots = RollSnapshot.objects.filter(delivery__county=county).select_related("delivery", "delivery__county")
    pinned = _list_pinned(county, list(snapshots))
    old = [
        each
        for each in snapshots
        if each.delivery_id not in pinned
        and each.prepared_at < at - timedelta(days=days)
        and (Path(settings.DATA_DIR) / each.path).exists()
    ]
    record_events(
        actor=OPERATOR,
        events=[
            Event(
                "remove_snapshot", "delivery", each.delivery_id, detail={"scheme": each.scheme, "rows": each.row_count}
            )
            for each in old
        ],
    )
    for each in old:
        transaction.on_commit(partial(remove_prepared, each.delivery))
    return len(old)


def _list_pinned(county: Unit, snapshots: list[RollSnapshot]) -> set[int]:
    """Return the deliveries whose snapshots something still reads. Three queries."""
    nights = NightRun.objects.filter(county=county)
    last = nights.filter(state=RunState.DONE).order_by("-finished_at").first()
    needed = [*nights.filter(state__in=OPEN_STATES), *([last] if last else [])]
    pinned = {entry["delivery"] for night in needed for feed in ROLL_FEEDS for entry in night.inputs.get(feed, [])}
    pinned |= set(
        Link.objects.as_known().filter(county=county, action=LinkAction.REVIEW).values_list("delivery_id", flat=True)
    )
    for scheme in ROLL_FEEDS:
        applied = [
            each.delivery
            for each in snapshots
            if each.scheme == scheme and each.delivery.state == DeliveryState.APPLIED
        ]
        newest_days = sorted({delivery.as_of_date for delivery in applied})[-KEPT_DAYS:]
        pinned |= {delivery.pk for delivery in applied if delivery.as_of_date in newest_days}
    return pinned
