"""The reading report: the column each field was read from and why, the columns nobody used, and how much of the cells was understood.

It is stored with the delivery (`Delivery.reading["report"]`) and compared with the file before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.models.unit import Level
from registry.constants import PERSON_FEEDS, Feed, NumberState
from registry.intake.dates import read_date, read_range
from registry.intake.layouts import Layout, ReadBy, SheetLayout
from registry.intake.lexicon import cells_kind
from registry.intake.places import PlaceFinder, stated_places
from registry.intake.reading import ReadSheet
from registry.intake.remarks import Remark, remark

VILLAGE_FEEDS = (*PERSON_FEEDS, Feed.RESIDENT)
"""Lists whose persons are found by name and village."""
PLACE = "place"
LONGEST_HEADER = 40
MOST_UNUSED = 60
LEAST_HEADED = 2
"""Columns known by their header, from which on the line of headers is one, not a person's."""
ENOUGH = 10
"""Cells from which on a share says something: of three, one wrong number is a third."""
FEW = 3
"""Cells by which a short list may differ from month to month without being worse."""
SEXES = frozenset({"男", "女", "男性", "女性", "1", "2", "M", "F"})
_PLACE_FIELDS = ("place", "unit_code", "town", "address")
_VILLAGE_DIGITS = r"^\d{9}(\d{2}[1-9]|\d[1-9]\d|[1-9]\d{2})$"


@dataclass
class Share:
    """Cells of a field that are filled, and those of them that were understood."""

    filled: int = 0
    understood: int = 0

    def add(self, filled: int, understood: int) -> None:
        self.filled += filled
        self.understood += understood

    @property
    def value(self) -> Fraction:
        """The share understood; 1 of no cells."""
        return Fraction(self.understood, self.filled) if self.filled else Fraction(1)


@dataclass
class ReadingReport:
    """How a file's columns were read.

    `sources`: field -> the columns it was read from, each with letter, header, by, share and the sheets that have it so; `shares`: field ->
    cells filled and understood, for fields whose cells can be misunderstood; `unused`: headers of columns nobody used.
    """

    sources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    lines: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "fields": [
                {"field": name, "sources": found, **_counts(self.shares.get(name))}
                for name, found in self.sources.items()
            ],
            "unused": self.unused,
            "lines": self.lines,
        }


def _counts(share: Share | None) -> dict[str, int]:
    return {"filled": share.filled, "understood": share.understood} if share is not None else {}


def report_reading(sheets: Iterable[ReadSheet], finder: PlaceFinder, *, is_prepared: bool = False) -> ReadingReport:
    """Return the report of a file's sheets; `is_prepared`: the rows are those of a snapshot, whose places are codes."""
    report = ReadingReport()
    for read in sheets:
        report.lines += read.rows.num_rows
        _add_sources(report, read)
        _add_shares(report, read, finder, is_prepared=is_prepared)
    return report


def _add_sources(report: ReadingReport, read: ReadSheet) -> None:
    layout = read.layout
    columns = dict(layout.columns)
    if layout.members:
        columns |= dict(zip(("name", "number"), layout.members[0], strict=True))
    by_header = sum(reason.by in (ReadBy.USUAL_HEADER, ReadBy.HEADER) for reason in layout.reasons.values())
    headers = read.headers if by_header >= LEAST_HEADED else ()
    for name in [*columns, *layout.constants]:
        _add_source(report.sources.setdefault(name, []), _source(layout, name, columns.get(name), headers))
    used = {*columns.values(), *(column for pair in layout.members for column in pair)}
    unused = [_header(headers, place) for place in range(len(headers)) if place not in used]
    report.unused += [header for header in dict.fromkeys(unused) if header and header not in report.unused]
    del report.unused[MOST_UNUSED:]


def _source(layout: SheetLayout, name: str, place: int | None, headers: Sequence[str]) -> dict[str, Any]:
    reason = layout.reasons.get(name)
    by = reason.by if reason else ReadBy.MEMBERS if layout.members else ReadBy.STATED
    return {
        "column": column_letter(place) if place is not None else "",
        "header": _header(headers, place) if place is not None else "",
        "by": by.value,
        "share": round(reason.share, 3) if reason and reason.share is not None else None,
    }


def _add_source(listed: list[dict[str, Any]], source: dict[str, Any]) -> None:
    """Count the sheets that have a field in the same column for the same reason once."""
    same = next((each for each in listed if all(each[key] == value for key, value in source.items())), None)
    if same is not None:
        same["sheets"] += 1
    else:
        listed.append({**source, "sheets": 1})


def _header(headers: Sequence[str], column: int) -> str:
    return hide_numbers(" ".join(headers[column].split()))[:LONGEST_HEADER] if column < len(headers) else ""


