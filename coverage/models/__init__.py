"""The results of nights, and clerks' decisions on possible matches. Import models from here."""

from coverage.models.decision import MatchDecision, PatternDecision
from coverage.models.results import CoverageVerdict, Finding, Link

__all__ = ["CoverageVerdict", "Finding", "Link", "MatchDecision", "PatternDecision"]
