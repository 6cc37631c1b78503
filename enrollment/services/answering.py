"""Answering another department: the coverage of persons it names by number and name, entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from django.db import transaction

from enrollment.selectors.coverage import PersonCoverage, list_coverage, list_holders
from poverty_pension.accounts.actors import Actor
from poverty_pension.audit.models.event import Outcome
from poverty_pension.audit.services import record_disclosure, record_event
from poverty_pension.primitives.columns import clean_names, clean_numbers
from registry.services.numbers import cipher

FIELDS = ("person_id", "verdict", "e1_column", "desk_reason", "gaps", "as_of", "oldest_feed_date")
PURPOSE = "coverage of named persons in the basic pension, asked through the interface"
LEGAL_BASIS = "个人信息保护法 第十三条第一款第三项、第三十四条"


@transaction.atomic
def answer_coverage(*, actor: Actor, asked: Sequence[tuple[str, str]]) -> list[PersonCoverage | None]:
    """Answer for each (number, name), in the order asked; None where nobody in reach holds the number under such a name.

    A name matches when it sounds the same as one a file gave; a person no night has judged yet counts as not found.
    Effects: one Disclosure counting those found; audit verb answer_coverage. Cost: seven statements for one or a thousand.
    """
    numbers = clean_numbers(pa.array([number for number, _name in asked], pa.string())).number.to_pylist()
    sounds = clean_names(pa.array([name for _number, name in asked], pa.string())).sound.to_pylist()
    blinds = cipher().blind_many("full", numbers)
    holders = list_holders(actor, [blind for blind, number in zip(blinds, numbers, strict=True) if number])
    held_sounds = clean_names(pa.array([holder.name for holder in holders], pa.string())).sound.to_pylist()
    meant = {(holder.blind, sound): holder.person_id for holder, sound in zip(holders, held_sounds, strict=True)}
    coverage = list_coverage(actor, sorted(set(meant.values())))
    answers = [coverage.get(meant.get(key, 0)) if key[1] else None for key in zip(blinds, sounds, strict=True)]
    _enter(actor, asked_count=len(asked), found_count=sum(answer is not None for answer in answers))
    return answers


def _enter(actor: Actor, *, asked_count: int, found_count: int) -> None:
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
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
