"""What the morning board counts, one query a block: gaps to be done, what the last night changed, coverage, open cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q

from enrollment.constants import GAP_RANK, CaseState, E1Column, GapKind
from enrollment.models import Case, CoverageVerdict, Gap
from enrollment.selectors.worklist import is_settled
from poverty_pension.accounts.actors import Actor
from poverty_pension.primitives.rates import Rate
from poverty_pension.regions.models.unit import Level
from registry.selectors import in_reach

EXEMPT = (
    E1Column.UNDER_16,
    E1Column.STUDENT,
    E1Column.SOLDIER,
    E1Column.PRISONER,
    E1Column.DEAD,
    E1Column.ABROAD,
)
INSURED = (E1Column.RESIDENT, E1Column.EMPLOYEE, E1Column.CIVIL)
BASES = {"poverty_file": Q(in_poverty_file=True), "three_categories": Q(in_three_categories=True), "all": Q()}


@dataclass(frozen=True)
class KindToDo:
    """Gaps of one kind nobody closed with a reason; those older than the limit, and those past their own day."""

    kind: str
    count: int
    overdue: int
    late: int


def count_to_do(actor: Actor, *, overdue_before: datetime, today: date) -> list[KindToDo]:
    """Count by kind what is to be done, the gravest first."""
    rows = in_reach(Gap.objects.filter(closed_at__isnull=True), actor).exclude(is_settled())
    counted = rows.values_list("kind").annotate(
        count=Count("id"),
        overdue=Count("id", filter=Q(opened_at__lt=overdue_before)),
        late=Count("id", filter=Q(due_on__lt=today)),
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
    rows = in_reach(Gap.objects.filter(opened | closed | Q(closed_at__isnull=True)), actor)
    counted = rows.values_list("kind").annotate(
        opened=Count("id", filter=opened),
        closed=Count("id", filter=closed),
        open=Count("id", filter=Q(closed_at__isnull=True)),
    )
    return sorted((KindChange(*row) for row in counted), key=lambda each: GAP_RANK[GapKind(each.kind)])


@dataclass(frozen=True)
class Coverage:
    """The rates on their three bases, and the oldest day of the feeds beneath; who was paid for is not kept yet."""

    rates: dict[str, Rate]
    drawing: dict[str, Rate]
    pay_target: dict[str, int]
    registered: dict[str, int]
    oldest_feed_date: date | None


def count_coverage(actor: Actor) -> Coverage:
    """Count the insured, the drawing and those who should be, by the columns of the statutory table. One query.

    Source: POLICY E1: 参保率 = 12/8; 8 = registered less columns 2 to 7; 12 = columns 9 to 11. 待遇发放率 = 14/13, of those not
    exempt. 代缴率 = 18/17; 17 = whom government pays for.
    """
    counts = {}
    for basis, condition in BASES.items():
        counts[f"{basis}_registered"] = Count("id", filter=condition)
        counts[f"{basis}_exempt"] = Count("id", filter=condition & Q(e1_column__in=EXEMPT))
        due = condition & Q(due_to_draw=True) & ~Q(e1_column__in=EXEMPT)
        counts[f"{basis}_due"] = Count("id", filter=due)
        counts[f"{basis}_drawing"] = Count("id", filter=due & Q(drawing=True))
        counts[f"{basis}_pay_target"] = Count("id", filter=condition & Q(pay_target=True))
        counts[f"{basis}_insured"] = Count("id", filter=condition & Q(e1_column__in=INSURED))
    # A verdict names its county itself: no join to persons.
    whose = "person__" if actor.unit_level > Level.COUNTY else ""
    believed = in_reach(CoverageVerdict.objects.filter(superseded_at__isnull=True), actor, whose)
    found = believed.aggregate(oldest=Min("oldest_feed_date"), **counts)
    return Coverage(
        rates={
            basis: Rate(found[f"{basis}_insured"], found[f"{basis}_registered"] - found[f"{basis}_exempt"])
            for basis in BASES
        },
        drawing={basis: Rate(found[f"{basis}_drawing"], found[f"{basis}_due"]) for basis in BASES},
        pay_target={basis: found[f"{basis}_pay_target"] for basis in BASES},
        registered={basis: found[f"{basis}_registered"] for basis in BASES},
        oldest_feed_date=found["oldest"],
    )


@dataclass(frozen=True)
class ColleagueWork:
    """The open cases of one colleague."""

    user_id: int
    name: str
    count: int
    waiting: int


def count_open_cases(actor: Actor) -> list[ColleagueWork]:
    """Count the cases being worked in the actor's reach by who has them, the most first."""
    rows = in_reach(Case.objects.filter(closed_at__isnull=True, owner__isnull=False), actor)
    counted = rows.values_list("owner_id", "owner__display_name", "owner__username").annotate(
        count=Count("id"), waiting=Count("id", filter=Q(state=CaseState.WAITING_OUTSIDE))
    )
    return [
        ColleagueWork(user_id, display_name or username, count, waiting)
        for user_id, display_name, username, count, waiting in counted.order_by("-count", "owner_id")
    ]
