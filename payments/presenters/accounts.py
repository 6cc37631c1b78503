"""An individual account beside its person: the balance by whose money, entries with their source, each year's contribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from payments.constants import Credit, PlanOutcome
from payments.models import AccountEntry, Batch, ContributionLine, ContributionPlanLine
from payments.presenters.batches import STATE_TONES
from payments.presenters.plan import category_words, reason_words
from registry.models import Designation
from registry.presenters.persons import ShownDesignation, designation_lines

OF_LINE = "contribution_line"
"""What an entry of a contribution names as its source."""


@dataclass(frozen=True)
class BalanceRow:
    """What an account holds of one kind of money."""

    label: str
    amount_fen: int


@dataclass(frozen=True)
class EntryRow:
    """One entry: day, what, whose money, year, fen, and the batch it came with."""

    posted_on: date
    kind: str
    credit: str
    level: str
    year: int
    amount_fen: int
    batch: Batch | None


@dataclass(frozen=True)
class BookedRow:
    """One contribution in a batch, or the line that takes one back."""

    batch: Batch
    tone: str
    amount_fen: int
    is_contra: bool


@dataclass(frozen=True)
class YearRow:
    """A year's contribution: what the plan says and why, the lists that name the person, the batches it is in."""

    year: int
    is_paid: bool
    category: str
    reason: str
    amount_fen: int
    named_by: list[ShownDesignation]
    booked: list[BookedRow]


def balance_rows(entries: Sequence[AccountEntry]) -> list[BalanceRow]:
    """Add up entries by whose money they are; kinds without entries are left out."""
    sums: dict[str, int] = {}
    for each in entries:
        sums[each.credit] = sums.get(each.credit, 0) + each.amount_fen
    return [BalanceRow(str(each.label), sums[each.value]) for each in Credit if each.value in sums]


def entry_rows(entries: Sequence[AccountEntry], lines: Sequence[ContributionLine]) -> list[EntryRow]:
    """List entries, the newest first, each with the batch of the line it follows from."""
    batches = {each.pk: each.batch for each in lines}
    return [
        EntryRow(
            each.posted_on,
            str(each.get_kind_display()),
            str(each.get_credit_display()),
            str(each.get_level_display()) if each.level else "",
            each.year,
            each.amount_fen,
            batches.get(each.source_id) if each.source_type == OF_LINE else None,
        )
        for each in reversed(entries)
    ]


def year_rows(
    plan_lines: Sequence[ContributionPlanLine],
    lines: Sequence[ContributionLine],
    designations: Mapping[int, Designation],
) -> list[YearRow]:
    """List each year a plan or a batch names the person, the newest first. What was booked shows the lists it was booked by."""
    planned = {each.year: each for each in reversed(plan_lines)}
    rows = []
    for year in sorted({*planned, *(each.year for each in lines)}, reverse=True):
        booked = [each for each in lines if each.year == year]
        plan_line = planned.get(year) or booked[0].plan_line
        named_by = [booked[0].plan_line] if booked and booked[0].plan_line else [plan_line] if plan_line else []
        ids = {each for line in named_by for each in designation_ids(line)}
        is_paid = plan_line is not None and plan_line.outcome == PlanOutcome.PAID_FOR
        rows.append(
            YearRow(
                year=year,
                is_paid=is_paid,
                category=category_words(plan_line.category) if plan_line else "",
                reason=reason_words(plan_line.reason) if plan_line else "",
                amount_fen=plan_line.amount_fen if plan_line else 0,
                named_by=[designation_lines(designations[each]) for each in sorted(ids & designations.keys())],
                booked=[
                    BookedRow(each.batch, STATE_TONES[each.batch.state], each.amount_fen, each.contra_of_id is not None)  # type: ignore[index]
                    for each in booked
                ],
            )
        )
    return rows


def designation_ids(line: ContributionPlanLine) -> list[int]:
    """Return the ids of the lines of lists a line of a plan rests on."""
    return list(line.designations)
