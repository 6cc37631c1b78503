"""Which person a row belongs to: by hand-made cases, by properties that must always hold, and against the slow oracle."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from random import Random

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from foundation.primitives.columns import clean_names, clean_numbers
from foundation.primitives.resident_id import is_valid, repair_candidates
from registry.intake.identify import KNOWN, PHONES, ROWS, identify_rows
from tests.oracles.identity import Line, identify
from tests.oracles.numbers import make_number

GOOD = make_number("19500305", 2)
DAMAGED = GOOD[:16] + "9" + GOOD[17]
NEAR = sorted(repair_candidates(DAMAGED))
UNREADABLE = next(  # the birth date can still be read; two digits are wrong
    number
    for n in range(9999)
    if GOOD not in repair_candidates(number := f"{GOOD[:14]}{n:04d}") and not is_valid(number)
)
VILLAGE, OTHER_VILLAGE = 4, 7
FAST = (Phase.explicit, Phase.generate)  # worlds are only drawn here; one that fails is shown as it is


@cache
def line(name: str, number: str = "", *, record: str = "", unit: int | None = VILLAGE) -> Line:
    read = clean_numbers(pa.array([number]))
    return Line(
        record_key=record,
        phonetic_key=clean_names(pa.array([name])).phonetic_key[0].as_py(),
        number=read.number[0].as_py(),
        right=bool(read.valid[0]),
        birth=read.birth[0].as_py(),
        unit_id=unit,
    )


def columns_of(lines: list[Line]) -> dict[str, pa.Array]:
    numbers = pa.array([each.number for each in lines], pa.string())
    return {
        "record_key": pa.array([each.record_key for each in lines], pa.string()),
        "phonetic_key": pa.array([each.phonetic_key for each in lines], pa.string()),
        "number": numbers,
        "key": clean_numbers(numbers).key,
        "birth": pa.array([each.birth for each in lines], pa.date32()),
        "unit_id": pa.array([each.unit_id for each in lines], pa.int64()),
    }


def assign(rows: dict[int, Line], known: dict[int, list[Line]] | None = None) -> dict[int, int]:
    """Ask the product."""
    flat = [(person, stated) for person, lines in (known or {}).items() for stated in lines]
    table = pa.table(
        {
            "row_id": pa.array(list(rows), pa.int64()),
            **columns_of(list(rows.values())),
            "duplicate_of": pa.nulls(len(rows), pa.int64()),
        }
    )
    persons = pa.table(
        {
            "person_id": pa.array([person for person, _ in flat], pa.int64()),
            **columns_of([stated for _, stated in flat]),
        }
    )
    households = pa.table(
        {
            "person_id": pa.array([person for person, _ in flat], pa.int64()),
            "household": pa.array([stated.household for _, stated in flat], pa.string()),
        }
    )
    found = identify_rows(table.select(ROWS.names).cast(ROWS), persons.select(KNOWN.names).cast(KNOWN), households)
    return dict(zip(found["row_id"].to_pylist(), found["person_id"].to_pylist(), strict=True))


def groups(assigned: dict[int, int]) -> set[frozenset[int]]:
    by_person = defaultdict(set)
    for row_id, person in assigned.items():
        by_person[person].add(row_id)
    return {frozenset(members) for members in by_person.values()}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (line("张伟", GOOD), line("张伟", GOOD), True),
        (line("张伟", GOOD), line("章苇", GOOD), True),
        (line("张伟", GOOD), line("张强", GOOD), False),
        (line("张伟", GOOD), line("张伟", DAMAGED), True),
        (line("张伟", DAMAGED), line("章苇", DAMAGED), True),
        (line("张伟", GOOD), line("张强", DAMAGED), False),
        (line("张伟", GOOD), line("张伟", make_number("19500305", 4)), False),
        (line("张伟", GOOD), line("张伟", "", unit=VILLAGE), False),
        (line("张伟", GOOD), line("张伟", UNREADABLE, unit=VILLAGE), True),
        (line("张伟", GOOD), line("张伟", UNREADABLE, unit=OTHER_VILLAGE), False),
        (line("张伟", "无"), line("张伟", "无"), False),
        (line("张伟", "12345"), line("张伟", "12345"), False),
        (line("张伟", GOOD), line("张伟", GOOD[:8] + GOOD[9:], unit=OTHER_VILLAGE), True),
    ],
)
def test_two_lines_of_one_file(one, other, same):
    assert (len(groups(assign({1: one, 2: other}))) == 1) is same
    assert (len(groups(assign({1: other, 2: one}))) == 1) is same


def test_the_senders_own_key_finds_the_person_whose_number_was_corrected():
    known = {7: [line("张伟", GOOD[:-2], record="POV|1|1")]}
    assert assign({1: line("张伟", GOOD, record="POV|1|1", unit=OTHER_VILLAGE)}, known) == {1: 7}
    assert assign({1: line("李强", GOOD, record="POV|1|1", unit=OTHER_VILLAGE)}, known) == {1: -1}


def test_a_damaged_person_is_not_given_to_two_right_numbers():
    """Twins with the same phonetic key, both one digit error from the number of the earlier file: neither gets the other's history."""
    known = {7: [line("张伟", DAMAGED, unit=None)]}
    rows = {1: line("张伟", NEAR[0], unit=None), 2: line("章苇", NEAR[1], unit=None)}
    assert assign(rows, known) == {1: -1, 2: -2}


