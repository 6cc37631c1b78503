"""Telling another department the gaps of its unit, page by page, each page entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from casework.models import Gap
from foundation.accounts.actors import Actor
from foundation.audit.legal_basis import ANSWER_TO_DEPARTMENT
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_disclosure, record_event

FIELDS = (
    "id", "kind", "reason", "evidence_class", "subject", "person_id", "scheme", "roll_no", "feed", "unit",
    "opened_on", "closed_on",
)  # fmt: skip
PURPOSE = gettext_noop("Gaps in the unit of the department, requested through the API")


@transaction.atomic
def disclose_gaps(*, actor: Actor, gaps: Sequence[Gap]) -> None:
    """Enter one page of gaps that is sent to a department. Effects: one Disclosure; audit verb disclose_gaps."""
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=PURPOSE,
        legal_basis=ANSWER_TO_DEPARTMENT,
        fields=FIELDS,
        row_count=len(gaps),
    )
    record_event(actor=actor, verb="disclose_gaps", object_type="api", outcome=Outcome.READ, detail={"gaps": len(gaps)})
