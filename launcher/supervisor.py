"""Keeps the services of ./run alive: one that dies is started again, later and later while it keeps dying.

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
LOOK_SECONDS = 0.1


@dataclass
class Watched:
    """A running service, and when it may be started again after it died."""

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
    """The services being kept alive, in the order they were added."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._watched: list[Watched] = []

    def adopt(self, running: Running) -> None:
        """Keep a process alive that was started elsewhere."""
        self._watched.append(Watched(running))

    def start(self, service: Service) -> None:
        self.adopt(processes.start(service))

    def keep_until(self, done: Callable[[], bool]) -> None:
        """Look after the services until done()."""
        while not done():
            self.look_after()
            time.sleep(LOOK_SECONDS)

    def look_after(self) -> None:
        """Start what died and has waited long enough."""
        now = time.monotonic()
        guard().pipe()  # a guard that was killed is replaced before it is needed
        for watched in self._watched:
            if watched.restart_at is None and not watched.running.is_alive():
                self._note_death(watched, now)
            if watched.restart_at is not None and now >= watched.restart_at:
                watched.running = processes.start(watched.running.service)
                watched.restart_at = None

    def stop(self, *, patience_seconds: float) -> None:
        """Stop the services, the servers they lean on last."""
        running = [watched.running for watched in self._watched]
        servers = [child for child in running if child.service.name in {"postgres", "valkey"}]
        processes.stop_all([child for child in running if child not in servers], patience_seconds=patience_seconds)
        processes.stop_all(servers, patience_seconds=patience_seconds)

    def _note_death(self, watched: Watched, now: float) -> None:
        processes.end_group(watched.running)
        delay = watched.next_delay(now)
        watched.restart_at = now + delay
        service = watched.running.service
        code = watched.running.process.returncode
        self._tell(
            f"{service.name} ended unexpectedly ({code}); starting it again in {delay:g} s. Its log: {service.log}"
        )
