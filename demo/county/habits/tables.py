"""The sheets of one file: titles, header, lines, what stands between and below them, and the truth of every line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from demo.county.draw import Chance
from demo.county.habits.cells import LineWriter, Written
from demo.county.habits.feeds import FEEDS, Facts
from demo.county.habits.forms import Cell
from demo.county.habits.habit import PLACE, TOWN, ColumnHabit, Habit
from demo.county.habits.people import Person, Village, draw_people
from demo.county.habits.truth import (
    BLANK,
    DUPLICATE,
    HEADER,
    HIDDEN,
    LEFT,
    NOTE,
    PERSON,
    SIGNATURE,
    SUMMARY,
    TITLE,
    TOTAL,
    TrueLine,
)

Row = list[Cell]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 0."""
SHARED = ("household_no", "head_name", "status", "settlement")
NOTES = (
    "填表说明",
    "1. 身份证号码请填写18位，不得用科学计数法。",
    "2. 每月25日前报送。",
    "3. 本表由各镇（街道）填报，经办人签字盖章。",
)


@dataclass
class Table:
    """One sheet or one text, with its truth."""

    part: str
    sheet: str
    rows: list[Row] = field(default_factory=list)
    lines: list[TrueLine] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False

    hidden_lines: list[int] = field(default_factory=list)

    def add(self, row: Row, kind: str, truths: dict[int, dict[str, str]] | None = None) -> None:
        """Add a line with its cells by place in the household; of a blank one nothing is said."""
        self.rows.append(row)
        for member, cells in (truths or {0: {}}).items():
            if kind != BLANK:
                self.lines.append(TrueLine(self.part, self.sheet, len(self.rows), kind, cells, member))


def draw_facts(habit: Habit, chance: Chance, villages: Sequence[Village]) -> list[tuple[Person, Facts]]:
    """Draw who is on the file and what is true of them."""
    spec = FEEDS[habit.feed]
    chosen = list(villages)
    if habit.place_form == "village_by_file":
        town = chance.choice(chosen).town
        chosen = [village for village in chosen if village.town == town]
    elif habit.by_sheet == TOWN:
        towns = chance.sample(sorted({village.town for village in chosen}), 3)
        chosen = [village for village in chosen if village.town in towns]
    youngest, oldest = (habit.as_of.replace(year=habit.as_of.year - age, day=28) for age in spec.ages)
    people = draw_people(chance, habit.people, chosen, oldest=oldest, youngest=youngest)
    return [(person, spec.facts(chance, person, habit.as_of)) for person in people]


def build_tables(
    habit: Habit, people: Iterable[tuple[Person, Facts]], villages: Sequence[Village], chance: Chance
) -> list[Table]:
    """Put people into the sheets of a file as the habit says."""
    writer = LineWriter(habit, chance, villages)
    written = _write_lines(habit, writer, list(people))
    tables = _cover(habit)
    for name, lines in _divided(habit, written):
        part = f"{name}.{habit.container}" if _is_zip(habit) else ""
        sheet = (name if habit.is_workbook and not _is_zip(habit) else habit.sheet_name) if habit.is_workbook else ""
        table = Table(part, sheet or "Sheet1" if habit.is_workbook else "")
        _fill(table, habit, lines, chance)
        tables.append(table)
    return (
        tables + _side_tables(habit, writer, written, tables, chance)
        if habit.is_workbook and not _is_zip(habit)
        else tables
    )


def _write_lines(habit: Habit, writer: LineWriter, people: list[tuple[Person, Facts]]) -> list[Written]:
    if not habit.member_places:
        return [writer.write(person, facts, serial) for serial, (person, facts) in enumerate(people, 1)]
    households = [list(members) for _, members in groupby(people, key=lambda each: each[0].household)]
    return [writer.write_household(members, serial) for serial, members in enumerate(households, 1)]


def _cover(habit: Habit) -> list[Table]:
    """A sheet with the title before the list."""
    if not habit.cover_sheet or _is_zip(habit):
        return []
    cover = Table("", "封面")
    for text in (habit.title_words, "二〇一八年十二月", "如皋市"):
        cover.add([text], NOTE)
    return [cover]


def _is_zip(habit: Habit) -> bool:
    return habit.parts > 0 or (habit.by_sheet != "" and not habit.is_workbook)


