"""What nights do to cases: opened at a desk with the gap, resolved with it, opened again; people's work stays theirs."""

from datetime import date
from typing import Any

import pytest

from casework.constants import CloseReason, Desk
from casework.models import Case, CaseClosing, CaseEvent, Gap
from casework.selectors.subjects import SubjectKey
from casework.services.cases import add_note, take_case
from casework.services.closing import Document, Evidence, close_case
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import User
from foundation.accounts.services.roles import grant_role
from foundation.primitives.clock import now, today
from foundation.regions.models import Unit
from registry.models import Person
from tests import senders
from tests.plugins.month import DECEMBER, ENROLLED, FEBRUARY, JANUARY, LINES, NOWHERE, send_month
from tests.working_weeks import announce_weeks, weekdays_after

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    announce_weeks(today())
    return december


@pytest.fixture
def clerk(county: Unit) -> Actor:
    user = User.objects.create(username="wang", display_name="王经办")
    return user_actor(
        grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    )


def case_of(name: str) -> Case:
    return Case.objects.get(person__name=name)


def key_of_person(name: str) -> SubjectKey:
    return SubjectKey(person_id=case_of(name).person_id)


def story(case: Case) -> list[tuple[str, str, str, str]]:
    rows = case.case_events.order_by("id")
    return [(row.verb, row.state_before, row.state_after, row.actor_name) for row in rows]


def open_gaps(name: str) -> set[str]:
    return set(Gap.objects.open().filter(person__name=name).values_list("kind", flat=True))


def everything() -> dict[str, Any]:
    return {"cases": sorted(Case.objects.values_list()), "story": CaseEvent.objects.count()}


def test_every_subject_with_a_gap_has_a_case_at_the_desk_of_its_gravest_gap(unfinished_night, county):
    run = unfinished_night.finish()
    subjects = {(gap.person_id, gap.scheme, gap.roll_no) for gap in Gap.objects.open()}
    assert {(case.person_id, case.scheme, case.roll_no) for case in Case.objects.all()} == subjects
    assert run.board["cases"] == {"open_case": len(subjects)}
    case = case_of("孙无")  # UNINSURED before NO_IDENTITY
    assert (case.state, case.owner, case.desk, case.due_on) == ("open", None, "township", weekdays_after(today(), 20))
    event = case.case_events.get()
    assert (event.verb, event.actor_name, event.state_before, event.state_after) == ("open_case", "system", "", "open")
    assert event.detail == {"day": "2018-12-31", "kind": "UNINSURED", "desk": "township", "due_on": f"{case.due_on}"}


def test_the_same_night_again_changes_no_case(unfinished_night, run_county_night):
    unfinished_night.finish()
    before = everything()
    assert run_county_night().board["cases"] == {}
    assert everything() == before


def test_a_case_is_resolved_with_its_last_gap_and_opens_again_with_the_next(
    unfinished_night, run_county_night, tmp_path, take_in, clerk
):
    unfinished_night.finish()
    take_case(actor=clerk, key=key_of_person("王强"), at=now())
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    assert run_county_night(JANUARY).board["cases"]["resolve_case"] == 1
    case = case_of("王强")
    assert (case.state, case.owner_id) == ("resolved", clerk.user_id)
    assert case.closed_at is not None
    send_month(tmp_path, take_in, FEBRUARY, LINES)
    assert run_county_night(FEBRUARY).board["cases"]["reopen_case"] == 1
    case = case_of("王强")
    assert (case.state, case.owner, case.closed_at, case.desk) == ("reopened", None, None, "township")
    assert story(case) == [
        ("open_case", "", "open", "system"),
        ("take_case", "open", "assigned", "wang"),
        ("resolve_case", "assigned", "resolved", "system"),
        ("reopen_case", "resolved", "reopened", "system"),
    ]


def test_a_case_somebody_closed_stays_closed_until_a_newer_gap(unfinished_night, run_county_night, clerk):
    unfinished_night.finish()
    close_case(actor=clerk, key=key_of_person("孙无"), reason=CloseReason.DATA_WRONG, note="told them", at=now())
    assert run_county_night().board["cases"] == {}
    assert case_of("孙无").state == "closed_with_reason"
    Gap.objects.open().filter(person__name="孙无", kind="NO_IDENTITY").update(
        closed_at=now(), closed_on=date(2018, 12, 31)
    )
    assert run_county_night().board["cases"] == {"reopen_case": 1}  # the night found NO_IDENTITY anew
    case = case_of("孙无")
    assert (case.state, case.close_reason, case.closed_at) == ("reopened", "", None)


def test_a_case_follows_its_gravest_gap_to_another_desk_and_keeps_its_owner(unfinished_night, run_county_night, clerk):
    unfinished_night.finish()
    take_case(actor=clerk, key=key_of_person("孙无"), at=now())
    Gap.objects.open().filter(person__name="孙无").update(desk="village", due_on=date(2019, 1, 3))
    assert run_county_night().board["cases"] == {"route_case": 1}
    case = case_of("孙无")
    assert (case.state, case.owner_id, case.desk, case.due_on) == (
        "assigned", clerk.user_id, "village", date(2019, 1, 3),
    )  # fmt: skip
    assert case.case_events.get(verb="route_case").detail["desk"] == "village"


def test_a_case_opened_by_hand_without_a_gap_is_left_to_whoever_opened_it(unfinished_night, run_county_night, clerk):
    unfinished_night.finish()
    insured = Person.objects.get(name="张伟")
    add_note(actor=clerk, key=SubjectKey(person_id=insured.pk), note="asked by telephone", at=now())
    assert run_county_night().board["cases"] == {}
    assert case_of("张伟").state == "open"


def test_whom_one_source_reports_dead_is_proposed_for_enrolment_once_found_alive(
    county, clerk, take_in, tmp_path, run_county_night
):
    """The village verifies; a reviewer's finding, with a document, counts in the next night, and undone no more."""
    take_in(senders.deaths(tmp_path / "死亡_卫健.xlsx", [("卫健", "王强", NOWHERE, "20181203")]), DECEMBER)
    run_county_night()
    assert (open_gaps("王强"), case_of("王强").desk) == ({"DEATH_TO_VERIFY"}, Desk.VILLAGE)
    reviewer = user_actor(
        grant_role(
            actor=None,
            user=User.objects.create(username="li", display_name="李复核"),
            role=Role.COUNTY_REVIEWER,
            unit=county,
            valid_from=date(2018, 1, 1),
        )
    )
    paper = tmp_path / "证明.pdf"
    paper.write_bytes(b"%PDF-1.7 x")
    close_case(
        actor=reviewer,
        key=key_of_person("王强"),
        reason=CloseReason.ALIVE,
        note="seen at home",
        evidence=Evidence("document", date(2018, 12, 20), "村委会证明"),
        document=Document(paper, paper.name),
        at=now(),
    )
    run_county_night()
    assert (open_gaps("王强"), case_of("王强").state) == ({"UNINSURED"}, "reopened")
    CaseClosing.objects.update(undone_at=now(), undone_by="li")
    run_county_night()
    assert open_gaps("王强") == {"DEATH_TO_VERIFY"}
