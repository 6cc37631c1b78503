"""Which gaps are open after a night, of whom, for which reason."""

from datetime import date
from typing import Any

import pytest

from casework.constants import GAP_RANK, GapKind
from coverage.constants import GAP_FEEDS, VERDICT_FEEDS
from coverage.findings.findings import ROLL_FINDERS
from coverage.findings.gaps import PERSON_FINDERS
from registry.constants import Feed
from tests.hand_made_night import Night
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.xdist_group("gaps")

ADULT, OLD, OLDER = make_number("19800305", 1), make_number("19500305", 2), make_number("19400305", 4)


def test_what_is_wrong_on_a_poor_persons_line_is_the_persons_gap(night):
    person = night.poor("张伟", OLD)
    night.line("R1", "张伟", OLD, "contributing")
    night.line("R2", "路人", OLDER, "contributing")
    assert night.gaps() == {
        (person, "", "DUE_NOT_DRAWING", "contributing"),
        (None, "R2", "DUE_NOT_DRAWING", "contributing"),
    }


def test_whom_we_enrolled_and_no_later_roll_shows_is_the_agencys_to_enter(night):
    waited, waiting, entered = (night.poor(f"人{body}", make_number("19800305", body)) for body in (11, 12, 13))
    night.enrol(waited, rolls_since=2)
    night.enrol(waiting, rolls_since=1)
    night.enrol(entered, rolls_since=2)
    night.line("R1", "人13", make_number("19800305", 13), "contributing")
    assert night.gaps() == {(waited, "", "NOT_ON_ROLL", "not_on_roll")}
    assert {person: row["by_portal"] for person, row in night.codes().items()} == {
        waited: False, waiting: True, entered: False,
    }  # fmt: skip


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


def test_whom_one_source_reports_dead_is_verified_and_never_proposed_for_enrolment(night):
    """Neither as uninsured, nor newly poor, nor about to be 16 or 60, nor to be found or registered (docs/rules.md R18)."""
    child, sixty = make_number("20030110", 4), make_number("19590110", 5)
    people = [
        night.poor(f"人{place}", number, newly_poor=True)
        for place, number in enumerate((ADULT, OLD, child, sixty, make_number("19750101", 6)))
    ]
    for place, number in enumerate((ADULT, OLD, child, sixty, make_number("19750101", 6))):
        night.death(f"人{place}", number, date(2018, 12, 3), "health")
    night.answer("人4", make_number("19750101", 6), "not_found")
    verified = {(person, "", "DEATH_TO_VERIFY", "death_to_verify") for person in people if person != people[2]}
    assert night.gaps() == verified


def damaged(number: str) -> str:
    return number[:16] + str((int(number[16]) + 4) % 10) + number[17]


def unchanged(number: str) -> str:
    return number


CONFLICTS = [
    ("张伟", damaged, "张伟", "number_wrong"),
    ("张伟", lambda number: number[:-1], "张伟", "number_length"),
    ("张伟", unchanged, "李芳", "number_of_another"),
    ("章苇", unchanged, "张伟", "name_differs"),
    ("张伟", unchanged, "张伟", None),
    ("張偉", unchanged, "张伟", None),
    ("张伟", lambda number: number[:6] + number[8:17], "张伟", None),
]
"""Name in the file, how the file writes the roll's number, name on the roll, the conflict."""
TURNING_60 = [
    ("19581130", None),
    ("19581201", "2018-12"),
    ("19581231", "2018-12"),
    ("19590101", "2019-01"),
    ("19590331", "2019-03"),
    ("19590401", None),
]
TURNING_16 = [("20021231", None), ("20030101", "2019-01-01"), ("20030131", "2019-01-31"), ("20030201", None)]
LAPSED = [("19810305", True, "lapsed_paid_for"), ("19820305", False, "lapsed"), ("19500305", True, None)]
LISTS: dict[str, list[Any]] = {
    "IDENTITY_CONFLICT": CONFLICTS,
    "TURNING_60": TURNING_60,
    "TURNING_16": TURNING_16,
    "LAPSED": LAPSED,
}
"""Kind of gap -> its cases; the reason is the last of each."""
EACH_CASE = [(kind, place) for kind, cases in LISTS.items() for place in range(len(cases))]


@pytest.fixture(scope="module")
def of_cases(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], set[tuple[str, str]]]:
    """Run one night of the cases of every list: kind and place -> what is found on its person, as kind and reason.

    Each person has a village, a county code and a birth date of their own, so that nobody is taken for another.
    """
    night = Night(tmp_path_factory.mktemp("night"))
    people = {}
    for place, case in enumerate(EACH_CASE):
        kind, (first, *other, _) = case[0], LISTS[case[0]][case[1]]
        village, code = f"320682{place:03d}201", f"0{place:03d}{place % 100:02d}"
        number = make_number(f"1980{place + 1:02d}05" if kind == "IDENTITY_CONFLICT" else first, 1, code)
        if kind == "IDENTITY_CONFLICT":
            people[case] = night.poor(first, other[0](number), village=village)
            night.line(f"R{place}", other[1], number, unit=village)
        else:
            name = f"张{'甲乙丙丁戊己庚辛壬癸'[place % 10]}"
            people[case] = night.poor(name, number, village=village, in_three_categories=all(other))
            if kind != "TURNING_16":
                night.line(f"R{place}", name, number, "lapsed" if kind == "LAPSED" else "contributing", unit=village)
    gaps = night.gaps()
    assert {person for person, _, kind, _ in gaps if kind in LISTS} <= set(people.values())
    return {case: {(kind, why) for who, _, kind, why in gaps if who == person} for case, person in people.items()}


