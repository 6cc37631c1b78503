"""Sheets of paper: what is printed is laid out here and set as PDF by sheet.typ, the one template of them all.

Texts are handed to the template as data, so that no name can be read as markup. How wide a column is, whether A4 lies upright or
across, and how large the letters are follow from the texts themselves: nothing is cut, at most broken into lines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.documents.heads import Head, Text, ems

Row = Sequence[str | int | Promise]

TEMPLATE = Path(__file__).with_name("sheet.typ")
FONTS = Path(pylopdf_fonts_zh_cn.sans_path()).parent
MM_PER_POINT = 25.4 / 72
CELL_INSETS_MM = 2.2
MARGIN_MM = 9
LETTER_MARGIN_MM, LETTER_POINTS = 25, 14
UPRIGHT_MM, ACROSS_MM = 210 - 2 * MARGIN_MM, 297 - 2 * MARGIN_MM
SIZES: tuple[tuple[bool, float], ...] = (
    (False, 9), (False, 8.5), (True, 8), (True, 7.5), (True, 7), (True, 6.5), (True, 6),
)  # fmt: skip
"""What is tried, in this order: whether A4 lies across, the size in points."""
USUAL_SHARE = 0.9
"""A text column is as wide as nine of ten of its texts need; the longest may take a second line."""
LEAST_TEXT_SHARE = 0.6
MOST_GROWTH = 1.6
"""A table of two narrow columns is not drawn out over the page: a figure would stand far from what it counts."""


@dataclass(frozen=True)
class Column:
    """A heading; a column of figures stands to the right and is never broken; `least_mm` leaves room for a pen, and more where there is."""

    heading: Text
    is_figure: bool = False
    least_mm: float = 0


@dataclass(frozen=True)
class Group:
    """Rows under a common heading, or under none; a group of totals stands out, another may begin a page of its own."""

    rows: Sequence[Row]
    heading: Text = ""
    is_total: bool = False
    begins_page: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its columns, its rows in groups."""

    columns: Sequence[Column]
    groups: Sequence[Group]
    heading: Text = ""


@dataclass(frozen=True)
class Facts:
    """Terms with their values."""

    facts: Sequence[tuple[Text, Text]]
    heading: Text = ""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; one may begin a page of its own, as the next person's sheet does."""

    text: Text
    heading: Text = ""
    begins_page: bool = False


@dataclass(frozen=True)
class Pictures:
    """Pictures in columns side by side: title and a complete SVG file."""

    columns: Sequence[Sequence[tuple[Text, str]]]
    heading: Text = ""


Part = Table | Facts | Paragraph | Pictures


@dataclass(frozen=True)
class _Layout:
    """How the sheet is laid: across or upright, the size of its letters, and the widths of each table's columns."""

    across: bool
    size: float
    inset: float
    widths: list[list[float]]


def print_pdf(head: Head, parts: Sequence[Part], *, is_signed: bool = True, is_letter: bool = False) -> bytes:
    """Return a document as PDF in the reader's language, with lines to be signed at its end.

    `is_letter`: a letter to one person, in letters old eyes can read, without tables.
    Cost: 0.7 ms and 0.1 MB a row; the caller limits the rows.
    """
    layout = _lay_out([part for part in parts if isinstance(part, Table)])
    widths = iter(layout.widths)
    data = {
        "title": str(head.title),
        "subject": head.subject,
        "about": head.lines(),
        "footer": _("Printed by %(name)s, %(at)s") % {"name": head.made_by, "at": head.made},
        "page_words": _("Page %(page)s of %(pages)s").replace("%(page)s", "\0").replace("%(pages)s", "\0").split("\0"),
        "lang": (get_language() or "en")[:2],
        "landscape": layout.across,
        "margin": LETTER_MARGIN_MM if is_letter else MARGIN_MM,
        "is_letter": is_letter,
        "size": LETTER_POINTS if is_letter else layout.size,
        "inset": layout.inset,
        "parts": [_part(part, next(widths) if isinstance(part, Table) else []) for part in parts],
        "signatures": head.signatures() if is_signed else [],
    }
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        package_path=TEMPLATE.parent,
        package_cache_path=TEMPLATE.parent,
        pdf_tags=False,
    )
    return bytes(made)


