"""A rate as two counts: compared by integers, printed truncated, so that 99.996 % never reads 100.00 while a gap exists.

Source: docs/rules.md R27, threshold test by integers.
"""

from __future__ import annotations

from dataclasses import dataclass

TEN_THOUSANDTHS = 10_000
GOAL = 9_999


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`, both counts of persons."""

    part: int
    whole: int

    @property
    def text(self) -> str:
        """Return the percentage truncated to two decimals; a dash when there is no one to count."""
        if self.whole == 0:
            return "—"
        hundredths = self.part * TEN_THOUSANDTHS // self.whole
        return f"{hundredths // 100}.{hundredths % 100:02d} %"

    @property
    def truncated(self) -> float:
        """Return the share truncated to two decimals of a percent, for a spreadsheet that formats it; 0 where there is no one."""
        return self.part * TEN_THOUSANDTHS // self.whole / TEN_THOUSANDTHS if self.whole else 0.0

    @property
    def is_met(self) -> bool:
        """Answer whether at least 99.99 % are reached; no one to count counts as met."""
        return self.part * TEN_THOUSANDTHS >= GOAL * self.whole

    @property
    def missing(self) -> int:
        """Return how many are missing from the whole."""
        return self.whole - self.part
