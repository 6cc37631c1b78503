"""For whom government pays the yearly contribution, and what that costs: read from the last night's codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import counties_around, in_scope
from foundation.policy.selectors import Parameter, get_parameter
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, DIGITS_OF_LEVEL, Level


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
    Source: docs/rules.md R23 (three categories, lowest tier in full); the last night's belief, not yet a batch.
    """
    actor.demand(Action.VIEW_BOARD)
    standard = get_parameter("contribution_paid_by_government", unit=county, on=on)
    amount = 0 if standard.is_none_here else int(standard.value)
    targets = in_scope(paid_for(), actor, "person__").filter(county=county)
    placed = targets.annotate(code=Coalesce("person__unit__code", "person__county__code"))
    towns: dict[str, int] = {}
    newest: list[date] = []
    for row in placed.values("code").annotate(persons=Count("id"), as_of=Max("as_of_date")).order_by("code"):
        town = row["code"][: DIGITS_OF_LEVEL[Level.TOWNSHIP]].ljust(CODE_LENGTH, "0")
        towns[town] = towns.get(town, 0) + row["persons"]
        newest.append(row["as_of"])
    names = dict(Unit.objects.current().filter(code__in=towns).values_list("code", "name"))
    shown = [TownTarget(code, names.get(code, code), towns[code], towns[code] * amount) for code in sorted(towns)]
    return ContributionTarget(max(newest, default=None), standard, shown)


def list_counties(*, actor: Actor) -> list[Unit]:
    """List the counties within the actor's scope, or the one it lies in, that a night has given codes. One query."""
    judged = CoverageVerdict.objects.filter(superseded_at__isnull=True, county=OuterRef("pk"))
    return list(counties_around(actor).filter(Exists(judged)).order_by("code"))


def paid_for() -> QuerySet[CoverageVerdict]:
    """Return the current codes of those government pays for; who they are is decided with the codes (derive_codes.sql)."""
    return CoverageVerdict.objects.filter(superseded_at__isnull=True, pay_target=True)
