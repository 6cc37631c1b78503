"""What is found on lines of the resident roll, of the poor and of strangers: each finder, its reason, its class of evidence."""

from datetime import date

import pytest

from tests.hand_made_night import Night
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.xdist_group("roll findings")

OCTOBER, DECEMBER = date(2018, 10, 5), date(2018, 12, 5)
OLD = "19500305"


def of(place: int, birth: str = OLD) -> str:
    """Return a number of a county code of its own: no digit error leads to another."""
    return make_number(birth, 1, f"0{place:03d}{place % 100:02d}")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[str, str]]]:
    """Run one night over all lines below: number on the roll -> kind -> reason and class."""
    night = Night(tmp_path_factory.mktemp("night"))
    add_deaths(night)
    add_prison_and_moves(night)
    add_ages(night)
    add_statuses(night)
    add_twice_on_the_roll(night)
    add_two_schemes(night)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for (roll_no, kind), row in night.roll_findings().items():
        found.setdefault(roll_no, {})[kind] = (row["reason"], row["evidence_class"])
    return found


DEATHS = {
    "D1": ("drawing", [("police", OCTOBER)], {"DRAWING_AFTER_DEATH": ("2018-10-05", "A")}),
    "D2": ("drawing", [("funeral", OCTOBER)], {"DRAWING_AFTER_DEATH": ("2018-10-05", "A")}),
    "D3": ("drawing", [("health", OCTOBER)], {"DRAWING_AFTER_DEATH": ("2018-10-05", "B")}),
    "D4": ("drawing", [("health", OCTOBER), ("civil affairs", OCTOBER)], {"DRAWING_AFTER_DEATH": ("2018-10-05", "A")}),
    "D5": ("drawing", [("health", OCTOBER), ("police", DECEMBER)], {"STOP_DUE": ("2018-12-05", "A")}),
    "D6": ("drawing", [("police", DECEMBER)], {"STOP_DUE": ("2018-12-05", "A")}),
    "D7": ("drawing", [("police", date(2018, 11, 30))], {"DRAWING_AFTER_DEATH": ("2018-11-30", "A")}),
    "D8": ("drawing", [("police", date(2019, 1, 2))], {}),
    "D9": ("paused", [("police", OCTOBER)], {}),
    "D10": ("ended", [("police", OCTOBER)], {}),
}


FOUND_ALIVE = {"D17": [OCTOBER], "D18": [OCTOBER, DECEMBER]}
"""Lines of people a reviewer found alive on 1 December, and the days of death reported."""


def add_deaths(night: Night) -> None:
    for place, (roll_no, (status, reports, _)) in enumerate(DEATHS.items(), 1):
        night.line(roll_no, "张伟", of(place), status)
        for source, day in reports:
            night.death("张伟", of(place), day, source)
    night.line("D11", "张伟", of(30, "19800305"), "contributing")
    night.death("张伟", of(30, "19800305"), OCTOBER)
    night.line("D14", "张伟", of(33), "drawing")
    night.answer("张伟", of(33), "dead")
    night.line("D15", "张伟", of(34), "drawing")
    night.answer("张伟", of(34), "dead")
    night.death("张伟", of(34), OCTOBER, "health")
    night.line("D16", "张伟", of(35), "drawing")
    night.death("张伟", of(35), OCTOBER, "health")
    night.answer("张伟", of(35), "declined")
    for place, (roll_no, days) in enumerate(FOUND_ALIVE.items(), 36):
        night.poor("张伟", of(place), village="", found_alive_on=date(2018, 12, 1))
        night.line(roll_no, "张伟", of(place), "drawing")
        for day in days:
            night.death("张伟", of(place), day)
    night.line("D12", "张伟", of(31), "drawing")
    night.death("李芳", of(31), OCTOBER)  # a relative's number
    night.line("D13", "张伟", of(32), "drawing")
    night.death("张伟", of(32)[:16] + str((int(of(32)[16]) + 4) % 10) + of(32)[17], OCTOBER)


@pytest.mark.parametrize("roll_no", DEATHS)
def test_deaths(found, roll_no):
    assert found.get(roll_no, {}) == DEATHS[roll_no][2]


