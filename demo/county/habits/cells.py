"""A person's line under a habit: what stands in each cell, and what a right reader gets from it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from demo.county.draw import Chance
from demo.county.habits import extra_columns, forms
from demo.county.habits.feeds import DAY, FEEDS, MONTH, NAME, NUMBER, PATH, SEX, WORD, Facts
from demo.county.habits.forms import Cell
from demo.county.habits.habit import ADDRESS, CODE, PLACE, TERM, TOWN, TOWN_CODE, ColumnHabit, Habit
from demo.county.habits.people import Person, Village
from demo.county.habits.truth import AMBIGUOUS, DAMAGED, MAY_BE, UNKNOWN_WORD

DAMAGES = ("missing", "fifteen", "cut", "masked", "digit", "digit")


@dataclass
class Written:
    """One line: its cells in the order of the columns, by place in the household the truth by field, whose it is."""

    person: Person
    cells: list[Cell]
    truths: dict[int, dict[str, str]]
    """Place 0 alone where a line is one person."""
    facts: Facts


class LineWriter:
    """Writes lines of one file; knows which village names say where on their own."""

    def __init__(self, habit: Habit, chance: Chance, villages: Sequence[Village]) -> None:
        self._habit, self._chance = habit, chance
        self._spec = FEEDS[habit.feed]
        self._by_code = {village.code: village for village in villages}
        self._stems = Counter((_scope(habit, village), _stem(village)) for village in villages)

    def write(self, person: Person, facts: Facts, serial: int) -> Written:
        """Write a person's line."""
        cells: list[Cell] = []
        truth: dict[str, str] = {}
        for column in self._habit.columns:
            cell, right = self._cell(column, person, facts, serial)
            cells.append(cell)
            truth |= right
        truth |= self._said_elsewhere(person, facts)
        return Written(person, cells, {0: truth}, facts)

    def write_household(self, members: Sequence[tuple[Person, Facts]], serial: int) -> Written:
        """Write a household's line: what it shares from its head, then a name and a number for each member."""
        (head, facts), first = members[0], min(self._habit.member_places)
        cells: list[Cell] = []
        shared: dict[str, str] = {}
        truths: dict[int, dict[str, str]] = {first + place: {} for place in range(len(members))}
        for column in self._habit.columns:
            if column.member is None:
                cell, right = self._cell(column, head, facts, serial)
                shared |= right
            elif column.member in truths:
                cell, right = self._cell(column, *members[column.member - first], serial)
                truths[column.member] |= right
            else:
                cell = ""
            cells.append(cell)
        shared |= self._said_elsewhere(head, facts)
        shared |= {} if first else {"head_name": head.name}
        return Written(head, cells, {place: shared | truth for place, truth in truths.items()}, facts)

    def _said_elsewhere(self, person: Person, facts: Facts) -> dict[str, str]:
        """What the sheet's or the file's name says, and the place of all columns together."""
        habit = self._habit
        truth = {habit.by_sheet: str(facts[habit.by_sheet])} if habit.by_sheet not in ("", TOWN) else {}
        if habit.by_file:
            truth["source"] = habit.by_file
        name, codes = self._spec.by_office
        if name and name not in truth and name not in [column.field for column in habit.columns]:
            truth[name] = MAY_BE + codes[habit.office]
        if habit.place_form:
            truth["place"] = self._true_place(person.village)
        return truth

    def _true_place(self, village: Village) -> str:
        form, short = self._habit.place_form, self._habit.village_form == "short"
        if form == "town_only":
            return f"{village.town_code}000"
        others = self._stems[_scope(self._habit, village), _stem(village)] > 1
        if form != "code" and others and (short or form in ("address", "village_alone")):
            return f"{AMBIGUOUS}:{village.code}"
        return village.code

    def _cell(self, column: ColumnHabit, person: Person, facts: Facts, serial: int) -> tuple[Cell, dict[str, str]]:
        if not column.field:
            written = extra_columns.write(self._chance, column.kind, person, serial, self._habit.as_of)
            return written, extra_columns.stated(self._habit.feed, column.kind, written)
        if column.field == PLACE and column.kind in (PLACE, TOWN, CODE, TOWN_CODE, ADDRESS):
            return self._place_cell(column, person), {}
        if column.kind == TERM:
            return self._term_cell(column, facts)
        cell, right = self._value_cell(column, facts)
        return cell, {column.field: right}

    def _place_cell(self, column: ColumnHabit, person: Person) -> Cell:
        village = person.village
        if column.kind == ADDRESS:
            return forms.write_address(person, column.form, Chance(f"{person.household}"))
        return {
            PLACE: forms.write_village(person, self._habit.village_form),
            TOWN: village.town,
            CODE: village.code,
            TOWN_CODE: village.town_code,
        }[column.kind]

    def _term_cell(self, column: ColumnHabit, facts: Facts) -> tuple[Cell, dict[str, str]]:
        first, last = facts["from"], facts["to"]
        assert isinstance(first, date)
        assert isinstance(last, date)
        written = forms.write_term(first, last, column.form, self._habit.term_between)
        return written, {"from": first.isoformat(), "to": last.isoformat()}

    def _value_cell(self, column: ColumnHabit, facts: Facts) -> tuple[Cell, str]:
        value, chance = facts[column.field], self._chance
        if column.kind in (DAY, MONTH):
            return forms.write_day(value, column.form, chance) if isinstance(value, date) else ("", "")
        text = str(value or "")
        if column.kind == PATH:
            return self._habit_path(text)
        if column.form == "figure":
            return (float(text), DAMAGED) if column.kind == NUMBER and text.isdigit() else (_figure(text), text)
        if column.kind == NUMBER:
            if chance.random() < self._habit.damaged_share:
                return forms.damage_number(text, chance.choice(DAMAGES), chance)
            return forms.write_number(text, column.form, chance), text
        if column.kind == NAME and column.member != 0 and self._habit.notes_in_names and chance.random() < 0.06:
            return text + chance.choice(("（外出）", "(已故)", "（曾用名不详）", "（残疾）")), text
        if column.kind == NAME:
            return forms.write_name(text, column.form, chance), text
        if column.kind == SEX:
            return self._habit.sex_words[int(text) - 1], text
        if column.kind == WORD:
            return self._word_cell(column.field, text)
        return text, text

    def _habit_path(self, code: str) -> tuple[Cell, str]:
        """A village's whole path in one cell."""
        village = self._by_code[code]
        return village.county_path + village.town + village.name, code

    def _word_cell(self, name: str, code: str) -> tuple[Cell, str]:
        unknown = self._habit.unknown_words.get(name)
        if unknown and self._chance.random() < 0.12:
            return unknown, UNKNOWN_WORD
        return self._habit.words[name][code], code


def _figure(text: str) -> Cell:
    """A key as the spreadsheet's figure it becomes when somebody types it."""
    return int(text) if text.isdigit() and len(text) < 16 and not text.startswith("0") else text


def _scope(habit: Habit, village: Village) -> str:
    """Within what a village's name must be the only one: its township where anything says it."""
    return "" if habit.place_form == "village_alone" else village.town_code


def _stem(village: Village) -> str:
    return village.name.removesuffix("村委会").removesuffix("居委会")
