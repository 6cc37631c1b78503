"""The same people whatever the table they come in: encodings, separators, headers, merged cells, wide and long."""

from pathlib import Path

import pyarrow as pa
import pytest

from registry.constants import Feed
from registry.intake.files import read_sheets
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from tests.registry.intake.varieties import HOUSEHOLDS, LONG, WIDE, Table, dibao_table, poverty_table, tekun_table

TABLES = {Feed.POVERTY: poverty_table, Feed.DIBAO: dibao_table, Feed.TEKUN: tekun_table}
COVER = "说明"
SHARED_FIELDS = ("household_no", "status", "settlement", "town", "place")


def read_all(path: Path) -> list[ReadSheet]:
    """Read every sheet but the one that explains the others."""
    return [read_rows(sheet, find_layout(sheet, path.name)) for sheet in read_sheets(path) if sheet.name != COVER]


def told(sheets: list[ReadSheet], table: Table, fields: tuple[str, ...]) -> list[tuple[str, ...]]:
    assert sheets
    assert {sheet.layout.layout.feed for sheet in sheets} == {table.feed}
    wanted = ["name", "number", *(name for name in fields if name in table.fields)]
    rows = pa.concat_tables([sheet.rows.select(wanted) for sheet in sheets]).to_pylist()
    return sorted(tuple(row[name] for name in wanted) for row in rows)


def expected(table: Table, fields: tuple[str, ...]) -> list[tuple[str, ...]]:
    wanted = ["name", "number", *(name for name in fields if name in table.fields)]
    return sorted(tuple(row[table.column(name)] for name in wanted) for row in table.rows)


@pytest.mark.parametrize("feed", TABLES)
@pytest.mark.parametrize("way", LONG)
def test_a_line_a_person(tmp_path, feed, way):
    table = TABLES[feed]()
    fields = (*SHARED_FIELDS, "person_no")
    assert told(read_all(LONG[way](table, tmp_path)), table, fields) == expected(table, fields)


@pytest.mark.parametrize("feed", [Feed.POVERTY, Feed.DIBAO])
@pytest.mark.parametrize("way", HOUSEHOLDS)
def test_what_a_household_shares_counts_for_all_its_lines(tmp_path, feed, way):
    table = TABLES[feed]()
    assert told(read_all(HOUSEHOLDS[way](table, tmp_path)), table, SHARED_FIELDS) == expected(table, SHARED_FIELDS)


@pytest.mark.parametrize("feed", [Feed.POVERTY, Feed.DIBAO])
@pytest.mark.parametrize("way", WIDE)
def test_a_line_a_household(tmp_path, feed, way):
    table = TABLES[feed]()
    sheets = read_all(WIDE[way](table, tmp_path))
    assert told(sheets, table, SHARED_FIELDS) == expected(table, SHARED_FIELDS)
    (rows,) = [sheet.rows for sheet in sheets]
    member = dict(zip(rows["number"].to_pylist(), rows["member"].to_pylist(), strict=True))
    number = table.column("number")
    assert member == {row[number]: place for lines in table.households() for place, row in enumerate(lines, 1)}


@pytest.mark.parametrize("feed", TABLES)
def test_every_line_of_every_way_is_accounted_for(tmp_path, feed):
    for write in LONG.values():
        path = write(TABLES[feed](), tmp_path)
        for sheet in read_sheets(path):
            if sheet.name != COVER:
                assert sum(read_rows(sheet, find_layout(sheet, path.name)).outcomes().values()) == sheet.rows
