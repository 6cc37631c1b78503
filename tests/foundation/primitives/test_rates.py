"""Rates by integers: the goal at its edge, truncation, no one to count."""

import pytest

from foundation.primitives.rates import Rate


@pytest.mark.parametrize(
    ("part", "whole", "met"),
    [
        (59_177_100, 59_183_018, True),
        (59_177_100, 59_183_019, False),
        (11_999, 12_000, True),
        (11_998, 12_000, False),
        (0, 0, True),
    ],
)
def test_the_goal_is_compared_by_integers(part, whole, met):
    assert Rate(part, whole).is_met is met


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(11_370, 12_318, "92.30 %"), (99_996, 100_000, "99.99 %"), (5, 5, "100.00 %"), (0, 7, "0.00 %"), (0, 0, "—")],
)
def test_a_rate_is_truncated_never_rounded_up(part, whole, text):
    assert Rate(part, whole).text == text
