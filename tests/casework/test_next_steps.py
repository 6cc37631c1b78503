"""What to do now: every kind of gap has steps, whose they are, which of them a reader may begin, and where."""

import re

import pytest
from django.utils import translation

from casework.constants import CloseReason, GapKind
from casework.next_steps import EXEMPTIONS, STEPS, NextStep, list_steps
from casework.presenters.case_panel import case_panel
from casework.presenters.gaps import shown_gap
from casework.presenters.next_steps import StepsOfGap, shown_steps
from casework.selectors.subjects import SubjectKey
from coverage.constants import DeskReason, Verdict
from coverage.next_steps import STEPS as STEPS_OF_COVERAGE
from coverage.presenters.gap_reasons import GAP_REASONS
from enrollment.next_steps import STEPS as STEPS_OF_ENROLLMENT
from foundation.accounts.doors import may_open
from foundation.accounts.permissions import Action
from payments.next_steps import STEPS as STEPS_OF_PAYMENTS
from tests.named_world import NOW

pytestmark = pytest.mark.usefixtures("in_english")
EVERY_STEP = [
    (kind, step)
    for steps_of_app in (STEPS, STEPS_OF_COVERAGE, STEPS_OF_ENROLLMENT, STEPS_OF_PAYMENTS)
    for (kind, _reason), steps in steps_of_app.items()
    for step in steps
]


@pytest.fixture
def in_english():
    """Say the words in English, whatever language a test before has left active."""
    with translation.override("en"):
        yield


def steps_for(world, who: str, gap) -> list[StepsOfGap]:
    actor = world.actor(who)
    key = (
        SubjectKey(person_id=gap.person_id)
        if gap.person_id
        else SubjectKey(None, gap.county_id, gap.scheme, gap.roll_no)
    )
    panel = case_panel(actor, key, None, NOW, [gap.kind])
    return shown_steps(actor, [shown_gap(gap, NOW)], panel)


@pytest.mark.parametrize("kind", list(GapKind))
def test_every_kind_of_gap_has_a_step(kind):
    assert (kind, "") in STEPS
    steps = list_steps(kind, "a reason nobody knows")
    assert steps
    assert steps[0].text


@pytest.mark.parametrize(("kind", "reason"), STEPS_OF_COVERAGE)
def test_a_reason_with_steps_of_its_own_is_one_that_is_found(kind, reason):
    assert reason in {*DeskReason.values, *GAP_REASONS}
    applications = STEPS_OF_ENROLLMENT.get((kind, reason), ())
    assert list_steps(kind, reason) == [*applications, *STEPS_OF_COVERAGE[kind, reason]]


def test_who_is_undecided_is_decided_before_anybody_is_visited():
    first, *_rest = list_steps(GapKind.UNINSURED, DeskReason.UNDECIDED)
    assert first.action == Action.DECIDE_PAIR
    assert list_steps(GapKind.UNINSURED, DeskReason.NEVER_ENROLLED)[0].action == Action.PREPARE_APPLICATION


def test_the_exemptions_are_the_codes_of_the_survey_list_each_with_a_reason_to_close():
    assert [each.code for each in EXEMPTIONS] == sorted(code for code in Verdict.values if code.startswith("0-20"))
    assert {each.code: each.label for each in EXEMPTIONS} == {
        code: Verdict(code).label for code in Verdict.values if code[0] == "0"
    }
    insured = {"0-200", "0-201", "0-202", "0-208"}
    assert {each.code for each in EXEMPTIONS if each.reason == CloseReason.INSURED_ELSEWHERE} == insured
    assert [each.code for each in EXEMPTIONS if each.reason == CloseReason.DEAD] == ["0-207"]
    assert all(each.needed for each in EXEMPTIONS)


@pytest.mark.parametrize(("kind", "step"), EVERY_STEP, ids=lambda each: str(getattr(each, "text", each))[:40])
def test_a_page_that_begins_a_step_opens_for_who_may_do_it(world, kind, step):
    person = None if kind == GapKind.DATA_STALE else world.person("张三")
    line = {"scheme": "feed", "roll_no": "deaths"} if person is None else {}
    gap = world.gap(person, kind, **line)
    address = step.begin.address(gap)
    if address.startswith("#"):
        assert re.fullmatch(r"#(case|note|ask|close|number-on-card)", address)
    else:
        doers = {
            Action.FILE_REPORT: "village",
            Action.RECEIVE_DELIVERY: "clerk_a",
            Action.PREPARE_BATCH: "clerk_a",
            Action.PREPARE_APPLICATION: "village",
        }
        actor = world.actor(doers.get(step.action, "reviewer_a"))
        assert actor.may(step.action)
        assert may_open(actor, address)


def test_a_step_of_another_is_named_with_who_does_it_and_without_a_link(world):
    gap = world.gap(world.person("张三"), GapKind.NOT_FOUND)
    for who, mine in (("clerk_a", False), ("reviewer_a", True)):
        close = steps_for(world, who, gap)[0].steps[-1]
        assert (close.is_mine, bool(close.address)) == (mine, mine), who
        assert close.who == "County reviewer"


def test_the_village_may_report_and_nothing_else(world):
    gap = world.gap(world.person("张三"), GapKind.DEATH_TO_VERIFY)
    steps = steps_for(world, "village", gap)[0].steps
    assert [step.address for step in steps if step.is_mine] == [f"/village/persons/{gap.person_id}/"]
    assert not [step.address for step in steps if not step.is_mine and step.address]


def test_a_form_the_reader_is_not_shown_is_no_link(world):
    """A payment at stake: a clerk is shown no form to close with, and no step leads to one."""
    gap = world.gap(world.person("张三"), GapKind.DRAWING_AFTER_DEATH)
    assert "#close" not in [step.address for step in steps_for(world, "clerk_a", gap)[0].steps]
    assert "#close" in [step.address for step in steps_for(world, "reviewer_a", gap)[0].steps]


def test_the_same_steps_are_shown_once_and_a_settled_gap_needs_none(world):
    person = world.person("张三")
    gaps = [world.gap(person, GapKind.UNINSURED, "cannot_be_found"), world.gap(person, GapKind.NOT_FOUND)]
    actor = world.actor("clerk_a")
    panel = case_panel(actor, SubjectKey(person_id=person.pk), None, NOW, [gap.kind for gap in gaps])
    shown = shown_steps(actor, [shown_gap(gap, NOW) for gap in gaps], panel)
    assert [each.label for each in shown] == ["Uninsured"]
    assert shown_steps(actor, [shown_gap(gaps[0], NOW, settled="closed")], panel) == []


def test_the_desk_is_the_gaps_own_where_the_step_names_none(world):
    gap = world.gap(world.person("张三"), GapKind.UNINSURED, desk="township", due_on=NOW.date())
    (shown,) = steps_for(world, "clerk_a", gap)
    assert shown.steps[0].who == "Township office"
    assert (shown.due_on, shown.is_overdue) == (NOW.date(), False)
    assert isinstance(list_steps(gap.kind, "")[0], NextStep)
