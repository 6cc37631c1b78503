"""The lines a text roll has in common, byte for byte, with the roll before it: their contents are taken from its snapshot.

Only where every line is independent: one text without quotes, the same count of cells in every line, one header line. Every line
with a problem, the first lines, and lines that may be each other's duplicates are read as in a new file. Beside a snapshot
are the hashes of its lines without a problem.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foundation.jobs.duckdb_connections import open_duckdb
from registry.constants import ROLL_FEEDS, RowReason
from registry.intake.layouts import SheetLayout
from registry.intake.places import PlaceFinder
from registry.intake.problems import Problem
from registry.intake.reading import ReadSheet
from registry.intake.rolls import prepared_lines, sha256_of
from registry.intake.sheets import MOST_CELLS, Sheet
from registry.intake.texts import SEPARATORS

FIRST_LINES = 6_200  # more than recognising reads: header, separator, layout and words are found as in the whole file
LEAST_SHARED = 0.5
ENCODINGS = {"utf-8", "utf-8-sig", "gb18030"}
_FORM = b"form"
_HASHES = """
    SELECT (hash >> 64)::UBIGINT AS upper, (hash & 18446744073709551615::UHUGEINT)::UBIGINT AS lower
    FROM (SELECT md5_number(line) AS hash FROM raw)
"""
Places = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Read = Callable[[bytes], tuple[Sheet, ReadSheet]]


@dataclass(frozen=True)
class RawLines:
    """The lines of a text as bytes, their ends included; place i is line i + 1."""

    lines: pa.Array

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def header(self) -> bytes:
        header: bytes = self.lines[0].as_py()
        return header

    @cached_property
    def hashes(self) -> tuple[Hashes, Hashes]:
        """128 bits of every line, in two halves."""
        with open_duckdb() as database:
            database.register("raw", pa.table({"line": self.lines}))
            found = database.sql(_HASHES).to_arrow_table()
        return found["upper"].to_numpy(), found["lower"].to_numpy()

    def text_of(self, places: Places) -> bytes:
        """Return the lines at the places as a text of its own."""
        return b"".join(self.only(places).lines.to_pylist())

    def only(self, places: Places) -> RawLines:
        """Return the lines at the places."""
        return RawLines(self.lines.take(pa.array(places)))


def raw_lines(text: bytes) -> RawLines | None:
    """Split a text; None where a quote may hide an end of line."""
    return split_lines(text) if text and b'"' not in text else None


def split_lines(text: bytes) -> RawLines:
    """Split a text that is not empty at its line feeds."""
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")) + 1
    if not len(ends) or ends[-1] < len(text):
        ends = np.append(ends, len(text))
    offsets = np.concatenate([[0], ends]).astype(np.int64)
    return RawLines(
        pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(text)]
        )
    )


@dataclass(frozen=True)
class Shared:
    """Which lines of a text to read, and for the others their place in the snapshot before (position - 1)."""

    read: Places
    known: Places
    known_at: Places


@dataclass(frozen=True)
class LineHashes:
    """The hashes beside a snapshot: of its lines without a problem, with their places there, in the order of `lower`."""

    snapshot: Path
    form: dict[str, object]
    at: Places
    upper: Hashes
    lower: Hashes

    def shared_with(self, raw: RawLines) -> Shared | None:
        """Find the lines that need no reading; None where the header is another or they are too few."""
        if not len(self.lower) or self.form["header"] != hashlib.sha256(raw.header).hexdigest():
            return None
        upper, lower = raw.hashes
        order = np.argsort(lower)
        found = np.empty(raw.count, dtype=np.int64)
        found[order] = np.minimum(np.searchsorted(self.lower, lower[order]), len(self.lower) - 1)
        same = (self.lower[found] == lower) & (self.upper[found] == upper) & _once(lower, order)
        same[:FIRST_LINES] = False
        known = np.flatnonzero(same)
        if len(known) < LEAST_SHARED * raw.count:
            return None
        return Shared(np.flatnonzero(~same), known, self.at[found[known]])


def _once(hashes: Hashes, order: Places) -> npt.NDArray[np.bool_]:
    """Mark what occurs once, given the order of the hashes."""
    other = np.diff(hashes[order]) != 0
    once = np.empty(len(hashes), dtype=bool)
    once[order] = np.append(other, True) & np.insert(other, 0, True)
    return once


def form_of(
    raw: RawLines, sheet: Sheet, layout: SheetLayout, finder: PlaceFinder | None = None
) -> dict[str, object] | None:
    """Return what must be the same for two texts' equal lines to mean the same; None where lines are not independent."""
    plain = sheet.widths is None and sheet.encoding in ENCODINGS and sheet.rows == raw.count
    whole = layout.layout.feed in ROLL_FEEDS and not layout.members and not layout.layout.household
    if not (plain and whole) or (layout.header_row, layout.header_rows) != (0, 1):
        return None
    cells = [column[0].as_py() for column in sheet.cells]
    header = raw.header.decode(sheet.encoding).rstrip("\r\n")
    if len(cells) < 2 or header not in {mark.join(cells) for mark in SEPARATORS}:
        return None
    return {
        "header": hashlib.sha256(raw.header).hexdigest(),
        "encoding": sheet.encoding,
        "cells": cells,
        "places": finder.version(layout) if finder is not None else "",
        "layout": hashlib.sha256(repr(replace(layout, reasons={}, around=())).encode()).hexdigest(),
    }


