"""New cases to act on at once: newly poor, turning 16 or 60, moved in, died; new, open and closed, with their age.

One is added, one is included (docs/rules.md R29). Four are gaps of their kinds; a move into the county is a fact of the police,
open while that person has a gap of somebody uninsured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind
from casework.models import Gap
from casework.selectors.gap_age import age_column
from casework.selectors.worklist import is_settled
from coverage.constants import UNINSURED_KINDS
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, in_scope, is_of_county_around, is_placed_within
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.regions.models import Unit
from nightly.models import NightRun
from registry.constants import FactKind
from registry.models import Fact, PersonIdentifier

KEPT_DAYS = 31
"""How long what was closed, and who moved in, is counted: until the next month's files have come."""
OF_GAPS: tuple[tuple[str | Promise, tuple[GapKind, ...]], ...] = (
    (_("Newly poor"), (GapKind.NEW_POOR,)),
    (_("Turning 16"), (GapKind.TURNING_16,)),
    (_("Turning 60"), (GapKind.TURNING_60,)),
    (_("Died"), (GapKind.DRAWING_AFTER_DEATH, GapKind.STOP_DUE, GapKind.CONTRIBUTING_AFTER_DEATH)),
)
MOVED_IN = _("Moved in")
NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Counted:
    """Found by the newest night, open, closed within the days kept; the ages of the open, summed and the greatest."""

    new: int = 0
    open: int = 0
    closed: int = 0
    days: int = 0
    oldest_days: int = 0

    @classmethod
    def of(cls, new: int, open_: int, closed: int, ages: timedelta | None, oldest: timedelta | None) -> Counted:
        """Return the counts the database returned."""
        return cls(new, open_, closed, (ages or NO_TIME).days, (oldest or NO_TIME).days)

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.new + other.new,
            self.open + other.open,
            self.closed + other.closed,
            self.days + other.days,
            max(self.oldest_days, other.oldest_days),
        )

    @property
    def figures(self) -> tuple[int, int, int, int, int]:
        """New, open, closed, oldest and mean days."""
        return self.new, self.open, self.closed, self.oldest_days, self.days // self.open if self.open else 0


@dataclass(frozen=True)
class Arrival:
    """One kind of new case: found by the newest night, open, closed within the days kept, age of the open."""

    label: str | Promise
    kinds: tuple[GapKind, ...]
    new: int
    open: int
    closed: int
    oldest_days: int
    mean_days: int


def list_arrivals(*, actor: Actor, unit: Unit, today: date) -> list[Arrival]:
    """List the arrivals of a unit. Three queries. Errors: NotFound for a unit outside the actor's."""
    demand_in_scope(actor, unit)
    newest = _newest_day(actor, unit, today)
    counted = _counted_gaps(actor, unit, today, newest)
    found = [
        Arrival(label, kinds, *sum((counted[kind] for kind in kinds if kind in counted), Counted()).figures)
        for label, kinds in OF_GAPS
    ]
    moved_in = Arrival(MOVED_IN, (), *_counted_moves(actor, unit, today, newest).figures)
    return [*found[:3], moved_in, *found[3:]]


def _newest_day(actor: Actor, unit: Unit, today: date) -> date:
    """Return the day of the newest night of a county that lies in the unit or around it."""
    nights = NightRun.objects.filter(is_of_county_around(unit.path), state=RunState.DONE)
    return nights.aggregate(newest=Max("as_of_date"))["newest"] or today


def _counted_gaps(actor: Actor, unit: Unit, today: date, newest: date) -> dict[str, Counted]:
    """Count by kind; an open gap with a confirmed reason is left out."""
    is_open = Q(closed_at__isnull=True)
    kinds = [kind for _label, kinds in OF_GAPS for kind in kinds]
    grouped = (
        in_scope(Gap.objects.filter(kind__in=kinds), actor)
        .filter(is_placed_within(unit.path), is_open | Q(closed_on__gt=newest - timedelta(days=KEPT_DAYS)))
        .exclude(is_open & Q(is_settled()))
        .annotate(age=age_column(today))
        .values_list("kind")
        .annotate(
            new=Count("id", filter=is_open & Q(opened_on=newest)),
            open=Count("id", filter=is_open),
            closed=Count("id", filter=~is_open),
            days=Sum("age", filter=is_open),
            oldest=Max("age", filter=is_open),
        )
    )
    return {kind: Counted.of(*figures) for kind, *figures in grouped.order_by("kind")}


def _counted_moves(actor: Actor, unit: Unit, today: date, newest: date) -> Counted:
    """Count poor persons whom the police report as moved in, by number, within the days kept; their age counts from the report."""
    moved = Fact.objects.as_known().filter(kind=FactKind.HUKOU_IN, number_id=OuterRef("number_id"))
    moved_on = moved.order_by("-id").annotate(on=Coalesce("event_date", TruncDate("recorded_at"))).values("on")[:1]
    known = TruncDate("recorded_at", tzinfo=BUSINESS_ZONE)
    known_on = moved.order_by("-id").annotate(known=known).values("known")[:1]
    waiting = Gap.objects.open().filter(person_id=OuterRef("person_id"), kind__in=UNINSURED_KINDS)
    age = ExpressionWrapper(Value(today, DateField()) - F("known_on"), DurationField())
    is_open = Q(is_open=True)
    counted = (
        in_scope(PersonIdentifier.objects.as_known(), actor, "person__")
        .filter(
            is_placed_within(unit.path, "person__"),
            number__in=Fact.objects.as_known().filter(kind=FactKind.HUKOU_IN).values("number"),
        )
        .annotate(moved_on=Subquery(moved_on), known_on=Subquery(known_on), is_open=Exists(waiting))
        .filter(moved_on__gt=newest - timedelta(days=KEPT_DAYS))
        .annotate(age=age)
        .aggregate(
            new=Count("id", filter=is_open & Q(moved_on=newest)),
            open=Count("id", filter=is_open),
            closed=Count("id", filter=~is_open),
            days=Sum("age", filter=is_open),
            oldest=Max("age", filter=is_open),
        )
    )
    return Counted.of(*counted.values())
