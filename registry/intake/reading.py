"""A sheet with a known layout read into clean rows, each with its outcome. No database, no people: cells and rules only.

Every line of the source becomes one of: a row (loaded, perhaps with a repair task), skipped, duplicate of line N, rejected.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives.columns import NUMBER_STATES, clean_names, clean_numbers
from foundation.primitives.person_names import LOST
from foundation.primitives.personal_texts import HIDDEN, hash_words, without_numbers
from registry.constants import Feed, NumberState, RowAction, RowReason
from registry.intake.errors import IntakeError
from registry.intake.keys import KEYS, ROLL_NO, lost_keys, numbered_apart, plain_keys, substitutes, without_lost
from registry.intake.layouts import SheetLayout
from registry.intake.line_kinds import serial_columns, skipped_lines
from registry.intake.problems import (
    REJECT,
    Problem,
    lines_unread,
    notes_in_names,
    row_problems,
    shifted_lines,
    unknown_words,
)
from registry.intake.protecting import protect_fields
from registry.intake.sheets import MOST_HEADER_COLUMNS, Flags, Sheet, is_blank, taken, trimmed
from registry.selectors.numbers import hash_roll_no

LONG_ROLL = 100_000
SCIENTIFIC = r"^\d(\.\d+)?[Ee]\+?1\d$"
MASKED = r"[0-9Xx]\s*[*＊×●○•◆#xX]{2,}|[*＊×●○•◆#]{2,}\s*[0-9]"
ROUNDED = "^[0-9]{15}000$"
"""Eighteen digits of a spreadsheet's figure, which has fifteen, written into a text."""
ENOUGH_NUMBERS, MOST_ROUNDED, MOST_DAMAGED = 5, 0.8, 0.5
"""How many numbers a column must have to be judged as a whole, and from which share of lines on it is damaged as a whole."""
STATES = np.array([*NUMBER_STATES, NumberState.NUMERIC.value, NumberState.MASKED.value])
NUMERIC_STATE, MASKED_STATE = len(NUMBER_STATES), len(NUMBER_STATES) + 1


@dataclass(frozen=True)
class ReadSheet:
    """The rows of one sheet and its problems.

    Shape of `rows`: one row a named person; `row` (source line, from 1), `member` (place in a household line, else 0),
    `duplicate_of` (line or null), the layout's fields as trimmed text, and name, plain, phonetic_key, number, number_state, key,
    birth_in_number, sex_in_number from the cleaning.
    """

    sheet: str
    layout: SheetLayout
    rows: pa.Table
    problems: list[Problem]
    lost_keys: dict[str, int] = field(default_factory=dict)
    """Fields whose keys lost digits in a spreadsheet, with how many."""
    headers: tuple[str, ...] = ()
    """The line of headers, of every column; empty of a table without one."""

    def outcomes(self) -> Counter[str]:
        """Count source rows by outcome; a row with two problems counts once, under the first."""
        counts = Counter({"loaded": self.rows.num_rows})
        seen = set()
        for problem in self.problems:
            place = (problem.row, problem.member)
            if place not in seen:
                counts[problem.action] += 1
                if problem.action not in (RowAction.SKIP, RowAction.REJECT_ROW):
                    counts["loaded"] -= 1
            seen.add(place)
        return counts


def read_rows(sheet: Sheet, layout: SheetLayout) -> ReadSheet:
    """Read a sheet's people.

    Errors: IntakeError no_rows when no line names a person; masked_numbers, names_damaged where most are.
    """
    skipped = skipped_lines(sheet, layout)
    body = np.ones(sheet.rows, dtype=bool)
    body[[problem.row - 1 for problem in skipped]] = False
    if not body.any():
        raise IntakeError("no_rows")
    shifted = shifted_lines(sheet, layout, body)
    body[[problem.row - 1 for problem in shifted]] = False
    lines = np.flatnonzero(body)
    duplicate_of = _duplicates(sheet, layout, lines)
    fields, lost = _fields(sheet, layout, lines)
    rows = _people(sheet, layout, lines, duplicate_of, fields)
    _refuse_damaged(rows)
    empty = _households_without_names(sheet, layout, lines, rows)
    rows, rejected = _rejected(rows, layout, sheet)
    problems = [*skipped, *shifted, *empty, *rejected, *row_problems(rows, layout, sheet)]
    problems += unknown_words(rows, layout.layout, sheet) + notes_in_names(sheet, layout, lines)
    lost = {name: count for name, count in lost.items() if count}
    return ReadSheet(sheet.name, layout, rows, problems, lost, _headers(sheet, layout))


def _headers(sheet: Sheet, layout: SheetLayout) -> tuple[str, ...]:
    if layout.header_row < 0:
        return ()
    return tuple(column[layout.header_row].as_py() or "" for column in sheet.cells[:MOST_HEADER_COLUMNS])


