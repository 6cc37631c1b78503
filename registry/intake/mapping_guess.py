"""An unknown table: what its columns may be, with reasons, and the layout that a user's answers describe.

Known headers come first, then what the cells look like. Nothing is decided here; the mapping page shows the guesses.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.primitives.masks import mask_id
from foundation.primitives.personal_texts import hash_words, hide_numbers
from registry.constants import Feed
from registry.intake.contents import filled_cells, kind_of, share_like
from registry.intake.fields import label_of
from registry.intake.headers import DEEPEST_HEADER_ROW, Header, list_headers
from registry.intake.layouts import ANY_WORD, Layout, SheetLayout, all_layouts, get_layout, plain_header
from registry.intake.recognising import Fit, apply_layout, cells_of, means, missing_columns
from registry.intake.sheets import Sheet
from registry.selectors.numbers import hash_roll_no

SAMPLE_ROWS = 10
MEMBER_NAME, MEMBER_NUMBER = "member_name_", "member_number_"
KNOWN_SHARE = 0.5
MOST_WORDS = 40
LEAST_SCORE = 1.0


@dataclass(frozen=True)
class ColumnGuess:
    """What a column may be: a field's name or "", and the reason."""

    column: int
    header: str
    field: str
    reason: str


@dataclass(frozen=True)
class WordGuess:
    """A word of a column with a value map: how often it occurs, and our value for it where one is known."""

    field: str
    word: str
    count: int
    ours: str


@dataclass(frozen=True)
class MappingGuess:
    """Everything the mapping page presets. `header_row` is -1 where the table has no header."""

    feed: Feed | None
    feed_reason: str
    header_row: int
    columns: list[ColumnGuess]
    words: list[WordGuess]
    samples: list[list[str]]


def guess_mapping(
    sheet: Sheet, file_name: str, feed: Feed | None = None, stated: SheetLayout | None = None
) -> MappingGuess:
    """Guess feed and columns of a sheet; with `feed` its columns only; a layout `stated` before is returned as it is.

    Reads at most a few hundred cells of a column.
    """
    if stated is not None and feed in (None, stated.layout.feed):
        return _as_stated(sheet, stated)
    head = sheet.head(DEEPEST_HEADER_ROW)
    surrounding = (
        f"{file_name} {sheet.part} {sheet.name} {' '.join(cell for row in head[:2] for cell in row[:2])}".lower()
    )
    layouts = [layout for layout in all_layouts() if feed is None or layout.feed == feed]
    header = _header_of(sheet, head)
    best = _best_fit(layouts, sheet, head, surrounding, header)
    layout, why = _guessed_layout(layouts, best, sheet, header, surrounding, given=feed)
    if layout is None:
        guesses = [ColumnGuess(column, text, "", "") for column, text in enumerate(header.whole)]
        return MappingGuess(None, why, header.row, guesses, [], _samples(sheet, header.row + 1))
    if best is not None and best.found.layout.name == layout.name:
        header = best.header
    fit = apply_layout(layout, header, sheet, surrounding) if header.row >= 0 else None
    columns = _columns(layout, header, sheet, fit)
    words = list_words(layout, {guess.field: guess.column for guess in columns if guess.field}, sheet, header.row)
    return MappingGuess(layout.feed, why, header.row, columns, words, _samples(sheet, header.row + 1))


def _as_stated(sheet: Sheet, stated: SheetLayout) -> MappingGuess:
    fields = {column: field for field, column in stated.columns.items()}
    for place, (name, number) in zip(stated.places, stated.members, strict=True):
        fields |= {name: f"{MEMBER_NAME}{place}", number: f"{MEMBER_NUMBER}{place}"}
    why = _("Specified by a user before.")
    columns = [
        ColumnGuess(
            column,
            _header_text(sheet, stated.header_row, column),
            fields.get(column, ""),
            why if column in fields else "",
        )
        for column in range(len(sheet.cells))
    ]
    words = list_words(stated.layout, stated.columns, sheet, stated.header_row)
    return MappingGuess(
        stated.layout.feed, why, stated.header_row, columns, words, _samples(sheet, stated.header_row + 1)
    )


def _header_of(sheet: Sheet, head: list[list[str]]) -> Header:
    """The line above the first data, where it looks like a header; else none."""
    width = len(sheet.cells)
    headers = {each.row: each for each in list_headers(head) if each.rows == 1}
    for row, cells in enumerate(head):
        if row not in headers:
            above = headers.get(row - 1)
            return (
                above if above is not None and sum(map(bool, above.whole)) * 2 > sum(map(bool, cells)) else _none(width)
            )
    widest = max(headers.values(), key=lambda each: (sum(map(bool, each.whole)), -each.row), default=None)
    return widest or _none(width)


