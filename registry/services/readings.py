"""A delivery's file read in memory: every sheet with its layout and rows. Nothing is written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from registry.intake.errors import IntakeError
from registry.intake.files import sheets_of
from registry.intake.reading import Problem, ReadSheet, read_rows
from registry.intake.sheets import Sheet
from registry.models import Delivery
from registry.services.mapping import kept_layouts, layout_of
from registry.services.originals import open_original

ORIGINAL_LINE = "原行号"
_CORRECTS = re.compile(rf"^{ORIGINAL_LINE}#(\d+)$")


@dataclass(frozen=True)
class Reading:
    """A file's parts with their rows, the encoding, the layout.

    `corrects` is the delivery whose problem list this file is, mended; `original_lines` then maps (sheet, line here) to the
    line there.
    """

    sheets: list[tuple[str, ReadSheet]]
    encoding: str
    corrects: int | None = None
    original_lines: dict[tuple[str, int], int] | None = None

    @property
    def feed(self) -> str:
        return self.sheets[0][1].layout.layout.feed.value

    @property
    def layout(self) -> str:
        return self.sheets[0][1].layout.layout.name

    @property
    def problems(self) -> list[Problem]:
        return [problem for _, sheet in self.sheets for problem in sheet.problems]

    @property
    def row_count(self) -> int:
        return sum(sheet.rows.num_rows for _, sheet in self.sheets)

    def outcomes(self) -> Counter[str]:
        return sum((sheet.outcomes() for _, sheet in self.sheets), Counter())

    def column(self, name: str) -> pa.ChunkedArray:
        """Return one column over all sheets that have it."""
        columns = [sheet.rows[name] for _, sheet in self.sheets if name in sheet.rows.column_names]
        return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())


def read_delivery(delivery: Delivery) -> Reading:
    """Read every sheet that has a layout; a workbook may carry an empty or a covering sheet beside.

    Errors: IntakeError when no sheet can be read.
    """
    sheets = sheets_of(open_original(delivery), delivery.file_name)
    kept = kept_layouts(delivery.county_id)
    read: list[tuple[Sheet, ReadSheet]] = []
    refusals: list[IntakeError] = []
    for sheet in sheets:
        try:
            read.append((sheet, read_rows(sheet, layout_of(sheet, delivery.file_name, kept))))
        except IntakeError as refusal:
            refusals.append(refusal)
    if not read:
        raise refusals[0]
    main = Counter(found.layout.layout.feed for _, found in read).most_common(1)[0][0]
    kept = [(sheet, found) for sheet, found in read if found.layout.layout.feed == main]
    corrects, lines = _original_lines(kept)
    return Reading([(sheet.part, found) for sheet, found in kept], sheets[0].encoding, corrects, lines)


def _original_lines(kept: list[tuple[Sheet, ReadSheet]]) -> tuple[int | None, dict[tuple[str, int], int] | None]:
    """Recognise a problem list sent back mended by the column that names the delivery and holds the lines' places there."""
    lines: dict[tuple[str, int], int] = {}
    mended: set[int] = set()
    for sheet, found in kept:
        for column in sheet.cells:
            named = _CORRECTS.match((column[found.layout.header_row].as_py() or "").strip())
            if named:
                mended.add(int(named[1]))
                written = enumerate(column.to_pylist(), 1)
                lines |= {(sheet.name, line): int(text) for line, text in written if text and text.strip().isdigit()}
    if not mended:
        return None, None
    if len(mended) > 1:
        raise IntakeError("corrects_several")
    return mended.pop(), lines
