"""The empty table of every feed is read by our own reader, and its sample line is no person."""

import io
from pathlib import Path

import openpyxl
import pytest

from foundation.primitives.resident_id import is_valid
from registry.constants import Feed
from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.layouts import get_layout
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from registry.intake.templates import NEVER_ASSIGNED, sample_number, write_template
from tests.oracles.numbers import make_number


def template(folder: Path, feed: Feed, line: list[str] | None = None) -> Path:
    """Write a feed's template, with a line below the sample where one is given."""
    workbook = openpyxl.load_workbook(io.BytesIO(write_template(get_layout(feed.value))))
    if line is not None:
        for column, cell in enumerate(line, 1):
            workbook.worksheets[0].cell(3, column, cell)
    path = folder / f"{get_layout(feed.value).title}.xlsx"
    workbook.save(path)
    return path


@pytest.mark.parametrize("feed", Feed)
def test_a_template_left_empty_has_no_rows(tmp_path, feed):
    sheet = read_sheets(template(tmp_path, feed))[0]
    found = find_layout(sheet, "x.xlsx" if feed not in (Feed.EMPLOYEE, Feed.CIVIL) else f"{feed.value}.xlsx")
    assert found.layout.feed == feed
    assert set(found.columns) == set(get_layout(feed.value).columns)
    with pytest.raises(IntakeError, match="no_rows"):
        read_rows(sheet, found)


@pytest.mark.parametrize("feed", Feed)
def test_a_line_below_the_sample_is_read(tmp_path, feed):
    sheet = read_sheets(template(tmp_path, feed))[0]
    sample = [cells[1].as_py() for cells in sheet.cells]
    columns = find_layout(sheet, feed.value).columns
    line = ["1", *sample[1:]]
    line[columns["number"]] = make_number("19581215", 1)
    (filled, *_explanations) = read_sheets(template(tmp_path, feed, line))
    rows = read_rows(filled, find_layout(filled, feed.value)).rows
    assert rows["number"].to_pylist() == [make_number("19581215", 1)]


@pytest.mark.parametrize("feed", Feed)
def test_every_column_is_explained(tmp_path, feed):
    workbook = openpyxl.load_workbook(io.BytesIO(write_template(get_layout(feed.value))))
    explained = [row[0] for row in workbook.worksheets[1].iter_rows(min_row=2, values_only=True)]
    assert explained[: len(get_layout(feed.value).columns)] == [
        words[0] for words in get_layout(feed.value).columns.values()
    ]
    assert all(
        row[1] and row[2] and row[3] for row in workbook.worksheets[1].iter_rows(min_row=2, max_row=3, values_only=True)
    )


def test_the_sample_number_is_right_and_belongs_to_no_one():
    assert sample_number().startswith(NEVER_ASSIGNED)
    assert is_valid(sample_number())
