"""Everybody to be certified: the list with its filters, as a workbook, and the reminders printed from it, a sheet each."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from enrollment.constants import NoticeKind
from enrollment.forms import DueFilter
from enrollment.presenters.certification_list import due_cells, due_columns, due_row
from enrollment.presenters.notices import NoticeFacts, notice_parts
from enrollment.selectors.certification import DueWanted, list_due
from enrollment.selectors.notices import MOST_INVITED
from enrollment.services.notices import record_notices
from enrollment.views.notices import may_print, send_notice
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_ids_within, list_places
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_list
from foundation.documents.print_sheets import Part
from foundation.documents.workbooks import Table, write_workbook
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.primitives.ids import read_id
from foundation.regions.models import Unit
from foundation.web.documents import head_of
from foundation.web.downloads import send_file
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse

PER_PAGE = 30
MOST_ROWS = 20_000
FIELDS = ["name", "number masked", "birth date", "place", "window", "home visit", "last attempt", "reminder", "pause"]


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_due(request: ActorRequest) -> HttpResponse:
    """List who is to be certified. Ten queries whatever the rows."""
    actor, today = request.actor, clock.today()
    form, wanted, query = _read(request, request.GET)
    page = Paginator(list_due(actor, wanted, today=today), PER_PAGE).get_page(request.GET.get("page"))
    rows = [due_row(gap, today) for gap in page.object_list]
    record_list(
        actor=actor, name="certification_due", count=page.paginator.count, shown=len(rows), filters=form.given()
    )
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "query": query,
        "is_filtered": bool(form.chips()),
        "print_form": PurposeForm(initial={"purpose": _("Reminder to certify life")}, auto_id="remind_%s")
        if may_print(actor)
        else None,
        "export_form": PurposeForm(auto_id="export_%s") if actor.may(Action.EXPORT_LISTS) else None,
    }
    return render(request, "enrollment/certification_due.html", context)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_reminders(request: ActorRequest) -> HttpResponse:
    """Send the reminders of those selected, or of all the list has, as one PDF, a sheet each. Effects: a Notice each, one Disclosure."""
    actor, today = request.actor, clock.today()
    purpose, (_form, wanted, query) = PurposeForm(request.POST), _read(request, QueryDict(request.POST.get("list", "")))
    back_url = f"{reverse('certification_due')}?{query}"
    chosen = [number for text in request.POST.getlist("person") if (number := read_id(text))]
    everybody = request.POST.get("whole") == "yes"
    if not purpose.is_valid() or not (chosen or everybody):
        words = _("Select who is reminded, and enter the purpose of the printout.")
        return refuse(request, BadInput(words, code="nobody_chosen"), back_url=back_url)
    gaps = list_due(actor, wanted, today=today, person_ids=None if everybody else chosen)[: MOST_INVITED + 1]
    rows = [due_row(gap, today) for gap in gaps]
    if not rows or len(rows) > MOST_INVITED:
        words = _("Print between 1 and %(most)s reminders at once.") % {"most": MOST_INVITED}
        return refuse(request, BadInput(words, code="too_many_rows"), back_url=back_url)
    record_notices(
        actor=actor,
        people=[(row.person, None) for row in rows],
        kind=NoticeKind.CERTIFICATION,
        purpose=purpose.cleaned_data["purpose"],
        at=clock.now(),
    )
    parts: list[Part] = []
    for row in rows:
        facts = NoticeFacts(
            row.person,
            row.number,
            certify_by=None if row.is_over else row.certify_by,
            is_visited=row.is_visited,
        )
        parts += notice_parts(NoticeKind.CERTIFICATION, facts, with_english=False, begins_page=bool(parts))
    unit = Unit.objects.get(pk=actor.unit_id)
    return send_notice(request, NoticeKind.CERTIFICATION, parts, unit=unit, number=len(rows))


@sensitive_post_parameters("purpose")
@requires(Action.EXPORT_LISTS)
@require_POST
@transaction.atomic
def download_due(request: ActorRequest) -> HttpResponse:
    """Send the list as it is filtered as xlsx, at most 20,000 rows, numbers masked as on the page. Effects: one Disclosure."""
    actor, today = request.actor, clock.today()
    purpose, (form, wanted, query) = PurposeForm(request.POST), _read(request, QueryDict(request.POST.get("list", "")))
    if not purpose.is_valid():
        refusal = BadInput(_("Enter the purpose of the export."), code="purpose_missing")
        return refuse(request, refusal, back_url=f"{reverse('certification_due')}?{query}")
    rows = [due_row(gap, today) for gap in list_due(actor, wanted, today=today)[:MOST_ROWS]]
    record_disclosure(
        actor=actor,
        recipient="file certification list",
        purpose=purpose.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=len(rows),
    )
    record_list(actor=actor, name="certification_due_xlsx", count=len(rows), shown=len(rows), filters=form.given())
    unit = Unit.objects.get(pk=actor.unit_id)
    filters = " · ".join(f"{chip.label}: {chip.text}" for chip in form.chips()) or _("none")
    head = head_of(
        request,
        title=_("To be certified"),
        unit=unit,
        as_of=None,
        at=clock.now(),
        about=[_("Filter: %(filter)s") % {"filter": filters}, _("Entries: %(count)s") % {"count": f"{len(rows):,}"}],
    )
    name = _("certification_%(unit)s_%(day)s.xlsx") % {"unit": unit.name, "day": f"{today:%Y%m%d}"}
    table = Table(due_columns(), [due_cells(row) for row in rows])
    return send_file(write_workbook(head, table, notes=[_("Numbers are masked, as on the page.")]), name=name)


def _read(request: ActorRequest, data: QueryDict) -> tuple[DueFilter, DueWanted, str]:
    """Read the filters; one that is no choice filters nothing and is named by the form. At most two queries."""
    places = list_places(request.actor, data.get("unit", ""))
    form = DueFilter(data, places=places)
    form.is_valid()
    given = form.given()
    place = next((each for each in places if each.code == given.get("unit")), None)
    filters = {name: value for name, value in given.items() if name != "unit"}
    return form, DueWanted(**filters, unit_ids=list_ids_within(place) if place else None), urlencode(given)
