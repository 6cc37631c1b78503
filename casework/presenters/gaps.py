"""Gaps in the reader's words; tones of chips. Pure: everything shown is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from casework.constants import FEED_SUBJECT, GAP_RANK, CaseState, GapKind
from casework.finders import reason_words
from casework.models import Case, Gap
from casework.selectors.gap_age import days_open, is_overdue, known_on
from foundation.primitives.clock import BUSINESS_ZONE
from registry.constants import Feed, Scheme

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


@dataclass(frozen=True)
class ShownGap:
    """A gap as a chip and a sentence."""

    gap: Gap
    label: str
    tone: str
    reason: str
    evidence_class: str
    days: int
    known_on: date
    is_overdue: bool
    settled: str
    kept_open_by_feeds: str


def shown_gap(gap: Gap, now: datetime, *, settled: str = "") -> ShownGap:
    """Put a gap into words; its age is that of the one clock (selectors/gap_age.py).

    `settled`: the reason for which its case was closed; such a gap asks for nothing, so its chip is grey and it is not late.
    """
    today = now.astimezone(BUSINESS_ZONE).date()
    return ShownGap(
        gap=gap,
        label=str(GapKind(gap.kind).label),
        tone="" if settled else gap_tone(gap.kind),
        reason=reason_words(gap.kind, gap.reason),
        evidence_class=gap.evidence_class,
        days=days_open(gap.opened_at, today),
        known_on=known_on(gap.opened_at),
        is_overdue=is_overdue(gap.due_on, today) and not settled,
        settled=settled,
        kept_open_by_feeds=", ".join(str(Feed(feed).label) for feed in gap.kept_open_by_feeds.split()),
    )


def gap_tone(kind: str) -> str:
    """Return the tone of a kind's chip: money and the uninsured, the rest of the work, data."""
    rank = GAP_RANK[GapKind(kind)]
    if rank <= GRAVE_RANK:
        return "bad"
    return "warn" if rank <= MIDDLE_RANK else ""


def subject_name(gap: Gap) -> str:
    """Return whom or what a gap is about: a person's name, a name on a roll, a feed in words."""
    if gap.scheme == FEED_SUBJECT and gap.roll_no in Feed.values:
        return str(Feed(gap.roll_no).label)
    return gap.subject_name


def place_below(gap: Gap) -> str:
    """Return where a gap belongs, without the county everybody here knows; unit and county are loaded."""
    if gap.unit is None:
        return gap.county.name
    return gap.unit.full_name.removeprefix(gap.county.full_name) or gap.unit.name


def case_state_words(case: Case) -> str:
    """Return a case's state, and the day by which an answer is expected while it waits for one."""
    if case.state == CaseState.WAITING_OUTSIDE and case.waiting_until:
        return _("%(state)s until %(day)s") % {
            "state": case.get_state_display(),
            "day": f"{case.waiting_until:%Y-%m-%d}",
        }
    return case.get_state_display()


def settled_reason(case: Case | None) -> str:
    """Return the reason for which a case was closed while its gap is open; nothing for any other."""
    is_closed = case is not None and case.state == CaseState.CLOSED_WITH_REASON
    return case.get_close_reason_display() if case is not None and is_closed else ""


def scheme_words(scheme: str) -> str:
    """Put a scheme into words."""
    if scheme == FEED_SUBJECT:
        return _("County feed")
    return str(Scheme(scheme).label) if scheme in Scheme.values else scheme
