"""A service that ends is restarted, after a longer delay each time."""

import os
import time
from pathlib import Path

import pytest

from launcher import processes, supervisor
from launcher.processes import Service
from launcher.supervisor import Supervisor, Watched


def counting(folder: Path) -> Service:
    return Service("counting", ("/bin/sh", "-c", "echo x >> starts"), dict(os.environ), folder, folder / "log")


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text().splitlines()) if (folder / "starts").exists() else 0


def test_dead_service_is_restarted_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "POLL_SECONDS", 0.01)
    reported: list[str] = []
    supervised = Supervisor(reported.append)
    supervised.start(counting(tmp_path))
    deadline = time.monotonic() + 10

    supervised.supervise_until(lambda: starts(tmp_path) >= 2 or time.monotonic() > deadline)
    supervised.stop(grace_seconds=1)

    assert starts(tmp_path) >= 2
    assert reported[0].startswith("counting ended; starting it again in 0.5 s.")


def test_delay_doubles_up_to_a_limit_and_is_short_after_a_healthy_minute(tmp_path: Path) -> None:
    running = processes.start(counting(tmp_path))
    running.process.wait()
    watched = Watched(running)
    now = running.started + 1

    delays = [watched.next_delay(now) for _ in range(8)]

    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert watched.next_delay(running.started + 61) == 0.5
