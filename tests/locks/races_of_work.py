"""Races of nights, cases, matches and merges."""

from __future__ import annotations

from uuid import uuid4

from django.db import connection, transaction

from casework.constants import GapKind, QuestionState
from casework.models import Answer, Case, Question
from casework.services.assigning import assign_cases, undo_assignment
from casework.services.cases import release_case, take_case
from casework.services.closing import close_case, undo_closing
from casework.services.questions import Asked, answer_question, ask_back, ask_village, mark_answers_seen
from casework.services.routing import route_cases
from casework.services.village_reports import handle_report
from coverage.models import PatternDecision
from coverage.services.decisions import decide_pair, undo_decision
from coverage.services.pattern_decisions import propose_pattern, withdraw_pattern
from foundation.accounts.constants import Role
from nightly.services import cancel_night, request_night
from registry.models import Person
from registry.services.merging import decide_proposal, merge_persons, undo_merge, undo_proposal
from tests.locks.making import Made
from tests.locks.meetings import Meeting, both_same, second_refused, shows, twice
from tests.locks.racing import Act, Pause
from tests.named_world import AS_OF, NOW


@shows("nightly/services.py::request_night")
def two_ask_for_a_night(made: Made) -> Meeting:
    county = made.county()
    actor = made.actor(Role.COUNTY_CLERK, county)
    ask = lambda: request_night(actor=actor, county=county, as_of=AS_OF, at=NOW)  # noqa: E731
    return Meeting(ask, ask, both_same)


@shows("nightly/services.py::cancel_night")
def two_cancel_a_night(made: Made) -> Meeting:
    county = made.county()
    actor = made.actor(Role.COUNTY_CLERK, county)
    run = request_night(actor=actor, county=county, as_of=AS_OF, at=NOW)
    return twice(lambda: cancel_night(actor=actor, run_id=run.pk, at=NOW), "conflict")


@shows("casework/services/cases.py::_lock")
def two_clerks_take_a_case(made: Made) -> Meeting:
    key = made.subject()
    take_case(actor=made.clerk, key=key, at=NOW)
    release_case(actor=made.clerk, key=key, at=NOW)
    return Meeting(
        lambda: take_case(actor=made.clerk, key=key, at=NOW),
        lambda: take_case(actor=made.colleague, key=key, at=NOW),
        second_refused("case_taken"),
    )


@shows("casework/services/routing.py::module")
def a_night_routes_the_cases_a_clerk_takes(made: Made) -> Meeting:
    """Both lock cases in the order of their ids; otherwise each would wait for the other, and one be broken off."""
    county = made.county()
    persons = [made.world.person("张三", county=county, unit=county) for _each in range(2)]
    cases = []
    for person in reversed(persons):
        made.world.gap(person, GapKind.UNINSURED, desk="township")
        cases.append(Case.objects.create(county=county, unit=county, person=person, opened_at=NOW))
    Case.objects.filter(pk=cases[0].pk).update(
        unit=None
    )  # last now in the table, as it is by person: so a night would go

    def take(pause: Pause) -> None:
        with transaction.atomic():
            for case in cases:
                list(Case.objects.select_for_update().filter(pk=case.pk))
                if not pause.reached.is_set():
                    pause()

    def route() -> dict[str, int]:
        with transaction.atomic(), connection.cursor() as cursor:
            return route_cases(cursor, county=county, day=AS_OF, at=NOW)

    return Meeting(take, route, lambda outcome: outcome.second == {"route_case": 2} and not outcome.refused, True)


@shows("casework/services/assigning.py::undo_assignment", "casework_assignment")
def two_undo_an_assignment(made: Made) -> Meeting:
    act, _left = assign_cases(
        actor=made.clerk, keys=[made.subject()], assignee_id=made.world.users["colleague_a"].pk, at=NOW
    )
    return twice(lambda: undo_assignment(actor=made.clerk, assignment_id=act.pk, at=NOW), "too_late")


@shows("casework/services/assigning.py::undo_assignment", "casework_case")
def an_assignment_is_undone_while_its_owner_closes_the_case(made: Made) -> Meeting:
    key = made.subject()
    act, _left = assign_cases(actor=made.clerk, keys=[key], assignee_id=made.world.users["colleague_a"].pk, at=NOW)
    return Meeting(
        lambda: close_case(actor=made.colleague, key=key, reason="no_action_needed", note="核实办结", at=NOW),
        lambda: undo_assignment(actor=made.clerk, assignment_id=act.pk, at=NOW),
        second_refused("case_moved_on"),
    )


@shows("casework/services/closing.py::undo_closing")
def two_undo_a_closing(made: Made) -> Meeting:
    key = made.subject()
    close_case(actor=made.clerk, key=key, reason="no_action_needed", note="核实办结", at=NOW)
    closing = made.case(key).closings.get()
    return twice(lambda: undo_closing(actor=made.clerk, closing_id=closing.pk, at=NOW), "too_late")


