"""Dates as departments write them, read or not read, never guessed.

20181201, 2018-12-01, 2018/12/1 08:00, 2018.12, 2018年12月1日, 二〇一八年十二月一日, 201812, 2018, 25/12/2018, 2018-Dec-01, a spreadsheet's
day number. Not read is what may be two days (3/12/2018, 18-12-03), what states none (12月前后, 农历冬月) and what is several.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from registry.constants import DatePrecision

Read = tuple[date, DatePrecision]
_EARLIEST, _LATEST = 1850, 2200
LONGEST = 100
"""Characters of the longest cell that is one day or two: a longer one is not looked at, whatever it is made of."""
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_TIME = r"(?:[T ]*(?:上午|下午)?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?(?:Z|[+-]\d\d:?\d\d)?)?"
_SOLID_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME)
_SOLID_MONTH = re.compile(r"((?:19|20|21)\d{2})(\d{2})")
_YEAR = re.compile(r"((?:18|19|20|21)\d{2})年|((?:19|20|21)(?:00|1[3-9]|[2-9]\d))")
"""A year alone: without the word only where it cannot be a year of two digits with its month, as 1812 may be."""
_DAY = re.compile(r"(\d{4})([-/.年 、])(\d{1,2})[-/.月 、](\d{1,2})[日号]?" + _TIME)
_MONTH = re.compile(r"(\d{4})([-/.年])(\d{1,2})[月.]?(?:份)?")
_NAMED_MONTH = re.compile(
    r"(?:(\d{4})[- ]([A-Za-z]{3})[a-z]*[- ](\d{1,2})|(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4}))"
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _TIME)
_DAY_NUMBER = re.compile(r"([1-9]\d{4})(?:\.\d+)?")
_LIKE_YEAR_AND_MONTH = ("19", "20")
_MONTH_NAMES = {
    name: place
    for place, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")
_BETWEEN = re.compile(r"\s*(?:至|到|——|--|—|～|~|－(?=\d{4})|-(?=\d{4}))\s*")


@lru_cache(maxsize=65536)
def read_date(text: str) -> Read | None:
    """Return the day and its precision, or None. Of a month it is the first day, of a year the last: what is certain by then."""
    if len(text) > LONGEST:
        return None
    clean = _plain(text)
    if found := _SOLID_DAY.fullmatch(clean):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SOLID_MONTH.fullmatch(clean):
        return _date(int(found[1]), int(found[2]), 0)
    if found := _DAY.fullmatch(clean):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _MONTH.fullmatch(clean):
        is_figure = found[2] == "." and found[3] == "1"  # 2018.1 may be a figure that was 2018.10
        return _date(int(found[1]), 0 if is_figure else int(found[3]), 0)
    if found := _YEAR.fullmatch(clean):
        return _date(int(found[1] or found[2]), 0, 0)
    return _rarer_form(clean)


def read_range(text: str) -> tuple[Read, Read] | None:
    """Return the first and last day of two dates in one cell, as 2017.3.4-2021.3.3; None where it is not two."""
    if len(text) > LONGEST:
        return None
    parts = _BETWEEN.split(_plain(text))
    dates = [read_date(part) for part in parts]
    return (dates[0], dates[1]) if len(dates) == 2 and dates[0] and dates[1] else None


def _plain(text: str) -> str:
    """Half-width, figures for Chinese numerals, without brackets, full stops and words of a beginning or end around it."""
    clean = unicodedata.normalize("NFKC", text).strip().strip("()[]。,;自从起止至")
    if any(mark in clean for mark in "〇○零一二三四五六七八九十"):
        clean = _TENS.sub(lambda ten: f"{ten[1] or '一'}{ten[2] or '〇'}", clean).translate(_DIGITS)
    return clean


def _rarer_form(clean: str) -> Read | None:
    if found := _NAMED_MONTH.fullmatch(clean):
        year, name, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        month = _MONTH_NAMES.get(name.lower(), 13)
        return _date(int(year), month, int(day))
    if found := _YEAR_LAST.fullmatch(clean):
        one, other = int(found[1]), int(found[2])
        if one != other and max(one, other) <= 12:
            return None  # either may be the month
        return _date(int(found[3]), min(one, other), max(one, other))
    if (found := _DAY_NUMBER.fullmatch(clean)) and not clean.startswith(_LIKE_YEAR_AND_MONTH):
        return _SPREADSHEET_EPOCH + timedelta(days=int(found[1])), DatePrecision.DAY
    return None


def _date(year: int, month: int, day: int) -> Read | None:
    """Return the date, of zeros what is left of it; None where it is none, and for a spreadsheet's zero, 1900-01-00."""
    if not _EARLIEST <= year <= _LATEST or (year, month, day) == (1900, 1, 0):
        return None
    try:
        if not month:
            return (date(year, 12, 31), DatePrecision.YEAR) if not day else None
        return date(year, month, day or 1), DatePrecision.DAY if day else DatePrecision.MONTH
    except ValueError:
        return None


def read_days(texts: pa.Array) -> pa.Array:
    """Read a column of days as read_date does: eight digits all at once, every other form one by one; null where none."""
    solid = pc.match_substring_regex(texts, r"^[0-9]{8}\z").to_numpy(zero_copy_only=False)
    days = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[D]")
    days[solid] = _solid_days(texts.filter(pa.array(solid)).cast(pa.int32()).to_numpy())
    for place in np.flatnonzero(~solid):
        found = read_date(texts[int(place)].as_py())
        days[place] = found[0] if found and found[1] != DatePrecision.YEAR else np.datetime64("NaT")
    return pa.array(days, pa.date32())


def _solid_days(written: npt.NDArray[np.int32]) -> npt.NDArray[np.datetime64]:
    year, month, day = written // 10_000, written // 100 % 100, np.maximum(written % 100, 1)
    right = (year >= _EARLIEST) & (year <= _LATEST) & (month >= 1) & (month <= 12)
    months = np.where(right, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    right &= days.astype("datetime64[M]") == months
    return np.where(right, days, np.datetime64("NaT", "D"))
