"""The three codes of a person: survey code, column of the statutory table and desk reason, case by case.

All cases live in one night, each with a village and a county code of its own; a night takes half a second.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from coverage.constants import DeskReason, E1Column, Verdict
from tests.hand_made_night import Night, Row
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.xdist_group("codes")

AS_OF = date(2018, 12, 31)
NOVEMBER = date(2018, 11, 5)
CHRISTMAS = date(2018, 12, 25)
NEVER = "GAP 16f_other never_enrolled"
HERE = "1-011 9_resident contributing"
DEAD = "0-207 6_dead dead"
VERIFY = "GAP 16f_other death_to_verify"
PUSHED = "GAP 16d_pushed hukou_elsewhere"


@dataclass(frozen=True)
class Subject:
    """The person of one case; each call adds what a file states."""

    night: Night
    number: str
    village: str
    name: str = "张伟"

    def line(self, status: str, *, name: str = "", number: str | None = None, **other: str) -> "Subject":
        written = self.number if number is None else number
        self.night.line(f"R{self.village}", name or self.name, written, status, unit=self.village, birth="", **other)
        return self

    def employee(self, status: str) -> "Subject":
        self.night.employees.append((f"E{self.village}", self.name, self.number, status))
        return self

    def official(self, status: str) -> "Subject":
        self.night.officials.append((f"C{self.village}", self.name, self.number, status))
        return self

    def enrolled(self, **known: Any) -> "Subject":
        self.night.enrol(len(self.night.persons), **known)
        return self

    def fact(self, kind: str, **fields: Any) -> "Subject":
        self.night.fact(kind, self.name, fields.pop("number", self.number), **fields)
        return self

    def elsewhere(self, scheme: str, status: str) -> "Subject":
        return self.fact("insured_elsewhere", scheme=scheme, status=status)

    def death(self, *reports: tuple[str, date]) -> "Subject":
        for source, day in reports:
            self.night.death(self.name, self.number, day, source)
        return self

    def answer(self, answer: str, **other: Any) -> "Subject":
        self.night.answer(self.name, self.number, answer, **other)
        return self

    @property
    def damaged(self) -> str:
        return self.number[:16] + str((int(self.number[16]) + 4) % 10) + self.number[17]


@dataclass(frozen=True)
class Case:
    """What files state, and the codes that follow: verdict, column of the table, desk reason."""

    codes: str
    set_up: Callable[[Subject], object] = lambda _: None
    birth: str = "19800305"
    person: dict[str, Any] | None = None


CASES = {
    # the resident roll
    "contributing": Case(HERE, lambda p: p.line("contributing")),
    "lapsed": Case("1-011 9_resident lapsed", lambda p: p.line("lapsed")),
    "drawing": Case("1-011 9_resident drawing", lambda p: p.line("drawing")),
    "paused": Case("1-011 9_resident paused", lambda p: p.line("paused")),
    "ended": Case("GAP 16f_other roll_row_terminated", lambda p: p.line("ended")),
    "registered": Case("GAP 16c_data_error roll_row_not_insured", lambda p: p.line("registered")),
    "impossible pair": Case("GAP 16c_data_error roll_row_not_insured", lambda p: p.line("impossible")),
    "on no roll": Case(NEVER),
    "60 on no roll": Case("GAP 16f_other direct_inclusion", birth="19500305"),
    "relative's number on the roll": Case("GAP 16f_other undecided", lambda p: p.line("contributing", name="李芳")),
    # enrolled here, until the roll shows it
    "enrolled here": Case(HERE, lambda p: p.enrolled()),
    "enrolled here to draw": Case("1-011 9_resident drawing", lambda p: p.enrolled(draws=True), birth="19500305"),
    "enrolled here, one roll since": Case(HERE, lambda p: p.enrolled(rolls_since=1)),
    "enrolled here, on neither of two rolls since": Case(
        "GAP 16f_other not_on_roll", lambda p: p.enrolled(rolls_since=2)
    ),
    "enrolled here, on the roll": Case(HERE, lambda p: p.enrolled(rolls_since=9).line("contributing")),
    "enrolled here, ended on the roll since": Case(
        "GAP 16f_other roll_row_terminated", lambda p: p.enrolled(rolls_since=2).line("ended")
    ),
    "enrolled here again, ended on the roll before": Case(HERE, lambda p: p.enrolled(rolls_since=1).line("ended")),
    "enrolled here, since an employee": Case(
        "1-011 10_employee contributing", lambda p: p.enrolled(rolls_since=1).employee("1")
    ),
    # other schemes
    "employee": Case("0-200 10_employee employee", lambda p: p.employee("1")),
    "retired employee": Case("0-200 10_employee employee", lambda p: p.employee("2")),
    "paused employee": Case("0-200 10_employee employee", lambda p: p.employee("3")),
    "lump sum": Case(NEVER, lambda p: p.employee("4")),
    "official": Case("0-201 11_civil civil", lambda p: p.official("1")),
    "official's lump sum": Case(NEVER, lambda p: p.official("4")),
    "roll, employee and official": Case(
        "1-011 11_civil contributing", lambda p: p.line("contributing").employee("1").official("1")
    ),
    "roll and employee": Case("1-011 10_employee contributing", lambda p: p.line("contributing").employee("1")),
    "employee elsewhere": Case("0-202 10_employee elsewhere", lambda p: p.elsewhere("employee", "contributing")),
    "official elsewhere": Case("0-202 11_civil elsewhere", lambda p: p.elsewhere("civil", "contributing")),
    "resident elsewhere": Case("0-208 9_resident elsewhere", lambda p: p.elsewhere("resident", "drawing")),
    "ended elsewhere": Case(NEVER, lambda p: p.elsewhere("employee", "ended")),
    "not insured elsewhere": Case(NEVER, lambda p: p.elsewhere("resident", "not_insured")),
    # age
    "sixteen tomorrow": Case("U16 2_under16 under_16", birth="20030101"),
    "sixteen today": Case(NEVER, birth="20021231"),
    "sixteen yesterday": Case(NEVER, birth="20021230"),
    "child on the roll, reported dead": Case(
        "U16 2_under16 under_16", lambda p: p.line("contributing").death(("police", NOVEMBER)), birth="20100101"
    ),
    # death
    "dead, by the police": Case(DEAD, lambda p: p.line("contributing").death(("police", NOVEMBER))),
    "dead, by the funeral home": Case(DEAD, lambda p: p.line("contributing").death(("funeral", NOVEMBER))),
    "dead, by the clinic alone": Case(HERE, lambda p: p.line("contributing").death(("health", NOVEMBER))),
    "dead, by two sources": Case(DEAD, lambda p: p.death(("health", NOVEMBER), ("civil affairs", NOVEMBER))),
    "dead, by one source twice": Case(VERIFY, lambda p: p.death(("health", NOVEMBER), ("health", CHRISTMAS))),
    "dead next month": Case(HERE, lambda p: p.line("contributing").death(("police", date(2019, 1, 5)))),
    "dead, by a source nobody named and another": Case(
        VERIFY, lambda p: p.death(("", NOVEMBER), ("unknown", NOVEMBER), ("health", NOVEMBER))
    ),
    "dead, by the clinic alone, ended on the roll": Case(VERIFY, lambda p: p.line("ended").death(("health", NOVEMBER))),
    "dead, by the clinic, ended on the roll on the police's report": Case(
        DEAD, lambda p: p.line("ended", end_reason="死亡", end_source="公安比对").death(("health", NOVEMBER))
    ),
    "dead, by the clinic, ended on the roll on the village's report": Case(
        DEAD, lambda p: p.line("ended", end_reason="死亡（村委会上报）").death(("health", NOVEMBER))
    ),
    "dead, by the clinic, ended on the roll on the clinic's report": Case(
        VERIFY, lambda p: p.line("ended", end_reason="死亡", end_source="卫健委").death(("health", NOVEMBER))
    ),
    "dead, by the clinic, ended on the roll for death": Case(
        VERIFY, lambda p: p.line("ended", end_reason="死亡").death(("health", NOVEMBER))
    ),
    "dead, by the clinic, ended on the roll by its own office": Case(
        VERIFY, lambda p: p.line("ended", end_reason="死亡", end_source="社保局").death(("health", NOVEMBER))
    ),
    "dead, by the clinic, ended on the roll for another reason": Case(
        VERIFY, lambda p: p.line("ended", end_reason="转入职保", end_source="公安").death(("health", NOVEMBER))
    ),
    "dead, by nobody named, ended on the roll on the police's report": Case(
        VERIFY, lambda p: p.line("ended", end_reason="死亡", end_source="公安").death(("", NOVEMBER))
    ),
    "dead, by the clinic, another's line ended on the police's report": Case(
        "GAP 16f_other death_to_verify",
        lambda p: p.line("ended", name="李芳", end_reason="死亡", end_source="公安").death(("health", NOVEMBER)),
    ),
    "ended on the roll on the police's report, reported by nobody": Case(
        "GAP 16f_other roll_row_terminated", lambda p: p.line("ended", end_reason="死亡", end_source="公安")
    ),
    "ended on the roll on the police's report, found alive": Case(
        "GAP 16f_other roll_row_terminated",
        lambda p: p.line("ended", end_reason="死亡", end_source="公安").death(("health", NOVEMBER)),
        person={"found_alive_on": date(2018, 12, 20)},
    ),
    "old and dead, by the clinic alone": Case(VERIFY, lambda p: p.death(("health", NOVEMBER)), birth="19500306"),
    "old and dead, by the village alone": Case(VERIFY, lambda p: p.answer("dead"), birth="19500307"),
    "dead, by the village on no day": Case(VERIFY, lambda p: p.answer("dead", event_date=None)),
    "dead, by a neighbour": Case(VERIFY, lambda p: p.answer("dead", second_hand=True)),
    "dead, by the village and the clinic": Case(DEAD, lambda p: p.answer("dead").death(("health", NOVEMBER))),
    "dead, by a neighbour and the clinic": Case(
        VERIFY, lambda p: p.answer("dead", second_hand=True).death(("health", NOVEMBER))
    ),
    "dead by the village, who declined before": Case(
        "2-011 16a_waived death_to_verify",
        lambda p: p.answer("dead").answer("declined", event_date=date(2018, 10, 1)),
    ),
    "dead by the clinic, declines in a later month": Case(
        "2-011 16a_waived enrolment_declined",
        lambda p: p.death(("health", NOVEMBER)).answer("declined", event_date=date(2018, 12, 3)),
    ),
    "dead by the clinic, declined before": Case(
        "2-011 16a_waived death_to_verify",
        lambda p: p.death(("health", NOVEMBER)).answer("declined", event_date=date(2018, 10, 3)),
    ),
    "dead by the police, declines in a later month": Case(
        DEAD, lambda p: p.death(("police", NOVEMBER)).answer("declined", event_date=date(2018, 12, 3))
    ),
    "dead, found alive by a reviewer": Case(
        NEVER, lambda p: p.death(("health", NOVEMBER)), person={"found_alive_on": date(2018, 12, 20)}
    ),
    "dead since a reviewer found them alive": Case(
        VERIFY, lambda p: p.death(("health", CHRISTMAS)), person={"found_alive_on": date(2018, 12, 20)}
    ),
    "dead under a damaged number": Case(
        VERIFY, lambda p: p.fact("death", number=p.damaged, source="police", event_date=NOVEMBER)
    ),
    # the household survey
    "declined": Case("2-011 16a_waived enrolment_declined", lambda p: p.answer("declined")),
    "not found": Case("GAP 16b_not_found cannot_be_found", lambda p: p.answer("not_found")),
    "hukou elsewhere, by the survey": Case(PUSHED, lambda p: p.answer("hukou_elsewhere")),
    "abroad": Case("0-206 7_abroad abroad", lambda p: p.answer("abroad")),
    "soldier, by the survey": Case("0-204 4_soldier soldier", lambda p: p.answer("soldier")),
    "prisoner, by the survey": Case("0-205 5_prisoner prisoner", lambda p: p.answer("prisoner")),
    "student, by the survey": Case("0-203 3_student student", lambda p: p.answer("student")),
    "empty hukou is no reason": Case(NEVER, lambda p: p.answer("empty_hukou")),
    "declined, by a relative": Case(NEVER, lambda p: p.answer("declined", second_hand=True)),
    "not found, by a neighbour": Case(NEVER, lambda p: p.answer("not_found", second_hand=True)),
    "declined, nobody verified": Case(NEVER, lambda p: p.answer("declined", verifier="")),
    "declined too long ago": Case(NEVER, lambda p: p.answer("declined", event_date=date(2017, 12, 30))),
    "declined a year ago": Case(
        "2-011 16a_waived enrolment_declined", lambda p: p.answer("declined", event_date=date(2017, 12, 31))
    ),
    "declined after the day": Case(NEVER, lambda p: p.answer("declined", event_date=date(2019, 1, 2))),
    "declined without a day": Case(NEVER, lambda p: p.answer("declined", event_date=None)),
    "declined but insured": Case(HERE, lambda p: p.answer("declined").line("contributing")),
    "abroad but insured": Case(HERE, lambda p: p.answer("abroad").line("contributing")),
    # police
    "moved to another province": Case(
        PUSHED, lambda p: p.fact("hukou_out", event_date=CHRISTMAS, to_place="山东省德州市夏津县")
    ),
    "moved within the county": Case(
        NEVER, lambda p: p.fact("hukou_out", event_date=CHRISTMAS, to_place="江苏省南通市如皋市白蒲镇")
    ),
    "moves next month": Case(
        NEVER, lambda p: p.fact("hukou_out", event_date=date(2019, 1, 5), to_place="山东省德州市夏津县")
    ),
    "hukou cancelled": Case(PUSHED, lambda p: p.fact("hukou_cancelled", event_date=CHRISTMAS)),
    "moved in": Case(NEVER, lambda p: p.fact("hukou_in", event_date=CHRISTMAS)),
    "the file itself states elsewhere": Case(PUSHED, person={"hukou_outside": True}),
    "moved out but insured": Case(HERE, lambda p: p.fact("hukou_cancelled", event_date=CHRISTMAS).line("contributing")),
    # prison, service, study
    "in prison": Case(
        "0-205 5_prisoner prisoner", lambda p: p.fact("prison", valid_from=date(2016, 1, 1), valid_to=date(2020, 1, 1))
    ),
    "released": Case(NEVER, lambda p: p.fact("prison", valid_from=date(2016, 1, 1), valid_to=date(2018, 12, 30))),
    "released on the last day": Case(
        "0-205 5_prisoner prisoner", lambda p: p.fact("prison", valid_from=date(2016, 1, 1), valid_to=AS_OF)
    ),
    "released since the survey": Case(
        NEVER,
        lambda p: p.answer("prisoner").fact("prison", valid_from=date(2016, 1, 1), valid_to=date(2018, 12, 10)),
    ),
    "released before the survey found them in prison": Case(
        "0-205 5_prisoner prisoner",
        lambda p: p.answer("prisoner").fact("prison", valid_from=date(2014, 1, 1), valid_to=date(2018, 1, 10)),
    ),
    "studied": Case(NEVER, lambda p: p.fact("student", valid_from=date(2014, 9, 1), valid_to=date(2018, 6, 30))),
    "studied until after the survey": Case(
        NEVER, lambda p: p.answer("student").fact("student", valid_from=None, valid_to=date(2018, 12, 30))
    ),
    "served": Case(NEVER, lambda p: p.fact("soldier", valid_from=date(2014, 9, 1), valid_to=date(2018, 9, 1))),
    "not yet in prison": Case(NEVER, lambda p: p.fact("prison", valid_from=date(2019, 1, 1), valid_to=None)),
    "probation is not prison": Case(
        NEVER, lambda p: p.fact("probation", valid_from=date(2016, 1, 1), valid_to=date(2020, 1, 1))
    ),
    "soldier": Case("0-204 4_soldier soldier", lambda p: p.fact("soldier", valid_from=date(2016, 9, 1))),
    "student": Case("0-203 3_student student", lambda p: p.fact("student", valid_from=date(2016, 9, 1))),
    "soldier on the roll": Case(
        "1-011 4_soldier contributing",
        lambda p: p.line("contributing").fact("soldier", valid_from=date(2016, 9, 1)),
    ),
    "prisoner on the roll": Case(
        "1-011 5_prisoner contributing",
        lambda p: p.line("contributing").fact("prison", valid_from=date(2016, 9, 1)),
    ),
    "student on the roll": Case(
        "1-011 3_student contributing",
        lambda p: p.line("contributing").fact("student", valid_from=date(2016, 9, 1)),
    ),
    # numbers
    "no number": Case("GAP 16e_no_hukou no_number", birth=""),
    "no number, a namesake in the village": Case(
        "GAP 16f_other undecided", lambda p: p.line("contributing", number=make_number("19600101", 7)), birth=""
    ),
}


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """Run the night of all cases: case -> its row of codes."""
    night = Night(tmp_path_factory.mktemp("night"), AS_OF)
    for place, case in enumerate(CASES.values()):
        number = make_number(case.birth, 1, f"0{place:03d}{place % 100:02d}") if case.birth else ""
        subject = Subject(night, number, f"320682{place:03d}201")
        night.poor(subject.name, number, village=subject.village, **case.person or {})
        case.set_up(subject)
    rows = night.codes()
    assert sorted(rows) == list(range(1, len(CASES) + 1))
    return {name: rows[person] for person, name in enumerate(CASES, 1)}


@pytest.mark.parametrize("name", CASES)
def test_codes(codes, name):
    row = codes[name]
    assert f"{row['verdict']} {row['e1_column']} {row['desk_reason']}" == CASES[name].codes
    assert row["verdict"] in Verdict.values
    assert row["e1_column"] in E1Column.values
    assert row["desk_reason"] in DeskReason.values


def test_drawing_and_due_end_with_death(night):
    old, older = make_number("19500305", 1), make_number("19400305", 2)
    alive, dead = night.poor("张伟", old), night.poor("李芳", older)
    night.line("R1", "张伟", old, "drawing")
    night.line("R2", "李芳", older, "drawing")
    night.death("李芳", older, NOVEMBER)
    codes = night.codes()
    assert (codes[alive]["due_to_draw"], codes[alive]["drawing"]) == (True, True)
    assert (codes[dead]["due_to_draw"], codes[dead]["drawing"]) == (False, False)


def test_without_a_right_number_the_rolls_birth_date_decides(night):
    """The file's number states 1953 and cannot be repaired; the confirmed line of the roll states 2003."""
    child = make_number("20030601", 1)
    person = night.poor("张伟", "320697195306019999")
    night.variants.append(
        {"subject_id": person, "name": "张伟", "number": child[:-1], "stated_birth": None, "village": ""}
    )
    night.line("R1", "张伟", child)
    assert night.codes()[person]["verdict"] == "U16"


