"""The village helper's pages, for a telephone: own people and open questions, a report in two taps, somebody not on the list.

Small on purpose: two style sheets, one script, no picture. An office may use them on a village's behalf.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.constants import GapKind, QuestionState
from casework.forms import ReportForm, UnlistedForm
from casework.models import Gap, ReportReview
from casework.presenters.gaps import gap_tone
from casework.presenters.questions import shown_questions
from casework.presenters.village_reports import ShownReport, present_report
from casework.selectors.questions import count_open_questions, get_question, list_open_questions, list_questions_of
from casework.selectors.report_reviews import list_reviews_of
from casework.selectors.subjects import SubjectKey
from casework.selectors.subjects_work import list_open_gaps
from casework.selectors.village import list_open_gaps_of, list_own_people, people_by_id
from casework.services.questions import answer_question
from casework.services.village_reports import report_from_village
from foundation.accounts.actors import Actor
from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_places
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event, record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models.unit import Level
from foundation.web.refusals import refuse
from registry.constants import ReportKind
from registry.models import FieldReport, Person
from registry.selectors.field_reports import list_own_reports, list_reports_of
from registry.selectors.persons import get_person, list_ids_of_person
from registry.services.field_reports import Observation, Unlisted
from registry.services.searching import find_persons, understand

PER_PAGE, QUESTIONS_SHOWN, REPORTS_SHOWN = 20, 10, 5
QUICK_KINDS = (
    ReportKind.FOUND,
    ReportKind.CANNOT_BE_FOUND,
    ReportKind.MOVED_AWAY,
    ReportKind.WORKS_ELSEWHERE,
    ReportKind.DECLINES,
    ReportKind.OTHER,
)
"""Reports that one tap sends; the others ask for more first."""
FIELD_OF = {
    "observed_day": "observed_on",
    "source_missing": "source",
    "place_missing": "word",
    "contact_missing": "word",
    "words_missing": "word",
    "death_day": "died_on",
    "details_missing": "wrong_details",
    "telephone_invalid": "telephone",
    "photo_kind": "photo",
    "photo_too_large": "photo",
    "name_missing": "name",
    "birth_day": "birth_date",
    "age": "age_years",
}
"""Where a refusal is shown; elsewhere above the form."""


@sensitive_post_parameters("q")
@never_cache
@requires(Action.FILE_REPORT)
@require_http_methods(["GET", "POST"])
def show_village(request: ActorRequest) -> HttpResponse:
    """Show what the village is asked and its people, open matters first; or who a name finds. Eleven queries."""
    actor, typed = request.actor, request.POST.get("q", "") if request.method == "POST" else ""
    questions = list_open_questions(actor, most=QUESTIONS_SHOWN + 1) if not typed else []
    asked = count_open_questions(actor) if len(questions) > QUESTIONS_SHOWN else len(questions)
    questions = questions[:QUESTIONS_SHOWN]
    sent = list_own_reports(actor, most=REPORTS_SHOWN) if not typed else []
    try:
        page = _found(actor, typed) if typed else _paged(request, actor)
    except (BadInput, Conflict) as refusal:
        messages.warning(request, f"{refusal} {refusal.what_to_do}")
        return redirect("village")
    record_list(
        actor=actor, name="village", count=page.paginator.count, shown=len(page.object_list), filters=_searched(typed)
    )
    gaps = list_open_gaps_of(actor, [person.pk for person in page.object_list])
    context = {
        "typed": typed,
        "page": page,
        "rows": [(person, _chips(gaps.get(person.pk, []))) for person in page.object_list],
        "questions": shown_questions(questions, today=clock.today()),
        "further_questions": asked - len(questions),
        "sent": _present_reports(actor, sent),
        "uuid": uuid4(),
    }
    return render(request, "village/village.html", context)


@never_cache
@requires(Action.FILE_REPORT)
@require_safe
def show_village_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show one person with what can be reported. Nine queries."""
    form = ReportForm(initial={"uuid": uuid4()})
    return _show_person(request, get_person(request.actor, person_id), form)


@sensitive_post_parameters("word", "telephone")
@never_cache
@requires(Action.FILE_REPORT)
@takes_files
@require_POST
def report(request: ActorRequest, person_id: int) -> HttpResponse:
    """Send a report about a person; what is missing is said on the form, and nothing written is lost."""
    person, kind = get_person(request.actor, person_id), request.POST.get("kind", "")
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid():
        given, place_kinds = form.cleaned_data, (ReportKind.MOVED_AWAY, ReportKind.WORKS_ELSEWHERE)
        is_place = kind in place_kinds
        observation = Observation(
            kind=kind,
            source=given["source"],
            died_on=given["died_on"],
            wrong_details=given["wrong_details"],
            place=given["word"] if is_place else "",
            note="" if is_place else given["word"],
            **_shared(given),
        )
        try:
            filed = report_from_village(
                actor=request.actor, uuid=given["uuid"], observation=observation, person_id=person.pk, at=clock.now()
            )
        except Conflict as refusal:
            return refuse(request, refusal, back_url=reverse("village_person", args=[person.pk]))
        except BadInput as refusal:
            _add_error(form, refusal)
        else:
            messages.success(request, _sent(filed))
            return redirect("village")
    return _show_person(request, person, form, opened=kind, status=422)


