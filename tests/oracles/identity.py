"""Whose row is it, one row after the other: the rule of registry/intake/identify.py as a clerk would follow it on paper."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.oracles.numbers import lost_or_added, repairs_of

LOST = "〓"


@dataclass(frozen=True)
class Line:
    """What one line states of a person."""

    record_key: str
    phonetic_key: str
    number: str
    right: bool
    birth: date | None
    unit_id: int | None

    @property
    def key(self) -> str | None:
        return self.number if self.right else None

    @property
    def repairs(self) -> set[str]:
        return set() if self.right else _repairs_of(self.number)

    @property
    def household(self) -> str:
        return self.record_key.rpartition("|")[0]


@cache
def _repairs_of(number: str) -> set[str]:
    return repairs_of(number) | lost_or_added(number)


Persons = dict[int, list[Line]]


@dataclass(frozen=True)
class Desk:
    """The state at one rule: the whole file, the rows not yet assigned, the known persons, the assignments made."""

    rows: dict[int, Line]
    waiting: dict[int, Line]
    persons: Persons
    assigned: dict[int, int]

    def whose(self, fits: Callable[[Line], bool]) -> set[int]:
        """Return the persons one of whose known lines fits."""
        return {person for person, lines in self.persons.items() if any(fits(line) for line in lines)}

    def has_right_number(self, person: int) -> bool:
        return any(known.right for known in self.persons[person])

    def households(self, person: int) -> set[str]:
        return {known.household for known in self.persons[person] if known.household}


def identify(rows: dict[int, Line], known: Persons) -> dict[int, int]:
    """Return row id -> person id; a new person has the least of its row ids below zero."""
    assigned: dict[int, int] = {}
    for with_number in (True, False):
        waiting = {row_id: line for row_id, line in rows.items() if line.right is with_number}
        for rule in RULES:
            desk = Desk(rows, waiting, _known_lines(rows, known, assigned), dict(assigned))
            hits = {row_id: rule(row_id, desk) for row_id in waiting}
            assigned |= {row_id: min(found) for row_id, found in hits.items() if len(found) == 1}
            waiting = {row_id: line for row_id, line in waiting.items() if row_id not in assigned}
        assigned |= _new_persons(waiting)
    return assigned


def _known_lines(rows: dict[int, Line], known: Persons, assigned: dict[int, int]) -> Persons:
    persons = defaultdict(list, {person: list(lines) for person, lines in known.items()})
    for row_id, person in assigned.items():
        persons[person].append(rows[row_id])
    return persons


def _same_record(row_id: int, desk: Desk) -> set[int]:
    line = desk.rows[row_id]
    if not line.record_key:
        return set()
    found = desk.whose(lambda known: (known.record_key, known.phonetic_key) == (line.record_key, line.phonetic_key))
    by_number = _same_number(row_id, desk)
    return {person for person in found if not by_number or not _has_another_line(row_id, person, desk)}


def _has_another_line(row_id: int, person: int, desk: Desk) -> bool:
    """Where the line's number is another's, and the person's own is on another line, the lines are numbered anew."""
    own = {(known.number, known.phonetic_key) for known in desk.persons[person] if known.right}
    if desk.rows[row_id].number in {number for number, _ in own}:
        return False
    others = (line for other, line in desk.rows.items() if other != row_id and line.right)
    return any((line.number, line.phonetic_key) in own for line in others)


def _same_number(row_id: int, desk: Desk) -> set[int]:
    line = desk.rows[row_id]
    found = desk.whose(
        lambda known: (
            known.right and line.right and (known.number, known.phonetic_key) == (line.number, line.phonetic_key)
        )
    )
    return {min(found)} if found else set()


def _same_number_lost_character(row_id: int, desk: Desk) -> set[int]:
    """Of 王〓 and 王䶮 every character that is there is the same."""
    line = desk.rows[row_id]
    return desk.whose(
        lambda known: (
            known.right and line.right and known.number == line.number and _fits(known.phonetic_key, line.phonetic_key)
        )
    )


def _fits(one: str, other: str) -> bool:
    if LOST not in one + other or len(one) != len(other):
        return False
    pairs = list(zip(one, other, strict=True))
    lost_in_one = all(a in (LOST, b) for a, b in pairs)
    lost_in_other = all(b in (LOST, a) for a, b in pairs)
    return (lost_in_one or lost_in_other) and bool(one.replace(LOST, "")) and bool(other.replace(LOST, ""))


