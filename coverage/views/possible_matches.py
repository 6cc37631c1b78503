"""Candidate pairs 疑似匹配: one card a person, a word on each pair, the next card at once; what was decided, and undoing it.

Browsers without scripts send plain forms and are led on; static/js/possible_matches.js sends the same forms and swaps the parts.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from coverage.constants import PairDecision
from coverage.forms import PossibleMatchFilter
from coverage.models import MatchDecision
from coverage.presenters.possible_matches import pattern_words, rank_words, shown_match, shown_side, unit_codes
from coverage.selectors.persons import get_person_with_code
from coverage.selectors.possible_matches import (
    Card,
    MatchFilter,
    WaitingPair,
    cards_of,
    count_patterns,
    list_decisions,
    list_possible_matches,
    list_waiting,
    read_pattern,
)
from coverage.services.decisions import decide_pair, may_be_undone, place_of, undo_decision
from coverage.services.showing_numbers import show_pair_numbers
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_places
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict, DomainError
from foundation.regions.models import Unit
from foundation.web.forms import ShowNumberForm
from foundation.web.refusals import refuse
from registry.selectors.persons import list_designations, list_identifiers
from registry.selectors.roll_lines import read_lines
from registry.services.person_file import list_members
from registry.services.showing import whole_numbers

PER_PAGE = 50
LEAST_ALIKE = 20
FILTERS = ("state", "unit", "pattern")


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_possible_matches(request: ActorRequest) -> HttpResponse:
    """Show the list with one card: `person`'s, else the first; with htmx the card alone. The look is recorded.

    Twelve queries with the frame's three, whatever the number of pairs.
    """
    wanted = _wanted(request.GET)
    pairs = list_waiting(request.actor, wanted)
    cards = cards_of(pairs, wanted.pattern)
    place = _place_of(cards, request.GET.get("person", ""))
    context = _card(request, wanted, cards, place)
    if is_part(request):
        return render(request, "possible_matches/card.html", context)
    places = list_places(request.actor, wanted.unit_code)
    patterns = [(pattern, f"{count} · {pattern_words(pattern)}") for pattern, count in count_patterns(pairs)]
    context |= {
        "form": PossibleMatchFilter(_asked(wanted), places=places, patterns=patterns),
        "alike": _count_alike(pairs, wanted.pattern),
        "pattern": wanted.pattern,
        "pattern_text": pattern_words(wanted.pattern),
    }
    return render(request, "possible_matches/possible_matches.html", context)


@sensitive_post_parameters("note")
@requires(Action.DECIDE_PAIR)
@require_POST
def decide(request: ActorRequest) -> HttpResponse:
    """Write one word on one pair; answer with what was done and the card that follows.

    `shown` is the person whose card the browser put up already, read ahead: then only what was done is answered.
    """
    back_url = _address(_wanted(request.POST), request.POST.get("person", ""))
    try:
        decision = decide_pair(
            actor=request.actor,
            link_id=_number(request.POST.get("link", "")),
            decision=request.POST.get("decision", ""),
            note=request.POST.get("note", ""),
            at=clock.now(),
        )
    except (BadInput, Conflict) as refusal:
        return _refused(request, refusal, back_url)
    return _after(request, decision, _done_words(decision))


@requires(Action.DECIDE_PAIR)
@require_POST
def undo(request: ActorRequest, decision_id: int) -> HttpResponse:
    """Take one decision back; the pair waits again."""
    try:
        decision = undo_decision(actor=request.actor, decision_id=decision_id, at=clock.now())
    except Conflict as refusal:
        return _refused(request, refusal, reverse("possible_matches_decided"))
    messages.success(request, _("Undone: the pair waits again. What a night drew from it, the next one takes back."))
    return redirect(_address(MatchFilter(), str(decision.person_id)))


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_decided(request: ActorRequest) -> HttpResponse:
    """List what was decided, newest first, with undo where it may still be undone."""
    page = Paginator(list_decisions(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    may_decide = request.actor.may(Action.DECIDE_PAIR)
    names = names_of(name for each in page for name in (each.decided_by, each.undone_by))
    rows = [
        (
            each,
            names.get(each.decided_by, each.decided_by),
            names.get(each.undone_by, each.undone_by),
            may_decide and may_be_undone(each, at=clock.now()),
        )
        for each in page
    ]
    return render(request, "possible_matches/decided.html", {"page": page, "rows": rows})


@sensitive_post_parameters("purpose")
@sensitive_variables("shown")
@never_cache
@requires(Action.SHOW_NUMBER)
@require_POST
def show_numbers(request: ActorRequest, link_id: int) -> HttpResponse:
    """Show both sides' whole numbers for a stated purpose; logged, and limited as on the person's page."""
    form = ShowNumberForm(request.POST)
    purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
    try:
        shown = show_pair_numbers(actor=request.actor, link_id=link_id, purpose=purpose, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return _refused(request, refusal, _address(MatchFilter(), ""))
    return render(
        request,
        "possible_matches/numbers.html",
        {"shown": shown, "back_url": _address(MatchFilter(), str(shown.person_id))},
    )


def _after(request: ActorRequest, decision: MatchDecision, words: str) -> HttpResponse:
    wanted = _wanted(request.POST)
    if not is_part(request):
        messages.success(request, words)
        return redirect(_address(wanted, request.POST.get("next", "")))
    cards = cards_of(list_waiting(request.actor, wanted), wanted.pattern)
    shown = request.POST.get("shown", "")
    still = any(str(card.person_id) == str(decision.person_id) and not card.could_not_tell for card in cards)
    person = shown or (str(decision.person_id) if still else request.POST.get("next", ""))
    context: dict[str, Any] = {"words": words, "decision": decision, "left": len(cards)}
    if not shown:
        context |= _card(request, wanted, cards, _place_of(cards, person))
        context["with_card"] = True
    return render(request, "possible_matches/done.html", context)


def _card(request: ActorRequest, wanted: MatchFilter, cards: list[Card], place: int | None) -> dict[str, Any]:
    """Put one card together. Seven queries with the line that records the look."""
    actor = request.actor
    context: dict[str, Any] = {"cards": len(cards), "filters": _hidden(wanted), "query": _query(wanted)}
    if place is None:
        return context
    card = cards[place]
    person, code = get_person_with_code(actor, card.person_id)
    record_event(
        actor=actor, verb="read_possible_matches", object_type="person", object_id=person.pk, outcome=Outcome.READ
    )
    links = list_possible_matches(actor, card.links)
    lines = read_lines(map(place_of, links), {link.delivery.snapshot for link in links})
    numbers = whole_numbers(list_identifiers(actor, person))
    designations = [each for each in list_designations(actor, person) if each.valid_to is None]
    household = dict.fromkeys(each.person.name for each in list_members(actor, person, designations))
    places = _names(unit_codes(list(lines.values()), numbers))
    return context | {
        "card": card,
        "number": place + 1,
        "why_here": rank_words(card.rank),
        "side": shown_side(
            actor, person, code, numbers=numbers, designations=designations, household=list(household), places=places
        ),
        "matches": [
            shown_match(actor, link, lines.get(place_of(link)), key, person=person, numbers=numbers, places=places)
            for key, link in enumerate(links, 1)
        ],
        "previous": cards[place - 1].person_id if place else None,
        "next": cards[place + 1].person_id if place + 1 < len(cards) else None,
        "decisions": PairDecision.choices,
        "may_decide": actor.may(Action.DECIDE_PAIR),
        "may_show_number": actor.may(Action.SHOW_NUMBER),
    }


def _names(codes: set[str]) -> dict[str, str]:
    """Code -> name, of a village its own, of a county the whole; a code that ended keeps its name. One query."""
    units = Unit.objects.filter(code__in=codes).order_by("code", "valid_from")
    return {unit.code: unit.full_name if unit.code.endswith("000000") else unit.name for unit in units}


def _place_of(cards: list[Card], person: str) -> int | None:
    """Where a person's card stands; the first when it does not wait (any more)."""
    if not cards:
        return None
    return next((place for place, card in enumerate(cards) if str(card.person_id) == person), 0)


