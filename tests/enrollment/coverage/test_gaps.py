"""Which gaps a night says should be open, of whom, for which reason."""

from datetime import date

import pytest

from enrollment.casework.finders import PERSON_FINDERS
from enrollment.constants import GAP_RANK, GapKind
from enrollment.coverage.findings import ROLL_FINDERS
from tests.oracles.numbers import make_number

ADULT, OLD, OLDER = make_number("19800305", 1), make_number("19500305", 2), make_number("19400305", 4)


def test_what_is_wrong_on_a_poor_persons_line_is_the_persons_gap(night):
    person = night.poor("张伟", OLD)
    night.line("R1", "张伟", OLD, "contributing")
    night.line("R2", "路人", OLDER, "contributing")
    assert night.gaps() == {
        (person, "", "DUE_NOT_DRAWING", "contributing"),
        (None, "R2", "DUE_NOT_DRAWING", "contributing"),
    }


def test_the_uninsured_and_why(night):
    people = {
        reason: night.poor(f"人{reason}", number)
        for reason, number in (
            ("never_enrolled", ADULT),
            ("direct_inclusion", OLD),
            ("no_number", ""),
            ("cannot_be_found", make_number("19750101", 6)),
            ("hukou_elsewhere", make_number("19760101", 8)),
            ("enrolment_declined", make_number("19770101", 10)),
        )
    }
    night.answer("人cannot_be_found", make_number("19750101", 6), "not_found")
    night.fact("hukou_cancelled", "人hukou_elsewhere", make_number("19760101", 8), event_date=date(2018, 12, 1))
    night.answer("人enrolment_declined", make_number("19770101", 10), "declined")
    gaps = night.gaps()
    assert {(person, kind, reason) for person, _, kind, reason in gaps} == {
        *((person, "UNINSURED", reason) for reason, person in people.items()),
        (people["cannot_be_found"], "NOT_FOUND", "cannot_be_found"),
        (people["hukou_elsewhere"], "HUKOU_ELSEWHERE", "hukou_elsewhere"),
        (people["no_number"], "NO_IDENTITY", "no_number"),
    }


def test_the_insured_the_dead_and_children_have_no_gap(night):
    night.poor("张伟", ADULT)
    night.line("R1", "张伟", ADULT)
    night.poor("李芳", OLD)
    night.death("李芳", OLD, date(2018, 11, 1))
    night.poor("小明", make_number("20100101", 1))
    assert night.gaps() == set()


def damaged(number: str) -> str:
    return number[:16] + str((int(number[16]) + 4) % 10) + number[17]


@pytest.mark.parametrize(
    ("name", "number", "roll_name", "roll_number", "reason"),
    [
        ("张伟", damaged(ADULT), "张伟", ADULT, "number_wrong"),
        ("张伟", ADULT[:-1], "张伟", ADULT, "number_length"),
        ("张伟", ADULT, "李芳", ADULT, "number_of_another"),
        ("章苇", ADULT, "张伟", ADULT, "name_differs"),
        ("张伟", ADULT, "张伟", ADULT, None),
        ("張偉", ADULT, "张伟", ADULT, None),
        ("张伟", ADULT[:6] + ADULT[8:17], "张伟", ADULT, None),
    ],
)
def test_identity_conflicts(night, name, number, roll_name, roll_number, reason):
    person = night.poor(name, number)
    night.line("R1", roll_name, roll_number)
    conflicts = {(who, why) for who, _, kind, why in night.gaps() if kind == "IDENTITY_CONFLICT"}
    assert conflicts == ({(person, reason)} if reason else set())


def test_one_number_with_two_people(night):
    first, second = night.poor("张伟", ADULT), night.poor("张小明", ADULT)
    conflicts = {(who, why) for who, _, kind, why in night.gaps() if kind == "IDENTITY_CONFLICT"}
    assert conflicts == {(first, "number_shared"), (second, "number_shared")}


def test_gaps_come_in_the_order_of_their_rank(night):
    night.poor("张伟", OLD)
    night.line("R1", "路人", OLDER, "drawing")
    night.death("路人", OLDER, date(2018, 10, 1))
    night.line("R2", "路人乙", make_number("19800101", 3), "impossible")
    ranks = night.run().read("gap")["rank"].to_pylist()
    assert ranks == sorted(ranks)
    assert len(ranks) == 3


def test_the_same_night_finds_the_same_to_the_byte(night):
    for n in range(12):
        night.poor(f"人{n}", make_number("19500101", n))
        night.line(f"R{n}", f"人{n}", make_number("19500101", n), "drawing")
        night.line(f"Q{n}", f"人{n}", make_number("19500101", n), "drawing")
        night.employees.append((f"E{n}", f"人{n}", make_number("19500101", n), "2"))
    names = ("gap", "verdict", "roll_finding", "person_finding", "link")
    workspace = night.run()
    first = {name: workspace.read(name) for name in names}
    again = night.run()
    assert [name for name in names if not again.read(name).equals(first[name])] == []


def test_every_kind_a_finder_names_is_known_and_ranked():
    assert set(GAP_RANK) == set(GapKind)
    assert len(set(GAP_RANK.values())) == len(GAP_RANK)
    assert len(set(ROLL_FINDERS)) == len(ROLL_FINDERS)
    assert len(set(PERSON_FINDERS)) == len(PERSON_FINDERS)
