"""ID numbers of GB 11643 as matrices of ASCII digits: made, checked, and damaged the way clerks damage them.

Every number begins with a county code that was never assigned, so none can belong to a person.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo.county.dates import Days, to_days, yyyymm, yyyymmdd
from demo.county.draw import Generator

Digits = NDArray[np.uint8]  # one row a number, 18 ASCII characters
Text = NDArray[np.str_]

NEVER_ASSIGNED = ("320697", "320696", "419998", "349998", "519998", "529998")
PREFIX_WEIGHTS = (900, 49, 17, 15, 10, 9)
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
ZERO = ord("0")
NORMAL_SLOTS = 480  # of the 500 serials a day, sex and prefix have; the rest is for twins, who get neighbouring ones
SLOT_STEP = 77


def allocate_serials(births: Days, sex: NDArray, prefix: NDArray, twins: NDArray) -> NDArray[np.int16]:
    """Give every person a serial so that no number occurs twice; a pair of `twins` gets neighbouring ones.

    Shape: one serial a person; odd for men (sex 1). Errors: ValueError when a day has more births than serials.
    """
    group = (births.astype(np.int64) + 100_000) * 2 + sex
    slot = _spread_slots(group * len(NEVER_ASSIGNED) + prefix)
    if len(twins):
        rank = _rank_in_group(group[twins[:, 0]] * len(NEVER_ASSIGNED) + prefix[twins[:, 0]])
        slot[twins[:, 0]] = NORMAL_SLOTS + 2 * rank
        slot[twins[:, 1]] = NORMAL_SLOTS + 2 * rank + 1
    if len(slot) and slot.max() >= 500:
        raise ValueError("more people are born on one day than there are serial numbers")
    return (slot * 2 + sex).astype(np.int16)


def _spread_slots(key: NDArray[np.int64]) -> NDArray[np.int64]:
    rank = _rank_in_group(key)
    if len(rank) and rank.max() >= NORMAL_SLOTS:
        raise ValueError("more people are born on one day than there are serial numbers")
    return (key * 2654435761 + rank * SLOT_STEP) % NORMAL_SLOTS


def _rank_in_group(key: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(key) else np.array([], dtype=np.int64)
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    return rank


def compose(births: Days, serial: NDArray, prefix: NDArray) -> Digits:
    """The 18 characters of each person's number."""
    prefixes = np.frombuffer("".join(NEVER_ASSIGNED).encode(), dtype=np.uint8).reshape(-1, 6)
    digits = np.empty((len(births), 18), dtype=np.uint8)
    digits[:, :6] = prefixes[prefix]
    _write_decimal(digits[:, 6:14], yyyymmdd(births))
    _write_decimal(digits[:, 14:17], serial.astype(np.int64))
    digits[:, 17] = check_character(digits)
    return digits


def _write_decimal(target: Digits, values: NDArray[np.int64]) -> None:
    rest = values.copy()
    for column in range(target.shape[1] - 1, -1, -1):
        target[:, column] = ZERO + rest % 10
        rest //= 10


def check_character(digits: Digits) -> Digits:
    return CHECK_CHARACTERS[((digits[:, :17].astype(np.int16) - ZERO) @ WEIGHTS) % 11]


def is_valid(digits: Digits) -> NDArray[np.bool_]:
    """Whether the check character is right and the birth date is a day of the calendar."""
    written = (digits[:, 6:14].astype(np.int64) - ZERO) @ (10 ** np.arange(7, -1, -1))
    month, day = written // 100 % 100, written % 100
    plausible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (written >= 18000101) & (written < 21000101)
    exists = yyyymmdd(to_days(np.where(plausible, written, 20000101))) == written
    return (digits[:, 17] == check_character(digits)) & plausible & exists


def as_text(digits: Digits) -> Text:
    width = digits.shape[1]
    return np.ascontiguousarray(digits).view(f"S{width}").ravel().astype(f"U{width}")


def as_arrow(digits: Digits) -> pa.StringArray:
    """The same without a copy a row; for the chunks of a roll."""
    count, width = digits.shape
    offsets = np.arange(count + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(digits)))


def from_text(text: Text) -> Digits:
    return np.ascontiguousarray(text.astype("S18")).view(np.uint8).reshape(-1, 18)


