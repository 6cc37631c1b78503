"""A person's enrolment beside the person: applications, in whose books, temporary identity, years, account; and recording years."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from enrollment.forms import InformedForm, NoticeForm, YearsForm
from enrollment.presenters.applications import STATE_TONES
from enrollment.selectors.applications import list_of_ids
from enrollment.selectors.notices import find_temporary_identity, find_years, list_enrolments, list_informed
from enrollment.services.years import record_contribution_years
from enrollment.views.notices import PERSON_KINDS
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.refusals import refuse
from registry.selectors.bank_accounts import find_current_account
from registry.selectors.persons import get_person, list_ids_of_person


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_enrolment(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show a person's enrolment: a part of the person's page, or a page of its own. Twelve queries, the frame's three among them."""
    actor, person = request.actor, get_person(request.actor, person_id)
    ids = list_ids_of_person(person)
    applications = list_of_ids(actor, ids)
    record_event(
        actor=actor,
        verb="read_enrolment",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"applications": len(applications)},
    )
    context = {
        "person": person,
        "applications": [(each, STATE_TONES[each.state]) for each in applications],  # type: ignore[index]
        "enrolments": list_enrolments(actor, ids),
        "temporary": find_temporary_identity(actor, person),
        "account": find_current_account(actor, ids),
        "years": find_years(actor, person),
        "informed": list_informed(actor, person),
        "may_prepare": actor.may(Action.PREPARE_APPLICATION),
        "years_form": YearsForm(auto_id="years_%s", initial={"as_of_date": clock.today()})
        if actor.may(Action.CONFIRM_ENTRY)
        else None,
        "notice_form": NoticeForm(
            kinds=PERSON_KINDS, auto_id="notice_%s", initial={"purpose": _("Handed to the person")}
        )
        if actor.may(Action.PREPARE_APPLICATION)
        else None,
        "informed_form": InformedForm(auto_id="informed_%s", initial={"informed_on": clock.today()})
        if actor.may(Action.PREPARE_APPLICATION)
        else None,
    }
    return render(request, "enrollment/person_part.html" if is_part(request) else "enrollment/person.html", context)


@sensitive_post_parameters("source")
@requires(Action.CONFIRM_ENTRY)
@require_POST
def record_years(request: ActorRequest, person_id: int) -> HttpResponse:
    """Record how many years a person has paid for."""
    back_url = reverse("person", args=[get_person(request.actor, person_id).pk])
    form = YearsForm(request.POST)
    if not form.is_valid():
        words = "; ".join(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())
        return refuse(request, BadInput(words), back_url=back_url)
    try:
        record_contribution_years(actor=request.actor, person_id=person_id, at=clock.now(), **form.cleaned_data)
    except BadInput as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Years of contributions recorded."))
    return redirect(back_url)
