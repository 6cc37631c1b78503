"""The work list as rows of texts for a workbook or for paper: as it is filtered, in its order, numbers masked as on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from casework.models import CaseClosing
from casework.presenters.closings import evidence_words
from casework.presenters.gaps import case_state_words, place_below, shown_gap, subject_name
from casework.selectors.worklist import (
    Order,
    WorkFilter,
    WorkRow,
    find_leading_gaps,
    is_worked,
    leading_gaps,
    list_closings_of,
    list_work_rows,
)
from foundation.accounts.actors import Actor
from foundation.primitives import clock
from foundation.regions.models import Unit
from portal.worklist.forms import WorkListFilter
from registry.selectors.numbers import list_masked_numbers

AT_ONCE = 1_000


@dataclass(frozen=True)
class Listed:
    """One subject of the list, in words."""

    person_id: int | None
    name: str
    number: str
    unit: Unit
    place: str
    gaps: str
    reasons: str
    days: int
    due_on: date | None
    desk: str
    owner: str
    state: str
    close_reason: str
    evidence: str


def list_subjects(actor: Actor, wanted: WorkFilter, order: Order, *, most: int) -> list[Listed]:
    """List the subjects of the list as it is filtered and sorted, at most so many. Five queries a thousand."""
    leading = list(leading_gaps(actor, wanted, order).values_list("pk", flat=True)[:most])
    rows: list[Listed] = []
    for start in range(0, len(leading), AT_ONCE):
        shown = list_work_rows(actor, find_leading_gaps(actor, leading[start : start + AT_ONCE]))
        numbers = list_masked_numbers(actor, [row.key.person_id for row in shown if row.key.person_id])
        closings = list_closings_of(row.case for row in shown)
        now = clock.now()
        rows += [
            _listed(row, numbers.get(row.key.person_id or 0, ""), closings.get(row.case.pk) if row.case else None, now)
            for row in shown
        ]
    return rows


def filter_words(form: WorkListFilter, wanted: WorkFilter) -> list[str]:
    """Return each filter in force as its label and the words of its value."""
    words = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value:
            choices = dict(_flat(getattr(field.field, "choices", ())))
            words.append(f"{field.label}: {str(choices.get(value, value)).strip()}")
    return [*words, wanted.name] if wanted.name else words


def _flat(choices: Iterable) -> Iterable[tuple[object, object]]:
    return ((value, label) for value, label in choices)


def _listed(row: WorkRow, number: str, closing: CaseClosing | None, now: datetime) -> Listed:
    gaps, lead, case = [shown_gap(gap, now) for gap in row.gaps], row.leading, row.case
    return Listed(
        person_id=row.key.person_id,
        name=subject_name(lead),
        number=number or lead.shown_roll_no,
        unit=lead.unit or lead.county,
        place=place_below(lead),
        gaps="; ".join(gap.label for gap in gaps),
        reasons="; ".join(dict.fromkeys(gap.reason for gap in gaps if gap.reason)),
        days=max(gap.days for gap in gaps),
        due_on=min((gap.due_on for gap in row.gaps if gap.due_on), default=None),
        desk=lead.get_desk_display(),
        owner=case.owner.get_full_name() if is_worked(case) and case and case.owner else "",
        state=case_state_words(case) if case else "",
        close_reason=case.get_close_reason_display() if case and case.close_reason else "",
        evidence=evidence_words(closing) if closing else "",
    )
