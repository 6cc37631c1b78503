"""The precision of possible matches by rule and score band, from clerks' decisions as known at a moment.

These are the labels of the matching, from which better weights are estimated.
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
    """One rule and band: how many of its decided matches were the same person, how many not. An empty band: not scored."""

    rule: str
    band: str
    same: int
    not_same: int

    @property
    def decided(self) -> int:
        """Return the number of matches decided."""
        return self.same + self.not_same


def list_band_precision(county: Unit, known_at: datetime | None = None) -> list[BandPrecision]:
    """List rules and bands with decisions, by rule, the most decided first. Shape: counts, so that none is rounded. One query."""
    rows = MatchDecision.objects.as_known(known_at).filter(county=county, decision__in=FINAL_DECISIONS)
    counts: Counter[tuple[str, str, str]] = Counter()
    for rule, score, decision in rows.values_list("rule", "score", "decision"):
        counts[rule, "" if score is None else band(score), decision] += 1
    found = [
        BandPrecision(rule, name, counts[rule, name, PairDecision.SAME], counts[rule, name, PairDecision.NOT_SAME])
        for rule, name in {(rule, name) for rule, name, _decision in counts}
    ]
    return sorted(found, key=lambda each: (each.rule, -each.decided, each.band))
