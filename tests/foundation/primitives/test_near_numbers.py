"""The numbers one slip away: every slip is among them, none is the number itself, and they are few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.primitives.near_numbers import near_numbers
from foundation.primitives.resident_id import check_character, is_valid

BODIES = st.builds(
    lambda day, rest: f"32069719{50 + day % 50:02}0{1 + day % 9}1{day % 9}{rest:03}",
    st.integers(0, 400),
    st.integers(0, 999),
)


def right(body: str) -> str:
    return body + check_character(body)


@given(BODIES, st.integers(0, 17), st.integers(1, 9))
def test_another_digit_leads_back_to_the_right_number(body, place, step):
    number = right(body)
    digits = "0123456789X" if place == 17 else "0123456789"
    other = digits[(digits.index(number[place]) + step) % len(digits)]
    typed = number[:place] + other + number[place + 1 :]
    if typed != number:
        assert number in near_numbers(typed)


@given(BODIES, st.integers(0, 17))
def test_a_lost_and_an_added_character_lead_back_too(body, place):
    number = right(body)
    if place < 17:
        assert number in near_numbers(number[:place] + number[place + 1 :])
        assert number in near_numbers(number[:place] + "4" + number[place:])


@given(BODIES, st.integers(0, 17))
def test_a_right_number_leads_to_the_damaged_ones_of_a_file(body, place):
    number = right(body)
    damaged = number[:place] + ("1" if number[place] == "0" else "0") + number[place + 1 :]
    assert damaged in near_numbers(number)


@given(BODIES)
def test_they_are_few_and_never_the_number_itself(body):
    number = right(body)
    for typed in (number, number[:-1] + ("0" if number[-1] != "0" else "1"), number[:8] + number[9:], f"{number}1"):
        found = near_numbers(typed)
        assert typed not in found
        assert len(found) <= 200
        assert len(set(found)) == len(found)
        assert {is_valid(each) for each in found} <= {not is_valid(typed)}


@pytest.mark.parametrize("text", ["", "张三", "320682D4525047357", "1" * 15, "1" * 20, "3206821950010100２2"])
def test_what_is_no_number_has_none(text):
    assert near_numbers(text) == []
