"""What is wrong with lines of a sheet: lines out of their columns, numbers to correct, words nobody has explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from registry.constants import Feed, NumberState, RowAction, RowReason
from registry.intake.layouts import ANY_WORD, Layout, SheetLayout
from registry.intake.sheets import Flags, Sheet, is_blank, taken

NOTE = r"[(（\[【][^)）\]】]*(死|亡|故|去世|过世|迁|搬|失踪|失联|下落不明|联系不上|找不到|外出|服刑|在押)[^)）\]】]*[)）\]】]"
"""A note in brackets that is a lead: 王建国(已故)."""


@dataclass(frozen=True)
class Problem:
    """A line not loaded as written."""

    sheet: str
    row: int
    member: int
    reason: str
    action: str


NUMBER_REPAIRS = {
    NumberState.MISSING: (RowReason.NUMBER_MISSING, RowAction.LOAD_WITHOUT_NUMBER),
    NumberState.LENGTH: (RowReason.NUMBER_LENGTH, RowAction.REJECT_NUMBER),
    NumberState.CHECKSUM: (RowReason.NUMBER_CHECKSUM, RowAction.REJECT_NUMBER),
    NumberState.NUMERIC: (RowReason.NUMBER_NUMERIC, RowAction.REJECT_NUMBER),
    NumberState.FIFTEEN: (RowReason.NUMBER_FIFTEEN, RowAction.CONVERT_NUMBER),
    NumberState.MASKED: (RowReason.NUMBER_MASKED, RowAction.REJECT_NUMBER),
    NumberState.CUT: (RowReason.NUMBER_DISABILITY, RowAction.CUT_NUMBER),
}
REJECT, LOAD_WITHOUT = RowAction.REJECT_ROW.value, RowAction.LOAD_WITHOUT_NUMBER


def shifted_lines(sheet: Sheet, layout: SheetLayout, body: Flags) -> list[Problem]:
    """Lines of a text with more or fewer cells than the header: which of them are in their columns is unknown.

    Superfluous blank cells at the end shift nothing. A line without its last cells is complete where the sender drops blank cells at
    the end of lines; where other lines have theirs, a separator is lost.
    """
    if sheet.widths is None or layout.header_row < 0:
        return []
    expected = int(sheet.widths[layout.header_row])
    filled = _filled_widths(sheet)
    wide = body & (filled > expected)
    short = body & (sheet.widths < expected)
    even = body & (sheet.widths == expected)
    if not (even & (filled < sheet.widths)).any() and short.sum() * 10 > body.sum():
        short &= sheet.widths <= max(index for pair in layout.person_columns for index in pair)
    return [
        Problem(sheet.name, int(index) + 1, 0, RowReason.WRONG_WIDTH.value, RowAction.REJECT_ROW.value)
        for index in np.flatnonzero(wide | short)
    ]


def _filled_widths(sheet: Sheet) -> npt.NDArray[np.int64]:
    """The place of the last cell of each line that is not blank, from 1."""
    widths = np.zeros(sheet.rows, dtype=np.int64)
    for place, column in enumerate(sheet.cells, start=1):
        widths[~is_blank(column)] = place
    return widths


def unknown_words(rows: pa.Table, layout: Layout, sheet: Sheet) -> list[Problem]:
    """Return the first line of every word, or of the blank, that says nothing where one of a fixed set of values must stand."""
    problems = []
    for group in layout.required:
        columns = [name for name in group.split("|") if name in rows.column_names and name in layout.values]
        named_by_line = layout.fact.get("kind_column") in columns  # facts.py names every line whose kind it cannot read
        if not columns or named_by_line or any(ANY_WORD in layout.values[name] for name in columns):
            continue
        encoded = [rows[name].combine_chunks().dictionary_encode() for name in columns]
        codes = np.zeros(rows.num_rows, dtype=np.int64)
        for each in encoded:
            codes = codes * len(each.dictionary) + each.indices.to_numpy(zero_copy_only=False)
        first = np.sort(np.unique(codes, return_index=True)[1])
        said = [[str(each[int(place)].as_py() or "") for each in encoded] for place in first]
        unknown = [
            place for place, words in zip(first, said, strict=True) if not _is_understood(layout, columns, words)
        ]
        lines = rows.select(["row", "member"]).take(pa.array(unknown, pa.int64())).to_pylist()
        problems += [
            Problem(
                sheet.name, line["row"], line["member"], RowReason.WORD_UNKNOWN.value, RowAction.LOAD_AS_UNKNOWN.value
            )
            for line in lines
        ]
    return problems


def _is_understood(layout: Layout, columns: list[str], words: list[str]) -> bool:
    return any(layout.value(name, word) is not None for name, word in zip(columns, words, strict=True))


def lines_unread(sheet: Sheet, columns: set[int]) -> list[int]:
    """The lines with a formula in one of the columns whose value is not in the workbook."""
    return sorted({row + 1 for row, column in sheet.unread if column in columns})


def row_problems(rows: pa.Table, layout: SheetLayout, sheet: Sheet) -> list[Problem]:
    """Return what must be corrected: duplicates, and numbers by their state. A certificate is no problem in its own feed."""
    problems = []
    harmless = {NumberState.OK.value} | ({NumberState.CUT.value} if layout.layout.feed == Feed.DISABILITY else set())
    wanted = pc.or_(
        pc.is_valid(rows["duplicate_of"]), pc.invert(pc.is_in(rows["number_state"], pa.array(sorted(harmless))))
    )
    unread = set(lines_unread(sheet, {number for _, number in layout.person_columns}))
    for row in rows.filter(wanted).select(["row", "member", "duplicate_of", "number_state"]).to_pylist():
        if row["duplicate_of"] is not None:
            reason = f"{RowReason.DUPLICATE.value}_{row['duplicate_of']}"
            problems.append(Problem(sheet.name, row["row"], row["member"], reason, RowAction.DUPLICATE.value))
        if row["number_state"] not in harmless:
            found, action = NUMBER_REPAIRS[NumberState(row["number_state"])]
            reason = RowReason.FORMULA_EMPTY if row["row"] in unread and action == LOAD_WITHOUT else found
            problems.append(Problem(sheet.name, row["row"], row["member"], reason.value, action.value))
    return problems


def notes_in_names(sheet: Sheet, layout: SheetLayout, lines: npt.NDArray[np.intp]) -> list[Problem]:
    """Return the lines of a list of persons with a note beside the name that somebody died, moved or cannot be found: a lead."""
    if not layout.layout.household:
        return []
    problems = []
    for place, (name, _number) in zip(layout.member_places, layout.person_columns, strict=True):
        noted = pc.match_substring_regex(pc.fill_null(taken(sheet.cells[name], lines), ""), NOTE)
        rows = lines[noted.to_numpy(zero_copy_only=False)] + 1
        member = place if layout.members else 0
        reason, action = RowReason.NAME_NOTE.value, RowAction.CHECK_NOTE.value
        problems += [Problem(sheet.name, int(row), member, reason, action) for row in rows]
    return problems
