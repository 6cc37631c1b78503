"""A file as the product reads it, without database: every line of every sheet with its fields as comparable values.

For judging generated files. The words, days and places are understood by the product's own functions; where a file is read in
parts that need a database (learned layouts, the stored original), nothing learned and the given bytes stand in.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from unittest.mock import patch

from demo.county.places import DIVISIONS, _read, load_places
from foundation.primitives.person_names import INTERPUNCTS
from foundation.regions.gazetteer import Gazetteer, Place, entries_of
from registry.constants import DatePrecision, Feed, RowAction, RowReason
from registry.intake import delivery_contents
from registry.intake.dates import Read, read_date, read_range
from registry.intake.delivery_contents import DeliveryContents, read_delivery
from registry.intake.files import open_file
from registry.intake.places import PlaceFinder, stated_places
from registry.intake.reading import ReadSheet
from registry.models import Delivery
from registry.services import facts

DAYS = frozenset({"birth", "event", "registered", "from", "to", "joined", "benefit_start"})
WHERE = ("place", "town", "address", "unit_code")
"""The fields that together say where, of the feeds whose places are judged."""
SEXES = {"男": "1", "男性": "1", "1": "1", "M": "1", "女": "2", "女性": "2", "2": "2", "F": "2"}
Line = tuple[int, int, int]
"""Number of a table in the order of the file, of a line in it, and the place in the household where a line is one."""


@dataclass
class Reading:
    """What was read of one file: by line the values by field, where the column is there; and by line the reasons of its problems."""

    feed: str
    rows: dict[Line, dict[str, str | None]] = field(default_factory=dict)
    problems: dict[Line, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Line -> reason -> action."""
    words_named: set[tuple[str, str]] = field(default_factory=set)
    """Field and word, of each word that a problem line says nobody knows."""
    texts: dict[Line, dict[str, str]] = field(default_factory=dict)
    """Line -> what the cells say as written."""
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Code of a remark -> the sheets it is about."""


def read_file(name: str, data: bytes, county: str, as_of: date) -> Reading:
    """Read one file. Errors: IntakeError as read_delivery."""
    contents = _contents(name, data, as_of)
    tables = {sheet.name: place for place, sheet in enumerate(open_file(data, name).sheets)}
    reading = Reading(contents.feed)
    for sheet in (sheet for _, sheet in contents.sheets):
        _add_rows(reading, tables[sheet.sheet], sheet, finder_of(county))
    of_households = {sheet.sheet for _, sheet in contents.sheets if sheet.layout.members}
    words = contents.sheets[0][1].layout.layout.values
    for problem in [*contents.problems, *_problems_of_facts(contents, as_of)]:
        line = (tables[problem.sheet], problem.row, problem.member if problem.sheet in of_households else 0)
        reading.problems[line][problem.reason] = problem.action
        if problem.reason == RowReason.WORD_UNKNOWN and line in reading.texts:
            reading.words_named |= {
                (name, text)
                for name, text in reading.texts[line].items()
                if name in words and not reading.rows[line][name]
            }
    for each in contents.other_parts.remarks:
        reading.remarks[each.code].append(each.values.get("sheet", ""))
    return reading


def _contents(name: str, data: bytes, as_of: date) -> DeliveryContents:
    with (
        patch.object(delivery_contents, "read_original", lambda delivery: data),
        patch.object(delivery_contents, "list_learned_layouts", lambda county: {}),
    ):
        return read_delivery(Delivery(file_name=name, as_of_date=as_of))


def _problems_of_facts(contents: DeliveryContents, as_of: date) -> list[Any]:
    if not contents.sheets[0][1].layout.layout.fact:
        return []
    return [problem for _, sheet in contents.sheets for problem in facts._read_facts(sheet, as_of)[1]]


def _add_rows(reading: Reading, table: int, sheet: ReadSheet, finder: PlaceFinder) -> None:
    units = _units(sheet, finder)
    for row, unit in zip(sheet.rows.to_pylist(), units, strict=True):
        line = (table, row["row"], row["member"] if sheet.layout.members else 0)
        texts = {name: row[name] or "" for name in sheet.layout.layout.columns if name in row}
        reading.texts[line] = texts
        reading.rows[line] = {name: _value(sheet, name, row) for name in texts} | {
            "name": plain_text(row["name"]),
            "number": row["number"],
        }
        if ends := _both_ends(texts):
            reading.rows[line] |= ends
        if "hukou" in texts:
            hukou = finder.find(texts["hukou"])
            reading.rows[line]["hukou"] = f"{hukou:012}" if hukou is not None else None
        if (unit or any(name in texts for name in WHERE)) and sheet.layout.layout.feed != Feed.OUTPROV:
            reading.rows[line]["place"] = unit


def _value(sheet: ReadSheet, name: str, row: dict[str, Any]) -> str | None:
    """Return what a cell says in the form of the truth; None where nothing in it is understood."""
    text, layout = row[name] or "", sheet.layout.layout
    if name in DAYS:
        return _day(text)
    if name in layout.values:
        return layout.value(name, text) if text else ""
    if name == "sex":
        return SEXES.get(text) if text else ""
    return plain_text(text)


def _both_ends(texts: dict[str, str]) -> dict[str, str | None]:
    """Return both ends of a term that stands in one cell."""
    written = [texts[name] for name in ("from", "to") if name in texts]
    both = next((both for text in written if (both := read_range(text))), None)
    return {name: _written_day(read) for name, read in zip(("from", "to"), both, strict=True)} if both else {}


def _day(text: str) -> str | None:
    found = read_date(text)
    if found is None:
        return None if text.strip() else ""
    return _written_day(found)


def _written_day(found: Read) -> str:
    return {DatePrecision.DAY: f"{found[0]}", DatePrecision.MONTH: f"{found[0]:%Y-%m}"}.get(found[1], f"{found[0]:%Y}")


def _units(sheet: ReadSheet, finder: PlaceFinder) -> list[str | None]:
    """Return by line the code of the unit it names, "" where it names none; None where it is not understood."""
    village = "unit_code" if "unit_code" in sheet.layout.layout.columns else "place"
    written = stated_places(sheet.rows, finder, sheet.layout.around, village=village).to_pylist()
    found = [(text, finder.find(text)) for text in written]
    return [f"{unit:012}" if unit is not None else None if text else "" for text, unit in found]


def plain_text(text: str) -> str:
    """Return a text in half width without blanks, every interpunct the same."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))
    return re.sub(f"[{re.escape(INTERPUNCTS)}]", "·", plain)


@cache
def finder_of(county: str) -> PlaceFinder:
    """Return a finder of a county's units without the database: the shipped divisions and villages, a unit's id being its code."""
    places = load_places(county)
    chain = (f"{county[:2]}0000000000", f"{county[:4]}00000000", f"{county}000000")
    above = [row for row in _read(DIVISIONS) if row["code"] in chain or row["code"].startswith(county)]
    found = [Place(int(row["code"]), row["code"], int(row["level"]), row["name"], row["name"]) for row in above]
    villages = list(zip(places.code, places.name, strict=True))[: places.village_count]
    found += [Place(int(code), str(code), 5, str(name), str(name)) for code, name in villages]
    return PlaceFinder(Gazetteer(entries_of(found, date(2018, 1, 1)), within="".join(f"{code}/" for code in chain)))


SKIP, REJECT = RowAction.SKIP.value, RowAction.REJECT_ROW.value
