"""A folder of files of strangers: each file in a folder of its own, so that two may have one name, and the truth beside them."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from demo.county.habits.feeds import FEEDS
from demo.county.habits.files import write_habit_file
from demo.county.habits.habit import draw_habit
from demo.county.habits.truth import FileTruth, write_truth

FILES, TRUTH = "files", "truth"


def write_strangers(
    count: int, *, seed: int, out: Path, county: str = "320682", month_end: date = date(2018, 12, 31)
) -> list[Path]:
    """Write files by as many habits, the feeds in turn, from the habit with this seed on.

    Effects: writes out/files/SEED/<file> and out/truth/SEED.jsonl, and out/truth/files.csv with the feed of each.
    Errors: ValueError for a county whose villages are not shipped. Cost: five to ten milliseconds a file.
    """
    (out / TRUTH).mkdir(parents=True, exist_ok=True)
    paths, truths = [], []
    for each in range(seed, seed + count):
        folder = out / FILES / str(each)
        folder.mkdir(parents=True, exist_ok=True)
        path, truth = write_habit_file(draw_habit(feed_of(each), each, county=county, as_of=month_end), folder)
        write_truth(truth, out / TRUTH / f"{each}.jsonl")
        paths.append(path)
        truths.append(truth)
    _write_index(out / TRUTH / "files.csv", truths)
    return paths


def feed_of(seed: int) -> str:
    """Return the feed of a seed: the fifteen one after the other."""
    return list(FEEDS)[seed % len(FEEDS)]


def _write_index(path: Path, truths: Sequence[FileTruth]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["seed", "feed", "file", "lines"])
        rows.writerows([each.seed, each.feed, each.file, len(each.lines)] for each in truths)
