"""Each lock of the product in a race: with it one of two acts waits and both end well, without it the same race ends badly.

The list of locks is read from the source: a new one fails the first test until a race of `races_of_*.py` needs it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from casework.services.cases import take_case
from enrollment.services.one_stop import put_batches_into_effect
from foundation.accounts.actors import system_actor
from tests.locks.all_races import RACES
from tests.locks.finder import list_locks
from tests.locks.meetings import Meeting
from tests.locks.races_of_enrolment import approved_batch_and_a_claim
from tests.locks.racing import Lock, Outcome, before_commit, committed, race
from tests.named_world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("races")]

BEHIND_ANOTHER = {
    Lock(
        "nightly/steps.py::publish"
    ): "a county has one open run (nightrun_one_open_per_county), one process has it (held)",
    Lock("registry/services/receiving.py::_apply", "registry_delivery"): "read again under held('delivery')",
    Lock("registry/services/receiving.py::_refuse"): "read again under held('delivery')",
    Lock("registry/services/failing.py::fail_delivery"): "read again under held('delivery')",
    Lock("registry/services/undoing.py::undo_delivery", "registry_delivery"): "under the lock of the county's feed",
}
"""Locks under a wider one, which has its race: a row read again, or a second turn only a cancelled night could want."""


def test_every_lock_of_the_source_has_its_race():
    known = Counter(lock.place for lock in [*RACES, *BEHIND_ANOTHER])
    assert known == Counter(list_locks())


@pytest.mark.parametrize("lock", RACES, ids=str)
def test_a_lock_makes_two_acts_end_well(lock, made, roles_of_the_database):
    meeting = committed(lambda: RACES[lock](made))
    outcome = run(meeting)
    assert meeting.is_right(outcome), outcome


@pytest.mark.parametrize("lock", RACES, ids=str)
def test_without_the_lock_the_same_race_ends_badly(lock, made, roles_of_the_database):
    meeting = committed(lambda: RACES[lock](made))
    outcome = run(meeting, without=lock)
    assert not meeting.is_right(outcome), f"nothing needs this lock: {outcome}"


def test_a_file_being_applied_does_not_keep_a_clerk_waiting(made):
    """The lock of its row is not one of the county's, to which every new row of the county refers."""
    delivery = committed(lambda: made.received(made.poverty(("张三", made.number())), days=next(made.days)))
    key = committed(made.subject)
    outcome = run(Meeting(lambda: made.process(delivery), lambda: take_case(actor=made.clerk, key=key, at=NOW), bool))
    assert not outcome.refused
    assert not outcome.second_waited


def test_a_batch_leaves_out_who_is_enrolled_by_an_application_at_the_same_moment(made):
    waiting, enrols = committed(lambda: approved_batch_and_a_claim(made))
    county = waiting.county
    put = lambda: put_batches_into_effect(actor=system_actor(county), county=county, at=NOW)  # noqa: E731
    outcome = run(Meeting(enrols, put, bool))
    assert not outcome.refused
    assert (outcome.second_waited, outcome.second) == (True, 0)
    assert waiting.lines.get().left_out == ["ALREADY_ENROLLED"]


def run(meeting: Meeting, **values: Any) -> Outcome:
    first: Any = meeting.first if meeting.pauses_itself else before_commit(meeting.first)  # type: ignore[arg-type]
    return race(first, meeting.second, **values)