def substitute_one(rng: Generator, digits: Digits, first: int = 6, last: int = 16) -> Digits:
    """One digit mistyped; the check character no longer fits."""
    damaged = digits.copy()
    rows = np.arange(len(digits))
    column = rng.integers(first, last + 1, len(digits))
    damaged[rows, column] = ZERO + (damaged[rows, column] - ZERO + rng.integers(1, 10, len(digits))) % 10
    return damaged


def substitute_two(rng: Generator, digits: Digits) -> Digits:
    """Two digits mistyped, in such a way that the number does not pass by chance."""
    damaged = substitute_one(rng, substitute_one(rng, digits, 6, 11), 12, 16)
    passing = damaged[:, 17] == check_character(damaged)
    damaged[passing, 15] = ZERO + (damaged[passing, 15] - ZERO + 1) % 10
    return damaged


def swap_neighbours(rng: Generator, digits: Digits) -> Digits:
    """Two neighbouring digits exchanged."""
    damaged = digits.copy()
    rows = np.arange(len(digits))
    differs = digits[:, 6:16] != digits[:, 7:17]
    column = 6 + np.argmax(rng.random(differs.shape) * differs, axis=1)
    damaged[rows, column], damaged[rows, column + 1] = digits[rows, column + 1], digits[rows, column]
    return damaged


def swap_day_and_month(digits: Digits) -> Digits:
    """Day and month exchanged; where that is no date (or the same), the day one week off."""
    damaged = digits.copy()
    day = (digits[:, 12].astype(np.int64) - ZERO) * 10 + digits[:, 13] - ZERO
    swappable = (day <= 12) & np.any(digits[:, 10:12] != digits[:, 12:14], axis=1)
    damaged[swappable, 10:12], damaged[swappable, 12:14] = digits[swappable, 12:14], digits[swappable, 10:12]
    _write_decimal(
        damaged[:, 12:14], np.where(swappable, _number(damaged[:, 12:14]), np.where(day > 7, day - 7, day + 7))
    )
    return damaged


def _number(digits: Digits) -> NDArray[np.int64]:
    return (digits.astype(np.int64) - ZERO) @ (10 ** np.arange(digits.shape[1] - 1, -1, -1))


def to_fifteen(digits: Digits) -> Text:
    """The old 15-digit form: no century, no check character."""
    return as_text(np.delete(digits, [6, 7, 17], axis=1))


def lose_or_double_one(rng: Generator, digits: Digits) -> Text:
    """17 or 19 characters: a digit left out or typed twice."""
    text = as_text(digits)
    cut = rng.integers(6, 17, len(digits))
    lost = rng.random(len(digits)) < 0.5
    return np.array(
        [t[:c] + t[c + 1 :] if gone else t[: c + 1] + t[c:] for t, c, gone in zip(text, cut, lost, strict=True)],
        dtype="U19",
    )


def neighbour_of_twin(own: Digits, twins: Digits) -> Digits:
    """The twin's first 17 characters with the own check character: one character from either number."""
    damaged = twins.copy()
    damaged[:, 17] = own[:, 17]
    return damaged


def other_birth_year(births: Days, rng: Generator) -> Days:
    """A birth date one to three years off, as on papers before a correction."""
    months = births.astype("M8[M]")
    day = np.minimum((births - months.astype("M8[D]")).astype(np.int64), 27)
    shifted = months.astype(np.int64) + 12 * rng.choice([-3, -2, -1, 1, 2, 3], len(births))
    return to_days(yyyymm(shifted) * 100 + 1) + day


def format_badly(rng: Generator, text: Text) -> Text:
    """The right number badly formatted: blanks, full-width digits, an apostrophe, a zero-width space, a small x."""
    style = rng.integers(0, 6, len(text))
    lowered = np.char.lower(text)
    return np.array([_STYLES[s](t, x) for t, x, s in zip(text, lowered, style, strict=True)], dtype="U22")


_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_STYLES = (
    lambda text, lowered: text + " ",
    lambda text, lowered: text.translate(_FULL_WIDTH),
    lambda text, lowered: "'" + text,
    lambda text, lowered: text + "\u200b",
    lambda text, lowered: f"{text[:6]} {text[6:14]} {text[14:]}",
    lambda text, lowered: lowered if lowered != text else " " + text,
)
