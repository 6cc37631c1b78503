"""Numbers as departments write them, for hypothesis: right, damaged, of 15 digits, full-width, with blanks, with words."""

from datetime import date

from hypothesis import strategies as st

from tests.oracles.numbers import make_number

BIRTHS = st.dates(date(1915, 1, 1), date(2018, 12, 31)).map(lambda day: f"{day:%Y%m%d}")
RIGHT = st.builds(make_number, BIRTHS, st.integers(0, 999))
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def _one_digit(number: str, place: int, digit: str) -> str:
    return number[:place] + digit + number[place + 1 :]


def _swapped(number: str, place: int) -> str:
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


ONE_DIGIT = st.builds(_one_digit, RIGHT, st.integers(0, 16), st.sampled_from("0123456789"))
SWAPPED = st.builds(_swapped, RIGHT, st.integers(0, 16))
DAY_AND_MONTH = RIGHT.map(lambda n: n[:10] + n[12:14] + n[10:12] + n[14:])
LOST = st.builds(lambda n, place: n[:place] + n[place + 1 :], RIGHT, st.integers(0, 17))
ADDED = st.builds(
    lambda n, place, digit: n[:place] + digit + n[place:], RIGHT, st.integers(0, 18), st.sampled_from("0123456789")
)
FIFTEEN = RIGHT.map(lambda n: n[:6] + n[8:17])
CERTIFICATE = st.builds(lambda n, tail: n + tail, RIGHT, st.sampled_from(["43", "61", "43B1", "12B2", "4"]))
DAMAGED = st.one_of(ONE_DIGIT, SWAPPED, DAY_AND_MONTH, LOST, ADDED)
DRESSED = st.builds(
    lambda n, dress: dress(n),
    st.one_of(RIGHT, DAMAGED),
    st.sampled_from(
        [
            str.lower,
            lambda n: n.translate(WIDE),
            lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
            lambda n: f"'{n}",
            lambda n: f"\t{n}\u3000",
            lambda n: f"\ufeff{n}\u200b",
            lambda n: f'="{n}"',
        ]
    ),
)
WORDS = st.sampled_from(["", "0", "无", "暂无", "无户口", "不详", "无身份证", " ", "身份证遗失2018", "X", "12"])
ANY_NUMBER = st.one_of(RIGHT, DAMAGED, FIFTEEN, CERTIFICATE, DRESSED, WORDS)
