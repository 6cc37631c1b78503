"""What a sheet's other columns must not carry on: identity numbers and telephones; codes, days and places stay."""

import pyarrow as pa
import pytest

from foundation.primitives.personal_texts import (
    hide_numbers,
    id_in_address,
    is_reference,
    roll_no_in_address,
    shown_roll_no,
)
from registry.intake.protecting import protect_fields
from registry.selectors.numbers import stored_roll_no
from tests.oracles.numbers import make_number

NUMBER = make_number("19600101", 1)
OLD = NUMBER[:6] + NUMBER[8:17]


def protected(name: str, *cells: str, numbers: tuple[str, ...] = ()) -> list[str]:
    fields = protect_fields({name: pa.array(cells)}, [pa.array(numbers or [""] * len(cells))])
    return fields[name].to_pylist()


@pytest.mark.parametrize(
    "written",
    [
        NUMBER, OLD, NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"), NUMBER[:17] + "x", f" {NUMBER} ", f"R{NUMBER}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER), f"{NUMBER[:6]} {NUMBER[6:]}", "张三", "13912345678",
    ],
)  # fmt: skip
def test_a_roll_number_that_is_somebodys_number_or_name_is_a_reference(written):
    sheet = ["32068200012", "R1", written]
    fields = protect_fields({"roll_no": pa.array(sheet)}, [pa.array(["", "", ""])])
    plain, _other, reference = fields["roll_no"].to_pylist()
    assert plain == "32068200012"
    assert is_reference(reference)
    assert fields["roll_no_sent"].to_pylist() == [None, None, written]
    assert set(shown_roll_no(reference)) <= {"*", NUMBER[0], NUMBER[17], OLD[-1], "X", "0", "1"}
    assert written not in reference
    assert id_in_address(roll_no_in_address(reference)) in reference
    assert "*" not in roll_no_in_address(reference)


@pytest.mark.parametrize("code", ["32068200012", "R0000123", "1234567890123456", "320682201812310001234", "", "A-17"])
def test_a_code_of_the_department_stays(code):
    assert protected("roll_no", code, "x1") == [code, "x1"]
    assert roll_no_in_address(code) == code == shown_roll_no(code)
    assert id_in_address(code) == ""


def test_a_roll_whose_own_numbers_look_like_telephones_keeps_them():
    cells = [f"130182000{n:02}" for n in range(9)]
    assert protected("roll_no", *cells) == cells


def test_the_lines_own_damaged_number_is_a_reference_too():
    damaged = NUMBER[:10] + "9" + NUMBER[11:17]
    assert is_reference(protected("roll_no", damaged, "R1", numbers=(damaged, ""))[0])
    assert protected("roll_no", damaged, "R1", numbers=("", ""))[0] == damaged


def test_the_same_number_has_the_same_reference_and_only_with_the_same_key(settings):
    one, again, other = (
        protected("roll_no", written)[0] for written in (NUMBER, f"{NUMBER} ", make_number("19600101", 3))
    )
    assert one == again == stored_roll_no(NUMBER)
    assert one != other


def test_a_forged_reference_is_not_trusted():
    reference = protected("roll_no", NUMBER)[0]
    assert protected("roll_no", reference)[0] != reference


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (NUMBER, "****"),
        (f"张三，{NUMBER}，二组", "张三，****，二组"),
        ("电话13912345678转", "电话****转"),
        ("0513-87651234", "****"),
        ("+86 139 1234 5678", "****"),
        ("6228480402564891234", "****"),
        ("320682111201", "320682111201"),
        ("2018-12-31 00:00:00", "2018-12-31 00:00:00"),
        ("长江镇二案村12组", "长江镇二案村12组"),
    ],
)
def test_other_columns_lose_numbers_and_keep_the_rest(written, stored):
    assert protected("place", written) == [stored]
    assert hide_numbers(stored) == stored


@pytest.mark.parametrize("key", [NUMBER, OLD, "13912345678", "张三", "~abc1"])
def test_a_key_that_is_somebodys_number_or_name_is_an_id(key):
    (stored,) = protected("household_no", key)
    assert stored.startswith("~")
    assert len(stored) == 21
    assert key not in stored
    assert protected("household_no", key) == [stored]


@pytest.mark.parametrize("key", ["D1", "3206820001234567890123", "低保字第12号", ""])
def test_other_keys_stay(key):
    assert protected("household_no", key) == [key]