def _none(width: int) -> Header:
    return Header(-1, 0, ("",) * width, ("",) * width)


def _best_fit(
    layouts: list[Layout], sheet: Sheet, head: list[list[str]], surrounding: str, header: Header
) -> Fit | None:
    headers = [header] if header.row >= 0 else []
    headers += [each for each in list_headers(head) if each.row != header.row or each.rows > 1]
    fits = [fit for layout in layouts for each in headers if (fit := apply_layout(layout, each, sheet, surrounding))]
    fits = [fit for fit in fits if fit.is_distinctive]
    return max(fits, key=lambda fit: fit.score - len(missing_columns(fit.found)), default=None)


def _guessed_layout(
    layouts: list[Layout], best: Fit | None, sheet: Sheet, header: Header, surrounding: str, *, given: Feed | None
) -> tuple[Layout | None, str]:
    if given is not None:
        return layouts[0], _("Your choice.")
    for layout in layouts:
        for hint in layout.hints:
            if hint.lower() in surrounding and (best is None or best.found.layout.feed == layout.feed):
                return layout, _("“%(hint)s” appears in the name of the file, the sheet or the title.") % {"hint": hint}
    if best is not None and best.score >= LEAST_SCORE:
        count = len(best.found.columns) + 2 * len(best.found.members)
        return best.found.layout, _("%(count)s of its headers belong to this feed.") % {"count": count}
    for layout in layouts:
        for column, text in enumerate(header.whole):
            for field in layout.values:
                share = _known_share(layout, field, filled_cells(sheet, column, header.row + 1))
                if share > KNOWN_SHARE:
                    return layout, _("%(share)s of the cells in column “%(header)s” contain terms of this feed.") % {
                        "share": _percent(share),
                        "header": text or column + 1,
                    }
    return None, _("Neither the headers nor the cells identify the feed.")


def _columns(layout: Layout, header: Header, sheet: Sheet, fit: Fit | None) -> list[ColumnGuess]:
    """Headers first; then, for fields still without a column, what the cells look like."""
    found = {column: field for field, column in (fit.found.columns if fit else {}).items()}
    reasons = {column: _header_reason(layout, field, header.whole[column]) for column, field in found.items()}
    if fit:
        for place, (name, number) in zip(fit.found.places, fit.found.members, strict=True):
            found |= {name: f"{MEMBER_NAME}{place}", number: f"{MEMBER_NUMBER}{place}"}
            reasons |= dict.fromkeys((name, number), _("The headers number the household members."))
    taken = set(found.values()) | ({"name", "number"} if fit and fit.found.members else set())
    for column, field, reason in _by_content(layout, sheet, header, set(found)):
        if field not in taken:
            taken.add(field)
            found[column], reasons[column] = field, reason
    return [
        ColumnGuess(column, text, found.get(column, ""), reasons.get(column, ""))
        for column, text in enumerate(header.whole)
    ]


def _header_reason(layout: Layout, field: str, text: str) -> str:
    if text in layout.columns[field]:
        return _("The header is a usual term for it.")
    if means(layout, field, text):
        return _("The header is similar.")
    return _("The header matches, apart from the brackets.")


def _by_content(layout: Layout, sheet: Sheet, header: Header, known: set[int]) -> list[tuple[int, str, str]]:
    """Guesses by what cells look like, the surest first."""
    guesses = []
    for column in range(min(len(sheet.cells), 200)):
        if column in known:
            continue
        cells = filled_cells(sheet, column, header.row + 1)
        for field in layout.values:
            share = _known_share(layout, field, cells)
            if share > KNOWN_SHARE:
                guesses.append(
                    (
                        share,
                        column,
                        field,
                        _("%(share)s of the cells contain known terms for it.") % {"share": _percent(share)},
                    )
                )
        looks = kind_of(cells)
        if looks is not None:
            kind, share = looks
            fields = [field for field in _needed_first(layout) if cells_of(layout, field) == kind]
            several = 0.1 * (len(set(cells)) / max(1, len(cells)))
            guesses += [
                (share + several - 0.01 * place, column, field, kind_words(kind, share))
                for place, field in enumerate(fields)
            ]
    guesses.sort(key=lambda each: -each[0])
    return [(column, field, reason) for _share, column, field, reason in _one_each(guesses)]


def _needed_first(layout: Layout) -> list[str]:
    needed = {name for group in layout.required for name in group.split("|")}
    return sorted(layout.columns, key=lambda field: field not in needed)


