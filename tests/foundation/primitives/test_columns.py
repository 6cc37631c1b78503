"""Whole columns against the rules of one value."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.primitives import resident_id
from foundation.primitives.columns import NUMBER_STATES, clean_names, clean_numbers, read_text
from tests.oracles.numbers import clean_number, make_number
from tests.oracles.strategies import ANY_NUMBER, RIGHT


def key_of(number: str) -> int:
    return int(number[:17]) * 11 + (10 if number[17] == "X" else int(number[17]))


@settings(max_examples=150)
@given(st.lists(ANY_NUMBER, min_size=1, max_size=25))
def test_a_column_of_numbers_is_cleaned_as_each_by_itself(texts):
    read = clean_numbers(pa.array(texts, pa.string()))
    for place, text in enumerate(texts):
        number, state = clean_number(text)
        right = state in ("ok", "fifteen", "cut")
        assert (read.number[place].as_py(), NUMBER_STATES[read.state[place]]) == (number, state), text
        assert bool(read.valid[place]) is right
        assert read.key[place].as_py() == (key_of(number) if right else None)
        if right:
            assert read.birth[place].as_py() == resident_id.birth_date(number)
            assert read.sex[place] == resident_id.sex_code(number)


@given(st.lists(RIGHT, min_size=1, max_size=10))
def test_chunks_and_slices_change_nothing(texts):
    whole = clean_numbers(pa.array(texts))
    chunked = clean_numbers(pa.chunked_array([texts[:1], texts[1:]], pa.string()))
    sliced = clean_numbers(pa.array(["other", *texts, "other"]).slice(1, len(texts)))
    assert whole.key.equals(chunked.key)
    assert whole.key.equals(sliced.key)


def test_no_rows_and_nulls():
    assert len(clean_numbers(pa.array([], pa.string())).number) == 0
    read = clean_numbers(pa.array([None, "320697195003050025"], pa.string()))
    assert read.number.to_pylist()[0] == ""
    assert NUMBER_STATES[read.state[0]] == "missing"


def test_the_date_of_a_damaged_number_is_still_read():
    damaged = make_number("19500305", 2)[:17] + "0"
    read = clean_numbers(pa.array([damaged, "320697195013050025"]))
    assert read.birth.to_pylist() == [date(1950, 3, 5), None]
    assert not read.valid.any()


def test_lookalikes_of_x_are_x():
    number = next(n for n in (make_number("19500305", each) for each in range(99)) if n.endswith("X"))
    for cross in "x×✕ХΧｘＸ":
        assert clean_numbers(pa.array([number[:17] + cross])).number[0].as_py() == number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "张 伟"),
        ("张伟", "張偉"),
        ("张伟", "章苇"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽．买买提"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("张伟", "张伟（大）"),
        ("张伟", "张伟2"),
        ("张伟", "张伟B"),
        ("王双艳", "王双(yan)"),
        ("王双艳", "王双（yan）"),
        ("吕强", "吕强\u200b"),
    ],
)
def test_names_of_the_same_phonetic_key(one, other):
    first, second = clean_names(pa.array([one, other])).phonetic_key.to_pylist()
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"), [("张伟", "张强"), ("张伟", "李伟"), ("张伟", "张伟强"), ("王双艳", "王双(yu)"), ("张伟", "张〓")]
)
def test_names_that_do_not(one, other):
    first, second = clean_names(pa.array([one, other])).phonetic_key.to_pylist()
    assert first != second


def test_a_name_is_kept_as_written_but_for_marks():
    names = clean_names(pa.array(["張 偉（户主）", "阿依．买买提", "王双(yan)", "李?", None, "陈12"]))
    assert names.name.to_pylist() == ["張偉", "阿依·买买提", "王双〓", "李〓", "", "陈"]
    assert names.plain.to_pylist() == ["张伟", "阿依·买买提", "王双〓", "李〓", "", "陈"]


def test_compatibility_characters_are_their_plain_ones():
    plain = clean_names(pa.array(["\uf90a立", "金立"])).plain.to_pylist()
    assert plain[0] == plain[1]


@given(st.lists(st.text(alphabet="张王李欧阳伟芳·?？ (yan)２a😀\u3000", max_size=8), min_size=1, max_size=10))
def test_text_goes_into_code_points_and_back(texts):
    column = pa.array(texts, pa.string())
    assert read_text(column).to_arrow().to_pylist() == texts
    assert [len(text) for text in texts] == read_text(column).lengths.tolist()


def test_radicals_from_a_pdf_are_their_characters():
    assert clean_names(pa.array(["⻩⻛", "⻢⺠⻄"])).plain.to_pylist() == ["黄风", "马民西"]
