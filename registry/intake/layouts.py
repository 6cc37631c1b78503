"""Which feed a sheet is and where its columns stand, read from layouts/*.yaml: a new sender's words are data, not code.

A layout names aliases per column, the columns that must be there, hints in file names that tell two feeds of the same
shape apart, and value maps from departments' words to ours. A header may stand in the second of two merged rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from registry.constants import Feed
from registry.intake.errors import IntakeError
from registry.intake.sheets import Sheet

FOLDER = Path(__file__).parent / "layouts"
DEEPEST_HEADER_ROW = 15
MOST_MEMBERS = 12
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")


@dataclass(frozen=True)
class Layout:
    """One feed's layout as its YAML file states it."""

    name: str
    feed: Feed
    hints: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    members: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    record_key: tuple[str, ...]
    household: tuple[str, ...]
    key_prefix: str
    values: dict[str, dict[str, str]]
    must_be_known: dict[str, str]
    fact: dict[str, str]
    content: dict[str, str] = field(default_factory=dict)

    def value(self, column: str, text: str) -> str | None:
        """Return our word for the sender's, None when the map does not know it; an unmapped column keeps its text."""
        words = self.values.get(column)
        if words is None:
            return text
        return words.get(plain_header(text), words.get("*"))


@dataclass(frozen=True)
class SheetLayout:
    """A layout found on a sheet: header_row is the index of the (last) header row, columns map field -> cell column.

    `members` holds a (name column, number column) pair per household place, empty for one person a line.
    """

    layout: Layout
    header_row: int
    header_rows: int
    columns: dict[str, int]
    members: tuple[tuple[int, int], ...]


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Return every layout in layouts/, sorted by name."""
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.yaml")))


def plain_header(text: str) -> str:
    """Return a header or word without blanks, marks and full-width forms."""
    halved = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return re.sub(r"[\s*＊:：﻿]+", "", halved)


def find_layout(sheet: Sheet, file_name: str) -> SheetLayout:
    """Return the layout that fits the sheet best.

    Errors: IntakeError missing_columns when only one feed's hints and most columns fit, unknown_layout otherwise.
    """
    head = sheet.head(DEEPEST_HEADER_ROW)
    spoken = " ".join([file_name, sheet.part, sheet.name, *(cell for row in head[:2] for cell in row[:2])])
    fits = [(score, fit) for layout in all_layouts() for score, fit in _fits(layout, head, sheet, spoken)]
    if not fits:
        raise _refusal(head, spoken)
    return max(fits, key=lambda scored: scored[0])[1]


def _load(path: Path) -> Layout:
    raw: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return Layout(
        name=path.stem,
        feed=Feed(raw["feed"]),
        hints=tuple(raw.get("hints", ())),
        columns={name: tuple(map(plain_header, words)) for name, words in raw["columns"].items()},
        members={name: tuple(map(plain_header, words)) for name, words in raw.get("members", {}).items()},
        required=tuple(raw["required"]),
        record_key=tuple(raw.get("record_key", ())),
        household=tuple(raw.get("household", ())),
        key_prefix=raw.get("key_prefix", ""),
        values={column: _words(mapping) for column, mapping in raw.get("values", {}).items()},
        must_be_known=raw.get("must_be_known", {}),
        fact=raw.get("fact", {}),
        content=raw.get("content", {}),
    )


def _words(mapping: dict[str, list[str]]) -> dict[str, str]:
    """Turn ours -> their words round; their "*" stands for any other word."""
    return {"*" if word == "*" else plain_header(str(word)): ours for ours, words in mapping.items() for word in words}


def _fits(layout: Layout, head: list[list[str]], sheet: Sheet, spoken: str) -> Iterable[tuple[float, SheetLayout]]:
    for row in range(len(head)):
        for rows, header in _headers(head, row):
            fit = _fit(layout, header, row, rows)
            if not _missing(layout, fit):
                score = len(fit.columns) + 2 * len(fit.members) - 0.01 * row - 0.1 * (rows - 1)
                yield score + 3 * _hinted(layout, spoken) + 2 * _content_share(layout, fit, sheet), fit


def _headers(head: list[list[str]], row: int) -> Iterable[tuple[int, list[str]]]:
    header = [plain_header(cell) for cell in head[row]]
    yield 1, header
    if row and any(header):
        above = [plain_header(cell) for cell in head[row - 1]]
        merged = [cell or upper for cell, upper in zip(header, above, strict=True)]
        if merged != header:
            yield 2, merged


def _fit(layout: Layout, header: Sequence[str], row: int, rows: int) -> SheetLayout:
    columns: dict[str, int] = {}
    for name, aliases in layout.columns.items():
        for alias in aliases:
            if alias in header and header.index(alias) not in columns.values():
                columns[name] = header.index(alias)
                break
        else:
            bare = [_BRACKETED.sub("", cell) for cell in header]
            found = next((bare.index(alias) for alias in aliases if alias in bare), None)
            if found is not None and found not in columns.values():
                columns[name] = found
    return SheetLayout(layout, row, rows, columns, _member_columns(layout, header))


def _member_columns(layout: Layout, header: Sequence[str]) -> tuple[tuple[int, int], ...]:
    pairs = []
    for place in range(1, MOST_MEMBERS + 1):
        found = {}
        for name, aliases in layout.members.items():
            words = [alias.replace("{n}", str(place)) for alias in aliases]
            found[name] = next((header.index(word) for word in words if word in header), None)
        if found.get("name") is not None and found.get("number") is not None:
            pairs.append((int(found["name"] or 0), int(found["number"] or 0)))
    return tuple(pairs)


def _missing(layout: Layout, fit: SheetLayout) -> list[str]:
    """Required columns that are absent; member columns stand in for name and number."""
    present = set(fit.columns) | ({"name", "number"} if fit.members else set())
    return [group for group in layout.required if not present & set(group.split("|"))]


def _hinted(layout: Layout, spoken: str) -> bool:
    return any(hint.lower() in spoken.lower() for hint in layout.hints)


def _content_share(layout: Layout, fit: SheetLayout, sheet: Sheet) -> float:
    column = fit.columns.get(layout.content.get("column", ""))
    if column is None:
        return 0.0
    words = [cell or "" for cell in sheet.cells[column].slice(fit.header_row + 1, 200).to_pylist()]
    pattern = re.compile(layout.content["pattern"])
    return sum(bool(pattern.search(word)) for word in words) / max(1, len(words))


def _refusal(head: list[list[str]], spoken: str) -> IntakeError:
    """Name the columns a hinted feed lacks, else say which headers nobody knows."""
    best: tuple[int, Layout, list[str]] | None = None
    for layout in all_layouts():
        for row in range(len(head)):
            fit = _fit(layout, [plain_header(cell) for cell in head[row]], row, 1)
            known = len(fit.columns) + 3 * _hinted(layout, spoken)
            if _hinted(layout, spoken) and len(fit.columns) >= 2 and (best is None or known > best[0]):
                best = (known, layout, _missing(layout, fit))
    if best is not None and best[2]:
        words = "、".join("/".join(best[1].columns[name][0] for name in group.split("|")) for group in best[2])
        return IntakeError("missing_columns", feed=best[1].feed.value, columns=words)
    widest = max(head, key=lambda row: sum(bool(cell) for cell in row), default=[])
    return IntakeError("unknown_layout", headers="、".join(cell[:20] for cell in widest if cell)[:200])
