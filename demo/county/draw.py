"""Random choices, reproducible: one independent stream per subject, so that a new draw in one subject changes no other.

Shares become exact counts, at least one where anyone is eligible: a small county has every kind of error too.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator
NOBODY = -1
T = TypeVar("T")


def stream(seed: int, subject: str) -> Generator:
    return np.random.default_rng([seed, crc32(subject.encode())])


class Chance:
    """Single choices by a text: the same text draws the same. For the few decisions of one file; whole columns are drawn by `stream`."""

    def __init__(self, subject: str) -> None:
        self._generator = stream(0, subject)

    def random(self) -> float:
        return float(self._generator.random())

    def randrange(self, first: int, last: int | None = None) -> int:
        """Return a figure from `first` to below `last`, from 0 to below `first` where it is alone."""
        low, high = (0, first) if last is None else (first, last)
        return int(self._generator.integers(low, high))

    def choice(self, among: Sequence[T]) -> T:
        return among[self.randrange(len(among))]

    def choices(self, among: Sequence[T], count: int) -> list[T]:
        """Return several, each drawn from all."""
        return [among[place] for place in self._generator.integers(0, len(among), count)]

    def sample(self, among: Sequence[T], count: int) -> list[T]:
        """Return several different ones in any order."""
        return [among[place] for place in self._generator.permutation(len(among))[:count]]

    def shuffle(self, items: list[T]) -> None:
        items[:] = self.sample(items, len(items))


def share_of(count: int, share: float) -> int:
    """The number of cases a share means, at least one in a crowd that is not empty."""
    return min(count, max(1, round(count * share))) if count and share > 0 else 0


def pick(rng: Generator, choices: Sequence, weights: Sequence[float], size: int) -> NDArray:
    """Draw from a few weighted choices."""
    return np.asarray(choices)[pick_index(rng, weights, size)]


def pick_index(rng: Generator, weights: Sequence[float] | NDArray, size: int) -> NDArray[np.int64]:
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(edges, rng.random(size) * edges[-1], side="right")


def take_some(rng: Generator, eligible: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Positions of `count` eligible members (or all of them), in ascending order."""
    pool = np.flatnonzero(eligible)
    return np.sort(rng.choice(pool, size=min(count, len(pool)), replace=False))


def deal(
    rng: Generator, size: int, shares: Mapping[str, float], eligible: Mapping[str, NDArray[np.bool_]]
) -> tuple[NDArray[np.int64], list[str]]:
    """Give each member at most one of several labels.

    Shape: an index into the returned list of labels per member, NOBODY for those without. A share counts against all members.
    """
    labels = list(shares)
    dealt = np.full(size, NOBODY)
    for number, label in enumerate(labels):
        free = dealt == NOBODY
        if label in eligible:
            free &= eligible[label]
        dealt[take_some(rng, free, share_of(size, shares[label]))] = number
    return dealt, labels
