"""Questions to a village: who asks, a copy of what it rests on, answers that differ side by side, back to whoever asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.constants import CaseState, GapKind
from casework.models import Answer, Case, Gap, Question
from casework.selectors.questions import (
    count_questions_for,
    list_answers_for,
    list_open_questions,
    list_own_questions,
    list_questions_of,
)
from casework.selectors.subjects import SubjectKey
from casework.services.cases import add_note, take_case
from casework.services.questions import Asked, answer_question, ask_village, mark_answers_seen, withdraw_question
from coverage.models import MatchDecision
from coverage.selectors.possible_matches import MatchFilter, list_card_links, list_undecided_matches
from coverage.services.decisions import decide_pair, undo_decision
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from tests.named_world import NOW, World, days_later
from tests.possible_matches import namesake


@pytest.fixture
def person(world):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return person


@pytest.fixture
def key(person):
    return SubjectKey(person_id=person.pk)


def ask(world: World, key: SubjectKey, who: str = "clerk_a", text: str = "还在村里吗") -> Question:
    return ask_village(actor=world.actor(who), asked=[Asked(key, text)], at=NOW)[0]


def answer(
    world: World, question: Question, value: str, who: str = "village", uuid: UUID | None = None, note: str = ""
):
    return answer_question(
        actor=world.actor(who), question_id=question.pk, uuid=uuid or uuid4(), value=value, note=note, at=NOW
    )


def test_a_question_names_who_asks_whom_about_what_with_a_copy_of_the_evidence(world, key):
    question = ask(world, key)
    gap = Gap.objects.get()
    assert (question.unit, question.person_id, question.gap, question.state) == (
        world.village,
        key.person_id,
        gap,
        "open",
    )
    assert (question.asked_by, question.asked_by_name, question.asked_role) == (
        world.users["clerk_a"],
        "clerk_a",
        "county_clerk",
    )
    Gap.objects.update(reason="no_number")
    question.refresh_from_db()
    assert question.evidence == [{"term": "gap", "text": "UNINSURED", "reason": "never_enrolled"}]
    assert question.due_on == Case.objects.get().waiting_until
    with pytest.raises(Error, match="question"), transaction.atomic():
        Question.objects.update(text="another")
    with pytest.raises(Error, match="question"), transaction.atomic():
        Question.objects.all().delete()


def test_a_question_needs_words_and_keeps_no_number(world, key):
    with pytest.raises(BadInput):
        ask(world, key, text=" ")
    assert "13812345678" not in ask(world, key, text="打 13812345678 问").text


def test_a_stranger_of_a_roll_is_asked_about_too(world):
    world.gap(None, GapKind.STOP_DUE, roll_no="R9")
    line = SubjectKey(None, world.county_a.pk, "resident", "R9")
    question = ask(world, line)
    answer(world, question, "no")
    assert [each.pk for each in list_questions_of(world.actor("clerk_a"), [line])] == [question.pk]
    assert Case.objects.get().state == CaseState.OPEN


def test_the_answer_frees_the_case_and_is_new_to_whoever_asked(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    question = ask(world, key)
    assert count_questions_for(world.actor("village"), today=NOW.date()).to_answer == 1
    given = answer(world, question, "yes", note="在家")
    case = Case.objects.get()
    assert (case.state, case.owner) == (CaseState.IN_PROGRESS, world.users["clerk_a"])
    event = case.case_events.order_by("-id")[0]
    assert (event.verb, event.note, event.detail) == (
        "answer_village",
        "在家",
        {"question": question.pk, "answer": "yes"},
    )
    asker = world.actor("clerk_a")
    assert [each.pk for each in list_answers_for(asker)] == [question.pk]
    assert count_questions_for(asker, today=NOW.date()).new_answers == 1
    assert not list_open_questions(world.actor("village"))
    assert not list_answers_for(world.actor("colleague_a")).exists()
    assert mark_answers_seen(actor=world.actor("colleague_a"), answer_ids=[given.pk], at=NOW) == 0
    assert mark_answers_seen(actor=asker, answer_ids=[given.pk], at=NOW) == 1
    assert not list_answers_for(asker).exists()
    assert list_own_questions(asker).count() == 1
    assert AuditEvent.objects.get(verb="answer_question").detail == {"question": question.pk, "answer": "yes"}


def test_two_answers_that_differ_both_stay_and_the_second_is_new_again(world, key):
    question = ask(world, key)
    first = answer(world, question, "yes")
    asker = world.actor("clerk_a")
    mark_answers_seen(actor=asker, answer_ids=[first.pk], at=NOW)
    second = answer(world, question, "no", who="township", note="邻居说已去世")
    assert mark_answers_seen(actor=asker, answer_ids=[first.pk], at=NOW) == 0, "the second came after the page was made"
    shown = list_answers_for(world.actor("clerk_a"))[0]
    assert [(each.value, each.answered_by) for each in shown.answers.all()] == [("yes", "village"), ("no", "township")]
    assert mark_answers_seen(actor=asker, answer_ids=[first.pk, second.pk], at=NOW) == 1
    with pytest.raises(Error, match="answer"), transaction.atomic():
        Answer.objects.update(value="no")


def test_an_answer_sent_again_is_one_and_its_id_is_nobody_elses(world, key):
    question, uuid = ask(world, key), uuid4()
    assert answer(world, question, "yes", uuid=uuid) == answer(world, question, "yes", uuid=uuid)
    assert Answer.objects.get().value == "yes"
    for value, who in (("no", "village"), ("yes", "township")):
        with pytest.raises(Conflict) as refusal:
            answer(world, question, value, who=who, uuid=uuid)
        assert refusal.value.code == "answer_id_taken"


def test_who_may_ask_answer_and_withdraw(world, key):
    with pytest.raises(NotAllowed):
        ask(world, key, who="village")
    with pytest.raises(NotFound):
        ask(world, key, who="clerk_b")
    question = ask(world, key)
    with pytest.raises(NotAllowed):
        answer(world, question, "yes", who="supervisor")
    with pytest.raises(NotFound):
        answer(world, question, "yes", who="clerk_b")
    with pytest.raises(BadInput):
        answer(world, question, "perhaps")
    for who, error in (("village", NotAllowed), ("colleague_a", NotAllowed), ("clerk_b", NotFound)):
        with pytest.raises(error):
            withdraw_question(actor=world.actor(who), question_id=question.pk, at=NOW)
    withdraw_question(actor=world.actor("reviewer_a"), question_id=question.pk, at=NOW)


def test_a_withdrawn_question_frees_the_case_and_takes_no_answer(world, key):
    question = ask(world, key)
    withdraw_question(actor=world.actor("clerk_a"), question_id=question.pk, at=NOW)
    assert Case.objects.get().state == CaseState.OPEN
    with pytest.raises(Conflict) as refusal:
        answer(world, question, "yes")
    assert refusal.value.code == "question_withdrawn"
    answered = ask(world, key)
    answer(world, answered, "yes")
    with pytest.raises(Conflict) as refusal:
        withdraw_question(actor=world.actor("clerk_a"), question_id=answered.pk, at=NOW)
    assert refusal.value.code == "question_not_open"


def test_a_case_waits_while_another_question_is_open_or_for_somebody_else(world, key):
    first, second = ask(world, key), ask(world, key, text="有电话吗")
    answer(world, first, "yes")
    assert Case.objects.get().state == CaseState.WAITING_OUTSIDE
    answer(world, second, "no")
    assert Case.objects.get().state == CaseState.OPEN
    third = ask(world, key)
    clerk = world.actor("clerk_a")
    Case.objects.filter(person=key.person_id).proceed(CaseState.OPEN)
    add_note(actor=clerk, key=key, note="公安核实", state="waiting_outside", at=days_later(1))
    answer(world, third, "yes")
    assert Case.objects.get().state == CaseState.WAITING_OUTSIDE, "it waits for the police"


def test_asking_many_takes_the_statements_of_asking_one(world):
    keys = [SubjectKey(person_id=world.person(namesake(place)).pk) for place in range(1, 12)]
    counts = []
    for chosen in (keys[:1], keys[1:]):
        with CaptureQueriesContext(connection) as captured:
            ask_village(actor=world.actor("clerk_a"), asked=[Asked(each, "在吗") for each in chosen], at=NOW)
        counts.append(len(captured))
    assert counts[0] == counts[1]


class TestOfAPossibleMatch:
    """The question of a pair: created by the decision, back on the list with the answer, withdrawn when it is decided otherwise."""

    @pytest.fixture
    def link(self, world, pairs):
        return pairs.link(world.person(namesake(1)), "R1", "name_village")

    def decide(self, world: World, link: Any, decision: str, note: str = "") -> Any:
        return decide_pair(actor=world.actor("clerk_a"), link_id=link.pk, decision=decision, note=note, at=NOW)

    def waiting(self, world: World, state: str = "") -> list[int]:
        return [each.link_id for each in list_undecided_matches(world.actor("clerk_a"), MatchFilter(state=state))]

    def test_it_copies_the_roll_line_and_comes_back_with_the_answer(self, world, link):
        decision = self.decide(world, link, "ask_village")
        question = decision.question
        facts = {each["term"]: each["text"] for each in question.evidence}
        assert (facts["roll_no"], question.roll_name, facts["birth_date"]) == ("R1", namesake(1), "1980-01-01")
        assert namesake(1) not in str(question.evidence), "names stand in columns that are names"
        assert (self.waiting(world), self.waiting(world, "asked")) == ([], [link.pk])
        answer(world, question, "yes", note="是他")
        assert (self.waiting(world), self.waiting(world, "asked")) == ([link.pk], [])
        shown: Any = list_card_links(world.actor("clerk_a"), [link.pk])[0]
        assert shown.before["question"] == question.pk

    def test_each_pair_of_one_person_is_a_question_of_its_own(self, world, pairs, link):
        other = pairs.link(link.person, "R2", "name_village")
        first, second = (
            self.decide(world, link, "ask_village").question,
            self.decide(world, other, "ask_village").question,
        )
        answer(world, first, "no")
        assert self.waiting(world) == [link.pk]
        assert Case.objects.get().state == CaseState.WAITING_OUTSIDE
        answer(world, second, "yes")
        assert Case.objects.get().state == CaseState.OPEN

    def test_deciding_it_or_undoing_withdraws_the_question(self, world, link):
        first = self.decide(world, link, "ask_village")
        self.decide(world, link, "not_same")
        first.question.refresh_from_db()
        assert (first.question.state, Case.objects.get().state) == ("withdrawn", CaseState.OPEN)
        undo_decision(actor=world.actor("clerk_a"), decision_id=MatchDecision.objects.as_known().get().pk, at=NOW)
        again = self.decide(world, link, "ask_village")
        undo_decision(actor=world.actor("clerk_a"), decision_id=again.pk, at=NOW)
        again.question.refresh_from_db()
        assert again.question.state == "withdrawn"