@pytest.mark.parametrize(("birth", "verdict"), [("20140305", "U16"), ("19800305", "GAP")])
def test_a_child_is_one_however_the_damaged_number_is_repaired(night, birth, verdict):
    number = make_number(birth, 1)
    child = night.poor("张小明", number[:10] + "9" + number[11:])
    assert night.codes()[child]["verdict"] == verdict


def test_of_a_right_and_a_damaged_number_the_right_one_finds_the_death(night):
    right = make_number("19500305", 1)
    dead = night.poor("张伟", right[:16] + str((int(right[16]) + 4) % 10) + right[17])
    night.variants.append({**night.variants[-1], "number": right})
    night.death("张伟", right, NOVEMBER)
    assert night.codes()[dead]["verdict"] == "0-207"


def test_whom_government_pays_for(night):
    numbers = {
        name: make_number(f"19{year}0305", 1) for name, year in (("甲子", 80), ("乙丑", 50), ("丙寅", 81), ("丁卯", 82))
    }
    people = {name: night.poor(name, number, in_three_categories=name != "丙寅") for name, number in numbers.items()}
    for name, number in numbers.items():
        night.line(f"R{name}", name, number, "drawing" if name == "乙丑" else "contributing")
    night.employees.append(("E1", "丁卯", numbers["丁卯"], "1"))
    codes = night.codes()
    assert {name for name, person in people.items() if codes[person]["pay_target"]} == {"甲子"}


