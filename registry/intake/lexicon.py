"""What a header means: cut into the words of the field (lexicon.yaml), and which field of a feed these words together say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from foundation.primitives.yaml_loader import LOADER

SURE, LIKELY, UNSURE = 0.9, 0.5, 0.3
"""A header whose words all belong to the field; one that needs its cells to confirm it; one with words nobody knows beside."""
LONGEST_HEADER = 200
"""Characters of the longest text that is read as a header; a longer one is a note."""
HALVED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Of the full-width forms of ASCII to the usual ones, for translate()."""
_STEP = 0.005
_ALWAYS = frozenset({"filler", "person"})
_OWN = "own"
_NUMBERING = re.compile(r"^[(\[]?\d{1,2}[)\].、_-]+(?=\D)|^[一二三四五六七八九十][、.]")
_MARKS = re.compile(r"[\s()\[\]【】（）〔〕<>《》/\\|、,，;；.。:：*＊_\-—~+?？!！\"'“”‘’#&]+")
_OPTIONAL = re.compile(
    r"[(\[（【](?:必填|选填|可不填|文本格式?|[0-9]+位?|示例.*|如.*|格式.*|yyyy.*|单位.*|元|岁|人)[)\]）】]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Writing:
    """One way a field's header is written: the concepts that must be there, all that may be there, and its grade."""

    needs: frozenset[str]
    allowed: frozenset[str]
    grade: float


@dataclass(frozen=True)
class Words:
    """A header cut into words: the concepts of each, and how many characters belong to none."""

    concepts: tuple[frozenset[str], ...]
    unknown: int


def field_grade(feed: str, name: str, header: str) -> float:
    """Return how surely a header says a field of a feed: SURE, LIKELY or UNSURE less a little for rarer ways to write it; 0 for not."""
    return field_grades(feed, header).get(name, 0.0)


@lru_cache(maxsize=65_536)
def field_grades(feed: str, header: str) -> Mapping[str, float]:
    """Return by field how surely a header says it; fields it does not say are absent."""
    words = read_words(header)
    present = [concepts | {_OWN} if feed in concepts else concepts for concepts in words.concepts]
    known = frozenset().union(*present)
    most = UNSURE if words.unknown else SURE
    grades: dict[str, float] = {}
    for concept in known:
        for name, way in _ways(feed).get(concept, ()):
            if way.needs <= known and all(meant & way.allowed for meant in present):
                grades[name] = max(grades.get(name, 0.0), min(way.grade, most))
    return grades


def cells_kind(feed: str, name: str) -> str | None:
    """Return what a field's cells look like (contents.py), where that is known."""
    rule = _field(feed, name)
    return rule.get("cells") if rule else None


def has_topic(feed: str, header: str) -> bool:
    """Answer whether a header contains a word of what the feed is about."""
    return any(feed in concepts for concepts in read_words(header).concepts)


def may_be_anything(header: str) -> bool:
    """Answer whether a header says nothing about its column: it is blank, or has no word of the lexicon but those that change nothing."""
    return all(concepts <= _ALWAYS for concepts in read_words(header).concepts)


@lru_cache(maxsize=4096)
def read_words(header: str) -> Words:
    """Cut a header into words so that as few characters as possible are unknown, and as few words as possible are needed."""
    if len(header) > LONGEST_HEADER:
        return Words((), len(header))
    text = plain(header)
    best = [(0, 0, "")]  # by length of the beginning: unknown characters, words, the last word
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - _longest_term()), end)
        ways = [
            (best[start][0], best[start][1] + 1, text[start:end]) for start in starts if text[start:end] in _terms()
        ]
        best.append(min([*ways, (best[end - 1][0] + 1, best[end - 1][1], "")], key=lambda way: way[:2]))
    meanings = dict.fromkeys(_terms()[word] for word in _words_of(best))  # a word said again says nothing more
    return Words(tuple(meanings), best[-1][0])


def _words_of(best: list[tuple[int, int, str]]) -> list[str]:
    """Follow the best cut back from the end."""
    words, end = [], len(best) - 1
    while end > 0:
        word = best[end][2]
        words += [word] if word else []
        end -= len(word) or 1
    return words[::-1]


def plain(header: str) -> str:
    """Return a header without numbering, marks, brackets and notes on how to fill the column."""
    halved = header.translate(HALVED).lower()
    return _MARKS.sub("", _NUMBERING.sub("", _OPTIONAL.sub("", halved.strip())))


def forget() -> None:
    """Forget the headers read: a line without long figures among the first may be a person's."""
    field_grades.cache_clear()
    read_words.cache_clear()


@cache
def _lexicon() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.load((Path(__file__).parent / "lexicon.yaml").read_text("utf-8"), Loader=LOADER)
    return raw


@cache
def _terms() -> dict[str, frozenset[str]]:
    terms: dict[str, set[str]] = {}
    for concept, listed in _lexicon()["concepts"].items():
        for word in listed:
            terms.setdefault(plain(str(word)), set()).add(concept)
    return {word: frozenset(concepts) for word, concepts in terms.items()}


@cache
def _longest_term() -> int:
    return max(map(len, _terms()))


def _field(feed: str, name: str) -> dict[str, Any] | None:
    fields = _lexicon()["fields"]
    found: dict[str, Any] | None = fields.get(f"{feed}.{name}", fields.get(name))
    return found


@cache
def _ways(feed: str) -> dict[str, list[tuple[str, Writing]]]:
    """List every field's ways under one concept each needs."""
    ways: dict[str, list[tuple[str, Writing]]] = {}
    for name in {key.rpartition(".")[2] for key in _lexicon()["fields"]}:
        rule = _field(feed, name)
        for place, text in enumerate(rule["written"] if rule else ()):
            way = _writing(text, place)
            ways.setdefault(min(way.needs), []).append((name, way))
    return ways


def _writing(text: str, place: int) -> Writing:
    words = text.lstrip("~").split()
    needs = frozenset(word for word in words if not word.endswith("?"))
    may = frozenset(word.removesuffix("?") for word in words if word.endswith("?"))
    grade = LIKELY if text.startswith("~") else SURE
    return Writing(needs, needs | may | _ALWAYS | {_OWN}, grade - _STEP * place)
