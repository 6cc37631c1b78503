"""Child processes that never outlive the launcher: each in its own process group, with its own log, ended if we are killed.

PR_SET_PDEATHSIG sends each child its stop signal at the moment this process dies, however it dies; the guard process then
kills what ignored it. The signal is tied to the thread that started the child, so the launcher has only one.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launcher.account import Account
from launcher.guard import announcement, guard

PR_SET_PDEATHSIG = 1
LOG_BYTES_KEPT = 20_000_000
KILL_WAIT_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """A process to keep running. `stop` is asked first; `stop_now` is what it also gets if the launcher is killed."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    stop: signal.Signals = signal.SIGTERM
    stop_now: signal.Signals = signal.SIGTERM
    grace_seconds: float = 2.0  # how long the guard waits for it after the launcher was killed
    account: Account | None = None


@dataclass
class Running:
    """A started service."""

    service: Service
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)

    def is_alive(self) -> bool:
        return self.process.poll() is None


def start(service: Service) -> Running:
    """Start the service in a session of its own, appending to its log."""
    _rotate_log(service.log)
    account = service.account
    with service.log.open("ab") as log:
        process = subprocess.Popen(
            service.command,
            cwd=service.folder,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_arrange(service),
            user=account.user_id if account else None,
            group=account.group_id if account else None,
            extra_groups=[] if account else None,
        )
    guard().remember(process.pid, service.grace_seconds)
    return Running(service, process)


def begin(
    command: Sequence[str | Path], environment: Mapping[str, str], *, output: int | None = None
) -> subprocess.Popen[bytes]:
    """Begin a command that a person waits for: in the terminal's group, in their folder, ended with this process."""
    return subprocess.Popen(command, env=dict(environment), stdout=output, preexec_fn=die_with_parent(signal.SIGTERM))


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child calls between fork and exec so that the kernel signals it when its parent dies."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return arrange


def _arrange(service: Service) -> Callable[[], None]:
    """Return what a service calls between fork and exec: it announces its group to the guard and ties itself to this process."""
    pipe = guard().pipe()
    bind = die_with_parent(service.stop_now)

    def arrange() -> None:
        os.write(pipe, announcement(os.getpid(), service.grace_seconds).encode())
        bind()

    return arrange


def stop_all(running: Iterable[Running], *, grace_seconds: float) -> None:
    """Ask all to stop, signal again after the grace period, and kill what is left of their process groups."""
    waiting = list(running)
    for child in waiting:
        _signal(child, child.service.stop)
    if not _wait(waiting, grace_seconds):
        for child in waiting:
            _signal(child, child.service.stop_now)
        _wait(waiting, KILL_WAIT_SECONDS)
    for child in waiting:
        end_group(child)


def end_group(child: Running) -> None:
    """Kill what is left of the child's process group, grandchildren included, and reap the child."""
    with suppress(ProcessLookupError):  # no process is left
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
    guard().release(child.process.pid)


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log, for the message about a service that did not start."""
    try:
        return "\n".join(log.read_text("utf-8", "replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""


def _signal(child: Running, number: signal.Signals) -> None:
    if child.is_alive():
        child.process.send_signal(number)


def _wait(children: list[Running], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(child.is_alive() for child in children):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _rotate_log(log: Path) -> None:
    """Keep one older log when the current one has grown large."""
    if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
        log.replace(log.with_suffix(".log.1"))
