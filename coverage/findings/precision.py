"""How often clerks said yes: the leads' precision by rule and band of their score, from decisions as they stood at a moment.

The real labels of the matching; who looks for better weights begins here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from coverage.constants import FINAL_DECISIONS, PairDecision
from coverage.matching.weights import band
from coverage.models import MatchDecision
from foundation.regions.models import Unit


@dataclass(frozen=True)
class BandPrecision:
    """One rule and band: how many of its decided pairs were the same person, how many not. An empty band: not scored."""

    rule: str
    band: str
    same: int
    not_same: int

    @property
    def decided(self) -> int:
        """Return the pairs decided."""
        return self.same + self.not_same


def list_band_precision(county: Unit, known_at: datetime | None = None) -> list[BandPrecision]:
    """List rules and bands with decisions, by rule, the most decided first. Shape: counts, so that none is rounded. One query."""
    rows = MatchDecision.objects.believed(known_at).filter(county=county, decision__in=FINAL_DECISIONS)
    said: Counter[tuple[str, str, str]] = Counter()
    for rule, score, decision in rows.values_list("rule", "score", "decision"):
        said[rule, "" if score is None else band(score), decision] += 1
    found = [
        BandPrecision(rule, name, said[rule, name, PairDecision.SAME], said[rule, name, PairDecision.NOT_SAME])
        for rule, name in {(rule, name) for rule, name, _decision in said}
    ]
    return sorted(found, key=lambda each: (each.rule, -each.decided, each.band))
