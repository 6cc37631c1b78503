"""Giving cases to a colleague: choose, compare before and after, confirm; and taking an assignment back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casework.selectors.subjects import SubjectKey, read_key
from casework.services.assigning import (
    assign_cases,
    list_assignments,
    list_candidates,
    propose_assignment,
    undo_assignment,
)
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.policy.limits import undo_period
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from foundation.web.refusals import own_address, refuse

PER_PAGE = 30


@never_cache
@requires(Action.TAKE_CASE)
@require_POST
def assign(request: ActorRequest) -> HttpResponse:
    """Ask to whom, show before and after, and give the cases when it was confirmed."""
    back_url = own_address(request, request.POST.get("next"), reverse("work_list"))
    chosen = request.POST.get("assignee", "")
    assignee_id = read_id(chosen) or 0
    try:
        keys = [read_key(text) for text in request.POST.getlist("subject")]
        if request.POST.get("confirmed") != "yes":
            return _show_preview(request, keys, assignee_id, back_url)
        act, left = assign_cases(actor=request.actor, keys=keys, assignee_id=assignee_id, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    count = len(act.before)
    text = ngettext("%(count)s case assigned to %(name)s.", "%(count)s cases assigned to %(name)s.", count)
    messages.success(request, text % {"count": count, "name": act.assignee.get_full_name()})
    if left:
        text = ngettext(
            "%(count)s case was left as it is: handled by others, or outside the colleague's unit.",
            "%(count)s cases were left as they are: handled by others, or outside the colleague's unit.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return redirect(back_url)


def _show_preview(request: ActorRequest, keys: list[SubjectKey], assignee_id: int, back_url: str) -> HttpResponse:
    candidates = list_candidates(request.actor, keys, on=clock.today())
    assignee = next((each.user for each in candidates if each.user.pk == assignee_id), None)
    proposed = propose_assignment(
        actor=request.actor, keys=keys, assignee_id=assignee.pk if assignee else 0, on=clock.today()
    )
    record_list(actor=request.actor, name="case_assign", count=len(proposed), shown=len(proposed))
    context = {
        "proposed": proposed,
        "moving_count": sum(each.may_move for each in proposed),
        "outside_count": sum(each.is_outside for each in proposed),
        "candidates": candidates,
        "assignee": assignee,
        "back_url": back_url,
    }
    return render(request, "worklist/assign.html", context)


@never_cache
@requires(Action.TAKE_CASE)
@require_safe
def show_assignments(request: ActorRequest) -> HttpResponse:
    """List what was assigned at this desk, newest first; the latest can be undone."""
    page = Paginator(list_assignments(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    youngest = clock.now() - undo_period(request.actor, on=clock.today())
    rows = [(act, len(act.before), act.undone_at is None and act.assigned_at >= youngest) for act in page]
    return render(request, "worklist/assignments.html", {"page": page, "rows": rows})


@requires(Action.TAKE_CASE)
@require_POST
def undo(request: ActorRequest, assignment_id: int) -> HttpResponse:
    """Take an assignment back."""
    try:
        undone = undo_assignment(actor=request.actor, assignment_id=assignment_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("case_assignments"))
    words = _("%(restored)s cases were restored; %(left)s have changed since and were left as they are.")
    messages.success(request, words % {"restored": undone.restored, "left": undone.left})
    if undone.without_owner:
        words = ngettext(
            "%(count)s of them is unassigned now: whoever had it may no longer work on it.",
            "%(count)s of them are unassigned now: whoever had them may no longer work on them.",
            undone.without_owner,
        )
        messages.warning(request, words % {"count": undone.without_owner})
    return redirect("case_assignments")
