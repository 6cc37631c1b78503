"""Files of strangers: the same seed the same bytes, thousands of headers, and a truth that names the lines of its file."""

import csv
import io
from collections import Counter
from io import StringIO

import pytest
import python_calamine
from django.core.management import call_command
from django.core.management.base import CommandError

from demo.county.habits import FEEDS, Habit, TrueLine, draw_habit, feed_of, make_habit_file, read_truth
from demo.county.habits.truth import LEFT, PERSON
from registry.constants import Feed
from registry.intake.layouts import get_layout

FILES = 420
pytestmark = pytest.mark.xdist_group("habit_files")  # made once


@pytest.fixture(scope="module")
def made():
    habits = [draw_habit(feed_of(seed), seed) for seed in range(FILES)]
    return [(habit, *make_habit_file(habit)) for habit in habits]


def cells_of(data: bytes, habit: Habit, line: TrueLine) -> list[str]:
    """Return a line's raw cells of a file that is no zip, by another reader than the product's."""
    if habit.is_workbook:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(line.sheet)
        return [str(cell) for cell in sheet.to_python(skip_empty_area=False)[line.line - 1]]
    text = data.decode(habit.encoding if habit.encoding != "gbk" else "gb18030").replace("\r\n", "\n")
    return list(csv.reader(io.StringIO(text), delimiter=habit.separator))[line.line - 1]


def test_the_same_seed_makes_the_same_bytes():
    for seed in range(28):
        first, again = (make_habit_file(draw_habit(feed_of(seed), seed)) for _ in range(2))
        assert first == again


def test_the_feeds_take_turns(made):
    assert set(FEEDS) == set(Feed.values)
    assert set(Counter(truth.feed for _, _, _, truth in made).values()) == {FILES // len(FEEDS)}


def test_thousands_of_combinations_come_out(made):
    headers = {(column.field, column.header) for habit, *_ in made for column in habit.columns if column.field}
    assert len(headers) > 1_000
    known = {word for feed in FEEDS for words in get_layout(feed).columns.values() for word in words}
    assert sum(header not in known for _, header in headers) > 700


def test_every_kind_of_habit_is_drawn(made):
    habits = [habit for habit, *_ in made]
    assert {habit.container for habit in habits} == {"xlsx", "csv", "txt", "tsv"}
    assert {habit.shared_cells for habit in habits} == {"each", "merged", "blank"}
    assert {habit.header_rows for habit in habits} == {1, 2}
    assert 0 < sum(bool(habit.member_places) for habit in habits) < 0.1 * len(habits)
    for share in (
        "notes_sheet",
        "cover_sheet",
        "notes_in_names",
        "summary_sheet",
        "left_sheet",
        "empty_sheets",
        "hidden_columns",
        "quoted",
        "by_sheet",
        "by_file",
    ):
        assert 0 < sum(bool(getattr(habit, share)) for habit in habits) < len(habits), share
    for part in (
        "subtotals",
        "sections",
        "blank_lines",
        "duplicates",
        "hidden_lines",
        "total",
        "signature",
        "titles",
        "column_numbers",
    ):
        assert 0 < sum(bool(getattr(habit.furniture, part)) for habit in habits) < len(habits), part


def test_each_line_of_the_truth_is_where_the_file_has_it(made):
    looked_at = 0
    for habit, _, data, truth in made[:140]:
        if any(line.part for line in truth.lines):
            continue
        persons = [line for line in truth.lines if line.kind == PERSON]
        for line in (persons[0], persons[-1]):
            member = line.member if habit.member_places else None
            place = next(
                place
                for place, column in enumerate(habit.columns)
                if column.field == "name" and column.member == member
            )
            written = cells_of(data, habit, line)[place]
            assert "".join(written.split())[0] == line.cells["name"][0]
            assert line.cells["name"][-1] in written
            looked_at += 1
    assert looked_at > 100


def test_no_number_can_be_anybodys(made):
    numbers = {line.cells["number"] for *_, truth in made for line in truth.lines if line.kind == PERSON}
    assert all(number.startswith(("320697", "!")) for number in numbers)
    assert any(line.kind == LEFT for *_, truth in made for line in truth.lines)


def test_the_command_writes_files_with_their_truth(tmp_path):
    said = StringIO()
    call_command("make_county", habits=15, seed=40, out=tmp_path, stdout=said)
    assert "15" in said.getvalue()
    truth = read_truth(tmp_path / "truth" / "41.jsonl")
    assert (tmp_path / "files" / "41" / truth.file).exists()
    assert truth.seed == 41
    assert truth.feed == feed_of(41)
    assert len((tmp_path / "truth" / "files.csv").read_text("utf-8").splitlines()) == 16


def test_the_command_needs_a_size_or_a_count(tmp_path):
    with pytest.raises(CommandError):
        call_command("make_county", seed=1, out=tmp_path)
