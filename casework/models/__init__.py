"""Gaps, the cases worked on them, and what belongs to the desk. Import models from here."""

from casework.models.case import Case, CaseEvent
from casework.models.closing import CaseClosing
from casework.models.desk import Assignment, Presence, SavedFilter
from casework.models.gap import Gap
from casework.models.work_change import WorkChange

__all__ = ["Assignment", "Case", "CaseClosing", "CaseEvent", "Gap", "Presence", "SavedFilter", "WorkChange"]