def _refuse_damaged(rows: pa.Table) -> None:
    """Refuse a list nobody can be recognised by: most of its numbers masked, or most of its names with lost characters."""
    if rows.num_rows < ENOUGH_NUMBERS:
        return
    for code, damaged in (
        ("masked_numbers", pc.equal(rows["number_state"], NumberState.MASKED.value)),
        ("names_damaged", pc.match_substring(rows["name"], LOST)),
    ):
        count = pc.sum(damaged).as_py() or 0
        if count > MOST_DAMAGED * rows.num_rows:
            raise IntakeError(code, count=count, rows=rows.num_rows)


def _households_without_names(
    sheet: Sheet, layout: SheetLayout, lines: npt.NDArray[np.intp], rows: pa.Table
) -> list[Problem]:
    """Lines of a household list none of whose members is named."""
    if not layout.members:
        return []
    unnamed = np.setdiff1d(lines + 1, rows["row"].to_numpy())
    return [Problem(sheet.name, int(row), 0, RowReason.NAME_MISSING.value, REJECT) for row in unnamed]


def _duplicates(sheet: Sheet, layout: SheetLayout, lines: npt.NDArray[np.intp]) -> pa.Array:
    """For each line the earlier line with the same contents, apart from serial numbers, else null."""
    serial = serial_columns(sheet, layout)
    _name, number = layout.person_columns[0]
    same = _codes(trimmed(taken(sheet.cells[number], lines)))
    alike = np.flatnonzero(np.bincount(same)[same] > 1)
    original = np.arange(len(lines))
    if len(alike):
        chosen = lines[alike]
        texts = [trimmed(taken(column, chosen)) for index, column in enumerate(sheet.cells) if index not in serial]
        codes = _codes(pc.binary_join_element_wise(*texts, "\x1f"))
        first = np.full(codes.max() + 1, len(lines))
        first[codes[::-1]] = alike[::-1]
        original[alike] = first[codes]
    return pa.array(lines[original] + 1, mask=original == np.arange(len(lines)))


def _codes(column: pa.Array) -> npt.NDArray[np.int64]:
    """Number the distinct texts."""
    return column.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _fields(
    sheet: Sheet, layout: SheetLayout, lines: npt.NDArray[np.intp]
) -> tuple[dict[str, pa.Array], dict[str, int]]:
    """Return the columns beside name and number as they are stored, and how many keys of each lost their digits."""
    fields = {
        name: trimmed(taken(sheet.cells[index], lines))
        for name, index in layout.columns.items()
        if name not in ("name", "number")
    }
    fields |= {name: pa.repeat(pa.scalar(word, pa.string()), len(lines)) for name, word in layout.constants.items()}
    fields, lost = _with_plain_keys(fields, sheet, layout, lines)
    numbers = (taken(sheet.cells[number], lines) for _, number in layout.person_columns)
    return protect_fields(fields, numbers), lost


def _people(
    sheet: Sheet,
    layout: SheetLayout,
    lines: npt.NDArray[np.intp],
    duplicate_of: pa.Array,
    fields: dict[str, pa.Array],
) -> pa.Table:
    parts = []
    for place, (name, number) in zip(layout.member_places, layout.person_columns, strict=True):
        written, numbers = taken(sheet.cells[name], lines), taken(sheet.cells[number], lines)
        figures = _lost_in_figures(sheet, number, lines, numbers)
        part = pa.table(
            {
                "row": pa.array(lines + 1, pa.int32()),
                "member": _members(place, fields, layout, len(lines)),
                "duplicate_of": duplicate_of,
                "written_name": pc.fill_null(written, ""),
                "written_number": pc.fill_null(numbers, ""),
                "figure": pa.array(figures),
                **fields,
            }
        )
        there = _is_there(sheet, layout, place, written, numbers, lines)
        parts.append(part if there.all() else part.filter(pa.array(there)))
    return _cleaned(pa.concat_tables(parts).combine_chunks())


def _with_plain_keys(
    fields: dict[str, pa.Array], sheet: Sheet, layout: SheetLayout, lines: npt.NDArray[np.intp]
) -> tuple[dict[str, pa.Array], dict[str, int]]:
    """Return the fields, keys in one form and households filled down, and the counts of keys whose digits are lost: they are none."""
    plain = dict(fields)
    lost: dict[str, Flags] = {}
    for name in set(KEYS) & set(fields):
        figures = sheet.figures.get(layout.columns[name])
        plain[name] = plain_keys(fields[name])
        lost[name] = lost_keys(plain[name], figures[lines] if figures is not None else np.zeros(len(lines), dtype=bool))
        if name == ROLL_NO:
            persons = [taken(sheet.cells[index], lines) for index in reversed(layout.person_columns[0])]
            plain[name] = substitutes(plain[name], lost[name], persons, lambda text: hash_words(text, hash_roll_no))
        else:
            plain[name] = numbered_apart(plain[name], lost[name])
    filled = _filled_down(plain, layout)
    filled |= {name: without_lost(filled[name]) for name in lost if name != ROLL_NO and lost[name].any()}
    return filled, {name: int(marked.sum()) for name, marked in lost.items()}


