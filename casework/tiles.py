"""What of the work on gaps waits for somebody: own cases, questions and answers, village reports. Registered when the app is ready."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.constants import QuestionState
from casework.selectors.questions import list_answers_for, questions_in_scope
from casework.selectors.report_reviews import list_reviews
from casework.selectors.worklist import MINE, OVERDUE, THIS_WEEK, WorkFilter, leading_gaps
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.regions.models.unit import Level
from foundation.web.tiles import CountingTile


def _work(actor: Actor, today: date, **asked: str) -> QuerySet[Any]:
    return leading_gaps(actor, WorkFilter(**asked, today=today))  # type: ignore[arg-type]


def _is_past(today: date) -> Q:
    return Q(due_on__lt=today)


def _works_below_the_county(actor: Actor) -> bool:
    return actor.unit_level > Level.COUNTY


TILES = (
    CountingTile(
        name="my_cases_overdue",
        rank=10,
        label=_("My cases overdue"),
        action=Action.TAKE_CASE,
        route="work_list",
        query=f"owner={MINE}&due={OVERDUE}",
        rows=lambda actor, today: _work(actor, today, owner=MINE, due=OVERDUE),
        late=_is_past,
    ),
    CountingTile(
        name="my_cases_this_week",
        rank=11,
        label=_("My cases due within seven days"),
        action=Action.TAKE_CASE,
        route="work_list",
        query=f"owner={MINE}&due={THIS_WEEK}",
        rows=lambda actor, today: _work(actor, today, owner=MINE, due=THIS_WEEK),
    ),
    CountingTile(
        name="my_cases",
        rank=12,
        label=_("My open cases"),
        action=Action.TAKE_CASE,
        route="work_list",
        query=f"owner={MINE}",
        rows=lambda actor, today: _work(actor, today, owner=MINE),
    ),
    CountingTile(
        name="overdue",
        rank=13,
        label=_("Overdue in my area"),
        action=Action.VIEW_CASE_DATA,
        route="work_list",
        query=f"due={OVERDUE}",
        fits=lambda actor: not actor.may(Action.TAKE_CASE),
        rows=lambda actor, today: _work(actor, today, due=OVERDUE),
        late=_is_past,
    ),
    CountingTile(
        name="questions_to_answer",
        rank=20,
        label=_("Questions to answer"),
        action=Action.ANSWER_QUESTION,
        route="village",
        fits=_works_below_the_county,
        rows=lambda actor, _today: questions_in_scope(actor).filter(state=QuestionState.OPEN),
        late=_is_past,
    ),
    CountingTile(
        name="answers_to_read",
        rank=21,
        label=_("Answers to my questions"),
        action=Action.TAKE_CASE,
        route="work_questions",
        rows=lambda actor, _today: list_answers_for(actor),
    ),
    CountingTile(
        name="village_reports",
        rank=22,
        label=_("Village reports to act on"),
        action=Action.HANDLE_REPORT,
        route="work_reports",
        rows=lambda actor, _today: list_reviews(actor),
        late=_is_past,
    ),
)
