"""What is done to many rows of the work list: take, or assign with a preview. One-stop enrolment is one_stop.py."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.services.assigning import assign_cases, list_candidates, propose_assignment
from casework.services.cases import take_cases
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from foundation.web.refusals import own_address, refuse
from portal.worklist.filters import NAME_FIELD
from portal.worklist.selection import Selection, read_selection

MOST_SHOWN = 100


@sensitive_post_parameters(NAME_FIELD)
@requires(Action.TAKE_CASE)
@require_POST
def take_many(request: ActorRequest) -> HttpResponse:
    """Take the selected rows; how many somebody else has is said, and who has the first of them."""
    back_url = own_address(request, request.POST.get("next"), reverse("work_list"))
    try:
        chosen = read_selection(request)
        chosen.demand_unchanged()
        taken = take_cases(actor=request.actor, keys=chosen.keys, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    count = len(taken.cases)
    if count:
        words = ngettext("%(count)s case taken.", "%(count)s cases taken.", count) % {"count": count}
        undo_url = reverse("case_take_undo", args=[taken.moved[0].pk]) if taken.moved else ""
        messages.success(request, words, extra_tags=undo_url)
    for sentence in taken.refused:
        messages.warning(request, sentence)
    if more := taken.refused_count - len(taken.refused):
        text = ngettext("%(count)s more is handled by others.", "%(count)s more are handled by others.", more)
        messages.warning(request, text % {"count": more})
    if not chosen.keys:
        messages.info(request, _("No rows selected."))
    return redirect(back_url)


@sensitive_post_parameters(NAME_FIELD)
@never_cache
@requires(Action.TAKE_CASE)
@require_POST
def assign(request: ActorRequest) -> HttpResponse:
    """Ask to whom, show before and after, and give the cases when it was confirmed and the list is as it was shown."""
    back_url = own_address(request, request.POST.get("next"), reverse("work_list"))
    assignee_id = read_id(request.POST.get("assignee", "")) or 0
    try:
        chosen = read_selection(request)
        if request.POST.get("confirmed") != "yes" or chosen.has_changed:
            return _show_preview(request, chosen, assignee_id, back_url)
        act, left = assign_cases(actor=request.actor, keys=chosen.keys, assignee_id=assignee_id, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    count = len(act.before)
    text = ngettext("%(count)s case assigned to %(name)s.", "%(count)s cases assigned to %(name)s.", count)
    words = text % {"count": count, "name": act.assignee.get_full_name()}
    messages.success(request, words, extra_tags=reverse("case_assignment_undo", args=[act.pk]))
    if left:
        text = ngettext(
            "%(count)s case was left as it is: handled by others, or outside the colleague's unit.",
            "%(count)s cases were left as they are: handled by others, or outside the colleague's unit.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return redirect(back_url)


def _show_preview(request: ActorRequest, chosen: Selection, assignee_id: int, back_url: str) -> HttpResponse:
    candidates = list_candidates(request.actor, chosen.keys, on=clock.today())
    assignee = next((each.user for each in candidates if each.user.pk == assignee_id), None)
    proposed = propose_assignment(
        actor=request.actor, keys=chosen.keys, assignee_id=assignee.pk if assignee else 0, on=clock.today()
    )
    shown = proposed[:MOST_SHOWN]
    record_list(actor=request.actor, name="case_assign", count=len(proposed), shown=len(shown))
    context = {
        "proposed": proposed,
        "shown": shown,
        "selection": chosen,
        "moving_count": sum(each.may_move for each in proposed),
        "outside_count": sum(each.is_outside for each in proposed),
        "candidates": candidates,
        "assignee": assignee,
        "back_url": back_url,
    }
    return render(request, "worklist/assign.html", context)
