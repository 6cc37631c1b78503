"""Layouts that users stated: made of their answers, stored, and recalled by the header in any order of its columns."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foundation.primitives.personal_texts import hash_words
from registry.intake.contents import filled_cells, kind_of
from registry.intake.headers import DEEPEST_HEADER_ROW
from registry.intake.layouts import ReadBy, Reason, SheetLayout, get_layout, plain_header
from registry.intake.sheets import Sheet
from registry.selectors.numbers import hash_roll_no

MEMBER_NAME, MEMBER_NUMBER = "member_name_", "member_number_"


def layout_from_mapping(
    feed: str, header_row: int, columns: Mapping[str, int], values: Mapping[str, Mapping[str, str]], name: str = ""
) -> SheetLayout:
    """Return the layout a user's answers describe: columns map field -> column, values field -> the sender's word -> our value."""
    layout = get_layout(feed).with_words((name or feed)[:64], values)
    places = [int(field.removeprefix(MEMBER_NAME)) for field in columns if field.startswith(MEMBER_NAME)]
    members = {
        place: (columns[f"{MEMBER_NAME}{place}"], columns[f"{MEMBER_NUMBER}{place}"])
        for place in sorted(places)
        if f"{MEMBER_NUMBER}{place}" in columns
    }
    own = {field: column for field, column in columns.items() if field in layout.columns}
    reasons = dict.fromkeys(own, Reason(ReadBy.STATED))
    return SheetLayout(
        layout, header_row, min(1, header_row + 1), own, tuple(members.values()), tuple(members), reasons=reasons
    )


def mapping_of(found: SheetLayout, sheet: Sheet) -> dict[str, Any]:
    """Return a layout found on a sheet as it is stored: columns by header and place, words by field."""
    columns = dict(found.columns)
    for place, (name, number) in zip(found.places, found.members, strict=True):
        columns |= {f"{MEMBER_NAME}{place}": name, f"{MEMBER_NUMBER}{place}": number}
    base = get_layout(found.layout.feed.value)
    values = {
        field: {word: ours for word, ours in words.items() if base.values.get(field, {}).get(word) != ours}
        for field, words in found.layout.values.items()
    }
    return {
        "feed": found.layout.feed.value,
        "header_row": found.header_row,
        "header_rows": found.header_rows,
        "columns": {
            field: {"column": column, "header": _header_id(header_text(sheet, found.header_row, column))}
            for field, column in columns.items()
        },
        "values": {field: words for field, words in values.items() if words},
    }


def header_text(sheet: Sheet, row: int, column: int) -> str:
    """Return the plain header of a column; empty of a table without one."""
    return plain_header(sheet.cells[column][row].as_py() or "") if row >= 0 else ""


def _header_id(header: str) -> str:
    """A header is recognised by its keyed hash: the line a user calls the header may be a person's."""
    return hash_words(header, hash_roll_no) if header else ""


def fingerprint(sheet: Sheet, header_row: int) -> str:
    """Return the fingerprint of a header in any order of its columns; of a table without one, of what its columns contain."""
    if header_row >= 0:
        texts = sorted(header_text(sheet, header_row, column) for column in range(len(sheet.cells)))
        return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()
    kinds = [kind_of(filled_cells(sheet, column, 0)) for column in range(min(200, len(sheet.cells)))]
    contents = "\x1f".join([str(len(sheet.cells)), *(kind[0] if kind else "" for kind in kinds)])
    return hashlib.sha256(f"no header\x1f{contents}".encode()).hexdigest()


def recall_layout(sheet: Sheet, learned: Mapping[str, tuple[str, Mapping[str, Any]]]) -> SheetLayout | None:
    """Return the layout stored for this sheet's header, given as fingerprint -> (name, mapping); None when there is none."""
    if not learned:
        return None
    for row in [*range(min(DEEPEST_HEADER_ROW, sheet.rows)), -1]:
        found = learned.get(fingerprint(sheet, row))
        if found is not None and int(found[1]["header_row"]) * row >= 0 and (found[1]["header_row"] < 0) == (row < 0):
            return _recalled(sheet, row, *found)
    return None


def _recalled(sheet: Sheet, row: int, name: str, mapping: Mapping[str, Any]) -> SheetLayout:
    """Columns are found by their header, by their place where it is blank or occurs twice."""
    texts = [_header_id(header_text(sheet, row, column)) for column in range(len(sheet.cells))]
    columns = {
        field: texts.index(saved["header"])
        if saved["header"] and texts.count(saved["header"]) == 1
        else saved["column"]
        for field, saved in mapping["columns"].items()
    }
    found = layout_from_mapping(mapping["feed"], row, columns, mapping["values"], name)
    rows = min(int(mapping.get("header_rows", 1)), row + 1)
    return replace(found, header_row=row, header_rows=rows)
