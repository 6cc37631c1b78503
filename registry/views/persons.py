"""Finding a person by what a clerk types, comparing the number on a card, and showing a whole number for a purpose.

Nothing typed is ever part of an address.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import refuse
from registry.presenters.file_words import roll_status_words
from registry.selectors.numbers import list_masked_numbers
from registry.selectors.persons import MOST_FOUND, get_person, list_people
from registry.selectors.roll_search import MOST_LINES, RollLine, list_roll_lines, may_search_rolls
from registry.services.comparing_numbers import compare_number
from registry.services.roll_searching import find_roll_lines
from registry.services.searching import Wanted, find_persons, part_is_unclear, understand
from registry.services.showing import show_numbers

FOUND_KEY, LINES_KEY = "found_persons", "found_roll_lines"


@sensitive_post_parameters("q")
@requires(Action.VIEW_CASE_DATA)
@require_http_methods(["GET", "POST"])
def find_person(request: ActorRequest) -> HttpResponse:
    """Look a person up; one hit opens the page, several are listed. The session stores ids, never what was typed."""
    if request.method == "GET":
        return _list_found(request)
    try:
        wanted = _understand(request)
        found = find_persons(actor=request.actor, wanted=wanted, at=clock.now())
    except (BadInput, Conflict) as refusal:
        request.session.pop(FOUND_KEY, None)
        request.session.pop(LINES_KEY, None)
        messages.warning(request, f"{refusal} {refusal.what_to_do}")
        return redirect("find_person")
    lines = find_roll_lines(actor=request.actor, wanted=wanted)
    request.session[FOUND_KEY] = found
    request.session[LINES_KEY] = [(line.scheme, line.roll_no) for line in lines]
    return redirect("person", found[0]) if _is_one(request, found, lines) else redirect("find_person")


def _understand(request: ActorRequest) -> Wanted:
    wanted = understand(request.POST.get("q", ""))
    if wanted.kind == "roll_no" and not may_search_rolls(request.actor):
        raise part_is_unclear()
    return wanted


def _is_one(request: ActorRequest, found: list[int], lines: list[RollLine]) -> bool:
    """Answer whether one person was found, and no line of a roll with another name."""
    if len(found) != 1:
        return False
    return {line.name for line in lines} <= {person.name for person in list_people(request.actor, found)}


@never_cache
def _list_found(request: ActorRequest) -> HttpResponse:
    ids = request.session.get(FOUND_KEY)
    people = list_people(request.actor, ids or [])
    numbers = list_masked_numbers(request.actor, [person.id for person in people])
    lines = list_roll_lines(
        request.actor, [(scheme, roll_no) for scheme, roll_no in request.session.get(LINES_KEY, [])]
    )
    if ids is not None:
        count = len(people) + len(lines)
        record_list(actor=request.actor, name="find_person", count=count, shown=count)
    context = {
        "rows": [(person, numbers.get(person.id, "")) for person in people],
        "lines": [(line, roll_status_words(line.scheme, line.status)) for line in lines],
        "most_lines": MOST_LINES,
        "lines_are_cut": len(lines) >= MOST_LINES,
        "searched": ids is not None,
        "most_found": MOST_FOUND,
        "is_cut": len(people) >= MOST_FOUND,
    }
    return render(request, "person/find.html", context)


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
