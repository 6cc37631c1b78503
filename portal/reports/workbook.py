"""A report as a workbook: unit, day and basis above, the table, and below it the lines to be signed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from portal.reports.columns import CONDITIONS, HEADINGS, NOT_KEPT_HERE
from portal.reports.e1 import Table

Row = Sequence[str | int]


def table_workbook(table: Table, *, maker: str, today: date) -> bytes:
    """Return the statutory table as xlsx, A4 across."""
    asked = table.asked
    keys = [*CONDITIONS, *NOT_KEPT_HERE]
    rates = [_("Coverage rate 12/8"), _("Payment rate 14/13"), _("Contribution rate 18/17")]
    header = [_("Unit"), *(f"{key.split('_')[0]} {HEADINGS[key]}" for key in keys), *rates]
    unknown = _("not yet kept here")
    rows: list[Row] = [
        [
            line.name,
            *line.counts.values(),
            *[unknown] * len(NOT_KEPT_HERE),
            line.coverage.text,
            line.drawing.text,
            unknown,
        ]
        for line in (table.total, *table.parts)
    ]
    about = [
        _("Unit: %(unit)s") % {"unit": asked.unit.name},
        _("As of: %(day)s; the oldest list beneath is of %(oldest)s")
        % {"day": table.as_of.isoformat(), "oldest": table.oldest_feed_date.isoformat()},
        f"{asked.population.label} · {asked.basis.label}",
    ]
    title = _("Monthly table: everybody insured who should be")
    return write_workbook(title, about, header, rows, signature_lines(asked.unit.name, maker, today))


def signature_lines(unit: str, maker: str, today: date) -> list[str]:
    """The line under a report that goes upwards: who made it, who checks it, who answers for it, when it was sent."""
    return [
        _("Unit: %(unit)s") % {"unit": unit},
        _("Made by: %(maker)s") % {"maker": maker},
        _("Checked by:"),
        _("Head of the unit:"),
        _("Reported on: %(day)s") % {"day": today.isoformat()},
    ]


def write_workbook(title: str, about: Row, header: Row, rows: Sequence[Row], signed: Row) -> bytes:
    """Write one sheet of a report; figures stay figures."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
        cell = book.add_format({"border": 1, "num_format": "#,##0"})
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
