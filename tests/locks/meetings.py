"""Two acts that meet at a lock, and the list of all such races."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.locks.making import Made
from tests.locks.racing import Act, Lock, Outcome, Pause


@dataclass(frozen=True)
class Meeting:
    """Two acts, and whether what came of them is right."""

    first: Act | Callable[[Pause], object]
    second: Act
    is_right: Callable[[Outcome], bool]
    pauses_itself: bool = False


RACES: dict[Lock, Callable[[Made], Meeting]] = {}


def shows(place: str, what: str = "") -> Callable[[Callable[[Made], Meeting]], Callable[[Made], Meeting]]:
    """Register the race that needs a lock."""

    def register(make: Callable[[Made], Meeting]) -> Callable[[Made], Meeting]:
        RACES[Lock(place, what)] = make
        return make

    return register


def second_refused(code: str) -> Callable[[Outcome], bool]:
    """The first act succeeds, the second is refused with a sentence of this code."""
    return lambda outcome: outcome.refused == [code] and not isinstance(outcome.first, BaseException)


def twice(act: Act, code: str) -> Meeting:
    """The same act by two: the second is refused."""
    return Meeting(act, act, second_refused(code))


def both_same(outcome: Outcome) -> bool:
    """Both acts succeed and return the same row."""
    return not outcome.refused and getattr(outcome.first, "pk", 1) == getattr(outcome.second, "pk", 2)
