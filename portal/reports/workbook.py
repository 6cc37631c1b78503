"""The statutory table as a workbook: unit, day and basis above, the table, and below it the lines to be signed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from coverage.presenters.codes import column_number
from foundation.documents.workbooks import Row, signature_lines, write_report
from portal.reports.columns import CONDITIONS, HEADINGS, NOT_KEPT_HERE
from portal.reports.e1 import Table


def table_workbook(table: Table, *, maker: str, today: date) -> bytes:
    """Return the statutory table as xlsx, A4 across."""
    asked = table.asked
    keys = [*CONDITIONS, *NOT_KEPT_HERE]
    rates = [_("Coverage rate 12/8"), _("Payment rate 14/13"), _("Contribution rate 18/17")]
    header = [_("Unit"), *(f"{column_number(key)} {HEADINGS[key]}" for key in keys), *rates]
    unknown = _("not yet recorded in this system")
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
        _("As of: %(day)s; oldest data used: %(oldest)s")
        % {"day": table.as_of.isoformat(), "oldest": table.oldest_feed_date.isoformat()},
        f"{asked.population.label} · {asked.basis.label}",
    ]
    title = _("Monthly report: full coverage of eligible persons")
    return write_report(title, about, header, rows, signature_lines(asked.unit.name, maker, today))
