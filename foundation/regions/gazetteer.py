"""Texts to units, in memory: built once from rows of the tree, used for any number of texts.

A text is read from the left, unit by unit, each within the one before; levels may be left out, endings too. Of several
interpretations the one that uses most of the text is taken, then the one with most names written in full. What is left after
the last unit (a house, a group, a village the tree lacks) is returned. Old names and codes lead to their successors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from foundation.regions.models.unit import CODE_LENGTH
from foundation.regions.place_names import (
    SHORTEST_STEM,
    clean_place_text,
    is_code,
    place_stem,
    skip_ending,
)

CODE_PARTS = (12, 9, 6, 4, 2)
TOWNSHIP = 4
LONGEST_TEXT = 300
"""Characters of the longest text that is read as a place: full names of five levels, a house and a name have fewer than a hundred."""
FIRST_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Place:
    """One unit as a lookup returns it."""

    id: int
    code: str
    level: int
    name: str
    full_name: str


class Entry(NamedTuple):
    """One row of the tree: a place, its path, its days and its successor."""

    place: Place
    path: str
    valid_from: date
    valid_to: date | None
    successor_id: int | None


@dataclass(frozen=True)
class FoundUnit:
    """What a text names: one place; or none, and the possible ones when several fit. `rest` is the text after the place."""

    place: Place | None
    candidates: tuple[Place, ...] = ()
    rest: str = ""

    @property
    def is_ambiguous(self) -> bool:
        return bool(self.candidates)


NOTHING = FoundUnit(None)


def entries_of(places: Iterable[Place], since: date) -> list[Entry]:
    """Return the rows of a tree without history, its paths derived from the codes: for use where there is no database."""
    placed = list(places)
    codes = {place.code for place in placed}
    chains = ([place.code[:part].ljust(CODE_LENGTH, "0") for part in reversed(CODE_PARTS)] for place in placed)
    paths = ("".join(f"{code}/" for code in dict.fromkeys(chain) if code in codes) for chain in chains)
    return [Entry(place, path, since, None, None) for place, path in zip(placed, paths, strict=True)]


class Interpretation(NamedTuple):
    """One way to read a text: the last unit named, what is left of the text, and how many characters were names in full."""

    entry: Entry
    rest: str
    in_full: int


Known = dict[tuple[str, int], list[Interpretation]]


class Gazetteer:
    """Looks texts up among the entries given, as of a day (None: until further notice), within a path ("" for everywhere).

    `version` differs whenever the entries do; empty where nobody asks.
    """

    def __init__(
        self, entries: Iterable[Entry], *, within: str = "", on: date | None = None, version: str = ""
    ) -> None:
        self.version = version
        self._within = within
        self._on = on
        self._by_id: dict[int, Entry] = {}
        self._by_code: dict[str, Entry] = {}
        self._before: dict[int, list[Entry]] = defaultdict(list)
        self._named: dict[str, list[tuple[Entry, bool]]] = defaultdict(list)
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._found: dict[str, FoundUnit] = {}
        self._below: dict[tuple[str, str], tuple[tuple[Entry, bool], ...]] = {}
        for entry in entries:
            self._enter(entry)
        self._measure()

    def find(self, text: str) -> FoundUnit:
        """Return what a text means: a code, a full name, a name with levels or endings left out, an old name."""
        if len(text) > LONGEST_TEXT:
            return NOTHING
        cleaned = clean_place_text(text)
        if is_code(cleaned):
            return self._find_code(cleaned)
        end = None if self._names_hold_digits else FIRST_DIGIT.search(cleaned)
        words = cleaned[: end.start()] if end else cleaned
        found = self._find_words(words)
        return replace(found, rest=found.rest + cleaned[len(words) :]) if end and found != NOTHING else found

    def _find_words(self, words: str) -> FoundUnit:
        """Return what a text means up to its first digit; cached, since whole villages share it."""
        if words not in self._found:
            interpretations = self._read(words, "", {})
            inside = [each for each in interpretations if each.entry.path.startswith(self._within)]
            self._found[words] = _decide(inside) if inside else NOTHING
        return self._found[words]

    def _enter(self, entry: Entry) -> None:
        place = entry.place
        self._by_id[place.id] = entry
        known = self._by_code.get(place.code)
        if known is None or self._holds(entry) or (known.valid_to and not entry.valid_to):
            self._by_code[place.code] = entry
        if entry.successor_id is not None:
            self._before[entry.successor_id].append(entry)
        name = clean_place_text(place.name)
        stem = place_stem(name, place.level)
        self._named[name].append((entry, True))
        if stem != name:
            self._named[stem].append((entry, False))

    def _measure(self) -> None:
        """Collect the lengths of the names by their first two characters, so that few prefixes of a text are tried."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in self._named:
            lengths[name[:SHORTEST_STEM]].add(len(name))
        self._names_hold_digits = any(FIRST_DIGIT.search(name) for name in self._named)
        self._lengths = {start: tuple(sorted(each, reverse=True)) for start, each in lengths.items()}

    def _find_code(self, code: str) -> FoundUnit:
        """Return the unit of a code; where the tree lacks it, the nearest one above it that it has."""
        full = code.ljust(CODE_LENGTH, "0")
        for digits in CODE_PARTS:
            known = self._by_code.get(full[:digits].ljust(CODE_LENGTH, "0"))
            if known is not None:
                entry = self._as_of(known)
                rest = "" if full[digits:].strip("0") == "" else full[digits:]
                return FoundUnit(entry.place, rest=rest) if entry.path.startswith(self._within) else NOTHING
        return NOTHING

    def _read(self, text: str, path: str, known: Known) -> list[Interpretation]:
        """Return the best interpretations of a text that begins below `path`; `known` caches those of one text's tails."""
        key = (path, len(text))
        if key not in known:
            known[key] = _best(self._read_all(text, path, known))
        return known[key]

    def _read_all(self, text: str, path: str, known: Known) -> list[Interpretation]:
        """Return an interpretation for each unit below `path` whose name or stem begins the text; longer names first."""
        interpretations: list[Interpretation] = []
        in_full: set[int] = set()
        for length in self._lengths.get(text[:SHORTEST_STEM], ()):
            for entry, is_full_name in self._units_below(path, text[:length]):
                if entry.place.id not in in_full:
                    interpretations += self._go_on(entry, text, length, is_full_name, is_first=not path, known=known)
                if is_full_name:
                    in_full.add(entry.place.id)
        return interpretations

    def _go_on(
        self, named: Entry, text: str, length: int, is_full_name: bool, *, is_first: bool, known: Known
    ) -> list[Interpretation]:
        """Return the interpretations that begin with one unit: those that name more below it, or it alone."""
        level, in_full, rest = named.place.level, length if is_full_name else 0, text[length:]
        after = rest if is_full_name and level < TOWNSHIP else skip_ending(rest, level)
        if not after:
            return [Interpretation(self._as_of(named), "", in_full)]
        deeper = self._read_below(named, {rest, after} if after is not rest else (rest,), known)
        if deeper:
            return [found._replace(in_full=found.in_full + in_full) for found in deeper]
        is_bare = not is_full_name and after == rest
        if (is_first and not is_full_name) or (level >= TOWNSHIP and is_bare):
            return []  # an abbreviation followed by something unknown may be any word: 长江 of 长江路
        return [Interpretation(self._as_of(named), after, in_full)]

    def _read_below(self, named: Entry, tails: Iterable[str], known: Known) -> list[Interpretation]:
        """Return the interpretations of tails that begin like a name, below a unit: they are under its newest code only."""
        below = named.path if named.successor_id is None else self._latest(named).path
        tails = [tail for tail in tails if tail[:SHORTEST_STEM] in self._lengths]
        return [found for tail in tails for found in self._read(tail, below, known)]

    def _units_below(self, path: str, name: str) -> tuple[tuple[Entry, bool], ...]:
        """Return the units of a name below a path, and whether the name is theirs in full; cached for the next text."""
        named = self._named.get(name)
        if named is None:
            return ()
        key = (path, name)
        if key not in self._below:
            self._below[key] = tuple(each for each in named if self._is_below(each[0], path))
        return self._below[key]

    def _is_below(self, entry: Entry, path: str) -> bool:
        if not path:
            return entry.path.startswith(self._within) or self._within.startswith(entry.path)
        below = entry.path.startswith(path) and len(entry.path) > len(path)
        return below and (entry.path.startswith(self._within) or self._within.startswith(entry.path))

    def _as_of(self, entry: Entry) -> Entry:
        """Return the unit that corresponds to this one on the day asked for; itself where the tree has none."""
        while not self._holds(entry):
            following = self._successor(entry) if self._is_over(entry) else self._predecessor(entry)
            if following is None:
                break
            entry = following
        return entry

    def _latest(self, entry: Entry) -> Entry:
        while (following := self._successor(entry)) is not None:
            entry = following
        return entry

    def _successor(self, entry: Entry) -> Entry | None:
        return self._by_id.get(entry.successor_id) if entry.successor_id is not None else None

    def _predecessor(self, entry: Entry) -> Entry | None:
        """Return what this unit was before: of several merged ones the one of the same name, else none."""
        before = self._before.get(entry.place.id, [])
        same_name = [each for each in before if each.place.name == entry.place.name]
        return next(iter(same_name or before), None) if len(before) == 1 or same_name else None

    def _holds(self, entry: Entry) -> bool:
        return not self._is_over(entry) and (self._on is None or entry.valid_from <= self._on)

    def _is_over(self, entry: Entry) -> bool:
        return entry.valid_to is not None and (self._on is None or entry.valid_to <= self._on)


def _best(interpretations: list[Interpretation]) -> list[Interpretation]:
    """Keep the interpretations that leave least of the text, of those the ones with most names in full."""
    if len(interpretations) < 2:
        return interpretations
    ranks = [(len(each.rest), -each.in_full) for each in interpretations]
    return [each for each, rank in zip(interpretations, ranks, strict=True) if rank == min(ranks)]


def _decide(interpretations: list[Interpretation]) -> FoundUnit:
    """Return the one unit of the interpretations, or the one that contains all others, or all of them as possible ones."""
    by_path = {each.entry.path: each for each in interpretations}
    shortest = by_path[min(by_path, key=len)]
    if all(path.startswith(shortest.entry.path) for path in by_path):
        return FoundUnit(shortest.entry.place, rest=shortest.rest)
    places = sorted((each.entry.place for each in by_path.values()), key=lambda place: place.code)
    return FoundUnit(None, candidates=tuple(places), rest=shortest.rest)
