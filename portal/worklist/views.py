"""The work list: filters in the address, a name in the session, taking in bulk, and moving from one row to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from casework.constants import FEED_SUBJECT, GapKind
from casework.finders import reason_choices
from casework.presenters.addresses import subject_url
from casework.presenters.gap_lines import gap_lines
from casework.presenters.gaps import CASE_TONES, ShownGap, case_state_words, place_below, shown_gap, subject_name
from casework.selectors.subjects import read_key
from casework.selectors.totals import get_totals
from casework.selectors.worklist import (
    LeadingGaps,
    PersonCondition,
    WorkFilter,
    WorkRow,
    find_next,
    is_worked,
    leading_gaps,
    list_work_rows,
)
from casework.services.assigning import list_colleagues
from casework.services.desk import delete_filter, list_saved_filters, save_filter
from coverage.selectors.persons_by_code import CodeFilter, person_ids_by_code
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_ids_within, list_places
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.forms import PurposeForm, demand_days
from foundation.web.refusals import refuse
from portal.worklist.forms import NameForm, PrintForm, SavedFilterForm, WorkListFilter
from portal.worklist.name_filter import get_name, set_name
from registry.selectors.numbers import mask_first

PER_PAGE, FOR_PRINT = 30, 500
QUERY_KEY = "work_query"


@dataclass(frozen=True)
class WorkListRow:
    """One row of the list as the page shows it."""

    row: WorkRow
    name: str
    is_line: bool
    url: str
    number: str
    place: str
    gaps: list[ShownGap]
    gap_lines: SafeString
    pick_label: str
    days: int
    due_on: date | None
    is_overdue: bool
    desk: str
    state: str
    tone: str
    owner: str
    is_mine: bool


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_work_list(request: ActorRequest) -> HttpResponse:
    """List the subjects with open gaps, most serious and oldest first. At most twelve queries whatever the rows."""
    form, wanted, query = _read_filter(request, request.GET)
    today = clock.now().date()
    totals = get_totals(request.actor, wanted, today=today)
    per_page = FOR_PRINT if request.GET.get("rows") == str(FOR_PRINT) else PER_PAGE
    leading = LeadingGaps(leading_gaps(request.actor, wanted), totals.subjects)
    page = Paginator(leading, per_page).get_page(request.GET.get("page"))
    filters = _parsed(query) | ({"name": "given"} if wanted.name else {})
    record_list(
        actor=request.actor, name="work_list", count=totals.subjects, shown=len(page.object_list), filters=filters
    )
    if request.session.get(QUERY_KEY) != query:
        request.session[QUERY_KEY] = query
    context = {
        "form": form,
        "name_form": NameForm({"name": wanted.name}),
        "wanted": wanted,
        "kind_label": GapKind(wanted.kind).label if wanted.kind else "",
        "page": page,
        "rows": _present_rows(request.actor, page),
        "query": query,
        "is_filtered": bool(query or wanted.name),
        "may_take": request.actor.may(Action.TAKE_CASE),
        "may_export": request.actor.may(Action.EXPORT_LISTS),
        "totals": totals,
        "saved": list_saved_filters(request.actor),
        "actor_id": request.actor.user_id,
        "save_form": SavedFilterForm(may_share=request.actor.may(Action.TAKE_CASE)),
        "purpose_form": PurposeForm(),
        "print_form": PrintForm(initial={"purpose": _("Handling the cases")}, auto_id="print_%s"),
        "for_print": FOR_PRINT,
        "today": today,
    }
    return render(request, "worklist/list.html", context)


@requires(Action.VIEW_CASE_DATA)
@require_POST
def save_work_filter(request: ActorRequest) -> HttpResponse:
    """Save the filters of the list under a name."""
    form, query = SavedFilterForm(request.POST, may_share=True), request.session.get(QUERY_KEY, "")
    form.is_valid()
    name, is_shared = form.cleaned_data.get("name", ""), bool(form.cleaned_data.get("is_shared"))
    address = f"{reverse('work_list')}?{query}"
    try:
        save_filter(actor=request.actor, name=name, query=query, is_shared=is_shared, at=clock.now())
    except BadInput as refusal:
        return refuse(request, refusal, back_url=address)
    messages.success(request, _("Filter saved."))
    return redirect(address)


@requires(Action.VIEW_CASE_DATA)
@require_POST
def delete_work_filter(request: ActorRequest, filter_id: int) -> HttpResponse:
    """Delete one's own filter."""
    delete_filter(actor=request.actor, filter_id=filter_id)
    messages.success(request, _("Filter deleted."))
    return redirect("work_list")


