"""What stands around a table: names of sheet, part and file, title lines. They name the feed, a township, a value of all lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.intake.layouts import Layout, ReadBy, plain_header
from registry.intake.lexicon import has_topic, read_words
from registry.intake.sheets import BETWEEN_NAMES, Sheet

NEAR, FAR = 1.0, 0.7
"""How much a hint counts: in the sheet's name or a title line, in the name of the part or file, which may hold several tables."""
TITLE_LINES, TITLE_CELLS = 3, 2
_SHORTEST_WORD = 2


@dataclass(frozen=True)
class Surroundings:
    """Texts around a table, the nearest first, each with where it stands."""

    named: tuple[tuple[ReadBy, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.named)

    def hint(self, layout: Layout) -> float:
        """Return how surely a word of the feed's stands around the table: NEAR, FAR or 0."""
        return max((grade for grade, _ in self._hints(layout)), default=0.0)

    def hint_word(self, layout: Layout) -> str:
        """Return the nearest word of the feed's; empty where there is none."""
        return next((word for _, word in self._hints(layout)), "")

    def _hints(self, layout: Layout) -> list[tuple[float, str]]:
        return [
            (FAR if by == ReadBy.FILE else NEAR, hint)
            for by, text in self.named
            for hint in layout.hints
            if hint.lower() in text.lower()
        ]


def surroundings_of(sheet: Sheet, file_name: str, head: Sequence[Sequence[str]]) -> Surroundings:
    """Return the texts around a table; `head` are its first lines."""
    titles = _titles(head)
    own_name = sheet.name.rpartition(BETWEEN_NAMES)[2]
    named = [
        (ReadBy.SHEET, own_name),
        *((ReadBy.TITLE, cell) for cell in titles),
        (ReadBy.FILE, sheet.part),
        (ReadBy.FILE, file_name),
    ]
    return Surroundings(tuple((by, text) for by, text in named if text))


def _titles(head: Sequence[Sequence[str]]) -> list[str]:
    """The texts above the table: of lines with one or two different ones."""
    titles: list[str] = []
    for row in head[:TITLE_LINES]:
        texts = list(dict.fromkeys(cell for cell in row if cell))
        if len(texts) > TITLE_CELLS:
            break
        titles += texts
    return titles


def value_around(layout: Layout, field: str, around: Surroundings) -> tuple[str, ReadBy] | None:
    """Return the word for the one value of a field that the nearest text names, and where; None when none or several are named.

    A word that is part of the feed's usual title says nothing: 服刑 of 服刑人员. Neither does a heading over columns: 户籍情况.
    """
    for by, text in around.named:
        if by == ReadBy.SHEET and layout.knows(field, text):
            return text, by
        if by == ReadBy.TITLE and plain_header(text) not in layout.values[field] and _heads_columns(layout, text):
            continue
        named = _words_in(layout, field, plain_header(text))
        values = {ours for _, ours in named}
        if len(values) == 1:
            return named[0][0], by
        if values:
            return None
    return None


def _heads_columns(layout: Layout, text: str) -> bool:
    """Answer whether a line above the table consists of words for columns and names no feed."""
    words = read_words(text)
    return bool(words.concepts) and not words.unknown and not has_topic(layout.feed.value, text)


def _words_in(layout: Layout, field: str, text: str) -> list[tuple[str, str]]:
    """The words of a field's value map in a text with their values; of overlapping words the longest."""
    words = sorted(layout.values[field].items(), key=lambda each: -len(each[0]))
    found: list[tuple[str, str]] = []
    for word, ours in words:
        if len(word) >= _SHORTEST_WORD and not word.isdigit() and word in text:
            text = text.replace(word, " ")
            if word not in layout.title:
                found.append((word, ours))
    return found
