"""A small process that outlives a killed launcher by seconds and kills the process groups the launcher left behind.

The kernel already sent every direct child its stop signal (processes.py); some ignore it, and grandchildren get none.
The pipe carries `+group seconds` and `-group` lines; end of file means that the launcher is gone. This file is also the
program: it imports nothing of the project.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import cache
from typing import IO

POLL_SECONDS = 0.05


class Guard:
    """The launcher's end of the pipe. The guard process is started when first asked for, and again should it have been killed.

    A group announces itself between fork and exec, so that there is no moment at which a kill would miss it.
    """

    def __init__(self) -> None:
        self._groups: dict[int, float] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def pipe(self) -> int:
        """Return the file number to which a new group writes its announcement."""
        if self._process is None or self._process.poll() is not None:
            self._process = _start()
            self._write("".join(announcement(group, grace) for group, grace in self._groups.items()))
        return self._stdin().fileno()

    def remember(self, group: int, grace_seconds: float) -> None:
        """Note a group that has announced itself, for the next guard process."""
        self._groups[group] = grace_seconds

    def release(self, group: int) -> None:
        """Forget a group that has ended: its number may come to mean another one."""
        if self._groups.pop(group, None) is not None:
            self.pipe()
            self._write(f"-{group}\n")

    def _stdin(self) -> IO[bytes]:
        assert self._process
        assert self._process.stdin
        return self._process.stdin

    def _write(self, text: str) -> None:
        self._stdin().write(text.encode())
        self._stdin().flush()


def announcement(group: int, grace_seconds: float) -> str:
    """Return the line that protects a group."""
    return f"+{group} {grace_seconds}\n"


@cache
def guard() -> Guard:
    """Return this process's guard."""
    return Guard()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True)


def read_groups(lines: Iterable[str]) -> dict[int, float]:
    """Return the groups still protected when the lines end, with their grace seconds."""
    groups: dict[int, float] = {}
    for line in lines:
        number, _, grace = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(number)] = float(grace)
        else:
            groups.pop(int(number), None)
    return groups


def end_groups(groups: dict[int, float]) -> None:
    """Kill each group after its grace period, unless it ended by itself."""
    began = time.monotonic()
    left = dict(groups)
    while left:
        for group, grace in list(left.items()):
            late = time.monotonic() - began > grace
            try:
                os.killpg(group, signal.SIGKILL if late else 0)
            except ProcessLookupError:
                late = True
            if late:
                del left[group]
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    end_groups(read_groups(sys.stdin))
