"""`./run bench matching [--poor N --roll N] [--folder FOLDER]`: the matching beside a plain hash join on the number.

Makes a county (or takes a folder of files), prepares its rolls as intake does, then runs in turn the bare DuckDB join of
the same numbers on the same Parquet and the whole cascade, loading of the subjects and description of the links included;
once also raw, from the files: bare readers and the bare join beside reading, preparing and matching.
Prints medians, their ratios and, against the truth beside the files, confirmed pairs right and wrong, and what was found of
each class of errors. The matching itself runs in a process of its own, whose peak memory is printed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import statistics
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import log2
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from unittest import mock

import django
import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import python_calamine

django.setup()

from coverage.matching import pipeline  # noqa: E402
from coverage.matching.pipeline import match  # noqa: E402
from coverage.matching.rolls import Roll, load_rolls  # noqa: E402
from coverage.matching.subjects import CHANGES, IDENTITY_VARIANTS, Subjects, load_subjects, prepare_subjects  # noqa: E402
from demo.county import make_county  # noqa: E402
from demo.loading import COUNTY, MONTH, VILLAGES  # noqa: E402
from foundation.regions.gazetteer import Gazetteer, Place, entries_of  # noqa: E402
from registry.constants import PERSON_FEEDS, ROLL_FEEDS  # noqa: E402
from registry.intake.files import read_sheets  # noqa: E402
from registry.intake.places import PlaceFinder  # noqa: E402
from registry.intake.reading import ReadSheet, read_rows  # noqa: E402
from registry.intake.recognising import find_layout  # noqa: E402
from registry.intake.rolls import prepare_roll  # noqa: E402
from registry.intake.sheets import Sheet  # noqa: E402
from registry.intake.texts import read_text_sheet  # noqa: E402

T = TypeVar("T")
MOST_LINES = 3_000_000
BARE = "SELECT count(*) FROM subject JOIN (SELECT number FROM read_parquet(?)) roll USING (number)"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = options.folder or _make(options.poor, options.roll, Path(scratch))
        preparing, (subjects, keys, rolls) = _timed(lambda: _prepare(folder, Path(scratch)))
        print(f"read and prepared in {preparing:.1f} s: {len(keys):,} rows of the poor")
        if options.weights:
            _print_weights(
                subjects, rolls, {key: row for key, row in _truth(folder).items() if row["match"] == "1"}, keys
            )
            return
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
            run = beside.submit(_run, subjects, rolls, options.runs).result()
        _print_times(run.bare, run.whole)
        print(f"peak memory of the matching's process {run.peak_gb:.2f} GB   (limit 1.6 at 1,000,000 x 10,000,000)")
        raw = _raw_join(folder, Path(scratch))
        whole = preparing + statistics.median(run.whole)
        print(
            f"raw: bare readers and join {raw:.2f} s, read, prepared and matched {whole:.2f} s, ratio {whole / raw:.1f}"
        )
        _compare(run.links, keys, folder)


@dataclass(frozen=True)
class Run:
    """Seconds of each pair of runs, the last links, the process's peak."""

    bare: list[float]
    whole: list[float]
    links: pa.Table
    peak_gb: float


def _run(subjects: Subjects, rolls: list[Roll], runs: int) -> Run:
    """Run bare join and cascade in turn; a first pair warms up."""
    numbers = _numbers_of(subjects)
    bare, whole, links = [], [], subjects.variants
    for _ in range(runs + 1):
        del links  # a night holds its links only once in memory
        bare.append(_timed(lambda: _bare_join(numbers, rolls))[0])
        seconds, links = _timed(lambda: match(subjects, CHANGES.empty_table(), rolls))
        whole.append(seconds)
    return Run(bare[1:], whole[1:], links, _peak_gb())


