"""A roll prepared once: clean numbers, phonetic keys of names, statuses as codes, dates, written as one immutable Parquet file.

Every line has a position, unique in the snapshot over all parts of the delivery. Beside it is the small table of numbers
one digit error away from the roll's damaged ones. The night reads only these two.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foundation.jobs.duckdb_connections import open_duckdb
from foundation.primitives.name_place import define_name_place
from foundation.primitives.number_repair import repair_candidates
from foundation.regions.place_names import place_part
from registry.constants import Feed
from registry.intake.dates import read_days
from registry.intake.layouts import Layout
from registry.intake.places import PlaceFinder, over_distinct, stated_places
from registry.intake.reading import ReadSheet
from registry.intake.roll_endings import death_reporters

PREPARATION = 9  # raise it with every change of reading or cleaning: lines of older snapshots are then read again
_SQL = Path(__file__).parent / "sql"
ROW_GROUP = 122_880
DAMAGED = ["checksum", "length"]
CONTROL_SUMS = ("by_status", "by_number_state")
# Columns of few distinct values; a dictionary of the others costs more than it saves.
_REPEATING = [
    "part", "number_state", "birth", "stated_birth", "sex", "unit_code", "identity", "status", "joined_date", "benefit_start_month",
    "death_source",
]  # fmt: skip


@dataclass(frozen=True)
class PreparedRoll:
    """What was written: the file, row count and control sums."""

    path: Path
    sha256: str
    row_count: int
    control_sums: dict[str, object]


def repairs_path(snapshot: Path) -> Path:
    """Return the path of the snapshot's computed repairs."""
    return snapshot.with_suffix(".repairs.parquet")


def prepare_roll(
    sheets: list[tuple[str, ReadSheet]], *, target: Path, finder: PlaceFinder | None = None
) -> PreparedRoll:
    """Write the snapshot of a roll delivered in one or several parts, given as (part, rows); places become codes by `finder`.

    Effects: writes beside the target and renames: a killed preparation leaves no file under the final name.
    Cost: one million rows a second on two cores.
    """
    return write_snapshot(pa.concat_tables([prepared_lines(part, each, finder) for part, each in sheets]), target)


def write_snapshot(lines: pa.Table, target: Path) -> PreparedRoll:
    """Number prepared lines and write them, the repairs of their damaged numbers beside."""
    target.parent.mkdir(parents=True, exist_ok=True)
    roll = lines.add_column(0, "position", pa.array(np.arange(1, lines.num_rows + 1, dtype=np.int32)))
    unfinished = target.with_suffix(".unfinished")
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(_write_roll, roll, unfinished)
        _write_repairs(roll, repairs_path(target))
        sums: dict[str, object] = {name: _counts(roll[name.removeprefix("by_")]) for name in CONTROL_SUMS}
        digest = writing.result()
    unfinished.replace(target)
    return PreparedRoll(target, digest, roll.num_rows, sums)


def _write_roll(roll: pa.Table, path: Path) -> str:
    pq.write_table(
        roll,
        path,
        row_group_size=ROW_GROUP,
        compression="lz4",  # a third more disk than zstd, written in three quarters of the time
        use_dictionary=_REPEATING,
        store_schema=False,
    )
    return sha256_of(path)


