"""Gaps, the cases worked on them, what villages report and are asked, and what belongs to the desk. Import models from here."""

from casework.models.case import Case, CaseEvent
from casework.models.closing import CaseClosing
from casework.models.contact_attempt import ContactAttempt
from casework.models.desk import Assignment, Presence, SavedFilter
from casework.models.gap import Gap
from casework.models.question import Answer, Question
from casework.models.report_review import ReportReview
from casework.models.work_change import WorkChange

__all__ = [
    "Answer",
    "Assignment",
    "Case",
    "CaseClosing",
    "CaseEvent",
    "ContactAttempt",
    "Gap",
    "Presence",
    "Question",
    "ReportReview",
    "SavedFilter",
    "WorkChange",
]
