"""Answering another department: the coverage of persons it names by number and name, entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from coverage.selectors.person_coverage import PersonCoverage, find_named_persons, list_coverage
from foundation.accounts.actors import Actor
from foundation.audit.legal_basis import ANSWER_TO_DEPARTMENT
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_disclosure, record_event

FIELDS = ("person_id", "verdict", "e1_column", "desk_reason", "gaps", "as_of", "oldest_feed_date")
PURPOSE = gettext_noop("Pension coverage of named persons, requested through the API")


@transaction.atomic
def answer_coverage(*, actor: Actor, asked: Sequence[tuple[str, str]]) -> list[PersonCoverage | None]:
    """Answer for each (number, name), in the order asked; None where no person in scope has the number under such a name.

    Names match by their phonetic key; a person no night has derived codes for yet counts as not found.
    Effects: one Disclosure counting those found; audit verb answer_coverage. Cost: seven statements for one or a thousand.
    """
    meant = find_named_persons(actor, asked)
    coverage = list_coverage(actor, sorted({person_id for person_id in meant if person_id is not None}))
    answers = [None if person_id is None else coverage.get(person_id) for person_id in meant]
    _record_answer(actor, asked_count=len(asked), found_count=sum(answer is not None for answer in answers))
    return answers


def _record_answer(actor: Actor, *, asked_count: int, found_count: int) -> None:
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=PURPOSE,
        legal_basis=ANSWER_TO_DEPARTMENT,
        fields=FIELDS,
        row_count=found_count,
    )
    record_event(
        actor=actor,
        verb="answer_coverage",
        object_type="api",
        outcome=Outcome.READ,
        detail={"asked": asked_count, "found": found_count},
    )
