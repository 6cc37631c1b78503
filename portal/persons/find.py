"""Finding a person by what a clerk types; the conclusion and the open gaps are beside each hit.

What was typed is answered at once and stays in the box of that answer; it is never part of an address and stored nowhere. The session
keeps the ids found, so that the way back from a person's page leads to the same list, with an empty box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from casework.presenters.gaps import ShownGap, settled_reason, shown_gap
from casework.selectors.subjects_work import list_open_gaps_of
from coverage.presenters.codes import verdict_tone, verdict_words
from coverage.selectors.persons import list_current_verdicts
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from registry.presenters.file_words import roll_status_words
from registry.selectors.numbers import list_masked_numbers
from registry.selectors.persons import MOST_FOUND, FoundPerson, list_people
from registry.selectors.roll_search import MOST_LINES, RollLine, list_roll_lines
from registry.services.roll_searching import find_roll_lines
from registry.services.searching import Doubt, Found, find_persons, understand

FOUND_KEY, LINES_KEY, DOUBT_KEY = "found_persons", "found_roll_lines", "found_doubt"


@dataclass(frozen=True)
class FoundRow:
    """One person found as the list shows them: the masked number, the conclusion, the open gaps."""

    person: FoundPerson
    number: str
    verdict: str
    tone: str
    gaps: list[ShownGap]


@sensitive_post_parameters("q")
@sensitive_variables("typed")
@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_http_methods(["GET", "POST"])
def find_person(request: ActorRequest) -> HttpResponse:
    """Look a person up; one hit opens the page, several are listed, and so is one whose number is nearly what was typed."""
    if request.method == "GET":
        return _show(request)
    typed = request.POST.get("q", "")
    try:
        wanted = understand(typed)
        found = find_persons(actor=request.actor, wanted=wanted, at=clock.now())
    except (BadInput, Conflict) as refusal:
        for key in (FOUND_KEY, LINES_KEY, DOUBT_KEY):
            request.session.pop(key, None)
        return _show(request, typed, refusal=refusal)
    lines = find_roll_lines(actor=request.actor, wanted=wanted, near=found.near)
    request.session[FOUND_KEY] = found.ids
    request.session[LINES_KEY] = [(line.scheme, line.roll_no) for line in lines]
    request.session[DOUBT_KEY] = found.doubt
    return redirect("person", found.ids[0]) if _is_one(request, found, lines) else _show(request, typed)


def _is_one(request: ActorRequest, found: Found, lines: Sequence[RollLine]) -> bool:
    """Answer whether one person was found for certain, and no line of a roll with another name."""
    if len(found.ids) != 1 or found.doubt:
        return False
    return {line.name for line in lines} <= {person.name for person in list_people(request.actor, found.ids)}


def _show(request: ActorRequest, typed: str = "", *, refusal: BadInput | Conflict | None = None) -> HttpResponse:
    ids = request.session.get(FOUND_KEY)
    people = list_people(request.actor, ids or [])
    lines = list_roll_lines(
        request.actor, [(scheme, roll_no) for scheme, roll_no in request.session.get(LINES_KEY, [])]
    )
    if ids is not None:
        count = len(people) + len(lines)
        record_list(actor=request.actor, name="find_person", count=count, shown=count)
    context = {
        "typed": typed,
        "refusal": refusal,
        "doubt": _doubt_words(request.session.get(DOUBT_KEY, ""), bool(people or lines)),
        "rows": _rows(request, people),
        "lines": [(line, roll_status_words(line.scheme, line.status)) for line in lines],
        "most_lines": MOST_LINES,
        "lines_are_cut": len(lines) >= MOST_LINES,
        "searched": ids is not None,
        "most_found": MOST_FOUND,
        "is_cut": len(people) >= MOST_FOUND,
        "may_work": request.actor.may(Action.TAKE_CASE),
    }
    status = 200 if refusal is None else 400 if isinstance(refusal, BadInput) else 409
    return render(request, "person/find.html", context, status=status)


def _rows(request: ActorRequest, people: Sequence[FoundPerson]) -> list[FoundRow]:
    ids = [person.id for person in people]
    numbers = list_masked_numbers(request.actor, ids)
    verdicts, gaps = list_current_verdicts(request.actor, ids), list_open_gaps_of(request.actor, ids)
    now = clock.now()
    return [
        FoundRow(
            person,
            numbers.get(person.id, ""),
            verdict_words(verdicts[person.id]) if person.id in verdicts else "",
            verdict_tone(verdicts[person.id]) if person.id in verdicts else "",
            [shown_gap(gap, now, settled=settled_reason(case)) for gap, case in gaps.get(person.id, [])],
        )
        for person in people
    ]


def _doubt_words(doubt: str, is_found: bool) -> str:
    """State what is doubtful about the number that was typed, and whether those listed may be meant."""
    words = {
        Doubt.CHECK: _("The check character of this number is wrong, and nobody has it."),
        Doubt.LENGTH: _("This number has not eighteen characters, and nobody has it."),
        Doubt.NEAR: _("Nobody has this number."),
        Doubt.LIMIT: _("Nobody has this number. Similar numbers are not offered any more within this hour."),
    }
    if doubt not in Doubt.values:
        return ""
    text = str(words[Doubt(doubt)])
    offer = _("Those listed have a number that differs by one digit: compare the card.")
    return f"{text} {offer}" if is_found else text
