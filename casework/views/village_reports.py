"""What the office above the villages does with their reports, and what colleagues asked the villages."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.constants import ReviewState
from casework.forms import AskForm, HandleForm
from casework.models import ReportReview
from casework.presenters.questions import shown_questions
from casework.presenters.village_reports import ShownReport, next_step, outcome_choices, present_report, report_facts
from casework.selectors.questions import list_questions_about_reports
from casework.selectors.report_reviews import ENDED, get_review, list_reviews
from casework.services.questions import ask_back
from casework.services.village_reports import handle_report
from foundation.accounts.actors import Actor
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
from foundation.web.downloads import send_file
from foundation.web.forms import ShowNumberForm
from foundation.web.refusals import refuse
from registry.constants import ReportKind
from registry.models import FieldReport
from registry.selectors.numbers import list_masked_numbers
from registry.selectors.persons import list_people
from registry.services.photos import CONTENT_TYPE
from registry.services.report_details import masked_number, open_photo, show_report_details
from registry.services.searching import Wanted, find_persons

PER_PAGE, MOST_CANDIDATES = 30, 12


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_reports(request: ActorRequest) -> HttpResponse:
    """List the reports of the actor's villages: to be dealt with, the most urgent first, or dealt with. Six queries."""
    actor, state, kind = request.actor, request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = state if state == ENDED else "", kind if kind in ReportKind.values else ""
    page = Paginator(list_reviews(actor, state=state, kind=kind), PER_PAGE).get_page(request.GET.get("page"))
    filters = {"state": state, "kind": kind}
    record_list(
        actor=actor, name="work_reports", count=page.paginator.count, shown=len(page.object_list), filters=filters
    )
    context = {
        "page": page,
        "rows": _present(page.object_list),
        "state": state,
        "kind": kind,
        "kinds": ReportKind.choices,
        "query": "&".join(f"{name}={value}" for name, value in filters.items() if value),
        "may_ask": actor.may(Action.TAKE_CASE),
    }
    return render(request, "village/reports.html", context)


@sensitive_post_parameters("q")
@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_http_methods(["GET", "POST"])
def show_report(request: ActorRequest, report_id: int) -> HttpResponse:
    """Show one report with what to do next; a name sent looks for who on the list it may be. Twelve queries."""
    actor = request.actor
    review = get_review(actor, report_id)
    return render(request, "village/report.html", _report_context(actor, review, name=request.POST.get("q", "")))


@sensitive_post_parameters("note")
@requires(Action.HANDLE_REPORT)
@require_POST
def handle(request: ActorRequest, report_id: int) -> HttpResponse:
    """Accept a report, say that the person is on the list already, or do not accept it."""
    back_url = reverse("work_report", args=[report_id])
    try:
        review = handle_report(
            actor=request.actor,
            report_id=report_id,
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
            known_person_id=read_id(request.POST.get("person", "")),
            at=clock.now(),
        )
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Done: %(state)s.") % {"state": review.get_state_display()})
    return redirect("work_reports")


@sensitive_post_parameters("text")
@requires(Action.HANDLE_REPORT)
@require_POST
def ask(request: ActorRequest, report_id: int) -> HttpResponse:
    """Ask the village back about its report."""
    back_url = reverse("work_report", args=[report_id])
    try:
        ask_back(actor=request.actor, report_id=report_id, text=request.POST.get("text", ""), at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("The village was asked; the report waits for the answer."))
    return redirect(back_url)


@never_cache
@requires(Action.SHOW_NUMBER)
@require_POST
def show_details(request: ActorRequest, report_id: int) -> HttpResponse:
    """Show the whole telephone and number of a report for a stated purpose; in place with htmx, else as a page of its own."""
    back_url = reverse("work_report", args=[report_id])
    try:
        shown = show_report_details(
            actor=request.actor, report_id=report_id, purpose=request.POST.get("purpose", ""), at=clock.now()
        )
    except (BadInput, Conflict) as refusal:
        if is_part(request):
            return render(request, "person/number_refused.html", {"refusal": refusal})
        return refuse(request, refusal, back_url=back_url)
    template = "village/numbers_part.html" if is_part(request) else "village/numbers.html"
    return render(request, template, {"shown": shown, "back_url": back_url})


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def download_photo(request: ActorRequest, report_id: int) -> HttpResponse:
    """Download the photo of a report."""
    content = open_photo(actor=request.actor, report_id=report_id)
    return send_file(content, name=f"{_('report')}-{report_id}.jpg", content_type=CONTENT_TYPE)


def _report_context(actor: Actor, review: ReportReview, *, name: str) -> dict[str, Any]:
    report: FieldReport = review.report
    record_event(
        actor=actor,
        verb="read_field_report",
        object_type="field_report",
        object_id=report.pk,
        outcome=Outcome.READ,
        detail={"person": report.person_id},
    )
    questions = list_questions_about_reports(actor, [report.pk]).get(report.pk, [])
    users = names_of({report.reported_by, review.ended_by})
    may_handle = actor.may(Action.HANDLE_REPORT) and review.ended_at is None
    is_unlisted = report.person_id is None
    return {
        "shown": present_report(report, review, today=clock.today(), users=users),
        "review": review,
        "facts": report_facts(report, masked_number=masked_number(report)),
        "next_step": next_step(report.kind),
        "questions": shown_questions(questions, today=clock.today()),
        "ended_by": users.get(review.ended_by, review.ended_by),
        "handle_form": HandleForm() if may_handle else None,
        "ask_form": AskForm() if may_handle else None,
        **(_candidates(actor, name or report.name) if may_handle and is_unlisted else {}),
        "searched": name,
        "outcomes": [each for each in outcome_choices() if is_unlisted or each[0] != ReviewState.KNOWN],
        "number_form": ShowNumberForm()
        if actor.may(Action.SHOW_NUMBER) and (report.contact_id or report.number_id)
        else None,
    }


def _candidates(actor: Actor, name: str) -> dict[str, Any]:
    """List who on the list has the name, or one that sounds the same, with masked numbers, and count all. Five queries.

    Effects: audit verb find_person.
    """
    name = name.strip()
    found = find_persons(actor=actor, wanted=Wanted("name", name), at=clock.now()).ids if name else []
    people = list_people(actor, found[:MOST_CANDIDATES])
    numbers = list_masked_numbers(actor, [person.id for person in people])
    return {
        "candidates": [(person, numbers.get(person.id, "")) for person in people],
        "further_candidates": len(found) - len(people),
    }


def _present(reviews: Any) -> list[ShownReport]:
    rows = list(reviews)
    users = names_of(each.report.reported_by for each in rows)
    return [present_report(each.report, each, today=clock.today(), users=users) for each in rows]
