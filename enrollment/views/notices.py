"""Notices as PDF: of an application, of a person, and the invitations at 60 from a list. Printing is a disclosure, and each is recorded."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from enrollment.certification.windows import find_window
from enrollment.constants import NoticeKind
from enrollment.eligibility.rules import appeal_days
from enrollment.forms import InformedForm, NoticeForm
from enrollment.models import Application
from enrollment.presenters.notices import LEGAL, NoticeFacts, kinds_of, notice_parts, notice_title
from enrollment.selectors.applications import get_version, list_steps
from enrollment.selectors.notices import MOST_INVITED, list_informed, list_notices, list_turning_60
from enrollment.selectors.reading import get_application_shown
from enrollment.services.notices import record_informed, record_notices
from enrollment.services.preparing import missing_papers
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event, record_list
from foundation.documents.print_sheets import Part
from foundation.policy.selectors import ParameterMissing, get_parameter
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.primitives.ids import read_id
from foundation.regions.models import Unit
from foundation.web.documents import head_of, send_pdf
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from registry.models import Person
from registry.selectors.numbers import list_masked_numbers, mask_first
from registry.selectors.persons import get_person

PER_PAGE = 30
PERSON_KINDS = (NoticeKind.INVITATION, NoticeKind.CERTIFICATION, NoticeKind.REMINDER)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_notices(request: ActorRequest, application_id: int) -> HttpResponse:
    """Show the notices handed out for the person and those that can be printed: a part of the application's page, or a page."""
    actor = request.actor
    application = get_application_shown(actor, application_id)
    record_event(
        actor=actor,
        verb="read_notices",
        object_type="person",
        object_id=application.person_id,
        outcome=Outcome.READ,
        detail={"application": application.pk},
    )
    kinds = kinds_of(application, missing=_missing(application))
    context = {
        "application": application,
        "person": application.person,
        "notices": list_notices(actor, application.person),
        "informed": list_informed(actor, application.person),
        "print_url": reverse("application_notice_print", args=[application.pk]),
        "notice_form": NoticeForm(kinds=kinds, auto_id="notice_%s", initial={"purpose": _("Handed to the applicant")})
        if kinds and may_print(actor)
        else None,
        "informed_form": InformedForm(auto_id="informed_%s", initial={"informed_on": clock.today()})
        if actor.may(Action.PREPARE_APPLICATION)
        else None,
    }
    return render(request, "enrollment/notices_part.html" if is_part(request) else "enrollment/notices.html", context)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_notice(request: ActorRequest, application_id: int) -> HttpResponse:
    """Send a notice of an application as PDF. Effects: one Notice, one Disclosure."""
    actor, application = request.actor, get_application_shown(request.actor, application_id)
    missing = _missing(application)
    form = NoticeForm(request.POST, kinds=kinds_of(application, missing=missing))
    if not form.is_valid():
        back_url = reverse("application", args=[application.pk])
        return refuse(request, BadInput(_("Choose a notice that fits, and enter the purpose.")), back_url=back_url)
    facts = NoticeFacts(
        person=application.person,
        number=mask_first(application.stored_number),  # type: ignore[attr-defined]
        application=application,
        missing=missing,
        steps=list_steps(application),
        appeal_days=appeal_days(application),
        details=get_version(application).details,
    )
    kind = NoticeKind(form.cleaned_data["kind"])
    record_notices(
        actor=actor,
        people=[(application.person, application)],
        kind=kind,
        purpose=form.cleaned_data["purpose"],
        at=clock.now(),
    )
    parts = notice_parts(kind, facts, with_english=form.cleaned_data["with_english"])
    return send_notice(request, kind, parts, unit=application.county, number=application.pk)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_person_notice(request: ActorRequest, person_id: int) -> HttpResponse:
    """Send an invitation or a reminder to a person without an application as PDF. Effects: one Notice, one Disclosure."""
    actor, person = request.actor, get_person(request.actor, person_id)
    form = NoticeForm(request.POST, kinds=PERSON_KINDS)
    if not form.is_valid():
        back_url = reverse("person", args=[person.pk])
        return refuse(request, BadInput(_("Choose a notice that fits, and enter the purpose.")), back_url=back_url)
    kind = NoticeKind(form.cleaned_data["kind"])
    numbers = list_masked_numbers(actor, [person.pk])
    window = (
        find_window(person=person, day=clock.today(), known=clock.now()) if kind == NoticeKind.CERTIFICATION else None
    )
    facts = NoticeFacts(
        person,
        numbers.get(person.pk, ""),
        turns_60_on=_birthday(person, _benefit_age(person.county)),
        certify_by=window.window_last if window and not window.is_over else None,
        is_visited=window is not None and window.needs_visit,
    )
    purpose = form.cleaned_data["purpose"]
    record_notices(actor=actor, people=[(person, None)], kind=kind, purpose=purpose, at=clock.now())
    parts = notice_parts(kind, facts, with_english=form.cleaned_data["with_english"])
    return send_notice(request, kind, parts, unit=person.county, number=person.pk)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_invitations(request: ActorRequest) -> HttpResponse:
    """List who turns 60 soon, with the invitation handed out last. Seven queries whatever the rows."""
    actor = request.actor
    page = Paginator(list_turning_60(actor), PER_PAGE).get_page(request.GET.get("page"))
    record_list(actor=actor, name="enrolment_invitations", count=page.paginator.count, shown=len(page.object_list))
    context = {
        "page": page,
        "rows": [(gap, mask_first(gap.stored_number)) for gap in page.object_list],  # type: ignore[attr-defined]
        "most": MOST_INVITED,
        "purpose_form": PurposeForm(initial={"purpose": _("Invitation to claim the benefit")}, auto_id="invite_%s")
        if may_print(actor)
        else None,
    }
    return render(request, "enrollment/invitations.html", context)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_invitations(request: ActorRequest) -> HttpResponse:
    """Send the invitations of those selected, or of all, as one PDF, a sheet each. Effects: a Notice each, one Disclosure."""
    actor, back_url = request.actor, reverse("enrolment_invitations")
    purpose = PurposeForm(request.POST)
    chosen = [number for text in request.POST.getlist("person") if (number := read_id(text))]
    everybody = request.POST.get("whole") == "yes"
    if not purpose.is_valid() or not (chosen or everybody):
        words = _("Select who is invited, and enter the purpose of the printout.")
        return refuse(request, BadInput(words, code="nobody_chosen"), back_url=back_url)
    gaps = list(list_turning_60(actor, None if everybody else chosen)[: MOST_INVITED + 1])
    if not gaps or len(gaps) > MOST_INVITED:
        words = _("Print between 1 and %(most)s invitations at once.") % {"most": MOST_INVITED}
        return refuse(request, BadInput(words, code="too_many_rows"), back_url=back_url)
    people = list({gap.person_id: gap for gap in gaps if gap.person}.values())
    record_notices(
        actor=actor,
        people=[(gap.person, None) for gap in people if gap.person],
        kind=NoticeKind.INVITATION,
        purpose=purpose.cleaned_data["purpose"],
        at=clock.now(),
    )
    ages = {gap.county_id: _benefit_age(gap.county) for gap in people}
    parts: list[Part] = []
    for gap in people:
        assert gap.person is not None
        facts = NoticeFacts(
            gap.person,
            mask_first(gap.stored_number),  # type: ignore[attr-defined]
            turns_60_on=_birthday(gap.person, ages[gap.county_id]),
        )
        parts += notice_parts(NoticeKind.INVITATION, facts, with_english=False, begins_page=bool(parts))
    unit = Unit.objects.get(pk=actor.unit_id)
    return send_notice(request, NoticeKind.INVITATION, parts, unit=unit, number=len(people))


