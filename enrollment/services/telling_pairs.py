"""Telling another department the candidate pairs of its unit, page by page, each page entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from enrollment.models import Link
from enrollment.services.answering import LEGAL_BASIS
from poverty_pension.accounts.actors import Actor
from poverty_pension.audit.models.event import Outcome
from poverty_pension.audit.services import record_disclosure, record_event

FIELDS = (
    "id", "person_id", "scheme", "roll_no", "rule", "field_verdicts", "score", "band", "model_version", "changed", "said",
    "found_at",
)  # fmt: skip
PURPOSE = "candidate pairs of the basic pension in the department's unit, asked through the interface"


@transaction.atomic
def enter_told_pairs(*, actor: Actor, links: Sequence[Link]) -> None:
    """Enter one page of pairs that is sent to a department. Effects: one Disclosure; audit verb tell_candidates."""
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
        fields=FIELDS,
        row_count=len(links),
    )
    detail = {"pairs": len(links)}
    record_event(actor=actor, verb="tell_candidates", object_type="api", outcome=Outcome.READ, detail=detail)
