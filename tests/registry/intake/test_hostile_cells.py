"""Cells and headers written to keep a worker busy: none takes longer than a moment, however long and however repeated."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pyarrow as pa
import pytest

from foundation.primitives.personal_texts import hide_numbers, is_personal
from foundation.regions.gazetteer import Gazetteer, Place, entries_of
from foundation.regions.place_names import clean_place_text, place_part
from registry.intake.cell_texts import unwrap, unwrap_cells
from registry.intake.contents import KINDS
from registry.intake.dates import read_date, read_range
from registry.intake.errors import IntakeError
from registry.intake.layouts import Layout, all_layouts, plain_header
from registry.intake.lexicon import field_grade, read_words
from registry.intake.places import PlaceFinder
from registry.intake.recognising import find_layout
from registry.intake.sheets import LONGEST_CELL, Sheet
from registry.intake.texts import read_text_sheet

SECONDS = 1.0
LENGTH, MOMENT = LONGEST_CELL // 4, 0.1
"""What takes more than a second for the longest cell, its time growing with the square of the length, takes a sixteenth of it here."""
REPEATED = [
    *(" 　\t'\"=0１a的村组十年月日至-.,*人户镇"),
    "1 ", "1-", "a ", "' ", "0.", "十一", "参保", "身份证", "开发区", "东陈镇", "ﷺ", "\u0316\u0301", "(必填)", "[1", "\u3000-",
]  # fmt: skip
AROUND = [("", ""), ("a", "b"), ("'a", "a"), ('="a', "a"), ("村", "x"), ("1", "x")]
CELLS = [(before + repeated * LENGTH)[: LENGTH - 1] + after for repeated in REPEATED for before, after in AROUND]


class TooLongError(Exception):
    """Something took longer than a moment. No TimeoutError: that is an OSError, which readers of files refuse as a damaged file."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Interrupt what computes longer; waiting for a processor does not count."""

    def interrupt(*_signal: object) -> None:
        raise TooLongError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _finder() -> PlaceFinder:
    names = {
        "320000000000": "江苏省",
        "320600000000": "南通市",
        "320682000000": "如皋市",
        "320682100000": "东陈镇",
        "320682100200": "东陈村",
    }
    levels = dict(zip(names, (1, 2, 3, 4, 5), strict=True))
    places = [Place(place, code, levels[code], name, name) for place, (code, name) in enumerate(names.items(), 1)]
    return PlaceFinder(Gazetteer(entries_of(places, date(2010, 1, 1))))


def _all_fields(header: str) -> None:
    for layout in all_layouts():
        for field in layout.columns:
            field_grade(layout.feed.value, field, header)


def _all_values(word: str) -> None:
    for layout in all_layouts():
        for field in layout.values:
            layout.value(field, word)


READERS: dict[str, Callable[[str], object]] = {
    "unwrap": unwrap, "read_date": read_date, "read_range": read_range, "plain_header": plain_header, "hide_numbers": hide_numbers,
    "is_personal": is_personal, "clean_place_text": clean_place_text, "place_part": place_part, "read_words": read_words,
    "all fields": _all_fields, "place": _finder().find, "unit_named": lambda text: _finder().unit_named([text]),
    **KINDS,
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_no_cell_keeps_a_reader_busy(name: str) -> None:
    slow = []
    for cell in CELLS:
        try:
            with at_most(MOMENT):
                READERS[name](unwrap(cell))
        except TooLongError:
            slow.append((cell[:8], cell[-3:]))
    assert not slow


REPEATED_WORDS = re.compile(r"\(([^()]*\|[^()]*)\)[*+]")
"""(a|b|c)* in a pattern of words."""


def _written_out(word: str) -> Iterator[str]:
    """Yield a word with and without the characters that may be missing: 已经? is 已 and 已经."""
    before, mark, after = word.partition("?")
    if not mark:
        yield word
        return
    for rest in _written_out(after):
        yield before + rest
        yield before[:-1] + rest


def _divides(word: str, words: set[str]) -> bool:
    """Answer whether a word is others, one after the other."""
    return any(
        word.startswith(first) and (word[len(first) :] in words or _divides(word[len(first) :], words))
        for first in words
        if first and first != word
    )


@pytest.mark.parametrize("layout", all_layouts(), ids=lambda layout: layout.name)
def test_no_word_of_a_pattern_is_two_others(layout: Layout) -> None:
    """Of (a|b|ab)* a cell of n times ab has 2 to the n readings, all of which are tried before it is found not to fit."""
    several = []
    for patterns in layout.patterns.values():
        for pattern, _ours in patterns:
            for group in REPEATED_WORDS.findall(pattern.pattern):
                words = {each for word in group.split("|") for each in _written_out(word)}
                several += [(pattern.pattern, word) for word in words if _divides(word, words)]
    assert not several


def test_a_word_longer_than_any_is_not_compared_with_patterns() -> None:
    with at_most(SECONDS):
        _all_values("姓名" + "变更更正" * 8_000 + "?")
    layout = next(each for each in all_layouts() if each.name == "hukou")
    assert layout.value("event_kind", "姓名变更更正") == "name_changed"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('="3206"', "3206"),
        ('  = "a" " ', 'a" '),
        ('="a  ', "a"),
        ("=“a”", "a"),
        ("'3206'", "3206"),
        ("''a '  ", "a "),
        ("'" * 3, ""),
        ("'" * 3 + " '", " "),
        ("=a", "=a"),
        ("a'b", "a'b"),
        ("=\"'a'\"", "a"),
        ("e" + "\u0301" * 30, "e" + "\u0301" * 8),
    ],
)
def test_what_is_wrapped_around_a_text_is_taken_off(written: str, plain: str) -> None:
    assert unwrap(written) == plain


def test_marks_over_a_letter_are_taken_off_a_whole_column() -> None:
    sheet = unwrap_cells(Sheet("", "S", [pa.array(["e" + "\u0301" * 3_000, "e\u0301"], pa.string())]))
    assert sheet.cells[0].to_pylist() == ["e" + "\u0301" * 8, "e\u0301"]


@pytest.mark.parametrize("lines", [2, 300_000])
def test_a_text_laid_out_in_thousands_of_columns_is_no_table(lines: int) -> None:
    """Two wide lines and many short ones: a column of so many texts for each of the ten thousand breaks would fill the memory."""
    text = ("a  " * 10_000 + "\n") * 2 + "x\n" * lines
    with at_most(5 * SECONDS):
        assert len(read_text_sheet(text.encode(), "").cells) == 1


@pytest.mark.parametrize("length", [100, 32_000])
def test_a_sheet_of_odd_headers_is_recognised_in_a_moment(length: int) -> None:
    headers = [("的之身份证姓名" * length)[place : place + length - place % 60] for place in range(60)]
    sheet = Sheet("", "S", [pa.array([header] * 4 + ["x"], pa.string()) for header in headers])
    with at_most(10 * SECONDS), pytest.raises(IntakeError):
        find_layout(sheet, "")
