"""GB 11643 with the test numbers of docs/rules.md R1 and R2."""

from datetime import date

import pytest

from foundation.primitives import resident_id

ALL_CHECK_CHARACTERS = {
    "018": "0", "004": "1", "009": "2", "003": "3", "008": "4", "002": "5", "007": "6", "001": "7", "006": "8", "019": "9", "005": "X",
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("11010519491231002", "X"),
        ("44052418800101001", "4"),
        ("34052419800101001", "X"),
        *((f"32068219500305{sequence}"[:17], check) for sequence, check in ALL_CHECK_CHARACTERS.items()),
    ],
)
def test_check_character(body, check):
    assert resident_id.check_character(body) == check
    assert resident_id.is_valid(body + check)


@pytest.mark.parametrize(
    ("fifteen", "eighteen"),
    [("110105491231002", "11010519491231002X"), ("320622500305002", "320622195003050029")],
)
def test_fifteen_digits_become_eighteen(fifteen, eighteen):
    assert resident_id.upgrade(fifteen) == eighteen


@pytest.mark.parametrize("sequence", [996, 997, 998, 999])
def test_sequences_of_the_very_old_mean_the_century_before(sequence):
    assert resident_id.upgrade(f"320697990101{sequence}")[6:10] == "1899"


@pytest.mark.parametrize(
    "number",
    [
        "320697195003050020",
        "320697195013050025",
        "320697195002300025",
        "32069719500305002",
        "3206971950030500255",
        "32069718490305002X",
        "32069719500305００２5",
        "",
    ],
)
def test_what_is_not_a_number(number):
    assert not resident_id.is_valid(number)


def test_birth_and_sex_are_read_from_the_number():
    assert resident_id.birth_date("320697196002290013") == date(1960, 2, 29)
    assert resident_id.birth_date("320697196102290013") is None
    assert resident_id.sex_code("320697196002290013") == 1
    assert resident_id.sex_code("320697195003050025") == 2
