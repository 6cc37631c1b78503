"""The correction file: the problem lines as the sender wrote them, in a workbook to be corrected and sent like any other file.

It has the sender's own headers, the original cells, and in front of them the line's number, what is wrong and what to do. Its first
column names the delivery and the sheet, by which the corrected workbook is recognised (intake/delivery_contents.py).
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure
from foundation.documents.workbooks import open_workbook
from foundation.primitives.errors import Conflict
from registry.constants import ROLL_FEEDS, Feed
from registry.intake.delivery_contents import ORIGINAL_LINE, original_line_header, read_delivery
from registry.intake.files import sheets_of
from registry.intake.reading import ReadSheet
from registry.intake.sheets import Sheet
from registry.models import Delivery, DeliveryProblem
from registry.selectors.deliveries import get_delivery, list_problems
from registry.selectors.stored_files import read_original

LONGEST_SHEET_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
WIDTHS = (10, 30, 30)
Words = Callable[[DeliveryProblem], tuple[str, str]]
"""A problem -> what is wrong, what to do."""


@transaction.atomic
def write_correction_file(*, actor: Actor, delivery_id: int, words: Words) -> bytes:
    """Return the workbook of a delivery's open problem lines.

    Effects: one Disclosure: it contains names and numbers and is sent to the department they came from.
    Errors: NotAllowed; NotFound; Conflict when no line is open or the file is a roll. Cost: reads the file once more.
    """
    actor.demand(Action.EXPORT_DATA)
    delivery = get_delivery(actor, delivery_id)
    problems = list(list_problems(delivery).filter(corrected_by=None))
    if delivery.feed in ROLL_FEEDS or not problems:
        raise Conflict(
            _("This file has no lines to correct."),
            code="nothing_to_correct",
            what_to_do=_("Roll records are corrected where the roll is kept; request the complete roll again."),
            ids=[delivery_id],
        )
    content, fields, lines = _write(delivery, problems, words)
    record_disclosure(
        actor=actor,
        recipient=f"sender of {delivery.feed}",
        purpose=gettext_noop("Lines to be corrected by the sender"),
        legal_basis=legal_basis.EXPORT,
        fields=fields,
        row_count=lines,
    )
    return content


def _write(delivery: Delivery, problems: list[DeliveryProblem], words: Words) -> tuple[bytes, list[str], int]:
    by_sheet: dict[str, dict[int, list[DeliveryProblem]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        by_sheet[problem.sheet][problem.row].append(problem)
    layouts = {read.sheet: read for _, read in read_delivery(delivery).sheets}
    target = io.BytesIO()
    lines, pages, fields = 0, 0, [ORIGINAL_LINE]
    with open_workbook(target) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "text_wrap": True})
        for sheet in sheets_of(read_original(delivery), delivery.file_name):
            read, rows = layouts.get(sheet.name), by_sheet.get(sheet.name)
            if read is None or rows is None:
                continue
            pages += 1
            name = _page_name(sheet.name or Feed(delivery.feed).value, pages)
            page = book.add_worksheet(name)
            header = _header(delivery, sheet, name, read)
            page.set_column(0, len(sheet.cells) + len(WIDTHS), 20, text)
            for place, cells in enumerate(header):
                page.write_row(place, 0, cells, head)
            for place, line in enumerate(sorted(rows), read.layout.header_rows):
                page.write_row(place, 0, _line(sheet, line, rows[line], words), text)
            lines += len(rows)
            fields += [cell for cell in header[-1][3:] if cell]
    return target.getvalue(), fields, lines


def _page_name(sheet: str, place: int) -> str:
    """Return a name a workbook allows: a part of a zip may have a longer one, with marks no sheet's name may have."""
    name = _NOT_IN_A_NAME.sub(" ", sheet).strip("' ")
    return (
        name
        if name == sheet and len(name) <= LONGEST_SHEET_NAME
        else f"{place} {name}"[:LONGEST_SHEET_NAME].rstrip("' ")
    )


def _header(delivery: Delivery, sheet: Sheet, page: str, read: ReadSheet) -> list[list[str]]:
    """Return the sender's header rows, our headers in front of the last one."""
    last = read.layout.header_row
    rows = [_cells(sheet, line) for line in range(last - read.layout.header_rows + 1, last + 1)]
    added = [original_line_header(delivery.pk, sheet.name, page), _("Problem"), _("What to do")]
    return [*([""] * len(added) + row for row in rows[:-1]), added + rows[-1]]


def _line(sheet: Sheet, line: int, problems: list[DeliveryProblem], words: Words) -> list[str]:
    texts = [words(problem) for problem in problems]
    wrong, to_do = ("; ".join(dict.fromkeys(each)) for each in zip(*texts, strict=True))
    return [str(line), wrong, to_do, *_cells(sheet, line - 1)]


def _cells(sheet: Sheet, index: int) -> list[str]:
    return [(column[index].as_py() or "") for column in sheet.cells]
