"""Enrolment's tables: what the night believes (links, findings, verdicts), the gaps it opens, the cases people work."""

from enrollment.models.belief import CoverageVerdict, Finding, Link
from enrollment.models.case import Case, CaseEvent
from enrollment.models.gap import Gap

__all__ = ["Case", "CaseEvent", "CoverageVerdict", "Finding", "Gap", "Link"]
