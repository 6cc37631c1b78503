"""A question and its answers in the reader's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from casework.constants import AnswerValue, GapKind, QuestionAbout, QuestionState
from casework.finders import reason_words
from casework.models import Answer, Question
from casework.presenters.gaps import scheme_words
from foundation.accounts.constants import Role
from foundation.accounts.selectors import names_of
from foundation.regions.selectors import names_of_units
from registry.constants import ReportKind, ReportSource, Scheme
from registry.presenters.file_words import roll_status_words

ANSWER_TONES = {AnswerValue.YES: "ok", AnswerValue.NO: "bad", AnswerValue.UNCLEAR: "warn"}
Names = Mapping[str, str]


@dataclass(frozen=True)
class ShownAnswer:
    """One answer as a chip, the words with it, and who gave it."""

    label: str
    tone: str
    note: str
    who: str
    role: str
    at: datetime


@dataclass(frozen=True)
class ShownQuestion:
    """A question with the facts it rests on and its answers, the first one first."""

    question: Question
    text: str
    facts: list[tuple[str, str]]
    answers: list[ShownAnswer]
    asked_by: str
    place: str
    is_open: bool
    is_late: bool
    is_contradicted: bool


def shown_questions(questions: Collection[Question], *, today: date) -> list[ShownQuestion]:
    """Put questions, their answers loaded, into words. Two queries for the names, none for no questions."""
    if not questions:
        return []
    who = {name for each in questions for name in (each.asked_by_name, *(a.answered_by for a in each.answers.all()))}
    units = {fact["text"] for each in questions for fact in each.evidence if fact["term"] == "unit"}
    users, places = names_of(who), names_of_units(units)
    return [_shown(each, today, users, places) for each in questions]


def default_text(about: str) -> str:
    """Return what a question without words of its own asks."""
    return _("Is this roll record this person?") if about == QuestionAbout.MATCH else ""


def _shown(question: Question, today: date, users: Names, units: Names) -> ShownQuestion:
    answers = [_answer(each, users) for each in question.answers.all()]
    values = {each.value for each in question.answers.all()}
    return ShownQuestion(
        question=question,
        text=question.text or default_text(question.about),
        facts=[
            *([(_("Name on the roll"), question.roll_name)] if question.roll_name else []),
            *((_term(fact["term"]), _words(fact, units)) for fact in question.evidence),
        ],
        answers=answers,
        asked_by=users.get(question.asked_by_name, question.asked_by_name),
        place=(question.unit or question.county).name,
        is_open=question.state == QuestionState.OPEN,
        is_late=question.state == QuestionState.OPEN and question.due_on < today,
        is_contradicted=len(values) > 1,
    )


def _answer(answer: Answer, users: Names) -> ShownAnswer:
    role = str(Role(answer.answered_role).label) if answer.answered_role in Role.values else answer.answered_role
    return ShownAnswer(
        label=str(AnswerValue(answer.value).label),
        tone=ANSWER_TONES[AnswerValue(answer.value)],
        note=answer.note,
        who=users.get(answer.answered_by, answer.answered_by),
        role=role,
        at=answer.answered_at,
    )


def _term(term: str) -> str:
    terms = {
        "scheme": _("Scheme"),
        "roll_no": _("Roll number"),
        "birth_date": _("Born"),
        "unit": _("Place"),
        "status": _("State"),
        "gap": _("Gap"),
        "report": _("Reported"),
        "observed_on": _("Seen or heard on"),
        "died_on": _("Died on"),
        "source": _("Known from"),
        "place": _("Place in words"),
        "note": _("Note"),
    }
    return terms.get(term, term)


def _words(fact: Mapping[str, str], units: Names) -> str:
    """Put one fact into words: codes of ours in the reader's language, the rest as the file or the village wrote it."""
    term, text = fact["term"], fact["text"]
    if term == "scheme":
        return scheme_words(text)
    if term == "unit":
        return units.get(text, text)
    if term == "status":
        scheme, _blank, status = text.partition(" ")
        return roll_status_words(scheme, status) if scheme in Scheme.values else status
    if term == "gap" and text in GapKind.values:
        reason = reason_words(text, fact.get("reason", ""))
        return f"{GapKind(text).label} · {reason}" if reason else str(GapKind(text).label)
    if term == "report" and text in ReportKind.values:
        return str(ReportKind(text).label)
    if term == "source" and text in ReportSource.values:
        return str(ReportSource(text).label)
    return text
