"""What the guard reads from its pipe, and that there is always one."""

import time

import pytest

from launcher.guard import Guard, announcement, end_groups, read_groups

NOBODY = 2**22 + 1  # above the highest process number


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([], {}),
        (["+12 2.0\n"], {12: 2.0}),
        ([announcement(12, 2.0), announcement(13, 15), "-12\n"], {13: 15.0}),
        (["-99\n", "+12 1.0\n", "+12 3.0\n"], {12: 3.0}),
    ],
)
def test_groups_left_at_the_end(lines: list[str], left: dict[int, float]) -> None:
    assert read_groups(lines) == left


def test_groups_that_ended_are_not_waited_for() -> None:
    began = time.monotonic()

    end_groups({NOBODY: 600.0})

    assert time.monotonic() - began < 60


def test_killed_guard_is_replaced() -> None:
    guard = Guard()
    guard.pipe()
    first = guard._process
    assert first
    first.kill()
    first.wait()

    guard.pipe()

    second = guard._process
    assert second
    assert second.pid != first.pid
    second.communicate(timeout=5)
    assert second.returncode == 0
