"""What a file says where it differs from the truth: a few rows with another text or number, and the tag of each error.

Rolls of ten million rows stay small because only the damaged rows are kept as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Text = NDArray[np.str_]


@dataclass
class Changes:
    """Rows in ascending order and the text that stands in them."""

    row: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))
    text: Text = field(default_factory=lambda: np.array([], dtype="U1"))

    def put(self, rows: NDArray[np.int64], text: Text) -> None:
        """Add changes; a row changed twice keeps the later text."""
        joined = np.concatenate([rows, self.row])
        texts = np.concatenate([text, self.text])
        self.row, first = np.unique(joined, return_index=True)
        self.text = texts[first]

    def apply(self, column: pa.Array, start: int) -> pa.Array:
        """The column of the rows from `start` on, with these changes written over it."""
        low, high = np.searchsorted(self.row, [start, start + len(column)])
        if low == high:
            return column
        mask = np.zeros(len(column), dtype=bool)
        mask[self.row[low:high] - start] = True
        return pc.replace_with_mask(column, pa.array(mask), pa.array(self.text[low:high]))

    def at(self, rows: NDArray[np.int64], text: Text) -> Text:
        """The text that stands in these rows, where `text` is what should."""
        if not len(self.row):
            return text
        place = np.minimum(np.searchsorted(self.row, rows), len(self.row) - 1)
        return np.where(self.row[place] == rows, self.text[place], text)


def list_tags(size: int, tags: Mapping[str, NDArray[np.int64]]) -> Text:
    """The tags of each row, separated by a blank, in the order of the mapping."""
    combination = np.zeros(size, dtype=np.int64)
    for bit, rows in enumerate(tags.values()):
        combination[rows] |= 1 << bit
    return spell_combinations(combination, list(tags), " ")


def spell_combinations(combination: NDArray[np.int64], words: list[str], separator: str) -> Text:
    """Bits as words: few combinations occur, so each is spelt once."""
    occurring, which = np.unique(combination, return_inverse=True)
    spelt = [separator.join(word for bit, word in enumerate(words) if mask >> bit & 1) for mask in occurring.tolist()]
    return np.array(spelt or [""])[which]
