"""Workbooks the portal hands out: a text is written as a text, so a cell that begins with "=" starts no formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

Row = Sequence[str | int]


def open_workbook(target: io.BytesIO) -> xlsxwriter.Workbook:
    """Return a new workbook, written to `target` when it is closed; a context manager. No temporary files."""
    return xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


def signature_lines(unit: str, maker: str, today: date) -> list[str]:
    """Return the lines under a report to a higher unit: who made it, who checks it, who is responsible, when it was sent."""
    return [
        _("Unit: %(unit)s") % {"unit": unit},
        _("Prepared by: %(maker)s") % {"maker": maker},
        _("Checked by:"),
        _("Head of the unit:"),
        _("Reported on: %(day)s") % {"day": today.isoformat()},
    ]


def write_report(title: str, about: Row, header: Row, rows: Sequence[Row], signed: Row) -> bytes:
    """Return a report of one sheet, A4 across: title, what it is about, the table, the lines to be signed. Figures stay figures."""
    target = io.BytesIO()
    with open_workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        bold = workbook.add_format({"bold": True, "font_size": 14})
        head = workbook.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
        cell = workbook.add_format({"border": 1, "num_format": "#,##0"})
        sheet.write(0, 0, title, bold)
        for place, text in enumerate(about):
            sheet.write(1 + place, 0, text)
        top = 2 + len(about)
        sheet.write_row(top, 0, header, head)
        for place, row in enumerate(rows, top + 1):
            sheet.write_row(place, 0, row, cell)
        bottom = top + len(rows) + 2
        for place, text in enumerate(signed):
            sheet.write(bottom, place * max(len(header) // len(signed), 1), text)
        sheet.set_column(0, 0, 18)
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 1)
    return target.getvalue()