def _part(part: Part, widths: list[float]) -> dict[str, Any]:
    common = {"heading": str(part.heading), "begins_page": getattr(part, "begins_page", False)}
    if isinstance(part, Facts):
        return common | {"kind": "facts", "facts": [[str(term), str(value)] for term, value in part.facts]}
    if isinstance(part, Paragraph):
        return common | {"kind": "text", "text": str(part.text)}
    if isinstance(part, Pictures):
        columns = [[{"title": str(title), "svg": svg} for title, svg in column] for column in part.columns]
        return common | {"kind": "pictures", "columns": columns}
    return common | {
        "kind": "table",
        "widths": widths,
        "headings": [str(column.heading) for column in part.columns],
        "figures": [column.is_figure for column in part.columns],
        "groups": [
            {
                "heading": str(group.heading),
                "is_total": group.is_total,
                "begins_page": group.begins_page,
                "rows": [[shown(cell) for cell in row] for row in group.rows],
            }
            for group in part.groups
        ],
    }


def shown(cell: str | int | Promise) -> str:
    """Return a cell as it is printed: a figure with its thousands apart."""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _lay_out(tables: Sequence[Table]) -> _Layout:
    """Return the first size at which every column fits; at the smallest, headings and texts are broken until all do."""
    needed = [[_needed_ems(table, place) for place in range(len(table.columns))] for table in tables]
    for across, size in SIZES:
        room = ACROSS_MM if across else UPRIGHT_MM
        wanted = [
            _in_mm(table, [most for _least, most in each], size) for table, each in zip(tables, needed, strict=True)
        ]
        fits = all(sum(widths) <= room for widths in wanted)
        if fits or (across, size) == SIZES[-1]:
            least = [
                _in_mm(table, [least for least, _most in each], size)
                for table, each in zip(tables, needed, strict=True)
            ]
            grows = [[bool(column.least_mm) for column in table.columns] for table in tables]
            widths = [_fitted(*each, room) for each in zip(wanted, least, grows, strict=True)]
            return _Layout(across, size, _inset(across, fits, any(map(any, grows))), widths)
    raise AssertionError("the last size is always taken")


def _inset(across: bool, fits: bool, for_a_pen: bool) -> float:
    """Return the space above and below a cell: thirty rows and more go on a page, also across, also where many take two lines."""
    if not across:
        return 1.4
    if for_a_pen:
        return 1.3
    return 1.0 if fits else 0.8


def _in_mm(table: Table, needed: Sequence[float], size: float) -> list[float]:
    return [
        max(each * size * MM_PER_POINT + CELL_INSETS_MM, column.least_mm)
        for column, each in zip(table.columns, needed, strict=True)
    ]


def _fitted(wanted: Sequence[float], least: Sequence[float], grows: Sequence[bool], room: float) -> list[float]:
    """Return widths that fill the room, though no column more than MOST_GROWTH of what it wants.

    What is over goes to the columns for a pen, else to all; what is missing is taken from each down to its least, then from the widest.
    """
    total = sum(wanted)
    if total <= room and any(grows):
        extra = (room - total) / sum(grows)
        return [round(width + extra * grow, 2) for width, grow in zip(wanted, grows, strict=True)]
    if total <= room:
        share = min(room / total, MOST_GROWTH)
        return [math.floor(width * share * 100) / 100 for width in wanted]
    spare = total - sum(least)
    taken = min((total - room) / spare, 1) if spare > 0 else 1
    narrowed = [most - (most - few) * taken for most, few in zip(wanted, least, strict=True)]
    level = _level(narrowed, room)
    return [math.floor(min(width, level) * 100) / 100 for width in narrowed]


def _level(widths: Sequence[float], room: float) -> float:
    """Return the width above which the widest give up what is missing."""
    left, narrower = room, sorted(widths)
    for place, width in enumerate(narrower):
        if width > left / (len(narrower) - place):
            return left / (len(narrower) - place)
        left -= width
    return narrower[-1]


def _needed_ems(table: Table, place: int) -> tuple[float, float]:
    """Return how many ems a column needs at least, broken as far as it may be, and how many it wants.

    It wants what most of its cells take, and its heading in up to three lines.
    """
    column = table.columns[place]
    cells = sorted(ems(shown(row[place])) for group in table.groups for row in group.rows) or [0.0]
    if column.is_figure:
        return cells[-1], max(cells[-1], _heading_ems(str(column.heading)))
    usual = cells[math.ceil(len(cells) * USUAL_SHARE) - 1]
    return usual * LEAST_TEXT_SHARE, max(usual, _heading_ems(str(column.heading)))


def _heading_ems(heading: str) -> float:
    longest_word = max((ems(word) for word in heading.split()), default=0.0)
    in_lines = ems(heading) / 3 + 1 if ems(heading) > 4 else ems(heading)
    return max(in_lines, longest_word if heading.isascii() else 0.0)
