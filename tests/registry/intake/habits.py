"""The judge of generated files: each cell the product read, beside the truth of the file. Nothing may be wrong in silence.

Classes of cells: `right`; `asked`: the file waits for a person to name its columns or words; `problem`: the line is in the problem
list for that cell; `unread`: no column was taken for this field; `unclear`: the column was taken, its cell not understood, and no
value stored; `silent`: anything else. Unread and unclear are what the reading report must say.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from demo.county.habits import FileTruth, TrueLine, draw_habit, make_habit_file
from demo.county.habits.truth import AMBIGUOUS, DAMAGED, DUPLICATE, HIDDEN, LEFT, MAY_BE, PERSON, UNKNOWN_WORD
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from tests.registry.intake.readings import DAYS, REJECT, SKIP, WHERE, Line, Reading, plain_text, read_file

RIGHT, ASKED, PROBLEM, UNREAD, UNCLEAR, SILENT, REFUSED = (
    "right",
    "asked",
    "problem",
    "unread",
    "unclear",
    "silent",
    "refused",
)
LINE = "line"
"""The cell that is a line as a whole: is it a person?"""
_NUMBER_REASONS = ("id_", "disability_number")
_DAY_REASONS, _WORD_REASONS = ("date_",), ("word_unknown", "kind_unknown", "grade_unknown")
SAID_OF_HIDDEN = ("hidden_rows", "struck_rows")
SAID_OF_LEFT = ("hidden_sheet", "exited_sheet", "left_sheet_read")


@dataclass(frozen=True)
class Silent:
    """One cell wrong in silence: where, which field, what is right and what was read."""

    part: str
    sheet: str
    line: int
    field: str
    right: str
    got: str


@dataclass
class Judged:
    """One file judged. `outcome` is "read", "asked" or "refused", with the code of the refusal."""

    feed: str
    seed: int
    file: str
    outcome: str
    code: str = ""
    cells: Counter[str] = field(default_factory=Counter)
    unread_fields: Counter[str] = field(default_factory=Counter)
    unclear_fields: Counter[str] = field(default_factory=Counter)
    silent: list[Silent] = field(default_factory=list)


def judge_habit(feed: str, seed: int) -> Judged:
    """Draw a habit, make its file, read it and judge every cell."""
    habit = draw_habit(feed, seed)
    name, data, truth = make_habit_file(habit)
    return judge_file(name, data, truth, habit.as_of)


def judge_file(name: str, data: bytes, truth: FileTruth, as_of: date) -> Judged:
    """Read a file and judge every cell of its truth."""
    cells = sum(len(line.cells) for line in truth.lines if line.kind == PERSON)
    try:
        reading = read_file(name, data, truth.county, as_of)
    except IntakeError as refusal:
        asked = refusal.code in NEEDS_MAPPING
        outcome, cell = ("asked", ASKED) if asked else ("refused", REFUSED)
        return Judged(truth.feed, truth.seed, name, outcome, refusal.code, Counter({cell: cells}))
    judged = Judged(truth.feed, truth.seed, name, "read")
    for place, line in _with_tables(truth):
        for name_of_field, right, got, class_ in _judge_line(truth, reading, place, line):
            judged.cells[class_] += 1
            if class_ == UNREAD:
                judged.unread_fields[name_of_field] += 1
            if class_ == UNCLEAR:
                judged.unclear_fields[name_of_field] += 1
            if class_ == SILENT:
                judged.silent.append(Silent(line.part, line.sheet, line.line, name_of_field, right, got))
    return judged


def _with_tables(truth: FileTruth) -> Iterator[tuple[Line, TrueLine]]:
    """Each line with the number of its table in the order of the file."""
    tables: dict[tuple[str, str], int] = {}
    for line in truth.lines:
        place = tables.setdefault((line.part, line.sheet), len(tables))
        yield (place, line.line, line.member), line


Verdict = tuple[str, str, str, str]
"""Field, what is right, what was read, class."""


def _judge_line(truth: FileTruth, reading: Reading, place: Line, line: TrueLine) -> Iterator[Verdict]:
    row, reasons = reading.rows.get(place), reading.problems.get(place, {})
    if line.kind == HIDDEN and not any(reading.remarks.get(code) for code in SAID_OF_HIDDEN):
        yield LINE, line.kind, "current" if row else "lost", SILENT
    elif line.kind in (PERSON, DUPLICATE, HIDDEN):
        if reading.feed != truth.feed:
            yield LINE, truth.feed, reading.feed, SILENT
        elif row is None:
            rejected = REJECT in reasons.values()
            if rejected or line.kind == PERSON:
                yield LINE, line.kind, ",".join(reasons) or _fate(reading, place), PROBLEM if rejected else SILENT
        elif line.kind == DUPLICATE and not any(reason.startswith("duplicate") for reason in reasons):
            yield LINE, line.kind, "another person", SILENT
        else:
            yield from _judge_cells(reading, row, reasons, place, line)
    elif line.kind == LEFT:
        is_said = any(reading.remarks.get(code) for code in SAID_OF_LEFT)
        yield LINE, line.kind, "current" if row else "left out", ASKED if is_said else SILENT if row else RIGHT
    elif row is not None:
        yield LINE, line.kind, f"a person: {row.get('name')}", SILENT


def _fate(reading: Reading, place: Line) -> str:
    """What became of a person who is not where the truth says: lost, or somebody else in a household."""
    members = [member for table, line, member in reading.rows if (table, line) == place[:2]]
    return f"as member {members} of a household" if members else "lost"


def _judge_cells(
    reading: Reading, row: dict[str, str | None], reasons: dict[str, str], place: Line, line: TrueLine
) -> Iterator[Verdict]:
    reasons = {reason: action for reason, action in reasons.items() if action != SKIP}
    for name, right in line.cells.items():
        if name not in row:
            if right and not right.startswith(MAY_BE):
                yield name, right, "", UNREAD
            continue
        got = row[name]
        named = (name, reading.texts[place].get(name, "")) in reading.words_named
        class_ = _class_of(name, right, got, reasons, named=named)
        if class_ == SILENT and name == "place" and _by_registration(row, got, right):
            class_ = RIGHT
        if class_ == SILENT and name == "place" and _is_less_precise(got, right):
            class_ = UNCLEAR if (set(WHERE) - {"town"}) & set(reading.texts[place]) else UNREAD
        yield name, right, str(got), class_
    for name, got in row.items():
        if got and name not in line.cells and not (name in WHERE and "place" in line.cells):
            yield name, "not stated", got, SILENT


def _by_registration(row: dict[str, str | None], got: str | None, right: str) -> bool:
    """Answer whether a line that states its township only got its village there by its place of registration."""
    return bool(row.get("hukou")) and right.endswith("000") and (got or "").startswith(right[:9])


def _class_of(name: str, right: str, got: str | None, reasons: dict[str, str], *, named: bool) -> str:
    """Compare one cell. `named`: a problem line says that nobody knows its word."""
    if right.startswith(MAY_BE):
        return RIGHT if got in (None, "", right.removeprefix(MAY_BE)) else SILENT
    is_listed = named or _concerns(name, reasons)
    mark, _, hidden = right.partition(":")
    if mark in (DAMAGED, UNKNOWN_WORD, AMBIGUOUS):
        if is_listed:
            return PROBLEM
        if got is None and mark != DAMAGED:
            return UNCLEAR
        return RIGHT if hidden and got == hidden else SILENT
    if got == right or (name not in DAYS and plain_text(got or "") == plain_text(right)):
        return RIGHT
    if is_listed:
        return PROBLEM
    return UNCLEAR if got is None else SILENT


def _is_less_precise(got: str | None, right: str) -> bool:
    """Answer whether only the township of a place was understood: the reading report counts places to the village."""
    return bool(got) and right.startswith(str(got).rstrip("0").ljust(9, "0"))


def _concerns(name: str, reasons: dict[str, str]) -> bool:
    """Answer whether one of a line's problems is about this field."""
    about = _NUMBER_REASONS if name == "number" else _DAY_REASONS if name in DAYS else _WORD_REASONS
    return any(reason.startswith(about) for reason in reasons)
