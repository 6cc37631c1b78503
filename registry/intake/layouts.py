"""What a feed's tables look like, read from layouts/*.yaml: a new sender's terms are data, not code.

A layout lists the header texts of each column, the columns that must be there, hints that distinguish two feeds of the same shape,
and value maps from departments' words to ours. A file may extend another layout with a sender's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from foundation.primitives.yaml_loader import LOADER
from registry.constants import Feed, RowReason
from registry.intake.lexicon import HALVED

FOLDER = Path(__file__).parent / "layouts"
ANY_WORD = "*"
PATTERN = "~"
"""Begins a pattern of words: ~(已)?脱贫(户)? is every word that fits it as a whole."""
UNKNOWN_WORD = "unknown"
"""Stored for a word no layout knows: what it says is in the file only."""
LONGEST_WORD = 60
"""Characters of a word that is compared with patterns: a longer cell is a sentence, and may be written to keep a pattern busy."""
_CODE = re.compile(r"[0-9A-Za-z/.,-]{0,6}")
_KEYS = {
    "feed", "title", "extends", "hints", "columns", "wide", "required", "record_key", "household", "key_prefix", "values",
    "must_be_known", "fact", "content", "roll",
}  # fmt: skip
_FACT_COLUMNS = ("event", "from", "to", "source", "kind_column", "second_hand")


class LayoutError(Exception):
    """A layout file that cannot be used; the message states what is wrong with it."""


@dataclass(frozen=True)
class Layout:
    """One feed's layout as its YAML file states it."""

    name: str
    feed: Feed
    title: str
    hints: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    wide: bool
    required: tuple[str, ...]
    record_key: tuple[str, ...]
    household: tuple[str, ...]
    key_prefix: str
    values: dict[str, dict[str, str]]
    patterns: dict[str, tuple[tuple[re.Pattern[str], str], ...]]
    must_be_known: dict[str, str]
    fact: dict[str, str]
    content: dict[str, str] = field(default_factory=dict)

    @cached_property
    def usual_fields(self) -> dict[str, list[tuple[str, int]]]:
        """The fields each of the layout's own words is usual for, and its place among the field's words."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name, words in self.columns.items():
            for word in dict.fromkeys(words):
                found.setdefault(word, []).append((name, words.index(word)))
        return found

    def value(self, column: str, text: str) -> str | None:
        """Return our word for the sender's, None when the map does not know it; a column without a map returns its text."""
        words = self.values.get(column)
        if words is None:
            return text
        plain = plain_header(text)
        known = words.get(plain) or self._by_pattern(column, plain)
        return known if known is not None else words.get(ANY_WORD)

    def _by_pattern(self, column: str, plain: str) -> str | None:
        """Return the one value whose patterns the whole word fits; None where none or several do."""
        if len(plain) > LONGEST_WORD:
            return None
        found = {ours for pattern, ours in self.patterns.get(column, ()) if pattern.fullmatch(plain)}
        return found.pop() if len(found) == 1 else None

    def value_or_code(self, column: str, text: str) -> str:
        """Return our word for the sender's; of others a short code as written, for a word UNKNOWN_WORD: it may name somebody."""
        ours = self.value(column, text)
        if ours is not None and column in self.values:
            return ours
        return text if _CODE.fullmatch(text) else UNKNOWN_WORD

    def knows(self, column: str, text: str) -> bool:
        """Answer whether the map knows this word, itself or by a pattern."""
        plain = plain_header(text)
        return plain in self.values.get(column, {}) or self._by_pattern(column, plain) is not None

    def usual_words(self, column: str) -> dict[str, str]:
        """Return for each of our words the sender's usual one: the first listed that is no figure."""
        usual: dict[str, str] = {}
        for theirs, ours in self.values[column].items():
            if ours not in usual or usual[ours].isdigit():
                usual[ours] = theirs
        return usual

    def with_words(self, name: str, values: Mapping[str, Mapping[str, str]]) -> Layout:
        """Return the layout with a sender's own words (theirs -> ours) added."""
        added = {column: {plain_header(word): ours for word, ours in words.items()} for column, words in values.items()}
        merged = {column: {**words, **added.get(column, {})} for column, words in self.values.items()}
        return replace(self, name=name, values=merged)


class ReadBy(StrEnum):
    """What a column was recognised by."""

    STATED = "stated"
    USUAL_HEADER = "usual_header"
    HEADER = "header"
    CELLS = "cells"
    MEMBERS = "members"
    SHEET = "sheet"
    TITLE = "title"
    FILE = "file"


