"""Preparing an application: what is applied for, then one form with what the kind asks and nothing that is known already.

Files are stored with the person as they arrive; a form that is refused shows them as papers on file, so nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.selectors.subjects import SubjectKey
from casework.selectors.subjects_work import list_open_gaps
from enrollment.constants import ApplicationKind, Channel, Verb
from enrollment.details import ENCRYPTED, FIELDS
from enrollment.eligibility.rules import PAPERS
from enrollment.forms import DETAIL, ContentForm
from enrollment.models import Application
from enrollment.presenters.applications import content_lines
from enrollment.presenters.kinds import GROUPS, apply_links, kinds_for_gaps
from enrollment.presenters.words import listed
from enrollment.selectors.applications import get_application, get_version, list_of_person
from enrollment.selectors.reading import get_version_with_papers
from enrollment.services.preparing import Content, begin_application, correct_application, missing_papers
from enrollment.services.steps import take_step
from foundation.accounts.actors import Actor
from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.policy.selectors import ParameterMissing, get_parameter
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict, DomainError
from foundation.primitives.ids import read_id
from foundation.regions.models.unit import Level
from registry.models import Person
from registry.presenters.persons import personal_lines
from registry.selectors.bank_accounts import find_current_account
from registry.selectors.person_file import list_attachments
from registry.selectors.persons import get_person, list_ids_of_person
from registry.services.person_file import attach

FIELD_OF = {
    "agent_incomplete": "agent_name",
    "channel_missing": "channel",
    "account_invalid": f"{DETAIL}account",
    "number_invalid": f"{DETAIL}number",
}
"""Where a refusal is shown; elsewhere at the field it names, or above the form."""
USUAL_CHANNEL = {Level.VILLAGE: Channel.VILLAGE, Level.TOWNSHIP: Channel.TOWNSHIP}


@sensitive_post_parameters()
@never_cache
@requires(Action.PREPARE_APPLICATION)
@takes_files
@require_http_methods(["GET", "POST"])
def begin(request: ActorRequest, person_id: int) -> HttpResponse:
    """Choose a kind, or prepare an application of the kind in the address. Ten queries."""
    actor, person = request.actor, get_person(request.actor, person_id)
    if person.canonical_id:  # type: ignore[attr-defined]
        return redirect("application_begin", person.canonical_id)  # type: ignore[attr-defined]
    record_event(actor=actor, verb="read_person", object_type="person", object_id=person.pk, outcome=Outcome.READ)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in ApplicationKind.values:
        return _choose(request, person)
    kind = ApplicationKind(kind)
    form = _form(actor, person, kind, request, initial=_first_values(actor, person, kind))
    if request.method == "GET":
        return _show(request, person, kind, form)

    def save(content: Content) -> Application:
        return begin_application(
            actor=actor,
            person_id=person.pk,
            kind=kind,
            channel=form.cleaned_data["channel"],
            content=content,
            at=clock.now(),
        )

    return _save(request, person, kind, form, save)


@sensitive_post_parameters()
@never_cache
@requires(Action.PREPARE_APPLICATION)
@takes_files
@require_http_methods(["GET", "POST"])
def correct(request: ActorRequest, application_id: int) -> HttpResponse:
    """Correct a draft, or an application that was sent back. Eleven queries."""
    actor, application = request.actor, get_application(request.actor, application_id)
    person, kind = get_person(actor, application.person_id), ApplicationKind(application.kind)
    record_event(
        actor=actor, verb="read_application", object_type="application", object_id=application.pk, outcome=Outcome.READ
    )
    form = _form(
        actor, person, kind, request, initial=_stated(application), kept=_kept_numbers(application), current=application
    )
    if request.method == "GET":
        return _show(request, person, kind, form, application)

    def save(content: Content) -> Application:
        return correct_application(
            actor=actor,
            application_id=application.pk,
            version=read_id(request.POST.get("version", "")) or 0,
            content=content,
            channel=form.cleaned_data["channel"],
            at=clock.now(),
        )

    return _save(request, person, kind, form, save, application)


def _choose(request: ActorRequest, person: Person) -> HttpResponse:
    gaps = [(gap.kind, gap.reason) for gap in list_open_gaps(request.actor, SubjectKey(person_id=person.pk))]
    fitting = kinds_for_gaps(gaps)
    groups = [
        (label, apply_links(request.actor, person.pk, [each for each in kinds if each not in fitting]))
        for label, kinds in GROUPS
    ]
    context = {
        "person": person,
        "who": personal_lines(person),
        "fitting": apply_links(request.actor, person.pk, fitting),
        "groups": groups,
        "applications": list_of_person(request.actor, person),
    }
    return render(request, "enrollment/choose.html", context)


def _form(
    actor: Actor,
    person: Person,
    kind: ApplicationKind,
    request: ActorRequest,
    *,
    initial: dict[str, object],
    kept: dict[str, str] | None = None,
    current: Application | None = None,
) -> ContentForm:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    return ContentForm(
        *data,
        kind=kind,
        attachments=list_attachments(actor, person),
        needed=_needed(person, kind, current),
        kept=kept,
        initial=initial,
    )


def _needed(person: Person, kind: ApplicationKind, current: Application | None) -> list[str]:
    """List the papers of the kind; none where the region states no rule, which the application's page says."""
    try:
        on = (current and current.accepted_on) or clock.today()
        return list(get_parameter(PAPERS, unit=person.county, on=on).value.get(kind.value, []))
    except ParameterMissing:
        return []


