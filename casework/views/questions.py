"""Asking the village about a subject, what came back, contact attempts; and a person's reports and questions beside the person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from casework.constants import QuestionAbout, QuestionState
from casework.forms import ContactForm
from casework.models import Question
from casework.presenters.addresses import LIST, subject_url
from casework.presenters.questions import shown_questions
from casework.presenters.village_reports import present_report
from casework.selectors.questions import list_answers_for, list_own_questions, list_questions_of
from casework.selectors.report_reviews import list_contact_attempts, list_reviews_of
from casework.selectors.subjects import SubjectKey, key_of, read_key
from casework.services.questions import Asked, ask_village, mark_answers_seen, withdraw_question
from casework.services.village_reports import log_contact
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event, record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.ids import read_id
from foundation.web.refusals import refuse
from registry.selectors.field_reports import list_reports_of
from registry.selectors.persons import get_person, list_ids_of_person

PER_PAGE = 20
ALL = "all"


@never_cache
@requires(Action.TAKE_CASE)
@require_safe
def show_questions(request: ActorRequest) -> HttpResponse:
    """List the answers the actor has not read, or everything the actor asked. Six queries."""
    actor, shows_all = request.actor, request.GET.get("state") == ALL
    rows = list_own_questions(actor) if shows_all else list_answers_for(actor)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_list(
        actor=actor,
        name="work_questions",
        count=page.paginator.count,
        shown=len(page.object_list),
        filters={"state": ALL if shows_all else ""},
    )
    questions = list(page.object_list)
    shown = shown_questions(questions, today=clock.today())
    context = {
        "page": page,
        "rows": [(each, _address(each.question)) for each in shown],
        "shows_all": shows_all,
        "new_answers": [
            answer.pk
            for each in questions
            if each.state == QuestionState.ANSWERED and each.seen_at is None
            for answer in each.answers.all()
        ],
        "query": f"state={ALL}" if shows_all else "",
    }
    return render(request, "village/questions.html", context)


@sensitive_post_parameters("text")
@requires(Action.TAKE_CASE)
@require_POST
def ask(request: ActorRequest) -> HttpResponse:
    """Ask the village about the subject of a case."""
    back_url = reverse("work_list")
    try:
        key = read_key(request.POST.get("subject", ""))
        back_url = subject_url(key, listed=request.POST.get(LIST))
        ask_village(actor=request.actor, asked=[Asked(key, request.POST.get("text", ""))], at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("The village was asked; the case waits for the answer."))
    return redirect(back_url)


@requires(Action.TAKE_CASE)
@require_POST
def withdraw(request: ActorRequest, question_id: int) -> HttpResponse:
    """Take back a question nobody has answered."""
    back_url = f"{reverse('work_questions')}?state={ALL}"
    try:
        withdraw_question(actor=request.actor, question_id=question_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Question withdrawn."))
    return redirect(back_url)


@requires(Action.TAKE_CASE)
@require_POST
def mark_seen(request: ActorRequest) -> HttpResponse:
    """Mark the answers shown as read."""
    ids = [number for text in request.POST.getlist("answer") if (number := read_id(text))]
    mark_answers_seen(actor=request.actor, answer_ids=ids, at=clock.now())
    return redirect("work_questions")


@sensitive_post_parameters("note")
@requires(Action.TAKE_CASE)
@require_POST
def log(request: ActorRequest) -> HttpResponse:
    """Record an attempt to reach a person."""
    back_url = reverse("work_list")
    try:
        key = read_key(request.POST.get("subject", ""))
        back_url = subject_url(key, listed=request.POST.get(LIST))
        log_contact(actor=request.actor, key=key, at=clock.now(), **_attempt(ContactForm(request.POST)))
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Attempt logged."))
    return redirect(back_url)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_person_village(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show what the village reported and was asked about a person: a part of the person's page, or a page of its own."""
    actor, person = request.actor, get_person(request.actor, person_id)
    key = SubjectKey(person_id=person.pk)
    ids = list_ids_of_person(person)
    reports = list_reports_of(actor, ids)
    questions = list_questions_of(actor, [SubjectKey(person_id=each) for each in ids])
    attempts = list_contact_attempts(actor, ids)
    record_event(
        actor=actor,
        verb="read_village_part",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"reports": len(reports), "questions": len(questions)},
    )
    reviews = list_reviews_of(actor, [each.pk for each in reports])
    who = [each.reported_by for each in reports] + [each.tried_by for each in attempts]
    users, today = names_of(who), clock.today()
    context = {
        "person": person,
        "key": key,
        "reports": [present_report(each, reviews.get(each.pk), today=today, users=users) for each in reports],
        "questions": shown_questions(questions, today=today),
        "attempts": [(each, users.get(each.tried_by, each.tried_by)) for each in attempts],
        "contact_form": ContactForm(initial={"tried_on": today}) if actor.may(Action.TAKE_CASE) else None,
        "may_report": actor.may(Action.FILE_REPORT),
    }
    return render(request, "village/person_part.html" if is_part(request) else "village/person_page.html", context)


def _attempt(form: ContactForm) -> dict[str, Any]:
    """Read the form of an attempt. Errors: BadInput with the first thing that is wrong."""
    if not form.is_valid():
        raise BadInput(str(next(iter(form.errors.values()))[0]), code="contact_form")
    return dict(form.cleaned_data)


def _address(question: Question) -> str:
    """Return where an answer is used: the possible match, the report, or the subject's page."""
    if question.report_id:
        return reverse("work_report", args=[question.report_id])
    if question.about == QuestionAbout.MATCH:
        return f"{reverse('possible_matches')}?person={question.person_id}"
    return subject_url(key_of(question))