@sensitive_post_parameters("name")
@requires(Action.VIEW_CASE_DATA)
@require_POST
def filter_by_name(request: ActorRequest) -> HttpResponse:
    """Filter the list by a name; an empty one clears the filter, `all` every other too. The name is not part of the address."""
    form = NameForm(request.POST)
    name = form.cleaned_data["name"].strip() if form.is_valid() else ""
    set_name(request, "" if request.POST.get("all") == "yes" else name)
    if request.POST.get("all") == "yes":
        return redirect("work_list")
    query = request.session.get(QUERY_KEY, "")
    return redirect(f"{reverse('work_list')}?{query}" if query else reverse("work_list"))


@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_next(request: ActorRequest) -> HttpResponse:
    """Go to the row that follows a subject in the list as it was filtered last; at the end, back to the list."""
    _form, wanted, query = _read_filter(request, _parsed(request.session.get(QUERY_KEY, "")))
    try:
        found = find_next(request.actor, wanted, read_key(request.GET.get("after", "")))
    except BadInput:  # an address without a subject, typed or bookmarked: show the list
        found = None
    if found is None:
        return redirect(f"{reverse('work_list')}?{query}" if query else reverse("work_list"))
    return redirect(subject_url(found))


def _read_filter(request: ActorRequest, data: Any) -> tuple[WorkListFilter, WorkFilter, str]:
    """Read the filters; one that is not understood is left out and named by the form. At most two queries, for the places."""
    places = list_places(request.actor, data.get("unit", ""))
    today = clock.now().date()
    form = WorkListFilter(
        data,
        places=places,
        reasons=reason_choices(),
        colleagues=list_colleagues(request.actor, on=today),
    )
    demand_days(form)
    given = {name: value for name, value in form.cleaned_data.items() if value}
    address = urlencode({name: _as_text(value) for name, value in given.items()})
    unit = given.pop("unit", "")
    chosen = next((place for place in places if place.code == unit), None)
    codes = CodeFilter(**{name: given.pop(name, "") for name in CodeFilter.__dataclass_fields__})
    wanted = WorkFilter(
        **given,
        persons=PersonCondition(codes.asked, person_ids_by_code(request.actor, codes)) if codes.asked else None,
        unit_ids=list_ids_within(chosen) if chosen else None,
        name=get_name(request),
        today=today,
    )
    return form, wanted, address


def current_filter(request: ActorRequest) -> tuple[WorkListFilter, WorkFilter, str]:
    """Return the filters of the list as it was last shown, as form and as filter, and their address."""
    return _read_filter(request, _parsed(request.session.get(QUERY_KEY, "")))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _parsed(query: str) -> dict[str, str]:
    return QueryDict(query).dict()


def _present_rows(actor: Actor, page: Page) -> list[WorkListRow]:
    rows = list_work_rows(actor, list(page))
    now = clock.now()
    return [_present_row(actor, row, mask_first(row.leading.stored_number), now) for row in rows]  # type: ignore[attr-defined]


def _present_row(actor: Actor, row: WorkRow, number: str, now: datetime) -> WorkListRow:
    gaps, name = [shown_gap(gap, now) for gap in row.gaps], subject_name(row.leading)
    worked = is_worked(row.case)
    due_on = min((gap.due_on for gap in row.gaps if gap.due_on), default=None)
    return WorkListRow(
        row=row,
        name=name,
        is_line=not row.key.person_id and row.key.scheme != FEED_SUBJECT,
        url=subject_url(row.key),
        number=number or ("" if row.key.scheme == FEED_SUBJECT else row.leading.shown_roll_no),
        place=place_below(row.leading),
        gaps=gaps,
        gap_lines=gap_lines(gaps),
        pick_label=_("Select %(name)s") % {"name": name},
        days=max(gap.days for gap in gaps),
        due_on=due_on,
        is_overdue=due_on is not None and due_on < now.date(),
        desk=row.leading.get_desk_display(),
        state=case_state_words(row.case) if row.case else "",
        tone=CASE_TONES.get(row.case.state, "") if row.case else "",  # type: ignore[call-overload]
        owner=row.case.owner.get_full_name() if worked and row.case and row.case.owner else "",
        is_mine=bool(worked and row.case and row.case.owner_id == actor.user_id),
    )
