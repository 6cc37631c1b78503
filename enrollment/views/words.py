"""Gaps, findings, links and cases in the reader's words; tones of chips. Pure: everything shown is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.constants import (
    FEED_SUBJECT,
    GAP_RANK,
    CaseState,
    CloseReason,
    DeskReason,
    FindingKind,
    GapKind,
    Scheme,
    Verdict,
)
from enrollment.models import CaseClosing, Gap
from registry.constants import Feed
from registry.intake.file_words import roll_status_words

GRAVE_RANK, MIDDLE_RANK = 30, 44
CASE_TONES = {
    CaseState.OPEN: "warn",
    CaseState.REOPENED: "warn",
    CaseState.ASSIGNED: "info",
    CaseState.IN_PROGRESS: "info",
    CaseState.WAITING_OUTSIDE: "info",
    CaseState.RESOLVED: "ok",
    CaseState.CLOSED_WITH_REASON: "ok",
}
GAP_REASONS: dict[str, str | Promise] = {
    **dict(DeskReason.choices),
    "two_schemes": gettext_lazy("in two schemes at once"),
    "twice_on_roll": gettext_lazy("twice on the resident roll"),
    "hukou_out": gettext_lazy("Hukou moved out"),
    "hukou_cancelled": gettext_lazy("Hukou cancelled"),
    "number_shared": gettext_lazy("two persons, one number"),
    "number_of_another": gettext_lazy("the number carries another name on a roll"),
    "number_wrong": gettext_lazy("check character or date of the number wrong"),
    "number_length": gettext_lazy("number of a wrong length"),
    "number_numeric": gettext_lazy("number lost digits in a spreadsheet"),
    "number_repaired": gettext_lazy("found by a corrected number"),
    "to_be_insured": gettext_lazy("newly on a list: insure now"),
    "to_be_paid_for": gettext_lazy("newly on a list: government pays the contribution"),
    "to_draw": gettext_lazy("newly on a list: due to draw"),
    "lapsed_paid_for": gettext_lazy("Insured here, lapsed; government owes the contribution"),
    "feed_withdrawn": gettext_lazy("the newest list was taken back"),
    "name_differs": gettext_lazy("name written otherwise on the roll"),
}
"""The reasons that can be filtered by; others are a day, a month or a status."""

FIELD_WORDS: dict[str, Promise] = {
    "number": gettext_lazy("Number"),
    "name": gettext_lazy("Name"),
    "birth": gettext_lazy("Birth date"),
    "village": gettext_lazy("Village"),
    "rarity": gettext_lazy("How often the name occurs"),
}
FIELD_VERDICT_WORDS: dict[str, Promise] = {
    "same": gettext_lazy("the same"),
    "former": gettext_lazy("a former number"),
    "one slip in the file": gettext_lazy("one slip in the file"),
    "one slip on the roll": gettext_lazy("one slip on the roll"),
    "unknown": gettext_lazy("not stated"),
    "variant": gettext_lazy("the same in variant characters"),
    "homophone": gettext_lazy("sounds the same"),
    "same surname": gettext_lazy("the surname is the same"),
    "differs": gettext_lazy("differs"),
    "day and month swapped": gettext_lazy("day and month swapped"),
    "same town": gettext_lazy("the same township"),
    "two slips": gettext_lazy("one or two digits differ"),
    "its beginning": gettext_lazy("the first fourteen digits are the same"),
    "all but the birth date": gettext_lazy("the same but for the birth date in it"),
    "one part differs": gettext_lazy("year, month or day differs"),
    "rare": gettext_lazy("rarely"),
    "usual": gettext_lazy("now and then"),
    "common": gettext_lazy("often"),
}
BAND_WORDS: dict[str, Promise] = {
    "strong": gettext_lazy("strong"),
    "likely": gettext_lazy("likely"),
    "weak": gettext_lazy("weak"),
}
CHANGED_WORDS: dict[str, Promise] = {
    "rule": gettext_lazy("the way they were found"),
    "fields": gettext_lazy("how the fields compare"),
    "roll_name": gettext_lazy("the name on the roll"),
    "roll_birth": gettext_lazy("the birth date on the roll"),
    "roll_unit": gettext_lazy("the place on the roll"),
    "names": gettext_lazy("the person's names in the files"),
}
"""What may be otherwise than when a pair was decided; the words of coverage/sql/respect_decisions.sql."""
AGREES = {"same", "variant", "homophone"}
DOUBTFUL = {"differs", "same surname"}


@dataclass(frozen=True)
class ShownGap:
    """A gap as a chip and a sentence."""

    gap: Gap
    label: str
    tone: str
    reason: str
    evidence_class: str
    days: int
    held_by: str


def shown_gap(gap: Gap, now: datetime) -> ShownGap:
    """Put a gap into words; its age counts from the moment the night found it."""
    return ShownGap(
        gap=gap,
        label=str(GapKind(gap.kind).label),
        tone=gap_tone(gap.kind),
        reason=gap_reason(gap.kind, gap.reason),
        evidence_class=gap.evidence_class,
        days=max((now - gap.opened_at).days, 0),
        held_by=", ".join(str(Feed(feed).label) for feed in gap.held_by.split()),
    )


def gap_tone(kind: str) -> str:
    """Return the tone of a kind's chip: money and the uninsured, the rest of the work, data."""
    rank = GAP_RANK[GapKind(kind)]
    if rank <= GRAVE_RANK:
        return "bad"
    return "warn" if rank <= MIDDLE_RANK else ""


