"""The bytes of a file of a habit: workbook, text in its encoding, zip of either; the same habit gives the same bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from demo.county.draw import Chance
from demo.county.habits.forms import Cell
from demo.county.habits.habit import Habit
from demo.county.habits.people import villages_of
from demo.county.habits.tables import Table, build_tables, draw_facts
from demo.county.habits.truth import FileTruth

MADE_AT = datetime(2018, 12, 25, 9, tzinfo=UTC)
LINE_END = "\r\n"


def write_habit_file(habit: Habit, folder: Path) -> tuple[Path, FileTruth]:
    """Write one file by a habit and return it with its truth.

    Effects: writes one file into `folder`. Cost: two to ten milliseconds.
    """
    name, data, truth = make_habit_file(habit)
    path = folder / name
    path.write_bytes(data)
    return path, truth


def make_habit_file(habit: Habit) -> tuple[str, bytes, FileTruth]:
    """Make one file by a habit: its name, its bytes and its truth. Nothing is written."""
    chance = Chance(f"lines {habit.feed} {habit.seed}")
    villages = villages_of(habit.county)
    people = draw_facts(habit, chance, villages)
    tables = build_tables(habit, people, villages, chance)
    stem = habit.file_stem
    if habit.place_form == "village_by_file" and not (habit.furniture.titles and chance.random() < 0.5):
        stem = people[0][0].village.town + stem
    name, data = _bytes_of(habit, stem, tables)
    lines = tuple(line for table in tables for line in table.lines)
    return name, data, FileTruth(habit.feed, habit.seed, name, habit.county, lines)


def _bytes_of(habit: Habit, stem: str, tables: list[Table]) -> tuple[str, bytes]:
    parts = {table.part: table for table in tables}
    if "" not in parts:
        members = {name: _table_bytes(habit, [table]) for name, table in parts.items()}
        return f"{stem}.zip", _zip(members)
    return f"{stem}.{habit.container}", _table_bytes(habit, tables)


def _table_bytes(habit: Habit, tables: list[Table]) -> bytes:
    return _workbook(tables) if habit.is_workbook else _text(habit, tables[0])


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, MADE_AT.timetuple()[:6]), data)
    return buffer.getvalue()


def _text(habit: Habit, table: Table) -> bytes:
    lines = (habit.separator.join(_text_cell(cell, habit) for cell in row) + LINE_END for row in table.rows)
    text = "".join(lines)
    try:
        return text.encode(habit.encoding)
    except UnicodeEncodeError:  # a rare character: such a sender's program writes the wider code
        return text.encode("gb18030")


def _text_cell(cell: Cell, habit: Habit) -> str:
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    must_quote = habit.separator in text or "\n" in text or '"' in text
    return '"' + text.replace('"', '""') + '"' if must_quote or (habit.quoted and text) else text


def _workbook(tables: Sequence[Table]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"created": MADE_AT})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables:
            _write_sheet(book.add_worksheet(table.sheet), table, day)
    return buffer.getvalue()


def _write_sheet(sheet: xlsxwriter.worksheet.Worksheet, table: Table, day: object) -> None:
    for merge in table.merges:
        if merge[:2] != merge[2:]:
            sheet.merge_range(*merge, "")
    for place, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            _write_cell(sheet, place, column, cell, day)
    for column in table.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    for line in table.hidden_lines:
        sheet.set_row(line, None, None, {"hidden": True})
    if table.is_hidden:
        sheet.hide()


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif not isinstance(cell, str):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)
