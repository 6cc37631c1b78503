"""The people of a one-stop batch as a workbook or on paper, as the page filters them: with a purpose, entered as a disclosure."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from enrollment.models import OneStopBatch
from enrollment.presenters.one_stop import BatchLine, batch_line
from enrollment.selectors.one_stop import count_lines, get_batch, list_lines, load_lines
from enrollment.views.one_stop import read_lines_wanted
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_list
from foundation.documents import print_sheets, workbooks
from foundation.documents.heads import Head
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.documents import head_of, send_pdf
from foundation.web.downloads import send_file
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse

MOST_PRINTED, MOST_IN_FILE = 3_000, 50_000
FIELDS = ["name", "number masked", "place", "kind", "outcome", "reasons"]


@sensitive_post_parameters("purpose")
@requires(Action.EXPORT_LISTS)
@require_POST
@transaction.atomic
def download_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Send the people of a batch as they are filtered as xlsx, at most 50,000, numbers masked. Effects: one Disclosure."""
    batch = get_batch(request.actor, batch_id)
    try:
        head, lines = _disclose(request, batch, most=MOST_IN_FILE, recipient="file one-stop batch")
    except BadInput as refusal:
        return refuse(request, refusal, back_url=reverse("one_stop_batch", args=[batch.pk]))
    columns = [workbooks.Column(heading, meaning) for heading, meaning in _columns()]
    table = workbooks.Table(columns, [_cells(each) for each in lines])
    content = workbooks.write_workbook(head, table, notes=[_("Numbers are masked, as on the page.")])
    return send_file(content, name=_("one_stop_batch_%(number)s.xlsx") % {"number": batch.pk})


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Send the people of a batch as they are filtered as PDF, at most 3,000, numbers masked. Effects: one Disclosure."""
    batch = get_batch(request.actor, batch_id)
    try:
        head, lines = _disclose(request, batch, most=MOST_PRINTED, recipient="paper one-stop batch")
    except BadInput as refusal:
        return refuse(request, refusal, back_url=reverse("one_stop_batch", args=[batch.pk]))
    columns = [print_sheets.Column(heading) for heading, _meaning in _columns()]
    numbered = [print_sheets.Column(_("No."), is_figure=True), *columns]
    rows: list[print_sheets.Row] = [[place, *_cells(each)] for place, each in enumerate(lines, 1)]
    table = print_sheets.Table(numbered, [print_sheets.Group(rows)])
    return send_pdf(head, [table], name=_("one_stop_batch_%(number)s.pdf") % {"number": batch.pk})


def _disclose(request: ActorRequest, batch: OneStopBatch, *, most: int, recipient: str) -> tuple[Head, list[BatchLine]]:
    """Return head and lines of a file, and enter it as a disclosure. Errors: BadInput without a purpose, or for too many lines."""
    asked, actor = PurposeForm(request.POST), request.actor
    if not asked.is_valid():
        raise BadInput(_("Enter the purpose of the export."), code="purpose_missing")
    form, wanted = read_lines_wanted(QueryDict(request.POST.get("query", "")), count_lines(actor, batch))
    lines = [batch_line(each) for each in load_lines(list_lines(actor, batch, wanted), 0, most + 1)]
    if len(lines) > most:
        raise BadInput(
            _("The list has more than %(most)s entries.") % {"most": f"{most:,}"},
            code="too_many_rows",
            what_to_do=_("Filter it, for example by reason."),
        )
    record_disclosure(
        actor=actor,
        recipient=recipient,
        purpose=asked.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=len(lines),
    )
    filters = {"batch": batch.pk} | vars(wanted)
    record_list(actor=actor, name="one_stop_batch_file", count=len(lines), shown=len(lines), filters=filters)
    chips = [f"{chip.label}: {chip.text}" for chip in form.chips()]
    head = head_of(
        request,
        at=clock.now(),
        title=_("One-stop batch %(number)s") % {"number": batch.pk},
        unit=batch.unit,
        as_of=batch.day,
        about=[
            _("State: %(state)s") % {"state": batch.get_state_display()},
            _("Filter: %(filter)s") % {"filter": " · ".join(chips) or _("none")},
            _("Entries: %(count)s") % {"count": f"{len(lines):,}"},
        ],
    )
    return head, lines


def _columns() -> list[tuple[str, str]]:
    return [
        (_("Name"), ""),
        (_("ID number"), _("Masked; the whole number is shown on the person's page, with a purpose.")),
        (_("Place"), _("Township and village of registration.")),
        (_("Kind"), _("Which application fits the person's age.")),
        (_("Outcome"), _("What the comparison of the conditions came to.")),
        (
            _("Not met, or not known"),
            _("Why the person is excluded, or was left out when the batch was put into effect."),
        ),
    ]


def _cells(each: BatchLine) -> list[str]:
    return [each.person.name, each.number, each.place, each.kind, each.outcome, each.reasons]
