"""Which feed a sheet is and which its columns are: by its headers first, by its cells where headers are not enough.

A header decides, cells confirm or contradict it: a table without known headers is shown to a user with guesses
(mapping_guess.py), because a column guessed wrongly would change the register without a trace.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from foundation.primitives.yaml_loader import LOADER
from registry.constants import ROLL_FEEDS, Feed
from registry.intake.contents import CLEAR_SHARE, filled_cells, share_like
from registry.intake.errors import IntakeError
from registry.intake.headers import DEEPEST_HEADER_ROW, Header, find_members, list_headers
from registry.intake.layouts import ANY_WORD, Layout, SheetLayout, all_layouts
from registry.intake.sheets import Sheet

EXACT, LOWEST_ROW, BRACKETLESS, LIKE = 1.0, 0.97, 0.93, 0.5
HINT, VALUES, CONTENT, MEMBER = 3.0, 2.0, 2.0, 1.5
CLOSE = 0.3
MOST_ALIKE = 20
LEAST_KNOWN_WORDS = 0.5
ENOUGH_CELLS = 3
CELLS_COMPARED = 60
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_ONE_SHAPE = {Feed.EMPLOYEE, Feed.CIVIL}
_CONFLICTING = {"name": ("identity_number", "phone"), "number": ("person_name", "place")}
_COMPARED_KINDS = ("identity_number", "person_name", "phone", "place")


@dataclass(frozen=True)
class Fit:
    """A layout applied to a sheet, and how well it fits."""

    found: SheetLayout
    header: Header
    score: float
    is_distinctive: bool
    """Something other than the columns all feeds have shows that it is this feed."""


def find_layout(sheet: Sheet, file_name: str, layouts: Sequence[Layout] | None = None) -> SheetLayout:
    """Return the layout that fits the sheet best, among all or the given ones.

    Errors: IntakeError missing_columns when a hinted feed lacks columns, which_feed when two fit alike, unknown_words when
    most words of a column that must be understood are unknown, unknown_layout otherwise.
    """
    head = sheet.head(DEEPEST_HEADER_ROW)
    surrounding = _surrounding_text(sheet, file_name, head)
    given = layouts is not None
    possible = list(layouts) if layouts is not None else list(all_layouts())
    headers = list(list_headers(head))
    try:
        fits = [
            fit
            for layout in possible
            for header in headers
            if (fit := apply_layout(layout, header, sheet, surrounding))
        ]
    finally:
        _shares.cache_clear()  # its keys are people's names and numbers
    whole = [fit for fit in fits if not missing_columns(fit.found) and (fit.is_distinctive or given)]
    if not whole:
        raise _refusal(fits, surrounding)
    best = max(whole, key=lambda fit: fit.score)
    other = max((fit for fit in whole if fit.found.layout.feed != best.found.layout.feed), key=_score, default=None)
    if other is not None and best.score - other.score < CLOSE:
        raise IntakeError("which_feed", one=best.found.layout.title, other=other.found.layout.title)
    _refuse_other_roll(best, fits, possible, surrounding)
    check_words(best.found, sheet)
    return _with_merged_rows(_first_of_its_kind(best, whole).found, head)


def _refuse_other_roll(best: Fit, fits: list[Fit], possible: Sequence[Layout], surrounding: str) -> None:
    """Refuse a table that fits one roll while its name says another: rolls look alike, and a line on the wrong one insures somebody.

    Errors: IntakeError missing_columns with what the roll of that name lacks.
    """
    named = {each.feed for each in possible if each.feed in ROLL_FEEDS and _is_hinted(each, surrounding)}
    if named and best.found.layout.feed in ROLL_FEEDS and best.found.layout.feed not in named:
        raise _refusal([fit for fit in fits if fit.found.layout.feed in named], surrounding)


def _is_hinted(layout: Layout, surrounding: str) -> bool:
    return any(hint.lower() in surrounding for hint in layout.hints)


def _with_merged_rows(found: SheetLayout, head: list[list[str]]) -> SheetLayout:
    """Count the rows above that are merged with the header: they have the same text in at least one column."""
    rows = found.header_rows
    while (above := found.header_row - rows) >= 0:
        lowest = head[found.header_row]
        if not any(cell and cell == below for cell, below in zip(head[above], lowest, strict=True)):
            break
        rows += 1
    return replace(found, header_rows=rows)


def _first_of_its_kind(best: Fit, fits: list[Fit]) -> Fit:
    """A header repeated in the middle may fit the lines below it better than the first one fits all."""

    def key(fit: Fit) -> tuple[object, ...]:
        return fit.found.layout.name, fit.header.rows, fit.found.columns, fit.found.members

    return min((fit for fit in fits if key(fit) == key(best)), key=lambda fit: fit.header.row)


def _score(fit: Fit) -> float:
    return fit.score


def _surrounding_text(sheet: Sheet, file_name: str, head: list[list[str]]) -> str:
    """Every text around the table that may name the feed: file, part, sheet, titles."""
    return " ".join([file_name, sheet.part, sheet.name, *(cell for row in head[:2] for cell in row[:2])]).lower()


def missing_columns(found: SheetLayout) -> list[str]:
    """Required columns that are absent; member columns stand in for name and number."""
    present = set(found.columns) | ({"name", "number"} if found.members else set())
    return [group for group in found.layout.required if not present & set(group.split("|"))]


def apply_layout(layout: Layout, header: Header, sheet: Sheet, surrounding: str) -> Fit | None:
    """Apply a layout to a possible header; None where nothing fits."""
    members = find_members(header) if layout.wide else {}
    taken = {column for pair in members.values() for column in pair}
    graded = _graded(layout, header, sheet, taken)
    columns, grades = _assigned(graded)
    if not members:
        _use_heads_as_persons(columns, header)
    if not columns and not members:
        return None
    if members:
        head = _own_columns(columns) or _head_columns(header, taken)
        members = {**({0: head} if head else {}), **members}
        columns = {name: column for name, column in columns.items() if name not in ("name", "number")}
    found = SheetLayout(layout, header.row, header.rows, columns, tuple(members.values()), tuple(members))
    hinted = _is_hinted(layout, surrounding)
    known = _known_words(found, sheet)
    score = sum(grades.values()) + MEMBER * min(len(members), 4) - 0.01 * header.row - 0.1 * (header.rows - 1)
    score += HINT * hinted + VALUES * known + CONTENT * _content_share(found, sheet)
    is_distinctive = hinted or known >= LEAST_KNOWN_WORDS or _has_own_header(layout, header, columns)
    return Fit(found, header, score, is_distinctive)


def _graded(layout: Layout, header: Header, sheet: Sheet, taken: set[int]) -> list[tuple[float, str, int]]:
    """Grade every field against every column whose header may mean it."""
    meant = layout.fields_of_header
    graded = []
    for column in _considered(header, taken):
        whole = header.whole[column]
        for text in {whole, header.last[column]}:
            grade = EXACT if whole == text else LOWEST_ROW
            for name, place in meant.get(text, ()):
                if grade == EXACT or not is_never(name, whole):
                    graded.append((grade - 0.001 * place, name, column))
            bare = _BRACKETED.sub("", text)
            graded += [(BRACKETLESS - 0.001 * place, name, column) for name, place in meant.get(bare, ())]
    graded += [(LIKE, name, column) for name, columns in _alike(layout, header, taken).items() for column in columns]
    order = {name: place for place, name in enumerate(layout.columns)}
    graded.sort(key=lambda each: order[each[1]])  # of two fields that fit a column alike, the layout's first
    return [
        (grade + agreement, name, column)
        for grade, name, column in graded
        if (agreement := _agreement(name, sheet, column, header.row + 1)) is not None
    ]


def _alike(layout: Layout, header: Header, taken: set[int]) -> dict[str, list[int]]:
    """Return by field the columns whose header may mean it by the patterns of headers.yaml."""
    names = tuple(layout.columns)
    found: dict[str, list[int]] = {}
    for column in _considered(header, taken):
        whole, last = header.whole[column], header.last[column]
        meant = _meant_fields(layout.feed.value, names, whole)
        lower = _meant_fields(layout.feed.value, names, last) if last != whole else frozenset()
        for name in meant | {name for name in lower if not is_never(name, whole)}:
            found.setdefault(name, []).append(column)
    return found


@lru_cache(maxsize=20_000)
def _meant_fields(feed: str, names: tuple[str, ...], text: str) -> frozenset[str]:
    return frozenset(name for name in names if _means(feed, name, text))


def _considered(header: Header, taken: set[int]) -> list[int]:
    """List the columns with a text; of columns with the same text the first few, because each is compared with its cells."""
    seen: Counter[str] = Counter()
    found = []
    for column, text in enumerate(header.whole):
        if text and column not in taken and seen[text] < MOST_ALIKE:
            seen[text] += 1
            found.append(column)
    return found


def _agreement(name: str, sheet: Sheet, column: int, below: int) -> float | None:
    """Return what the cells add to a header's grade; None where they contradict it: a name column full of numbers."""
    kind = _patterns().get(name, {}).get("cells")
    if kind is None or name not in _CONFLICTING:
        return 0.0
    cells = filled_cells(sheet, column, below, CELLS_COMPARED)
    if len(cells) < ENOUGH_CELLS:
        return 0.0
    shares = _shares(tuple(cells))
    if any(shares[other] > 0.8 for other in _CONFLICTING[name]) and shares[kind] < 0.2:
        return None
    return 0.2 if shares[kind] >= CLEAR_SHARE else 0.0


