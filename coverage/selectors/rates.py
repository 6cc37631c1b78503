"""The rates of the morning board on their three bases, counted from the current codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from coverage.constants import E1Column
from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.rates import Rate
from foundation.regions.models.unit import Level

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
class Coverage:
    """The rates on their three bases, and the oldest day of the feeds they rest on; persons paid for are not recorded yet."""

    rates: dict[str, Rate]
    drawing: dict[str, Rate]
    pay_target: dict[str, int]
    registered: dict[str, int]
    oldest_feed_date: date | None


def count_coverage(actor: Actor) -> Coverage:
    """Count the insured, the drawing and those who should be, by the columns of the statutory table. One query.

    Source: docs/rules.md R26: 参保率 = 12/8; 8 = registered less columns 2 to 7; 12 = columns 9 to 11. 待遇发放率 = 14/13, of those not
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
    current = in_scope(CoverageVerdict.objects.filter(superseded_at__isnull=True), actor, whose)
    found = current.aggregate(oldest=Min("oldest_feed_date"), **counts)
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
