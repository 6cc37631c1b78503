"""The night a month is exported from, and what the statements in sql/ take from it."""

from __future__ import annotations

from datetime import date

from foundation.jobs.long_work import RunState
from foundation.primitives.errors import NotFound
from foundation.primitives.periods import add_months
from foundation.regions.models import Unit
from nightly.models import NightRun
from registry.constants import PERSON_FEEDS


def get_last_night(county: Unit, month: date) -> NightRun:
    """Return the county's last finished night as of a day in the month.

    Errors: NotFound.
    """
    night = (
        NightRun.objects.filter(
            county=county, state=RunState.DONE, as_of_date__gte=month, as_of_date__lt=add_months(month, 1)
        )
        .order_by("-finished_at")
        .first()
    )
    if night is None:
        raise NotFound(
            f"No finished night of {county.code[:6]} as of a day in {month:%Y-%m}; run one first.", code="no_night"
        )
    return night


def get_newest_night(county: Unit) -> NightRun:
    """Return the county's last finished night. Errors: NotFound."""
    night = NightRun.objects.filter(county=county, state=RunState.DONE).order_by("-finished_at").first()
    if night is None:
        raise NotFound(f"No finished night of {county.code[:6]}; run one first.", code="no_night")
    return night


def night_values(county: Unit, month: date) -> dict[str, object]:
    """Return the values of a month's last night: when it finished, and the lists of poor persons it rests on.

    Errors: NotFound.
    """
    night = get_last_night(county, month)
    return {"at": night.finished_at, "deliveries": list_deliveries(night)}


def compared_values(county: Unit, month: date) -> dict[str, object]:
    """Return the values of a month's last night and of the last one of the month before. Errors: NotFound."""
    night, before = get_last_night(county, month), get_last_night(county, add_months(month, -1))
    return {
        "at": night.finished_at,
        "deliveries": list_deliveries(night),
        "before": before.finished_at,
        "deliveries_before": list_deliveries(before),
    }


def list_deliveries(night: NightRun) -> list[int]:
    """List the ids of the lists of poor persons a night rests on."""
    return [entry["delivery"] for feed in PERSON_FEEDS for entry in night.inputs.get(feed, [])]
