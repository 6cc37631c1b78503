"""What a night makes of a village's reports: a death of class B, somebody not found and found again, on rolls and in the codes."""

from datetime import date

import pytest

from coverage.findings import tables
from tests.hand_made_night import Night
from tests.oracles.numbers import make_number
from tests.possible_matches import namesake

pytestmark = pytest.mark.xdist_group("reports")

DECEMBER, OCTOBER = date(2018, 12, 5), date(2018, 10, 5)
NOT_FOUND = ("NOT_FOUND", "cannot_be_found")


def of(place: int, birth: str = "19500305") -> str:
    return make_number(birth, 1, f"0{place:03d}{place % 100:02d}")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Run one night over all cases: name of the case -> its findings, code, gaps."""
    night = Night(tmp_path_factory.mktemp("night"))
    ids = {name: make(night, place) for place, (name, make) in enumerate(CASES.items(), 1)}
    workspace = night.run()
    findings: dict[int, list[dict]] = {}
    for row in workspace.read(tables.PERSON_FINDING).to_pylist():
        findings.setdefault(row["person_id"], []).append(row)
    codes = {row["person_id"]: row for row in workspace.read(tables.VERDICT).to_pylist()}
    gaps: dict[int, set] = {}
    for row in workspace.read(tables.GAP).to_pylist():
        gaps.setdefault(row["person_id"], set()).add((row["kind"], row["reason"]))
    on_rolls = {row["roll_no"]: row for row in workspace.read(tables.ROLL_FINDING).to_pylist()}
    return {
        name: (findings.get(each, []), codes[each], gaps.get(each, set()), on_rolls.get(f"R{each}"))
        for name, each in ids.items()
    }


def poor(night: Night, place: int, **other: object) -> int:
    return night.poor(namesake(place), of(place), **other)


def drawing(night: Night, place: int) -> int:
    person = poor(night, place)
    night.line(f"R{place}", namesake(place), of(place), "drawing")
    return person


def reported_dead(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "died", died_on=DECEMBER)
    return person


def dead_and_health_first_hand(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "died", died_on=DECEMBER, is_first_hand=True)
    night.death(namesake(place), of(place), DECEMBER, "health")
    return person


def dead_and_health_by_hearsay(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "died", died_on=DECEMBER)
    night.death(namesake(place), of(place), DECEMBER, "health")
    return person


def dead_twice_from_the_village(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "died", died_on=DECEMBER, is_first_hand=True)
    night.report(person, "died", died_on=DECEMBER, is_first_hand=True)
    return person


def drawing_and_dead(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "died", died_on=OCTOBER)
    return person


def drawing_and_dead_without_a_day(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "died", day=date(2018, 12, 20))
    return person


def drawing_dead_and_seen(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "died", day=date(2018, 11, 1), died_on=OCTOBER)
    night.report(person, "found", day=date(2018, 12, 1))
    return person


def dead_and_health_not_yet_accepted(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "died", died_on=DECEMBER, is_first_hand=True, is_accepted=False)
    night.death(namesake(place), of(place), DECEMBER, "health")
    return person


def drawing_dead_and_seen_by_hearsay(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.death(namesake(place), of(place), OCTOBER, "health")
    night.report(person, "found", day=date(2018, 12, 1), is_hearsay=True)
    return person


def drawing_reported_dead_then_found_the_same_month(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "died", day=date(2018, 12, 10), died_on=DECEMBER)
    night.report(person, "found", day=date(2018, 12, 12))
    return person


def drawing_refuted_then_dead(night: Night, place: int) -> int:
    """What was refuted by a sighting is no second source of a later death."""
    person = drawing(night, place)
    night.death(namesake(place), of(place), OCTOBER, "health")
    night.report(person, "found", day=date(2018, 11, 15))
    night.report(person, "died", day=date(2018, 12, 10), died_on=DECEMBER, is_first_hand=True)
    return person


def drawing_dead_by_two_and_seen(night: Night, place: int) -> int:
    """Two that agree and a sighting contradict each other: it stays for a person to decide."""
    person = drawing(night, place)
    night.death(namesake(place), of(place), OCTOBER, "health")
    night.death(namesake(place), of(place), OCTOBER, "civil affairs")
    night.report(person, "found", day=date(2018, 12, 1))
    return person


def drawing_dead_first_by_the_family_then_by_document(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "died", day=date(2018, 12, 5), died_on=date(2018, 12, 4), is_hearsay=True)
    night.report(person, "died", day=date(2018, 12, 20), died_on=OCTOBER, is_first_hand=True)
    return person


def dead_but_found_alive(night: Night, place: int) -> int:
    person = poor(night, place, found_alive_on=date(2018, 12, 10))
    night.report(person, "died", died_on=DECEMBER)
    return person


def uninsured_not_found(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "cannot_be_found")
    return person


def drawing_not_found(night: Night, place: int) -> int:
    person = drawing(night, place)
    night.report(person, "cannot_be_found")
    return person


def found_again(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "cannot_be_found", day=date(2018, 12, 1))
    night.report(person, "found", day=date(2018, 12, 2))
    return person


def found_on_the_same_day_later(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "cannot_be_found")
    night.report(person, "found")
    return person


def survey_not_found_then_seen(night: Night, place: int) -> int:
    person = poor(night, place)
    night.answer(namesake(place), of(place), "not_found", event_date=date(2018, 11, 20))
    night.report(person, "found", day=date(2018, 11, 20))
    return person


def not_found_then_a_survey_answer(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "cannot_be_found", day=date(2018, 11, 1))
    night.answer(namesake(place), of(place), "abroad", event_date=date(2018, 11, 20))
    return person


def not_found_long_ago(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "cannot_be_found", day=date(2017, 12, 30))
    return person


def child_not_found(night: Night, place: int) -> int:
    person = night.poor(namesake(place), of(place, "20100101"))
    night.report(person, "cannot_be_found")
    return person


def declines(night: Night, place: int) -> int:
    person = poor(night, place)
    night.report(person, "declines")
    return person


CASES = {
    each.__name__: each
    for each in (
        reported_dead, dead_and_health_first_hand, dead_and_health_by_hearsay, dead_twice_from_the_village, drawing_and_dead,
        drawing_and_dead_without_a_day, drawing_dead_and_seen, dead_but_found_alive, uninsured_not_found, drawing_not_found,
        found_again, found_on_the_same_day_later, survey_not_found_then_seen, not_found_then_a_survey_answer, not_found_long_ago,
        child_not_found, declines, dead_and_health_not_yet_accepted, drawing_dead_and_seen_by_hearsay,
        drawing_reported_dead_then_found_the_same_month, drawing_refuted_then_dead, drawing_dead_by_two_and_seen,
        drawing_dead_first_by_the_family_then_by_document,
    )
}  # fmt: skip


def deaths(rows: list[dict]) -> list[tuple[str, str, bool]]:
    return [(row["value"], row["evidence_class"], bool(row["reports"])) for row in rows if row["kind"] == "death"]


@pytest.mark.parametrize(("case", "expected"), [
    ("reported_dead", [("2018-12-05", "B", True)]),
    ("dead_and_health_first_hand", [("2018-12-05", "A", True)]),
    ("dead_and_health_by_hearsay", [("2018-12-05", "B", True)]),
    ("dead_twice_from_the_village", [("2018-12-05", "B", True)]),
    ("drawing_and_dead_without_a_day", [("", "B", True)]),
    ("drawing_dead_and_seen", []),
    ("dead_but_found_alive", []),
    ("dead_and_health_not_yet_accepted", [("2018-12-05", "B", True)]),
    ("drawing_dead_and_seen_by_hearsay", [("2018-10-05", "B", False)]),
    ("drawing_reported_dead_then_found_the_same_month", []),
    ("drawing_refuted_then_dead", [("2018-12-05", "B", True)]),
    ("drawing_dead_by_two_and_seen", [("2018-10-05", "A", False)]),
    ("drawing_dead_first_by_the_family_then_by_document", [("2018-10-05", "B", True)]),
])  # fmt: skip
def test_a_death_is_of_class_b_unless_another_source_agrees(found, case, expected):
    assert deaths(found[case][0]) == expected


def test_who_is_reported_dead_is_verified_and_not_enrolled(found):
    _findings, code, gaps, _line = found["reported_dead"]
    assert (code["verdict"], code["desk_reason"]) == ("GAP", "death_to_verify")
    assert {kind for kind, _reason in gaps} >= {"DEATH_TO_VERIFY"}
    assert "UNINSURED" not in {kind for kind, _reason in gaps}


@pytest.mark.parametrize(("case", "kind", "reason"), [
    ("drawing_and_dead", "DRAWING_AFTER_DEATH", "2018-10-05"),
    ("drawing_and_dead_without_a_day", "STOP_DUE", "2018-12-20"),
])  # fmt: skip
def test_a_payment_to_somebody_the_village_reports_dead_is_a_finding_of_class_b(found, case, kind, reason):
    line = found[case][3]
    assert (line["kind"], line["reason"], line["evidence_class"]) == (kind, reason, "B")
    assert line["reports"]
    assert (kind, reason) in found[case][2]


@pytest.mark.parametrize("case", [name for name in CASES if name.startswith("drawing_")])
def test_the_line_and_its_person_are_judged_alike(found, case):
    on_person, line = deaths(found[case][0]), found[case][3]
    on_line = [(line["reason"], line["evidence_class"])] if line else []
    assert [evidence for _day, evidence, _reports in on_person] == [evidence for _day, evidence in on_line]


def test_seen_in_a_later_month_no_payment_is_questioned(found):
    assert found["drawing_dead_and_seen"][3] is None


@pytest.mark.parametrize(("case", "column", "is_gap"), [
    ("uninsured_not_found", "16b_not_found", True),
    ("drawing_not_found", "9_resident", True),
    ("found_again", "16f_other", False),
    ("found_on_the_same_day_later", "16f_other", False),
    ("survey_not_found_then_seen", "16f_other", False),
    ("not_found_then_a_survey_answer", "7_abroad", False),
    ("not_found_long_ago", "16f_other", False),
    ("child_not_found", "2_under16", False),
    ("declines", "16f_other", False),
])  # fmt: skip
def test_whether_somebody_can_be_found_the_latest_says(found, case, column, is_gap):
    _findings, code, gaps, _line = found[case]
    assert code["e1_column"] == column
    assert (NOT_FOUND in gaps) == is_gap


def test_the_latest_report_is_a_finding_with_its_report(found):
    rows = [row for row in found["found_again"][0] if row["kind"] == "report"]
    assert [(row["value"], len(row["reports"])) for row in rows] == [("found", 1)]
