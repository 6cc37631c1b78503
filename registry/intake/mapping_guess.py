"""An unknown table: what its columns may be, with reasons, for the mapping page. Nothing is decided here.

The evidence is that of recognising.py; for fields still without a column, what the cells look like is shown as a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from foundation.primitives.masks import mask_id
from foundation.primitives.personal_texts import hide_numbers
from registry.constants import Feed
from registry.intake.contents import DEPTH_PER_CELL, filled_cells, kind_of, share_like
from registry.intake.evidence import Cells
from registry.intake.fields import label_of
from registry.intake.headers import DEEPEST_HEADER_ROW, Header, list_headers
from registry.intake.layouts import Layout, ReadBy, Reason, SheetLayout, all_layouts
from registry.intake.lexicon import cells_kind, field_grade, forget
from registry.intake.reasons import kind_words, percent, reason_words, words_known
from registry.intake.recognising import Fit, apply_layout, list_fits, missing_columns
from registry.intake.sheets import Sheet
from registry.intake.stated_layouts import MEMBER_NAME, MEMBER_NUMBER, header_text
from registry.intake.surroundings import Surroundings, surroundings_of

SAMPLE_ROWS = 10
KNOWN_SHARE = 0.5
MOST_WORDS = 40
LEAST_SCORE = 1.0
MOST_COLUMNS_GUESSED = 200
WORDS_COUNTED = 5_000
DEEPEST_LINE = DEEPEST_HEADER_ROW + DEPTH_PER_CELL * WORDS_COUNTED
"""No guess looks at a line further down."""


@dataclass(frozen=True)
class ColumnGuess:
    """What a column may be: a field's name or "", and the reason. `may_be`: a field asked about that its header names as well."""

    column: int
    header: str
    field: str
    reason: str
    may_be: str = ""


@dataclass(frozen=True)
class WordGuess:
    """A word of a column with a value map: how often it occurs, and our value for it where one is known."""

    field: str
    word: str
    count: int
    ours: str


@dataclass(frozen=True)
class MappingGuess:
    """Everything the mapping page presets. `header_row` is -1 where the table has no header; `questions` are the fields to confirm."""

    feed: Feed | None
    feed_reason: str
    header_row: int
    columns: list[ColumnGuess]
    words: list[WordGuess]
    samples: list[list[str]]
    questions: tuple[str, ...] = ()


def guess_mapping(
    sheet: Sheet, file_name: str, feed: Feed | None = None, stated: SheetLayout | None = None
) -> MappingGuess:
    """Guess feed and columns of a sheet; with `feed` its columns only; a layout `stated` before is returned as it is.

    Reads at most a few hundred cells of a column.
    """
    if stated is not None and feed in (None, stated.layout.feed):
        return _as_stated(sheet, stated)
    head = sheet.head(DEEPEST_HEADER_ROW)
    around = surroundings_of(sheet, file_name, head)
    cells = Cells(sheet)
    try:
        return _guess(sheet, head, around, cells, feed)
    finally:
        forget()


def _guess(sheet: Sheet, head: list[list[str]], around: Surroundings, cells: Cells, feed: Feed | None) -> MappingGuess:
    layouts = [layout for layout in all_layouts() if feed is None or layout.feed == feed]
    header = _header_of(sheet, head)
    best = _best_fit(layouts, sheet, head, cells, around, header)
    layout, why = _guessed_layout(layouts, best, sheet, header, around, given=feed)
    if layout is None:
        guesses = [ColumnGuess(column, text, "", "") for column, text in enumerate(header.whole)]
        return MappingGuess(None, why, header.row, guesses, [], _samples(sheet, header.row + 1))
    if best is not None and best.found.layout.name == layout.name:
        header = best.header
    fit = apply_layout(layout, header, sheet, cells, around) if header.row >= 0 else None
    columns = _columns(layout, header, sheet, fit)
    words = list_words(layout, {guess.field: guess.column for guess in columns if guess.field}, sheet, header.row)
    questions = fit.questions if fit else ()
    columns = [_with_rival(layout, guess, questions) for guess in columns]
    return MappingGuess(layout.feed, why, header.row, columns, words, _samples(sheet, header.row + 1), questions)


def _with_rival(layout: Layout, guess: ColumnGuess, questions: Sequence[str]) -> ColumnGuess:
    """Mark a column without a field whose header names one that is asked about."""
    if guess.field:
        return guess
    may_be = (field for field in questions if field_grade(layout.feed.value, field, guess.header))
    return replace(guess, may_be=next(may_be, ""))


