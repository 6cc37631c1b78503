"""Months as lines: the share insured and the share drawing, and the open gaps by kind. Two queries each.

A mark leads to people only where the list has those very people: a past month's gaps are figures only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.constants import GAP_RANK, GapKind
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.documents.charts import Picture, Point, Series, lines
from foundation.primitives.periods import add_months, months_between
from foundation.primitives.rates import Rate
from nightly.month_figures import GAP_PREFIX, MonthCount, MonthNights, find_month_nights, list_months
from portal.reports.columns import UnitBasis
from portal.reports.e1 import Asked
from portal.reports.presenters import address, without_words

MONTHS = 13
"""A year, and the same month of the year before."""
MOST_KINDS = 5


def rates_picture(actor: Actor, asked: Asked) -> Picture:
    """Draw which share of those who should be is insured, and of those due draws, month by month."""
    asked = replace(asked, basis=UnitBasis.FILE)  # as the night stores its months
    population = asked.population.value
    names = ("should_insure", "insured", "due", "drawing")
    counts = _months(actor, asked, [f"{population}_{name}" for name in names])
    steps = _steps(counts)
    by_month = _by_month(counts)
    nights = find_month_nights(actor=actor, unit=asked.unit, months=steps)

    def series(label: str, part: str, whole: str, column: str) -> Series:
        points = []
        for month in steps:
            found = by_month.get(month, {})
            rate = Rate(_count(found, f"{population}_{part}"), _count(found, f"{population}_{whole}"))
            words = f"{month:%Y-%m} {label}: {rate.part:,} / {rate.whole:,} = {rate.text}"
            day = max((each.as_of for each in found.values()), default=None)
            if month in nights.without:  # the table of the day has these counties' people of an earlier night
                words, day = f"{words} · {without_words(month, nights.without[month])}", None
            value = rate.part * 100 / rate.whole if rate.whole else None
            points.append(Point(value, words if rate.whole else "—", _people(actor, asked, day, column)))
        return Series(label, points)

    return lines(
        key="rates",
        title=_("Insured and drawing, month by month"),
        note=" · ".join(
            (
                asked.unit.name,
                str(asked.population.label),
                str(asked.basis.label),
                _("share in percent"),
                *missing_in(steps[-1:], nights),
            )
        ),
        steps=[f"{month:%Y-%m}" for month in steps],
        series=[
            series(_("Insured"), "insured", "should_insure", "12_insured"),
            series(_("Drawing"), "drawing", "due", "14_drawing"),
        ],
        shown=lambda value: f"{value:g}%",
    )


def gaps_picture(actor: Actor, asked: Asked) -> Picture:
    """Draw how many gaps of each kind were open after each month's last night: the kinds with most now, and the rest together."""
    counts = _months(actor, asked, [f"{GAP_PREFIX}{kind.value}" for kind in GapKind])
    steps = _steps(counts)
    by_month = _by_month(counts)
    nights = find_month_nights(actor=actor, unit=asked.unit, months=steps)
    newest = by_month.get(steps[-1], {}) if steps else {}
    kinds = sorted(
        {each.measure.removeprefix(GAP_PREFIX) for each in counts},
        key=lambda kind: (-_count(newest, f"{GAP_PREFIX}{kind}"), GAP_RANK[GapKind(kind)]),
    )
    shown = [
        Series(str(GapKind(kind).label), _gap_points(actor, asked, by_month, nights, steps, [kind]))
        for kind in kinds[:MOST_KINDS]
    ]
    if kinds[MOST_KINDS:]:
        shown.append(Series(_("Other kinds"), _gap_points(actor, asked, by_month, nights, steps, kinds[MOST_KINDS:])))
    return lines(
        key="gaps",
        title=_("Open gaps by kind, month by month"),
        note=" · ".join(
            (
                asked.unit.name,
                _("without a confirmed reason, after the last nightly run of each month"),
                *missing_in(steps[-1:], nights),
            )
        ),
        steps=[f"{month:%Y-%m}" for month in steps],
        series=shown,
        shown=lambda value: f"{value:,.0f}",
    )


def _gap_points(
    actor: Actor,
    asked: Asked,
    by_month: dict[date, dict[str, MonthCount]],
    nights: MonthNights,
    steps: Sequence[date],
    kinds: Sequence[str],
) -> list[Point]:
    """Return a point a month. Only that of the newest night and one kind has an address: the work list knows today's gaps only."""
    points = []
    label = str(GapKind(kinds[0]).label) if len(kinds) == 1 else _("Other kinds")
    for month in steps:
        found = by_month.get(month, {})
        if not found:
            points.append(Point(None, "—"))
            continue
        count = sum(_count(found, f"{GAP_PREFIX}{kind}") for kind in kinds)
        words, is_listed = f"{month:%Y-%m} {label}: {count:,}", month == nights.newest and len(kinds) == 1
        if month in nights.without:
            words, is_listed = f"{words} · {without_words(month, nights.without[month])}", False
        url = _work(actor, asked, kinds[0]) if is_listed and count and actor.may(Action.VIEW_CASE_DATA) else ""
        points.append(Point(count, words, url))
    return points


def missing_in(months: Iterable[date], nights: MonthNights) -> list[str]:
    """Name the counties whose counts some months lack, a sentence a month."""
    return [without_words(month, nights.without[month]) for month in months if month in nights.without]


def _months(actor: Actor, asked: Asked, measures: Sequence[str]) -> list[MonthCount]:
    until = asked.day.replace(day=1)
    return list_months(actor=actor, unit=asked.unit, measures=measures, until=until, most=MONTHS)


def _steps(counts: Sequence[MonthCount]) -> list[date]:
    """Return every month from the first with a count to the last."""
    if not counts:
        return []
    first, last = counts[0].month, counts[-1].month
    return [add_months(first, place) for place in range(months_between(first, last) + 1)]


def _by_month(counts: Sequence[MonthCount]) -> dict[date, dict[str, MonthCount]]:
    found: dict[date, dict[str, MonthCount]] = {}
    for each in counts:
        found.setdefault(each.month, {})[each.measure] = each
    return found


def _count(found: dict[str, MonthCount], measure: str) -> int:
    return found[measure].count if measure in found else 0


def _people(actor: Actor, asked: Asked, day: date | None, column: str) -> str:
    if day is None or not actor.may(Action.VIEW_CASE_DATA):
        return ""
    return f"{reverse('report_people')}?{address(asked, day=day.isoformat(), column=column)}"


def _work(actor: Actor, asked: Asked, kind: str) -> str:
    place = {} if asked.unit.pk == actor.unit_id else {"unit": asked.unit.code}
    return f"{reverse('work_list')}?{urlencode({'kind': kind, **place})}"
