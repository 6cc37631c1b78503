"""Random choices, reproducible: one independent stream per subject, so that a new draw in one subject changes no other.

Shares become exact counts, at least one where anyone is eligible: a small county has every kind of error too.
"""

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator
NOBODY = -1


def stream(seed: int, subject: str) -> Generator:
    return np.random.default_rng([seed, crc32(subject.encode())])


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
