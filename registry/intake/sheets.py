"""One table of a file as text cells, and the limits no delivered table may exceed. All later steps know cells only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from registry.intake.errors import IntakeError

LONGEST_CELL = 32_767  # characters: the limit of a spreadsheet's cell
MOST_COLUMNS = 16_384
MOST_HEADER_COLUMNS = 400
"""A household of thirty members with ten columns each has 300. Every layout is compared with every possible header, so a row of 16,384
texts in a file of a few kilobytes would take a worker a minute."""
MOST_HEADER_CHARACTERS = 300
"""Of a cell among the first rows; whatever is longer is no header, and is compared with every layout all the same."""
MOST_CELLS = 100_000_000
LONGEST_NAME = 64
"""Characters of a sheet's name that are stored with its lines."""
BETWEEN_NAMES = " · "
"""Between a part and a sheet's own name, where two parts have sheets of one name."""
Flags = npt.NDArray[np.bool_]
Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Sheet:
    """One table of a file: cells[column] is an Arrow text column, row i is line i + 1 of the source.

    `figures[column]` marks cells a spreadsheet stored as a figure: digits beyond the fifteenth are lost there.
    `unread` names cells (row, column) whose formula has no value. `widths` counts the cells of each line of a text that
    is not even, None where every line has as many. A merged range holds its value in every cell it covers. `hidden_rows` and
    `struck_rows` count the lines a workbook hides or strikes out (of xlsx only).
    """

    part: str
    name: str
    cells: list[pa.Array]
    figures: dict[int, Flags] = field(default_factory=dict)
    encoding: str = "xlsx"
    unread: frozenset[tuple[int, int]] = frozenset()
    is_hidden: bool = False
    hidden_rows: int = 0
    struck_rows: int = 0
    widths: npt.NDArray[np.int64] | None = None

    @property
    def rows(self) -> int:
        return len(self.cells[0]) if self.cells else 0

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows as lists of stripped text: of each cell its beginning, of the columns a header is looked for in."""
        columns = [column.slice(0, count).to_pylist() for column in self.cells[:MOST_HEADER_COLUMNS]]
        return [[(cell or "")[:MOST_HEADER_CHARACTERS].strip() for cell in row] for row in zip(*columns, strict=True)]


def is_blank(column: pa.Array) -> Flags:
    """Mark cells that contain nothing but blanks."""
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
    blank: Flags = pc.equal(trimmed, "").to_numpy(zero_copy_only=False)
    return blank


def check_cells(sheet: Sheet) -> Sheet:
    """Return the sheet when its cells are of a size that can be a table's.

    Errors: IntakeError cell_too_long, naming the line.
    """
    for column in sheet.cells:
        lengths = pc.binary_length(column)
        if (pc.max(lengths).as_py() or 0) > LONGEST_CELL:
            longest = pc.utf8_length(column).to_numpy(zero_copy_only=False)
            longest = np.nan_to_num(longest)
            if longest.max() > LONGEST_CELL:
                raise IntakeError("cell_too_long", row=int(longest.argmax()) + 1, most=LONGEST_CELL)
    return sheet


def taken(column: pa.Array, lines: npt.NDArray[np.intp]) -> pa.Array:
    """Take lines of a column; free where they follow each other."""
    if len(lines) and lines[-1] - lines[0] + 1 == len(lines):
        return column.slice(int(lines[0]), len(lines))
    return column.take(pa.array(lines))


def trimmed(column: pa.Array) -> pa.Array:
    """Return texts without blanks around them; null counts as empty."""
    return pc.utf8_trim_whitespace(pc.fill_null(column, ""))
