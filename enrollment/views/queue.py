"""The queue of applications: its tabs and filters in the address, and moving from one application to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enrollment.constants import ApplicationKind, ApplicationState, QueueTab
from enrollment.forms import QueueFilter
from enrollment.models import Application
from enrollment.presenters.queue import queue_row, queue_tabs
from enrollment.selectors.applications import get_application
from enrollment.selectors.queue import Wanted, count_queue, find_next, list_queue
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock

PER_PAGE = 30


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_queue(request: ActorRequest) -> HttpResponse:
    """List the applications of a tab. Eight queries whatever the rows."""
    actor, today = request.actor, clock.today()
    form = QueueFilter(request.GET)
    form.is_valid()
    counts = count_queue(actor, today=today)
    wanted = _wanted(request.GET, default=_first_tab(actor, counts))
    page = Paginator(list_queue(actor, wanted, today=today), PER_PAGE).get_page(request.GET.get("page"))
    rows = [queue_row(each, today) for each in page.object_list]
    filters = {"tab": wanted.tab.value, "kind": wanted.kind, "state": wanted.state}
    record_list(actor=actor, name="enrolment", count=page.paginator.count, shown=len(rows), filters=filters)
    query = urlencode({name: value for name, value in filters.items() if value})
    context = {
        "tabs": queue_tabs(counts, wanted),
        "tab": wanted.tab,
        "form": form,
        "page": page,
        "rows": rows,
        "query": query,
        "clear_url": f"?tab={wanted.tab}",
        "is_filtered": bool(form.chips()),
        "may_prepare": actor.may(Action.PREPARE_APPLICATION),
        "may_invite": actor.may(Action.PREPARE_APPLICATION) or actor.may(Action.EXPORT_LISTS),
    }
    return render(request, "enrollment/queue.html", context)


@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_next(request: ActorRequest, application_id: int) -> HttpResponse:
    """Go to the application that follows one in the part of the queue the page came from; at the end, back to it."""
    return redirect(next_url(request, get_application(request.actor, application_id)))


def next_url(request: ActorRequest, after: Application) -> str:
    """Return the address of the application that follows one in the part of the queue the page came from, or of that. One query."""
    query = list_of(request)
    found = find_next(request.actor, _wanted(QueryDict(query), QueueTab.MINE), after, today=clock.today())
    if found is not None:
        return f"{reverse('application', args=[found])}{_tail(query)}"
    return f"{reverse('enrolment')}?{query}"


def list_of(request: ActorRequest) -> str:
    """Return the filters of the part of the queue a page came from, as the page carries them; unknown ones are left out."""
    given = QueryDict(request.POST.get("list") or request.GET.get("list", ""))
    wanted = _wanted(given, QueueTab.MINE)
    named = {"tab": wanted.tab.value, "kind": wanted.kind, "state": wanted.state}
    return urlencode({name: value for name, value in named.items() if value})


def _tail(query: str) -> str:
    return "?" + urlencode({"list": query})


def _wanted(data: QueryDict, default: QueueTab) -> Wanted:
    """Read tab and filters; what is no choice filters nothing."""
    tab, kind, state = (str(data.get(name, "")) for name in ("tab", "kind", "state"))
    return Wanted(
        tab=QueueTab(tab) if tab in QueueTab.values else default,
        kind=kind if kind in ApplicationKind.values else "",
        state=state if state in ApplicationState.values else "",
    )


def _first_tab(actor: Actor, counts: dict[QueueTab, int]) -> QueueTab:
    """Open what is the reader's to do; for readers with nothing of their own, what waits."""
    does_something = any(
        actor.may(action)
        for action in (Action.PREPARE_APPLICATION, Action.CHECK_APPLICATION, Action.DECIDE_APPLICATION)
    )
    return QueueTab.MINE if does_something or counts[QueueTab.MINE] else QueueTab.WAITING
