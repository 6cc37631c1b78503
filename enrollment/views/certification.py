"""Certification of life of one person: the window, the evidence known, and entering what somebody saw."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from enrollment.certification.inputs import read_evidence
from enrollment.certification.windows import find_window
from enrollment.forms import LifeEvidenceForm
from enrollment.presenters.certification import shown_evidence
from enrollment.services.life_evidence import record_life_evidence
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from registry.selectors.persons import get_person


@sensitive_post_parameters("note")
@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_http_methods(["GET", "POST"])
def show_certification(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show a person's window and evidence of life; record what whoever sends the form saw. Twelve queries."""
    actor, person, status = request.actor, get_person(request.actor, person_id), 200
    form = LifeEvidenceForm(request.POST or None, initial={"seen_on": clock.today()})
    if request.method == "POST":
        actor.demand(Action.FILE_REPORT)
        if form.is_valid():
            try:
                record_life_evidence(actor=actor, person_id=person.pk, at=clock.now(), **form.cleaned_data)
            except BadInput as refusal:
                form.add_error("source" if refusal.code == "source_missing" else "seen_on", str(refusal))
            else:
                messages.success(request, _("Evidence of life entered. The next nightly run counts it."))
                return redirect("person_certification", person_id=person.pk)
        status = 422
    day, known = clock.today(), clock.now()
    known_evidence = read_evidence(county=person.county, day=day, known=known, persons=[person.pk])
    evidence = shown_evidence(person, known_evidence, known)
    record_event(
        actor=actor,
        verb="read_certification",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"evidence": len(evidence)},
    )
    context = {
        "person": person,
        "window": find_window(person=person, day=day, known=known, evidence=known_evidence),
        "evidence": evidence,
        "form": form if actor.may(Action.FILE_REPORT) else None,
    }
    return render(request, "enrollment/certification.html", context, status=status)
