"""Gaps opened and closed between two nights of a county. A night is named by the moment it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope


@dataclass(frozen=True)
class Between:
    """Two published nights of one county, the earlier first."""

    county_id: int
    was_at: datetime
    now_at: datetime


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
    rows = in_scope(Gap.objects.filter(then | now, county=between.county_id), actor)
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
    rows = in_scope(Gap.objects.filter(moved, county=between.county_id, kind=kind), actor)
    return rows.select_related("unit", "county").order_by("subject_pinyin", "id")


def _open_at(at: datetime) -> Q:
    return Q(opened_at__lte=at) & (Q(closed_at__isnull=True) | Q(closed_at__gt=at))
