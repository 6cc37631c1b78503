"""A delivery's file read in memory: every sheet with its layout and rows. Nothing is written."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings

from registry.intake.delivery_layouts import layout_of
from registry.intake.errors import IntakeError
from registry.intake.files import only_text, sheets_of
from registry.intake.layouts import SheetLayout
from registry.intake.reading import Problem, ReadSheet, read_rows
from registry.intake.rolls import PREPARATION
from registry.intake.sheets import Sheet
from registry.intake.texts import read_text_sheet
from registry.intake.unchanged_lines import RawLines, form_of, open_line_hashes, raw_lines, read_changed_lines
from registry.models import Delivery, RollSnapshot
from registry.selectors.layouts import LayoutsByFingerprint, list_learned_layouts
from registry.selectors.stored_files import read_original

ORIGINAL_LINE = "原行号"
LONG_ROLL = 20_000  # lines; below it reading everything is as fast
_CORRECTS = re.compile(rf"^{ORIGINAL_LINE}#(\d+)$")


@dataclass(frozen=True)
class DeliveryContents:
    """A file's parts with their rows, the encoding, the layout.

    `corrects` is the delivery this file is a correction file of; `original_lines` then maps (sheet, line here) to the line
    there. `raw` and `form` are set for a roll whose unchanged lines the next roll may take over; with `is_prepared` this one took
    lines over: its rows are those of a snapshot.
    """

    sheets: list[tuple[str, ReadSheet]]
    encoding: str
    corrects: int | None = None
    original_lines: dict[tuple[str, int], int] | None = None
    raw: RawLines | None = None
    form: dict[str, object] | None = None
    is_prepared: bool = False

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


def read_delivery(delivery: Delivery) -> DeliveryContents:
    """Read every sheet that has a layout; a workbook may also contain an empty sheet or a cover sheet.

    Errors: IntakeError when no sheet can be read.
    """
    data = read_original(delivery)
    learned = list_learned_layouts(delivery.county_id)
    text = only_text(data, delivery.file_name)
    if text is None:
        return _read_sheets(delivery, sheets_of(data, delivery.file_name), learned)
    part, raw = text[0], raw_lines(text[1])
    if raw is not None and raw.count > LONG_ROLL:
        with suppress(IntakeError):  # refused below, where the whole file is read
            if contents := _read_by_lines(delivery, part, raw, learned):
                return contents
    sheet = read_text_sheet(text[1], part)
    if not sheet.rows:
        raise IntakeError("empty_file")
    return _read_sheets(delivery, [sheet], learned, raw)


def _read_sheets(
    delivery: Delivery, sheets: list[Sheet], learned: LayoutsByFingerprint, raw: RawLines | None = None
) -> DeliveryContents:
    read: list[tuple[Sheet, ReadSheet]] = []
    refusals: list[IntakeError] = []
    for sheet in sheets:
        try:
            read.append((sheet, read_rows(sheet, layout_of(sheet, delivery.file_name, learned))))
        except IntakeError as refusal:
            refusals.append(refusal)
    if not read:
        raise refusals[0]
    main = Counter(found.layout.layout.feed for _, found in read).most_common(1)[0][0]
    kept = [(sheet, found) for sheet, found in read if found.layout.layout.feed == main]
    corrects, lines = _original_lines(kept)
    form = form_of(raw, kept[0][0], kept[0][1].layout) if raw is not None and raw.count > LONG_ROLL else None
    several = Counter(sheet.part for sheet, _ in kept)
    parts = [(sheet.part if several[sheet.part] == 1 else sheet.name, found) for sheet, found in kept]
    return DeliveryContents(parts, sheets[0].encoding, corrects, lines, raw if form else None, form)


def _read_by_lines(
    delivery: Delivery, part: str, raw: RawLines, learned: LayoutsByFingerprint
) -> DeliveryContents | None:
    """Read of a roll only the lines that are not in the newest snapshot of its scheme; None where that is impossible."""
    layouts: list[SheetLayout] = []

    def read(text: bytes) -> tuple[Sheet, ReadSheet]:
        sheet = read_text_sheet(text, part)
        if not layouts:  # recognised by the first lines, which are the same each time
            layouts.append(layout_of(sheet, delivery.file_name, learned))
        return sheet, read_rows(sheet, layouts[0])

    newest = RollSnapshot.objects.filter(delivery__county=delivery.county_id, preparation=PREPARATION)
    for snapshot in newest.order_by("scheme", "-id").distinct("scheme"):
        path = settings.DATA_DIR / snapshot.path
        before = open_line_hashes(path, snapshot.sha256)
        if before is not None and (found := read_changed_lines(raw, part, before, read)):
            sheet, whole = found
            return DeliveryContents([(part, whole)], sheet.encoding, None, None, raw, before.form, is_prepared=True)
    return None


def _original_lines(kept: list[tuple[Sheet, ReadSheet]]) -> tuple[int | None, dict[tuple[str, int], int] | None]:
    """Recognise a correction file by the column that names the delivery and contains its line numbers."""
    lines: dict[tuple[str, int], int] = {}
    corrected: set[int] = set()
    for sheet, found in kept:
        for column in sheet.cells:
            named = _CORRECTS.match((column[found.layout.header_row].as_py() or "").strip())
            if named:
                corrected.add(int(named[1]))
                written = enumerate(column.to_pylist(), 1)
                lines |= {(sheet.name, line): int(text) for line, text in written if text and text.strip().isdigit()}
    if not corrected:
        return None, None
    if len(corrected) > 1:
        raise IntakeError("corrects_several")
    return corrected.pop(), lines