def test_without_any_number_the_birth_date_of_the_list_decides(night):
    child = night.poor("张小明", "")
    night.variants[-1]["stated_birth"] = date(2014, 3, 5)
    assert night.codes()[child]["verdict"] == "U16"


def test_a_death_of_the_confirmed_lines_number_is_the_persons(night):
    right = make_number("19500305", 1)
    dead = night.poor("张伟", right[:16] + str((int(right[16]) + 4) % 10) + right[17])
    night.line("R1", "张伟", right, "drawing")
    night.death("张伟", right, NOVEMBER)
    assert night.codes()[dead]["verdict"] == "0-207"


CLOSE = {"stated_birth": date(1950, 3, 5), "sex": 1}


CLOSE_NAMES = {
    "张": (CLOSE, "0-207"),
    "李": (CLOSE | {"sex": 0}, "0-207"),
    "王": (CLOSE | {"sex": 2}, "GAP"),
    "赵": (CLOSE | {"stated_birth": date(1951, 3, 5)}, "GAP"),
    "陈": (CLOSE | {"stated_birth": None}, "GAP"),
}
"""By surname: nobody's name is close to another's."""


@pytest.fixture(scope="module")
def close_names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run one night in which each of them is reported dead under a close name: surname -> verdict."""
    night, persons = Night(tmp_path_factory.mktemp("close")), {}
    for place, (surname, (stated, _verdict)) in enumerate(CLOSE_NAMES.items()):
        number = make_number("19500305", 1 + 2 * place)
        persons[night.poor(f"{surname}卫国", number, village=f"32068211120{place}")] = surname
        night.fact("death", f"{surname}国", number, event_date=NOVEMBER, source="police", **stated)
    return {persons[person]: row["verdict"] for person, row in night.codes().items()}


@pytest.mark.parametrize("surname", CLOSE_NAMES)
def test_a_death_with_a_close_name_needs_the_birth_date_its_list_states(close_names, surname):
    """The number alone is no evidence for itself; the sex the list states must not contradict it."""
    assert close_names[surname] == CLOSE_NAMES[surname][1]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("soldier", {}),
        ("student", {}),
        ("prison", {}),
        ("insured_elsewhere", {"scheme": "employee", "status": "contributing"}),
    ],
)
def test_so_does_every_other_fact(night, kind, fields):
    numbers = [make_number("19800305", place) for place in (1, 3)]
    people = [night.poor("张卫国", number) for number in numbers]
    night.fact(kind, "张国", numbers[0], stated_birth=date(1980, 3, 5), **fields)
    night.fact(kind, "张国", numbers[1], **fields)
    codes = night.codes()
    assert (codes[people[0]]["verdict"] == "GAP", codes[people[1]]["verdict"]) == (False, "GAP")


def test_a_birth_date_long_after_the_night_makes_nobody_a_child(night):
    unborn = night.poor("张伟", make_number("20310305", 1))
    stated = night.poor("李芳", "")
    night.variants[-1]["stated_birth"] = date(2031, 3, 5)
    codes = night.codes()
    assert [codes[person]["verdict"] for person in (unborn, stated)] == ["GAP", "GAP"]
