"""The computed repair of a whole column against the repair of one number, and against brute force."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.primitives import resident_id
from foundation.primitives.number_repair import repair_candidates
from tests.oracles.numbers import lost_or_added, make_number
from tests.oracles.strategies import ADDED, DAMAGED, LOST, RIGHT


def repaired(numbers: list[str]) -> list[set[str]]:
    found = repair_candidates(pa.array(numbers, pa.string()))
    candidates: list[set[str]] = [set() for _ in numbers]
    for row, key in zip(found["row"].to_pylist(), found["key"].to_pylist(), strict=True):
        body, place = divmod(key, 11)
        candidates[row].add(f"{body:017d}" + ("X" if place == 10 else str(place)))
    return candidates


@settings(max_examples=60)
@given(st.lists(DAMAGED.filter(lambda n: len(n) == 18 and not resident_id.is_valid(n)), min_size=1, max_size=8))
def test_eighteen_characters_as_one_by_one(numbers):
    assert repaired(numbers) == [resident_id.repair_candidates(number) for number in numbers]


@settings(max_examples=60)
@given(st.lists(st.one_of(LOST, ADDED), min_size=1, max_size=8))
def test_a_digit_lost_or_one_too_many_as_by_brute_force(numbers):
    assert repaired(numbers) == [lost_or_added(number) for number in numbers]


@given(RIGHT, st.integers(0, 16), st.integers(1, 9))
def test_the_true_number_is_among_the_candidates(number, place, step):
    damaged = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert number in repaired([damaged])[0]


def test_about_eighteen_candidates_a_number():
    numbers = [make_number("19500305", sequence)[:17] + "0" for sequence in range(200)]
    damaged = [number for number in numbers if not resident_id.is_valid(number)]
    counts = [len(candidates) for candidates in repaired(damaged)]
    assert max(counts) <= 36


def test_other_texts_have_no_candidates():
    assert repaired(["", "无", "32069719500305", "3206971950030500A5", "3206971950030500255X"]) == [set()] * 5