def _one_each(guesses: list[tuple[float, int, str, str]]) -> list[tuple[float, int, str, str]]:
    columns: set[int] = set()
    fields: set[str] = set()
    kept = []
    for guess in guesses:
        if guess[1] not in columns and guess[2] not in fields:
            columns.add(guess[1])
            fields.add(guess[2])
            kept.append(guess)
    return kept


def kind_words(kind: str, share: float) -> str:
    """Return the reason for a guess: which share of the cells look like what."""
    words = {
        "identity_number": _("%(share)s of the cells are ID numbers."),
        "person_name": _("%(share)s of the cells look like personal names."),
        "place": _("%(share)s of the cells are places."),
        "day": _("%(share)s of the cells are dates."),
        "sex": _("%(share)s of the cells are 男 (male) or 女 (female)."),
        "phone": _("%(share)s of the cells are telephone numbers."),
    }
    return words[kind] % {"share": _percent(share)}


def _percent(share: float) -> str:
    return f"{int(share * 100)} %"


def _known_share(layout: Layout, field: str, cells: list[str]) -> float:
    known = sum(layout.knows(field, cell) and not cell.isdigit() for cell in cells)
    return known / len(cells) if cells else 0.0


def list_words(layout: Layout, columns: Mapping[str, int], sheet: Sheet, header_row: int) -> list[WordGuess]:
    """List the words of every mapped column that has a value map, unknown ones first."""
    guesses = []
    for field in layout.values:
        if field in columns:
            words = Counter(filled_cells(sheet, columns[field], header_row + 1, 5000))
            for word, count in words.most_common(MOST_WORDS):
                known = layout.values[field].get(plain_header(word), layout.values[field].get(ANY_WORD, ""))
                guesses.append(WordGuess(field, word, count, known))
    return sorted(guesses, key=lambda guess: (guess.field, guess.ours != "", -guess.count))


def _samples(sheet: Sheet, first: int) -> list[list[str]]:
    """Ten lines of data, their numbers masked: what a user needs to recognise the columns."""
    numbers = [
        column
        for column in range(len(sheet.cells))
        if share_like(filled_cells(sheet, column, first, 60), "identity_number") > 0.2
    ]
    columns = [cells.slice(first, SAMPLE_ROWS).to_pylist() for cells in sheet.cells]
    masked = [
        [mask_id(cell or "") if place in numbers else cell or "" for cell in cells]
        for place, cells in enumerate(columns)
    ]
    return [
        [mask_id(cell) if sum(map(str.isdigit, cell)) >= 15 else hide_numbers(cell) for cell in row]
        for row in zip(*masked, strict=True)
    ]


def field_label(field: str) -> str:
    """Name a field or a member's name or number."""
    for prefix, words in (
        (MEMBER_NAME, _("Member %(place)s: name")),
        (MEMBER_NUMBER, _("Member %(place)s: ID number")),
    ):
        if field.startswith(prefix):
            return words % {"place": field.removeprefix(prefix)}
    return label_of(field)


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
    return SheetLayout(layout, header_row, min(1, header_row + 1), own, tuple(members.values()), tuple(members))


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
            field: {"column": column, "header": _header_id(_header_text(sheet, found.header_row, column))}
            for field, column in columns.items()
        },
        "values": {field: words for field, words in values.items() if words},
    }


def _header_text(sheet: Sheet, row: int, column: int) -> str:
    return plain_header(sheet.cells[column][row].as_py() or "") if row >= 0 else ""


def _header_id(header: str) -> str:
    """A header is recognised by its keyed hash: the line a user calls the header may be a person's."""
    return hash_words(header, hash_roll_no) if header else ""


def fingerprint(sheet: Sheet, header_row: int) -> str:
    """Return the fingerprint of a header in any order of its columns; of a table without one, of what its columns contain."""
    if header_row >= 0:
        texts = sorted(_header_text(sheet, header_row, column) for column in range(len(sheet.cells)))
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
    texts = [_header_id(_header_text(sheet, row, column)) for column in range(len(sheet.cells))]
    columns = {
        field: texts.index(saved["header"])
        if saved["header"] and texts.count(saved["header"]) == 1
        else saved["column"]
        for field, saved in mapping["columns"].items()
    }
    found = layout_from_mapping(mapping["feed"], row, columns, mapping["values"], name)
    rows = min(int(mapping.get("header_rows", 1)), row + 1)
    return SheetLayout(found.layout, row, rows, found.columns, found.members, found.places)
