"""Dates as departments write them."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.intake.dates import read_date, read_days, read_range


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("20181201", date(2018, 12, 1), "day"),
        ("2018-12-01", date(2018, 12, 1), "day"),
        ("2018/12/1", date(2018, 12, 1), "day"),
        ("2018.12.1", date(2018, 12, 1), "day"),
        ("2018年12月1日", date(2018, 12, 1), "day"),
        ("2018-12-01 08:30:00", date(2018, 12, 1), "day"),
        ("2018-12-01T08:30", date(2018, 12, 1), "day"),
        (" 20181201 ", date(2018, 12, 1), "day"),
        ("201812", date(2018, 12, 1), "month"),
        ("2018-12", date(2018, 12, 1), "month"),
        ("2018年12月", date(2018, 12, 1), "month"),
        ("2018.12", date(2018, 12, 1), "month"),
        ("20181200", date(2018, 12, 1), "month"),
        ("43465", date(2018, 12, 31), "day"),
        ("自2018年12月1日起", date(2018, 12, 1), "day"),
        ("至2018-12-31止", date(2018, 12, 31), "day"),
        ("43465.5", date(2018, 12, 31), "day"),
        ("２０１８年１２月１日", date(2018, 12, 1), "day"),
        ("二〇一八年十二月三十一日", date(2018, 12, 31), "day"),
        ("2018-12-01T00:00:00+08:00", date(2018, 12, 1), "day"),
        ("2018年12月1日14时05分", date(2018, 12, 1), "day"),
        ("2018 12 01", date(2018, 12, 1), "day"),
        ("25/12/2018", date(2018, 12, 25), "day"),
        ("2018-Dec-01", date(2018, 12, 1), "day"),
        ("01-Dec-2018", date(2018, 12, 1), "day"),
        ("2018.10", date(2018, 10, 1), "month"),
        ("2018-1", date(2018, 1, 1), "month"),
        ("2018.1", date(2018, 12, 31), "year"),
        ("2018", date(2018, 12, 31), "year"),
        ("2018年", date(2018, 12, 31), "year"),
        ("2012年", date(2012, 12, 31), "year"),
        ("20180000", date(2018, 12, 31), "year"),
    ],
)
def test_read_date(text, day, precision):
    assert read_date(text) == (day, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "不详",
        "20181301",
        "1812",
        "2012",
        "20180230",
        "18491231",
        "22010101",
        "201813",
        "12-31",
        "0",
        "1900-01-00",
        "20181",
        "2018l203",
        "3/12/2018",
        "18-12-03",
        "181203",
        "Dec-18",
        "2018-12-03前后",
        "农历2018年冬月初三",
        "2018-12-03～2018-12-05",
        "99",
        "2018-00-03",
    ],
)
def test_no_date(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2017.3.4-2021.3.3",
        "2017-03-04至2021-03-03",
        "20170304-20210303",
        "2017年3月4日—2021年3月3日",
        "2017-3-4 ~ 2021-3-3",
    ],
)
def test_two_dates_in_one_cell(text):
    assert read_range(text) == ((date(2017, 3, 4), "day"), (date(2021, 3, 3), "day"))
    assert read_date(text) is None


@pytest.mark.parametrize("text", ["", "2017-03-04", "2017-03-04至今", "2017-03-04至2018-01-01至2019-01-01"])
def test_not_two_dates(text):
    assert read_range(text) is None


SOLID = st.integers(0, 99_999_999).map("{:08}".format)
NEAR_DAYS = st.tuples(st.integers(1840, 2210), st.integers(0, 13), st.integers(0, 32)).map(
    "{0[0]:04}{0[1]:02}{0[2]:02}".format
)


@given(st.lists(SOLID | NEAR_DAYS | st.text("0123456789-/年月日. \n２", max_size=11), min_size=1))
def test_a_column_of_days_is_read_like_each_of_them(texts):
    alone = [found[0] if (found := read_date(text)) and found[1] != "year" else None for text in texts]
    assert read_days(pa.array(texts, pa.string())).to_pylist() == alone
