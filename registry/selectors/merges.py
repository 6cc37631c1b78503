"""Proposed and decided merges of persons."""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope, in_scope_of_county
from foundation.primitives.errors import NotFound
from registry.models import (
    MergeProposal,
    Person,
    PersonMerge,
    ProposalState,
)


def list_proposals(actor: Actor, *, state: str = ProposalState.OPEN) -> QuerySet[MergeProposal]:
    """List possible duplicates of the actor's counties, oldest first; the caller pages."""
    rows = in_scope_of_county(MergeProposal.objects.filter(state=state), actor)
    return rows.select_related("person_a__unit", "person_b__unit", "person_a__county", "person_b__county").order_by(
        "id"
    )


def get_proposal(actor: Actor, proposal_id: int) -> MergeProposal:
    """Get one possible duplicate in reach. One query.

    Errors: NotFound.
    """
    rows = in_scope_of_county(MergeProposal.objects.all(), actor)
    proposal = rows.select_related("person_a", "person_b").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such pair of persons in your unit."), ids=[proposal_id])
    return proposal


def list_merges(actor: Actor, person: Person, known: datetime | None = None) -> list[PersonMerge]:
    """List the merges in force that made others this person, or this person another. One query."""
    in_force = Q(undone_at=None)
    if known is not None:
        in_force = Q(decided_at__lte=known) & (in_force | Q(undone_at__gt=known))
    rows = in_scope(PersonMerge.objects.filter(in_force), actor, "kept__")
    return list(rows.filter(Q(kept=person) | Q(absorbed=person)).select_related("kept", "absorbed").order_by("id"))