@sensitive_post_parameters("name", "number", "telephone", "note")
@never_cache
@requires(Action.FILE_REPORT)
@takes_files
@require_http_methods(["GET", "POST"])
def report_unlisted(request: ActorRequest) -> HttpResponse:
    """Report somebody who is on no list."""
    villages = _villages(request.actor)
    if request.method == "GET":
        form = UnlistedForm(villages=villages, initial={"uuid": uuid4()})
        return render(request, "village/unlisted.html", {"form": form})
    form = UnlistedForm(request.POST, request.FILES, villages=villages)
    if form.is_valid():
        given = form.cleaned_data
        try:
            filed = report_from_village(
                actor=request.actor,
                uuid=given["uuid"],
                observation=Observation(
                    ReportKind.NOT_LISTED, place=given["place"], note=given["note"], **_shared(given)
                ),
                unlisted=_unlisted(given),
                at=clock.now(),
            )
        except Conflict as refusal:
            return refuse(request, refusal, back_url=reverse("village_unlisted"))
        except BadInput as refusal:
            _add_error(form, refusal)
        else:
            messages.success(request, _sent(filed))
            return redirect("village")
    return render(request, "village/unlisted.html", {"form": form}, status=422)


@sensitive_post_parameters("note")
@requires(Action.ANSWER_QUESTION)
@require_POST
def answer(request: ActorRequest, question_id: int) -> HttpResponse:
    """Answer a question: yes, no or not clear, with a word."""
    back_url = reverse("village")
    get_question(request.actor, question_id)
    try:
        answer_question(
            actor=request.actor,
            question_id=question_id,
            uuid=uuid5(
                _uuid(request.POST.get("uuid", "")), str(question_id)
            ),  # a page has one id for all its questions
            value=request.POST.get("answer", ""),
            note=request.POST.get("note", ""),
            at=clock.now(),
        )
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Answer sent."))
    return redirect(back_url)


def _show_person(
    request: ActorRequest, person: Person, form: ReportForm, *, opened: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor
    record_event(
        actor=actor, verb="read_village_person", object_type="person", object_id=person.pk, outcome=Outcome.READ
    )
    key = SubjectKey(person_id=person.pk)
    ids = list_ids_of_person(person)
    reports = list_reports_of(actor, ids)
    questions = list_questions_of(actor, [SubjectKey(person_id=each) for each in ids])
    context = {
        "person": person,
        "gaps": _chips(list_open_gaps(actor, key)),
        "form": form,
        "kinds": [(kind.value, kind.label) for kind in QUICK_KINDS],
        "opened": opened,
        "questions": shown_questions(
            [each for each in questions if each.state == QuestionState.OPEN], today=clock.today()
        ),
        "reports": _present_reports(actor, reports),
        "uuid": uuid4(),
        "may_apply": actor.may(Action.PREPARE_APPLICATION),
    }
    return render(request, "village/person.html", context, status=status)


def _paged(request: ActorRequest, actor: Actor) -> Any:
    return Paginator(list_own_people(actor), PER_PAGE).get_page(request.GET.get("page"))


def _found(actor: Actor, typed: str) -> Any:
    """Return who a search finds, as one page. Errors: BadInput; Conflict above the hour's limit of numbers."""
    found = find_persons(actor=actor, wanted=understand(typed), at=clock.now())
    people = people_by_id(actor, found.ids)
    return Paginator(people, max(len(people), 1)).get_page(1)


def _searched(typed: str) -> dict[str, str]:
    return {"name": "given"} if typed else {}


def _chips(gaps: Sequence[Gap]) -> list[tuple[str, str]]:
    return [(str(GapKind(gap.kind).label), gap_tone(gap.kind)) for gap in gaps]


def _present_reports(actor: Actor, reports: Sequence[FieldReport]) -> list[ShownReport]:
    if not reports:
        return []
    reviews: dict[int, ReportReview] = list_reviews_of(actor, [each.pk for each in reports])
    users = names_of(each.reported_by for each in reports)
    return [present_report(each, reviews.get(each.pk), today=clock.today(), users=users) for each in reports]


def _shared(given: dict[str, Any]) -> dict[str, Any]:
    photo = given["photo"]
    return {
        "observed_on": given["observed_on"],
        "telephone": given["telephone"],
        "photo": Path(photo.temporary_file_path()) if photo else None,
    }


def _unlisted(given: dict[str, Any]) -> Unlisted:
    return Unlisted(
        name=given["name"],
        sex=int(given["sex"] or 0),
        birth_date=given["birth_date"],
        age_years=given["age_years"],
        household=given["household"],
        number=given["number"],
        unit_code=given.get("unit_code", ""),
    )


def _villages(actor: Actor) -> list[tuple[str, str]]:
    """List the villages an office chooses from; a village's own helper reports for the village."""
    if actor.unit_level >= Level.VILLAGE:
        return []
    places = list_places(actor) if actor.unit_level == Level.TOWNSHIP else []
    return [(place.code, place.name) for place in places]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(_("Open the page again and send the answer once more."), code="uuid_missing") from error


def _add_error(form: forms.Form, refusal: BadInput) -> None:
    field = FIELD_OF.get(refusal.code)
    text = f"{refusal} {refusal.what_to_do}".strip()
    form.add_error(field if field in form.fields else None, text)


def _sent(filed: FieldReport) -> str:
    name = filed.person.name if filed.person else filed.name
    return _("Sent: %(name)s, %(kind)s.") % {"name": name, "kind": ReportKind(filed.kind).label}
