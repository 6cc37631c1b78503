"""Running cases: each in a transaction that is rolled back, its acts and expectations by day, compared with what the case says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from enrollment.management.cases import acts, expectations, facts
from enrollment.management.cases.format import (
    ACTS,
    EXPECTATIONS,
    FACTS,
    SECTIONS,
    CaseFileError,
    Entry,
    check_case,
    read_cases,
)
from enrollment.management.cases.world import CaseWorld, make_world, moment
from foundation.policy.services.calendar import load_calendar
from foundation.policy.services.loading import load_parameters
from foundation.primitives.errors import DomainError

SHIPPED = (facts, acts, expectations)
"""The modules that add the kinds of this app to the format."""
_OPENING, _LAST = 9, 23


@dataclass(frozen=True)
class Judged:
    """One case: its name and, where it is wrong, every difference in words."""

    name: str
    differences: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Nothing differs."""
        return not self.differences


def judge_file(path: Path) -> Iterator[Judged]:
    """Run the cases of a file. A file or case against the format is judged wrong. Effects: none that last."""
    try:
        cases = read_cases(path)
    except CaseFileError as error:
        yield Judged(path.name, (str(error),))
        return
    with transaction.atomic():
        load_parameters()
        load_calendar()
        for place, case in enumerate(cases, 1):
            yield _judge(case, place)
        transaction.set_rollback(True)


def _judge(case: Mapping[str, Any], place: int) -> Judged:
    name = str(case.get("case") or f"case {place}")
    try:
        check_case(case)
        with transaction.atomic():
            differences = _run(case)
            transaction.set_rollback(True)
    except (CaseFileError, ValueError, DomainError, DatabaseError) as error:
        return Judged(name, (str(error),))
    return Judged(name, tuple(differences))


def _run(case: Mapping[str, Any]) -> list[str]:
    world = make_world(case)
    for entry in case.get("facts", ()):
        FACTS[entry["fact"]].handle(world, entry)
    differences = []
    for section, entry, minute in _by_day(case):
        if section == "acts":
            world.now = moment(entry["on"], _OPENING, minute)
            differences += _act(world, entry)
        else:
            world.now = moment(entry["on"], _LAST, minute)
            differences += _compare(world, entry)
    return differences


def _by_day(case: Mapping[str, Any]) -> Iterator[tuple[str, Entry, int]]:
    """Yield acts and expectations by day, on a day the acts first, each in the order written, with its minute."""
    written = [
        (entry["on"], number, place, section, entry)
        for number, section in enumerate(("acts", "expected"))
        for place, entry in enumerate(case.get(section, ()))
    ]
    for _day, _number, place, section, entry in sorted(written, key=lambda each: each[:3]):
        yield section, entry, place % 60


def _act(world: CaseWorld, entry: Entry) -> list[str]:
    """Do an act; where the case says it is refused, with which code and because of what, compare that."""
    words = f"{entry['on']} {entry['act']}"
    expected = entry.get("refused")
    try:
        with transaction.atomic():
            ACTS[entry["act"]].handle(world, entry)
    except DomainError as error:
        if expected is None:
            return [f"{words}: refused with {error.code}: {error}"]
        found = {"refused": error.code, "because": list(error.ids)}
        return _differences(words, {name: entry[name] for name in ("refused", "because") if name in entry}, found)
    return [f"{words}: expected to be refused with {expected}, was done"] if expected else []


def _compare(world: CaseWorld, entry: Entry) -> list[str]:
    said = {"expect", "kind", *SECTIONS["expected"][2]}
    found = EXPECTATIONS[entry["expect"]].handle(world, entry)
    wanted = {name: value for name, value in entry.items() if name not in said}
    return _differences(f"{entry['on']} {entry['expect']}", wanted, found)


def _differences(words: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{words}: {name} expected {_shown(value)}, found {_shown(found.get(name))}"
        for name, value in expected.items()
        if not _agrees(value, found.get(name))
    ]


def _agrees(expected: Any, found: Any) -> bool:
    """Answer whether they are the same; lists in any order."""
    if isinstance(expected, list) and isinstance(found, list):
        return sorted(expected) == sorted(found)
    return bool(expected == found)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
