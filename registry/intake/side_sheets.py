"""Sheets beside a list: notes, covers, summaries, and lists of who is no longer on it. Each is named, none is current in silence."""

from __future__ import annotations

import re

from registry.constants import PERSON_FEEDS, Feed, RowAction, RowReason
from registry.intake.contents import filled_cells, share_like
from registry.intake.problems import Problem
from registry.intake.remarks import Remark, remark
from registry.intake.sheets import Sheet

ENOUGH_NAMES, NAME_SHARE = 3, 0.6
SUMMARY_SHARE = 0.25
MOST_LINES_OF_NOTES = 3_000
TABLE_COLUMNS, TABLE_LINES = 3, 10
LISTS_OF_ENTITLED = (*PERSON_FEEDS, Feed.DISABILITY)
_TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|人\s*数|户\s*数")
_COUNT = re.compile(r"\d{1,7}(?:\.0+|,\d{3})*[人户名口]?")
_LEFT = re.compile(r"退出|注销|死亡|去世|减少|减员|作废|删除|历史|备份|迁出|清退|不再|终止|停保|已核减")


def lists_nobody(sheet: Sheet) -> bool:
    """Answer whether a sheet without a known layout has neither identity numbers nor a column of names, and counts or is no table."""
    if sheet.rows > MOST_LINES_OF_NOTES:
        return False
    columns = [filled_cells(sheet, column, 0) for column in range(len(sheet.cells))]
    if sum(len(cells) >= TABLE_LINES for cells in columns) >= TABLE_COLUMNS and not is_summary(sheet):
        return False
    has_numbers = any(share_like(cells, "identity_number") * len(cells) >= 1 for cells in columns)
    has_names = any(
        share_like(cells, "person_name") * len(cells) >= ENOUGH_NAMES and share_like(cells, "person_name") >= NAME_SHARE
        for cells in columns
    )
    return not has_numbers and not has_names


def is_summary(sheet: Sheet) -> bool:
    """Answer whether a sheet that lists nobody counts them: a total, or many small figures."""
    cells = [cell for column in range(len(sheet.cells)) for cell in filled_cells(sheet, column, 0)]
    counts = sum(bool(_COUNT.fullmatch(cell)) for cell in cells)
    return (any(_TOTAL.search(cell) for cell in cells) and counts >= 1) or counts >= SUMMARY_SHARE * len(cells)


def lists_who_left(sheet: Sheet, feed: Feed) -> bool:
    """Answer whether a sheet is hidden or, of a list of who is entitled, named for those no longer on it.

    Rolls and lists of events state on every line what became of somebody: their sheets may be called so.
    """
    return sheet.is_hidden or (feed in LISTS_OF_ENTITLED and bool(_LEFT.search(sheet.name)))


def side_lines(sheet: Sheet, reason: RowReason) -> list[Problem]:
    """Return every line of a sheet that lists nobody as skipped."""
    columns = [column.to_pylist() for column in sheet.cells]
    written = [row for row in range(sheet.rows) if any((column[row] or "").strip() for column in columns)]
    return [Problem(sheet.name, row + 1, 0, reason.value, RowAction.SKIP.value) for row in written]


def compare_totals(sheet: Sheet, persons: int) -> Remark:
    """Compare a summary's totals with the persons read; without a total it is only named."""
    totals = _totals(sheet)
    if not totals:
        return remark("summary_sheet", sheet=sheet.name)
    if persons in totals:
        return remark("summary_agrees", sheet=sheet.name, total=persons)
    return remark("summary_differs", sheet=sheet.name, total=max(totals), rows=persons)


def _totals(sheet: Sheet) -> set[int]:
    """The counts in the lines that state a total."""
    rows = zip(*(column.to_pylist() for column in sheet.cells), strict=True)
    return {
        int(re.sub(r"\.0+$|\D", "", cell.strip()))
        for row in rows
        if any(_TOTAL.search(cell or "") for cell in row)
        for cell in row
        if cell and _COUNT.fullmatch(cell.strip())
    }
