"""The keys by which a sender counts households, persons and roll lines: one form for one key, and none where its digits are lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]
ROLL_NO = "roll_no"
KEYS = ("household_no", "person_no", ROLL_NO)
SURE_DIGITS = 15
"""Digits a spreadsheet keeps of a figure."""
LOST = "lost-"
"""What a roll number begins with that stands for one whose digits are lost."""
_PLAIN = r"^[0-9A-Za-z|_/()-]*$"
_DECIMALS = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[Ee]\+?[0-9]{2}$"


def plain_keys(column: pa.Array) -> pa.Array:
    """Return keys as they are compared: 123, 123.0, '123 and １２３ are the key 123. Cost: one search where all are plain."""
    odd = pc.invert(pc.match_substring_regex(column, _PLAIN))
    if not pc.any(odd).as_py():
        return column
    return pc.replace_with_mask(column, odd, _over_distinct(column.filter(odd), _plain_key))


def _plain_key(text: str) -> str:
    halved = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = _DECIMALS.fullmatch(halved)
    return found[1] if found else halved


def _over_distinct(column: pa.Array, rule: Callable[[str], str]) -> pa.Array:
    encoded = column.dictionary_encode()
    return pa.array([rule(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def lost_keys(column: pa.Array, figures: Flags) -> Flags:
    """Mark keys of which a spreadsheet kept fifteen digits: figures with more, and texts written from such figures."""
    scientific = np.zeros(len(column), dtype=bool)
    if pc.any(pc.match_substring(column, "+")).as_py():
        scientific = pc.match_substring_regex(column, _SCIENTIFIC).to_numpy(zero_copy_only=False)
    if not figures.any():
        return scientific
    long = pc.greater(pc.utf8_length(column), SURE_DIGITS).to_numpy(zero_copy_only=False)
    marked: Flags = scientific | (figures & long)
    return marked


def numbered_apart(column: pa.Array, lost: Flags) -> pa.Array:
    """Return keys with every lost one replaced by one of its own, so that no two lines share it by chance."""
    own = pa.array([f"{LOST}{line}" for line in np.flatnonzero(lost)], pa.string())
    return pc.replace_with_mask(column, pa.array(lost), own) if lost.any() else column


def without_lost(column: pa.Array) -> pa.Array:
    """Return keys without those that were replaced: by none of them a line is found again."""
    return pc.if_else(pc.starts_with(column, LOST), "", column)


def substitutes(column: pa.Array, lost: Flags, persons: Sequence[pa.Array], hashed: Callable[[str], str]) -> pa.Array:
    """Return roll numbers with every lost one replaced by what tells its line apart and is the same next month: number and name."""
    if not lost.any():
        return column
    mask = pa.array(lost)
    texts = pc.binary_join_element_wise(*[pc.fill_null(each, "").filter(mask) for each in (column, *persons)], "|")
    own = pa.array([f"{LOST}{hashed(text)}" for text in texts.to_pylist()], pa.string())
    return pc.replace_with_mask(column, mask, own)
