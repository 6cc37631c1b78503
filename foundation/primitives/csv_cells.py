"""CSV as spreadsheet programs read it: a cell that begins like a formula is run as one, so none of ours begins so."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

BEGINS_A_FORMULA = r"^[\s]*[=+@\t\r\n＝＋－＠-]"
PLAIN_NUMBER = r"^[+-]?[0-9]+([.][0-9]+)?$"
"""The same two patterns in Python and in PostgreSQL."""
_FORMULA, _NUMBER = re.compile(BEGINS_A_FORMULA), re.compile(PLAIN_NUMBER)


class Writable(Protocol):
    """Where rows are written to."""

    def write(self, text: str, /) -> object: ...


def safe_cell(value: object) -> object:
    """Return a value as a cell: a text that a spreadsheet program would run gets an apostrophe before it."""
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def write_csv(target: Writable, rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> None:
    """Write rows, each cell safe."""
    writer = csv.writer(target, lineterminator=line_end)
    writer.writerows([safe_cell(value) for value in row] for row in rows)


def safe_cell_sql(column: str) -> str:
    """Return the same for a text column of a statement; `column` is a quoted name."""
    runs = f"{column} ~ '{BEGINS_A_FORMULA}' AND {column} !~ '{PLAIN_NUMBER}'"
    return f"CASE WHEN {runs} THEN '''' || {column} ELSE {column} END"
