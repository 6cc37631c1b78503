"""Place texts of a county's files to units: a 12-digit code, a full name, a town and a village, with the usual liberties.

Works on distinct texts only: a file of a million rows names a few hundred places.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from poverty_pension.regions.selectors import Place

TOWNSHIP, VILLAGE = 4, 5
_VILLAGE_ENDING = re.compile(r"(村民委员会|居民委员会|社区居委会|村委会|居委会|社区|村|居)$")
_TOWN_ENDING = re.compile(r"(街道办事处|街道|办事处|镇|乡)$")


def village_stem(name: str) -> str:
    """Return a village's name without 村委会, 居委会, 社区 and the like; never empty."""
    return _VILLAGE_ENDING.sub("", name) or name


def town_stem(name: str) -> str:
    """Return a township's name without 镇, 乡, 街道; never empty."""
    return _TOWN_ENDING.sub("", name) or name


@dataclass(frozen=True)
class FoundPlace:
    """A unit found for a text; level 4 when only the township is known, None when the text lies outside the county."""

    unit_id: int | None
    code: str


class PlaceFinder:
    """Looks up places of one county. Built once a file from regions.selectors.county_places."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.county = min(places, key=lambda place: place.level)
        self._by_code = {place.code: place for place in places}
        self._towns = [place for place in places if place.level == TOWNSHIP]
        self._villages: dict[str, dict[str, Place]] = defaultdict(dict)
        for place in places:
            if place.level == VILLAGE:
                villages = self._villages[place.code[:9]]
                villages.setdefault(village_stem(place.name), place)
                villages[place.name] = place
        self._known: dict[str, FoundPlace] = {}

    def find(self, text: str) -> FoundPlace:
        """Return the most precise unit the text names; a unit of None means it names none of this county's."""
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def is_township(self, name: str) -> bool:
        """Say whether a sheet's name is a township of the county."""
        return any(name.strip() in (town.name, town_stem(town.name)) for town in self._towns if name.strip())

    def _look_up(self, text: str) -> FoundPlace:
        code = text.strip()
        if code.isascii() and code.isdigit() and len(code) in (6, 9, 12):
            return self._by_code_prefix(code)
        if not text:
            return FoundPlace(None, "")
        rest = text
        for prefix in (self.county.full_name, self.county.name):
            position = rest.find(prefix)
            if position >= 0:
                rest = rest[position + len(prefix) :]
                break
        town = self._town_in(rest)
        if town is None:
            return self._village_anywhere(rest) or self._county_only(text, rest)
        after = rest[rest.find(town_stem(town.name)) + len(town_stem(town.name)) :]
        village = self._village_in(town, _after_ending(after, town))
        found = village or town
        return FoundPlace(found.id, found.code)

    def _by_code_prefix(self, code: str) -> FoundPlace:
        full = code.ljust(12, "0")
        for candidate in (full, full[:9] + "000", full[:6] + "000000"):
            place = self._by_code.get(candidate)
            if place is not None:
                return FoundPlace(place.id, full)
        return FoundPlace(None, full)

    def _town_in(self, text: str) -> Place | None:
        named = [town for town in self._towns if town.name in text]
        if not named:
            named = [
                town for town in self._towns if len(town_stem(town.name)) > 1 and text.startswith(town_stem(town.name))
            ]
        return max(named, key=lambda town: len(town.name), default=None)

    def _village_in(self, town: Place, text: str) -> Place | None:
        villages = self._villages.get(town.code[:9], {})
        if text in villages:
            return villages[text]
        stems = [stem for stem in villages if text.startswith(stem)]
        return villages[max(stems, key=len)] if stems else None

    def _village_anywhere(self, text: str) -> FoundPlace | None:
        """A village named without its township, when only one township has it."""
        stem = village_stem(text)
        found = {villages[stem].id: villages[stem] for villages in self._villages.values() if stem and stem in villages}
        if len(found) != 1:
            return None
        place = next(iter(found.values()))
        return FoundPlace(place.id, place.code)

    def _county_only(self, text: str, rest: str) -> FoundPlace:
        if rest == text:
            return FoundPlace(None, "")
        return FoundPlace(self.county.id, self.county.code)


def _after_ending(text: str, town: Place) -> str:
    ending = town.name[len(town_stem(town.name)) :]
    return text.removeprefix(ending)
