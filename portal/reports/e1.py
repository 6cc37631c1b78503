"""The statutory monthly table: any day, any unit down to the village, every population, both bases. One grouped statement.

Source: docs/rules.md R25. The results of past nights are kept, so the table of a past day does not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from coverage.findings.inputs import oldest_feed_date
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, is_of_county_around
from foundation.jobs.long_work import RunState
from foundation.primitives.errors import NotFound
from foundation.primitives.rates import Rate
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from nightly.models import NightRun
from portal.reports.columns import CONDITIONS, POPULATIONS, UNIT_FIELDS, Population, UnitBasis

SqlValues = dict[str, str | int | date]
"""Parameters of a statement."""
_NIGHTS, _PEOPLE, _GROUPS = (
    Path(__file__).with_name(name).read_text("utf-8") for name in ("nights.sql", "people.sql", "groups.sql")
)
_COUNTED = ", ".join(
    f"coalesce(sum(persons) FILTER (WHERE {condition}), 0)::bigint" for condition in CONDITIONS.values()
)
_TABLE = f"""
    SELECT grouping(child) = 0 AS of_child, grouping(desk_reason) = 0 AS of_reason, child, desk_reason, {_COUNTED}
    FROM counted GROUP BY GROUPING SETS ((child), (desk_reason), ())
"""


@dataclass(frozen=True)
class Asked:
    """Which table: the unit, the day, who is counted and where."""

    unit: Unit
    day: date
    population: Population = Population.POVERTY_FILE
    basis: UnitBasis = UnitBasis.FILE

    @property
    def values(self) -> SqlValues:
        """Return the parameters of the statements."""
        return {"day": self.day, "unit_path": self.unit.path}

    def over_people(self, statement: str) -> str:
        """Return a statement that reads `counted`, with the people of this table as a CTE before it."""
        return self._after(_PEOPLE, statement)

    def over_groups(self, statement: str) -> str:
        """Return a statement that reads `counted` as groups of people who are alike, each with its number of persons."""
        return self._after(_GROUPS, statement)

    def _after(self, counted: str, statement: str) -> str:
        filled = counted.format(population=POPULATIONS[self.population], unit_field=UNIT_FIELDS[self.basis])
        return f"{_NIGHTS} {filled} {statement}"


@dataclass(frozen=True)
class UnitCounts:
    """One line of the table: a unit with its columns by name. An empty code: persons at no unit below."""

    code: str
    name: str
    counts: Mapping[str, int]

    @property
    def coverage(self) -> Rate:
        """参保率 = 12 / 8."""
        return Rate(self.counts["12_insured"], self.counts["8_should_insure"])

    @property
    def drawing(self) -> Rate:
        """待遇发放率 = 14 / 13."""
        return Rate(self.counts["14_drawing"], self.counts["13_due_to_draw"])


@dataclass(frozen=True)
class Source:
    """The night one county's figures come from, and the oldest day of the feeds it rests on."""

    county: str
    as_of: date
    finished_at: datetime
    oldest_feed_date: date


@dataclass(frozen=True)
class Table:
    """The unit's own line, the units directly below it by code, and the reasons of those due and not drawing."""

    asked: Asked
    total: UnitCounts
    parts: list[UnitCounts]
    not_drawing: dict[str, int]
    sources: list[Source]

    @property
    def as_of(self) -> date:
        """The newest day the figures describe."""
        return max(source.as_of for source in self.sources)

    @property
    def oldest_feed_date(self) -> date:
        return min(source.oldest_feed_date for source in self.sources)


def get_table(*, actor: Actor, asked: Asked) -> Table:
    """Count the table of a unit and of the units directly below it.

    Errors: NotFound for a unit outside the actor's, and when no night as of the day or before it is done.
    Cost: three queries, whatever the number of units.
    """
    demand_in_scope(actor, asked.unit)
    sources = list_sources(asked)
    children, reasons, total = _count(asked)
    return Table(
        asked=asked,
        total=UnitCounts(asked.unit.code, asked.unit.name, total),
        parts=_parts(asked.unit, children),
        not_drawing=reasons,
        sources=sources,
    )


def find_table(*, actor: Actor, asked: Asked) -> Table | None:
    """Count the table, or return None before the first night. Errors: NotFound for a unit outside the actor's."""
    try:
        return get_table(actor=actor, asked=asked)
    except NotFound as error:
        if error.code == "no_night":
            return None
        raise


def list_sources(asked: Asked) -> list[Source]:
    """List the last night of each county of the unit as of the day or before it. One query.

    Errors: NotFound when there is none.
    """
    nights = NightRun.objects.filter(state=RunState.DONE, as_of_date__lte=asked.day).select_related("county")
    here = nights.filter(is_of_county_around(asked.unit.path))
    newest = here.order_by("county_id", "-as_of_date", "-finished_at").distinct("county_id")
    sources = [
        Source(night.county.name, night.as_of_date, night.finished_at, oldest_feed_date(night.inputs, night.as_of_date))
        for night in newest
        if night.finished_at
    ]
    if not sources:
        raise NotFound(
            _("No nightly run as of %(day)s or earlier has finished; start one first.")
            % {"day": asked.day.isoformat()},
            code="no_night",
        )
    return sources


def _count(asked: Asked) -> tuple[dict[str, dict[str, int]], dict[str, int], dict[str, int]]:
    """Return the columns by unit below, the persons due and not drawing by reason, the columns of the whole."""
    children: dict[str, dict[str, int]] = {}
    reasons: dict[str, int] = {}
    total: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(asked.over_groups(_TABLE), asked.values)
        for of_child, of_reason, child, reason, *figures in cursor.fetchall():
            counts = dict(zip(CONDITIONS, figures, strict=True))
            if of_child:
                children[child] = counts
            elif of_reason:
                reasons[reason] = counts["15_due_not_drawing"]
            else:
                total = counts
    return children, {reason: count for reason, count in sorted(reasons.items()) if count}, total


def _parts(unit: Unit, children: dict[str, dict[str, int]]) -> list[UnitCounts]:
    """Lines by code: within a county also units with nobody, above it only counties that had a night; last, persons at no unit below."""
    below = Unit.objects.current().within(unit.path).order_by("code")
    shown = below.filter(code__in=children) | below.filter(parent=unit, level__gt=Level.COUNTY)
    names = dict(shown.values_list("code", "name"))
    nobody = dict.fromkeys(CONDITIONS, 0)
    lines = [
        UnitCounts(code, names.get(code, code), children.get(code, nobody))
        for code in sorted({*names, *filter(None, children)})
    ]
    if lines and "" in children:
        lines.append(UnitCounts("", _("Not assigned to a lower unit"), children[""]))
    return lines
