"""Dates as departments write them."""

from datetime import date

import pytest

from registry.intake.dates import read_date


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
