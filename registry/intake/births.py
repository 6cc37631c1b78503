"""Birth dates that lists state beside the number: which cannot be right. Such a cell is a problem line and states nothing.

Dates of lists, of facts and of rolls alike, once the file's own day is known; two lists with the same impossible day do not agree by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives.days import EARLIEST_BIRTH
from registry.constants import DatePrecision, RowAction, RowReason
from registry.intake.dates import LONGEST, read_date
from registry.intake.problems import Problem
from registry.intake.reading import ReadSheet

BIRTH, IN_NUMBER = "birth", "birth_in_number"
PLACEHOLDER_BIRTH = date(1900, 1, 1)
"""What databases and spreadsheets write where no day was entered; somebody born on it has it in the number."""
_WRITTEN_AS_A_DAY = re.compile(r"\D{0,2}\d{4}(?:\d{4}|\D{1,3}\d{1,2}(?:\D{1,3}\d{1,2})?)(?!\d).*", re.DOTALL)
_BLANK_OF_A_SPREADSHEET = re.compile(r"1900\D0?1\D0{1,2}\b.*")
"""The day number 0: an empty cell with the format of a date."""


def without_impossible_births(found: ReadSheet, as_of: date) -> ReadSheet:
    """Return a sheet whose impossible birth dates, stated or in a number, are blank; `as_of` is the day of the file.

    Each is a problem line, but where the number itself is one already. A placeholder is blank, too, and no problem.
    """
    rows = found.rows
    absent = _cells(rows, is_placeholder_birth)
    if absent is not None:
        rows = _replaced(rows, BIRTH, pc.if_else(absent, "", rows[BIRTH]))
        found = replace(found, rows=rows)
    unborn = pc.fill_null(pc.greater(rows[IN_NUMBER], pa.scalar(as_of)), False).combine_chunks()
    wrong = _cells(rows, lambda text: is_impossible_birth(text, as_of))
    if wrong is None and not pc.any(unborn).as_py():
        return found
    if wrong is not None:
        rows = _replaced(rows, BIRTH, pc.if_else(wrong, "", rows[BIRTH]))
    rows = _replaced(rows, IN_NUMBER, pc.if_else(unborn, pa.scalar(None, pa.date32()), rows[IN_NUMBER]))
    has_right_number = pc.and_(unborn, pc.is_valid(rows["key"]).combine_chunks())
    lines = (
        rows.filter(has_right_number if wrong is None else pc.or_(wrong, has_right_number))
        .select(["row", "member"])
        .to_pylist()
    )
    reason, action = RowReason.BIRTH_IMPOSSIBLE.value, RowAction.LOAD_WITHOUT_DATE.value
    problems = [Problem(found.sheet, line["row"], line["member"], reason, action) for line in lines]
    return replace(found, rows=rows, problems=[*found.problems, *problems])


def _cells(rows: pa.Table, is_meant: Callable[[str], bool]) -> pa.Array | None:
    """Mark the cells of birth dates whose text is meant; None where none is."""
    if BIRTH not in rows.column_names:
        return None
    encoded = rows[BIRTH].combine_chunks().dictionary_encode()
    meant = [is_meant(text or "") for text in encoded.dictionary.to_pylist()]
    if not any(meant):
        return None
    return pc.fill_null(pa.array(meant, pa.bool_()).take(encoded.indices), False)


def _replaced(rows: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def is_placeholder_birth(text: str) -> bool:
    """Answer whether a cell is the first day of 1900, which stands for no day."""
    return "1900" in text[:LONGEST] and read_date(text[:LONGEST].strip()) == (PLACEHOLDER_BIRTH, DatePrecision.DAY)


def is_impossible_birth(text: str, as_of: date) -> bool:
    """Answer whether a cell is written as a birth date nobody can have: later than the list, before 1850, no day of the calendar.

    A cell that is not written as a date, or may be two, is only unread.
    """
    written = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    if not written or _BLANK_OF_A_SPREADSHEET.fullmatch(written):
        return False
    read = read_date(written)
    if read is None:
        return _WRITTEN_AS_A_DAY.fullmatch(written) is not None
    day, precision = read
    return day < EARLIEST_BIRTH or (day.year > as_of.year if precision == DatePrecision.YEAR else day > as_of)


def stated_births(texts: pa.ChunkedArray) -> pa.Array:
    """Return the days a column of birth dates states, null where none or only a month."""
    encoded = texts.combine_chunks().dictionary_encode()
    found = [read_date(text or "") for text in encoded.dictionary.to_pylist()]
    days = [each[0] if each and each[1] == DatePrecision.DAY else None for each in found]
    return pa.array(days, pa.date32()).take(encoded.indices)
