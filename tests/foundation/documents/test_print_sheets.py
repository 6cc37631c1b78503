"""Printed sheets: no column is cut, thirty rows and more go on a page, every page says which of how many, no name is markup."""

import io
from datetime import date, datetime

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from foundation.documents.heads import Head
from foundation.documents.print_sheets import (
    ACROSS_MM,
    UPRIGHT_MM,
    Column,
    Facts,
    Group,
    Paragraph,
    Row,
    Table,
    _fitted,
    print_pdf,
)
from foundation.primitives.clock import BUSINESS_ZONE
from tests.paper import furthest_right, is_across, pages_of, squeezed

AT = datetime(2019, 1, 2, 17, 0, tzinfo=BUSINESS_ZONE)


def head(title: str = "待办清单", **values: object) -> Head:
    return Head(title, "江苏省南通市如皋市", "王经办", AT, date(2018, 12, 31), **values)  # type: ignore[arg-type]


def table(columns: int, rows: int, text: str = "不在参保名册") -> Table:
    cells: list[Row] = [[place + 1, *(f"{text}{place}-{column}" for column in range(columns))] for place in range(rows)]
    return Table(
        [Column("No.", is_figure=True), *(Column(f"标题{column}栏") for column in range(columns))], [Group(cells)]
    )


@pytest.mark.parametrize("columns", [2, 9, 24, 36])
@pytest.mark.parametrize("text", ["不在参保名册", "insured in another province ", "3****************5"])
def test_every_heading_and_the_last_column_of_every_row_is_on_paper(columns, text):
    pdf = print_pdf(head(), [table(columns, 40, text)])
    pages = pages_of(pdf)
    for page in (each for each in pages if "栏" in each):  # the signatures may go over to a page of their own
        assert all(f"标题{column}栏" in page for column in range(columns))
    whole = "".join(pages)
    assert all(squeezed(f"{text}{row}-{columns - 1}") in whole for row in range(40))
    assert furthest_right(pdf) < 1


def test_each_page_has_its_number_and_the_last_one_the_signature_lines():
    with override("zh-hans"):
        pages = pages_of(print_pdf(head(about=["筛选：应保未保"]), [table(5, 120)]))
    assert len(pages) > 1
    for place, page in enumerate(pages, 1):
        assert f"第{place}页，共{len(pages)}页" in page
        assert "王经办" in page
    assert "江苏省南通市如皋市" in pages[0]
    assert "20181231" in pages[0]
    assert "应保未保" in pages[0]
    assert "审核人" in pages[-1]
    assert "审核人" not in pages[0]


def test_a_narrow_table_lies_upright_and_a_wide_one_across():
    assert not is_across(print_pdf(head(), [table(3, 5)]))
    assert is_across(print_pdf(head(), [table(12, 5)]))


@pytest.mark.parametrize(("columns", "text"), [(3, "甲"), (11, "不在任何参保名册"), (11, "never enrolled on any roll")])
def test_thirty_rows_and_more_go_on_a_page(columns, text):
    pages = pages_of(print_pdf(head(), [table(columns, 200, text)]))
    assert len(pages) <= 200 / 30 + 1


def test_what_a_name_holds_is_no_markup():
    evil = '张#三] *x* $y$ #{sys.inputs} \\ "q" <a> `r` /* c */ // d #import "@preview/x:1.0.0"'
    rows = Table([Column("姓名")], [Group([[evil]], heading=evil)], heading=evil)
    pdf = print_pdf(head(evil, about=[evil]), [rows, Facts([(evil, evil)]), Paragraph(evil)])
    assert "".join(pages_of(pdf)).count(squeezed(evil)) == 8, (
        "title, filter, heading, group, cell, term, value, paragraph"
    )


def test_a_group_begins_a_page_where_it_should():
    groups = [
        Group([["甲"]], heading="知青村", begins_page=True),
        Group([["乙"]], heading="二案村"),
        Group([["丙"]], heading="三案村", begins_page=True),
    ]
    pages = pages_of(print_pdf(head(), [Table([Column("姓名")], groups)]))
    assert [[name in page for name in "甲乙丙"] for page in pages] == [[True, True, False], [False, False, True]]


@pytest.mark.parametrize("widths", [[10, 20], [500, 10, 10], [100] * 5, [300, 300, 5]])
@pytest.mark.parametrize("least_share", [0, 0.6, 1])
@pytest.mark.parametrize("for_a_pen", [True, False])
@pytest.mark.parametrize("room", [UPRIGHT_MM, ACROSS_MM])
def test_widths_never_take_more_than_the_room(widths, least_share, for_a_pen, room):
    grows = [for_a_pen, *[False] * (len(widths) - 1)]
    fitted = _fitted(widths, [width * least_share for width in widths], grows, room)
    assert sum(fitted) <= room + 0.05
    assert sum(fitted) > room - 0.2 or sum(fitted) > 1.59 * sum(widths)
    assert all(width > 0 for width in fitted)


def test_a_figure_is_never_broken():
    columns = [Column("Unit"), *(Column("a heading of many words", is_figure=True) for _each in range(20))]
    pdf = print_pdf(head(), [Table(columns, [Group([["如皋高新技术产业开发区", *["100.00 %"] * 20]])])])
    assert PdfReader(io.BytesIO(pdf)).pages[0].extract_text().count("100.00 %") == 20


def test_a_sheet_asks_no_network_and_no_other_font(monkeypatch):
    monkeypatch.setenv("TYPST_PACKAGE_CACHE_PATH", "/nonexistent")
    pdf = print_pdf(head(), [table(2, 1)])
    assert b"NotoSansSC" in pdf