def prepared_lines(part: str, sheet: ReadSheet, finder: PlaceFinder | None = None) -> pa.Table:
    """Return the columns of a snapshot for a sheet's rows, all but the position, in the order of the file.

    `roll_no` is the reference of a number that reads as an identity number; only then `roll_no_sent` has the number as sent.
    `death_source`: on whose report a line was ended for death (roll_endings.py), empty where it was not or the roll does not say.
    """
    layout, rows = sheet.layout.layout, sheet.rows
    source = {name: rows[name] for name in rows.column_names}
    texts = {name: source.get(name, _blank(rows)) for name in ("roll_no", "sex", "identity")}
    texts["unit_code"] = _places(sheet, finder)
    days = {name: _days(source.get(name, _blank(rows))) for name in ("birth", "joined", "benefit_start")}
    source_columns = pa.table(
        {"sex": texts["sex"], "birth": days["birth"], "unit_code": texts["unit_code"]}
        | {name: source[name] for name in ("key", "birth_in_number", "sex_in_number", "phonetic_key")}
    )
    derived, status = _derived(source_columns), _status(layout, source, rows)
    return pa.table(
        {
            "line": rows["row"].cast(pa.int32()),
            "part": pa.repeat(pa.scalar(part, pa.string()), rows.num_rows),
            "roll_no": texts["roll_no"],
            "roll_no_sent": source.get("roll_no_sent", pa.nulls(rows.num_rows, pa.string())),
            **{name: source[name] for name in ("name", "phonetic_key", "number", "number_state", "key")},
            "birth": derived["birth"],
            "stated_birth": days["birth"],
            "sex": derived["sex"],
            "unit_code": texts["unit_code"],
            "identity": texts["identity"],
            "status": status,
            "joined_date": days["joined"],
            "benefit_start_month": days["benefit_start"],
            "death_source": death_reporters(rows, status),
            "name_place": derived["name_place"],
        }
    )


def _derived(roll: pa.Table) -> pa.Table:
    """Birth and sex of every line, by the one statement that decides between number and stated value, and its name_place."""
    with open_duckdb() as database:
        define_name_place(database)
        database.register("roll", roll)
        return database.sql((_SQL / "prepare_roll.sql").read_text("utf-8")).to_arrow_table()


def _places(sheet: ReadSheet, finder: PlaceFinder | None) -> pa.Array:
    """The code of the unit each line states, else the part of its text that is a place."""
    rows = sheet.rows
    village = "unit_code" if "unit_code" in rows.column_names else "insured_in"
    if finder is None:
        return over_distinct(rows[village] if village in rows.column_names else _blank(rows), place_part)
    return over_distinct(stated_places(rows, finder, sheet.layout.around, village=village), finder.code_of)


def _blank(rows: pa.Table) -> pa.Array:
    return pa.nulls(rows.num_rows, pa.string()).fill_null("")


def _status(layout: Layout, source: dict[str, pa.Array], rows: pa.Table) -> pa.Array:
    """aac008/aac031 as "1/3" on the resident roll, from the combined word where the codes are missing; one code elsewhere."""
    if layout.feed != Feed.RESIDENT:
        return _mapped(layout, "status", source["status"])
    if "status" in source and "paying" in source:
        pair = pc.binary_join_element_wise(
            _mapped(layout, "status", source["status"]), _mapped(layout, "paying", source["paying"]), "/"
        )
        if "business" not in source:
            return pair
        empty = pc.is_in(pair, pa.array(["/"]))
        return pc.if_else(empty, _combined(layout, source["business"]), pair)
    return _combined(layout, source["business"] if "business" in source else source["status"])


def _combined(layout: Layout, words: pa.Array) -> pa.Array:
    return pc.replace_substring(_mapped(layout, "business", words), ",", "/")


def _days(written: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Read the distinct days of a column; a month counts from its first day, what is no day is null."""
    encoded = (written.combine_chunks() if isinstance(written, pa.ChunkedArray) else written).dictionary_encode()
    return read_days(encoded.dictionary).take(encoded.indices)


def _mapped(layout: Layout, column: str, words: pa.ChunkedArray) -> pa.Array:
    """Map words to codes over the distinct ones; an unknown code is left as written, an unknown word is only known to be one."""
    return over_distinct(words, lambda word: layout.value_or_code(column, word))


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    counted = {entry["values"]: entry["counts"] for entry in column.value_counts().to_pylist()}
    return dict(sorted(counted.items()))


def _write_repairs(roll: pa.Table, target: Path) -> None:
    damaged = roll.filter(pc.is_in(roll["number_state"], pa.array(DAMAGED)))
    found = repair_candidates(damaged["number"].combine_chunks())
    at = {name: damaged[name].combine_chunks().take(found["row"]) for name in ("position", "phonetic_key")}
    repairs = pa.table({**at, "key": found["key"]})
    unfinished = target.with_suffix(".unfinished")
    pq.write_table(repairs, unfinished)
    unfinished.replace(target)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
