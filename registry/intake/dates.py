"""Dates as departments write them: 20181201, 2018-12-01, 2018/12/1, 2018.12, 2018年12月1日, 201812, a spreadsheet's day number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from registry.constants import DatePrecision

_PARTS = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?\D*$")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?$")
_EARLIEST, _LATEST = 1850, 2200
_SPREADSHEET_EPOCH = date(1899, 12, 30)


@lru_cache(maxsize=65536)
def read_date(text: str) -> tuple[date, DatePrecision] | None:
    """Return the day (the first of the month where only the month is given) and its precision, or None."""
    clean = text.strip().split(" ")[0].split("T")[0]
    match = _SOLID.match(clean) or _PARTS.match(clean)
    if match is None:
        return _spreadsheet_day(clean)
    year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
    precision = DatePrecision.DAY if match[3] and match[3] != "00" else DatePrecision.MONTH
    try:
        found = date(year, month, day or 1)
    except ValueError:
        return None
    return (found, precision) if _EARLIEST <= year <= _LATEST else None


def _spreadsheet_day(text: str) -> tuple[date, DatePrecision] | None:
    if not text.isdigit() or len(text) != 5:
        return None
    return _SPREADSHEET_EPOCH + timedelta(days=int(text)), DatePrecision.DAY


def read_days(texts: pa.Array) -> pa.Array:
    """Read a column of days as read_date does: eight digits all at once, every other form one by one; null where none."""
    solid = pc.match_substring_regex(texts, r"^[0-9]{8}\z").to_numpy(zero_copy_only=False)
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    days[solid] = _solid_days(texts.filter(pa.array(solid)).cast(pa.int32()).to_numpy())
    for place in np.flatnonzero(~solid):
        found = read_date(texts[int(place)].as_py())
        days[place] = found[0] if found else np.datetime64("NaT")
    return pa.array(days, pa.date32())


def _solid_days(written: npt.NDArray[np.int32]) -> npt.NDArray[np.datetime64]:
    year, month, day = written // 10_000, written // 100 % 100, np.maximum(written % 100, 1)
    right = (year >= _EARLIEST) & (year <= _LATEST) & (month >= 1) & (month <= 12)
    months = np.where(right, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    right &= days.astype("datetime64[M]") == months
    return np.where(right, days, np.datetime64("NaT", "D"))
