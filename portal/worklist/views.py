"""The work list: filters and order in the address, a name in the session, and moving from one row to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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

from casework.constants import FEED_SUBJECT
from casework.presenters.addresses import subject_url
from casework.presenters.gap_lines import gap_lines, gaps_title
from casework.presenters.gaps import (
    CASE_TONES,
    ShownGap,
    case_state_words,
    place_below,
    settled_reason,
    shown_gap,
    subject_name,
)
from casework.selectors.subjects import read_key
from casework.selectors.totals import get_totals
from casework.selectors.worklist import (
    LeadingGaps,
    WorkRow,
    find_next,
    is_worked,
    leading_gaps,
    list_work_rows,
)
from casework.services.desk import delete_filter, list_saved_filters, save_filter
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from foundation.web.sorting import sort_headers
from portal.worklist.filters import QUERY_KEY, list_of_subject, posted_list, read_filter
from portal.worklist.forms import NameForm, PrintForm, SavedFilterForm
from portal.worklist.name_filter import set_name
from portal.worklist.selection import mark_of
from registry.selectors.numbers import mask_first

PER_PAGE, FOR_PRINT = 30, 500
FIRST_ORDERS = ("name", "-days", "due", "desk")
"""The order a first click on a header gives: the longest open, the nearest day."""


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
    gaps_title: str
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
    """List the subjects with open gaps, most serious and oldest first or as the reader sorts. Twelve queries whatever the rows."""
    form, wanted, query, order = read_filter(request, request.GET)
    today = clock.now().date()
    totals = get_totals(request.actor, wanted, today=today)
    per_page = FOR_PRINT if request.GET.get("rows") == str(FOR_PRINT) else PER_PAGE
    leading = LeadingGaps(leading_gaps(request.actor, wanted, order), totals.subjects, order)
    page = Paginator(leading, per_page).get_page(request.GET.get("page"))
    given = QueryDict(query).dict()
    filters = given | ({"name": "given"} if wanted.name else {})
    record_list(
        actor=request.actor, name="work_list", count=totals.subjects, shown=len(page.object_list), filters=filters
    )
    if request.session.get(QUERY_KEY) != query:
        request.session[QUERY_KEY] = query
    context = {
        "form": form,
        "name_form": NameForm({"name": wanted.name}),
        "wanted": wanted,
        "headers": sort_headers(given.get("sort", ""), FIRST_ORDERS, given, own_order="gaps"),
        "page": page,
        "rows": _present_rows(request.actor, page, query),
        "query": query,
        "is_filtered": bool(form.chips() or wanted.name),
        "may_take": request.actor.may(Action.TAKE_CASE),
        "may_enrol": request.actor.may(Action.ACCEPT_APPLICATION),
        "may_export": request.actor.may(Action.EXPORT_LISTS),
        "totals": totals,
        "whole_mark": mark_of(totals),
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
    form = SavedFilterForm(request.POST, may_share=True)
    form.is_valid()
    _filter, _wanted, query, _order = posted_list(request)
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
    _filter, _wanted, query, _order = posted_list(request)
    return redirect(f"{reverse('work_list')}?{query}" if query else reverse("work_list"))


@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_next(request: ActorRequest) -> HttpResponse:
    """Go to the row that follows a subject in the list it was opened from; at the end, back to the list."""
    _form, wanted, query, order = list_of_subject(request)
    try:
        found = find_next(request.actor, wanted, read_key(request.GET.get("after", "")), order)
    except BadInput:  # an address without a subject, typed or bookmarked: show the list
        found = None
    if found is None:
        return redirect(f"{reverse('work_list')}?{query}" if query else reverse("work_list"))
    return redirect(subject_url(found, listed=query))


def _present_rows(actor: Actor, page: Page, query: str) -> list[WorkListRow]:
    rows = list_work_rows(actor, list(page))
    now = clock.now()
    return [
        _present_row(actor, row, mask_first(row.leading.stored_number), query, now)  # type: ignore[attr-defined]
        for row in rows
    ]


def _present_row(actor: Actor, row: WorkRow, number: str, query: str, now: datetime) -> WorkListRow:
    reason = settled_reason(row.case)
    gaps = [shown_gap(gap, now, settled=reason) for gap in sorted(row.gaps, key=lambda gap: gap != row.leading)]
    name, worked, leading = subject_name(row.leading), is_worked(row.case), gaps[0]
    return WorkListRow(
        row=row,
        name=name,
        is_line=not row.key.person_id and row.key.scheme != FEED_SUBJECT,
        url=subject_url(row.key, listed=query),
        number=number or ("" if row.key.scheme == FEED_SUBJECT else row.leading.shown_roll_no),
        place=place_below(row.leading),
        gaps=gaps,
        gap_lines=gap_lines(gaps),
        gaps_title=gaps_title(gaps),
        pick_label=_("Select %(name)s") % {"name": name},
        days=leading.days,
        due_on=row.leading.due_on,
        is_overdue=leading.is_overdue and not reason,
        desk=row.leading.get_desk_display(),
        state=reason or (case_state_words(row.case) if row.case else ""),
        tone=CASE_TONES.get(row.case.state, "") if row.case else "",  # type: ignore[call-overload]
        owner=row.case.owner.get_full_name() if worked and row.case and row.case.owner else "",
        is_mine=bool(worked and row.case and row.case.owner_id == actor.user_id),
    )
