"""Two numbers compared, masked: of a slip the digits that differ are shown, and no others. And what a number states of its holder.

Pure: texts in, positions and values out; the caller has decrypted them in scope and shows no more than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from foundation.primitives.masks import STAR
from foundation.primitives.resident_id import birth_date, is_valid, sex_code

LENGTH = 18
Marked = list[tuple[str, bool]]
"""Characters, each with whether it is to be marked."""


@dataclass(frozen=True)
class NumberComparison:
    """How a roll's number compares with a person's: same, positions that differ (from 1), lengths that differ, or nothing."""

    mine: str
    other: str

    @property
    def is_comparable(self) -> bool:
        """Both sides state a number."""
        return bool(self.mine and self.other)

    @property
    def is_same(self) -> bool:
        """They are the same number."""
        return self.is_comparable and self.mine == self.other

    @property
    def same_length(self) -> bool:
        """They can be compared position by position."""
        return len(self.mine) == len(self.other)

    @property
    def positions(self) -> list[int]:
        """The positions, counted from 1, whose characters differ."""
        if not self.is_comparable or not self.same_length:
            return []
        pairs = zip(self.mine, self.other, strict=True)
        return [place for place, (mine, other) in enumerate(pairs, 1) if mine != other]

    def shown(self, number: str) -> str:
        """Return one of the two numbers with the digits that differ and no others."""
        places = self.positions
        return "".join(character if place in places else STAR for place, character in enumerate(number, 1))


@dataclass(frozen=True)
class NumberFacts:
    """What a number states of its holder: birth date, sex, and whether it is right."""

    birth: date | None
    sex: int
    is_right: bool


def nearest(numbers: Sequence[str], other: str) -> NumberComparison:
    """Compare the person's number that is most similar to the roll's."""
    if not numbers:
        return NumberComparison("", other)
    return min((NumberComparison(each, other) for each in numbers), key=_distance)


def _distance(comparison: NumberComparison) -> tuple[bool, int]:
    return (not comparison.same_length, len(comparison.positions))


def marked(masked: str, positions: Sequence[int]) -> Marked:
    """Mark positions of a masked number; what is hidden remains hidden."""
    return [(character, place in positions) for place, character in enumerate(masked, 1)]


def read_number(number: str) -> NumberFacts | None:
    """Return what a number of eighteen characters states; None for every other text."""
    if len(number) != LENGTH or not number[: LENGTH - 1].isdecimal():
        return None
    return NumberFacts(birth_date(number), sex_code(number), is_valid(number))
