"""Keeps the services of ./run running: one that ends is restarted, after a longer delay each time while it keeps ending.

Runs in the launcher's only thread; a signal ends the loop with an exception (see serve.py).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from launcher import processes
from launcher.guard import guard
from launcher.processes import Running, Service

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
POLL_SECONDS = 0.1


@dataclass
class Watched:
    """A running service, and when it may be restarted after it ended."""

    running: Running
    delay_seconds: float = FIRST_DELAY_SECONDS
    restart_at: float | None = None

    def next_delay(self, now: float) -> float:
        """Return the wait before the next start: doubled each time, short again after a healthy minute."""
        if now - self.running.started > HEALTHY_SECONDS:
            self.delay_seconds = FIRST_DELAY_SECONDS
        delay = self.delay_seconds
        self.delay_seconds = min(delay * 2, LONGEST_DELAY_SECONDS)
        return delay


class Supervisor:
    """The supervised services, in the order they were added."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._watched: list[Watched] = []

    def adopt(self, running: Running) -> None:
        """Supervise a process that was started elsewhere."""
        self._watched.append(Watched(running))

    def start(self, service: Service) -> None:
        self.adopt(processes.start(service))

    def supervise_until(self, done: Callable[[], bool]) -> None:
        """Supervise the services until done()."""
        while not done():
            self.restart_ended()
            time.sleep(POLL_SECONDS)

    def restart_ended(self) -> None:
        """Restart what ended and whose delay is over."""
        now = time.monotonic()
        guard().pipe()  # a guard that was killed is replaced before it is needed
        for watched in self._watched:
            if watched.restart_at is None and not watched.running.is_alive():
                self._schedule_restart(watched, now)
            if watched.restart_at is not None and now >= watched.restart_at:
                watched.running = processes.start(watched.running.service)
                watched.restart_at = None

    def stop(self, *, grace_seconds: float) -> None:
        """Stop the services, the servers they depend on last."""
        running = [watched.running for watched in self._watched]
        servers = [child for child in running if child.service.name in {"postgres", "valkey"}]
        processes.stop_all([child for child in running if child not in servers], grace_seconds=grace_seconds)
        processes.stop_all(servers, grace_seconds=grace_seconds)

    def _schedule_restart(self, watched: Watched, now: float) -> None:
        processes.end_group(watched.running)
        delay = watched.next_delay(now)
        watched.restart_at = now + delay
        service = watched.running.service
        code = watched.running.process.returncode
        how = f"ended unexpectedly ({code})" if code else "ended"  # by itself, or for `./run dev`
        self._report(f"{service.name} {how}; starting it again in {delay:g} s. Its log: {service.log}")
