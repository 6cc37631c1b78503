"""Workbooks: a named sheet with its head, frozen, filtered, as wide as its texts; numbers are numbers; a sheet that explains them."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from foundation.documents.heads import Head
from foundation.documents.workbooks import WIDEST, Column, Row, Table, write_workbook
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.rates import Rate

HEAD = Head(
    "待办清单",
    "江苏省南通市如皋市",
    "王经办",
    datetime(2019, 1, 2, 17, tzinfo=BUSINESS_ZONE),
    date(2018, 12, 31),
    ["筛选：应保未保"],
)
COLUMNS = [Column("单位", "下一级单位"), Column("人数"), Column("期限"), Column("参保率", "已参保占应参保")]
ROWS: list[Row] = [["长江镇", 12_345, date(2019, 1, 29), Rate(99_996, 100_000)], ["=1+1", 0, None, Rate(0, 0)]]


@pytest.fixture
def book() -> Any:
    with override("zh-hans"):
        return load_workbook(
            io.BytesIO(write_workbook(HEAD, Table(COLUMNS, ROWS, totals=[["合计", 12_345, None, Rate(1, 3)]])))
        )


def test_the_head_says_what_whose_when_and_who_made_it(book):
    sheet = book.worksheets[0]
    assert sheet.title == "待办清单"
    told = [sheet.cell(row, 1).value for row in range(1, 6)]
    assert told == [
        "待办清单",
        "单位：江苏省南通市如皋市",
        "截至：2018-12-31",
        "筛选：应保未保",
        "制表：王经办，2019-01-02 17:00",
    ]


def test_the_header_is_frozen_and_the_filter_leaves_out_the_totals(book):
    sheet = book.worksheets[0]
    header = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "单位")
    assert sheet.freeze_panes == f"B{header + 1}"
    assert sheet.auto_filter.ref == f"A{header}:D{header + 2}"
    assert sheet.cell(header + 3, 1).value == "合计"
    assert sheet.print_title_rows == f"${header}:${header}"


def test_figures_days_and_rates_are_numbers_with_a_format(book):
    sheet = book.worksheets[0]
    header = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "单位")
    figure, day, rate = (sheet.cell(header + 1, column) for column in (2, 3, 4))
    assert (figure.value, figure.number_format) == (12_345, "#,##0")
    assert (day.value.date(), day.number_format) == (date(2019, 1, 29), "yyyy-mm-dd")
    assert (rate.value, rate.number_format) == (0.9999, "0.00%"), "truncated: no spreadsheet rounds it up to 100"
    assert [sheet.cell(header + 2, column).value for column in (1, 3, 4)] == ["=1+1", None, "—"]
    assert sheet.cell(header + 2, 1).data_type == "s", "no formula"
    assert sheet.cell(header + 3, 4).value == 0.3333


def test_columns_are_as_wide_as_their_texts_and_no_wider_than_a_page(book):
    long = Table([Column("甲"), Column("乙")], [["字" * 200, "短"]])
    sheet = load_workbook(io.BytesIO(write_workbook(HEAD, long))).worksheets[0]
    assert sheet.column_dimensions["A"].width == pytest.approx(WIDEST, abs=1)
    assert sheet.column_dimensions["B"].width < 10


def test_another_sheet_explains_every_column(book):
    sheet = book.worksheets[1]
    assert sheet.title == "说明"
    rows = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert rows["参保率"] == "已参保占应参保"
    assert rows["人数"] == "见列名。"
    assert "截至：2018-12-31" in rows


@pytest.mark.parametrize("title", ["a/b:c*d?e[f]'g", "字" * 40, "x"])
def test_any_title_names_a_sheet(title):
    head = Head(title, "u", "m", HEAD.made_at)
    assert load_workbook(io.BytesIO(write_workbook(head, Table(COLUMNS, [])))).worksheets[0].title