def _lost_in_figures(sheet: Sheet, column: int, lines: npt.NDArray[np.intp], numbers: pa.Array) -> Flags:
    """Mark numbers that are a spreadsheet's figures, or were when somebody saved them as text: then nearly all end in three zeros."""
    figures = sheet.figures.get(column)
    marked: Flags = figures[lines] if figures is not None else np.zeros(len(lines), dtype=bool)
    written = pc.fill_null(numbers, "")
    filled = int(pc.sum(pc.greater(pc.binary_length(written), 15)).as_py() or 0)
    if (pc.sum(pc.ends_with(written, "000")).as_py() or 0) < MOST_ROUNDED * filled:
        return marked
    rounded = pc.match_substring_regex(written, ROUNDED).to_numpy(zero_copy_only=False)
    if filled >= ENOUGH_NUMBERS and rounded.sum() >= MOST_ROUNDED * filled:
        return marked | rounded
    return marked


def _is_there(
    sheet: Sheet, layout: SheetLayout, place: int, name: pa.Array, number: pa.Array, lines: npt.NDArray[np.intp]
) -> Flags:
    """Mark the lines where a place of the household is taken; the head counts once, also where listed as a member.

    Head and member are one where name and number are equal, or one of both is and the other is missing: then the fuller line is read.
    Two of one name with two numbers are two, and so are two names with one number: a relative's number was written twice.
    """
    if not layout.members:
        return np.ones(len(lines), dtype=bool)
    there: Flags = ~(is_blank(name) & is_blank(number))
    if place == 0:
        for member_name, member_number in layout.members[1:]:
            names, numbers = taken(sheet.cells[member_name], lines), taken(sheet.cells[member_number], lines)
            is_one_name, is_one_number = _is_same_name(name, names), _is_same(number, numbers)
            there &= ~(is_one_number & (is_one_name | is_blank(name)) | is_one_name & is_blank(number))
    elif layout.places[:1] == (0,):
        heads, numbers = (taken(sheet.cells[column], lines) for column in layout.members[0])
        is_nameless = is_blank(name) & ~is_blank(heads) & _is_same(number, numbers)
        there &= ~(is_nameless | _is_same_name(name, heads) & is_blank(number) & ~is_blank(numbers))
    return there


def _is_same_name(texts: pa.Array, others: pa.Array) -> Flags:
    return _is_same(clean_names(pc.fill_null(texts, "")).plain, clean_names(pc.fill_null(others, "")).plain)


def _is_same(texts: pa.Array, others: pa.Array) -> Flags:
    """Mark where two texts are equal and not blank."""
    equal: Flags = pc.equal(trimmed(texts), trimmed(others)).to_numpy(zero_copy_only=False)
    return equal & ~is_blank(texts)


def _filled_down(fields: dict[str, pa.Array], layout: SheetLayout) -> dict[str, pa.Array]:
    """Give the members of a household what only its first line states: merged cells, blank below the first.

    A line whose household number (or head, where there is none) is blank belongs to the household above; so does one that
    repeats the number and leaves the rest blank.
    """
    key = next((fields[name] for name in ("household_no", "head_name") if name in fields), None)
    if layout.members or key is None or not layout.layout.household:
        return fields
    below = is_blank(key)
    if not below.any() and not _repeats(key).any():
        return fields
    first = ~below & ~_repeats(key)
    filled = dict(fields)
    for name in layout.layout.household:
        if name in fields and name != "phone":
            there = ~is_blank(fields[name])
            source = np.maximum.accumulate(np.where(there | first, np.arange(len(below)), 0))
            take = ~there & ~first
            filled[name] = pc.if_else(pa.array(take), fields[name].take(pa.array(source)), fields[name])
    return filled


def _repeats(key: pa.Array) -> Flags:
    """Mark lines that name the same household as the line above."""
    same = np.zeros(len(key), dtype=bool)
    if len(key) > 1:
        same[1:] = (
            pc.equal(key.slice(1), key.slice(0, len(key) - 1)).to_numpy(zero_copy_only=False) & ~is_blank(key)[1:]
        )
    return same


