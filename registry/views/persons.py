"""Comparing the number on a card with a person's, and showing a whole number for a purpose. Nothing typed is ever part of an address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import refuse
from registry.selectors.persons import get_person
from registry.services.comparing_numbers import compare_number
from registry.services.showing import show_numbers


@never_cache
@requires(Action.SHOW_NUMBER)
@require_POST
def show_number(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show a person's whole numbers for a stated purpose; in place with htmx, else as a page of its own."""
    back_url = reverse("person", args=[person_id])
    try:
        numbers = show_numbers(
            actor=request.actor, person_id=person_id, purpose=request.POST.get("purpose", ""), at=clock.now()
        )
    except (BadInput, Conflict) as refusal:
        if is_part(request):
            return render(request, "person/number_refused.html", {"refusal": refusal, "person_id": person_id})
        return refuse(request, refusal, back_url=back_url)
    context: dict[str, object] = {"numbers": numbers, "back_url": back_url}
    if is_part(request):
        return render(request, "person/number_shown.html", context)
    return render(request, "person/number_page.html", context | {"person": get_person(request.actor, person_id)})


@sensitive_post_parameters("number")
@sensitive_variables("typed")
@never_cache
@requires(Action.SHOW_NUMBER)
@require_POST
def compare_card(request: ActorRequest, person_id: int) -> HttpResponse:
    """Answer whether the number on a card is the person's; in place with htmx, else as a page of its own."""
    back_url, typed = reverse("person", args=[person_id]), request.POST.get("number", "")
    try:
        is_same = compare_number(actor=request.actor, person_id=person_id, typed=typed, at=clock.now())
    except (BadInput, Conflict) as refusal:
        if is_part(request):
            return render(request, "person/number_refused.html", {"refusal": refusal, "person_id": person_id})
        return refuse(request, refusal, back_url=back_url)
    context: dict[str, object] = {"is_same": is_same, "back_url": back_url}
    if is_part(request):
        return render(request, "person/number_compared.html", context)
    return render(
        request, "person/number_compared_page.html", context | {"person": get_person(request.actor, person_id)}
    )