def reasons_of(gaps: set[tuple[str, str]], kind: str) -> set[str]:
    return {reason for each, reason in gaps if each == kind}


@pytest.mark.parametrize(("place", "reason"), [*enumerate(reason for *_, reason in CONFLICTS)], ids=str)
def test_identity_conflicts(of_cases, place, reason):
    assert reasons_of(of_cases["IDENTITY_CONFLICT", place], "IDENTITY_CONFLICT") == ({reason} if reason else set())


def test_one_number_with_two_people(night):
    first, second = night.poor("张伟", ADULT), night.poor("张小明", ADULT)
    conflicts = {(who, why) for who, _, kind, why in night.gaps() if kind == "IDENTITY_CONFLICT"}
    assert conflicts == {(first, "number_shared"), (second, "number_shared")}


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


def soon(night, kind: str) -> set[tuple[int | None, str]]:
    return {(person, reason) for person, _, which, reason in night.gaps() if which == kind}


@pytest.mark.parametrize(("place", "reason"), [*enumerate(reason for *_, reason in TURNING_60)], ids=str)
def test_who_turns_60_is_named_three_months_ahead_and_no_longer_once_the_benefit_is_due(of_cases, place, reason):
    assert reasons_of(of_cases["TURNING_60", place], "TURNING_60") == ({reason} if reason else set())


def test_turning_60_is_no_news_of_those_who_draw_already_or_are_dead(night):
    number, other = make_number("19590101", 1), make_number("19590102", 3)
    night.poor("张伟", number)
    night.employees.append(("E1", "张伟", number, "2"))
    night.poor("李芳", other)
    night.death("李芳", other, date(2018, 12, 1))
    assert soon(night, "TURNING_60") == set()


@pytest.mark.parametrize(("place", "reason"), [*enumerate(reason for *_, reason in TURNING_16)], ids=str)
def test_a_child_is_named_from_the_month_before_its_sixteenth_birthday(of_cases, place, reason):
    assert reasons_of(of_cases["TURNING_16", place], "TURNING_16") == ({reason} if reason else set())


def test_sixteen_on_the_29th_of_february(night):
    night.as_of = date(2020, 1, 31)
    person = night.poor("小明", make_number("20040229", 1))
    assert soon(night, "TURNING_16") == {(person, "2020-02-29")}


def test_a_paused_is_a_gap_unless_something_keeps_the_person_from_drawing(night):
    wronged, prisoner = night.poor("张伟", OLD), night.poor("李芳", OLDER)
    night.line("R1", "张伟", OLD, "paused")
    night.line("R2", "李芳", OLDER, "paused")
    night.fact("prison", "李芳", OLDER, valid_from=date(2017, 1, 1))
    assert (soon(night, "PAUSED"), prisoner) == ({(wronged, "paused")}, 2)


@pytest.mark.parametrize(("place", "reason"), [*enumerate(reason for *_, reason in LAPSED)], ids=str)
def test_a_lapsed_contribution_until_the_benefit_is_due(of_cases, place, reason):
    assert reasons_of(of_cases["LAPSED", place], "LAPSED") == ({reason} if reason else set())


def test_a_lapsed_line_of_somebody_who_changed_to_another_scheme_is_in_order(night):
    night.poor("张伟", ADULT)
    night.line("R1", "张伟", ADULT, "lapsed")
    night.employees.append(("E1", "张伟", ADULT, "1"))
    assert soon(night, "LAPSED") == set()


def test_the_newly_poor_and_what_is_missing(night):
    to_insure = night.poor("张伟", ADULT, newly_poor=True)
    to_pay = night.poor("李芳", make_number("19810305", 2), newly_poor=True)
    night.line("R1", "李芳", make_number("19810305", 2))
    to_draw = night.poor("王强", OLD, newly_poor=True)
    night.line("R2", "王强", OLD)
    night.poor("孙无", OLDER, newly_poor=True)
    night.line("R3", "孙无", OLDER, "drawing")
    night.poor("钱小", make_number("20100101", 1), newly_poor=True)
    night.poor("赵老", make_number("19770101", 10))
    assert soon(night, "NEW_POOR") == {
        (to_insure, "to_be_insured"),
        (to_pay, "to_be_paid_for"),
        (to_draw, "to_draw"),
    }


def test_a_feed_too_old_or_taken_back_is_a_gap_of_the_county(night):
    night.feed("resident", "fresh", date(2018, 12, 31))
    night.feed("deaths", "stale", date(2018, 9, 30))
    night.feed("hukou", "withdrawn", None)
    assert {gap for gap in night.gaps() if gap[2] == "DATA_STALE"} == {
        (None, "deaths", "DATA_STALE", "2018-09-30"),
        (None, "hukou", "DATA_STALE", "feed_withdrawn"),
    }


def test_every_kind_states_which_feeds_its_closing_rests_on():
    assert set(GAP_FEEDS) == set(GapKind)
    assert {feed for feeds in (*GAP_FEEDS.values(), *VERDICT_FEEDS.values()) for feed in feeds} <= set(Feed.values)
