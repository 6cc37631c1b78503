"""An unknown table: guesses with reasons, the layout made of answers, recalled in any order of columns."""

import pytest
from django.utils import translation

from registry.constants import Feed
from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.layouts import LayoutError, get_layout, load_layout
from registry.intake.mapping_guess import guess_mapping
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from registry.intake.sheets import Sheet
from registry.intake.stated_layouts import fingerprint, layout_from_mapping, mapping_of, recall_layout
from tests.registry.intake.varieties import poverty_table, tekun_table
from tests.senders import write_xlsx


@pytest.fixture(autouse=True)
def _english():
    """The sentences are compared in English whatever ran before."""
    with translation.override("en"):
        yield


STRANGE = ["甲", "乙", "丙", "丁", "戊", "己"]


def sheet_of(tmp_path, rows, name="名册.xlsx") -> Sheet:
    (sheet,) = read_sheets(write_xlsx(tmp_path / name, rows))
    return sheet


def test_strange_headers_are_refused_and_guessed_by_content(tmp_path):
    table = tekun_table()
    sheet = sheet_of(tmp_path, [STRANGE, *table.rows])
    with pytest.raises(IntakeError, match="columns_to_confirm"):
        find_layout(sheet, "名册.xlsx")
    guess = guess_mapping(sheet, "名册.xlsx")
    assert (guess.feed, guess.header_row) == (Feed.TEKUN, 0)
    fields = {each.field: each for each in guess.columns}
    assert fields["number"].column == table.column("number")
    assert fields["number"].reason == "100 % of the cells are ID numbers."
    assert fields["name"].column == table.column("name")
    assert fields["status"].column == table.column("status")


def test_a_table_without_headers(tmp_path):
    table = poverty_table()
    sheet = sheet_of(tmp_path, table.rows)
    with pytest.raises(IntakeError):
        find_layout(sheet, "建档立卡.xlsx")
    guess = guess_mapping(sheet, "建档立卡.xlsx")
    assert (guess.feed, guess.header_row) == (Feed.POVERTY, -1)
    columns = {each.field: each.column for each in guess.columns if each.field}
    rows = read_rows(sheet, layout_from_mapping("poverty", -1, columns, {})).rows
    assert rows["number"].to_pylist() == [row[table.column("number")] for row in table.rows]


def test_samples_show_no_whole_number(tmp_path):
    table = tekun_table()
    guess = guess_mapping(sheet_of(tmp_path, [STRANGE, *table.rows]), "名册.xlsx")
    assert len(guess.samples) == 10
    shown = "".join(cell for row in guess.samples for cell in row)
    assert not [row for row in table.rows if row[table.column("number")] in shown]


def test_unknown_words_are_asked_about_and_answers_understood(tmp_path):
    table = tekun_table()
    status = table.column("status")
    rows = [
        [
            {"集中供养": "J", "分散供养": "F"}.get(cell, cell) if column == status else cell
            for column, cell in enumerate(row)
        ]
        for row in table.rows
    ]
    sheet = sheet_of(tmp_path, [table.headers, *rows])
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet, "特困.xlsx")
    assert refusal.value.code == "unknown_words"
    guess = guess_mapping(sheet, "特困.xlsx")
    assert {(word.word, word.ours) for word in guess.words} == {("J", ""), ("F", "")}
    columns = {each.field: each.column for each in guess.columns if each.field}
    found = layout_from_mapping("tekun", 0, columns, {"status": {"J": "residential", "F": "at_home"}})
    assert found.layout.value("status", "J") == "residential"


def test_a_stated_layout_is_recalled_in_another_order_of_columns(tmp_path):
    table = tekun_table()
    stated = layout_from_mapping("tekun", 0, {name: place for place, name in enumerate(table.fields)}, {})
    first = sheet_of(tmp_path, [STRANGE, *table.rows])
    learned = {fingerprint(first, 0): ("民政局", mapping_of(stated, first))}
    turned = sheet_of(tmp_path, [row[::-1] for row in [STRANGE, *table.rows]], "二月.xlsx")
    found = recall_layout(turned, learned)
    assert found is not None
    assert found.layout.name == "民政局"
    assert read_rows(turned, found).rows["number"].to_pylist() == [row[table.column("number")] for row in table.rows]
    assert recall_layout(sheet_of(tmp_path, [table.headers, *table.rows], "三月.xlsx"), learned) is None


OWN = """
feed: tekun
extends: tekun
columns:
  number: [丙]
  name: [乙]
  household_no: [甲]
  status: [丁]
values:
  status:
    residential: [J]
    at_home: [F]
"""


def test_a_senders_file_extends_a_feeds_layout(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    layout = load_layout(path)
    assert layout.required == get_layout("tekun").required
    table = tekun_table()
    sheet = sheet_of(tmp_path, [STRANGE, *table.rows])
    found = find_layout(sheet, "名册.xlsx", (layout,))
    assert {name: found.columns[name] for name in ("name", "number", "status")} == {"name": 1, "number": 2, "status": 3}
    assert found.layout.value("status", "J") == "residential"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "is empty"),
        ("feed: tekun: x", "cannot be read"),
        ("feed: cats", "must be one of"),
        ("feed: tekun\nextends: cats", "no layout “cats”"),
        ("feed: tekun\nextends: tekun\ncolumns: {colour: [颜色]}", "Unknown columns: colour"),
        ("feed: tekun\nextends: tekun\ncolumns: [姓名]", "must list entries"),
        ("feed: tekun\ncolumns: {name: [姓名], number: [号]}", "is missing: required"),
        ("feed: tekun\ncolumns: {name: [姓名]}\nrequired: [name]", "is missing: number"),
        ("feed: tekun\ncolumns: {name: [姓名], number: [号]}\nrequired: [status]", "not listed"),
        ("feed: tekun\nextends: tekun\ntypo: 1", "Unknown entries in the layout file: typo"),
    ],
)
def test_a_layout_file_that_cannot_be_used_is_refused_with_the_reason(tmp_path, text, message):
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(LayoutError, match=message):
        load_layout(path)
