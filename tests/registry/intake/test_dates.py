"""Dates as departments write them."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.intake.dates import read_date, read_days


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
    ],
)
def test_read_date(text, day, precision):
    assert read_date(text) == (day, precision)


@pytest.mark.parametrize(
    "text", ["", "不详", "2018", "20181301", "20180230", "18491231", "22010101", "1812", "201813", "12-31", "0"]
)
def test_no_date(text):
    assert read_date(text) is None


SOLID = st.integers(0, 99_999_999).map("{:08}".format)
NEAR_DAYS = st.tuples(st.integers(1840, 2210), st.integers(0, 13), st.integers(0, 32)).map(
    "{0[0]:04}{0[1]:02}{0[2]:02}".format
)


@given(st.lists(SOLID | NEAR_DAYS | st.text("0123456789-/年月日. \n２", max_size=11), min_size=1))
def test_a_column_of_days_is_read_like_each_of_them(texts):
    alone = [found[0] if (found := read_date(text)) else None for text in texts]
    assert read_days(pa.array(texts, pa.string())).to_pylist() == alone
