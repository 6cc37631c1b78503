"""The problem list of a delivery as a workbook. Texts are written as texts: a sheet called "=1+1" starts no formula."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from foundation.documents.workbooks import open_workbook
from registry.presenters.deliveries import ShownProblem


def write_problems(problems: Sequence[ShownProblem]) -> bytes:
    """Return the workbook's bytes."""
    target = io.BytesIO()
    with open_workbook(target) as book:
        sheet = book.add_worksheet(_("Problems"))
        bold = book.add_format({"bold": True})
        headers = [_("Sheet"), _("Line"), _("Member"), _("Reason"), _("Action taken"), _("What to do")]
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for line, problem in enumerate(problems, 1):
            sheet.write_string(line, 0, problem.sheet)
            sheet.write_number(line, 1, problem.row)
            sheet.write_string(line, 2, str(problem.member or ""))
            for column, text in enumerate((problem.reason, problem.action, problem.what_to_do), 3):
                sheet.write_string(line, column, text)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 16)
        sheet.set_column(3, 5, 44)
    return target.getvalue()
