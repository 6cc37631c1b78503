"""Who is to be certified, a row a person: for the page, the workbook and the reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from casework.models import Gap
from enrollment.certification.finding import read_reason
from enrollment.constants import ApplicationState
from foundation.documents.workbooks import Column, Row
from foundation.primitives.clock import BUSINESS_ZONE
from registry.models import Person
from registry.selectors.numbers import mask_first


@dataclass(frozen=True)
class DueRow:
    """One person: by when, whether at home, and what was done. `pause`: in words, with its application, empty where none was begun."""

    gap_id: int
    person: Person
    number: str
    place: str
    certify_by: date
    is_over: bool
    is_visited: bool
    tried_on: date | None
    reminded_on: date | None
    pause_id: int | None
    pause: str

    @property
    def visit_words(self) -> str:
        return _("yes") if self.is_visited else ""


def due_row(gap: Gap, today: date) -> DueRow:
    """Put a gap as list_due reads it into a row."""
    assert gap.person is not None
    certify_by, is_visited = read_reason(gap.reason)
    reminded_at: datetime | None = gap.reminded_at  # type: ignore[attr-defined]
    return DueRow(
        gap_id=gap.pk,
        person=gap.person,
        number=mask_first(gap.stored_number),  # type: ignore[attr-defined]
        place=gap.unit.name if gap.unit else gap.county.name,
        certify_by=certify_by,
        is_over=certify_by < today,
        is_visited=is_visited,
        tried_on=gap.tried_on,  # type: ignore[attr-defined]
        reminded_on=reminded_at.astimezone(BUSINESS_ZONE).date() if reminded_at else None,
        pause_id=gap.pause_id,  # type: ignore[attr-defined]
        pause=_pause(gap.pause_state, is_notice_owed=gap.is_notice_owed),  # type: ignore[attr-defined]
    )


def _pause(state: str | None, *, is_notice_owed: bool) -> str:
    if not state:
        return ""
    if is_notice_owed:
        return _("granted; notice to be handed out")
    return str(ApplicationState(state).label)


def due_columns() -> list[Column]:
    """Return the columns of the workbook, with what each says."""
    return [
        Column(_("Name"), _("Who draws the benefit.")),
        Column(_("ID number"), _("Masked; the whole number is shown on the person's page, with a purpose.")),
        Column(_("Born"), _("The birth month begins the window where the region's rule is the birthday.")),
        Column(_("Place"), _("Township or village of registration.")),
        Column(_("Certify by"), _("Last day of the window without evidence of life.")),
        Column(_("Certified at home"), _("Who is very old or disabled is visited at home.")),
        Column(_("Last tried to reach"), _("The last logged attempt or report of the village.")),
        Column(_("Reminded on"), _("The day the last reminder was printed.")),
        Column(_("Pause"), _("State of an application to pause the benefit.")),
    ]


def due_cells(row: DueRow) -> Row:
    """Return a row of the workbook."""
    return [
        row.person.name,
        row.number,
        row.person.birth_date,
        row.place,
        row.certify_by,
        row.visit_words,
        row.tried_on,
        row.reminded_on,
        row.pause,
    ]
