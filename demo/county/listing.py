"""One file as departments send it: columns of data, and the lines around them that are not data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

Cell = str | int | float | date


@dataclass
class Listing:
    """`line` says where each data row stands (counted from 1); `furniture` holds titles, headers, totals and blank lines."""

    feed: str
    file: str
    sheet: str  # empty for text files
    header_row: int
    columns: dict[str, NDArray]
    line: NDArray[np.int64]
    furniture: dict[int, list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column; from 0
    typed_cells: Mapping[tuple[int, str], Cell] = field(
        default_factory=dict
    )  # (data row, column) -> what the cell really holds
    header_note: str = "header_row"

    @property
    def last_line(self) -> int:
        return max([*self.furniture, *self.line[-1:].tolist()])

    def forget_cells(self) -> None:
        """Keep the names of the columns; a million written rows need not stay in memory."""
        self.columns = {header: column[:0] for header, column in self.columns.items()}


def plain_listing(feed: str, file: str, sheet: str, columns: dict[str, NDArray]) -> Listing:
    """A header line and data below it."""
    size = len(next(iter(columns.values())))
    return Listing(feed, file, sheet, 1, columns, np.arange(size) + 2, {1: list(columns)})


def numbered(columns: dict[str, NDArray]) -> dict[str, NDArray]:
    """The same columns behind a running number."""
    size = len(next(iter(columns.values())))
    return {"序号": np.arange(1, size + 1)} | columns