@sensitive_post_parameters("note")
@requires(Action.PREPARE_APPLICATION)
@require_POST
def log_informed(request: ActorRequest, person_id: int) -> HttpResponse:
    """Record that a person was told of the scheme."""
    back_url = reverse("person", args=[get_person(request.actor, person_id).pk])
    form = InformedForm(request.POST)
    if not form.is_valid():
        words = "; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())
        return refuse(request, BadInput(words), back_url=back_url)
    try:
        record_informed(actor=request.actor, person_id=person_id, at=clock.now(), **form.cleaned_data)
    except BadInput as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Recorded."))
    return redirect(back_url)


def may_print(actor: Actor) -> bool:
    """Return whether somebody may hand out notices."""
    return actor.may(Action.PREPARE_APPLICATION) or actor.may(Action.EXPORT_LISTS)


def send_notice(request: ActorRequest, kind: NoticeKind, parts: list[Part], *, unit: Unit, number: int) -> HttpResponse:
    """Send a notice; its head and its foot are in the language of the law too."""
    with override(LEGAL):
        head = head_of(request, title=notice_title(kind), unit=unit, as_of=None, at=clock.now())
        name = f"{notice_title(kind)}_{number}_{clock.today():%Y%m%d}.pdf"
        return send_pdf(head, parts, name=name, is_signed=False, is_letter=True)


def _missing(application: Application) -> list:
    """List the papers that are missing while the application lies with the applicant; none where no rule is stated."""
    if application.decided_on is not None:
        return []
    try:
        return missing_papers(application)
    except ParameterMissing:
        return []


def _benefit_age(county: Unit) -> int:
    return int(get_parameter("benefit_age_years", unit=county, on=clock.today()).value)


def _birthday(person: Person, years: int) -> date | None:
    """Return the day a person reaches an age; born on 29 February, the 28th where the year has none."""
    born = person.birth_date
    if born is None:
        return None
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return born.replace(year=born.year + years, day=28)
