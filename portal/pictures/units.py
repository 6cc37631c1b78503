"""Units directly below another, ranked: by their rate with the gap to zero, by their open gaps, by why people are not insured.

A mark leads to people only where the list has those very people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.constants import GAP_RANK, GapKind
from coverage.constants import DeskReason
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.documents.charts import MOST_BARS, Bar, Picture, Point, bars, rate_bar
from foundation.primitives.rates import Rate
from nightly.month_figures import GAP_PREFIX, MonthNights, find_month_nights, list_units
from portal.pictures.months import missing_in
from portal.reports.columns import CONDITIONS, UnitBasis
from portal.reports.e1 import Asked
from portal.reports.presenters import address

MOST_LAYERS = 5
_REASONS = f"""
    SELECT child, (SELECT name FROM regions_unit WHERE code = child AND valid_to IS NULL LIMIT 1), desk_reason,
        sum(persons)::bigint
    FROM counted WHERE {CONDITIONS["16_not_insured"]} GROUP BY child, desk_reason
"""


def ranked_picture(actor: Actor, asked: Asked, *, most: int = MOST_BARS) -> Picture:
    """Draw the units below by their coverage rate, the lowest first: how many are insured, how many are missing."""
    asked = replace(asked, basis=UnitBasis.FILE)  # as the night stores its months
    population = asked.population.value
    measures = [f"{population}_should_insure", f"{population}_insured"]
    found: dict[tuple[str, str], dict[str, int]] = {}
    day: date | None = None
    for each in list_units(actor=actor, unit=asked.unit, measures=measures, until=asked.day.replace(day=1)):
        found.setdefault((each.code, each.name), {})[each.measure] = each.count
        day = max(day or each.as_of, each.as_of)
    rates = [
        (code, name, Rate(counts.get(measures[1], 0), counts.get(measures[0], 0)))
        for (code, name), counts in found.items()
    ]
    nights = _nights(actor, asked, day)
    rates.sort(key=lambda each: (each[2].part / each[2].whole if each[2].whole else 1, each[0]))
    rows = [
        _rate_row(actor, asked, None if _lacks_county(asked, nights, code) else day, code, name, rate)
        for code, name, rate in rates
    ]
    return bars(
        key="units",
        title=_("Coverage rate by unit, the lowest first"),
        note=" · ".join((_note(asked, day, len(rates), most), *missing_in(nights.without, nights))),
        legend=[_("Insured"), _("Not insured: gap to zero")],
        rows=rows,
        head=_("Unit"),
        drawn=most,
    )


def gaps_by_unit_picture(actor: Actor, asked: Asked) -> Picture:
    """Draw the open gaps of the units below, the most first, in layers by kind."""
    measures = [f"{GAP_PREFIX}{kind.value}" for kind in GapKind]
    found: dict[tuple[str, str], dict[str, int]] = {}
    day: date | None = None
    for each in list_units(actor=actor, unit=asked.unit, measures=measures, until=asked.day.replace(day=1)):
        found.setdefault((each.code, each.name), {})[each.measure.removeprefix(GAP_PREFIX)] = each.count
        day = max(day or each.as_of, each.as_of)
    nights = _nights(actor, asked, day)
    kinds = _most({name for counts in found.values() for name in counts}, found.values())
    kinds.sort(key=lambda kind: GAP_RANK[GapKind(kind)])

    def url(code: str, kind: str) -> str:
        is_now = day is not None and day.replace(day=1) == nights.newest  # the work list knows today's gaps only
        if not (is_now and actor.may(Action.VIEW_CASE_DATA)) or _lacks_county(asked, nights, code):
            return ""
        return f"{reverse('work_list')}?{urlencode({'kind': kind, 'unit': code})}"

    rows = _layers(
        found, kinds, url, lambda code: f"?unit={code}", lambda kind: str(GapKind(kind).label), _("Other kinds")
    )
    return bars(
        key="unitgaps",
        title=_("Open gaps by unit, the most first"),
        note=" · ".join(
            (
                asked.unit.name,
                *([_("As of: %(day)s") % {"day": day.isoformat()}] if day else []),
                *_cut(len(found), MOST_BARS),
                *missing_in(nights.without, nights),
            )
        ),
        legend=[*(str(GapKind(kind).label) for kind in kinds), _("Other kinds")],
        rows=rows,
        head=_("Unit"),
    )


def reasons_picture(actor: Actor, asked: Asked) -> Picture:
    """Draw why people are not insured, by unit, in layers by reason. One query, beside that of the unit."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(asked.over_groups(_REASONS), asked.values)
        for child, name, reason, count in cursor.fetchall():
            found.setdefault((child, name or _("Not assigned to a lower unit")), {})[reason] = count
    reasons = _most({reason for counts in found.values() for reason in counts}, found.values())

    def url(code: str, reason: str) -> str:
        if not actor.may(Action.VIEW_CASE_DATA):
            return ""
        place = {"unit": code} if code else {"here": "1"}
        return f"{reverse('report_people')}?{address(asked, column='16_not_insured', reason=reason, **place)}"

    rows = _layers(
        found,
        reasons,
        url,
        lambda code: f"{reverse('reports')}?{address(asked, unit=code)}" if code else "",
        lambda reason: str(DeskReason(reason).label),
        _("Other reasons"),
    )
    return bars(
        key="reasons",
        title=_("Not insured: reasons by unit"),
        note=_note(asked, None, len(found)),
        legend=[*(str(DeskReason(reason).label) for reason in reasons), _("Other reasons")],
        rows=rows,
        head=_("Unit"),
    )


