"""Reads of a year's plan for its pages: groups of its people, what changed, and the people themselves, within the reader's unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import counties_around
from foundation.policy.models import ParameterValue
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level as UnitLevel
from payments.constants import Level, PlanOutcome
from payments.models import ContributionPlan
from registry.models import Person
from registry.selectors.numbers import first_number_of

_SQL = Path(__file__).parent / "sql"
_LINES = (_SQL / "plan_lines.sql").read_text("utf-8")
_CHANGES = (_SQL / "plan_changes.sql").read_text("utf-8")
_SUMS = ", ".join(f"sum({level.value}_fen)::bigint" for level in Level)
SHARES = [level.value for level in Level]
NOT_BOOKED, IN_BATCH, CREDITED = "none", "in_batch", "credited"
"""Whether a person of the plan is in a batch whose lines count, and whether its money is on the account."""
BOOKED = "booked"
"""In a batch or credited."""
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
AGAINST_BEFORE, AGAINST_LAST_YEAR = "before", "year"
"""What a plan is compared with: the computation before it, or the plan of the year before."""
AT_COUNTY = "county"
"""The place of those who have no township."""


@dataclass(frozen=True)
class PeopleWanted:
    """Which people of a plan to list; empty is all.

    `against` and `change` list differences instead; `plan` is the computation whose differences are meant, the newest where it is 0.
    `place`: a unit below the county, or AT_COUNTY.
    """

    outcome: str = ""
    category: str = ""
    reason: str = ""
    stage: str = ""
    place: str = ""
    against: str = ""
    change: str = ""
    plan: int = 0


@dataclass
class Money:
    """People, and fen in all and by level."""

    people: int = 0
    amount_fen: int = 0
    shares: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))

    def add(self, people: int, amount_fen: int, shares: Sequence[int]) -> None:
        """Add a group."""
        self.people += people
        self.amount_fen += amount_fen
        for level, fen in zip(SHARES, shares, strict=True):
            self.shares[level] += fen


@dataclass(frozen=True)
class PlanGroup:
    """People of a plan that are alike: where, outcome, category, reason, how far their money is; their number and fen."""

    township: str
    outcome: str
    category: str
    reason: str
    stage: str
    people: int
    amount_fen: int
    shares: tuple[int, ...]


@dataclass(frozen=True)
class PlanPerson:
    """One person of a list: what the plan says, how far the money is; of a difference also what was said before."""

    line_id: int
    person_id: int
    unit_id: int | None
    unit_code: str
    township: str
    outcome: str
    category: str
    reason: str
    amount_fen: int
    stage: str
    batch_id: int | None
    change: str
    was_outcome: str
    was_category: str
    was_reason: str
    was_fen: int


_COLUMNS = ", ".join(each.name for each in fields(PlanPerson))
_SAME = " AND ".join(
    f"(%({name})s = '' OR {name} = %({name})s)" for name in ("outcome", "category", "reason", "change")
)
_FILTER = f"{_SAME} AND (%(stage)s IN ('', stage) OR %(stage)s = '{BOOKED}' AND stage <> '{NOT_BOOKED}')"


def list_planned_counties(actor: Actor) -> QuerySet[Unit]:
    """List the counties in reach, or the one around the actor's unit, that have a plan. Errors: NotAllowed."""
    if not actor.may(Action.VIEW_BATCHES):
        actor.demand(Action.VIEW_CASE_DATA)
    return (
        counties_around(actor).filter(Exists(ContributionPlan.objects.filter(county=OuterRef("pk")))).order_by("code")
    )


def list_latest_plans(county: Unit) -> list[ContributionPlan]:
    """List the newest computation of each year, the newest year first. One query; the caller has checked that the county is in reach."""
    rows = ContributionPlan.objects.filter(county=county).order_by("-year", "-computed_at", "-pk").distinct("year")
    return list(rows)


def list_computations(plan: ContributionPlan, most: int) -> list[ContributionPlan]:
    """List the last computations of the plan's year that changed something, the newest first. One query."""
    rows = ContributionPlan.objects.filter(county=plan.county_id, year=plan.year).exclude(added=0, removed=0, changed=0)
    return list(rows.order_by("-computed_at", "-pk")[:most])


def count_groups(actor: Actor, plan: ContributionPlan, known: datetime) -> list[PlanGroup]:
    """Count the people of the plan's year as it stands, within the actor's unit. One query."""
    asked = f"""SELECT township, outcome, category, reason, stage, count(*), sum(amount_fen)::bigint, {_SUMS}
        FROM ({_LINES}) line GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"""
    rows = _fetch(asked, _values(actor, plan, known))
    return [
        PlanGroup(town, outcome, category, reason, stage, people, fen, tuple(shares))
        for town, outcome, category, reason, stage, people, fen, *shares in rows
    ]