@lru_cache(maxsize=512)
def _shares(cells: tuple[str, ...]) -> dict[str, float]:
    """The shares of cells like each kind a header is compared with; every layout and possible header asks about the same cells."""
    return {kind: share_like(cells, kind) for kind in _COMPARED_KINDS}


def _assigned(graded: Iterable[tuple[float, str, int]]) -> tuple[dict[str, int], dict[str, float]]:
    """Give each field its best column and each column one field, the best grades first."""
    columns: dict[str, int] = {}
    grades: dict[str, float] = {}
    for grade, name, column in sorted(graded, key=lambda each: (-each[0], each[2])):
        if name not in columns and column not in columns.values():
            columns[name], grades[name] = column, grade
    return columns, grades


def _use_heads_as_persons(columns: dict[str, int], header: Header) -> None:
    """Treat a list that names only the head of each household as a list of these heads."""
    head = _head_columns(header, set())
    if head is None or "name" in columns or "number" in columns:
        return
    columns["name"], columns["number"] = head
    if columns.get("head_name") == head[0]:
        del columns["head_name"]


def _own_columns(columns: dict[str, int]) -> tuple[int, int] | None:
    """Return the head's columns: a name and a number beside those of the numbered members."""
    return (columns["name"], columns["number"]) if {"name", "number"} <= set(columns) else None


