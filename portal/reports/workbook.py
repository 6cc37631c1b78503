"""The statutory table as a workbook: unit, day and basis above, the table, and below it the lines to be signed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from coverage.presenters.codes import column_number
from foundation.documents.heads import Head
from foundation.documents.workbooks import Column, Row, Table, write_workbook
from portal.reports.columns import CONDITIONS, HEADINGS, NOT_KEPT_HERE
from portal.reports.e1 import Table as StatutoryTable
from portal.reports.e1 import UnitCounts


def table_workbook(table: StatutoryTable, head: Head) -> bytes:
    """Return the statutory table as xlsx: a row a unit, the whole below."""
    notes = [
        _("Rates are truncated to two decimals, never rounded up."),
        _("Should be insured (8): registered (1) minus those in columns 2 to 7. Insured (12): columns 9 to 11."),
    ]
    parts = Table(_columns(), [_row(line) for line in table.parts], totals=[_row(table.total)])
    return write_workbook(head, parts, notes=notes)


def _columns() -> list[Column]:
    unknown = _("not yet recorded in this system")
    counted = _("Persons counted in this column of the statutory table; each person is in one of its parts.")
    keys = [*CONDITIONS, *NOT_KEPT_HERE]
    return [
        Column(_("Unit"), _("The unit directly below the one asked for.")),
        *(
            Column(f"{column_number(key)} {HEADINGS[key]}", unknown if key in NOT_KEPT_HERE else counted)
            for key in keys
        ),
        Column(_("Coverage rate 12/8"), _("Insured of those who should be insured.")),
        Column(_("Payment rate 14/13"), _("Drawing the benefit of those due to draw.")),
        Column(_("Contribution rate 18/17"), unknown),
    ]


def _row(line: UnitCounts) -> Row:
    unknown = _("not yet recorded in this system")
    return [
        line.name,
        *line.counts.values(),
        *[unknown] * len(NOT_KEPT_HERE),
        line.coverage,
        line.drawing,
        unknown,
    ]
