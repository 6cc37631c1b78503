"""The arithmetic of progress: shares, time left, and what cannot be known."""

import pytest

from foundation.jobs.long_work import RunState
from foundation.web.progress import Progress, ProgressStep


def done(expected: float | None = None) -> ProgressStep:
    return ProgressStep("a", RunState.DONE, seconds=3.0, expected_seconds=expected)


def running(expected: float | None = None, so_far: float = 0.0) -> ProgressStep:
    return ProgressStep("b", RunState.RUNNING, expected_seconds=expected, so_far_seconds=so_far)


def waiting(expected: float | None = None) -> ProgressStep:
    return ProgressStep("c", RunState.WAITING, expected_seconds=expected)


def test_expected_seconds_weigh_the_steps():
    progress = Progress("x", (done(10), running(20, so_far=5), waiting(10)), is_open=True)
    assert (progress.percent, progress.seconds_left, progress.done, progress.seconds) == (37, 25, 1, 3.0)


def test_a_step_that_takes_longer_than_last_time_never_looks_finished():
    progress = Progress("x", (done(10), running(10, so_far=600)), is_open=True)
    assert (progress.percent, progress.seconds_left) == (99, 1)


@pytest.mark.parametrize("steps", [(done(), running(), waiting()), (done(4), running(), waiting(4))])
def test_without_an_earlier_time_the_steps_are_counted_and_no_time_is_promised(steps):
    progress = Progress("x", steps, is_open=True)
    assert (progress.percent, progress.seconds_left, progress.minutes_left) == (33, None, None)
    assert steps[1].percent is None


@pytest.mark.parametrize("steps", [(), (running(),)])
def test_one_step_of_unknown_length_has_no_share(steps):
    assert Progress("x", steps, is_open=True).percent is None


@pytest.mark.parametrize(("seconds", "minutes"), [(119, None), (120, None), (121, 3), (3600, 60)])
def test_long_times_are_shown_in_minutes(seconds, minutes):
    assert Progress("x", (waiting(seconds),), is_open=True).minutes_left == minutes