def _peak_gb() -> float:
    """Of this process alone: getrusage would start at the peak of the parent process."""
    [line] = [line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 2**20


def _numbers_of(subjects: Subjects) -> pa.Table:
    numbers = subjects.variants["number"]
    return pa.table({"number": numbers.filter(pc.not_equal(numbers, ""))})


def _raw_join(folder: Path, scratch: Path) -> float:
    """Seconds to read the same files and join on the number column: workbooks by calamine, texts, already unpacked and UTF-8, by DuckDB."""
    seconds, numbers = _timed(lambda: _raw_numbers(folder))
    for path in sorted(folder.glob("*.zip")):
        text, name = scratch / "raw.csv", "证件号码" if "居保" in path.name else "身份证号"
        with zipfile.ZipFile(path) as archive:
            text.write_text(archive.read(archive.namelist()[0]).decode("gb18030"), "utf-8")
        seconds += _timed(lambda: _read_and_join(numbers, text, name))[0]  # noqa: B023 (called at once)
    return seconds


def _raw_numbers(folder: Path) -> pa.Table:
    """Everything that looks like a number in the lists of the poor."""
    texts: list[str] = []
    for path in [path for pattern in ("建档立卡*", "城乡低保*", "特困*") for path in folder.glob(pattern)]:
        if path.suffix == ".xlsx":
            book = python_calamine.CalamineWorkbook.from_path(path)
            rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        else:
            rows = list(csv.reader(path.read_bytes().decode("gb18030").splitlines()))
        texts += [
            cell
            for row in rows
            for cell in row
            if isinstance(cell, str) and 15 <= len(cell) <= 18 and cell[:15].isdigit()
        ]
    return pa.table({"number": texts})


def _read_and_join(numbers: pa.Table, text: Path, column: str) -> int:
    with duckdb.connect() as database:
        database.register("subject", numbers)
        read = f'SELECT "{column}" AS number FROM read_csv(?, all_varchar=true)'
        joined = f"SELECT count(*) FROM subject JOIN ({read}) roll USING (number)"
        return int(database.execute(joined, [str(text)]).fetchall()[0][0])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench matching", description=__doc__)
    parser.add_argument("--poor", type=int, default=12_600)
    parser.add_argument("--roll", type=int, default=650_000)
    parser.add_argument("--folder", type=Path, help="a month's files of a county instead of generated ones")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--weights", action="store_true", help="estimate the weights of the comparison vectors instead")
    return parser.parse_args()


def _make(poor: int, roll: int, scratch: Path) -> Path:
    started = time.perf_counter()
    made = make_county(poor=poor, roll=roll, seed=1, out=scratch / "county", county=COUNTY, month=MONTH)
    print(f"made {poor:,} x {roll:,} in {time.perf_counter() - started:.1f} s")
    return made.month_folder


def _prepare(folder: Path, scratch: Path) -> tuple[Subjects, list[tuple[str, ...]], list[Roll]]:
    """Read the month as intake does; every poor row is a subject of its own, its address beside it."""
    places = _places()
    finder, codes = PlaceFinder(Gazetteer(entries_of(places, MONTH))), {place.id: place.code for place in places}
    variants, keys, rolls = [], [], []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        for sheet in _sheets(path):
            layout = find_layout(sheet, path.name)
            feed = layout.layout.feed
            if feed in ROLL_FEEDS:
                target = scratch / f"{feed}-{len(rolls)}.parquet"
                prepare_roll([(sheet.part, read_rows(sheet, layout))], target=target)
                rolls.append(Roll(feed.value, len(rolls) + 1, target))
            elif feed in PERSON_FEEDS:
                rows = read_rows(sheet, layout)
                variants.append(_variants(rows, finder, codes, first=len(keys) + 1))
                keys += _addresses(rows, feed.value, path.name)
    return prepare_subjects(pa.concat_tables(variants)), keys, rolls


def _sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a file; a text longer than one file may be comes in parts, as a large region's roll does."""
    if path.suffix != ".zip":
        yield from read_sheets(path)
        return
    with zipfile.ZipFile(path) as archive:
        [name] = archive.namelist()
        head, *lines = archive.read(name).split(b"\n")
    for first in range(0, len(lines), MOST_LINES):
        part = lines[first : first + MOST_LINES]
        if any(part):
            yield read_text_sheet(b"\n".join([head, *part]), name)


def _places() -> list[Place]:
    above = [
        Place(-2, "320000000000", 1, "江苏省", "江苏省"),
        Place(-1, "320600000000", 2, "南通市", "江苏省南通市"),
        Place(0, f"{COUNTY}000000", 3, "如皋市", "江苏省南通市如皋市"),
    ]
    with gzip.open(VILLAGES, "rt", encoding="utf-8") as villages:
        rows = list(csv.DictReader(villages))
    return [*above, *(Place(i, row["code"], 5, row["name"], row["name"]) for i, row in enumerate(rows, 1)), *_towns()]


def _towns() -> list[Place]:
    source = Path(__file__).parents[1] / "foundation" / "regions" / "data" / "divisions_2023.csv.gz"
    with gzip.open(source, "rt", encoding="utf-8") as divisions:
        rows = [row for row in csv.DictReader(divisions) if row["code"].startswith(COUNTY) and row["level"] == "4"]
    return [Place(10_000 + i, row["code"], 4, row["name"], row["name"]) for i, row in enumerate(rows)]


def _variants(sheet: ReadSheet, finder: PlaceFinder, codes: dict[int | None, str], *, first: int) -> pa.Table:
    rows = sheet.rows
    parts = [rows[name] for name in ("town", "place") if name in rows.column_names]
    texts = pc.binary_join_element_wise(*parts, "").to_pylist() if len(parts) > 1 else parts[0].to_pylist()
    named = [codes.get(finder.find(text), "") for text in texts]
    return pa.table(
        {
            "subject_id": pa.array(range(first, first + rows.num_rows), pa.int64()),
            "name": rows["name"],
            "number": rows["number"],
            "stated_birth": pa.nulls(rows.num_rows, pa.date32()),
            "village": pa.array(["" if code.endswith("000") else code for code in named], pa.string()),
        }
    ).cast(IDENTITY_VARIANTS)


def _addresses(sheet: ReadSheet, feed: str, file: str) -> list[tuple[str, ...]]:
    rows = sheet.rows
    member = [str(value) if feed == "dibao" else "" for value in rows["member"].to_pylist()]
    return [
        (feed, file, sheet.sheet, str(row), place) for row, place in zip(rows["row"].to_pylist(), member, strict=True)
    ]


def _bare_join(subject: pa.Table, rolls: list[Roll]) -> int:
    with duckdb.connect() as database:
        database.register("subject", subject)
        return int(database.execute(BARE, [[str(roll.path) for roll in rolls]]).fetchall()[0][0])


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _print_times(bare: list[float], whole: list[float]) -> None:
    pairs = [b / a for a, b in zip(bare, whole, strict=True)]
    print(
        f"bare join {statistics.median(bare):.3f} s   cascade {statistics.median(whole):.3f} s   "
        f"ratio {statistics.median(pairs):.1f} (of {len(pairs)} pairs: {min(pairs):.1f} to {max(pairs):.1f})"
    )


def _truth(folder: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """Address of a poor row and number of a roll line -> the truth's pair; empty where there is none beside the files."""
    truth = folder.parent / "truth" / "pairs.csv.gz"
    if not truth.exists():
        return {}
    with gzip.open(truth, "rt", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["month"] == folder.name and row["scheme"] in ROLL_FEEDS]
    return {_truth_key(row): row for row in rows}


def _print_weights(
    subjects: Subjects, rolls: list[Roll], right: dict[tuple[str, ...], dict[str, str]], keys: list[tuple[str, ...]]
) -> None:
    """Of each field's agreement: m among the true pairs no rule confirms, u among random pairs, log2(m / u)."""
    with duckdb.connect() as database:
        load_rolls(database, rolls)
        load_subjects(database, subjects, CHANGES.empty_table())
        pipeline.run_steps(database, rolls)
        addresses = pa.table({"key": ["|".join(key) for key in keys], "subject_id": range(1, len(keys) + 1)})
        pairs = pa.table(
            {
                "key": ["|".join(key[:5]) for key in right],
                "scheme": [k[5] for k in right],
                "roll_no": [k[6] for k in right],
            }
        )
        database.register("subject_address", addresses)
        database.register("true_pair", pairs)
        counts = {
            name: _verdict_counts(database, rolls, query) for name, query in (("m", TRUE_PAIRS), ("u", RANDOM_PAIRS))
        }
    (true, true_pairs), (by_chance, random_pairs) = counts["m"], counts["u"]
    print(f"{true_pairs:,} true pairs no rule confirms, {random_pairs:,} random ones")
    for verdict in sorted(true | by_chance):
        m, u = (true[verdict] + 0.5) / (true_pairs + 1), (by_chance[verdict] + 0.5) / (random_pairs + 1)
        print(
            f"  {verdict:32s} m {m:.4f} ({true[verdict]:,})  u {u:.6f} ({by_chance[verdict]:,})  {log2(m / u):6.1f} bits"
        )


TRUE_PAIRS = """
    SELECT subject_id, scheme, snapshot, position FROM true_pair JOIN subject_address USING (key)
    JOIN roll USING (scheme, roll_no) WHERE scheme = 'resident'
    AND (subject_id, snapshot, position) NOT IN (SELECT (subject_id, snapshot, position) FROM confirmed)
"""
RANDOM_PAIRS = """
    SELECT subject_id, scheme, snapshot, position
    FROM (SELECT subject_id FROM unlinked USING SAMPLE 300 (reservoir, 5)),
        (SELECT scheme, snapshot, position FROM roll WHERE scheme = 'resident' USING SAMPLE 4000 (reservoir, 3))
"""


def _verdict_counts(database: duckdb.DuckDBPyConnection, rolls: list[Roll], pairs: str) -> tuple[Counter[str], int]:
    """Compare pairs as the pipeline compares possible matches, none left out; return how often each agreement occurs, and the pairs."""
    database.execute(
        "CREATE TEMP TABLE IF NOT EXISTS confirmed AS SELECT * FROM link WHERE action = 'auto';"
        f"CREATE OR REPLACE TEMP TABLE chosen AS {pairs}; DELETE FROM link;"
        "INSERT INTO link SELECT subject_id, scheme, snapshot, position, '', 'review' FROM chosen"
    )
    lines = pipeline.load_lines(database, rolls)
    with mock.patch.multiple(pipeline, LEAST_SCORE=float("-inf"), MOST_PROPOSED=10**9):
        patterns = Counter(pipeline.describe(database, lines)["comparison_vector"].to_pylist())
    counts: Counter[str] = Counter()
    for pattern, times in patterns.items():
        for verdict in pattern.split(";"):
            counts[verdict] += times
    return counts, patterns.total()


def _compare(links: pa.Table, keys: list[tuple[str, ...]], folder: Path) -> None:
    match_of = _truth(folder)
    if not match_of:
        return
    found = {
        (*keys[subject - 1], scheme, roll_no): action
        for subject, scheme, roll_no, action in zip(
            *(links[name].to_pylist() for name in ("subject_id", "scheme", "roll_no", "action")), strict=True
        )
    }
    confirmed = {key for key, action in found.items() if action == "auto"}
    right = {key for key, row in match_of.items() if row["match"] == "1"}
    automatic = {key for key in right if match_of[key]["action"].startswith("auto")}
    print(
        f"confirmed {len(confirmed):,}, wrong {len(confirmed - right)}; of {len(automatic):,} that rules can confirm "
        f"{len(confirmed & automatic) / max(1, len(automatic)):.4%}; found at all {len(right & set(found)) / max(1, len(right)):.4%}"
    )
    _print_classes({key: match_of[key] for key in right}, confirmed, set(found))


def _print_classes(
    right: dict[tuple[str, ...], dict[str, str]], confirmed: set[tuple[str, ...]], found: set[tuple[str, ...]]
) -> None:
    """Of each class of errors: how many true pairs, confirmed, found at all."""
    classes: dict[str, list[tuple[str, ...]]] = {}
    for key, row in right.items():
        for error in f"{row['feed_errors']} {row['roll_errors']}".split() or ["none"]:
            classes.setdefault(error, []).append(key)
    for error, keys in sorted(classes.items()):
        sure, some = (sum(key in among for key in keys) / len(keys) for among in (confirmed, found))
        print(f"  {error:24s} {len(keys):>8,}  confirmed {sure:8.2%}  found {some:8.2%}")


def _truth_key(row: dict[str, str]) -> tuple[str, ...]:
    member = row["row_key"].split("|")[2] if row["feed"] == "dibao" else ""
    return (row["feed"], row["file"], row["sheet"], row["row"], member, row["scheme"], row["roll_no"])


if __name__ == "__main__":
    main()
