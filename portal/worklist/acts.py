"""What is done to many rows of the work list: selected one by one, or the whole list as it is filtered. Take, or assign with a preview.

The whole list is never sent as ids: the form names the filters, how many entries the reader saw and the fingerprint of their gaps.
What fits the filters is read again; where it is not the same now, nothing is done before the reader has seen the new list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.selectors.subjects import SubjectKey, read_key
from casework.selectors.worklist import Totals, count_totals, list_subject_keys
from casework.services.assigning import assign_cases, list_candidates, propose_assignment
from casework.services.cases import take_cases
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.policy.limits import whole_selection_limit
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from foundation.web.refusals import own_address, refuse
from portal.worklist.filters import NAME_FIELD, posted_list

MOST_SHOWN = 100


@dataclass(frozen=True)
class Selection:
    """The chosen subjects. Of a whole list: `query` and `name`, its filters, `seen`, the mark the reader sent, `now`, its mark now."""

    keys: list[SubjectKey]
    query: str = ""
    name: str = ""
    seen: str = ""
    now: str = ""

    @property
    def has_changed(self) -> bool:
        """Answer whether the list has other entries than the reader saw, also where they are as many."""
        return self.seen != self.now

    def demand_unchanged(self) -> None:
        """Errors: Conflict when the list has changed since the reader selected it."""
        if self.has_changed:
            raise Conflict(self.change, code="list_changed", what_to_do=_("Look at the list and select it again."))

    @property
    def change(self) -> str:
        """State the new number beside the one seen, or that the entries are others."""
        now, then = len(self.keys), read_id(self.seen.partition(":")[0])
        if then is None or now == then:
            return _("The list has changed: other entries fit the filters now. Nothing has been done yet.")
        words = {"now": now, "then": then}
        return _("The list has changed: it has %(now)s entries now, not %(then)s. Nothing has been done yet.") % words


def mark_of(totals: Totals) -> str:
    """Return what tells one list from another: its length and the fingerprint of its gaps."""
    return f"{totals.subjects}:{totals.fingerprint}"


@sensitive_post_parameters(NAME_FIELD)
@requires(Action.TAKE_CASE)
@require_POST
def take_many(request: ActorRequest) -> HttpResponse:
    """Take the selected rows; how many somebody else has is said, and who has the first of them."""
    back_url = own_address(request, request.POST.get("next"), reverse("work_list"))
    try:
        chosen = _read_selection(request)
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
        chosen = _read_selection(request)
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


def _read_selection(request: ActorRequest) -> Selection:
    """Read what was selected. Errors: BadInput for a list longer than one act may take."""
    seen = request.POST.get("whole", "")
    if not seen:
        return Selection([read_key(text) for text in request.POST.getlist("subject")])
    _form, wanted, query, order = posted_list(request)
    limit = whole_selection_limit(request.actor, on=clock.today())
    keys = list_subject_keys(request.actor, wanted, order, most=limit + 1)
    if len(keys) > limit:
        raise BadInput(
            _("The list has more than %(limit)s entries, which is the most for one act.") % {"limit": limit},
            code="too_many",
            what_to_do=_("Narrow it by a filter, for example by township or kind."),
        )
    totals = count_totals(request.actor, wanted, today=clock.now().date())
    return Selection(keys, query, wanted.name, seen, mark_of(totals))


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
