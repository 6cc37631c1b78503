"""A line of a delivered file opened as it was sent, with its header and neighbours; each opening is recorded in the audit log.

Below the county a reader sees the lines of their own unit: those that name one of its persons or lie there. Of the others only the
number of the line. Cells leave here whole; presenters/delivered_lines.py masks the numbers in them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict, NotFound
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from foundation.regions.selectors import county_gazetteer
from registry.intake.delivery_layouts import layout_of
from registry.intake.errors import IntakeError, sentence
from registry.intake.layouts import SheetLayout
from registry.intake.lines import SheetPart, find_lines
from registry.intake.places import PlaceFinder
from registry.intake.reading import ReadSheet, read_rows
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery
from registry.selectors.layouts import LayoutsByFingerprint, list_learned_layouts
from registry.selectors.numbers import cipher
from registry.selectors.persons import list_lines_in_scope, list_numbers_in_scope
from registry.selectors.stored_files import is_stored, read_original

NEIGHBOURS = 3
MOST_LINES = 100_000_000
MEMBER_NAME, MEMBER_NUMBER = "name", "number"
_PLACES = ("unit_code", "insured_in", "place")


@dataclass(frozen=True)
class OpenedLine:
    """One line with its cells; None where it lies outside the reader's unit."""

    line: int
    cells: list[str] | None


@dataclass(frozen=True)
class OpenedSheet:
    """The line asked for and its neighbours; of each column the header as sent and the field it was read as, empty where none."""

    name: str
    header: list[str]
    fields: list[str]
    lines: list[OpenedLine]


def open_line(*, actor: Actor, delivery_id: int, place: str, line: int, read_long: bool) -> list[OpenedSheet] | None:
    """Return the line of a delivery's file in the sheet or part `place`; several sheets where the file has no names for them.

    None, and nothing recorded, for a long file that must be read completely, unless `read_long`.
    Effects: audit verb read_delivered_line with sheet and line. Errors: NotAllowed; NotFound outside the unit and where there is no such
    line; Conflict when the file is no longer stored. Cost: one second in a text of 650,000 lines, 13 in a workbook of as many.
    """
    actor.demand(Action.VIEW_DELIVERIES)
    delivery = get_delivery(actor, delivery_id)
    parts = _find(delivery, place, line, read_long)
    if parts is None:
        return None
    sheets = [_opened(actor, delivery, part, layout, line) for part, layout in _recognised(delivery, parts)]
    if not sheets:
        raise NotFound(_("The file has no such line."), ids=[delivery_id])
    record_event(
        actor=actor,
        verb="read_delivered_line",
        object_type="delivery",
        object_id=delivery.pk,
        outcome=Outcome.READ,
        detail={"sheet": place, "line": line},
    )
    return sheets


def _find(delivery: Delivery, place: str, line: int, read_long: bool) -> list[SheetPart] | None:
    if not is_stored(delivery):
        raise Conflict(_("The file itself is no longer stored."), code="not_stored", ids=[delivery.pk])
    if not 1 <= line <= MOST_LINES:
        return []
    try:
        return find_lines(
            read_original(delivery),
            delivery.file_name,
            place,
            line,
            around=NEIGHBOURS,
            encoding=delivery.encoding,
            read_long=read_long,
        )
    except IntakeError as refusal:
        raise Conflict(sentence(refusal.as_json()), code=refusal.code, ids=[delivery.pk]) from refusal


def _recognised(delivery: Delivery, parts: list[SheetPart]) -> list[tuple[SheetPart, SheetLayout | None]]:
    """Add to each sheet its layout; where some are of the delivery's feed, cover sheets and notes are left out."""
    learned = list_learned_layouts(delivery.county_id)
    found = [(part, _layout_of(delivery, part, learned)) for part in parts]
    return [pair for pair in found if pair[1] and pair[1].layout.feed == delivery.feed] or found