@shows("casework/services/closing.py::_lock_in_reach")
def a_closing_is_undone_while_a_colleague_takes_the_case(made: Made) -> Meeting:
    key = made.subject()
    close_case(actor=made.clerk, key=key, reason="no_action_needed", note="核实办结", at=NOW)
    closing = made.case(key).closings.get()
    return Meeting(
        lambda: take_case(actor=made.colleague, key=key, at=NOW),
        lambda: undo_closing(actor=made.clerk, closing_id=closing.pk, at=NOW),
        second_refused("case_moved_on"),
    )


@shows("coverage/services/decisions.py::_locked")
def two_clerks_decide_a_match(made: Made) -> Meeting:
    link = made.link()
    return Meeting(
        lambda: decide_pair(actor=made.clerk, link_id=link.pk, decision="same", note="家访核实", at=NOW),
        lambda: decide_pair(actor=made.colleague, link_id=link.pk, decision="not_same", note="", at=NOW),
        second_refused("already_decided"),
    )


@shows("coverage/services/decisions.py::undo_decision")
def two_undo_a_decision(made: Made) -> Meeting:
    decision = made.decision()
    return twice(lambda: undo_decision(actor=made.clerk, decision_id=decision.pk, at=NOW), "not_current")


@shows("coverage/services/pattern_decisions.py::propose_pattern")
def two_propose_a_pattern(made: Made) -> Meeting:
    PatternDecision.objects.filter(state="proposed").update(state="withdrawn", ended_by="x", ended_at=NOW)
    decided, waiting = made.link(), made.link()
    decide_pair(actor=made.clerk, link_id=decided.pk, decision="not_same", note="", at=NOW)
    pattern = f"resident|name_village|{waiting.comparison_vector}"
    return twice(lambda: propose_pattern(actor=made.clerk, pattern=pattern, note="", at=NOW), "already_proposed")


@shows("coverage/services/pattern_decisions.py::_locked")
def two_withdraw_a_pattern(made: Made) -> Meeting:
    pattern = made.pattern()
    return twice(lambda: withdraw_pattern(actor=made.clerk, pattern_id=pattern.pk, at=NOW), "pattern_state")


@shows("registry/services/merging.py::decide_proposal")
def two_decide_a_possible_duplicate(made: Made) -> Meeting:
    proposal = made.proposal()
    act = lambda: decide_proposal(  # noqa: E731
        actor=made.reviewer, proposal_id=proposal.pk, same=False, reason="不同", at=NOW
    )
    return twice(act, "already_decided")


@shows("registry/services/merging.py::undo_proposal")
def two_undo_a_decision_on_a_possible_duplicate(made: Made) -> Meeting:
    proposal = made.proposal()
    decide_proposal(actor=made.reviewer, proposal_id=proposal.pk, same=False, reason="不同", at=NOW)
    return twice(lambda: undo_proposal(actor=made.reviewer, proposal_id=proposal.pk, at=NOW), "not_decided")


@shows("registry/services/merging.py::undo_merge")
def two_undo_a_merge(made: Made) -> Meeting:
    merge = merge_persons(
        actor=made.reviewer, kept_id=made.person().pk, absorbed_id=made.person().pk, reason="同一人", at=NOW
    )
    return twice(lambda: undo_merge(actor=made.reviewer, merge_id=merge.pk, at=NOW), "conflict")


@shows("registry/services/merging.py::_lock_merges")
def two_merges_that_form_a_chain(made: Made) -> Meeting:
    first, second, third = made.person(), made.person(), made.person()

    def merge(kept: Person, absorbed: Person) -> Act:
        return lambda: merge_persons(
            actor=made.reviewer, kept_id=kept.pk, absorbed_id=absorbed.pk, reason="同一人", at=NOW
        )

    return Meeting(merge(first, second), merge(second, third), second_refused("conflict"))


@shows("casework/services/questions.py::_lock_reviews")
def a_village_is_asked_back_while_its_report_is_dealt_with(made: Made) -> Meeting:
    """Whatever the report was asked about is withdrawn when it ends: no village answers for nothing."""
    report = made.report()
    return Meeting(
        lambda: ask_back(actor=made.clerk, report_id=report.pk, text="谁说的", at=NOW),
        lambda: handle_report(actor=made.colleague, report_id=report.pk, outcome="accepted", note="", at=NOW),
        lambda outcome: not outcome.refused and Question.objects.get(report=report).state == QuestionState.WITHDRAWN,
    )


@shows("casework/services/questions.py::mark_answers_seen")
def answers_are_marked_as_read_while_another_arrives(made: Made) -> Meeting:
    """The answer that came meanwhile stays new."""
    question = ask_village(actor=made.clerk, asked=[Asked(made.subject(), "在家吗")], at=NOW)[0]

    def answer(who: str) -> Answer:
        return answer_question(
            actor=made.world.actor(who), question_id=question.pk, uuid=uuid4(), value="yes", note="", at=NOW
        )

    shown = answer("village")
    return Meeting(
        lambda: answer("township"),
        lambda: mark_answers_seen(actor=made.clerk, answer_ids=[shown.pk], at=NOW),
        lambda outcome: outcome.second == 0 and Question.objects.get(pk=question.pk).seen_at is None,
    )
