"""Sending a name list as a workbook or on paper: with a purpose, entered as a disclosure. Called by the lists of plans and batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _

from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_list
from foundation.documents.heads import Text
from foundation.documents.workbooks import write_workbook
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.primitives.money import format_fen
from foundation.regions.models import Unit
from foundation.web.documents import head_of, send_pdf
from foundation.web.downloads import send_file
from foundation.web.forms import PurposeForm
from payments.presenters.name_lists import FIELDS, NamedLine, name_sheets, name_table

MOST_PRINTED, MOST_IN_FILE = 3_000, 50_000


@dataclass(frozen=True)
class NameList:
    """A list to be sent: its name in the log and of the file, title, unit and day of its head, filters in words and as recorded.

    `load`: so many of its lines, from the first.
    """

    name: str
    file_name: str
    title: Text
    unit: Unit
    as_of: date | None
    chips: Sequence[str]
    filters: dict[str, object]
    load: Callable[[int], list[NamedLine]]


def send_names(request: ActorRequest, wanted: NameList, *, is_paper: bool) -> HttpResponse:
    """Send a list, at most 3,000 lines on paper or 50,000 in a file, numbers masked.

    Effects: one Disclosure, inside the caller's transaction; audit verb read_list.
    Errors: BadInput without a purpose, or for too many lines.
    """
    asked, most = PurposeForm(request.POST), MOST_PRINTED if is_paper else MOST_IN_FILE
    if not asked.is_valid():
        raise BadInput(_("Enter the purpose of the export."), code="purpose_missing")
    lines = wanted.load(most + 1)
    if len(lines) > most:
        raise BadInput(
            _("The list has more than %(most)s entries.") % {"most": f"{most:,}"},
            code="too_many_rows",
            what_to_do=_("Filter it, for example by township."),
        )
    record_disclosure(
        actor=request.actor,
        recipient=f"{'paper' if is_paper else 'file'} {wanted.name.replace('_', ' ')}",
        purpose=asked.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=len(lines),
    )
    record_list(
        actor=request.actor, name=f"{wanted.name}_file", count=len(lines), shown=len(lines), filters=wanted.filters
    )
    head = head_of(
        request,
        at=clock.now(),
        title=wanted.title,
        unit=wanted.unit,
        as_of=wanted.as_of,
        about=[
            _("Filter: %(filter)s") % {"filter": " · ".join(wanted.chips) or _("none")},
            _("Entries: %(count)s") % {"count": f"{len(lines):,}"},
            _("Total: %(yuan)s yuan") % {"yuan": format_fen(sum(each.amount_fen for each in lines))},
        ],
    )
    if is_paper:
        return send_pdf(head, [name_sheets(lines)], name=f"{wanted.file_name}.pdf")
    notes = [_("Numbers are masked, as on the page.")]
    return send_file(write_workbook(head, name_table(lines), notes=notes), name=f"{wanted.file_name}.xlsx")
