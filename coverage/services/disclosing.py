"""Disclosing the possible matches of a unit to another department, page by page, each entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from coverage.models import Link
from foundation.accounts.actors import Actor
from foundation.audit.legal_basis import ANSWER_TO_DEPARTMENT
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_disclosure, record_event

FIELDS = (
    "id", "person_id", "scheme", "roll_no", "rule", "comparison_vector", "score", "band", "model_version", "changed", "current_decision",
    "found_at",
)  # fmt: skip
PURPOSE = gettext_noop("Possible matches in the unit of the department, requested through the API")


@transaction.atomic
def disclose_possible_matches(*, actor: Actor, links: Sequence[Link]) -> None:
    """Record one page of possible matches sent to a department. Effects: one Disclosure; audit verb disclose_possible_matches."""
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=PURPOSE,
        legal_basis=ANSWER_TO_DEPARTMENT,
        fields=FIELDS,
        row_count=len(links),
    )
    detail = {"pairs": len(links)}
    record_event(actor=actor, verb="disclose_possible_matches", object_type="api", outcome=Outcome.READ, detail=detail)
