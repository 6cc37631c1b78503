"""Possible duplicates: two persons side by side, and whether they are one. A reviewer decides; every decision can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.policy.limits import undo_period
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import own_address, refuse
from registry.forms import MergeForm, PossibleDuplicateFilter
from registry.models import Designation, ProposalState
from registry.presenters.persons import shown_record_key
from registry.selectors.merges import list_proposals
from registry.selectors.numbers import list_masked_numbers
from registry.selectors.persons import list_source_designations
from registry.services.merging import decide_proposal, may_undo_proposal, undo_merge, undo_proposal

PER_PAGE = 20
DECIDED = (ProposalState.MERGED, ProposalState.DIFFERENT)


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_possible_duplicates(request: ActorRequest) -> HttpResponse:
    """List pairs of persons who may be one, each with what the files state of both."""
    form = PossibleDuplicateFilter(request.GET)
    state = (form.cleaned_data["state"] if form.is_valid() else "") or ProposalState.OPEN
    page = Paginator(list_proposals(request.actor, state=state), PER_PAGE).get_page(request.GET.get("page"))
    ids = [person_id for pair in page for person_id in (pair.person_a_id, pair.person_b_id)]
    numbers, designations = list_masked_numbers(request.actor, ids), list_source_designations(request.actor, ids)
    may_merge, now = request.actor.may(Action.MERGE_PERSONS), clock.now()
    period = undo_period(request.actor, on=now.date())
    pairs = [
        (
            pair,
            may_merge and pair.state in DECIDED and may_undo_proposal(pair, at=now, period=period),
            [
                (one, numbers.get(one.pk, ""), _sources(designations.get(one.pk, [])))
                for one in (pair.person_a, pair.person_b)
            ],
        )
        for pair in page
    ]
    record_list(
        actor=request.actor,
        name="possible_duplicates",
        count=page.paginator.count,
        shown=len(pairs),
        filters={"state": state},
    )
    context = {
        "form": form,
        "page": page,
        "pairs": pairs,
        "merge_form": MergeForm() if may_merge else None,
        "query": f"state={state}",
    }
    return render(request, "deliveries/possible_duplicates.html", context)


def _sources(designations: Sequence[Designation]) -> list[tuple[str, str]]:
    """List feed and record number of each file that lists a person."""
    return [(each.get_kind_display(), shown_record_key(each.record_key)) for each in designations]


@requires(Action.MERGE_PERSONS)
@require_POST
def decide_possible_duplicate(request: ActorRequest, proposal_id: int) -> HttpResponse:
    """Decide whether one pair is one person or two."""
    form = MergeForm(request.POST)
    form.is_valid()
    same = form.cleaned_data.get("same") == "yes"
    try:
        decide_proposal(
            actor=request.actor,
            proposal_id=proposal_id,
            same=same,
            reason=form.cleaned_data.get("reason", ""),
            at=clock.now(),
        )
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=reverse("possible_duplicates"))
    words = (
        _("Merged: counted as one person from the next nightly run.") if same else _("Recorded as different persons.")
    )
    messages.success(request, words, extra_tags=reverse("possible_duplicate_undo", args=[proposal_id]))
    return redirect(own_address(request, request.POST.get("next"), reverse("possible_duplicates")))


@requires(Action.MERGE_PERSONS)
@require_POST
def undo_possible_duplicate(request: ActorRequest, proposal_id: int) -> HttpResponse:
    """Undo the decision on one pair."""
    try:
        undo_proposal(actor=request.actor, proposal_id=proposal_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("possible_duplicates"))
    messages.success(request, _("Undone: the pair is to be decided again."))
    return redirect(own_address(request, request.POST.get("next"), reverse("possible_duplicates")))


@requires(Action.MERGE_PERSONS)
@require_POST
def undo_decided_merge(request: ActorRequest, merge_id: int) -> HttpResponse:
    """Undo a merge."""
    try:
        merge = undo_merge(actor=request.actor, merge_id=merge_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("possible_duplicates"))
    messages.success(request, _("Merge undone; both persons have been restored."))
    return redirect("person", merge.kept_id)
