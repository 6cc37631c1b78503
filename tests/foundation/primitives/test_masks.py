"""Masks show one and one character of an identity number to everybody, and nothing of a text too short to hide anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.primitives import masks


def test_masks_look_as_the_rules_say():
    assert masks.mask_id("320682195003050025") == "3****************5"
    assert masks.mask_phone("13812345678") == "138****5678"
    assert masks.mask_bank_account("6228480402564891234") == "622************1234"


def test_a_disability_kind_and_grade_stay_hidden():
    assert masks.mask_id("32068219500305002543") == "3****************5**"


@pytest.mark.parametrize("text", ["", "1", "12345"])
def test_a_broken_number_is_hidden_whole(text):
    assert masks.mask_id(text) == "*" * len(text)


@given(st.text(max_size=30))
def test_every_mask_keeps_the_length_and_hides_at_least_four_characters(text):
    for mask in (masks.mask_id, masks.mask_bank_account, masks.mask_phone):
        masked = mask(text)
        assert len(masked) == len(text)
        assert masked.count("*") >= min(4, len(text))