def test_contributing_after_death(found):
    assert found["D11"] == {"CONTRIBUTING_AFTER_DEATH": ("2018-10-05", "A")}


def test_a_death_under_the_number_with_another_name_stops_nobody(found):
    assert "D12" not in found


def test_a_death_under_a_damaged_number_is_class_b(found):
    assert found["D13"] == {"DRAWING_AFTER_DEATH": ("2018-10-05", "B")}


def test_a_death_the_village_reports_is_one_source(found):
    """The day is then that of the answer: dead by then; a day another source states comes first."""
    assert found["D14"] == {"DRAWING_AFTER_DEATH": ("2018-11-20", "B")}
    assert found["D15"] == {"DRAWING_AFTER_DEATH": ("2018-10-05", "A")}


def test_whom_one_source_reports_dead_and_the_village_saw_since_is_not_stopped(found):
    assert "D16" not in found


def test_whom_a_reviewer_found_alive_only_a_later_death_stops(found):
    assert "D17" not in found
    assert found["D18"] == {"STOP_DUE": ("2018-12-05", "A")}


TERMS = {
    "P1": ("prison", date(2016, 1, 1), date(2020, 1, 1), True),
    "P2": ("prison", date(2016, 1, 1), None, True),
    "P3": ("prison", date(2016, 1, 1), date(2018, 12, 30), False),
    "P4": ("prison", date(2018, 12, 1), date(2020, 1, 1), False),
    "P5": ("prison", date(2018, 11, 30), date(2020, 1, 1), True),
    "P6": ("probation", date(2016, 1, 1), date(2020, 1, 1), False),
}
MOVES = {
    "M1": ("hukou_out", OCTOBER, "山东省德州市", True),
    "M2": ("hukou_out", OCTOBER, "江苏省南通市如皋市白蒲镇", False),
    "M3": ("hukou_cancelled", OCTOBER, "", True),
    "M4": ("hukou_out", date(2019, 1, 3), "山东省德州市", False),
    "M5": ("hukou_in", OCTOBER, "", False),
}


def add_prison_and_moves(night: Night) -> None:
    for place, (roll_no, (kind, start, end, _)) in enumerate(TERMS.items(), 40):
        night.line(roll_no, "张伟", of(place), "drawing")
        night.fact(kind, "张伟", of(place), valid_from=start, valid_to=end)
    for place, (roll_no, (kind, day, to_place, _)) in enumerate(MOVES.items(), 50):
        night.line(roll_no, "张伟", of(place, "19800101"), "contributing")
        night.fact(kind, "张伟", of(place, "19800101"), event_date=day, to_place=to_place)


@pytest.mark.parametrize("roll_no", TERMS)
def test_drawing_in_prison(found, roll_no):
    assert set(found.get(roll_no, {})) == ({"DRAWING_IN_PRISON"} if TERMS[roll_no][3] else set())


@pytest.mark.parametrize("roll_no", MOVES)
def test_moved_out(found, roll_no):
    assert set(found.get(roll_no, {})) == ({"MOVED_OUT"} if MOVES[roll_no][3] else set())


AGES = {
    "A1": ("19581115", "contributing", {"DUE_NOT_DRAWING": ("contributing", "")}),
    "A2": ("19581115", "lapsed", {"DUE_NOT_DRAWING": ("lapsed", "")}),
    "A3": ("19581201", "contributing", {}),
    "A4": ("19581130", "drawing", {}),
    "A5": ("19581201", "drawing", {"DRAWING_BEFORE_60": ("1958-12", "")}),
    "A6": ("19581115", "paused", {}),
    "A7": ("19581115", "ended", {}),
}


def add_ages(night: Night) -> None:
    for place, (roll_no, (birth, status, _)) in enumerate(AGES.items(), 60):
        night.line(roll_no, "张伟", of(place, birth), status)
    night.line("A8", "张伟", of(69), "contributing")
    night.employees.append(("E69", "张伟", of(69), "2"))
    night.line("A9", "张伟", of(70), "contributing")
    night.employees.append(("E70", "张伟", of(70), "4"))


@pytest.mark.parametrize("roll_no", AGES)
def test_sixty_by_months_only(found, roll_no):
    """docs/rules.md R16: due from the month after turning sixty."""
    assert found.get(roll_no, {}) == AGES[roll_no][2]