def column_letter(column: int) -> str:
    """Return a column's letters in a spreadsheet, from 0: A, Z, AA."""
    letters = ""
    place = column + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _add_shares(report: ReadingReport, read: ReadSheet, finder: PlaceFinder, *, is_prepared: bool) -> None:
    layout, rows = read.layout.layout, read.rows
    states = rows["number_state"]
    missing = pc.sum(pc.equal(states, NumberState.MISSING.value)).as_py() or 0
    right = pc.sum(pc.is_in(states, pa.array([NumberState.OK.value, NumberState.FIFTEEN.value, NumberState.CUT.value])))
    _share(report, "number").add(rows.num_rows - missing, right.as_py() or 0)
    if layout.feed in VILLAGE_FEEDS:
        _add_places(report, read, finder, is_prepared=is_prepared)
    if is_prepared:
        return
    for name in layout.columns:
        understands = _rule(layout, name)
        if name in rows.column_names and understands is not None:
            _share(report, name).add(*_count(rows[name], understands))


def _add_places(report: ReadingReport, read: ReadSheet, finder: PlaceFinder, *, is_prepared: bool) -> None:
    rows = read.rows
    if is_prepared:
        written = pc.sum(pc.greater(pc.utf8_length(rows["unit_code"]), 0)).as_py() or 0
        villages = pc.sum(pc.match_substring_regex(rows["unit_code"], _VILLAGE_DIGITS)).as_py() or 0
        _share(report, PLACE).add(written, villages)
        return
    village = "unit_code" if read.layout.layout.feed == Feed.RESIDENT else "place"
    places = stated_places(rows, finder, read.layout.around, village=village)
    _share(report, PLACE).add(*_count(places, lambda text: _reaches_village(finder, text)))


def _reaches_village(finder: PlaceFinder, text: str) -> bool:
    place = finder.find_place(text)
    return place is not None and place.level == Level.VILLAGE


def _rule(layout: Layout, name: str) -> Callable[[str], bool] | None:
    """What it means to understand a cell of a field; None for texts and keys, which are kept as they are, and places."""
    if name in layout.values:
        return lambda text: layout.value(name, text) is not None
    kind = cells_kind(layout.feed.value, name)
    if kind == "day":
        return lambda text: read_date(text) is not None or read_range(text) is not None
    return SEXES.__contains__ if kind == "sex" else None


def _count(column: pa.Array | pa.ChunkedArray, understands: Callable[[str], bool]) -> tuple[int, int]:
    """Count the filled cells, and those understood."""
    counted = pc.value_counts(column).to_pylist()
    filled = [(each["values"], each["counts"]) for each in counted if (each["values"] or "").strip()]
    return sum(count for _, count in filled), sum(count for text, count in filled if understands(text.strip()))


def _share(report: ReadingReport, name: str) -> Share:
    return report.shares.setdefault(name, Share())


def warnings(
    report: ReadingReport,
    feed: str,
    *,
    least: Mapping[str, Any],
    drop: Fraction,
    before: Mapping[str, Any] | None,
    day: str,
) -> list[Remark]:
    """Return what somebody must accept: a field understood below its limit, or less than in the file before, of `day`, or gone.

    `least` maps field -> share as its parameter states it, `drop` is a difference of shares; `before` is the report stored with the
    file before.
    """
    said: list[Remark] = []
    named: set[str] = set()
    for name, share in report.shares.items():
        limit = Fraction(str(least.get(name, 0)))
        if share.filled >= ENOUGH and share.value < limit:
            said.append(remark("below_limit", field=name, share=_percent(share.value), limit=_percent(limit)))
    if PLACE in report.shares and feed in VILLAGE_FEEDS and _reaching(report) < report.lines:
        said.append(remark("without_village", rows=report.lines - _reaching(report), lines=report.lines))
    for each in before["fields"] if before else ():
        name = each["field"]
        if name not in report.sources and not (name in _PLACE_FIELDS and set(_PLACE_FIELDS) & set(report.sources)):
            said.append(remark("column_gone", field=name, day=day))
        elif (
            name not in named
            and name in report.shares
            and min(report.shares[name].filled, each.get("filled", 0)) >= ENOUGH
        ):
            now, was = report.shares[name].value, Share(each["filled"], each["understood"]).value
            if now < was - drop and (was - now) * report.shares[name].filled >= FEW:
                said.append(remark("understood_less", field=name, share=_percent(now), before=_percent(was), day=day))
    return said


def _reaching(report: ReadingReport) -> int:
    return report.shares[PLACE].understood


def _percent(share: Fraction) -> str:
    return f"{int(share * 1000) / 10:g} %"