@dataclass(frozen=True)
class Reason:
    """Why a column is a field: what it was recognised by, and the share of its cells that look so (None: they do not tell)."""

    by: ReadBy
    share: float | None = None


@dataclass(frozen=True)
class SheetLayout:
    """A layout found on a sheet: header_row is the index of the last header row (-1: none), columns map field -> column.

    `members` holds a (name column, number column) pair per household place, empty for one person a line; `places` the
    place of each pair as the sender counts, 0 for the head's own columns. `constants` are fields no column states, but the name of the
    sheet or file, or a title line, for all lines. `reasons`: field -> why. `around`: sheet's name, title lines, part and file name.
    """

    layout: Layout
    header_row: int
    header_rows: int
    columns: dict[str, int]
    members: tuple[tuple[int, int], ...] = ()
    places: tuple[int, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    around: tuple[str, ...] = ()

    @property
    def person_columns(self) -> Sequence[tuple[int, int]]:
        """The pairs of name and number column: of the members of a household line, else the one of its person."""
        return self.members or ((self.columns["name"], self.columns["number"]),)

    @property
    def member_places(self) -> Sequence[int]:
        """The place in the household of each pair, from 1 where the sender does not count."""
        return self.places or range(1, len(self.person_columns) + 1)


def plain_header(text: str) -> str:
    """Return a header or word without blanks, marks and full-width forms."""
    return re.sub(r"[\s*:\ufeff\u200b'`\"“”]+", "", text.translate(HALVED))


@cache
def all_layouts() -> tuple[Layout, ...]:
    """Return every layout in layouts/, sorted by name."""
    return tuple(load_layout(path) for path in sorted(FOLDER.glob("*.yaml")))


def get_layout(feed: str) -> Layout:
    """Return a feed's own layout."""
    return next(layout for layout in all_layouts() if layout.name == feed)


def load_layout(path: Path) -> Layout:
    """Read and check a layout file.

    Errors: LayoutError.
    """
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problem = str(error).splitlines()[0]
        raise LayoutError(_("The layout file cannot be read: %(problem)s") % {"problem": problem}) from error
    if not isinstance(raw, dict):
        raise LayoutError(_("The layout file is empty; see docs/feeds.md for its format."))
    base = _base(raw)
    layout = _layout(path.stem, {**(_raw_of(base) if base else {}), **raw}, raw, base)
    _check(layout, raw)
    return layout


def _base(raw: dict[str, Any]) -> Layout | None:
    if "extends" not in raw:
        return None
    path = FOLDER / f"{raw['extends']}.yaml"
    if not path.exists():
        names = "、".join(sorted(each.stem for each in FOLDER.glob("*.yaml")))
        raise LayoutError(
            _("There is no layout “%(name)s” to extend; available: %(names)s")
            % {"name": raw["extends"], "names": names}
        )
    return load_layout(path)


def _raw_of(layout: Layout) -> dict[str, Any]:
    raw: dict[str, Any] = yaml.load((FOLDER / f"{layout.name}.yaml").read_text("utf-8"), Loader=LOADER)
    return raw


def _layout(name: str, whole: dict[str, Any], own: dict[str, Any], base: Layout | None) -> Layout:
    _check_keys(whole)
    columns = {field: _plain(words, field) for field, words in _mapping(own, "columns").items()}
    values = {column: _words(_mapping(own["values"], column)) for column in _mapping(own, "values")}
    patterns = {column: _patterns(_mapping(own["values"], column)) for column in _mapping(own, "values")}
    if base is not None:
        columns = {
            field: (*columns.get(field, ()), *_others(base, field, columns)) for field in {**base.columns, **columns}
        }
        values = {
            column: {**base.values.get(column, {}), **values.get(column, {})} for column in {**base.values, **values}
        }
        patterns = {
            **base.patterns,
            **{column: (*found, *base.patterns.get(column, ())) for column, found in patterns.items()},
        }
    return Layout(
        name=name,
        feed=Feed(whole["feed"]),
        title=str(whole.get("title", name)),
        hints=tuple(map(str, whole.get("hints", ()))),
        columns=columns,
        wide=bool(whole.get("wide", False)),
        required=tuple(whole.get("required", ())),
        record_key=tuple(whole.get("record_key", ())),
        household=tuple(whole.get("household", ())),
        key_prefix=str(whole.get("key_prefix", "")),
        values=values,
        patterns={column: found for column, found in patterns.items() if found},
        must_be_known=whole.get("must_be_known", {}),
        fact=whole.get("fact", {}),
        content=whole.get("content", {}),
    )


def _others(base: Layout, field: str, columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The base's words for a field, without those the sender uses for another."""
    taken = {word for words in columns.values() for word in words}
    return tuple(word for word in base.columns.get(field, ()) if word not in taken)


def _mapping(raw: dict[str, Any], key: str) -> dict[str, Any]:
    found = raw.get(key, {})
    if not isinstance(found, dict):
        raise LayoutError(_("“%(key)s” must list entries, each with its terms.") % {"key": key})
    return found


def _plain(words: Any, field: str) -> tuple[str, ...]:
    listed = [words] if isinstance(words, (str, int)) else words
    if not isinstance(listed, list):
        raise LayoutError(_("The terms for “%(field)s” must be a list.") % {"field": field})
    return tuple(dict.fromkeys(plain_header(str(word)) for word in listed))


def _words(mapping: dict[str, Any]) -> dict[str, str]:
    """Invert our value -> the sender's words; "*" stands for any other word. What begins with "~" is a pattern."""
    return {
        ANY_WORD if word == ANY_WORD else plain_header(word): str(ours)
        for ours, words in mapping.items()
        for word in _listed(words)
        if not word.startswith(PATTERN)
    }


def _patterns(mapping: dict[str, Any]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns that must fit a word as a whole, each with our value.

    Errors: LayoutError for one that is none.
    """
    written = [(word, ours) for ours, words in mapping.items() for word in _listed(words) if word.startswith(PATTERN)]
    try:
        return tuple((re.compile(word.removeprefix(PATTERN)), str(ours)) for word, ours in written)
    except re.error as error:
        raise LayoutError(_("A pattern of words is not valid: %(problem)s") % {"problem": error}) from error


def _listed(words: Any) -> list[str]:
    return [str(word) for word in (words if isinstance(words, list) else [words])]


def _check_keys(whole: dict[str, Any]) -> None:
    unknown = sorted(str(key) for key in set(whole) - _KEYS)
    if unknown:
        raise LayoutError(_("Unknown entries in the layout file: %(names)s.") % {"names": "、".join(unknown)})
    if whole.get("feed") not in Feed.values:
        raise LayoutError(
            _("“feed” must be one of %(feeds)s; the file says “%(feed)s”.")
            % {"feeds": "、".join(Feed.values), "feed": whole.get("feed", "")}
        )


def _check(layout: Layout, raw: dict[str, Any]) -> None:
    """Every name used must be a column; the columns every feed of persons needs must be there."""
    named = {
        "required": [name for group in layout.required for name in group.split("|")],
        "record_key": layout.record_key,
        "household": layout.household,
        "values": layout.values,
        "must_be_known": layout.must_be_known,
        "fact": [layout.fact[name] for name in _FACT_COLUMNS if name in layout.fact],
    }
    for entry, names in named.items():
        unknown = [name for name in names if name not in layout.columns]
        if unknown:
            raise LayoutError(
                _("“%(entry)s” refers to columns that are not listed under “columns”: %(names)s.")
                % {"entry": entry, "names": "、".join(unknown)}
            )
    missing = [name for name in ("name", "number") if name not in layout.columns]
    if missing or not layout.required:
        lacking = "、".join(missing or ["required"])
        raise LayoutError(_("The layout is missing: %(names)s.") % {"names": lacking})
    if not set(layout.must_be_known.values()) <= set(RowReason.values):
        raise LayoutError(
            _("“must_be_known” may only use these reasons: %(names)s.") % {"names": "、".join(RowReason.values)}
        )
    _check_known_fields(layout, raw)


def _check_known_fields(layout: Layout, raw: dict[str, Any]) -> None:
    """A sender's file may give words to the feed's columns, not add columns that are never read."""
    if "extends" not in raw:
        return
    own = set(_mapping(raw, "columns"))
    unknown = sorted(own - set(get_layout(str(raw["extends"])).columns))
    if unknown:
        known = "、".join(get_layout(str(raw["extends"])).columns)
        raise LayoutError(
            _("Unknown columns: %(names)s. The columns of this feed are: %(known)s.")
            % {"names": "、".join(unknown), "known": known}
        )