def test_who_draws_in_another_scheme_is_not_due_here(found):
    assert "DUE_NOT_DRAWING" not in found.get("A8", {})


def test_a_lump_sum_in_another_scheme_leaves_the_benefit_due(found):
    assert set(found["A9"]) == {"DUE_NOT_DRAWING"}


def add_statuses(night: Night) -> None:
    night.line("S1", "张伟", of(80, "19800101"), "impossible")
    night.line("S2", "张伟", of(81, "19800101"), "registered")


def test_statuses(found):
    assert found["S1"] == {"INVALID_STATUS_PAIR": ("0/3", "")}
    assert found["S2"] == {"ROLL_ENDED": ("1/0", "")}


def add_twice_on_the_roll(night: Night) -> None:
    damaged = of(92)[:16] + str((int(of(92)[16]) + 4) % 10) + of(92)[17]
    for roll_no, name, number, status in (
        ("T1", "张伟", of(90), "drawing"),
        ("T2", "章苇", of(90), "drawing"),
        ("T3", "张伟", of(91, "19800101"), "contributing"),
        ("T4", "张伟", of(91, "19800101"), "lapsed"),
        ("T5", "张伟", of(92), "drawing"),
        ("T6", "张伟", damaged, "drawing"),
        ("T7", "张伟", of(93), "drawing"),
        ("T8", "李芳", of(93), "drawing"),
        ("T9", "张伟", of(94), "drawing"),
        ("T10", "张伟", of(94), "ended"),
    ):
        night.line(roll_no, name, number, status, birth="19500305" if number == damaged else number[6:14])


@pytest.mark.parametrize(
    ("roll_no", "kinds"),
    [
        ("T1", {"DUPLICATE_BENEFIT"}),
        ("T2", {"DUPLICATE_BENEFIT"}),
        ("T3", {"DUPLICATE_CONTRIBUTION"}),
        ("T4", {"DUPLICATE_CONTRIBUTION"}),
        ("T5", {"DUPLICATE_BENEFIT"}),
        ("T6", {"DUPLICATE_BENEFIT"}),
        ("T7", set()),
        ("T8", set()),
        ("T9", set()),
        ("T10", set()),
    ],
)
def test_twice_on_the_roll(found, roll_no, kinds):
    assert set(found.get(roll_no, {})) == kinds


SCHEMES = {
    "X1": (OLD, "drawing", "employees", "2", {"DUPLICATE_BENEFIT"}),
    "X2": (OLD, "drawing", "officials", "2", {"DUPLICATE_BENEFIT"}),
    "X3": ("19800101", "contributing", "employees", "1", {"DUPLICATE_CONTRIBUTION"}),
    "X4": ("19800101", "lapsed", "officials", "1", {"DUPLICATE_CONTRIBUTION"}),
    "X5": (OLD, "drawing", "employees", "5", set()),
    "X6": (OLD, "drawing", "employees", "4", set()),
    "X7": (OLD, "drawing", "employees", "1", set()),
    "X8": ("19800101", "contributing", "employees", "3", set()),
}


def add_two_schemes(night: Night) -> None:
    for place, (roll_no, (birth, status, roll, other_status, _)) in enumerate(SCHEMES.items(), 100):
        night.line(roll_no, "张伟", of(place, birth), status)
        getattr(night, roll).append((f"E{place}", "张伟", of(place, birth), other_status))
    night.line("X9", "张伟", of(110), "drawing")
    night.employees.append(("E110", "李芳", of(110), "2"))
    night.line("X10", "张伟", of(111), "drawing")
    night.fact("insured_elsewhere", "张伟", of(111), scheme="employee", status="drawing")


@pytest.mark.parametrize("roll_no", SCHEMES)
def test_two_schemes(found, roll_no):
    assert set(found.get(roll_no, {})) == SCHEMES[roll_no][4]


def test_two_schemes_with_one_number_and_two_names_are_two_people(found):
    assert "X9" not in found


def test_drawing_here_and_in_another_province(found):
    assert set(found["X10"]) == {"DUPLICATE_BENEFIT"}