def test_a_person_with_a_right_number_gets_no_other_by_repair():
    known = {7: [line("张伟", NEAR[0], unit=None), line("张伟", DAMAGED, unit=None)]}
    assert assign({1: line("张伟", NEAR[1], unit=None)}, known) == {1: -1}


def test_a_number_that_came_by_the_senders_key_is_found_by_the_files_other_lines():
    known = {7: [line("张伟", "", record="POV|1|1")]}
    rows = {1: line("张伟", GOOD, record="POV|1|1"), 2: line("张伟", GOOD, record="POV|2|1", unit=OTHER_VILLAGE)}
    assert assign(rows, known) == {1: 7, 2: 7}


def test_one_number_and_name_under_two_persons_makes_no_third():
    known = {7: [line("张伟", GOOD)], 9: [line("张伟", GOOD)]}
    assert assign({1: line("张伟", GOOD)}, known) == {1: 7}


def test_namesakes_born_the_same_day_in_one_village_stay_two():
    first, second = make_number("19500305", 2), make_number("19500305", 5)
    rows = {1: line("张伟", first), 2: line("张伟", second), 3: line("张伟", UNREADABLE)}
    assert len(groups(assign(rows))) == 3


@pytest.mark.parametrize("written", ["王?", "王〓", "王□", "王yan", "王(yan)"])
def test_a_lost_character_does_not_make_another_person(written):
    assert assign({1: line(written, GOOD)}, {7: [line("王䶮", GOOD)]}) == {1: 7}
    assert assign({1: line("王䶮", GOOD)}, {7: [line(written, GOOD)]}) == {1: 7}


def test_a_lost_character_that_two_persons_fit_is_nobody_s():
    assert assign({1: line("张?", GOOD)}, {7: [line("张伟", GOOD)], 9: [line("张强", GOOD)]}) == {1: -1}
    assert assign({1: line("张?", GOOD)}, {7: [line("张伟强", GOOD)]}) == {1: -1}
    assert assign({1: line("?", GOOD)}, {7: [line("张", GOOD)]}) == {1: -1}


def test_a_household_of_two_departments_names_the_same_relative():
    """The wife is known by her number; the husband without one is in her household in both files."""
    wife = make_number("19520101", 4)
    known = {7: [line("李芳", wife, record="POV|1|2")], 9: [line("张伟", GOOD, record="POV|1|1")]}
    rows = {1: line("李芳", wife, record="DB|5|1"), 2: line("张伟", "无", record="DB|5|2")}
    assert assign(rows, known) == {1: 7, 2: 9}
    other_family = {1: line("李芳", wife, record="DB|5|1"), 2: line("张伟", "无", record="DB|6|2")}
    assert assign(other_family, known) == {1: 7, 2: -2}


def test_a_relatives_number_in_one_list_does_not_make_two_persons():
    """The husband stands with his wife's number in one file and with his own in the other, in the same household."""
    wife = make_number("19520101", 4)
    own = {1: line("李芳", wife, record="DB|5|1"), 2: line("张伟", GOOD, record="DB|5|2")}
    hers = {1: line("李芳", wife, record="DB|5|1"), 2: line("张伟", wife, record="DB|5|2")}
    assert assign(own, {7: [line("李芳", wife, record="POV|1|2")], 9: [line("张伟", wife, record="POV|1|1")]}) == {
        1: 7,
        2: 9,
    }
    assert assign(hers, {7: [line("李芳", wife, record="POV|1|2")], 9: [line("张伟", GOOD, record="POV|1|1")]}) == {
        1: 7,
        2: 9,
    }
    namesake = {
        7: [line("李芳", wife, record="POV|1|2")],
        9: [line("张伟", make_number("19500306", 4), record="POV|1|1")],
    }
    assert assign(own, namesake) == {1: 7, 2: -2}


NUMBERS = st.sampled_from([*NEAR[:4], GOOD, DAMAGED, DAMAGED, UNREADABLE, GOOD[:17], GOOD + "1", "", "无"])
NAMES = st.sampled_from(["张伟", "章苇", "张强", "张?"])
UNITS = st.sampled_from([VILLAGE, OTHER_VILLAGE, None])
LINES = st.builds(line, NAMES, NUMBERS, unit=UNITS)
RECORDS = st.sampled_from(["", "", "POV|1|1", "POV|1|2", "DB|5|1", "DB|5|2"])
KEYED_LINES = st.builds(line, NAMES, NUMBERS, record=RECORDS, unit=UNITS)


