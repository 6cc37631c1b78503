"""Yuan as text and fen as integers are the same sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.primitives.money import divide_half_up, format_fen, parse_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,147,200.00", 114_720_000), ("135", 13_500), ("0.5", 50), ("-0.05", -5), (" 148.00 ", 14_800), ("0", 0)],
)
def test_parse_reads_what_people_write(text, fen):
    assert parse_fen(text) == fen


@pytest.mark.parametrize("text", ["", "1.005", "1,14", "12.", "1e3", "135元", "\uff11\uff10\uff10", "--1", "1,1472"])
def test_parse_refuses_what_is_no_exact_sum(text):
    with pytest.raises(ValueError, match="not an amount"):
        parse_fen(text)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_text_and_fen_go_round(fen):
    assert parse_fen(format_fen(fen)) == fen


@pytest.mark.parametrize(
    ("balance_fen", "monthly_fen"),
    [(195_000, 1403), (150_000, 1079), (200_000, 1439), (750_000, 5396), (900_000, 6475), (10_000, 72), (13_900, 100)],
)
def test_account_pension_divides_by_139_half_up(balance_fen, monthly_fen):
    assert divide_half_up(balance_fen, 139) == monthly_fen


def test_halves_go_away_from_zero():
    assert [divide_half_up(each, 2) for each in (1, 3, -1, -3)] == [1, 2, -1, -2]
