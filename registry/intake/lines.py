"""Lines of a delivered file as they were sent, found again in its bytes by sheet and line, with the header above them.

Of a long text only its first lines and the wanted ones are read, where every line is one record: without quotes, or with quotes that
pair within each line. Everything else is read completely, a long file only when the caller allows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from registry.intake.errors import IntakeError
from registry.intake.files import only_text, sheets_of
from registry.intake.sheets import Sheet
from registry.intake.texts import has_one_record_per_line, read_text_sheet
from registry.intake.unchanged_lines import FIRST_LINES, split_lines

LONG_TEXT_BYTES = 4_000_000
LONG_WORKBOOK_BYTES = 2_000_000
"""Above these a file read completely takes more than a second."""


@dataclass(frozen=True)
class SheetPart:
    """Some lines of a sheet: row i of `sheet` is line `lines[i]` of the source, the first lines among them."""

    sheet: Sheet
    lines: npt.NDArray[np.int64]

    def only(self, first_rows: int, first: int, last: int) -> SheetPart:
        """Return the first rows and the lines from `first` to `last`."""
        places = np.flatnonzero(
            (np.arange(len(self.lines)) < first_rows) | ((self.lines >= first) & (self.lines <= last))
        )
        sheet = self.sheet
        return SheetPart(
            replace(
                sheet,
                cells=[column.take(pa.array(places)) for column in sheet.cells],
                figures={column: flags[places] for column, flags in sheet.figures.items()},
                unread=_moved(sheet, places),
                widths=sheet.widths[places] if sheet.widths is not None else None,
            ),
            self.lines[places],
        )

    def cells(self, place: int) -> list[str]:
        """Return the cells of one row as text."""
        return [(column[place].as_py() or "") for column in self.sheet.cells]


def _moved(sheet: Sheet, places: npt.NDArray[np.intp]) -> frozenset[tuple[int, int]]:
    at = {int(place): row for row, place in enumerate(places)}
    return frozenset((at[row], column) for row, column in sheet.unread if row in at)


def find_lines(
    data: bytes, name: str, place: str, line: int, *, around: int, encoding: str, read_long: bool
) -> list[SheetPart] | None:
    """Return the sheets a place may mean that have the line, with `around` lines before and after it at least.

    `place` is what was stored with the line: the sheet's name, or the part of the zip file; two sheets may fit where a file has no
    names. `encoding` is the one the file was read in before, empty where it never was. None for a long file that must be read
    completely, unless `read_long`. Errors: IntakeError as sheets_of.
    """
    text = only_text(data, name)
    if text is not None and len(text[1]) > LONG_TEXT_BYTES:
        if part := _part_of_text(*text, line - around, line + around, encoding):
            return [part] if line in part.lines else []
        if not read_long:
            return None
    if text is None and len(data) > LONG_WORKBOOK_BYTES and not read_long:
        return None
    sheets = _fitting(sheets_of(data, name), place)
    return [SheetPart(sheet, np.arange(1, sheet.rows + 1)) for sheet in sheets if sheet.rows >= line]


def _fitting(sheets: list[Sheet], place: str) -> Iterator[Sheet]:
    """The sheets of this name or part; where no name fits, the only sheet there is."""
    fitting = [sheet for sheet in sheets if place == sheet.name] or [sheet for sheet in sheets if place == sheet.part]
    yield from fitting or (sheets if len(sheets) == 1 else [])


def _part_of_text(part: str, text: bytes, first: int, last: int, encoding: str) -> SheetPart | None:
    """Read the first lines of a text and the wanted ones; None where a record may span lines."""
    if not has_one_record_per_line(text):
        return None
    lines = split_lines(text)
    places = np.unique(np.concatenate([np.arange(min(FIRST_LINES, lines.count)), np.arange(first - 1, last)]))
    places = places[(places >= 0) & (places < lines.count)]
    try:
        sheet = read_text_sheet(lines.text_of(places), part)
    except IntakeError:  # said of the whole file, if it holds there too
        return None
    is_same = sheet.rows == len(places) and encoding in ("", sheet.encoding)
    return SheetPart(sheet, places + 1) if is_same else None
