"""Enrolment's tables: what the night believes (links, findings, verdicts), the gaps it opens, the cases people
work, and what they decide of candidate pairs."""

from enrollment.models.belief import CoverageVerdict, Finding, Link
from enrollment.models.case import Case, CaseEvent
from enrollment.models.closing import CaseClosing
from enrollment.models.decision import CandidateDecision, PatternDecision
from enrollment.models.desk import Assignment, Presence, SavedFilter
from enrollment.models.gap import Gap
from enrollment.models.work_change import WorkChange

__all__ = [
    "Assignment",
    "CandidateDecision",
    "Case",
    "CaseClosing",
    "CaseEvent",
    "CoverageVerdict",
    "Finding",
    "Gap",
    "Link",
    "PatternDecision",
    "Presence",
    "SavedFilter",
    "WorkChange",
]