def _as_stated(sheet: Sheet, stated: SheetLayout) -> MappingGuess:
    fields = {column: field for field, column in stated.columns.items()}
    for place, (name, number) in zip(stated.places, stated.members, strict=True):
        fields |= {name: f"{MEMBER_NAME}{place}", number: f"{MEMBER_NUMBER}{place}"}
    why = reason_words(Reason(ReadBy.STATED), None)
    columns = [
        ColumnGuess(
            column,
            header_text(sheet, stated.header_row, column),
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
    layouts: Sequence[Layout], sheet: Sheet, head: list[list[str]], cells: Cells, around: Surroundings, header: Header
) -> Fit | None:
    headers = [header] if header.row >= 0 else []
    headers += [each for each in list_headers(head) if each.row != header.row or each.rows > 1]
    fits = [fit for fit in list_fits(layouts, headers, sheet, cells, around) if fit.is_distinctive]
    return max(fits, key=lambda fit: fit.score - len(missing_columns(fit.found)), default=None)


def _guessed_layout(
    layouts: list[Layout], best: Fit | None, sheet: Sheet, header: Header, around: Surroundings, *, given: Feed | None
) -> tuple[Layout | None, str]:
    if given is not None:
        return layouts[0], _("Your choice.")
    for layout in sorted(layouts, key=around.hint, reverse=True):
        if (hint := around.hint_word(layout)) and (best is None or best.found.layout.feed == layout.feed):
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
                        "share": percent(share),
                        "header": text or column + 1,
                    }
    return None, _("Neither the headers nor the cells identify the feed.")


def _columns(layout: Layout, header: Header, sheet: Sheet, fit: Fit | None) -> list[ColumnGuess]:
    """What was recognised first; then, for fields still without a column, what the cells look like."""
    found = {column: field for field, column in (fit.found.columns if fit else {}).items()}
    reasons = {
        column: reason_words(fit.found.reasons[field], cells_kind(layout.feed.value, field))
        for column, field in found.items()
        if fit
    }
    if fit:
        members = reason_words(Reason(ReadBy.MEMBERS), None)
        for place, (name, number) in zip(fit.found.places, fit.found.members, strict=True):
            found |= {name: f"{MEMBER_NAME}{place}", number: f"{MEMBER_NUMBER}{place}"}
            reasons |= dict.fromkeys((name, number), members)
    taken = set(found.values()) | ({"name", "number"} if fit and fit.found.members else set())
    for column, field, reason in _by_content(layout, sheet, header, set(found)):
        if field not in taken:
            taken.add(field)
            found[column], reasons[column] = field, reason
    return [
        ColumnGuess(column, text, found.get(column, ""), reasons.get(column, ""))
        for column, text in enumerate(header.whole)
    ]


def _by_content(layout: Layout, sheet: Sheet, header: Header, known: set[int]) -> list[tuple[int, str, str]]:
    """Guesses by what cells look like, the surest first."""
    guesses = []
    for column in range(min(len(sheet.cells), MOST_COLUMNS_GUESSED)):
        if column in known:
            continue
        cells = filled_cells(sheet, column, header.row + 1)
        for field in layout.values:
            share = _known_share(layout, field, cells)
            if share > KNOWN_SHARE:
                guesses.append((share, column, field, words_known(share)))
        looks = kind_of(cells)
        if looks is not None:
            kind, share = looks
            fields = [field for field in _needed_first(layout) if cells_kind(layout.feed.value, field) == kind]
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


def _known_share(layout: Layout, field: str, cells: list[str]) -> float:
    known = sum(layout.knows(field, cell) and not cell.isdigit() for cell in cells)
    return known / len(cells) if cells else 0.0


def list_words(layout: Layout, columns: Mapping[str, int], sheet: Sheet, header_row: int) -> list[WordGuess]:
    """List the words of every mapped column that has a value map, unknown ones first."""
    guesses = []
    for field in layout.values:
        if field in columns:
            words = Counter(filled_cells(sheet, columns[field], header_row + 1, WORDS_COUNTED))
            for word, count in words.most_common(MOST_WORDS):
                known = layout.value(field, word) or ""
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


def field_label(field: str, feed: str) -> str:
    """Name a field as a feed calls it, or a member's name or number."""
    for prefix, words in (
        (MEMBER_NAME, _("Member %(place)s: name")),
        (MEMBER_NUMBER, _("Member %(place)s: ID number")),
    ):
        if field.startswith(prefix):
            return words % {"place": field.removeprefix(prefix)}
    return label_of(field, feed)