def _layout_of(delivery: Delivery, part: SheetPart, learned: LayoutsByFingerprint) -> SheetLayout | None:
    try:
        return layout_of(part.sheet, delivery.file_name, learned)
    except IntakeError:
        return None


def _opened(actor: Actor, delivery: Delivery, part: SheetPart, layout: SheetLayout | None, line: int) -> OpenedSheet:
    header_rows = layout.header_row + 1 if layout else 0
    part = part.only(header_rows, line - NEIGHBOURS, line + NEIGHBOURS)
    shown = [
        place
        for place, number in enumerate(part.lines)
        if abs(int(number) - line) <= NEIGHBOURS and (place >= header_rows or number == line)
    ]
    reach = _lines_in_reach(actor, delivery, part, layout)
    lines = [int(part.lines[place]) for place in shown]
    return OpenedSheet(
        name=part.sheet.name or part.sheet.part,
        header=_header(part, layout),
        fields=_fields(len(part.sheet.cells), layout),
        lines=[
            OpenedLine(number, part.cells(place) if reach is None or number in reach or place < header_rows else None)
            for number, place in zip(lines, shown, strict=True)
        ],
    )


def _header(part: SheetPart, layout: SheetLayout | None) -> list[str]:
    """The headers as sent, those of several rows from top to bottom; a column without one by its place."""
    rows = range(layout.header_row - layout.header_rows + 1, layout.header_row + 1) if layout else range(0)
    texts = [part.cells(row) for row in rows if row >= 0]
    merged = [
        " / ".join(dict.fromkeys(text.strip() for text in column if text.strip()))
        for column in zip(*texts, strict=True)
    ]
    return [
        (merged[place] if merged else "") or _("Column %(number)s") % {"number": place + 1}
        for place in range(len(part.sheet.cells))
    ]


def _fields(columns: int, layout: SheetLayout | None) -> list[str]:
    fields = [""] * columns
    if layout is None:
        return fields
    for name, column in layout.columns.items():
        fields[column] = name
    for name_column, number_column in layout.members:
        fields[name_column], fields[number_column] = MEMBER_NAME, MEMBER_NUMBER
    return fields


def _lines_in_reach(actor: Actor, delivery: Delivery, part: SheetPart, layout: SheetLayout | None) -> set[int] | None:
    """The lines a reader below the county may see; None for all. At most four queries."""
    if actor.unit_level <= Level.COUNTY:
        return None
    lines = [int(number) for number in part.lines]
    reach = list_lines_in_scope(actor, delivery, part.sheet.name, lines)
    try:
        read = read_rows(part.sheet, layout) if layout else None
    except IntakeError:
        return reach
    if read is not None:
        reach |= {lines[row - 1] for row in _rows_of_persons(actor, read) | _rows_of_places(actor, delivery, read)}
    return reach


def _rows_of_persons(actor: Actor, read: ReadSheet) -> set[int]:
    """The rows with the number of a person of the reader's unit."""
    blinds = {
        row: cipher().blind_index("full", number)
        for row, number in zip(read.rows["row"].to_pylist(), read.rows["number"].to_pylist(), strict=True)
        if number
    }
    known = list_numbers_in_scope(actor, set(blinds.values()))
    return {row for row, blind in blinds.items() if blind in known}


def _rows_of_places(actor: Actor, delivery: Delivery, read: ReadSheet) -> set[int]:
    """The rows that state a place in the reader's unit."""
    finder = PlaceFinder(county_gazetteer(delivery.county))
    named = next((name for name in _PLACES if name in read.rows.column_names), None)
    if named is None:
        return set()
    texts = zip(read.rows["row"].to_pylist(), read.rows[named].to_pylist(), strict=True)
    places = {row: unit for row, text in texts if (unit := finder.find(text or "")) is not None}
    own = set(Unit.objects.within(actor.unit_path).filter(pk__in=places.values()).values_list("pk", flat=True))
    return {row for row, unit in places.items() if unit in own}