def _members(place: int, fields: dict[str, pa.Array], layout: SheetLayout, count: int) -> pa.Array:
    """The place in the household: of the column pair, or where dibao gives a line a person, of the line; else 0."""
    number = fields.get("household_no")
    if layout.members:
        return pa.array(np.full(count, place, dtype=np.int16))
    if layout.layout.feed != Feed.DIBAO or number is None:
        return pa.array(np.zeros(count, dtype=np.int16))
    codes = number.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    starts = np.concatenate([[True], codes[order][1:] != codes[order][:-1]])
    first = np.maximum.accumulate(np.where(starts, np.arange(count), 0))
    places = np.empty(count, dtype=np.int16)
    places[order] = np.arange(count) - first + 1
    return pa.array(places)


def _cleaned(rows: pa.Table) -> pa.Table:
    """Clean numbers and names, a long roll in as many parts as there are cores."""
    cores = os.cpu_count() or 1
    if rows.num_rows < LONG_ROLL or cores == 1:
        return _cleaned_part(rows)
    size = -(-rows.num_rows // cores)
    with ThreadPoolExecutor(cores) as pool:
        return pa.concat_tables(
            pool.map(_cleaned_part, (rows.slice(start, size) for start in range(0, rows.num_rows, size)))
        )


def _cleaned_part(rows: pa.Table) -> pa.Table:
    numbers = clean_numbers(rows["written_number"])
    names = clean_names(_without_numbers(rows["written_name"]))
    lost = _lost_digits(rows)
    masked = _masked(rows["written_number"], numbers.valid)
    state = np.where(masked, MASKED_STATE, np.where(lost, NUMERIC_STATE, numbers.state))
    cleaned = {
        "name": names.name,
        "plain": names.plain,
        "phonetic_key": names.phonetic_key,
        "number": pc.if_else(pa.array(masked), "", numbers.number),
        "number_state": pa.array(STATES[state].astype(str)),
        "key": pc.if_else(pa.array(lost), pa.scalar(None, pa.int64()), numbers.key),
        "birth_in_number": numbers.birth,
        "sex_in_number": pa.array(numbers.sex),
    }
    for name, column in cleaned.items():
        rows = rows.append_column(name, column)
    return rows.drop_columns(["written_name", "written_number", "figure"])


def _masked(written: pa.Array, valid: Flags) -> Flags:
    """Mark numbers with hidden digits; only what is no right number is looked at."""
    wrong = np.flatnonzero(~valid)
    found = np.zeros(len(valid), dtype=bool)
    found[wrong] = pc.match_substring_regex(written.take(pa.array(wrong)), MASKED).to_numpy(zero_copy_only=False)
    return found


def _without_numbers(names: pa.ChunkedArray) -> pa.Array:
    """Names without the numbers and telephones written into them; a number alone is no name."""
    whole = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    hidden = without_numbers(whole)
    return hidden if hidden is whole else pc.replace_substring(hidden, HIDDEN, "")


def _lost_digits(rows: pa.Table) -> Flags:
    """A figure has fifteen digits at most: a number of sixteen or more in such a cell is never trusted (docs/rules.md R3)."""
    long = pc.greater(pc.utf8_length(rows["written_number"]), 15)
    scientific = pc.match_substring_regex(rows["written_number"], SCIENTIFIC)
    return pc.or_(pc.and_(rows["figure"], long), scientific).to_numpy(zero_copy_only=False)


def _rejected(rows: pa.Table, layout: SheetLayout, sheet: Sheet) -> tuple[pa.Table, list[Problem]]:
    """Split off rows that cannot be loaded: without a name, an unknown word where a known one is required, a formula without value."""
    problems: list[Problem] = []
    kept = np.ones(rows.num_rows, dtype=bool)
    nameless = pc.equal(rows["name"], "").to_numpy(zero_copy_only=False)
    numbers = {number for _, number in layout.person_columns}
    unread = lines_unread(sheet, {*layout.columns.values(), *(name for name, _ in layout.person_columns)} - numbers)
    checks = [
        (np.isin(rows["row"].to_numpy(), unread), RowReason.FORMULA_EMPTY.value),
        (nameless, RowReason.NAME_MISSING.value),
    ]
    for column, reason in layout.layout.must_be_known.items():
        if column in rows.column_names:
            checks.append((_unknown(rows[column], layout, column), reason))
    for wrong, reason in checks:
        lines = rows.filter(pa.array(wrong & kept)).select(["row", "member"]).to_pylist()
        problems += [Problem(sheet.name, line["row"], line["member"], reason, REJECT) for line in lines]
        kept &= ~wrong
    return rows if kept.all() else rows.filter(pa.array(kept)), problems


def _unknown(words: pa.ChunkedArray, layout: SheetLayout, column: str) -> Flags:
    """Mark lines whose word the column's value map does not know."""
    encoded = words.combine_chunks().dictionary_encode()
    unknown = [layout.layout.value(column, word) is None for word in encoded.dictionary.to_pylist()]
    return np.array(unknown, dtype=bool)[encoded.indices.to_numpy(zero_copy_only=False)]
