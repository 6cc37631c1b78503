"""Place texts of a county's files to units. The rules are in regions/gazetteer.py; here is what intake needs of them.

Works on distinct texts only: a file of a million rows names a few hundred places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from foundation.regions.gazetteer import Gazetteer, Place
from foundation.regions.models.unit import Level
from foundation.regions.place_names import clean_place_text, is_code, place_part
from registry.intake.layouts import SheetLayout

_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LONGEST_TITLE = 200
"""Characters of a title or name in which a place is looked for at every character."""
_CODED = r"^\d{6,12}$"
TOWNSHIP_DIGITS = 9


class PlaceFinder:
    """Finds places of one county. Built once a file from regions.selectors.county_gazetteer."""

    def __init__(self, county: Gazetteer) -> None:
        self._county = county

    def version(self, layout: SheetLayout) -> str:
        """Return what differs whenever the same line of a table may be in another place: the tree, and a place named around the table."""
        named = self.unit_named(layout.around)
        return f"{self._county.version} {named.code if named else ''}"

    def find(self, text: str) -> int | None:
        """Return the id of the most precise unit the text names; None when it names none of this county's, or several."""
        place = self.find_place(text)
        return place.id if place is not None else None

    def find_place(self, text: str) -> Place | None:
        """Return the most precise unit the text names; None when it names none of this county's, or several."""
        return self._county.find(text).place if text.strip() else None

    def code_of(self, text: str) -> str:
        """Return the code of the unit a text names, a code as it is; of what names no one unit the part that is a place."""
        if is_code(clean_place_text(text)):
            return text
        place = self.find_place(text)
        return place.code if place is not None and place.level >= Level.TOWNSHIP else place_part(text)

    def unit_code(self, text: str) -> str:
        """Return the code of the township or village of this county a text names; nothing for any other text."""
        place = self.find_place(text)
        return place.code if place is not None and place.level >= Level.TOWNSHIP else ""

    def unit_named(self, texts: Iterable[str]) -> Place | None:
        """Return the township or village that the first text with one names in full, wherever it stands in it: 低保名册_东陈镇.xlsx."""
        for text in texts:
            for words in _WORDS.findall(text[:_LONGEST_TITLE]):
                for start in range(len(words) - 1):
                    found = self._county.find(words[start:])
                    if found.place is None or found.place.level < Level.TOWNSHIP:
                        continue
                    is_whole = not (start or found.rest) and found.place.level == Level.TOWNSHIP
                    if is_whole or found.place.name in words:
                        return found.place
        return None

    def town_name(self, text: str) -> str:
        """Return a township's name for its code; any other text as it is."""
        if not is_code(clean_place_text(text)):
            return text
        place = self.find_place(text)
        return place.name if place is not None and place.level >= Level.TOWNSHIP else text


def stated_places(
    rows: pa.Table, finder: PlaceFinder, around: Iterable[str], *, village: str = "place"
) -> pa.ChunkedArray:
    """Return what each line states of its place: a code alone; else town and village, the address where there is no village.

    Where no column states the township, the name of the sheet or file, or a title, does; where none states the village, a village
    named there, else the place of household registration, where it lies in this county and the township stated.
    """
    town, place, address = (_field(rows, name) for name in ("town", village, "address"))
    if "town" not in rows.column_names and (named := finder.unit_named(around)) is not None:
        if named.level == Level.TOWNSHIP:
            town = _all(named.name, rows.num_rows)
        elif village not in rows.column_names:
            place = _all(named.code, rows.num_rows)
    town = over_distinct(town, finder.town_name)
    if "hukou" in rows.column_names and not {village, "address"} & set(rows.column_names):
        registered = _registered(rows["hukou"], town, finder)
        place = pc.if_else(pc.equal(place, ""), registered, place)
    written = pc.if_else(pc.equal(place, ""), address, place)
    coded = pc.match_substring_regex(place, _CODED)
    return pc.if_else(coded, place, pc.binary_join_element_wise(town, written, ""))


def _registered(hukou: pa.ChunkedArray, town: pa.Array, finder: PlaceFinder) -> pa.Array:
    """Return the codes of places of household registration in this county, where they do not lie in another township than stated."""
    of_hukou, of_town = over_distinct(hukou, finder.unit_code), over_distinct(town, finder.unit_code)
    townships = [pc.utf8_slice_codeunits(codes, 0, TOWNSHIP_DIGITS) for codes in (of_hukou, of_town)]
    return pc.if_else(pc.or_(pc.equal(of_town, ""), pc.equal(*townships)), of_hukou, "")


def over_distinct(words: pa.Array | pa.ChunkedArray, rule: Callable[[str], str]) -> pa.Array:
    """Apply a rule of one text over the distinct texts of a column."""
    encoded = (words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words).dictionary_encode()
    return pa.array([rule(word) for word in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _field(rows: pa.Table, name: str) -> pa.Array | pa.ChunkedArray:
    return rows[name] if name in rows.column_names else _all("", rows.num_rows)


def _all(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)
