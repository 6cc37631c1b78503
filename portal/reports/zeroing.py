"""Dynamic zeroing: the open gaps of a unit by kind and by the units below, with their age, and those with a confirmed reason.

Zero means no open gap without a confirmed reason; how many of the reasons are declined or waived is printed beside (docs/rules.md R30).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from casework.constants import GAP_RANK, CloseReason, GapKind
from casework.models import Gap
from casework.selectors.gap_age import age_column, first_young_day, known_before, overdue_on
from casework.selectors.worklist import is_settled
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, in_scope
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, Level

NO_TIME = timedelta(0)


@dataclass(frozen=True)
class GapCounts:
    """Gaps that are to be zero, those past their due day or open for longer than the limit, their age in days, and gaps with a
    confirmed reason."""

    open: int = 0
    overdue: int = 0
    old: int = 0
    days: int = 0
    oldest_days: int = 0
    declined: int = 0
    other_reason: int = 0

    def __add__(self, other: GapCounts) -> GapCounts:
        return GapCounts(
            self.open + other.open,
            self.overdue + other.overdue,
            self.old + other.old,
            self.days + other.days,
            max(self.oldest_days, other.oldest_days),
            self.declined + other.declined,
            self.other_reason + other.other_reason,
        )

    @property
    def mean_days(self) -> int:
        """The mean age in whole days, truncated."""
        return self.days // self.open if self.open else 0

    @property
    def is_zero(self) -> bool:
        return self.open == 0


@dataclass(frozen=True)
class Board:
    """The whole, each kind, the most serious first, each unit directly below by code; an empty code: at none of them."""

    total: GapCounts
    kinds: list[tuple[GapKind, GapCounts]]
    units: list[tuple[str, str, GapCounts]]


def get_board(*, actor: Actor, unit: Unit, today: date, limit_days: int) -> Board:
    """Count the open gaps of a unit. Three queries. Errors: NotFound for a unit outside the actor's."""
    demand_in_scope(actor, unit)
    rows = _counted(actor, unit, today, limit_days)
    kinds = _summed(rows, lambda row: row[1])
    return Board(
        total=sum((counts for _child, _kind, counts in rows), GapCounts()),
        kinds=[(GapKind(kind), kinds[kind]) for kind in sorted(kinds, key=lambda kind: GAP_RANK[GapKind(kind)])],
        units=_by_unit(unit, _summed(rows, lambda row: row[0])),
    )


Counted = tuple[str, str, GapCounts]


def _counted(actor: Actor, unit: Unit, today: date, limit_days: int) -> list[Counted]:
    """Count by unit and kind in one statement; a second maps the units to those below, each looked up once."""
    open_gaps = in_scope(Gap.objects.open(), actor).filter(_within(unit))
    to_do, declined = Q(settled=False), Q(settled=True, declined=True)
    grouped = (
        open_gaps.annotate(place=Coalesce("unit_id", "county_id"), age=age_column(today))
        .annotate(settled=is_settled(), declined=is_settled(CloseReason.DECLINED, CloseReason.WAIVED))
        .values_list("place", "kind")
        .annotate(
            count=Count("id", filter=to_do),
            overdue=Count("id", filter=to_do & overdue_on(today)),
            old=Count("id", filter=to_do & known_before(first_young_day(today, limit_days))),
            days=Sum("age", filter=to_do),
            oldest=Max("age", filter=to_do),
            refused=Count("id", filter=declined),
            other=Count("id", filter=Q(settled=True, declined=False)),
        )
    )
    rows = list(grouped.order_by("place", "kind"))
    children = _children(unit, {place for place, *_rest in rows})
    return [
        (
            children[place],
            kind,
            GapCounts(count, overdue, old, (days or NO_TIME).days, (oldest or NO_TIME).days, refused, other),
        )
        for place, kind, count, overdue, old, days, oldest, refused, other in rows
    ]


def _children(unit: Unit, places: set[int]) -> dict[int, str]:
    """Return unit id -> the code of the unit directly below the asked one in which it lies; empty for that unit itself."""
    start = len(unit.path)
    paths = Unit.objects.filter(pk__in=places).values_list("pk", "path")
    return {place: path[start : start + CODE_LENGTH] for place, path in paths}


def _within(unit: Unit) -> Q:
    """Return the condition for gaps of the unit; one without a unit counts at its county."""
    here = Unit.objects.within(unit.path).values("pk")
    return Q(unit__in=here) | Q(unit__isnull=True, county__in=here)


def _summed(rows: Iterable[Counted], key: Callable[[Counted], str]) -> dict[str, GapCounts]:
    sums: dict[str, GapCounts] = {}
    for row in rows:
        sums[key(row)] = sums.get(key(row), GapCounts()) + row[2]
    return sums


def _by_unit(unit: Unit, found: dict[str, GapCounts]) -> list[tuple[str, str, GapCounts]]:
    below = Unit.objects.current().within(unit.path)
    names = dict(
        (below.filter(parent=unit, level__gt=Level.COUNTY) | below.filter(code__in=found)).values_list("code", "name")
    )
    lines = [(code, name, found.get(code, GapCounts())) for code, name in sorted(names.items())]
    return [*lines, ("", "", found[""])] if lines and "" in found else lines
