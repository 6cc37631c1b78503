"""The counts of a month that pictures show over time: stored by the night, a row a unit and measure; read by unit.

A night as of an earlier day than another of the same month changes nothing. Called by the last step of a night, and by pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Max, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from casework.models import Gap
from casework.selectors.worklist import is_settled
from coverage.selectors.rates import EXEMPT, INSURED
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, is_of_county_around
from foundation.jobs.long_work import RunState
from foundation.primitives.periods import add_months
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, Level
from nightly.models import MonthFigure, NightRun

GAP_PREFIX = "gap_"
_COUNT_PERSONS = (Path(__file__).parent / "sql" / "01_count_month.sql").read_text("utf-8")


@dataclass(frozen=True)
class MonthCount:
    """One count of one month, and the newest day it describes."""

    month: date
    measure: str
    count: int
    as_of: date


@dataclass(frozen=True)
class UnitCount:
    """One count of a unit directly below another, in the newest month."""

    code: str
    name: str
    measure: str
    count: int
    as_of: date


@dataclass(frozen=True)
class County:
    """A county by name and place."""

    name: str
    path: str


@dataclass(frozen=True)
class MonthNights:
    """Which months a unit's counties have nights of: the newest month, and month -> the counties without a night as of a day of it."""

    newest: date | None
    without: dict[date, list[County]]


def store_month_figures(cursor: CursorWrapper, run: NightRun) -> None:
    """Replace the county's figures of the night's month by what is current now. Effects: MonthFigure, in the night's transaction.

    Nothing when a night as of a later day of the month is done. Cost: 0.2 s for 5,000 persons in 380 units.
    """
    month = run.as_of_date.replace(day=1)
    later = NightRun.objects.filter(
        county=run.county, state=RunState.DONE, as_of_date__gt=run.as_of_date, as_of_date__lt=add_months(month, 1)
    )
    if later.exists():
        return
    MonthFigure.objects.filter(county=run.county, month=month).delete()
    values: dict[str, Any] = {
        "county": run.county_id,
        "county_path": run.county.path,
        "code_length": CODE_LENGTH + 1,
        "month": month,
        "as_of": run.as_of_date,
        "exempt": [column.value for column in EXEMPT],
        "insured": [column.value for column in INSURED],
    }
    cursor.execute(_COUNT_PERSONS, values)
    MonthFigure.objects.bulk_create(_gap_figures(run, month))


def _gap_figures(run: NightRun, month: date) -> Iterable[MonthFigure]:
    """Count the open gaps without a confirmed reason by kind, for each unit with everything below it."""
    open_gaps = Gap.objects.open().filter(county=run.county).exclude(is_settled())
    counted = open_gaps.values_list(Coalesce("unit__path", "county__path"), "kind").annotate(count=Count("id"))
    sums: dict[tuple[str, str], int] = {}
    for path, kind, count in counted.order_by():
        for code in Unit.codes_of(path):
            sums[code, kind] = sums.get((code, kind), 0) + count
    units = dict(Unit.objects.current().within(run.county.path).values_list("code", "pk"))
    return [
        MonthFigure(
            county=run.county,
            month=month,
            as_of_date=run.as_of_date,
            unit_id=units[code],
            measure=f"{GAP_PREFIX}{kind}",
            count=count,
        )
        for (code, kind), count in sums.items()
        if code in units
    ]


def list_months(*, actor: Actor, unit: Unit, measures: Iterable[str], until: date, most: int) -> list[MonthCount]:
    """List these counts of a unit for the newest months until one; above the county those of its counties that had a
    night as of a day of the month are added up (the others: find_month_nights). One query.

    Errors: NotFound for a unit outside the actor's.
    """
    demand_in_scope(actor, unit)
    here = Q(unit=unit) if unit.level >= Level.COUNTY else Q(unit__path__startswith=unit.path, unit__level=Level.COUNTY)
    rows = MonthFigure.objects.filter(here, measure__in=list(measures), month__lte=until)
    summed = rows.values_list("month", "measure").annotate(total=Sum("count"), day=Max("as_of_date"))
    counts = [MonthCount(*row) for row in summed.order_by("month", "measure")]
    first = add_months(counts[-1].month, 1 - most) if counts else until
    return [each for each in counts if each.month >= first]


def find_month_nights(*, actor: Actor, unit: Unit, months: Collection[date]) -> MonthNights:
    """Find which of the months lack a county's night: its counts are missing in their sums. One query.

    A county that never had a night is not in use, and is not named. Errors: as list_months.
    """
    demand_in_scope(actor, unit)
    nights = NightRun.objects.filter(is_of_county_around(unit.path), state=RunState.DONE).annotate(
        month=TruncMonth("as_of_date")
    )
    rows = list(nights.values_list("county__code", "county__name", "county__path", "month").order_by().distinct())
    counties = sorted({(code, name, path) for code, name, path, _month in rows})
    had = {(code, month) for code, _name, _path, month in rows}
    without = {
        month: [County(name, path) for code, name, path in counties if (code, month) not in had] for month in months
    }
    newest = max((month for *_county, month in rows), default=None)
    return MonthNights(newest, {month: missing for month, missing in without.items() if missing})


def list_units(*, actor: Actor, unit: Unit, measures: Iterable[str], until: date) -> list[UnitCount]:
    """List these counts of the newest month not after another, for the units directly below a unit. One query.

    Above the county those of its counties that had a night as of a day of the month are added up by the unit below in which
    they lie. Errors: as list_months.
    """
    demand_in_scope(actor, unit)
    level = unit.level + 1 if unit.level >= Level.COUNTY else Level.COUNTY
    rows = MonthFigure.objects.filter(unit__path__startswith=unit.path, unit__level=level, month__lte=until)
    newest = rows.order_by("-month").values("month")[:1]
    found = rows.filter(measure__in=list(measures), month=Subquery(newest))
    start = len(unit.path)
    sums: dict[tuple[str, str, str], tuple[int, date]] = {}
    places = ("unit__path", "unit__code", "unit__name", "unit__parent__name")
    for path, code, name, parent, measure, count, day in found.values_list(*places, "measure", "count", "as_of_date"):
        child = path[start : start + CODE_LENGTH]
        key = child, name if child == code else parent or child, measure
        known, newest_day = sums.get(key, (0, day))
        sums[key] = known + count, max(day, newest_day)
    return [UnitCount(*key, *summed) for key, summed in sorted(sums.items())]