def _head_columns(header: Header, taken: set[int]) -> tuple[int, int] | None:
    """The columns that hold the head's own name and number, where both are there."""
    considered = _considered(header, taken)
    names = [column for column in considered if is_like("head_name", header.whole[column])]
    numbers = [column for column in considered if is_like("head_number", header.whole[column])]
    return (names[0], numbers[0]) if names and numbers else None


@cache
def _patterns() -> dict[str, dict[str, Any]]:
    raw: dict[str, dict[str, Any]] = yaml.load(
        (Path(__file__).parent / "headers.yaml").read_text("utf-8"), Loader=LOADER
    )
    for rule in raw.values():
        for key in ("like", "never"):
            if key in rule:
                rule[key] = re.compile(rule[key])
    return raw


def cells_of(layout: Layout, name: str) -> str | None:
    """Return what a field's cells look like, where that is known."""
    rule = _patterns().get(f"{layout.feed.value}.{name}", _patterns().get(name, {}))
    found: str | None = rule.get("cells")
    return found


def means(layout: Layout, name: str, text: str) -> bool:
    """Answer whether a header may mean a field of this feed."""
    return _means(layout.feed.value, name, text)


def _means(feed: str, name: str, text: str) -> bool:
    return is_like(name, text) or is_like(f"{feed}.{name}", text)


