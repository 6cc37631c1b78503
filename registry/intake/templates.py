"""An empty table for each feed, made from its layout: headers, a sample line that cannot be taken for a person, explanations."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _

from foundation.documents.workbooks import open_workbook
from foundation.primitives.resident_id import check_character
from registry.intake.fields import DAY, FIELDS, PLACE, label_of
from registry.intake.layouts import ANY_WORD, Layout
from registry.intake.lexicon import cells_kind

SERIAL, SAMPLE = "序号", "示例"
NEVER_ASSIGNED = "320697"  # a county code that was never in a division list
_WIDTH = 22


def sample_number() -> str:
    """Return a number of the right format that belongs to no one."""
    body = f"{NEVER_ASSIGNED}19500305002"
    return body + check_character(body)


def write_template(layout: Layout) -> bytes:
    """Return the workbook: a sheet to fill in, and one that explains every column."""
    target = io.BytesIO()
    with open_workbook(target) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(layout.title[:31])
        sheet.set_column(0, len(layout.columns), _WIDTH, text)
        sheet.freeze_panes(1, 0)
        for column, cell in enumerate([SERIAL, *(header_of(layout, field) for field in layout.columns)]):
            sheet.write_string(0, column, cell, bold)
        for column, cell in enumerate([SAMPLE, *(_sample(layout, field) for field in layout.columns)]):
            sheet.write_string(1, column, cell, text)
        _explain(book.add_worksheet(_("Explanations")), layout, bold, wrapped)
    return target.getvalue()


def header_of(layout: Layout, field: str) -> str:
    """Return the usual header of a field."""
    return layout.columns[field][0]


def _sample(layout: Layout, field: str) -> str:
    if field == "number":
        return sample_number()
    if words := list_known_words(layout, field):
        return words[0]
    form = FIELDS[field].form if field in FIELDS else None
    if form is DAY:
        return "20181231"
    if form is PLACE:
        return "某某镇某某村"
    return "张三" if cells_kind(layout.feed.value, field) == "person_name" else ""


def list_known_words(layout: Layout, field: str) -> list[str]:
    """Return the first word known for each of our meanings."""
    first: dict[str, str] = {}
    for word, ours in layout.values.get(field, {}).items():
        if word != ANY_WORD:
            first.setdefault(ours, word)
    return list(first.values())


def required_words(layout: Layout, field: str) -> str:
    """Return whether a column is required, alone or as one of several."""
    for group in layout.required:
        names = group.split("|")
        if field in names:
            others = [header_of(layout, name) for name in names if name != field]
            return _("yes") if not others else _("this or %(others)s") % {"others": "、".join(others)}
    return _("no")


def _explain(sheet: xlsxwriter.worksheet.Worksheet, layout: Layout, bold: object, wrapped: object) -> None:
    titles = [_("Column"), _("Description"), _("Required"), _("Format"), _("Accepted terms"), _("Also known as")]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for line, field in enumerate(layout.columns, start=1):
        form = str(FIELDS[field].form) if field in FIELDS else ""
        known = "、".join(list_known_words(layout, field))
        others = "、".join(layout.columns[field][1:8])
        cells = [
            header_of(layout, field),
            label_of(field, layout.feed),
            required_words(layout, field),
            form,
            known,
            others,
        ]
        for column, cell in enumerate(cells):
            sheet.write_string(line, column, cell, wrapped)
    last = len(layout.columns) + 2
    sheet.write_string(last, 0, _("The sample line is ignored when the file is read; you need not delete it."))
    sheet.set_column(0, 5, _WIDTH)
