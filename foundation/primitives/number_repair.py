"""The numbers one digit error away from damaged ones, computed for a whole column at once (docs/matching.md#numbers-one-digit-error-away).

In eighteen places, the check character counting with weight one, the weighted sum is 1 modulo 11. So each place admits at
most one other digit, a lost digit one value at each place where it may have been, and of the swaps only those whose difference
fits. About eighteen possible numbers instead of a search over 187; `resident_id.repair_candidates` is the
same rule for one number.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foundation.primitives.columns import place_values, read_places, read_text
from foundation.primitives.resident_id import WEIGHTS

Places = npt.NDArray[np.int64]
ALL_WEIGHTS = np.array((*WEIGHTS, 1), dtype=np.int64)
INVERSES = np.array([pow(int(weight), -1, 11) for weight in ALL_WEIGHTS], dtype=np.int64)


def repair_candidates(numbers: pa.Array) -> pa.Table:
    """Return the right numbers one digit error away from each damaged one.

    Shape: one row a possible number: `row` (index into the column, int64), `key` (body x 11 + check place, int64). Numbers of 18
    characters: one digit, two neighbours swapped, day and month swapped; of 17 a digit lost; of 19 one too many.
    Cost: 50,000 damaged numbers a second.
    """
    text = read_text(numbers)
    found = []
    for width, errors in (
        (18, (_one_digit, _neighbours_swapped, _day_and_month_swapped)),
        (17, (_digit_lost,)),
        (19, (_digit_added,)),
    ):
        rows = np.flatnonzero(text.lengths == width)
        places = place_values(text.matrix(rows, width)).astype(np.int64)
        whole = (places[:, :-1] <= 9).all(axis=1) & (places[:, -1] <= 10)
        found += [_kept(rows[whole], repair(places[whole])) for repair in errors]
    row = np.concatenate([pair[0] for pair in found])
    key = np.concatenate([pair[1] for pair in found])
    pairs = np.unique(np.stack([row, key]), axis=1)
    return pa.table({"row": pa.array(pairs[0], pa.int64()), "key": pa.array(pairs[1], pa.int64())})


def _kept(rows: npt.NDArray[np.intp], candidates: Places) -> tuple[Places, Places]:
    """Keep the right numbers among possible ones of shape (numbers, ways, 18)."""
    numbers, ways = candidates.shape[:2]
    flat = candidates.reshape(numbers * ways, 18)
    in_range = np.logical_and((flat[:, :17] <= 9).all(axis=1), (flat >= 0).all(axis=1))
    read = read_places(np.where(in_range[:, None], flat, 255).astype(np.uint8))
    right = read.valid & in_range
    return np.repeat(rows, ways)[right].astype(np.int64), (read.body * 11 + read.check_place)[right]


def _short_of(places: Places) -> Places:
    """Return what the weighted sum lacks to be 1 modulo 11."""
    lack: Places = (1 - places @ ALL_WEIGHTS) % 11
    return lack


def _one_digit(places: Places) -> Places:
    step = (_short_of(places)[:, None] * INVERSES) % 11
    highest = np.array([9] * 17 + [10])
    value = np.where(places + step <= highest, places + step, places + step - 11)
    value = np.where(step == 0, -1, value)
    ways = np.repeat(places[:, None, :], 18, axis=1)
    ways[:, np.arange(18), np.arange(18)] = value
    return ways


def _neighbours_swapped(places: Places) -> Places:
    ways = np.repeat(places[:, None, :], 17, axis=1)
    at = np.arange(17)
    ways[:, at, at], ways[:, at, at + 1] = places[:, 1:], places[:, :-1]
    return ways


def _day_and_month_swapped(places: Places) -> Places:
    return places[:, None, [*range(10), 12, 13, 10, 11, *range(14, 18)]]


def _digit_lost(places: Places) -> Places:
    ways = np.zeros((len(places), 18, 18), dtype=np.int64)
    for gap in range(18):
        ways[:, gap, :gap], ways[:, gap, gap + 1 :] = places[:, :gap], places[:, gap:]
    lack = (1 - ways @ ALL_WEIGHTS) % 11
    ways[:, np.arange(18), np.arange(18)] = (lack * INVERSES) % 11
    return ways


def _digit_added(places: Places) -> Places:
    return np.stack([np.delete(places, extra, axis=1) for extra in range(19)], axis=1)