@lru_cache(maxsize=100_000)
def is_like(name: str, text: str) -> bool:
    """Answer whether a header may mean a field, by the patterns of headers.yaml."""
    rule = _patterns().get(name)
    clean = _BRACKETED.sub("", text).lower() or text.lower()
    return bool(rule and rule["like"].search(clean)) and not is_never(name, text)


@lru_cache(maxsize=100_000)
def is_never(name: str, text: str) -> bool:
    """Answer whether a header cannot mean a field although it contains its word."""
    rule = _patterns().get(name, {})
    return bool("never" in rule and rule["never"].search(text.lower()))


@cache
def _owners(word: str) -> frozenset[Feed]:
    return frozenset(each.feed for each in all_layouts() if any(word in words for words in each.columns.values()))


def _has_own_header(layout: Layout, header: Header, columns: dict[str, int]) -> bool:
    """A header that only this feed uses, or that contains one of its hints; two rolls of one shape share theirs."""
    mine = _ONE_SHAPE if layout.feed in _ONE_SHAPE else {layout.feed}
    for name, column in columns.items():
        texts = {header.whole[column], header.last[column]}
        if name not in ("name", "number") and any(_owners(text) and _owners(text) <= mine for text in texts):
            return True
        if any(hint.lower() in text.lower() for hint in layout.hints for text in texts):
            return True
    return False


def _known_words(found: SheetLayout, sheet: Sheet) -> float:
    """The best share of cells whose word a value map names, over the columns that have one."""
    shares = [0.0]
    for column in found.layout.values:
        if column in found.columns:
            cells = filled_cells(sheet, found.columns[column], found.header_row + 1, 200)
            known = sum(found.layout.knows(column, cell) and not cell.isdigit() for cell in cells)
            shares.append(known / len(cells) if cells else 0.0)
    return max(shares)


def _content_share(found: SheetLayout, sheet: Sheet) -> float:
    column = found.columns.get(found.layout.content.get("column", ""))
    if column is None:
        return 0.0
    cells = filled_cells(sheet, column, found.header_row + 1, 200)
    pattern = re.compile(found.layout.content["pattern"])
    return sum(bool(pattern.search(cell)) for cell in cells) / max(1, len(cells))


def check_words(found: SheetLayout, sheet: Sheet) -> None:
    """Refuse a table with mostly unknown statuses: its persons would be in no category."""
    for column in unknown_words(found, sheet):
        title = found.layout.columns[column][0]
        raise IntakeError("unknown_words", feed=found.layout.feed.value, column=title)


def unknown_words(found: SheetLayout, sheet: Sheet) -> dict[str, Counter[str]]:
    """Return for each required column with a complete value map the unknown words, where they are most of its cells."""
    unknown = {}
    required = {name for group in found.layout.required for name in group.split("|")}
    for column in required & set(found.layout.values) & set(found.columns):
        if found.layout.feed == Feed.SURVEY or ANY_WORD in found.layout.values[column]:
            continue
        cells = filled_cells(sheet, found.columns[column], found.header_row + 1, 2000)
        words = Counter(cell for cell in cells if found.layout.value(column, cell) is None)
        if len(cells) >= ENOUGH_CELLS and sum(words.values()) > (1 - LEAST_KNOWN_WORDS) * len(cells):
            unknown[column] = words
    return unknown


def _refusal(fits: list[Fit], surrounding: str) -> IntakeError:
    """Name the columns a hinted feed lacks; of a table without known headers nothing: its first line may be a person."""
    hinted = [
        fit
        for fit in fits
        if _is_hinted(fit.found.layout, surrounding) and len(fit.found.columns) + len(fit.found.members) >= 2
    ]
    best = max(hinted, key=_score, default=None)
    if best is not None and (lacking := missing_columns(best.found)):
        titles = best.found.layout.columns
        words = "、".join("/".join(titles[name][0] for name in group.split("|")) for group in lacking)
        return IntakeError("missing_columns", feed=best.found.layout.feed.value, columns=words)
    return IntakeError("unknown_layout")
