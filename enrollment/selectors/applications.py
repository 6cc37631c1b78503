"""Reads of applications: one with its story, those of a person, those that wait at a desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from enrollment.constants import OBJECT_TYPE, UNDECIDED_STATES, ApplicationState
from enrollment.models import Application, ApplicationPaper, ApplicationStep, ApplicationVersion
from enrollment.process import STEPS, Step, steps_from
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import NotFound
from foundation.signatures.selectors import list_signatures, may_still_sign
from registry.models import Person
from registry.selectors.persons import list_ids_of_person

WAITING_FOR = {
    state: action
    for state in (
        ApplicationState.SUBMITTED,
        ApplicationState.TOWNSHIP_REVIEW,
        ApplicationState.COUNTY_CHECK,
        ApplicationState.APPROVAL,
    )
    for action in (next(step.action for step in STEPS.values() if step.before == (state,)),)
} | {
    ApplicationState.DRAFT: Action.PREPARE_APPLICATION,
    ApplicationState.RETURNED: Action.PREPARE_APPLICATION,
    ApplicationState.GRANTED: Action.CONFIRM_ENTRY,
}
"""Whose turn it is in each state: whoever may take the next step."""


def applications_in_scope(actor: Actor) -> QuerySet[Application]:
    """Applications of people in reach, wherever they lived when they applied; person, unit and county loaded. Errors: NotAllowed."""
    actor.demand(Action.VIEW_CASE_DATA)
    return in_scope(Application.objects.select_related("person", "unit", "county"), actor, "person__")


def get_application(actor: Actor, application_id: int) -> Application:
    """Get one application in reach. One query. Errors: NotAllowed; NotFound."""
    found = applications_in_scope(actor).filter(pk=application_id).first()
    if found is None:
        raise NotFound(_("There is no such application in your unit."), ids=[application_id])
    return found


def is_sent_by(actor: Actor) -> Exists:
    """Return the condition that the actor's system, whichever of its tokens it used, prepared an application. Nobody else has."""
    first = ApplicationVersion.objects.filter(application=OuterRef("pk"), number=1, made_by_system__isnull=False)
    return Exists(first.filter(made_by_system=actor.client_system_id))


def get_version(application: Application) -> ApplicationVersion:
    """Get the current version of an application. One query."""
    return ApplicationVersion.objects.select_related("made_by", "made_by_system").get(
        application=application, number=application.version
    )


def list_papers(version: ApplicationVersion) -> list[ApplicationPaper]:
    """List the papers of a version. One query."""
    return list(ApplicationPaper.objects.filter(version=version).select_related("attachment").order_by("kind", "id"))


def get_paper(actor: Actor, application_id: int, paper_id: int) -> ApplicationPaper:
    """Get one paper of an application in reach, of whichever version. Two queries. Errors: NotAllowed; NotFound."""
    application = get_application(actor, application_id)
    found = ApplicationPaper.objects.filter(pk=paper_id, version__application=application).first()
    if found is None:
        raise NotFound(_("There is no such paper of this application."), ids=[paper_id])
    return found


def list_steps(application: Application) -> list[ApplicationStep]:
    """List the steps of an application, oldest first. One query."""
    return list(
        application.steps.select_related("taken_by", "taken_by_system", "taken_unit").order_by("taken_at", "id")
    )


def list_of_person(actor: Actor, person: Person) -> list[Application]:
    """List the applications of a person in reach and of those merged into it, newest first. Two queries."""
    return list_of_ids(actor, list_ids_of_person(person))


def list_of_ids(actor: Actor, person_ids: Sequence[int]) -> list[Application]:
    """List the applications of a person, and of those merged into it, by their ids, newest first. One query."""
    rows = applications_in_scope(actor).filter(person__in=person_ids)
    return list(rows.order_by("-opened_at", "-id"))


def list_waiting(
    actor: Actor, state: str = "", kind: str = "", *, overdue_on: date | None = None
) -> QuerySet[Application]:
    """List the applications that wait for a step the actor's role may take, the nearest day first."""
    states = [state] if state else [each for each, action in WAITING_FOR.items() if actor.may(action)]
    rows = applications_in_scope(actor).filter(state__in=states)
    if kind:
        rows = rows.filter(kind=kind)
    if overdue_on is not None:
        rows = rows.filter(due_on__lt=overdue_on, state__in=UNDECIDED_STATES)
    return rows.order_by("due_on", "id")


def count_waiting(actor: Actor) -> dict[str, int]:
    """Count what waits for a step the actor's role may take: state -> number. One query."""
    rows = list_waiting(actor).order_by().values("state").annotate(number=Count("id"))
    return dict(rows.values_list("state", "number"))


def steps_open_to(actor: Actor, applications: Sequence[Application]) -> dict[int, list[Step]]:
    """Return application -> the steps the actor may take now, signatures considered. One query."""
    signed = list_signatures(OBJECT_TYPE, [each.pk for each in applications])
    return {
        each.pk: [
            step
            for step in steps_from(ApplicationState(each.state), each.kind, each.channel)  # type: ignore[arg-type]
            if actor.may(step.action)
            and (step.act is None or may_still_sign(actor, signed.get(each.pk, []), each.content_hash, step.act))
        ]
        for each in applications
    }