@dataclass(frozen=True)
class World:
    """A file's lines by row id, and the persons an earlier file left."""

    rows: dict[int, Line]
    known: dict[int, list[Line]]


def settle(place: int, lines: list[Line], earlier: list[Line]) -> World:
    """Make a world whose names and keys no other world shares: many are asked in one call."""
    mark = chr(0xE000 + place)

    def ours(each: Line) -> Line:
        record = f"{mark}{each.record_key}" if each.record_key else ""
        return replace(each, phonetic_key=mark + each.phonetic_key, record_key=record)

    rows = {100 * place + n: ours(each) for n, each in enumerate(lines, 1)}
    before = {n: ours(each) for n, each in enumerate(earlier, 1)}
    known: dict[int, list[Line]] = defaultdict(list)
    for row_id, person in identify(before, {}).items():
        known[100 * place - person].append(before[row_id])
    return World(rows, dict(known))


def worlds_of(lines: st.SearchStrategy[Line], count: int) -> list[World]:
    """Draw so many worlds: a call costs the product the same for one as for all."""
    drawn: list[tuple[list[Line], list[Line]]] = []

    @settings(max_examples=count, phases=FAST)
    @given(st.lists(lines, min_size=1, max_size=7), st.lists(lines, max_size=4))
    def draw(rows: list[Line], earlier: list[Line]) -> None:
        drawn.append((rows, earlier))

    draw()
    return [settle(place, *each) for place, each in enumerate(drawn)]


def assign_all(worlds: list[World]) -> dict[int, int]:
    rows = {row_id: each for world in worlds for row_id, each in world.rows.items()}
    return assign(rows, {person: stated for world in worlds for person, stated in world.known.items()})


def test_what_must_always_hold():
    worlds = worlds_of(LINES, 300)
    assigned = assign_all(worlds)
    for world in worlds:
        numbers: dict[int, set[str]] = defaultdict(set)
        whose: dict[tuple[str, str], set[int]] = defaultdict(set)
        for row_id, each in world.rows.items():
            stated = [each, *world.known.get(assigned[row_id], [])]
            numbers[assigned[row_id]] |= {one.number for one in stated if one.right}
            if each.right:
                whose[each.number, each.phonetic_key].add(assigned[row_id])
        assert all(len(held) <= 1 for held in numbers.values()), f"two right numbers in one person: {world}"
        assert all(len(persons) == 1 for persons in whose.values()), f"one number and name in two persons: {world}"


def test_the_order_of_lines_does_not_matter():
    worlds, dice = worlds_of(LINES, 200), Random(1)
    in_order = groups(assign_all(worlds))
    for _order in range(2):
        renamed: dict[int, int] = {}
        for world in worlds:
            renamed |= dict(zip(world.rows, dice.sample(list(world.rows), len(world.rows)), strict=True))
        shuffled = [
            World({renamed[row_id]: each for row_id, each in world.rows.items()}, world.known) for world in worlds
        ]
        other = assign_all(shuffled)
        assert groups({row_id: other[renamed[row_id]] for row_id in renamed}) == in_order


def test_the_product_agrees_with_the_oracle():
    worlds = worlds_of(KEYED_LINES, 400)
    assigned = assign_all(worlds)
    for world in worlds:
        assert {row_id: assigned[row_id] for row_id in world.rows} == identify(world.rows, world.known), world


@pytest.mark.parametrize(
    ("number", "phones", "found"),
    [
        ("", [("POV|1", "a"), ("DB|9", "a")], 7),
        (make_number("19500305", 4), [("POV|1", "a"), ("DB|9", "a")], -1),
        ("", [("POV|1", "a"), ("DB|9", "b")], -1),
        ("", [("POV|1", "a"), ("POV|2", "a"), ("DB|9", "a")], -1),
        ("", [("POV|1", "a"), ("DB|8", "a"), ("DB|9", "a")], -1),
    ],
)
def test_a_telephone_of_one_household_in_each_list_makes_them_one(number, phones, found):
    rows, persons = [line("张伟", number, record="DB|9|1")], [line("张伟", GOOD, record="POV|1|1")]
    table = pa.table({"row_id": pa.array([1], pa.int64()), **columns_of(rows), "duplicate_of": pa.nulls(1, pa.int64())})
    known = pa.table({"person_id": pa.array([7], pa.int64()), **columns_of(persons)})
    homes = pa.table({"person_id": pa.array([7], pa.int64()), "household": pa.array(["POV|1"])})
    stated = pa.Table.from_pylist([{"household": home, "phone": phone} for home, phone in phones], schema=PHONES)
    answer = identify_rows(table.select(ROWS.names).cast(ROWS), known.select(KNOWN.names).cast(KNOWN), homes, stated)
    assert answer["person_id"].to_pylist() == [found]
