"""The work list as a workbook, as it is filtered now: with a purpose, entered in the register of disclosures."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.selectors.worklist import count_totals
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_list
from foundation.documents.workbooks import Column, Row, Table, write_workbook
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from foundation.web.documents import head_of
from foundation.web.downloads import send_file
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from nightly.selectors import find_data_day
from portal.worklist.filters import NAME_FIELD, posted_list
from portal.worklist.listed import Listed, filter_words, list_subjects

MOST_ROWS = 20_000
FIELDS = [
    "name",
    "number masked",
    "place",
    "gaps",
    "reasons",
    "days_open",
    "due_on",
    "desk",
    "owner",
    "state",
    "close_reason",
    "evidence",
]


@sensitive_post_parameters("purpose", NAME_FIELD)
@requires(Action.EXPORT_LISTS)
@require_POST
@transaction.atomic
def download_work_list(request: ActorRequest) -> HttpResponse:
    """Send the list as xlsx, at most 20,000 rows, numbers masked as on the page. Effects: one Disclosure."""
    purpose = PurposeForm(request.POST)
    form, wanted, query, order = posted_list(request)
    if not purpose.is_valid():
        refusal = BadInput(_("Enter the purpose of the export."), code="purpose_missing")
        return refuse(request, refusal, back_url=f"/work/?{query}")
    rows = list_subjects(request.actor, wanted, order, most=MOST_ROWS)
    count = count_totals(request.actor, wanted, today=clock.today()).subjects if len(rows) == MOST_ROWS else len(rows)
    record_disclosure(
        actor=request.actor,
        recipient="file work list",
        purpose=purpose.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=len(rows),
    )
    filters = form.given() | ({"name": "given"} if wanted.name else {})
    record_list(actor=request.actor, name="work_list_xlsx", count=count, shown=len(rows), filters=filters)
    unit = Unit.objects.get(pk=request.actor.unit_id)
    as_of = find_data_day(request.actor)
    head = head_of(
        request,
        at=clock.now(),
        title=_("Work list"),
        unit=unit,
        as_of=as_of,
        about=_about(filter_words(form, wanted), len(rows), count),
    )
    name = _("work_list_%(unit)s_%(day)s.xlsx") % {"unit": unit.name, "day": f"{as_of or head.made_at:%Y%m%d}"}
    table = Table(_columns(), [_row(each) for each in rows])
    return send_file(write_workbook(head, table, notes=[_("Numbers are masked, as on the page.")]), name=name)


def _about(filters: list[str], shown: int, count: int) -> list[str]:
    """Return the filter, and how many entries the file has, of how many where it does not have all."""
    lines = [_("Filter: %(filter)s") % {"filter": " · ".join(filters) or _("none")}]
    if shown >= count:
        return [*lines, _("Entries: %(count)s") % {"count": f"{count:,}"}]
    words = _(
        "Entries: the first %(shown)s of %(count)s in the order of the list; %(left)s are not in this file. "
        "Filter the list, for example by township, and export each part."
    )
    return [*lines, words % {"shown": f"{shown:,}", "count": f"{count:,}", "left": f"{count - shown:,}"}]


def _columns() -> list[Column]:
    return [
        Column(_("Name"), _("The person, or the name on the line of a roll that belongs to nobody registered.")),
        Column(
            _("ID number or roll number"), _("Masked; the whole number is shown on the person's page, with a purpose.")
        ),
        Column(_("Place"), _("Township and village of registration.")),
        Column(_("Gaps"), _("Every open gap, the most serious first.")),
        Column(_("Reason"), _("Why the nightly run found each gap.")),
        Column(_("Days open"), _("Days since the oldest of these gaps was found.")),
        Column(_("Due"), _("The earliest due date of these gaps, counted in working days.")),
        Column(_("Responsible office"), _("Where the most serious gap is handled.")),
        Column(_("Handled by"), _("Who took the case.")),
        Column(_("State"), _("State of the case; empty where nobody has taken it.")),
        Column(_("Closed with reason"), _("The reason a clerk closed the case with.")),
        Column(_("Supporting evidence"), _("What that reason rests on.")),
    ]


def _row(each: Listed) -> Row:
    return [
        each.name,
        each.number,
        each.place,
        each.gaps,
        each.reasons,
        each.days,
        each.due_on,
        each.desk,
        each.owner,
        each.state,
        each.close_reason,
        each.evidence,
    ]