def lines_path(snapshot: Path) -> Path:
    """Return the path of the hashes of a snapshot's lines."""
    return snapshot.with_suffix(".lines.parquet")


def store_line_hashes(snapshot: Path, sha256: str, raw: RawLines, form: dict[str, object], sheet: ReadSheet) -> None:
    """Write the hashes of a snapshot's lines without a problem beside it."""
    rows = sheet.rows["row"].to_numpy().astype(np.int64)
    clean = ~np.isin(rows, [problem.row for problem in sheet.problems])
    upper, lower = (half[rows[clean] - 1] for half in raw.hashes)
    order = np.argsort(lower)
    table = pa.table(
        {"at": np.flatnonzero(clean).astype(np.int32)[order], "upper": upper[order], "lower": lower[order]}
    )
    metadata = json.dumps(form | {"snapshot": sha256})
    target = lines_path(snapshot)
    unfinished = target.with_suffix(".unfinished")
    pq.write_table(
        table.replace_schema_metadata({_FORM: metadata}),
        unfinished,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        write_page_checksum=True,
    )
    unfinished.replace(target)


def open_line_hashes(snapshot: Path, sha256: str) -> LineHashes | None:
    """Open the hashes beside a snapshot; None where there are none, or either file is damaged or belongs to another."""
    try:
        table = pq.read_table(lines_path(snapshot), page_checksum_verification=True)
    except (OSError, pa.ArrowException):
        return None
    form = json.loads(table.schema.metadata[_FORM])
    if form.pop("snapshot") != sha256 or not snapshot.exists() or sha256_of(snapshot) != sha256:
        return None
    at, upper, lower = (table[name].to_numpy() for name in ("at", "upper", "lower"))
    return LineHashes(snapshot, form, at.astype(np.int64), upper, lower)


def read_changed_lines(
    raw: RawLines, part: str, before: LineHashes, read: Read, finder: PlaceFinder | None = None
) -> tuple[Sheet, ReadSheet] | None:
    """Read the lines the roll before does not contain, with `read`, and combine them with the unchanged ones.

    Returns the sheet of the lines read, and the whole roll with its problems, in the form of _combine; None where lines are not
    independent or have another form than before. Errors: as `read`; then the whole file must be read.
    """
    shared = before.shared_with(raw)
    if shared is None:
        return None
    snapshot = pq.read_table(before.snapshot)
    sheet, found = read(raw.text_of(shared.read))
    wider = _with_same_numbers(shared, found, snapshot)
    if wider is not shared:
        sheet, found = read(raw.text_of(wider.read))
    if (
        form_of(raw.only(wider.read), sheet, found.layout, finder) != before.form
        or len(sheet.cells) * (raw.count + 1) > MOST_CELLS
    ):
        return None
    return sheet, _combine(wider, part, found, snapshot, finder)


def _with_same_numbers(shared: Shared, sheet: ReadSheet, snapshot: pa.Table) -> Shared:
    """Read those lines too whose number is on a line that is read: they may be each other's duplicates."""
    keys = pc.drop_null(sheet.rows["key"])
    again = pc.is_in(snapshot["key"], value_set=keys).to_numpy()[shared.known_at]
    if not again.any():
        return shared
    read = np.sort(np.concatenate([shared.read, shared.known[again]]))
    return Shared(read, shared.known[~again], shared.known_at[~again])


def _combine(shared: Shared, part: str, sheet: ReadSheet, snapshot: pa.Table, finder: PlaceFinder | None) -> ReadSheet:
    """Return the whole roll's lines as in a snapshot, `row` their line, those taken over among those read.

    Shape of `rows`: as prepared_lines with `row` for `line`; in the order of the file.
    """
    there = prepared_lines(part, sheet, finder)
    columns = [name for name in there.column_names if name not in ("line", "part")]
    read_lines = shared.read[there["line"].to_numpy() - 1]
    lines = np.concatenate([shared.known, read_lines])
    order = np.argsort(lines, kind="stable")
    source = np.concatenate([shared.known_at, snapshot.num_rows + np.arange(there.num_rows)])[order]
    whole = pa.concat_tables([snapshot.select(columns), there.select(columns)]).combine_chunks()
    rows = whole.take(pa.array(source))
    rows = rows.add_column(0, "row", pa.array((lines[order] + 1).astype(np.int32)))
    rows = rows.add_column(1, "part", pa.repeat(pa.scalar(part, pa.string()), rows.num_rows))
    return replace(sheet, rows=rows, problems=_placed(sheet.problems, shared.read))


def _placed(problems: Sequence[Problem], read: Places) -> list[Problem]:
    """Name problems by the lines of the whole file."""
    prefix = f"{RowReason.DUPLICATE.value}_"

    def reason(written: str) -> str:
        if not written.startswith(prefix):
            return written
        return f"{prefix}{read[int(written.removeprefix(prefix)) - 1] + 1}"

    return [replace(each, row=int(read[each.row - 1]) + 1, reason=reason(each.reason)) for each in problems]
