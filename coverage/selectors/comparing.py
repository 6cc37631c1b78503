"""How the codes of a county's persons differ between two nights: counts from -> to, and the persons behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from casework.selectors.comparing import Between
from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.as_known import as_known_at
from registry.models import Person

NOBODY = ""
"""The code of who is on no list."""


@dataclass(frozen=True)
class CodeMove:
    """How many persons had one code and have another, or the same."""

    was: str
    now: str
    persons: int


def count_code_moves(actor: Actor, between: Between) -> list[CodeMove]:
    """Count persons by their code of both nights, the unchanged too. One query."""
    counted = _with_codes(actor, between).values_list("was", "now").annotate(count=Count("id")).order_by("was", "now")
    return [CodeMove(*row) for row in counted if row[:2] != (NOBODY, NOBODY)]


def list_moved_persons(actor: Actor, between: Between, *, was: str, now: str) -> QuerySet[Person]:
    """List the persons who had one code and have another, by name; `was` and `now` are set on each. The caller pages."""
    moved = Q(("was", was), ("now", now))
    rows = _with_codes(actor, between).filter(moved).select_related("unit", "county")
    return rows.order_by("name_pinyin", "id")


def _with_codes(actor: Actor, between: Between) -> QuerySet[Any]:
    people = in_scope(Person.objects.filter(county=between.county_id), actor)
    return people.annotate(was=_code_at(between.was_at), now=_code_at(between.now_at))


def _code_at(at: datetime) -> Coalesce:
    known = CoverageVerdict.objects.filter(as_known_at(at), person=OuterRef("pk")).values("verdict")[:1]
    return Coalesce(Subquery(known), Value(NOBODY), output_field=CharField())
