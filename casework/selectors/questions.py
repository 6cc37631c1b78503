"""Questions to the villages in reach of whoever asks for them, and the answers for whoever asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from casework.constants import QuestionState
from casework.models import Answer, Question
from casework.selectors.subjects import SubjectKey, of_subjects
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import NotFound

MOST_SHOWN = 30
_ANSWERS = Prefetch("answers", Answer.objects.order_by("answered_at", "id"))


def questions_in_scope(actor: Actor) -> QuerySet[Question]:
    """Questions in reach with their answers; the caller filters, orders and pages. One query more for the answers."""
    return in_scope(Question.objects.select_related("unit", "county", "asked_by"), actor).prefetch_related(_ANSWERS)


def get_question(actor: Actor, question_id: int) -> Question:
    """Get one question in reach. One query. Errors: NotFound."""
    question = in_scope(Question.objects.all(), actor).filter(pk=question_id).first()
    if question is None:
        raise NotFound(_("There is no such question in your unit."), ids=[question_id])
    return question


def list_open_questions(actor: Actor, *, most: int = MOST_SHOWN) -> list[Question]:
    """List what the actor's unit is asked, the most urgent first. Two queries."""
    rows = questions_in_scope(actor).filter(state=QuestionState.OPEN)
    return list(rows.order_by("due_on", "id")[:most])


def count_open_questions(actor: Actor) -> int:
    """Count what the actor's unit is asked. One query."""
    return in_scope(Question.objects.filter(state=QuestionState.OPEN), actor).count()


def own_questions(actor: Actor) -> QuerySet[Question]:
    """What the actor asked in the unit they work for now."""
    return in_scope(Question.objects.filter(asked_by=actor.user_id, asked_by__isnull=False), actor)


def list_own_questions(actor: Actor) -> QuerySet[Question]:
    """List what the actor asked, the newest answer first, then the newest question; the caller pages."""
    rows = own_questions(actor).select_related("unit", "county").prefetch_related(_ANSWERS)
    return rows.order_by(F("answered_at").desc(nulls_last=True), "-asked_at", "-id")


def list_answers_for(actor: Actor) -> QuerySet[Question]:
    """List the actor's questions with an answer not read yet, the oldest answer first; the caller pages."""
    rows = own_questions(actor).filter(state=QuestionState.ANSWERED, seen_at__isnull=True)
    return rows.select_related("unit", "county").prefetch_related(_ANSWERS).order_by("answered_at", "id")


def list_questions_of(actor: Actor, keys: Sequence[SubjectKey]) -> list[Question]:
    """List the questions about a subject in reach, newest first; a person has a key for each person merged into it. Two queries."""
    rows = questions_in_scope(actor).filter(of_subjects(keys))
    return list(rows.order_by("-asked_at", "-id")[:MOST_SHOWN])


def list_questions_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Question]:
    """Return question id -> question in reach, with answers. Two queries, none for no ids."""
    wanted = list(ids)
    return {each.pk: each for each in questions_in_scope(actor).filter(pk__in=wanted)} if wanted else {}


def list_questions_about_reports(actor: Actor, report_ids: Iterable[int]) -> dict[int, list[Question]]:
    """Return report id -> what the village was asked about it, oldest first. Two queries, none for no ids."""
    wanted = list(report_ids)
    found: dict[int, list[Question]] = {}
    for each in questions_in_scope(actor).filter(report__in=wanted).order_by("asked_at", "id") if wanted else ():
        found.setdefault(each.report_id or 0, []).append(each)
    return found


@dataclass(frozen=True)
class QuestionCounts:
    """What is asked of the actor's unit, how much of it is late, and how many answers the actor has not read."""

    to_answer: int
    late: int
    new_answers: int


def count_questions_for(actor: Actor, *, today: date) -> QuestionCounts:
    """Count what an inbox shows of questions. Two queries."""
    asked = in_scope(Question.objects.filter(state=QuestionState.OPEN), actor)
    counts = asked.aggregate(to_answer=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    new = own_questions(actor).filter(state=QuestionState.ANSWERED, seen_at__isnull=True).count()
    return QuestionCounts(**counts, new_answers=new)
