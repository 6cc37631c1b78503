"""Changing a rule: one security administrator drafts, another approves, and it is in force from its date.

Approving brings the table in line with the files and every approved proposal (loading.py): there is one writer of values.
A proposal is about one region within the drafter's unit; values for the whole country come with a release.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import is_within
from foundation.audit.services import record_event
from foundation.policy.models import ParameterProposal, ProposalState
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.reading import read_facts
from foundation.policy.services.shapes import check_shape
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.regions.models import Unit


@dataclass(frozen=True)
class Proposed:
    """A proposed value. `value` None means: no such rule here."""

    name: str
    region: Unit
    effective_date: date
    value: object | None
    source: str
    backdating_reason: str = ""


@transaction.atomic
def draft_value(*, actor: Actor, proposed: Proposed, today: date, at: datetime) -> ParameterProposal:
    """Draft a proposal for another administrator to approve.

    Effects: one ParameterProposal; audit verb draft_parameter.
    Errors: NotAllowed; NotFound for an unknown parameter or a region outside the actor's unit; BadInput for a value of
    another shape, no source, or a first day in the past without a reason; Conflict when one for that day is there.
    """
    actor.demand(Action.MANAGE_POLICY)
    assert actor.user_id is not None  # neither jobs nor clients may manage rules
    unit = _unit_of(proposed.name)
    if not actor.covers(proposed.region.path):
        raise NotFound(_("This region is outside your unit."), code="region_not_found", ids=[proposed.region.code])
    _check_source_and_day(proposed, today)
    check_shape(proposed.name, unit, proposed.value)
    same_day = ParameterProposal.objects.exclude(state=ProposalState.WITHDRAWN).filter(
        name=proposed.name, region=proposed.region, effective_date=proposed.effective_date
    )
    _refuse_if(same_day, _("A value for this day has already been proposed."), "proposal_exists")
    proposal = ParameterProposal.objects.create(
        name=proposed.name,
        region=proposed.region,
        effective_date=proposed.effective_date,
        value=proposed.value,
        unit=unit,
        is_none_here=proposed.value is None,
        source=proposed.source.strip(),
        backdating_reason=proposed.backdating_reason.strip(),
        drafted_by_id=actor.user_id,
        drafted_date=today,
        drafted_at=at,
    )
    _record(actor, "draft_parameter", proposal)
    return proposal


@transaction.atomic
def approve_value(*, actor: Actor, proposal_id: int, at: datetime) -> ParameterProposal:
    """Put a proposal into force from its date.

    Effects: the proposal's state; rows of ParameterValue; audit verb approve_parameter.
    Errors: NotAllowed; NotFound; Conflict when it was decided already or when the actor drafted it.
    """
    proposal = _lock_open(actor, proposal_id)
    if proposal.drafted_by_id == actor.user_id:
        raise Conflict(
            _("You drafted this value; a second person must approve it."),
            code="own_proposal",
            what_to_do=_("Ask another security administrator."),
            ids=[proposal.pk],
        )
    _decide(proposal, ProposalState.APPROVED, actor, at)
    load_parameters()
    _record(actor, "approve_parameter", proposal)
    return proposal


@transaction.atomic
def withdraw_value(*, actor: Actor, proposal_id: int, at: datetime) -> ParameterProposal:
    """Take a proposal back before it was approved; its drafter may, and so may a colleague.

    Effects: the proposal's state; audit verb withdraw_parameter.
    Errors: NotAllowed; NotFound; Conflict when it was decided already.
    """
    proposal = _lock_open(actor, proposal_id)
    _decide(proposal, ProposalState.WITHDRAWN, actor, at)
    _record(actor, "withdraw_parameter", proposal)
    return proposal


def _unit_of(name: str) -> str:
    fact = next((each for each in read_facts() if each.name == name), None)
    if fact is None:
        raise NotFound(_("There is no parameter %(name)s.") % {"name": name}, code="parameter_unknown", ids=[name])
    return fact.unit


def _check_source_and_day(proposed: Proposed, today: date) -> None:
    if not proposed.source.strip():
        raise BadInput(_("Enter the source: document, article or page."), code="source_missing")
    if proposed.effective_date < today and not proposed.backdating_reason.strip():
        raise BadInput(
            _("The effective date is in the past."),
            code="backdated",
            what_to_do=_("Explain why the value applies from a past date; past months will be recalculated."),
        )


def _lock_open(actor: Actor, proposal_id: int) -> ParameterProposal:
    actor.demand(Action.MANAGE_POLICY)
    rows = ParameterProposal.objects.select_for_update(of=["self"]).select_related("region", "decided_by")
    proposal = rows.filter(is_within(actor.unit_path, "region"), pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."), code="proposal_not_found", ids=[proposal_id])
    if proposal.state != ProposalState.DRAFTED:
        raise Conflict(
            _("This proposal has already been decided: %(state)s by %(who)s.")
            % {"state": proposal.get_state_display(), "who": proposal.decided_by},
            code="proposal_decided",
            ids=[proposal.pk],
        )
    return proposal


def _decide(proposal: ParameterProposal, state: ProposalState, actor: Actor, at: datetime) -> None:
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, actor.user_id, at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


def _refuse_if(rows: Iterable[ParameterProposal], message: str, code: str) -> None:
    if ids := [row.pk for row in rows]:
        raise Conflict(message, code=code, what_to_do=_("Open it, or choose another date."), ids=ids)


def _record(actor: Actor, verb: str, proposal: ParameterProposal) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="parameter_proposal",
        object_id=proposal.pk,
        detail={
            "parameter": proposal.name,
            "region": proposal.region.code if proposal.region else "",
            "effective_date": proposal.effective_date.isoformat(),
        },
    )