def _first_values(actor: Actor, person: Person, kind: ApplicationKind) -> dict[str, object]:
    """Return what a new application states already: where it is brought in, and the account that counts today."""
    values: dict[str, object] = {"channel": USUAL_CHANNEL.get(Level(actor.unit_level), Channel.COUNTY)}
    if kind == ApplicationKind.CHANGE_ACCOUNT:
        account = find_current_account(actor, list_ids_of_person(person))
        values |= {f"{DETAIL}holder": account.holder if account else person.name}
        values |= {f"{DETAIL}bank": account.bank} if account else {}
    return values


def _stated(application: Application) -> dict[str, object]:
    """Return what the current version states, as the form's first values; numbers are not shown again."""
    version = get_version_with_papers(application)
    secret = [each.name for each in FIELDS[ApplicationKind(application.kind)] if each.type in ENCRYPTED]
    values: dict[str, object] = {
        "channel": application.channel,
        "agent_name": version.agent_name,
        "agent_relation": version.agent_relation,
        "note": version.note,
    }
    values |= {DETAIL + name: value for name, value in version.details.items() if name not in secret}
    for paper in version.listed_papers or []:  # type: ignore[attr-defined]
        ticked = values.setdefault(f"papers_{paper['kind']}", [])
        assert isinstance(ticked, list)
        ticked.append(str(paper["attachment"]))
    return values


def _kept_numbers(application: Application) -> dict[str, str]:
    """Return the encrypted fields of the current version as masks."""
    fields = [each for each in FIELDS[ApplicationKind(application.kind)] if each.type in ENCRYPTED]
    if not fields:
        return {}
    shown = dict(content_lines(application, get_version(application)))
    return {each.name: shown[str(each.label)] for each in fields if str(each.label) in shown}


def _save(
    request: ActorRequest,
    person: Person,
    kind: ApplicationKind,
    form: ContentForm,
    save: Callable[[Content], Application],
    application: Application | None = None,
) -> HttpResponse:
    """Store the new files, save the application and submit it when asked; what is refused is said in the form."""
    is_right = form.is_valid()
    new, failed = _attach_all(request.actor, person, form)
    papers = [*form.reused(), *new]
    if is_right and not failed:
        try:
            saved = save(
                Content(
                    details=form.given_details(),
                    papers=papers,
                    agent_name=form.cleaned_data["agent_name"],
                    agent_relation=form.cleaned_data["agent_relation"],
                    note=form.cleaned_data["note"],
                )
            )
        except (BadInput, Conflict) as refusal:
            _add_error(form, refusal)
        else:
            return _submit(request, saved)
    return _show(request, person, kind, _with_papers(request, form, person, papers), application)


def _attach_all(actor: Actor, person: Person, form: ContentForm) -> tuple[list[tuple[str, int]], bool]:
    """Store the files of the form with the person; one that is refused is named at its field."""
    new, failed = [], False
    for paper, file in form.uploads():
        try:
            path = Path(file.temporary_file_path())
            stored = attach(actor=actor, person_id=person.pk, path=path, name=file.name, at=clock.now())
            new.append((paper, stored.pk))
        except (BadInput, Conflict) as refusal:
            failed = True
            form.add_error(f"files_{paper}", f"{file.name}: {refusal} {refusal.what_to_do}".strip())
    return new, failed


def _submit(request: ActorRequest, saved: Application) -> HttpResponse:
    """Submit what was saved, when asked; what keeps it a draft is said on its page."""
    if request.POST.get("act") != "submit":
        messages.success(request, _("Saved as a draft."))
        return redirect("application", saved.pk)
    try:
        take_step(actor=request.actor, application_id=saved.pk, verb=Verb.SUBMIT, version=saved.version, at=clock.now())
    except (BadInput, Conflict, ParameterMissing) as refusal:
        messages.error(request, f"{refusal} {refusal.what_to_do}".strip())
    else:
        _say_submitted(request, saved)
    return redirect("application", saved.pk)


def _say_submitted(request: ActorRequest, saved: Application) -> None:
    if missing := missing_papers(saved):
        papers = listed(each.label for each in missing)
        messages.warning(request, _("Submitted, but papers are missing: %(papers)s.") % {"papers": papers})
    else:
        messages.success(request, _("Submitted."))


def _with_papers(
    request: ActorRequest, form: ContentForm, person: Person, papers: list[tuple[str, int]]
) -> ContentForm:
    """Return the form as it was sent, with the files just stored ticked among the papers on file."""
    data = request.POST.copy()
    for paper, number in papers:
        if str(number) not in data.getlist(f"papers_{paper}"):
            data.appendlist(f"papers_{paper}", str(number))
    again = ContentForm(
        data,
        kind=form.kind,
        attachments=list_attachments(request.actor, person),
        needed=form.needed,
        kept=form.kept,
        initial=form.initial,
    )
    again.is_valid()
    for name, errors in form.errors.items():
        for error in errors:
            again.add_error(None if name == NON_FIELD_ERRORS else name, error)
    again.open_application = form.open_application
    return again


def _add_error(form: ContentForm, refusal: DomainError) -> None:
    name = FIELD_OF.get(refusal.code, DETAIL + refusal.ids[0] if refusal.ids else "")
    form.add_error(name if name in form.fields else None, f"{refusal} {refusal.what_to_do}".strip())
    if refusal.code == "application_open":
        form.open_application = int(refusal.ids[0])


def _show(
    request: ActorRequest,
    person: Person,
    kind: ApplicationKind,
    form: ContentForm,
    application: Application | None = None,
) -> HttpResponse:
    context = {
        "person": person,
        "who": personal_lines(person),
        "kind": kind,
        "form": form,
        "application": application,
        "is_agent_open": bool(form["agent_name"].value() or form["agent_name"].errors),
    }
    return render(request, "enrollment/wizard.html", context, status=422 if form.errors else 200)