def count_changes(actor: Actor, plans: Sequence[ContributionPlan]) -> dict[datetime, dict[str, int]]:
    """Count what each computation changed within the actor's unit: its moment -> added, removed, changed -> people. One query, or none."""
    if not plans:
        return {}
    values = _values(actor, plans[0], plans[0].computed_at) | _compared(
        plans[0].year, [each.computed_at for each in plans]
    )
    found: dict[datetime, dict[str, int]] = {}
    for moment, change, people in _fetch(
        f"SELECT moment, change, count(*) FROM ({_CHANGES}) line GROUP BY 1, 2", values
    ):
        found.setdefault(moment, {})[change] = people
    return found


def compare_years(actor: Actor, plan: ContributionPlan) -> dict[str, tuple[int, int, int]]:
    """Compare a plan with that of the year before: added, removed, changed -> people, fen before, fen now. One query."""
    values = _values(actor, plan, plan.computed_at) | _compared(plan.year - 1, None)
    asked = f"SELECT change, count(*), sum(was_fen)::bigint, sum(amount_fen)::bigint FROM ({_CHANGES}) line GROUP BY 1"
    return {change: (people, before, now) for change, people, before, now in _fetch(asked, values)}


def list_plan_parameters(parameters: Mapping[str, int]) -> list[ParameterValue]:
    """List the values a plan or a batch rests on (rule -> id), by name, with their regions. One query."""
    ids = list(parameters.values())
    return list(ParameterValue.objects.filter(pk__in=ids).select_related("region").order_by("name"))


@dataclass(frozen=True)
class PlanPeople:
    """The people of a plan as they are asked for. Errors on making: NotAllowed."""

    actor: Actor
    plan: ContributionPlan
    wanted: PeopleWanted
    known: datetime
    place_path: str = ""

    def __post_init__(self) -> None:
        self.actor.demand(Action.VIEW_CASE_DATA)

    def count(self) -> tuple[int, int]:
        """Return how many people there are, and their fen. One query."""
        base, values = self._asked()
        asked = f"SELECT count(*), coalesce(sum(amount_fen), 0)::bigint FROM ({base}) line WHERE {_FILTER}"
        ((people, fen),) = _fetch(asked, values)
        return people, fen

    def load(self, first: int, most: int) -> list[PlanPerson]:
        """Return so many people from a place on, by township and village. One query."""
        base, values = self._asked()
        asked = f"SELECT {_COLUMNS} FROM ({base}) line WHERE {_FILTER} ORDER BY unit_code, person_id OFFSET %(first)s LIMIT %(most)s"
        return [PlanPerson(*row) for row in _fetch(asked, values | {"first": first, "most": most})]

    def _asked(self) -> tuple[str, dict[str, Any]]:
        wanted, values = self.wanted, _values(self.actor, self.plan, self.known)
        values |= {name: getattr(wanted, name) for name in ("outcome", "category", "reason", "stage", "change")}
        values |= {"path": self.place_path or values["path"], "at_county": wanted.place == AT_COUNTY}
        if wanted.against == AGAINST_LAST_YEAR:
            return _CHANGES, values | _compared(self.plan.year - 1, None)
        if wanted.against == AGAINST_BEFORE:
            return _CHANGES, values | _compared(self.plan.year, [self._computation().computed_at])
        return _LINES, values

    def _computation(self) -> ContributionPlan:
        if self.wanted.plan in {0, self.plan.pk}:
            return self.plan
        found = ContributionPlan.objects.filter(
            county=self.plan.county_id, year=self.plan.year, pk=self.wanted.plan
        ).first()
        if found is None:
            raise NotFound(_("There is no such computation of the plan."), ids=[self.wanted.plan])
        return found


def list_people_by_id(person_ids: Sequence[int]) -> dict[int, Person]:
    """Return id -> person with unit, county and number, of a list whose rows were scoped by the caller. One query."""
    rows = Person.objects.filter(pk__in=person_ids).select_related("unit", "county")
    return {each.pk: each for each in rows.annotate(stored_number=first_number_of("id"))}


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """Return code -> name of current units. One query."""
    return dict(Unit.objects.current().filter(code__in=codes).values_list("code", "name"))


def sum_groups(groups: Sequence[PlanGroup], name: str) -> dict[str, Money]:
    """Add up who is paid for by township, category or stage, in the order of the groups."""
    found: dict[str, Money] = {}
    for each in paid_for(groups):
        found.setdefault(getattr(each, name), Money()).add(each.people, each.amount_fen, each.shares)
    return found


def paid_for(groups: Sequence[PlanGroup]) -> Iterator[PlanGroup]:
    """Yield the groups that are paid for."""
    return (each for each in groups if each.outcome == PlanOutcome.PAID_FOR)


def path_of(actor: Actor) -> str:
    """Return the path that rows of a county's money must begin with for the actor; empty at the county and above."""
    return actor.unit_path if actor.unit_level > UnitLevel.COUNTY else ""


def _values(actor: Actor, plan: ContributionPlan, known: datetime) -> dict[str, Any]:
    return {"county": plan.county_id, "year": plan.year, "known": known, "path": path_of(actor), "at_county": False}


def _compared(old_year: int, moments: list[datetime] | None) -> dict[str, Any]:
    return {"old_year": old_year, "moments": moments}


def _fetch(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
