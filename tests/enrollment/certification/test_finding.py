"""Who is found to be certified in a night: those who draw here, by what the night matched and pinned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from casework.finders import FOUND, reason_words
from casework.next_steps import list_steps
from enrollment.certification.finding import find_certification_due
from enrollment.certification.tables import (
    EVIDENCE,
    EVIDENCE_COLUMNS,
    LISTED_DISABLED,
    LISTED_DISABLED_COLUMNS,
    RULE,
    RULE_COLUMNS,
)
from tests.hand_made_night import Night
from tests.named_world import right_number

BORN = right_number("32069719520615002")
"""Born in June 1952: the window runs from June 2018 to May 2019."""
ROW: dict[str, Any] = {
    "since": date(2018, 12, 31), "window_kind": "birthday", "cycle_days": 365, "days_ahead": 60, "benefit_age_years": 60,
    "visit_from_age_years": 80, "visit_days_ahead": 60,
}  # fmt: skip


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """A night on the first day on which the window's end is near, with one person who draws."""
    made = Night(tmp_path, as_of=date(2019, 4, 1))
    made.poor("张三", BORN)
    made.line("R1", "张三", BORN, "drawing")
    return made


def due(
    night: Night, evidence: Sequence[tuple[int, date, str]] = (), disabled: Sequence[int] = (), rules: int = 1
) -> list[tuple[int, str]]:
    workspace = night.run()
    rows = [dict(zip(EVIDENCE_COLUMNS.names, row, strict=True)) for row in evidence]
    workspace.write(EVIDENCE, pa.Table.from_pylist(rows, schema=EVIDENCE_COLUMNS))
    listed = [{"person_id": each} for each in disabled]
    workspace.write(LISTED_DISABLED, pa.Table.from_pylist(listed, schema=LISTED_DISABLED_COLUMNS))
    workspace.write(RULE, pa.Table.from_pylist([{**ROW, "as_of": night.as_of}] * rules, schema=RULE_COLUMNS))
    found = find_certification_due(workspace)
    assert found.schema == FOUND
    return [(row["person_id"], row["reason"]) for row in found.to_pylist()]


def test_who_draws_and_was_not_certified_is_due_by_the_windows_last_day(night):
    assert due(night) == [(1, "2019-05-31")]


def test_evidence_entered_or_reported_closes_it(night):
    assert due(night, [(1, date(2018, 6, 1), "visit")]) == []
    assert due(night, [(1, date(2018, 5, 31), "visit")]) == [(1, "2019-05-31")]


def test_a_line_of_the_list_counts_for_whom_the_night_finds_even_with_a_damaged_number(night):
    damaged = BORN[:-1] + ("1" if BORN[-1] != "1" else "2")
    night.fact(
        "certified", "张三", damaged, event_date=date(2019, 1, 5), source="phone", stated_birth=date(1952, 6, 15)
    )
    assert due(night) == []


@pytest.mark.parametrize(
    ("answer", "other", "is_due"),
    [
        ("resident_here", {}, False),
        ("declined", {}, False),
        ("resident_here", {"verifier": ""}, True),
        ("resident_here", {"second_hand": True}, True),
        ("dead", {}, True),
    ],
)
def test_a_survey_answered_in_person_is_evidence(night, answer, other, is_due):
    night.answer("张三", BORN, answer, event_date=date(2018, 11, 20), **other)
    assert bool(due(night)) == is_due


def test_certifications_change_no_finding_and_no_code(night):
    def results(made: Night) -> list[list[dict[str, Any]]]:
        workspace = made.run()
        return [workspace.read(name).to_pylist() for name in ("person_finding", "roll_finding", "verdict", "link")]

    before = results(night)
    night.fact("certified", "张三", BORN, event_date=date(2019, 1, 5), source="phone")
    assert results(night) == before


def test_only_who_draws_here_is_certified(night):
    for place, (name, status) in enumerate([("李四", "contributing"), ("王五", "paused"), ("赵六", "ended")]):
        number = right_number(f"3206971952061{place}004")
        night.poor(name, number)
        night.line(f"R{place + 2}", name, number, status)
    drawn = right_number("32069719520630006")
    night.enrol(night.poor("钱七", drawn), draws=True)
    night.enrolments[-1]["valid_from"] = date(2018, 5, 1)
    assert due(night) == [(1, "2019-05-31"), (5, "2019-05-31")]


def test_the_rolls_first_month_of_the_benefit_sets_the_first_window(night):
    night.lines[0][-1] = "201807"
    assert due(night) == [], "the first window begins in June 2019"


def test_who_is_disabled_is_visited(night):
    assert due(night, disabled=[1]) == [(1, "2019-05-31 visit")]


def test_who_is_dead_is_not_certified(night):
    night.death("张三", BORN, date(2019, 3, 1))
    assert due(night) == []


def test_before_the_first_list_nobody_is_found(night):
    assert due(night, rules=0) == []


def test_the_reason_and_what_to_do_are_in_words():
    assert "2019-05-31" in reason_words("CERTIFICATION_DUE", "2019-05-31")
    assert reason_words("CERTIFICATION_DUE", "2019-05-31 visit") != reason_words("CERTIFICATION_DUE", "2019-05-31")
    assert [step.begin is not None for step in list_steps("CERTIFICATION_DUE", "2019-05-31")] == [True] * 4