def _same_damaged_number(row_id: int, desk: Desk) -> set[int]:
    line = desk.rows[row_id]
    if line.right or len(line.number) < 10:
        return set()
    return desk.whose(
        lambda known: not known.right and (known.number, known.phonetic_key) == (line.number, line.phonetic_key)
    )


def _repaired(row_id: int, desk: Desk) -> set[int]:
    """A damaged number and a right one, one digit error apart; a person with a right number has no other."""
    line = desk.rows[row_id]
    if not line.right:
        return desk.whose(
            lambda known: known.right and known.number in line.repairs and known.phonetic_key == line.phonetic_key
        )
    return {
        person
        for person in desk.persons
        if _fits_damaged(line, person, desk)
        and {other.number for other in desk.waiting.values() if _fits_damaged(other, person, desk)} == {line.number}
    }


def _fits_damaged(line: Line, person: int, desk: Desk) -> bool:
    lines = desk.persons[person]
    repairs = set().union(*(each.repairs for each in lines))
    return (
        line.right
        and not desk.has_right_number(person)
        and line.number in repairs
        and line.phonetic_key in {each.phonetic_key for each in lines}
    )


def _name_birth_village(row_id: int, desk: Desk) -> set[int]:
    return _only_claims(row_id, desk, _alike)


def _alike(row_id: int, desk: Desk) -> set[int]:
    line = desk.rows[row_id]
    if line.birth is None or line.unit_id is None:
        return set()
    place = (line.phonetic_key, line.birth, line.unit_id)
    found = desk.whose(lambda known: (known.phonetic_key, known.birth, known.unit_id) == place)
    return {person for person in found if not (line.right and desk.has_right_number(person))}


def _same_household(row_id: int, desk: Desk) -> set[int]:
    return _only_claims(row_id, desk, _relatives)


def _relatives(row_id: int, desk: Desk) -> set[int]:
    """Whom the other department's household names, when somebody of this line's household is in both."""
    line = desk.rows[row_id]
    if not line.household or len(line.phonetic_key) < 2:
        return set()
    mates = {
        desk.assigned[other]
        for other, each in desk.rows.items()
        if each.household == line.household and other in desk.assigned
    }
    theirs = {household for mate in mates for household in desk.households(mate)} - {line.household}
    return {
        person
        for person in desk.whose(lambda known: known.phonetic_key == line.phonetic_key)
        if desk.households(person) & theirs
        and line.household not in desk.households(person)
        and not (line.right and not _bears_a_relatives_number(row_id, desk) and _has_own_number(person, desk))
    }


def _bears_a_relatives_number(row_id: int, desk: Desk) -> bool:
    line = desk.rows[row_id]
    return any(
        each.right
        and (each.household, each.number) == (line.household, line.number)
        and each.phonetic_key != line.phonetic_key
        for each in desk.rows.values()
    )


def _has_own_number(person: int, desk: Desk) -> bool:
    """Whether a right number of the person is not borne by somebody else of a household of theirs as well."""
    mates = [
        line
        for other, lines in desk.persons.items()
        if other != person and desk.households(other) & desk.households(person)
        for line in lines
    ]
    lines = [line for line in desk.persons[person] if line.right]
    borrowed = {
        line.number
        for line in lines
        for each in mates
        if each.right and each.number == line.number and each.phonetic_key != line.phonetic_key
    }
    return any(line.number not in borrowed for line in lines)


def _only_claims(row_id: int, desk: Desk, rule: Callable[[int, Desk], set[int]]) -> set[int]:
    """Keep the persons no other waiting row fits as well."""
    return {person for person in rule(row_id, desk) if sum(person in rule(other, desk) for other in desk.waiting) == 1}


def _new_persons(waiting: dict[int, Line]) -> dict[int, int]:
    groups: dict[object, list[int]] = defaultdict(list)
    for row_id, line in waiting.items():
        is_only_variant = not line.right and len(line.number) < 10
        groups[row_id if is_only_variant else (line.phonetic_key, line.number)].append(row_id)
    return {row_id: -min(members) for members in groups.values() for row_id in members}


RULES = (
    _same_record,
    _same_number,
    _same_number_lost_character,
    _same_damaged_number,
    _repaired,
    _name_birth_village,
    _same_household,
    _same_number,
)