def _nights(actor: Actor, asked: Asked, day: date | None) -> MonthNights:
    return find_month_nights(actor=actor, unit=asked.unit, months=[day.replace(day=1)] if day else [])


def _lacks_county(asked: Asked, nights: MonthNights, code: str) -> bool:
    """Answer whether counts of a unit below lack a county, whose people of an earlier night lists would have."""
    place = asked.unit.path + code
    return any(county.path.startswith(place) for counties in nights.without.values() for county in counties)


def _rate_row(actor: Actor, asked: Asked, day: date | None, code: str, name: str, rate: Rate) -> Bar:
    """Return a unit's bar; without a day its people are not listed."""

    def people(column: str) -> str:
        if day is None or not actor.may(Action.VIEW_CASE_DATA):
            return ""
        return f"{reverse('report_people')}?{address(asked, unit=code, day=day.isoformat(), column=column)}"

    return rate_bar(
        name,
        rate,
        urls=(people("12_insured"), people("16_not_insured")),
        url=f"{reverse('reports')}?{address(asked, unit=code)}",
        words=(
            _("%(unit)s: %(count)s insured") % {"unit": name, "count": f"{rate.part:,}"},
            _("%(unit)s: %(count)s not insured") % {"unit": name, "count": f"{rate.missing:,}"},
        ),
        end=f"{rate.text} · {rate.missing:,}",
    )


def _most(names: set[str], rows: Collection[Mapping[str, int]]) -> list[str]:
    """Return the names with the highest sums, at most as many as layers are told apart."""
    return sorted(names, key=lambda name: (-sum(row.get(name, 0) for row in rows), name))[:MOST_LAYERS]


def _layers(
    found: Mapping[tuple[str, str], Mapping[str, int]],
    names: Sequence[str],
    url: Callable[[str, str], str],
    row_url: Callable[[str], str],
    label: Callable[[str], str],
    other: str,
) -> list[Bar]:
    """Return a bar a unit, the longest first: a piece for each name, the rest together, as a figure only."""
    rows = []
    for (code, unit), counts in sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        total = sum(counts.values())
        pieces = [
            Point(counts.get(name, 0), f"{unit} · {label(name)}: {counts.get(name, 0):,}", url(code, name))
            for name in names
        ]
        rest = total - sum(counts.get(name, 0) for name in names)
        pieces.append(Point(rest, f"{unit} · {other}: {rest:,}"))
        rows.append(Bar(unit, pieces, f"{total:,}", row_url(code)))
    return rows


def _note(asked: Asked, day: date | None, units: int, most: int = MOST_BARS) -> str:
    parts = [asked.unit.name, str(asked.population.label), str(asked.basis.label)]
    if day:
        parts.append(_("As of: %(day)s") % {"day": day.isoformat()})
    return " · ".join([*parts, *_cut(units, most)])


def _cut(units: int, most: int) -> list[str]:
    """State how many units are drawn where it is not all of them, and where the others are."""
    words = _("the first %(shown)s of %(all)s units; all are in the table of the page")
    return [words % {"shown": most, "all": f"{units:,}"}] if units > most else []
