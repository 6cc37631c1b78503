"""Why a case was closed and what that rests on, in words."""

from __future__ import annotations

from casework.constants import CloseReason
from casework.models import CaseClosing


def case_note(note: str) -> tuple[str, str]:
    """Split the note of a closed case into the reason's words and what was written."""
    reason, colon, words = note.partition(": ")
    if colon and reason in CloseReason.values:
        return str(CloseReason(reason).label), words
    return "", note


def evidence_words(closing: CaseClosing) -> str:
    """Return what a closing is based on: the kind, where others find it, its day; nothing when it needed nothing."""
    if not closing.evidence_kind:
        return ""
    parts = (closing.get_evidence_kind_display(), closing.evidence_reference, f"{closing.evidence_date:%Y-%m-%d}")
    return " ".join(part for part in parts if part)
