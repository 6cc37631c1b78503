"""A hundred files of senders nobody has seen: no cell is wrong in silence. `./run torture files` judges thousands."""

from collections import Counter

import pytest

from demo.county.habits import feed_of
from tests.registry.intake.habits import Judged, judge_habit

FILES, FIRST_SEED = 100, 4_000
pytestmark = pytest.mark.xdist_group("judged_habits")  # read once


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return [judge_habit(feed_of(seed), seed) for seed in range(FIRST_SEED, FIRST_SEED + FILES)]


def test_no_cell_is_wrong_in_silence(judged):
    wrong = {(each.feed, each.seed): each.silent[:3] for each in judged if each.silent}
    assert wrong == {}


def test_no_file_is_refused_that_a_clerk_could_read(judged):
    assert [(each.feed, each.seed, each.code) for each in judged if each.outcome == "refused"] == []


def test_most_cells_are_compared(judged):
    cells = sum((each.cells for each in judged), Counter[str]())
    assert cells["right"] > 5_000
