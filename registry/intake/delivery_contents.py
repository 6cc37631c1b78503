"""A delivery's file read in memory: every sheet with its layout and rows. Nothing is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa
from django.conf import settings

from foundation.regions.selectors import county_gazetteer
from registry.constants import REMARKS_TO_CONFIRM, Feed, RowReason
from registry.intake.births import without_impossible_births
from registry.intake.contradictions import with_contradictions
from registry.intake.delivery_layouts import layout_of
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from registry.intake.files import OpenedFile, UnreadPart, only_text, open_file
from registry.intake.layouts import SheetLayout
from registry.intake.places import PlaceFinder
from registry.intake.problems import Problem
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import with_surroundings
from registry.intake.remarks import Remark, remark
from registry.intake.rolls import PREPARATION
from registry.intake.sheets import Sheet
from registry.intake.side_sheets import compare_totals, is_summary, lists_nobody, lists_who_left, side_lines
from registry.intake.stated_layouts import fingerprint, mapping_of, recall_layout
from registry.intake.texts import read_text_sheet
from registry.intake.unchanged_lines import RawLines, form_of, open_line_hashes, raw_lines, read_changed_lines
from registry.models import Delivery, RollSnapshot
from registry.selectors.layouts import LayoutsByFingerprint, list_learned_layouts
from registry.selectors.stored_files import read_original

ORIGINAL_LINE = "原行号"
MAY_LIST_NOBODY = ("unknown_layout", "missing_columns")
LAST_LINES = (65_536, 1_048_576)
"""The last lines of xls and xlsx."""
LONG_ROLL = 20_000  # lines; below it reading everything is as fast
_CORRECTS = re.compile(rf"^{ORIGINAL_LINE}#([0-9]{{1,18}})(?:#(.*))?$")
_LINE = re.compile(r"\s*([0-9]{1,9})\s*")
Line = tuple[str, int]
"""A sheet and a line."""


def original_line_header(delivery_id: int, sheet: str, page: str) -> str:
    """Return the header by which a correction file names the delivery its lines come from, and the sheet where its page cannot."""
    return f"{ORIGINAL_LINE}#{delivery_id}" if sheet in ("", page) else f"{ORIGINAL_LINE}#{delivery_id}#{sheet}"


@dataclass
class OtherParts:
    """What else a file contains: remarks on its parts, the skipped lines of other sheets, other feeds with their counts of lines.

    `report`: how its columns were read, as it is stored.
    """

    remarks: list[Remark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    other_feeds: dict[str, int] = field(default_factory=dict)
    report: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class DeliveryContents:
    """A file's parts with their rows, the encoding, the layout.

    `corrects` is the delivery this file is a correction file of; `original_lines` then maps a line here to the line there. `raw` and
    `form` are set for a roll whose unchanged lines the next roll may take over; with `is_prepared` this one took lines over: its rows
    are those of a snapshot. `other_parts`: the other parts and sheets of the file, each with its fate.
    """

    sheets: list[tuple[str, ReadSheet]]
    encoding: str
    corrects: int | None = None
    original_lines: dict[Line, Line] | None = None
    raw: RawLines | None = None
    form: dict[str, object] | None = None
    is_prepared: bool = False
    other_parts: OtherParts = field(default_factory=OtherParts)

    @property
    def feed(self) -> str:
        return self.sheets[0][1].layout.layout.feed.value

    @property
    def layout(self) -> str:
        return self.sheets[0][1].layout.layout.name

    @property
    def problems(self) -> list[Problem]:
        return [*self.other_parts.problems, *(problem for _, sheet in self.sheets for problem in sheet.problems)]

    @property
    def row_count(self) -> int:
        return sum(sheet.rows.num_rows for _, sheet in self.sheets)

    def outcomes(self) -> Counter[str]:
        skipped = Counter(problem.action for problem in self.other_parts.problems)
        return sum((sheet.outcomes() for _, sheet in self.sheets), skipped)

    @property
    def must_be_confirmed(self) -> bool:
        """Answer whether a remark must have been read before the file is applied."""
        return any(each.code in REMARKS_TO_CONFIRM for each in self.other_parts.remarks)

    def reading(self) -> dict[str, object]:
        """Return how the file was read, as it is stored with the delivery."""
        said = [*self.other_parts.remarks]
        said += [remark("other_feed", feed=feed, rows=rows) for feed, rows in self.other_parts.other_feeds.items()]
        reading: dict[str, object] = {"remarks": [each.as_json() for each in said]} if said else {}
        return reading | ({"report": self.other_parts.report} if self.other_parts.report else {})

    def column(self, name: str) -> pa.ChunkedArray:
        """Return one column over all sheets that have it."""
        columns = [sheet.rows[name] for _, sheet in self.sheets if name in sheet.rows.column_names]
        return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())


def read_delivery(delivery: Delivery) -> DeliveryContents:
    """Read every sheet of the delivery's feed; every other part of the file is named with its fate, none is passed over in silence.

    Errors: IntakeError when the file cannot be read, or a sheet that lists persons has no layout.
    """
    data = read_original(delivery)
    learned = list_learned_layouts(delivery.county_id)
    text = only_text(data, delivery.file_name)
    if text is None:
        return _read_sheets(delivery, open_file(data, delivery.file_name), learned)
    part, raw = text[0], raw_lines(text[1])
    if raw is not None and raw.count > LONG_ROLL:
        with suppress(IntakeError):  # refused below, where the whole file is read
            if contents := _read_by_lines(delivery, part, raw, learned):
                return contents
    sheet = read_text_sheet(text[1], part)
    if not sheet.rows:
        raise IntakeError("empty_file")
    return _read_sheets(delivery, OpenedFile([sheet], []), learned, raw)


def _read_sheets(
    delivery: Delivery, opened: OpenedFile, learned: LayoutsByFingerprint, raw: RawLines | None = None
) -> DeliveryContents:
    other_parts = OtherParts(_remarks_on_unread(opened.unread))
    read, others = _read_lists(delivery, opened.sheets, learned, other_parts)
    main = _main_feed(read)
    feed = delivery.only_feed or main
    if feed != main:
        other_parts, others = OtherParts(), []  # said with the delivery of the main feed
    other_parts.other_feeds = {other.value: lines for other, lines in _lines_by_feed(read, without=feed).items()}
    kept = _without_those_who_left([pair for pair in read if pair[1].layout.layout.feed == feed], other_parts)
    if not kept:
        raise IntakeError("no_rows")
    persons = sum(found.rows.num_rows for _, found in kept)
    if not persons:
        raise IntakeError("no_line_read", rows=sum(len(found.problems) for _, found in kept))
    for sheet in others:
        _pass_over(sheet, persons, other_parts)
    for sheet, found in kept:
        other_parts.remarks += _remarks_on(sheet, found, raw)
    corrects, lines = _original_lines(kept)
    form = (
        form_of(raw, kept[0][0], kept[0][1].layout, _finder(delivery))
        if raw is not None and raw.count > LONG_ROLL
        else None
    )
    several = Counter(sheet.part for sheet, _ in kept)
    parts = [(sheet.part if several[sheet.part] == 1 else sheet.name, found) for sheet, found in kept]
    encoding = opened.sheets[0].encoding
    return DeliveryContents(parts, encoding, corrects, lines, raw if form else None, form, other_parts=other_parts)


def _read_lists(
    delivery: Delivery, sheets: list[Sheet], learned: LayoutsByFingerprint, other_parts: OtherParts
) -> tuple[list[tuple[Sheet, ReadSheet]], list[Sheet]]:
    """Return the sheets that are lists of persons, read, and those that list nobody.

    Errors: IntakeError of the first sheet that lists persons and cannot be read, or where there is no list at all.
    """
    read: dict[int, tuple[Sheet, ReadSheet]] = {}
    others: list[Sheet] = []
    waiting: dict[int, IntakeError] = {}
    empty: IntakeError | None = None
    for place, sheet in enumerate(sheets, start=1):
        try:
            read[place] = sheet, _read_rows(delivery, sheet, layout_of(sheet, delivery.file_name, learned))
        except IntakeError as refusal:
            if refusal.code == "no_rows":
                other_parts.remarks.append(remark("empty_sheet", sheet=sheet.name))
                empty = empty or refusal
            elif refusal.code in MAY_LIST_NOBODY and lists_nobody(sheet):
                others.append(sheet)
                empty = empty or refusal
            elif refusal.code in NEEDS_MAPPING:
                waiting[place] = refusal
            else:
                raise refusal.of_part(place, len(sheets)) from refusal
    siblings = layouts_by_header(read.values())
    for place, question in waiting.items():
        found = recall_layout(sheets[place - 1], siblings)
        if found is None:
            raise question.of_part(place, len(sheets))
        found = with_surroundings(found, sheets[place - 1], delivery.file_name)
        read[place] = sheets[place - 1], _read_rows(delivery, sheets[place - 1], found)
    if not read and empty is not None:
        raise empty
    return [read[place] for place in sorted(read)], others


def layouts_by_header(read: Iterable[tuple[Sheet, ReadSheet]]) -> LayoutsByFingerprint:
    """Return the layouts found on the sheets of a file, by which a short sheet with the same headers is read too."""
    return {
        fingerprint(sheet, found.layout.header_row): (found.layout.layout.name, mapping_of(found.layout, sheet))
        for sheet, found in read
        if found.layout.header_row >= 0
    }


def _main_feed(read: list[tuple[Sheet, ReadSheet]]) -> Feed:
    """The feed with the most lines: the delivery is of this one, the others become deliveries of their own."""
    return max(_lines_by_feed(read).items(), key=lambda each: each[1])[0]


def _lines_by_feed(read: list[tuple[Sheet, ReadSheet]], without: str = "") -> dict[Feed, int]:
    lines: dict[Feed, int] = {}
    for _, found in read:
        feed = found.layout.layout.feed
        if feed != without:
            lines[feed] = lines.get(feed, 0) + found.rows.num_rows
    return lines


def _without_those_who_left(
    read: list[tuple[Sheet, ReadSheet]], other_parts: OtherParts
) -> list[tuple[Sheet, ReadSheet]]:
    """Leave out hidden sheets and those named for who left, where the file has another sheet of the feed; say so in any case."""
    left = [lists_who_left(sheet, found.layout.layout.feed) for sheet, found in read]
    current = [pair for pair, has_left in zip(read, left, strict=True) if not has_left]
    for (sheet, found), has_left in zip(read, left, strict=True):
        if has_left:
            code = ("hidden_sheet" if sheet.is_hidden else "exited_sheet") if current else "left_sheet_read"
            other_parts.remarks.append(remark(code, sheet=sheet.name, rows=found.rows.num_rows))
    return current or read


def _pass_over(sheet: Sheet, persons: int, other_parts: OtherParts) -> None:
    """Name a sheet that lists nobody, with a line each among the problem lines."""
    counts = is_summary(sheet)
    other_parts.remarks.append(compare_totals(sheet, persons) if counts else remark("note_sheet", sheet=sheet.name))
    other_parts.problems += side_lines(sheet, RowReason.SUMMARY_SHEET if counts else RowReason.NOTE_SHEET)


def _remarks_on_unread(parts: list[UnreadPart]) -> list[Remark]:
    """Name what was not read; pictures are counted, as their names are mostly those of persons."""
    pictures = sum(part.is_picture for part in parts)
    named = [_remark_on_unread(part) for part in parts if not part.is_picture]
    return [*named, remark("pictures_not_read", rows=pictures)] if pictures else named


def _remark_on_unread(part: UnreadPart) -> Remark:
    if not part.kind:
        return remark("part_empty", part=part.name)
    return remark("data_not_read" if part.may_hold_data else "part_not_read", part=part.name, kind=part.kind)


def _remarks_on(sheet: Sheet, found: ReadSheet, raw: RawLines | None) -> list[Remark]:
    """What must be said about the lines of a sheet that was read."""
    said = []
    if sheet.hidden_rows:
        said.append(remark("hidden_rows", sheet=sheet.name, rows=sheet.hidden_rows))
    if sheet.struck_rows:
        said.append(remark("struck_rows", sheet=sheet.name, rows=sheet.struck_rows))
    if raw is None and sheet.rows in LAST_LINES:
        said.append(remark("cut_at_limit", sheet=sheet.name, rows=sheet.rows))
    for name, count in found.lost_keys.items():
        said.append(remark("keys_lost", sheet=sheet.name, column=found.layout.layout.columns[name][0], rows=count))
    return said


def _read_by_lines(
    delivery: Delivery, part: str, raw: RawLines, learned: LayoutsByFingerprint
) -> DeliveryContents | None:
    """Read of a roll only the lines that are not in the newest snapshot of its scheme; None where that is impossible."""
    layouts: list[SheetLayout] = []

    def read(text: bytes) -> tuple[Sheet, ReadSheet]:
        sheet = read_text_sheet(text, part)
        if not layouts:  # recognised by the first lines, which are the same each time
            layouts.append(layout_of(sheet, delivery.file_name, learned))
        return sheet, _read_rows(delivery, sheet, layouts[0])

    finder = _finder(delivery)
    newest = RollSnapshot.objects.filter(delivery__county=delivery.county_id, preparation=PREPARATION)
    for snapshot in newest.order_by("scheme", "-id").distinct("scheme"):
        path = settings.DATA_DIR / snapshot.path
        before = open_line_hashes(path, snapshot.sha256)
        if before is not None and (found := read_changed_lines(raw, part, before, read, finder)):
            sheet, whole = found
            return DeliveryContents([(part, whole)], sheet.encoding, None, None, raw, before.form, is_prepared=True)
    return None


def _read_rows(delivery: Delivery, sheet: Sheet, layout: SheetLayout) -> ReadSheet:
    return with_contradictions(
        without_impossible_births(read_rows(sheet, layout), delivery.as_of_date), delivery.as_of_date
    )


def _finder(delivery: Delivery) -> PlaceFinder:
    return PlaceFinder(county_gazetteer(delivery.county))


def _original_lines(kept: list[tuple[Sheet, ReadSheet]]) -> tuple[int | None, dict[Line, Line] | None]:
    """Recognise a correction file by the column that names the delivery and its sheet, and contains its line numbers."""
    lines: dict[Line, Line] = {}
    corrected: set[int] = set()
    for sheet, found in kept:
        for column in sheet.cells:
            named = _CORRECTS.match((column[found.layout.header_row].as_py() or "").strip())
            if named:
                corrected.add(int(named[1]))
                original = sheet.name if named[2] is None else named[2]
                found_lines = ((line, _LINE.fullmatch(text or "")) for line, text in enumerate(column.to_pylist(), 1))
                lines |= {(sheet.name, line): (original, int(read[1])) for line, read in found_lines if read}
    if not corrected:
        return None, None
    if len(corrected) > 1:
        raise IntakeError("corrects_several")
    return corrected.pop(), lines
