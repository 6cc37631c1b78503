"""For whom government pays the yearly contribution, and what that costs: read from the last night's codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from coverage.constants import E1Column, Verdict
from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.policy.selectors import Parameter, get_parameter
from foundation.regions.models import Unit


@dataclass(frozen=True)
class TownTarget:
    """One township: who is paid for there, and the amount in fen a year."""

    code: str
    name: str
    persons: int
    amount_fen: int


@dataclass(frozen=True)
class ContributionTarget:
    """The target of a county: the standard in fen a person and year with its source, the townships, the totals."""

    as_of: date | None
    standard: Parameter
    towns: list[TownTarget]

    @property
    def persons(self) -> int:
        return sum(town.persons for town in self.towns)

    @property
    def amount_fen(self) -> int:
        return sum(town.amount_fen for town in self.towns)


def get_contribution_target(*, actor: Actor, county: Unit, on: date) -> ContributionTarget:
    """Count the persons government pays for, by township, within the actor's unit.

    Shape: townships by code; persons without a township under their county. Units: persons, fen a year. Three queries.
    Errors: NotAllowed; ParameterMissing when the region states no standard for the day.
    Source: POLICY.md C2, A8 (three categories, lowest tier in full); the last night's belief, not yet a batch.
    """
    actor.demand(Action.VIEW_BOARD)
    standard = get_parameter("contribution_paid_by_government", unit=county, on=on)
    amount = 0 if standard.is_none_here else int(standard.value)
    targets = in_scope(paid_for(), actor, "person__").filter(county=county)
    counted = targets.values("person__unit__code").annotate(persons=Count("id"), as_of=Max("as_of_date"))
    towns: dict[str, int] = {}
    newest: list[date] = []
    for row in counted:
        code = row["person__unit__code"][:9].ljust(12, "0")
        towns[code] = towns.get(code, 0) + row["persons"]
        newest.append(row["as_of"])
    names = dict(Unit.objects.current().filter(code__in=towns).values_list("code", "name"))
    shown = [TownTarget(code, names.get(code, code), towns[code], towns[code] * amount) for code in sorted(towns)]
    return ContributionTarget(max(newest, default=None), standard, shown)


def list_counties(*, actor: Actor) -> list[Unit]:
    """List the counties within the actor's scope, or the one it lies in, that a night has given codes. One query."""
    told = CoverageVerdict.objects.filter(superseded_at__isnull=True, county=OuterRef("pk"))
    own = Q(path__startswith=actor.unit_path) | Q(code=actor.unit_code[:6].ljust(12, "0"))
    return list(Unit.objects.current().filter(own, Exists(told)).order_by("code"))


def paid_for() -> QuerySet[CoverageVerdict]:
    """Who is paid for: of the three categories, insured here and nowhere else, 16 or over and not yet due to draw.

    Students, soldiers, prisoners and the dead stand in other columns of the statutory table and are so left out.
    """
    return CoverageVerdict.objects.filter(
        Q(superseded_at__isnull=True, verdict=Verdict.HERE, e1_column=E1Column.RESIDENT, in_three_categories=True),
        due_to_draw=False,
    )
