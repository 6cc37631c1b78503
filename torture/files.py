"""`./run torture files [--habits N] [--seed S] [--feed FEED] [--only SEED]`: files of senders nobody has seen, each cell judged.

Every file follows a habit drawn by its seed (demo/county/habits) and is read, not received: no database, nothing is written. A
cell is right, asked about, in the problem list, unread (no column was taken for it) or unclear (not understood, nothing stored).
Whatever else is wrong in silence: exit code 1. `--only` reads one file again and keeps it with its truth.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import django

from launcher import keys

_FOLDER = tempfile.TemporaryDirectory(prefix="files-")


def _set_up() -> None:
    """Set Django up with keys of its own and no database."""
    key_file = Path(_FOLDER.name) / "keys.json"
    keys.ensure_key_file(key_file, database_exists=False)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.test",
        "KEY_FILE": str(key_file),
        "STATE_DIR": _FOLDER.name,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
    }
    django.setup()


_set_up()

from demo.county.habits import draw_habit, feed_of, write_habit_file, write_truth  # noqa: E402
from tests.registry.intake.habits import Judged, judge_habit  # noqa: E402

CLASSES = ("right", "asked", "problem", "unread", "unclear", "refused", "silent")
MOST_SHOWN = 20


def main() -> None:
    options = _options()
    if options.only is not None:
        sys.exit(_show_one(options))
    started = time.monotonic()
    seeds = range(options.seed, options.seed + options.habits)
    wanted = [(options.feed or feed_of(seed), seed) for seed in seeds]
    with Pool(options.processes) as pool:
        judged = pool.starmap(judge_habit, wanted, chunksize=20)
    print(f"{len(judged)} files, {time.monotonic() - started:.0f} s")
    sys.exit(_report(judged))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run torture files", description=__doc__)
    parser.add_argument("--habits", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first file; the next has the next")
    parser.add_argument("--feed", help="one feed instead of all in turn")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="SEED", help="one file, kept")
    parser.add_argument(
        "--out", type=Path, default=Path("habit_file"), help="where --only keeps it (default: %(default)s)"
    )
    return parser.parse_args()


def _show_one(options: argparse.Namespace) -> int:
    feed = options.feed or feed_of(options.only)
    options.out.mkdir(parents=True, exist_ok=True)
    path, truth = write_habit_file(draw_habit(feed, options.only), options.out)
    write_truth(truth, options.out / "truth.jsonl")
    judged = judge_habit(feed, options.only)
    print(f"{path}: {feed}, {judged.outcome} {judged.code}\n{_counts(judged.cells)}")
    for name, count in judged.unread_fields.most_common():
        print(f"  unread: {name} {count}")
    for name, count in judged.unclear_fields.most_common():
        print(f"  unclear: {name} {count}")
    for each in judged.silent:
        print(f"  {each}")
    return bool(judged.silent)


def _report(judged: list[Judged]) -> int:
    for feed in dict.fromkeys(each.feed for each in judged):
        own = [each for each in judged if each.feed == feed]
        outcomes = Counter(each.outcome for each in own)
        cells = sum((each.cells for each in own), Counter())
        codes = Counter(each.code for each in own if each.code)
        print(
            f"{feed:10} {len(own)} files: read {outcomes['read']}, asked {outcomes['asked']}, refused {outcomes['refused']}"
        )
        print(f"           cells: {_counts(cells)}")
        if codes:
            print(f"           codes: {', '.join(f'{code} {count}' for code, count in codes.most_common())}")
        if unread := sum((each.unread_fields for each in own), Counter()):
            print(f"           unread: {', '.join(f'{name} {count}' for name, count in unread.most_common(8))}")
        if unclear := sum((each.unclear_fields for each in own), Counter()):
            print(f"           unclear: {', '.join(f'{name} {count}' for name, count in unclear.most_common(8))}")
        kinds = Counter(error.field for each in own for error in each.silent)
        if kinds:
            print(f"           silent: {', '.join(f'{name} {count}' for name, count in kinds.most_common(8))}")
    first = [(each, each.silent[0], len(each.silent)) for each in judged if each.silent]
    for each, error, count in first[:MOST_SHOWN]:
        print(f"--feed {each.feed} --only {each.seed}: {each.file}, {count} cells, first {error}")
    silent = sum(len(each.silent) for each in judged)
    print(f"files with silent errors: {len(first)}")
    print(f"silently wrong: {silent}")
    return int(silent > 0)


def _counts(cells: Counter[str]) -> str:
    return ", ".join(f"{name} {cells[name]}" for name in CLASSES)


if __name__ == "__main__":
    main()
