"""Which lines of a sheet are no person: titles, headers, totals, signatures, samples, blanks. A line with a number is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.constants import RowAction, RowReason
from registry.intake.layouts import SheetLayout, plain_header
from registry.intake.problems import Problem
from registry.intake.sheets import Flags, Sheet, is_blank, taken

_SUM = r"(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)"
BEGINS_WITH_SUM = rf"^\s*{_SUM}"
NAME = r"^\s*\p{Han}[\p{Han}·•．.?？*〓\s]{1,20}\s*$"
PLACE_OR_SUM = rf"(镇|乡|村|街道|开发区|高新区|新区|园区|社区|居委会|村委会|组|{_SUM}|总人数|人数|户数)\s*[:：]?\s*$"
TOTAL = rf"^\s*{_SUM}|{_SUM}\s*[:：]?\s*([0-9０-９]+\s*[人户名口]?)?\s*$|^\s*(总人数|总户数|人数|户数|其中)\s*([:：].*|[0-9０-９].*)?$"
"""A cell of a line that counts others."""
COUNT = r"^\s*共?\s*[0-9０-９]+\s*[人户名口]\s*$"
"""A name that is a count: 4人."""
SIGNATURE = r"(盖章|填表人|制表|审核人|负责人|填报|经办人|联系人|报送单位|说明[:：]|注[:：]|^\s*备注[:：])"
SERIAL_HEADERS = {"序号", "编号", "no", "no.", "行号"}
FIRST_LINES = 4
SAMPLE = r"^\s*(示例|样例|填写示例|范例|例[:：]|例如)"


def skipped_lines(sheet: Sheet, layout: SheetLayout) -> list[Problem]:
    """Return the lines that are no person. A line with a number is one: only the others, and the first ones, are checked."""
    checked = ~_numbered(sheet, layout)
    checked[: layout.header_row + FIRST_LINES] = True
    lines = np.flatnonzero(checked)
    part = Sheet(sheet.part, sheet.name, [taken(column, lines) for column in sheet.cells])
    return [replace(problem, row=int(lines[problem.row - 1]) + 1) for problem in _skipped_among(part, layout)]


def _skipped_among(sheet: Sheet, layout: SheetLayout) -> list[Problem]:
    first_header = layout.header_row - layout.header_rows + 1
    blank = np.logical_and.reduce([is_blank(column) for column in sheet.cells])
    reasons = np.full(sheet.rows, "", dtype=object)
    first = pc.coalesce(*[_null_if_blank(column) for column in sheet.cells])
    numbered = _numbered(sheet, layout)
    total = _is_total(sheet, layout, first)
    signed, sample = _matches(first, SIGNATURE), _matches(first, SAMPLE)
    reasons[_only_serial_numbers(sheet, layout)] = RowReason.BLANK.value
    reasons[_is_section(sheet, layout) & ~numbered] = RowReason.TITLE.value
    reasons[total & ~numbered] = RowReason.TOTAL.value
    reasons[signed & ~numbered] = RowReason.SIGNATURE.value
    reasons[sample] = RowReason.TITLE.value
    reasons[_repeats_header(sheet, layout)] = RowReason.HEADER_REPEATED.value
    reasons[:first_header] = RowReason.TITLE.value
    reasons[blank] = RowReason.BLANK.value
    reasons[first_header : layout.header_row + 1] = RowReason.HEADER.value
    return [
        Problem(sheet.name, int(index) + 1, 0, str(reasons[index]), RowAction.SKIP.value)
        for index in np.flatnonzero(reasons != "")
    ]


def _only_serial_numbers(sheet: Sheet, layout: SheetLayout) -> Flags:
    """Mark lines of a form prepared with serial numbers and not filled in."""
    serial = serial_columns(sheet, layout)
    others = [is_blank(column) for index, column in enumerate(sheet.cells) if index not in serial]
    empty: Flags = np.logical_and.reduce(others) if serial and others else np.zeros(sheet.rows, dtype=bool)
    return empty


def _is_section(sheet: Sheet, layout: SheetLayout) -> Flags:
    """Mark lines with a single text that is no name, or stands elsewhere: a heading between the lines."""
    persons = {index for pair in layout.person_columns for index in pair}
    filled = np.sum([~is_blank(column) for column in sheet.cells], axis=0)
    outside = [is_blank(column) for index, column in enumerate(sheet.cells) if index in persons]
    place = np.logical_or.reduce([_matches(sheet.cells[index], PLACE_OR_SUM) for index in persons])
    section: Flags = (filled == 1) & (np.logical_and.reduce(outside) | place)
    return section


def serial_columns(sheet: Sheet, layout: SheetLayout) -> set[int]:
    if layout.header_row < 0:
        return set()
    return {
        index
        for index, column in enumerate(sheet.cells)
        if plain_header(column[layout.header_row].as_py() or "").lower() in SERIAL_HEADERS
    }


def _is_total(sheet: Sheet, layout: SheetLayout, first: pa.Array) -> Flags:
    """Mark lines with a cell that states a sum, in whatever column, or a count where the name should be; `first`: their first texts.

    A line with a person's name is somebody, whatever a remark sums up, unless it begins with the word.
    """
    sums = [_matches(column, TOTAL) for column in sheet.cells]
    names = sheet.cells[layout.person_columns[0][0]]
    somebody = _matches(names, NAME) & ~_matches(names, PLACE_OR_SUM)
    found: Flags = (np.logical_or.reduce(sums) | _matches(names, COUNT)) & (
        _matches(first, BEGINS_WITH_SUM) | ~somebody
    )
    return found


def _matches(column: pa.Array, pattern: str) -> Flags:
    found: Flags = pc.match_substring_regex(pc.fill_null(column, ""), pattern).to_numpy(zero_copy_only=False)
    return found


def _null_if_blank(column: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(is_blank(column)), pa.scalar(None, pa.string()), column)


def _numbered(sheet: Sheet, layout: SheetLayout) -> Flags:
    """Mark lines with something that is a number in a number column."""
    digits = [
        pc.match_substring_regex(pc.fill_null(sheet.cells[number], ""), r"[0-9０-９]{6}")
        for _, number in layout.person_columns
    ]
    found: Flags = np.logical_or.reduce([column.to_numpy(zero_copy_only=False) for column in digits])
    return found


def _repeats_header(sheet: Sheet, layout: SheetLayout) -> Flags:
    repeated = np.full(sheet.rows, layout.header_row >= 0)
    for name, number in layout.person_columns[:1]:
        for column in (name, number):
            stripped = pc.replace_substring_regex(pc.fill_null(sheet.cells[column], ""), r"[\s*:：]+", "")
            header = stripped[max(0, layout.header_row)].as_py()
            repeated &= pc.equal(stripped, header or "\x00").to_numpy(zero_copy_only=False)
    return repeated
