"""Rows that cannot be loaded as they stand: unusable numbers, repeated rows, unknown grades, lines that are no persons."""

import numpy as np
from numpy.typing import NDArray

from demo.county import numbers
from demo.county.draw import NOBODY
from demo.county.listing import Listing
from demo.county.poor_rows import FEEDS, FLOAT_MARK
from demo.county.truth.county import Columns, County, Text, month_column

REFUSALS = {
    "id_missing": ("id_missing", "load_without_id_to_repair"),
    "id_none": ("id_missing", "load_without_id_to_repair"),
    "id_15": ("id_15_digits", "convert_to_18_and_repair"),
    "id_disab": ("disability_number_in_id_column", "cut_to_18_and_repair"),
    "id_len": ("id_length", "reject_id_to_repair"),
    "id_numeric": ("id_numeric_float", "reject_id_to_repair"),
}
BROKEN = ("id_sub1", "id_swap", "id_2err", "id_daymonth", "id_near_twin")


def refused_rows(county: County) -> Columns:
    """Rows of the lists with an unusable number, repeated rows, certificates without a grade, and lines that are no persons."""
    parts = [_refused_numbers(county), _repeated_rows(county), _unknown_grades(county)]
    parts += [_furniture(listing) for listing in county.listings.values()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"month": month_column(county, len(columns["row"])), **columns}


def _refused_numbers(county: County) -> dict[str, NDArray]:
    rows, where = county.rows, county.addresses
    reason, action = np.full(len(rows), "", dtype="U32"), np.full(len(rows), "", dtype="U32")
    for tag, (word, deed) in REFUSALS.items():
        hit = _has_tag(rows.tags, tag)
        reason[hit], action[hit] = word, deed
    broken = np.flatnonzero(np.logical_or.reduce([_has_tag(rows.tags, tag) for tag in BROKEN]))
    broken = broken[~numbers.is_valid(numbers.from_text(rows.number[broken]))]
    reason[broken], action[broken] = "id_checksum_or_date", "reject_id_to_repair"
    at = np.flatnonzero(reason != "")
    listings = [county.listings[feed] for feed in FEEDS]
    return {
        "feed": np.array(FEEDS)[rows.feed[at]],
        "file": np.array([listing.file for listing in listings])[rows.feed[at]],
        "sheet": np.array([listing.sheet for listing in listings])[rows.feed[at]],
        "row": where.line[at],
        "reason": reason[at],
        "action": action[at],
        "value": np.char.replace(rows.number[at], FLOAT_MARK, ""),
    }


def _has_tag(tags: Text, tag: str) -> NDArray[np.bool_]:
    return np.char.find(np.char.add(np.char.add(" ", tags), " "), f" {tag} ") >= 0


def _repeated_rows(county: County) -> dict[str, NDArray]:
    rows, where = county.rows, county.addresses
    again = np.flatnonzero(rows.repeats != NOBODY)
    reason = np.char.add("duplicate_of_row_", where.line[rows.repeats[again]].astype("U8"))
    poverty = county.listings["poverty"]
    file, sheet = np.full(len(again), poverty.file), np.full(len(again), poverty.sheet)
    return _refusals("poverty", file, sheet, where.line[again], reason, "ignore_duplicate")


def _unknown_grades(county: County) -> dict[str, NDArray]:
    feed = county.feeds["disability"]
    at = np.flatnonzero(_has_tag(feed.tags, "grade_unknown"))
    size = len(at)
    file, sheet, reason = np.full(size, feed.listing.file), np.full(size, ""), np.full(size, "grade_unknown")
    part = _refusals("disability", file, sheet, feed.listing.line[at], reason, "reject_row")
    return part | {"value": np.array([feed.detail[row]["grade_written"] for row in at.tolist()], dtype="U3")}


def _refusals(feed: str, file: Text, sheet: Text, row: NDArray, reason: Text, action: str) -> dict[str, NDArray]:
    size = len(row)
    return {
        "feed": np.full(size, feed),
        "file": file,
        "sheet": sheet,
        "row": row,
        "reason": reason,
        "action": np.full(size, action),
        "value": np.full(size, ""),
    }


FEEDS_WITH_FURNITURE = ("poverty", "dibao", "tekun", "deaths", "outprov")


def _furniture(listing: Listing) -> dict[str, NDArray]:
    lines = sorted(listing.furniture) if listing.feed in FEEDS_WITH_FURNITURE else []
    reasons = [_furniture_reason(listing, line) for line in lines]
    size = len(lines)
    return _refusals(
        listing.feed,
        np.full(size, listing.file),
        np.full(size, listing.sheet),
        np.array(lines, dtype=np.int64),
        np.array(reasons, dtype="U32"),
        "skip",
    )


def _furniture_reason(listing: Listing, line: int) -> str:
    cells = listing.furniture[line]
    if not cells:
        return "blank_row"
    if line < listing.line[0]:
        return "title_row" if line == 1 and listing.header_row > 1 else "header_row"
    if cells[0] == "合计":
        return "total_row"
    return "header_repeated" if cells[0] == next(iter(listing.columns)) else "signature_line"
