"""An application's page: who and what, its papers beside the conditions, its steps, and the forms of those open to the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from coverage.selectors.persons import list_findings
from enrollment.constants import OBJECT_TYPE, ApplicationKind, Condition, Paper, Verb
from enrollment.eligibility.conditions import CONDITIONS
from enrollment.eligibility.rules import get_rules, papers_needed
from enrollment.eligibility.testing import Tested, check_person
from enrollment.models import Application, ApplicationStep, ApplicationVersion
from enrollment.presenters.applications import (
    STATE_TONES,
    Typed,
    content_lines,
    open_steps,
    shown_steps,
    steps_possible,
    story_lines,
    waiting_words,
)
from enrollment.presenters.conditions import FINDINGS, ShownOutcome, condition_labels, shown_outcome
from enrollment.selectors.applications import get_application, list_steps
from enrollment.selectors.reading import get_application_shown, get_version_with_papers
from enrollment.services.preparing import EDITABLE
from enrollment.services.steps import Given, take_step, tested_day
from enrollment.views.queue import list_of, next_url
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.policy.selectors import Parameter, ParameterMissing
from foundation.primitives import clock
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.days import is_day
from foundation.primitives.errors import BadInput, Conflict, DomainError, NotAllowed
from foundation.primitives.ids import read_id
from foundation.signatures.selectors import list_signatures
from registry.models import Person
from registry.presenters.persons import sex_words
from registry.selectors.numbers import mask_first
from registry.selectors.persons import get_person, list_designations


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_application(request: ActorRequest, application_id: int) -> HttpResponse:
    """Show one application; the access is recorded. Twelve queries, one more for a person merged into another."""
    return _render(request, get_application_shown(request.actor, application_id), Typed())


@sensitive_post_parameters("note", "entry_number")
@requires(Action.VIEW_CASE_DATA)
@require_POST
def take(request: ActorRequest, application_id: int) -> HttpResponse:
    """Take a step and go on to the next application of the queue; a refusal is shown beside what was typed."""
    application = get_application(request.actor, application_id)
    data, after = request.POST, next_url(request, application)
    typed = Typed(
        verb=data.get("verb", ""),
        note=data.get("note", ""),
        accepted_on=data.get("accepted_on", ""),
        entry_number=data.get("entry_number", ""),
        missing=data.getlist("missing"),
        reasons=data.getlist("reasons"),
    )
    try:
        taken = take_step(
            actor=request.actor,
            application_id=application_id,
            verb=typed.verb,
            version=read_id(data.get("version", "")) or 0,
            at=clock.now(),
            given=_given(typed),
        )
    except (BadInput, Conflict, NotAllowed, ParameterMissing) as refusal:
        return _refused(request, application_id, typed, refusal)
    words = _("%(person)s, %(kind)s: %(step)s.") % {
        "person": application.person.name,
        "kind": application.get_kind_display(),
        "step": Verb(typed.verb).label,
    }
    messages.success(request, words)
    return redirect(_after(taken, typed.verb, after))


def _after(taken: Application, verb: str, following: str) -> str:
    """Return where a reviewer goes on; whoever submits or withdraws sees what became of it."""
    return reverse("application", args=[taken.pk]) if verb in (Verb.SUBMIT, Verb.WITHDRAW) else following


def _given(typed: Typed) -> Given:
    """Read the fields of a step. Errors: BadInput for a day that is none."""
    try:
        accepted_on = date.fromisoformat(typed.accepted_on) if typed.accepted_on else None
    except ValueError as error:
        raise BadInput(_("Enter the day as year, month and day."), code="accepted_day") from error
    if accepted_on is not None and not is_day(accepted_on):
        raise BadInput(_("Enter the day as year, month and day."), code="accepted_day")
    return Given(
        note=typed.note,
        accepted_on=accepted_on,
        missing=typed.missing,
        reasons=typed.reasons,
        entry_number=typed.entry_number,
    )


def _refused(request: ActorRequest, application_id: int, typed: Typed, refusal: DomainError) -> HttpResponse:
    """Show the page again, with what was typed and why it was refused."""
    words = Typed(**(vars(typed) | {"message": str(refusal), "what_to_do": str(refusal.what_to_do)}))
    status = {BadInput: 422, NotAllowed: 403}.get(type(refusal), 409)
    return _render(request, get_application_shown(request.actor, application_id), words, status=status)


@dataclass(frozen=True)
class _Read:
    """What the page was made from."""

    application: Application
    version: ApplicationVersion
    steps: Sequence[ApplicationStep]
    known: datetime
    rules: dict[str, Parameter] | None
    tested: Tested | None
    rules_missing: str


def _read(actor: Actor, application: Application, today: date) -> _Read:
    day, rules, tested, missing = tested_day(application, today), None, None, ""
    steps = list_steps(application)
    known = _known(steps)
    try:
        rules = get_rules(application.county, day)
        tested = check_person(
            county=application.county,
            person_id=application.person_id,
            kind=ApplicationKind(application.kind),
            day=day,
            known=known,
            rules=rules,
        )
    except ParameterMissing as error:
        missing = str(error)
    return _Read(
        application=application,
        version=get_version_with_papers(application),
        steps=steps,
        known=known,
        rules=rules,
        tested=tested,
        rules_missing=missing,
    )


def _known(steps: Sequence[ApplicationStep]) -> datetime:
    """Return the moment whose knowledge is shown: that of the decision, just before what it brought about; else now."""
    decided = [each.taken_at for each in steps if each.verb in (Verb.GRANT, Verb.RECORD, Verb.REFUSE)]
    return decided[-1] - timedelta(microseconds=1) if decided else clock.now()


def _render(request: ActorRequest, application: Application, typed: Typed, *, status: int = 200) -> HttpResponse:
    actor, today = request.actor, clock.today()
    read = _read(actor, application, today)
    record_event(
        actor=actor,
        verb="read_application",
        object_type=OBJECT_TYPE,
        object_id=application.pk,
        outcome=Outcome.READ,
        detail={"person": application.person_id},
    )
    signs = any(step.act for step in steps_possible(application))
    signatures = list_signatures(OBJECT_TYPE, [application.pk]).get(application.pk, []) if signs else []
    opened = open_steps(actor, application, signatures)
    order = Paper.values
    papers = sorted(read.version.listed_papers or [], key=lambda each: order.index(each["kind"]))  # type: ignore[attr-defined]
    missing = _missing(application, read, papers)
    forms = shown_steps(
        opened,
        application,
        tested=read.tested,
        missing=missing,
        came_in=_came_in(read.steps, today),
        today=today,
        typed=typed,
    )
    context = {
        "application": application,
        "version": read.version,
        "tone": STATE_TONES[application.state],  # type: ignore[index]
        "number": mask_first(application.stored_number),  # type: ignore[attr-defined]
        "sex": sex_words(application.person.sex),
        "content": content_lines(application, read.version),
        "papers": [each | {"label": Paper(each["kind"]).label} for each in papers],
        "missing": missing,
        "outcome": _outcome(actor, read),
        "rules_missing": read.rules_missing,
        "reasons": condition_labels(application.refusal_reasons),
        "story": story_lines(read.steps),
        "steps": forms,
        "typed": typed,
        "is_typed_shown": any(each.typed for each in forms),
        "waiting": waiting_words(actor, application, opened, today),
        "list_query": list_of(request),
        "may_correct": actor.may(Action.PREPARE_APPLICATION) and application.state in EDITABLE,
        "is_late": application.due_on is not None and application.due_on < today and not application.decided_on,
    }
    return render(request, "enrollment/application.html", context, status=status)


def _missing(application: Application, read: _Read, papers: Sequence[dict[str, object]]) -> list[Paper]:
    if read.rules is None or application.decided_on is not None:
        return []
    needed = papers_needed(ApplicationKind(application.kind), read.rules, has_agent=bool(read.version.agent_name))
    return [each for each in needed if each.value not in {paper["kind"] for paper in papers}]


def _came_in(steps: Sequence[ApplicationStep], today: date) -> date:
    """Return the day the application was submitted last: no paper was complete before."""
    submitted = [each.taken_at for each in steps if each.verb == Verb.SUBMIT]
    return submitted[-1].astimezone(BUSINESS_ZONE).date() if submitted else today


def _outcome(actor: Actor, read: _Read) -> ShownOutcome | None:
    """Put the conditions into words, with what they rest on. At most two queries, one more for a merged person."""
    if read.tested is None:
        return None
    conditions = CONDITIONS[read.tested.kind]
    person: Person = read.application.person
    if read.tested.person_id != person.pk:
        person = get_person(actor, read.tested.person_id)
    findings = list_findings(actor, person, read.known) if any(each in FINDINGS for each in conditions) else []
    listed = list_designations(actor, person, read.known) if Condition.POOR in conditions else []
    return shown_outcome(read.tested, listed, findings)
