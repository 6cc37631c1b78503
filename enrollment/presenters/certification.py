"""Evidence of life in words: of lists and reports the day and the kind of source, of what was entered by hand who did and the note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from enrollment.models import LifeEvidence
from foundation.accounts.models import User
from registry.models import Person, PersonMerge
from registry.presenters.file_words import source_words

MOST_SHOWN = 20


@dataclass(frozen=True)
class ShownEvidence:
    """One line: the day, the kind of source, and who entered it with their note; both empty where a list or report says so."""

    seen_on: date
    source: str
    entered_by: str = ""
    note: str = ""


def shown_evidence(person: Person, known_evidence: pa.Table, known: datetime) -> list[ShownEvidence]:
    """Put the latest evidence of a person into words, newest first. `known_evidence`: as inputs.py reads it. One query."""
    name = User.objects.filter(username=OuterRef("recorded_by")).exclude(display_name="").values("display_name")
    entered = LifeEvidence.objects.filter(recorded_at__lte=known).filter(
        Q(person=person) | Q(person__in=PersonMerge.objects.filter(kept=person, undone_at=None).values("absorbed"))
    )
    by_hand = {
        (each.seen_on, each.source): each
        for each in entered.annotate(entered_by=Coalesce(Subquery(name[:1]), F("recorded_by")))
    }
    keys = sorted({(row["seen_on"], row["source"] or "") for row in known_evidence.to_pylist()}, reverse=True)
    return [
        ShownEvidence(seen_on, source_words(source), hand.entered_by, hand.note)
        if (hand := by_hand.get((seen_on, source)))
        else ShownEvidence(seen_on, source_words(source))
        for seen_on, source in keys[:MOST_SHOWN]
    ]
