"""The rules' pages: read by everybody who works with them, changed by two security administrators."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.models import ParameterProposal, ProposalState
from foundation.policy.selectors import get_proposal, list_in_force, list_proposals, list_proposals_to_approve
from foundation.policy.services.proposing import Proposed, approve_value, draft_value, withdraw_value
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from foundation.web.refusals import refuse
from portal.policy_pages.access import reads_policy
from portal.policy_pages.forms import PlaceAndDay, ProposalForm, RuleFilter, write_value
from portal.policy_pages.presenters import present_meaning, present_title
from portal.policy_pages.selectors import get_fact, list_regions_of, list_rules, present_proposal

TO_APPROVE = "to_approve"


@reads_policy
@require_safe
def show_rules(request: ActorRequest) -> HttpResponse:
    """List the rules with what holds in the reader's own unit today; found by words and topic."""
    form = RuleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rules = list_rules(
        unit=_own_unit(request), on=clock.today(), words=wanted.get("q", ""), topic=wanted.get("topic", "")
    )
    return render(request, "policy/list.html", {"form": form, "rules": rules, "tabs": _tabs("administration_policy")})


@reads_policy
@require_safe
def show_in_force(request: ActorRequest) -> HttpResponse:
    """Show what holds in a unit on a day."""
    unit, day = _own_unit(request), clock.today()
    form = PlaceAndDay(request.GET or None, initial={"unit": unit.code[:6], "day": day.isoformat()})
    if form.is_bound and form.is_valid():
        unit, day = form.cleaned_data["unit"], form.cleaned_data["day"]
    rules = [] if form.errors else list_rules(unit=unit, on=day)
    context = {"form": form, "rules": rules, "unit": unit, "day": day, "tabs": _tabs("administration_policy_in_force")}
    return render(request, "policy/in_force.html", context, status=422 if form.errors else 200)


@reads_policy
@require_safe
def show_rule(request: ActorRequest, name: str) -> HttpResponse:
    """Show one rule's values by region with their sources, and what is proposed."""
    fact = get_fact(name)
    context = {
        "name": name,
        "title": present_title(fact),
        "meaning": present_meaning(fact),
        "regions": list_regions_of(fact),
        "proposals": [present_proposal(each) for each in list_proposals(name=name)],
        "may_draft": request.actor.may(Action.MANAGE_POLICY),
    }
    return render(request, "policy/rule.html", context)


@reads_policy
@require_safe
def show_proposals(request: ActorRequest) -> HttpResponse:
    """List all proposals, newest first, or those the reader may approve."""
    to_approve = request.GET.get("state") == TO_APPROVE
    rows = list_proposals_to_approve(request.actor) if to_approve else list_proposals()
    context = {
        "proposals": [present_proposal(each) for each in rows],
        "to_approve": to_approve,
        "tabs": _tabs("administration_policy_proposals"),
    }
    return render(request, "policy/proposals.html", context)


@reads_policy
@require_safe
def show_proposal(request: ActorRequest, proposal_id: int) -> HttpResponse:
    """Show one proposal; a second security administrator approves it here."""
    proposal = get_proposal(proposal_id)
    may_manage = request.actor.may(Action.MANAGE_POLICY) and _lies_within(request, proposal)
    is_open = proposal.state == ProposalState.DRAFTED
    context = {
        "proposal": present_proposal(proposal),
        "may_withdraw": may_manage and is_open,
        "may_approve": may_manage and is_open and proposal.drafted_by_id != request.actor.user_id,
    }
    return render(request, "policy/proposal.html", context)


@requires(Action.MANAGE_POLICY)
@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest, name: str) -> HttpResponse:
    """Propose a new value of a rule."""
    fact = get_fact(name)
    form = ProposalForm(request.POST or None, unit=fact.unit, initial=_present_value(request, name, fact.unit))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        proposed = Proposed(
            name=name,
            region=data["region"],
            effective_date=data["effective_date"],
            value=data["read_value"],
            source=data["source"],
            backdating_reason=data["backdating_reason"],
        )
        try:
            proposal = draft_value(actor=request.actor, proposed=proposed, today=clock.today(), at=clock.now())
        except BadInput as refusal:
            form.add_error(None, f"{refusal} {refusal.what_to_do}".strip())
        except Conflict as refusal:
            return refuse(request, refusal, back_url=reverse("administration_policy_proposal", args=refusal.ids[:1]))
        else:
            messages.success(request, _("Proposal saved; a second person must approve it."))
            return redirect("administration_policy_proposal", proposal.pk)
    context = {"form": form, "name": name, "title": present_title(fact), "meaning": present_meaning(fact)}
    return render(request, "policy/draft.html", context, status=422 if form.errors else 200)


@requires(Action.MANAGE_POLICY)
@require_POST
def approve(request: ActorRequest, proposal_id: int) -> HttpResponse:
    """Put a proposal into force from its date."""
    return _decide(request, proposal_id, approve_value, _("Approved: it applies from its effective date."))


@requires(Action.MANAGE_POLICY)
@require_POST
def withdraw(request: ActorRequest, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    return _decide(request, proposal_id, withdraw_value, _("Proposal withdrawn."))


def _decide(
    request: ActorRequest, proposal_id: int, service: Callable[..., ParameterProposal], done: str
) -> HttpResponse:
    try:
        service(actor=request.actor, proposal_id=proposal_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("administration_policy_proposal", args=[proposal_id]))
    messages.success(request, done)
    return redirect("administration_policy_proposal", proposal_id)


def _own_unit(request: ActorRequest) -> Unit:
    return Unit.objects.get(pk=request.actor.unit_id)


def _lies_within(request: ActorRequest, proposal: ParameterProposal) -> bool:
    return proposal.region is not None and request.actor.covers(proposal.region.path)


def _present_value(request: ActorRequest, name: str, unit: str) -> dict[str, str]:
    """Return the initial values of the form: the drafter's unit and the value in force there today."""
    found = list_in_force(unit=_own_unit(request), on=clock.today()).get(name)
    value = "" if found is None or found.is_none_here else write_value(found.value, unit)
    return {"region": request.actor.unit_code[:6], "value": value}


def _tabs(here: str) -> list[dict[str, object]]:
    labels = {
        "administration_policy": _("Policy parameters"),
        "administration_policy_in_force": _("Values by region"),
        "administration_policy_proposals": _("Proposals"),
    }
    return [
        {"label": label, "url": reverse(route), "is_here": route == here, "count": None}
        for route, label in labels.items()
    ]
