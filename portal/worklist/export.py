"""The work list as a workbook, as it is filtered now: with a purpose, entered in the register of disclosures."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.models import CaseClosing
from casework.presenters.closings import evidence_words
from casework.presenters.gaps import place_below, shown_gap, subject_name
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
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure
from foundation.documents.workbooks import Row, signature_lines, write_report
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from foundation.web.downloads import send_file
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from nightly.selectors import list_last_nights
from portal.worklist.filters import last_shown
from registry.selectors.numbers import list_masked_numbers

MOST_ROWS, AT_ONCE = 20_000, 1_000
FIELDS = [
    "name",
    "number masked",
    "place",
    "gaps",
    "reasons",
    "due_on",
    "desk",
    "owner",
    "state",
    "close_reason",
    "evidence",
]


@sensitive_post_parameters("purpose")
@requires(Action.EXPORT_DATA)
@require_POST
def download_work_list(request: ActorRequest) -> HttpResponse:
    """Send the list as xlsx, at most 20,000 rows, numbers masked as on the page. Effects: one Disclosure."""
    form = PurposeForm(request.POST)
    _form, wanted, query, order = last_shown(request)
    if not form.is_valid():
        refusal = BadInput(_("Enter the purpose of the export."), code="purpose_missing")
        return refuse(request, refusal, back_url=f"/work/?{query}")
    rows = _rows(request.actor, wanted, order)
    _record_export(request.actor, form.cleaned_data["purpose"], len(rows))
    unit, today = Unit.objects.get(pk=request.actor.unit_id), clock.now().date()
    header = [_("Name"), _("ID number or roll number"), _("Place"), _("Gaps"), _("Reason"), _("Due"), _(
        "Responsible office"
    ),
              _("Handled by"), _("State"), _("Closed with reason"), _("Supporting evidence")]  # fmt: skip
    about = [_("Unit: %(unit)s") % {"unit": unit.full_name}, _data_day(request.actor)]
    signed = signature_lines(unit.name, request.actor.username, today)
    name = _("work_list_%(unit)s_%(day)s.xlsx") % {"unit": unit.name, "day": f"{today:%Y%m%d}"}
    return send_file(write_report(str(_("Work list")), about, header, rows, signed), name=name)


def _data_day(actor: Actor) -> str:
    """State the day of the data the list rests on, the newest night's of each county; the day of the export is under the list."""
    days = sorted({night.as_of_date.isoformat() for night in list_last_nights(actor)})
    return _("Data as of: %(days)s") % {"days": "、".join(days) or "—"}


def _rows(actor: Actor, wanted: WorkFilter, order: Order) -> list[Row]:
    leading = list(leading_gaps(actor, wanted, order).values_list("pk", flat=True)[:MOST_ROWS])
    rows: list[Row] = []
    for start in range(0, len(leading), AT_ONCE):
        shown = list_work_rows(actor, find_leading_gaps(actor, leading[start : start + AT_ONCE]))
        numbers = list_masked_numbers(actor, [row.key.person_id for row in shown if row.key.person_id])
        closings = list_closings_of(row.case for row in shown)
        rows += [
            _row(row, numbers.get(row.key.person_id or 0, ""), closings.get(row.case.pk) if row.case else None)
            for row in shown
        ]
    return rows


def _row(row: WorkRow, number: str, closing: CaseClosing | None) -> Row:
    gaps = [shown_gap(gap, clock.now()) for gap in row.gaps]
    due_on = min((gap.due_on for gap in row.gaps if gap.due_on), default=None)
    owner = row.case.owner.get_full_name() if is_worked(row.case) and row.case and row.case.owner else ""
    return [
        subject_name(row.leading),
        number or row.leading.shown_roll_no,
        place_below(row.leading),
        "; ".join(gap.label for gap in gaps),
        "; ".join(gap.reason for gap in gaps),
        due_on.isoformat() if due_on else "",
        row.leading.get_desk_display(),
        owner,
        row.case.get_state_display() if row.case else "",
        row.case.get_close_reason_display() if row.case and row.case.close_reason else "",
        evidence_words(closing) if closing else "",
    ]


@transaction.atomic
def _record_export(actor: Actor, purpose: str, count: int) -> None:
    record_disclosure(
        actor=actor,
        recipient="file work list",
        purpose=purpose,
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=count,
    )
