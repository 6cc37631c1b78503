"""Roll numbers as the department sent them, put into an export in place of the references the database has for identity numbers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from foundation.primitives.csv_cells import write_csv
from foundation.primitives.personal_texts import is_reference
from nightly.models import NightRun
from registry.constants import ROLL_FEEDS
from registry.selectors.roll_lines import read_roll_numbers_sent

COLUMN = "roll_no"


def write_as_sent(path: Path, night: NightRun) -> None:
    """Replace the references in the column roll_no of a csv file by the numbers on the rolls the night pinned.

    Effects: rewrites the file, mode 0600, only where it has a reference. A roll whose snapshot is gone keeps its references: mask and id.
    """
    references = {row[COLUMN] for row in _rows(path) if is_reference(row[COLUMN])}
    if not references:
        return
    deliveries = [entry["delivery"] for feed in ROLL_FEEDS for entry in night.inputs.get(feed, [])]
    sent = read_roll_numbers_sent(deliveries, references)
    replaced = path.with_name(path.name + ".replaced")
    with os.fdopen(
        os.open(replaced, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as file:
        rows = (row | {COLUMN: sent.get(row[COLUMN], row[COLUMN])} for row in _rows(path))
        write_csv(file, chain([_header(path)], (list(row.values()) for row in rows)), line_end="\n")
    replaced.replace(path)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
