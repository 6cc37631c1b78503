"""A delivery's file read in memory: every sheet with its layout and rows. Nothing is written."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings

from registry.intake.errors import IntakeError
from registry.intake.files import only_text, sheets_of
from registry.intake.layouts import SheetLayout
from registry.intake.reading import Problem, ReadSheet, read_rows
from registry.intake.rolls import PREPARATION
from registry.intake.sheets import Sheet
from registry.intake.texts import read_text_sheet
from registry.intake.unchanged_lines import RawLines, form_of, lines_before, raw_lines, read_other_lines
from registry.models import Delivery, RollSnapshot
from registry.services.learned_layouts import Kept, kept_layouts, layout_of
from registry.services.originals import open_original

ORIGINAL_LINE = "原行号"
LONG_ROLL = 20_000  # lines; below it reading everything is as fast
_CORRECTS = re.compile(rf"^{ORIGINAL_LINE}#(\d+)$")


@dataclass(frozen=True)
class DeliveryContents:
    """A file's parts with their rows, the encoding, the layout.

    `corrects` is the delivery whose problem list this file is, mended; `original_lines` then maps (sheet, line here) to the
    line there. `raw` and `form` are there for a roll whose equal lines the next roll may take over; `is_prepared` says that
    this one took lines over: its rows stand as a snapshot holds them.
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
    """Read every sheet that has a layout; a workbook may carry an empty or a covering sheet beside.

    Errors: IntakeError when no sheet can be read.
    """
    data = open_original(delivery)
    kept = kept_layouts(delivery.county_id)
    text = only_text(data, delivery.file_name)
    if text is None:
        return _read_sheets(delivery, sheets_of(data, delivery.file_name), kept)
    part, raw = text[0], raw_lines(text[1])
    if raw is not None and raw.count > LONG_ROLL:
        with suppress(IntakeError):  # the sentence comes from reading the whole
            if reading := _read_by_lines(delivery, part, raw, kept):
                return reading
    sheet = read_text_sheet(text[1], part)
    if not sheet.rows:
        raise IntakeError("empty_file")
    return _read_sheets(delivery, [sheet], kept, raw)


def _read_sheets(delivery: Delivery, sheets: list[Sheet], known: Kept, raw: RawLines | None = None) -> DeliveryContents:
    read: list[tuple[Sheet, ReadSheet]] = []
    refusals: list[IntakeError] = []
    for sheet in sheets:
        try:
            read.append((sheet, read_rows(sheet, layout_of(sheet, delivery.file_name, known))))
        except IntakeError as refusal:
            refusals.append(refusal)
    if not read:
        raise refusals[0]
    main = Counter(found.layout.layout.feed for _, found in read).most_common(1)[0][0]
    kept = [(sheet, found) for sheet, found in read if found.layout.layout.feed == main]
    corrects, lines = _original_lines(kept)
    form = form_of(raw, kept[0][0], kept[0][1].layout) if raw is not None and raw.count > LONG_ROLL else None
    parts = [(sheet.part, found) for sheet, found in kept]
    return DeliveryContents(parts, sheets[0].encoding, corrects, lines, raw if form else None, form)


def _read_by_lines(delivery: Delivery, part: str, raw: RawLines, kept: Kept) -> DeliveryContents | None:
    """Read of a roll only what the newest snapshot of its scheme does not say; None where that cannot be."""

    layouts: list[SheetLayout] = []

    def read(text: bytes) -> tuple[Sheet, ReadSheet]:
        sheet = read_text_sheet(text, part)
        if not layouts:  # the first lines say which it is; they are the same each time
            layouts.append(layout_of(sheet, delivery.file_name, kept))
        return sheet, read_rows(sheet, layouts[0])

    newest = RollSnapshot.objects.filter(delivery__county=delivery.county_id, preparation=PREPARATION)
    for snapshot in newest.order_by("scheme", "-id").distinct("scheme"):
        path = settings.DATA_DIR / snapshot.path
        before = lines_before(path, snapshot.sha256)
        if before is not None and (found := read_other_lines(raw, part, before, read)):
            sheet, whole = found
            return DeliveryContents([(part, whole)], sheet.encoding, None, None, raw, before.form, is_prepared=True)
    return None


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
