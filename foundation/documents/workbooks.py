"""Workbooks the portal hands out: one table with its head, and a sheet that explains it.

A text is written as a text, so a cell that begins with "=" starts no formula; figures, days and rates stay numbers with a format. A
rate is written truncated to two decimals of a percent, as everywhere, so that no spreadsheet rounds 99.996 % up to 100.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from foundation.documents.heads import Head, Text, ems
from foundation.primitives.rates import Rate

Cell = str | int | date | Rate | None
Row = Sequence[Cell]
A4 = 9
NARROWEST, WIDEST = 6, 48
LONGEST_SHEET_NAME = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))


@dataclass(frozen=True)
class Column:
    """A heading, and what the sheet of explanation says of it; empty where the heading says it all."""

    heading: Text
    meaning: Text = ""


@dataclass(frozen=True)
class Table:
    """The rows of a workbook; totals stand below them, outside of what is filtered and sorted."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Row] = ()


@dataclass(frozen=True)
class _Formats:
    """The formats of a workbook's cells by kind of value."""

    text: Format
    figure: Format
    day: Format
    rate: Format

    @classmethod
    def of(cls, workbook: xlsxwriter.Workbook, *, is_total: bool = False) -> _Formats:
        """Make them, for rows or for totals."""
        look = {"border": 1, "valign": "top", "bold": is_total}
        return cls(
            text=workbook.add_format(look | {"text_wrap": True}),
            figure=workbook.add_format(look | {"num_format": "#,##0"}),
            day=workbook.add_format(look | {"num_format": "yyyy-mm-dd", "align": "left"}),
            rate=workbook.add_format(look | {"num_format": "0.00%"}),
        )


def open_workbook(target: io.BytesIO) -> xlsxwriter.Workbook:
    """Return a new workbook, written to `target` when it is closed; a context manager. No temporary files."""
    return xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


def write_workbook(head: Head, table: Table, *, notes: Sequence[Text] = ()) -> bytes:
    """Return a workbook of two sheets: the table, A4 across, with a head and lines to be signed; and its explanation."""
    target = io.BytesIO()
    with open_workbook(target) as workbook:
        _write_table(workbook, head, table)
        _write_explanation(workbook, head, table, notes)
    return target.getvalue()


def _write_table(workbook: xlsxwriter.Workbook, head: Head, table: Table) -> None:
    sheet = workbook.add_worksheet(_sheet_name(head.title))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&P / &N")
    sheet.write(0, 0, str(head.title), workbook.add_format({"bold": True, "font_size": 14}))
    lines = [*head.lines(), _made(head)]
    for place, text in enumerate(lines, 1):
        sheet.write(place, 0, text)
    top = len(lines) + 2
    heading = workbook.add_format(
        {"bold": True, "text_wrap": True, "border": 1, "valign": "top", "bg_color": "#E9ECE7"}
    )
    sheet.write_row(top, 0, [str(column.heading) for column in table.columns], heading)
    _write_rows(sheet, top + 1, table.rows, _Formats.of(workbook))
    _write_rows(sheet, top + 1 + len(table.rows), table.totals, _Formats.of(workbook, is_total=True))
    for place, width in enumerate(_widths(table)):
        sheet.set_column(place, place, width)
    sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 1)
    bottom = top + len(table.rows) + len(table.totals) + 2
    signed = head.signatures()
    for place, text in enumerate(signed):
        sheet.write(bottom, place * max(len(table.columns) // len(signed), 1), text)


def _write_rows(sheet: Worksheet, top: int, rows: Sequence[Row], formats: _Formats) -> None:
    for place, row in enumerate(rows, top):
        for column, cell in enumerate(row):
            _write_cell(sheet, place, column, cell, formats)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    if isinstance(cell, Rate):
        if cell.whole:
            sheet.write_number(row, column, cell.truncated, formats.rate)
        else:
            sheet.write_string(row, column, cell.text, formats.rate)
    elif cell is None:
        sheet.write_blank(row, column, None, formats.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, formats.figure)
    else:
        sheet.write_string(row, column, str(cell), formats.text)


def _write_explanation(workbook: xlsxwriter.Workbook, head: Head, table: Table, notes: Sequence[Text]) -> None:
    sheet = workbook.add_worksheet(_sheet_name(_("Explanation")))
    bold = workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, str(head.title), bold)
    place = 1
    for text in (*head.lines(), _made(head), *map(str, notes)):
        sheet.merge_range(place, 0, place, 1, text, wrapped)
        place += 1
    sheet.write_row(place + 1, 0, [_("Column"), _("Meaning")], bold)
    for row, column in enumerate(table.columns, place + 2):
        sheet.write_string(row, 0, str(column.heading), wrapped)
        sheet.write_string(row, 1, str(column.meaning or _("As its heading says.")), wrapped)


def _made(head: Head) -> str:
    return _("Made by %(name)s, %(at)s") % {"name": head.made_by, "at": head.made}


def _sheet_name(title: Text) -> str:
    return str(title).translate(NOT_IN_SHEET_NAMES)[:LONGEST_SHEET_NAME]


def _widths(table: Table) -> list[float]:
    """Return the width of each column in characters: what its longest cell takes, its heading in up to three lines."""
    widths = []
    for place, column in enumerate(table.columns):
        longest = max((ems(_as_text(row[place])) for row in (*table.rows, *table.totals)), default=0)
        widths.append(min(max(longest * 2, ems(str(column.heading)) * 2 / 3, NARROWEST) + 2, WIDEST))
    return widths


def _as_text(cell: Cell) -> str:
    if isinstance(cell, Rate):
        return cell.text
    return f"{cell:,}" if isinstance(cell, int) else str(cell or "")
