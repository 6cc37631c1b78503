"""What a night found out, and what clerks decided about it. Import models from here."""

from coverage.models.decision import MatchDecision, PatternDecision
from coverage.models.results import CoverageVerdict, Finding, Link

__all__ = ["CoverageVerdict", "Finding", "Link", "MatchDecision", "PatternDecision"]
