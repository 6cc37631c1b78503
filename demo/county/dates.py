"""Days and months as numpy arrays, and their forms in files: yyyymmdd and yyyymm integers."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]


def month_number(days: Days) -> NDArray[np.int64]:
    """Months since 1970-01."""
    return days.astype("M8[M]").astype(np.int64)


def yyyymm(month_numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return (1970 + month_numbers // 12) * 100 + month_numbers % 12 + 1


def yyyymmdd(days: Days) -> NDArray[np.int64]:
    day = (days - days.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1
    return yyyymm(month_number(days)) * 100 + day


def to_days(year_month_day: NDArray[np.int64]) -> Days:
    year, month, day = year_month_day // 10000, year_month_day // 100 % 100, year_month_day % 100
    first: Days = ((year - 1970) * 12 + month - 1).astype("M8[M]").astype("M8[D]")
    return np.asarray(first + (day - 1))


def last_day(month: date) -> np.datetime64:
    return (np.datetime64(month, "M") + 1).astype("M8[D]") - 1


def age_years(births: Days, on: np.datetime64) -> NDArray[np.int64]:
    today = int(yyyymmdd(np.array([on]))[0])
    return (today - yyyymmdd(births)) // 10000
