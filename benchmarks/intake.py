"""`./run bench intake [--roll N | --folder FOLDER [--next FOLDER]] [--poverty N] [--book N]`: receiving beside bare readers.

The resident roll of a generated county, or of a month's folder: read, recognised, cleaned and prepared, beside a plain
DuckDB read of the same text; the month after it, in which few lines changed. A workbook beside openpyxl, and pandas where
it is installed. With --poverty a poverty file of that many lines applied to this installation's county and rolled back.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

os.environ["DATABASE_ROLE"] = "owner"

import django
import duckdb
import numpy as np
import openpyxl

django.setup()

import xlsxwriter  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import override_settings  # noqa: E402

from demo.county import make_county  # noqa: E402
from demo.loading import COUNTY, MONTH  # noqa: E402
from foundation.accounts.actors import system_actor  # noqa: E402
from foundation.primitives.clock import now  # noqa: E402
from foundation.primitives.resident_id import CHECK_CHARACTERS, WEIGHTS  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402
from registry.intake.files import only_text, read_sheets  # noqa: E402
from registry.intake.reading import ReadSheet, read_rows  # noqa: E402
from registry.intake.recognising import find_layout  # noqa: E402
from registry.intake.rolls import PreparedRoll, prepare_roll, write_snapshot  # noqa: E402
from registry.intake.sheets import Sheet  # noqa: E402
from registry.intake.texts import read_text_sheet  # noqa: E402
from registry.intake.unchanged_lines import form_of, open_line_hashes, raw_lines, read_changed_lines, store_line_hashes  # noqa: E402
from registry.services.receiving import process_delivery, receive_file  # noqa: E402

T = TypeVar("T")
ROLL_HINT = "居保"
MOST_SECONDS, MOST_GB, LEAST_ROWS_A_SECOND, MOST_OF_FIRST, MOST_POVERTY_SECONDS = 25, 1.5, 1_000_000, 2 / 3, 120
CHANGED_SHARE = 0.01


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        roll = _roll_in(options.folder or _make(options.roll, scratch))
        later = _roll_in(options.next) if options.next else _a_month_later(roll, scratch)
        first = _receive(roll, scratch / "first.parquet")
        second = _receive(later, scratch / "second.parquet", first.snapshot)
        print(
            f"second month / first month  {second.seconds / first.seconds:.2f}   (limit {MOST_OF_FIRST:.2f}), "
            f"of processor {second.processor_seconds / first.processor_seconds:.2f}"
        )
        _bare_read(roll, scratch)
        print(f"peak memory {_peak_gb():.2f} GB   (limit {MOST_GB})")
        _compare_books(options.book, scratch)
        if options.poverty:
            _apply_poverty(options.poverty, scratch)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench intake", description=__doc__)
    parser.add_argument("--roll", type=int, default=651_800)
    parser.add_argument("--folder", type=Path, help="a month's files of a county instead of generated ones")
    parser.add_argument("--next", type=Path, help="the folder of the month after it")
    parser.add_argument("--book", type=int, default=50_000, help="lines of the workbook")
    parser.add_argument("--poverty", type=int, default=0, help="lines of a poverty file to apply, for example 1000000")
    return parser.parse_args()


def _make(rows: int, scratch: Path) -> Path:
    made = make_county(poor=max(100, rows // 50), roll=rows, seed=1, out=scratch / "county", county=COUNTY, month=MONTH)
    return made.month_folder


def _roll_in(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if ROLL_HINT in path.name)


def _text_of(roll: Path) -> tuple[str, bytes]:
    with zipfile.ZipFile(roll) as archive:
        entry = archive.infolist()[0]
        return entry.filename, archive.read(entry)


def _a_month_later(roll: Path, scratch: Path) -> Path:
    """The same roll with one line in a hundred changed."""
    name, data = _text_of(roll)
    lines = data.split(b"\n")
    step = int(1 / CHANGED_SHARE)
    for place in range(step, len(lines) - 1, step):
        lines[place] = lines[place].replace(b"201101", b"201102")
    later = scratch / f"later-{roll.name}"
    with zipfile.ZipFile(later, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\n".join(lines))
    return later


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


@dataclass(frozen=True)
class Received:
    """A prepared roll: its snapshot, and what receiving it took."""

    snapshot: PreparedRoll
    seconds: float
    processor_seconds: float


def _receive(roll: Path, target: Path, before: PreparedRoll | None = None) -> Received:
    """Read and prepare a roll as intake does, reusing the roll before it where there is one, and print each part."""
    spent = time.process_time()
    opened, text = _timed(lambda: only_text(roll.read_bytes(), roll.name))
    if text is None:
        raise SystemExit(f"{roll} is not one text in a zip")
    part, raw = text[0], raw_lines(text[1])
    if raw is None:
        raise SystemExit(f"{roll} holds quotes: its lines are read whole")

    def read(lines: bytes) -> tuple[Sheet, ReadSheet]:
        sheet = read_text_sheet(lines, part)
        return sheet, read_rows(sheet, find_layout(sheet, roll.name))

    kept = open_line_hashes(before.path, before.sha256) if before else None
    cleaned, found = _timed(lambda: read_changed_lines(raw, part, kept, read) if kept else None)
    if found is not None and kept is not None:
        form: dict[str, object] | None = kept.form
        rows = found[1]
        written, prepared = _timed(lambda: write_snapshot(rows.rows.rename_columns({"row": "line"}), target))
    else:
        cleaned, (sheet, rows) = _timed(lambda: read(text[1]))
        _timed(lambda: prepare_roll([(part, rows)], target=target))  # once to have the libraries loaded
        written, prepared = _timed(lambda: prepare_roll([(part, rows)], target=target))
        form = form_of(raw, sheet, rows.layout)
    if form is None:
        raise SystemExit(f"{roll} has uneven lines or unknown columns")
    hashed, _ = _timed(lambda: store_line_hashes(target, prepared.sha256, raw, form, rows))
    total, spent = opened + cleaned + written + hashed, time.process_time() - spent
    print(
        f"{'first' if before is None else 'second'} month: {prepared.row_count:,} rows in {total:.2f} s (limit {MOST_SECONDS}), "
        f"{spent:.2f} s of processor: unpacked {opened:.2f}, read and cleaned {cleaned:.2f}, prepared {written:.2f} "
        f"({prepared.row_count / written:,.0f} rows a second, limit {LEAST_ROWS_A_SECOND:,}), lines hashed and kept {hashed:.2f}"
        + ("; unchanged lines taken from the month before" if found else "")
    )
    return Received(prepared, total, spent)


def _bare_read(roll: Path, scratch: Path) -> None:
    """DuckDB reads the text already unpacked and already UTF-8: the lower bound."""
    text = scratch / "bare.csv"
    text.write_text(_text_of(roll)[1].decode("gb18030"), "utf-8")
    seconds, count = _timed(
        lambda: duckdb.execute(f"SELECT count(*), max(COLUMNS(*)) FROM read_csv('{text}', all_varchar=true)").fetchall()
    )
    print(f"bare DuckDB read of the text as UTF-8: {seconds:.2f} s, {count[0][0]:,} rows")


def _compare_books(lines: int, scratch: Path) -> None:
    path = scratch / "建档立卡.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate([HEADERS, *_poor_lines(lines)]):
            page.write_row(line, 0, row)
    ours, _ = _timed(lambda: read_sheets(path))
    theirs, _ = _timed(
        lambda: sum(1 for _ in openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
    )
    print(f"workbook of {lines:,} lines: ours {ours:.2f} s, openpyxl {theirs:.2f} s, {_pandas_seconds(path)}")


def _pandas_seconds(path: Path) -> str:
    if importlib.util.find_spec("pandas") is None:
        return "pandas is not installed"
    pandas = importlib.import_module("pandas")
    seconds, _ = _timed(lambda: pandas.read_excel(path, dtype=str))
    return f"pandas {seconds:.2f} s"


HEADERS = ["户编号", "人编号", "户主", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]


def _poor_lines(count: int) -> list[list[str]]:
    """People with valid numbers of a county code that was never assigned."""
    chance = np.random.default_rng(3)
    days = np.datetime64("1930-01-01") + chance.permutation(np.arange(count) % 30_000)
    births = np.char.replace(days.astype(str), "-", "")
    bodies = [f"320697{birth}{place % 1000:03}" for place, birth in enumerate(births)]
    digits = np.frombuffer("".join(bodies).encode(), dtype=np.uint8).reshape(-1, 17) - ord("0")
    checks = (digits.astype(np.int64) * np.array(WEIGHTS)).sum(axis=1) % 11
    surnames, given = "王李张刘陈杨赵黄周吴", "明芳国英涛兰伟梅军丽"
    return [
        [
            f"H{place // 3}",
            f"P{place}",
            "",
            surnames[place % 10] + given[place // 10 % 10] + given[place // 100 % 10],
            body + CHECK_CHARACTERS[check],
            "未脱贫",
            "长江镇",
            "二案村",
        ]
        for place, (body, check) in enumerate(zip(bodies, checks, strict=True))
    ]


def _apply_poverty(lines: int, scratch: Path) -> None:
    """Receive and apply a poverty file in a transaction that is rolled back."""
    path = scratch / "建档立卡贫困人口.csv"
    path.write_text("".join(",".join(row) + "\n" for row in [HEADERS, *_poor_lines(lines)]), "utf-8")
    county = get_unit(code=COUNTY)
    actor = system_actor(county)

    def apply() -> str:
        with transaction.atomic():
            delivery = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=now().date(), at=now())
            delivery = process_delivery(actor=actor, delivery_id=delivery.pk, at=now(), consent=True)
            transaction.set_rollback(True)
        return f"{delivery.state} {delivery.refusal or delivery.row_counts.get('rows')}"

    with override_settings(DATA_DIR=scratch / "data"):
        seconds, outcome = _timed(apply)
    print(
        f"poverty file of {lines:,} lines: {outcome} in {seconds:.1f} s (limit {MOST_POVERTY_SECONDS}), peak memory {_peak_gb():.2f} GB"
    )


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