def _divided(habit: Habit, written: list[Written]) -> list[tuple[str, list[Written]]]:
    """Return the lines by sheet or part, with its name."""
    if habit.by_sheet == TOWN:
        return [(town, list(lines)) for town, lines in groupby(written, key=lambda line: line.person.village.town)]
    if habit.by_sheet:
        words, key = habit.words[habit.by_sheet], habit.by_sheet
        codes = sorted({str(line.facts[key]) for line in written})
        return [(words[code][:20], [line for line in written if line.facts[key] == code]) for code in codes]
    if habit.parts > 1:
        size = -(-len(written) // habit.parts)
        return [
            (f"{habit.title_words}{place + 1}", written[place * size : (place + 1) * size])
            for place in range(habit.parts)
        ]
    return [(habit.title_words if habit.parts else habit.sheet_name, written)]


def _fill(table: Table, habit: Habit, lines: list[Written], chance: Chance) -> None:
    columns, furniture, width = habit.columns, habit.furniture, len(habit.columns)
    for title in _titles(habit, lines):
        table.merges.append((len(table.rows), 0, len(table.rows), width - 1))
        table.add(_wide(title, width, width // 2 if furniture.centred_title and not habit.is_workbook else 0), TITLE)
    if furniture.blank_above_header:
        table.add(_wide("", width), BLANK)
    _add_header(table, columns, habit)
    if furniture.column_numbers:
        table.add([str(place) for place in range(1, width + 1)], HEADER)
    first_line = len(table.rows)
    _add_lines(table, habit, lines, chance)
    if habit.shared_cells != "each":
        _share_cells(table, habit, lines, first_line)
    if furniture.total:
        table.add(_total_row(habit, furniture.total, len(lines)), TOTAL)
    if furniture.signature:
        if chance.random() < 0.4:
            table.add(_wide("", width), BLANK)
        table.add(_wide(furniture.signature, width), SIGNATURE)
    if habit.hidden_columns:
        table.hidden_columns = tuple(place for place, column in enumerate(columns) if not column.field)[:2]


def _titles(habit: Habit, lines: list[Written]) -> list[str]:
    """The titles, with the township of a file of one where nothing else names it."""
    titles = list(habit.furniture.titles)
    if titles and habit.place_form == "village_by_file":
        titles[0] = (
            titles[0].replace("如皋市", lines[0].person.village.town, 1)
            if "如皋市" in titles[0]
            else lines[0].person.village.town + titles[0]
        )
    return titles


def _wide(text: str, width: int, before: int = 0) -> Row:
    return [*[""] * before, text, *[""] * (width - 1 - before)]


def _add_header(table: Table, columns: Sequence[ColumnHabit], habit: Habit) -> None:
    if habit.header_rows == 1:
        table.add([column.header for column in columns], HEADER)
        return
    top = len(table.rows)
    upper: Row = []
    for place, column in enumerate(columns):
        begins = column.group and (place == 0 or columns[place - 1].group != column.group)
        upper.append(column.group if begins else "" if column.group else column.header)
        if not column.group:
            table.merges.append((top, place, top + 1, place))
    for _, run in groupby(enumerate(columns), key=lambda each: each[1].group):
        places = [place for place, column in run if column.group]
        if len(places) > 1:
            table.merges.append((top, places[0], top, places[-1]))
    table.add(upper, HEADER)
    table.add([column.header if column.group else "" for column in columns], HEADER)


def _add_lines(table: Table, habit: Habit, lines: list[Written], chance: Chance) -> None:
    furniture, width = habit.furniture, len(habit.columns)
    header = [column.header for column in habit.columns]
    interrupts = habit.shared_cells == "each"
    for place, line in enumerate(lines):
        before = lines[place - 1].person.village if place else None
        new_town = before is None or before.town != line.person.village.town
        if interrupts and new_town and before and furniture.subtotals:
            table.add(_total_row(habit, "小计", sum(each.person.village.town == before.town for each in lines)), TOTAL)
        if interrupts and new_town and furniture.sections:
            table.add(_wide(line.person.village.town, width), TITLE)
        if (
            interrupts
            and place
            and furniture.repeated_header_every
            and place % furniture.repeated_header_every == 0
            and habit.header_rows == 1
        ):
            table.add(list(header), HEADER)
        if interrupts and place and furniture.blank_lines and chance.random() < 0.05:
            table.add(_wide("", width), BLANK)
        is_hidden = furniture.hidden_lines and chance.random() < 0.1
        if is_hidden:
            table.hidden_lines.append(len(table.rows))
        table.add(line.cells, HIDDEN if is_hidden else PERSON, line.truths)
        if interrupts and not is_hidden and furniture.duplicates and chance.random() < 0.06:
            table.add(list(line.cells), DUPLICATE, line.truths)


def _total_row(habit: Habit, word: str, count: int) -> Row:
    """A line that counts: the word in the first column, or before the first figure."""
    row: Row = [""] * len(habit.columns)
    row[0] = word
    if len(row) > 1:
        row[len(row) // 2] = f"{count}人"
    return row


def _share_cells(table: Table, habit: Habit, lines: list[Written], first: int) -> None:
    """Leave what a household shares on its first line only; in a workbook merged over all."""
    shared = [
        place
        for place, column in enumerate(habit.columns)
        if column.field in SHARED or (column.field == PLACE and column.kind != "address")
    ]
    at = first
    for _, members in groupby(lines, key=lambda line: line.person.household):
        count = len(list(members))
        for place in shared:
            same = [table.rows[at + offset][place] for offset in range(count)]
            if count < 2 or len(set(map(str, same))) > 1:
                continue
            if habit.shared_cells == "merged":
                table.merges.append((at, place, at + count - 1, place))
            for offset in range(1, count):
                table.rows[at + offset] = [*table.rows[at + offset]]
                table.rows[at + offset][place] = ""
        at += count


def _side_tables(
    habit: Habit, writer: LineWriter, written: list[Written], tables: list[Table], chance: Chance
) -> list[Table]:
    """Sheets beside the list: notes, a summary, those who left, and the blank ones of a new workbook."""
    side = []
    taken = {table.sheet for table in tables}
    if habit.notes_sheet:
        notes = Table("", "填表说明")
        for text in NOTES:
            notes.add([text], NOTE)
        side.append(notes)
    if habit.summary_sheet:
        side.append(_summary(written))
    if habit.left_sheet and len(written) > 4:
        left = Table("", next(name for name in ("已退出", "上月", "减少人员") if name not in taken), is_hidden=True)
        left.add([column.header for column in habit.columns], HEADER)
        for line in written[:3]:
            left.add(line.cells, LEFT)
        side.append(left)
    if habit.empty_sheets:
        side += [Table("", name) for name in ("Sheet2", "Sheet3") if name not in taken]
    return side


def _summary(written: list[Written]) -> Table:
    summary = Table("", "汇总")
    summary.add(["乡镇", "人数"], SUMMARY)
    towns = [line.person.village.town for line in written for _ in line.truths]
    for town in sorted(set(towns)):
        summary.add([town, towns.count(town)], SUMMARY)
    summary.add(["合计", len(towns)], SUMMARY)
    return summary
