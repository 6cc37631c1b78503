"""The progress of long work, as `components/progress.html` shows it: steps, share done, seconds left, and what the reader may do.

Arithmetic only. An app turns its rows into these values; the seconds a step is expected to take come from the last time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from foundation.jobs.long_work import RunState

NEARLY = 0.99
"""A running step that takes longer than expected remains just below its end."""

TONES = {
    RunState.WAITING: "",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "bad",
    RunState.CANCELLED: "warn",
}


@dataclass(frozen=True)
class ProgressStep:
    """One step in words. `expected_seconds`: what it took last time, None when never done; `so_far_seconds` while it runs."""

    words: str
    state: RunState
    rows: int | None = None
    seconds: float | None = None
    expected_seconds: float | None = None
    so_far_seconds: float = 0.0

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def is_running(self) -> bool:
        return self.state == RunState.RUNNING

    @property
    def share(self) -> float:
        """The share done, 0..1; of a running step only when it is known how long it takes."""
        if self.state == RunState.DONE:
            return 1.0
        if self.is_running and self.expected_seconds:
            return min(self.so_far_seconds / self.expected_seconds, NEARLY)
        return 0.0

    @property
    def percent(self) -> int | None:
        """The share of a running step for its bar; None when it is unknown."""
        return math.floor(self.share * 100) if self.expected_seconds else None


@dataclass(frozen=True)
class Progress:
    """One long work. An address is empty when the reader may not do it, or when there is nothing to do."""

    label: str
    steps: tuple[ProgressStep, ...] = ()
    is_open: bool = False
    cancel_url: str = ""
    again_url: str = ""

    @property
    def done(self) -> int:
        return sum(step.state == RunState.DONE for step in self.steps)

    @property
    def seconds(self) -> float:
        """The seconds its finished steps took together."""
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def _is_expected(self) -> bool:
        return bool(self.steps) and all(step.expected_seconds for step in self.steps)

    @property
    def percent(self) -> int | None:
        """The share done in hundredths: by expected seconds, else by steps; None when there is no more than one step."""
        if self._is_expected:
            whole = sum(step.expected_seconds or 0.0 for step in self.steps)
            return math.floor(100 * sum(step.share * (step.expected_seconds or 0.0) for step in self.steps) / whole)
        return 100 * self.done // len(self.steps) if len(self.steps) > 1 else None

    @property
    def seconds_left(self) -> int | None:
        """The seconds left, rounded up, by what each step took last time; None when a step was never done."""
        if not self._is_expected:
            return None
        return math.ceil(sum((1 - step.share) * (step.expected_seconds or 0.0) for step in self.steps))

    @property
    def minutes_left(self) -> int | None:
        """The same in minutes, rounded up, when it is more than two."""
        left = self.seconds_left
        return math.ceil(left / 60) if left is not None and left > 120 else None
