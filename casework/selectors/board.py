"""What the morning board counts of gaps and cases, one query a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from casework.constants import GAP_RANK, CaseState, GapKind
from casework.models import Case, Gap
from casework.selectors.gap_age import first_young_day, known_before, overdue_on
from casework.selectors.worklist import is_settled
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope


@dataclass(frozen=True)
class KindToDo:
    """Gaps of one kind nobody closed with a reason; those past their due day, and those open for longer than the limit."""

    kind: str
    count: int
    overdue: int
    old: int


def count_to_do(actor: Actor, *, today: date, limit_days: int) -> list[KindToDo]:
    """Count by kind what is to be done, the gravest first."""
    rows = in_scope(Gap.objects.filter(closed_at__isnull=True), actor).exclude(is_settled())
    counted = rows.values_list("kind").annotate(
        count=Count("id"),
        overdue=Count("id", filter=overdue_on(today)),
        old=Count("id", filter=known_before(first_young_day(today, limit_days))),
    )
    return sorted((KindToDo(*row) for row in counted), key=lambda each: GAP_RANK[GapKind(each.kind)])


@dataclass(frozen=True)
class KindChange:
    """How many gaps of one kind the last nights opened and closed, and how many are open."""

    kind: str
    opened: int
    closed: int
    open: int


def count_changes(actor: Actor, *, moments: Sequence[datetime]) -> list[KindChange]:
    """Count by kind what the nights published at these moments changed, and what is open now."""
    opened, closed = Q(opened_at__in=moments), Q(closed_at__in=moments)
    rows = in_scope(Gap.objects.filter(opened | closed | Q(closed_at__isnull=True)), actor)
    counted = rows.values_list("kind").annotate(
        opened=Count("id", filter=opened),
        closed=Count("id", filter=closed),
        open=Count("id", filter=Q(closed_at__isnull=True)),
    )
    return sorted((KindChange(*row) for row in counted), key=lambda each: GAP_RANK[GapKind(each.kind)])


@dataclass(frozen=True)
class ColleagueWork:
    """The open cases of one colleague."""

    user_id: int
    name: str
    count: int
    waiting: int


def count_open_cases(actor: Actor) -> list[ColleagueWork]:
    """Count the cases being worked in the actor's reach by who has them, the most first."""
    rows = in_scope(Case.objects.filter(closed_at__isnull=True, owner__isnull=False), actor)
    counted = rows.values_list("owner_id", "owner__display_name", "owner__username").annotate(
        count=Count("id"), waiting=Count("id", filter=Q(state=CaseState.WAITING_OUTSIDE))
    )
    return [
        ColleagueWork(user_id, display_name or username, count, waiting)
        for user_id, display_name, username, count, waiting in counted.order_by("-count", "owner_id")
    ]
