"""A county's nights: what one publishes, that the next changes only what changed, gaps that age, steps that die and go on."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from casework.services import opening_gaps
from coverage.models import CoverageVerdict, Finding, Link
from coverage.services import publishing
from enrollment.models import Application, Enrollment
from foundation.jobs.long_work import RunState
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from nightly import services
from nightly.models import MonthFigure, NightRun, NightStep
from nightly.services import request_night, run_night
from nightly.steps import STEPS
from registry.models import Person
from tests import senders
from tests.plugins.month import DECEMBER, ENROLLED, FEBRUARY, HERE, JANUARY, LINES, WorkerDied, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]

BELIEFS = (Link, Finding, CoverageVerdict)
DAY = date(2018, 12, 31)
GAPS = {
    ("李芳", "", "DUE_NOT_DRAWING", "contributing", DAY),
    ("王强", "", "UNINSURED", "never_enrolled", DAY),
    ("孙无", "", "UNINSURED", "no_number", DAY),
    ("孙无", "", "NO_IDENTITY", "no_number", DAY),
    ("赵老", "", "DRAWING_AFTER_DEATH", "2018-11-05", DAY),
    ("路人甲", "R5", "STOP_DUE", "2018-12-06", DAY),
    ("路人乙", "R6", "DUPLICATE_BENEFIT", "twice_on_roll", DAY),
    ("路人乙", "R7", "DUPLICATE_BENEFIT", "twice_on_roll", DAY),
}


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


def results() -> dict[str, set[tuple[Any, ...]]]:
    """Return the current results, without ids and moments: two nights with the same results are equal here."""
    return {
        "links": set(Link.objects.as_known().values_list("person__name", "roll_no", "rule", "action", "status")),
        "verdicts": set(
            CoverageVerdict.objects.as_known().values_list(
                "person__name", "verdict", "e1_column", "desk_reason", "drawing"
            )
        ),
        "findings": set(Finding.objects.as_known().values_list("person__name", "roll_no", "kind", "evidence_class")),
        "gaps": set(Gap.objects.open().values_list("subject_name", "roll_no", "kind", "reason", "opened_on")),
    }


def test_a_first_night(run_county_night):
    run = run_county_night()
    assert run.state == RunState.DONE
    first = results()
    assert {(name, verdict, desk) for name, verdict, _, desk, _ in first["verdicts"]} == {
        ("张伟", "1-011", "contributing"),
        ("李芳", "1-011", "contributing"),
        ("王强", "GAP", "never_enrolled"),
        ("赵老", "0-207", "dead"),
        ("钱小", "U16", "under_16"),
        ("孙无", "GAP", "no_number"),
    }
    assert first["gaps"] == GAPS
    assert run.board["verdicts"] == {"0-207": 1, "1-011": 2, "GAP": 2, "U16": 1}
    assert run.board["open"] == run.board["opened"]
    assert run.board["open"]["DUPLICATE_BENEFIT"] == 2
    assert run.board["closed"] == {}
    assert set(run.inputs) == {"poverty", "dibao", "resident", "deaths", "prison"}
    assert [step.state for step in run.steps.all()] == [RunState.DONE] * len(STEPS)


def test_a_night_stores_the_figures_of_its_month_with_what_it_publishes(run_county_night, county):
    run = run_county_night()
    here = dict(MonthFigure.objects.filter(unit=county).values_list("measure", "count"))
    assert here["all_registered"] == sum(run.board["verdicts"].values())
    assert {name.removeprefix("gap_"): count for name, count in here.items() if name.startswith("gap_")} == run.board[
        "open"
    ]
    assert set(MonthFigure.objects.values_list("month", "as_of_date")) == {
        (run.as_of_date.replace(day=1), run.as_of_date)
    }


def test_a_gap_of_a_roll_line_lies_with_its_village(unfinished_night, county):
    unfinished_night.finish()
    assert {gap.unit.code for gap in Gap.objects.filter(roll_no="R5") if gap.unit} == {senders.VILLAGE}


def test_a_second_night_over_the_same_files_changes_nothing(unfinished_night, run_county_night):
    unfinished_night.finish()
    rows = {table: set(table.objects.values_list("pk", "superseded_at")) for table in BELIEFS}
    gaps = set(Gap.objects.values_list("pk", "opened_at", "closed_at"))
    second = run_county_night()
    assert {table: set(table.objects.values_list("pk", "superseded_at")) for table in BELIEFS} == rows
    assert set(Gap.objects.values_list("pk", "opened_at", "closed_at")) == gaps
    assert (second.board["opened"], second.board["closed"], second.board["changed"]) == ({}, {}, [])


def test_a_gap_keeps_its_age_closes_when_it_is_gone_and_opens_again(
    unfinished_night, run_county_night, tmp_path, take_in
):
    def uninsured(name: str) -> list[tuple[date, date | None]]:
        rows = Gap.objects.filter(kind="UNINSURED", subject_name=name).order_by("pk")
        return [(gap.opened_on, gap.closed_on) for gap in rows]

    unfinished_night.finish()
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    january = run_county_night(JANUARY)
    assert uninsured("孙无") == [(date(2018, 12, 31), None)]
    assert uninsured("王强") == [(date(2018, 12, 31), date(2019, 1, 31))]
    assert {"was": "GAP", "now": "1-011", "persons": 1} in january.board["changed"]
    assert january.board["closed"]["UNINSURED"] == 1
    send_month(tmp_path, take_in, FEBRUARY, LINES)
    run_county_night(FEBRUARY)
    assert uninsured("王强") == [(date(2018, 12, 31), date(2019, 1, 31)), (date(2019, 2, 28), None)]


def test_earlier_results_are_superseded_never_changed(unfinished_night, run_county_night, tmp_path, take_in):
    unfinished_night.finish()
    before = set(CoverageVerdict.objects.values_list("pk", "person_id", "verdict"))
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    run_county_night(JANUARY)
    assert before <= set(CoverageVerdict.objects.values_list("pk", "person_id", "verdict"))
    wang = CoverageVerdict.objects.filter(person__name="王强").order_by("pk")
    assert [(row.verdict, row.superseded_at is None) for row in wang] == [("GAP", False), ("1-011", True)]


def test_a_night_of_an_earlier_day_does_not_read_later_files(unfinished_night, run_county_night, tmp_path, take_in):
    unfinished_night.finish()
    first = results()
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    run_county_night()
    assert results() == first


def test_a_night_ends_an_enrolment_of_ours_that_its_roll_ended(
    unfinished_night, run_county_night, tmp_path, take_in, county
):
    unfinished_night.finish()
    person = Person.objects.get(name="张伟")
    application = Application.objects.create(
        county=county, person=person, kind="register", channel="county", content_hash="0" * 64, opened_at=now()
    )
    Enrollment.objects.create(
        county=county, person=person, application=application, draws=False, books="portal", valid_from=DAY, recorded_at=now()
    )  # fmt: skip
    ParameterValue.objects.filter(name="enrolment_rolls_awaited").update(value=1)
    ended = [senders.resident_row("R1", "张伟", HERE, "ended"), *LINES[1:]]
    send_month(tmp_path, take_in, JANUARY, ended)
    run_county_night(JANUARY)
    current = Enrollment.objects.get(person=person, superseded_at=None)
    assert (current.valid_from, current.valid_to) == (DAY, date(2019, 1, 31))
    assert current.ended_by is not None
    assert (current.ended_by.kind, current.ended_by.evidence["value"]) == ("resident", "4/3")


def die(*_: object, **__: object) -> None:
    raise WorkerDied


def step_that_dies(name: str) -> dict[str, Any]:
    return {step: die if step == name else work for step, work in STEPS.items()}


@pytest.mark.parametrize("name", [name for name in STEPS if name not in {"pin_inputs", "publish"}])
def test_a_night_killed_in_a_step_goes_on_from_there(county, as_system, monkeypatch, name):
    asked = request_night(actor=as_system, county=county, as_of=date(2018, 12, 31))
    with monkeypatch.context() as patch:
        patch.setattr(services, "STEPS", step_that_dies(name))
        with pytest.raises(WorkerDied):
            run_night(asked.pk)
    assert not CoverageVerdict.objects.exists()
    done_before = set(NightStep.objects.filter(run=asked, state=RunState.DONE).values_list("name", "seconds"))
    resumed = run_night(asked.pk)
    assert resumed is not None
    assert resumed.state == RunState.DONE
    assert done_before <= set(NightStep.objects.filter(run=asked).values_list("name", "seconds"))
    assert results()["gaps"] == GAPS


KILLED_PUBLISHING = [
    *((publishing, name) for name in ("_links", "_changed_codes", "_make_current", "_counted")),
    (opening_gaps, "_routes"),
    (opening_gaps, "_counted"),
]


@pytest.mark.parametrize("name", KILLED_PUBLISHING, ids=lambda place: place[1])
def test_a_night_killed_while_publishing_has_published_nothing(unfinished_night, county, monkeypatch, name):
    asked = unfinished_night.put_back()
    with monkeypatch.context() as patch:
        patch.setattr(*name, die)
        with pytest.raises(WorkerDied):
            run_night(asked.pk)
    assert not any(table.objects.exists() for table in (*BELIEFS, Gap))
    assert NightRun.objects.get().state == RunState.RUNNING
    resumed = run_night(asked.pk)
    assert resumed is not None
    assert resumed.state == RunState.DONE
    assert results()["gaps"] == GAPS


def test_gaps_are_opened_the_gravest_first(unfinished_night, county):
    unfinished_night.finish()
    ranks = list(Gap.objects.order_by("id").values_list("rank", flat=True))
    assert ranks == sorted(ranks)
    assert ranks == [GAP_RANK[GapKind(kind)] for kind in Gap.objects.order_by("id").values_list("kind", flat=True)]
    assert len(set(ranks)) > 2


def test_asking_twice_is_asking_once(county, as_system):
    first = request_night(actor=as_system, county=county, as_of=date(2018, 12, 31))
    assert request_night(actor=as_system, county=county, as_of=date(2019, 1, 31)) == first
    assert NightStep.objects.count() == len(STEPS)


def test_a_night_that_is_over_is_not_run_again(unfinished_night, county):
    assert run_night(unfinished_night.finish().pk) is None


def test_decrypted_numbers_lie_only_in_the_nights_folder_and_go_with_it(county, as_system):
    asked = request_night(actor=as_system, county=county, as_of=date(2018, 12, 31))
    folder = settings.DATA_DIR / "nights" / str(asked.pk)
    seen: list[int] = []
    left = folder.parent / "999999"
    left.mkdir(parents=True)
    run_night(asked.pk, on_step=lambda _: seen.append(folder.stat().st_mode & 0o777))
    assert set(seen) == {0o700}
    assert not folder.exists()
    assert not left.exists()
    assert HERE not in str(list(Gap.objects.values())) + str(list(Finding.objects.values())) + str(
        NightRun.objects.get().board
    )


def test_the_command_prints_steps_and_board(county, capsys):
    call_command("nightly", county="320682", as_of=date.fromisoformat(DECEMBER))
    printed = capsys.readouterr().out
    for name in STEPS:
        assert name in printed
    assert "DUPLICATE_BENEFIT" in printed
    assert "1-011" in printed


def test_the_command_does_not_run_another_days_night(county, as_system):
    request_night(actor=as_system, county=county, as_of=date(2018, 11, 30))
    with pytest.raises(CommandError, match="2018-11-30"):
        call_command("nightly", county="320682", as_of=date.fromisoformat(DECEMBER))