def _count_alike(pairs: list[WaitingPair], pattern: str) -> int:
    """Count the pairs of the chosen pattern when they are enough to be decided together."""
    count = sum(pair.pattern == pattern for pair in pairs) if pattern else 0
    return count if count >= LEAST_ALIKE else 0


def _wanted(data: QueryDict) -> MatchFilter:
    pattern, unit = data.get("pattern", ""), data.get("unit", "")
    return MatchFilter(
        state=data.get("state", ""),
        unit_code=unit if unit.isdecimal() else "",
        pattern=pattern if read_pattern(pattern) else "",
    )


def _asked(wanted: MatchFilter) -> dict[str, str]:
    return dict(zip(FILTERS, (wanted.state, wanted.unit_code, wanted.pattern), strict=True))


def _hidden(wanted: MatchFilter) -> dict[str, str]:
    return {name: value for name, value in _asked(wanted).items() if value}


def _query(wanted: MatchFilter) -> str:
    return urlencode(_hidden(wanted))


def _address(wanted: MatchFilter, person: str) -> str:
    query = urlencode(_hidden(wanted) | ({"person": person} if person else {}))
    return reverse("possible_matches") + (f"?{query}" if query else "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _done_words(decision: MatchDecision) -> str:
    """Say what was written and when it counts."""
    name = {"name": decision.person.name}
    words = {
        PairDecision.SAME: _("%(name)s: the same person. The next night confirms the line and draws the code."),
        PairDecision.NOT_SAME: _("%(name)s: not the same. The pair returns only if its evidence changes."),
        PairDecision.CANNOT_TELL: _("%(name)s: nobody can tell yet; the pair stands at the end of the list."),
        PairDecision.ASK_VILLAGE: _("%(name)s: the village is asked; the question stands in the person's case."),
    }
    return words[PairDecision(decision.decision)] % name


def _refused(request: ActorRequest, refusal: DomainError, back_url: str) -> HttpResponse:
    if not is_part(request):
        return refuse(request, refusal, back_url=back_url)
    status = 400 if isinstance(refusal, BadInput) else 409
    return render(request, "possible_matches/refused.html", {"refusal": refusal, "back_url": back_url}, status=status)
