"""Children end with the launcher, however it ends; a stopped group leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import processes
from launcher.processes import Service

STUBBORN = (
    "trap '' TERM INT QUIT HUP; (trap '' TERM INT QUIT HUP; sleep 61) & echo $! > grandchild; echo $$ > child; wait"
)
LAUNCHER = """
import os, sys, time
from pathlib import Path
from launcher import processes
folder = Path(sys.argv[1])
service = processes.Service("stubborn", ("/bin/sh", "-c", sys.argv[2]), dict(os.environ), folder, folder / "log", grace_seconds=0.3)
processes.start(service)
time.sleep(60)
"""


def service(folder: Path, script: str) -> Service:
    return Service("sh", ("/bin/sh", "-c", script), dict(os.environ), folder, folder / "sh.log")


def wait_for(condition: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_gone(process_id: int) -> bool:
    """Answer whether the process has ended; a zombie has ended too."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def read_ids(folder: Path) -> list[int]:
    files = [folder / "child", folder / "grandchild"]
    assert wait_for(lambda: all(file.exists() and file.read_text().strip() for file in files))
    return [int(file.read_text()) for file in files]


def test_killed_launcher_leaves_no_process_not_even_those_that_ignore_signals(tmp_path: Path) -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, tmp_path, STUBBORN])
    left = read_ids(tmp_path)
    assert not any(is_gone(process_id) for process_id in left)

    launcher.kill()
    launcher.wait()

    assert wait_for(lambda: all(is_gone(process_id) for process_id in left))


def test_stop_ends_the_whole_group(tmp_path: Path) -> None:
    running = processes.start(service(tmp_path, STUBBORN))
    left = read_ids(tmp_path)

    processes.stop_all([running], grace_seconds=0.1)

    assert wait_for(lambda: all(is_gone(process_id) for process_id in left))


def test_stop_lets_a_child_finish_its_work(tmp_path: Path) -> None:
    running = processes.start(
        service(tmp_path, "trap 'echo done; exit 0' TERM; touch ready; while :; do sleep 0.05; done")
    )
    assert wait_for((tmp_path / "ready").exists)

    processes.stop_all([running], grace_seconds=5)

    assert running.process.returncode == 0
    assert processes.last_lines(tmp_path / "sh.log") == "done"


def test_child_is_out_of_reach_of_the_terminal(tmp_path: Path) -> None:
    running = processes.start(service(tmp_path, "sleep 60"))
    try:
        assert os.getpgid(running.process.pid) == running.process.pid != os.getpgid(0)
    finally:
        processes.stop_all([running], grace_seconds=1)
    assert running.process.returncode == -signal.SIGTERM


def test_large_log_is_rotated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_BYTES_KEPT", 10)
    (tmp_path / "sh.log").write_text("of the day before\n")

    processes.start(service(tmp_path, "echo today")).process.wait()

    assert (tmp_path / "sh.log").read_text() == "today\n"
    assert (tmp_path / "sh.log.1").read_text() == "of the day before\n"
