"""What two nights of a county say otherwise: codes from -> to, the persons behind them, gaps opened and closed between.

A night is named by the moment it was published; what was believed then is read by the two dates of every belief.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from enrollment.constants import GAP_RANK, GapKind
from enrollment.models import CoverageVerdict, Gap
from poverty_pension.accounts.actors import Actor
from poverty_pension.primitives.belief import believed_at
from registry.models import Person
from registry.selectors import in_reach

NOBODY = ""
"""The code of who is on no list."""


@dataclass(frozen=True)
class Between:
    """Two published nights of one county, the earlier first."""

    county_id: int
    was_at: datetime
    now_at: datetime


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
    """List the persons who had one code and have another, by name; `was` and `now` stand on each. The caller pages."""
    moved = Q(("was", was), ("now", now))
    rows = _with_codes(actor, between).filter(moved).select_related("unit", "county")
    return rows.order_by("name_pinyin", "id")


def _with_codes(actor: Actor, between: Between) -> QuerySet[Any]:
    people = in_reach(Person.objects.filter(county=between.county_id), actor)
    return people.annotate(was=_code_at(between.was_at), now=_code_at(between.now_at))


def _code_at(at: datetime) -> Coalesce:
    believed = CoverageVerdict.objects.filter(believed_at(at), person=OuterRef("pk")).values("verdict")[:1]
    return Coalesce(Subquery(believed), Value(NOBODY), output_field=CharField())


@dataclass(frozen=True)
class GapMove:
    """How many gaps of one kind opened and closed between two nights, and how many were open after each."""

    kind: str
    opened: int
    closed: int
    open_then: int
    open_now: int


def count_gap_moves(actor: Actor, between: Between) -> list[GapMove]:
    """Count by kind, the gravest first. One query."""
    then, now = _open_at(between.was_at), _open_at(between.now_at)
    rows = in_reach(Gap.objects.filter(then | now, county=between.county_id), actor)
    counted = rows.values_list("kind").annotate(
        opened=Count("id", filter=now & ~then),
        closed=Count("id", filter=then & ~now),
        open_then=Count("id", filter=then),
        open_now=Count("id", filter=now),
    )
    return sorted((GapMove(*row) for row in counted), key=lambda move: GAP_RANK[GapKind(move.kind)])


def list_moved_gaps(actor: Actor, between: Between, *, kind: str, opened: bool) -> QuerySet[Gap]:
    """List the gaps of a kind that opened, or closed, between two nights, by the subject's name. The caller pages."""
    then, now = _open_at(between.was_at), _open_at(between.now_at)
    moved = now & ~then if opened else then & ~now
    rows = in_reach(Gap.objects.filter(moved, county=between.county_id, kind=kind), actor)
    return rows.select_related("unit", "county").order_by("subject_pinyin", "id")


def _open_at(at: datetime) -> Q:
    return Q(opened_at__lte=at) & (Q(closed_at__isnull=True) | Q(closed_at__gt=at))