def gap_reason(kind: str, reason: str) -> str:
    """Put a gap's reason into words: a known word, the day of a death, a month of birth, a status."""
    if kind == GapKind.DUE_NOT_DRAWING and reason in ("contributing", "lapsed"):
        return _("still recorded as contributing") if reason == "contributing" else _("recorded as lapsed")
    if reason in GAP_REASONS:
        return str(GAP_REASONS[reason])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", reason):
        since = {
            GapKind.DRAWING_IN_PRISON: _("in prison since %(day)s"),
            GapKind.TURNING_16: _("turns 16 on %(day)s"),
            GapKind.DATA_STALE: _("the newest list is of %(day)s"),
        }
        return since.get(GapKind(kind), _("died on %(day)s")) % {"day": reason}
    if re.fullmatch(r"\d{4}-\d\d", reason):
        words = _("turns 60 in %(month)s") if kind == GapKind.TURNING_60 else _("born in %(month)s")
        return words % {"month": reason}
    if re.fullmatch(r".?/.?", reason):
        return roll_status_words(Scheme.RESIDENT, reason)
    return reason


def subject_name(gap: Gap) -> str:
    """Return whom or what a gap is about: a person's name, a name on a roll, a feed in words."""
    if gap.scheme == FEED_SUBJECT and gap.roll_no in Feed.values:
        return str(Feed(gap.roll_no).label)
    return gap.subject_name


def scheme_words(scheme: str) -> str:
    """Put a scheme into words."""
    if scheme == FEED_SUBJECT:
        return _("Feed of the county")
    return str(Scheme(scheme).label) if scheme in Scheme.values else scheme


def finding_words(kind: str) -> str:
    """Put a finding's kind into words; findings on lines of rolls carry a gap's kind."""
    return str((FindingKind(kind) if kind in FindingKind.values else GapKind(kind)).label)


@dataclass(frozen=True)
class FieldVerdict:
    """How one field of a pair compares."""

    field: str
    verdict: str
    tone: str


def field_verdicts(text: str) -> list[FieldVerdict]:
    """Read "number=same;name=homophone" into words, field by field."""
    shown = []
    for part in filter(None, text.split(";")):
        field, _equals, verdict = part.partition("=")
        tone = "ok" if verdict in AGREES else "bad" if verdict in DOUBTFUL else ""
        words = str(FIELD_VERDICT_WORDS.get(verdict, verdict))
        shown.append(FieldVerdict(str(FIELD_WORDS.get(field, field)), words, tone))
    return shown


def verdict_tone(verdict: str) -> str:
    """Return the tone of a survey code."""
    return {Verdict.HERE: "ok", Verdict.GAP: "bad", Verdict.DECLINED: "warn"}.get(Verdict(verdict), "info")


def case_note(note: str) -> tuple[str, str]:
    """Split the note of a closed case into the reason's words and what was written."""
    reason, colon, words = note.partition(": ")
    if colon and reason in CloseReason.values:
        return str(CloseReason(reason).label), words
    return "", note


def evidence_words(closing: CaseClosing) -> str:
    """Say what a closing rests on: the kind, where others find it, its day; nothing when it needed nothing."""
    if not closing.evidence_kind:
        return ""
    parts = (closing.get_evidence_kind_display(), closing.evidence_reference, f"{closing.evidence_date:%Y-%m-%d}")
    return " ".join(part for part in parts if part)
