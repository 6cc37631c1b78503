"""What a process worked out and may say again: a bounded memory, the longest unasked answer leaves first.

Knows nothing of what it keeps: whoever asks puts into the key everything the answer depends on. Safe between threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class BoundedCache(Generic[Answer]):
    """The last answers by their keys, at most so many."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    def get(self, key: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """Return the answer kept under the key; else work it out, outside the lock, and keep it."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = work_out()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer
