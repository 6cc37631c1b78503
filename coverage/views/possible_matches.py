"""Clerical review of possible matches 疑似匹配: one card a person, a decision on each match; the decided ones, and undoing.

Browsers without scripts send plain forms and are redirected; static/js/possible_matches.js sends the same forms and swaps parts.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from casework.presenters.questions import ShownQuestion, shown_questions
from casework.selectors.questions import list_questions_by_id
from coverage.constants import PairDecision
from coverage.forms import PossibleMatchFilter
from coverage.models import Link, MatchDecision
from coverage.presenters.possible_matches import (
    describe_pattern,
    describe_rank,
    present_match,
    present_person,
    unit_codes,
)
from coverage.selectors.persons import get_person_with_code
from coverage.selectors.possible_matches import (
    Card,
    MatchFilter,
    PossibleMatch,
    count_patterns,
    group_by_person,
    list_card_links,
    list_decisions,
    list_undecided_matches,
    read_pattern,
)
from coverage.services.decisions import decide_pair, may_be_undone, place_of, undo_decision
from coverage.services.showing_numbers import show_pair_numbers
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_places
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event, record_list
from foundation.policy.limits import pattern_limits, undo_period
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict, DomainError
from foundation.primitives.ids import read_id
from foundation.regions.models import Unit
from foundation.web.forms import ShowNumberForm
from foundation.web.refusals import refuse
from registry.selectors.numbers import decrypt_identifiers
from registry.selectors.person_file import list_household_members
from registry.selectors.persons import list_designations, list_identifiers
from registry.selectors.roll_lines import read_lines

PER_PAGE = 50
FILTERS = ("state", "unit", "pattern")


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_possible_matches(request: ActorRequest) -> HttpResponse:
    """Show the list with one card: `person`'s, else the first; with htmx the card alone. The access is recorded.

    Thirteen queries with the frame's three, whatever the number of matches.
    """
    wanted = _wanted(request.GET)
    matches = list_undecided_matches(request.actor, wanted)
    cards = group_by_person(matches, wanted.pattern)
    place = _place_of(cards, request.GET.get("person", ""))
    context = _card(request, wanted, cards, place)
    if is_part(request):
        return render(request, "possible_matches/card.html", context)
    places = list_places(request.actor, wanted.unit_code)
    patterns = [(pattern, f"{count} · {describe_pattern(pattern)}") for pattern, count in count_patterns(matches)]
    context |= {
        "form": PossibleMatchFilter(_asked(wanted), places=places, patterns=patterns),
        "alike": _count_alike(request.actor, matches, wanted.pattern),
        "pattern": wanted.pattern,
        "pattern_text": describe_pattern(wanted.pattern),
    }
    return render(request, "possible_matches/possible_matches.html", context)


@sensitive_post_parameters("note")
@requires(Action.DECIDE_PAIR)
@require_POST
def decide(request: ActorRequest) -> HttpResponse:
    """Record a decision on one match; answer with what was done and the card that follows.

    `shown` is the person whose card the browser shows already, loaded ahead: then only what was done is answered.
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
    return _after(request, decision, _describe_result(decision))


@requires(Action.DECIDE_PAIR)
@require_POST
def undo(request: ActorRequest, decision_id: int) -> HttpResponse:
    """Undo one decision; the match is undecided again."""
    try:
        decision = undo_decision(actor=request.actor, decision_id=decision_id, at=clock.now())
    except Conflict as refusal:
        return _refused(request, refusal, reverse("possible_matches_decided"))
    messages.success(
        request,
        _("Undone: the match is awaiting decision again. The next nightly run reverses any conclusion drawn from it."),
    )
    return redirect(_address(MatchFilter(), str(decision.person_id)))


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_decided(request: ActorRequest) -> HttpResponse:
    """List what was decided, newest first, with undo where it may still be undone."""
    page = Paginator(list_decisions(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    may_decide, now = request.actor.may(Action.DECIDE_PAIR), clock.now()
    period = undo_period(request.actor, on=now.date())
    names = names_of(name for each in page for name in (each.decided_by, each.undone_by))
    rows = [
        (
            each,
            names.get(each.decided_by, each.decided_by),
            names.get(each.undone_by, each.undone_by),
            may_decide and may_be_undone(each, at=now, period=period),
        )
        for each in page
    ]
    record_list(actor=request.actor, name="decided_matches", count=page.paginator.count, shown=len(rows))
    return render(request, "possible_matches/decided.html", {"page": page, "rows": rows, "may_work": may_decide})


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
    cards = group_by_person(list_undecided_matches(request.actor, wanted), wanted.pattern)
    shown = request.POST.get("shown", "")
    still = any(str(card.person_id) == str(decision.person_id) and not card.could_not_tell for card in cards)
    person = shown or (str(decision.person_id) if still else request.POST.get("next", ""))
    context: dict[str, Any] = {"words": words, "decision": decision, "left": len(cards)}
    if not shown:
        context |= _card(request, wanted, cards, _place_of(cards, person))
        context["with_card"] = True
    return render(request, "possible_matches/done.html", context)


def _card(request: ActorRequest, wanted: MatchFilter, cards: list[Card], place: int | None) -> dict[str, Any]:
    """Return the context of one card. Seven queries with the one that records the access."""
    actor = request.actor
    context: dict[str, Any] = {"cards": len(cards), "filters": _hidden(wanted), "query": _query(wanted)}
    if place is None:
        return context
    card = cards[place]
    person, code = get_person_with_code(actor, card.person_id)
    record_event(
        actor=actor, verb="read_possible_matches", object_type="person", object_id=person.pk, outcome=Outcome.READ
    )
    links = list_card_links(actor, card.links)
    lines = read_lines(map(place_of, links), {link.delivery.snapshot for link in links})
    numbers = decrypt_identifiers(list_identifiers(actor, person))
    designations = [each for each in list_designations(actor, person) if each.valid_to is None]
    household = dict.fromkeys(each.person.name for each in list_household_members(actor, person, designations))
    places = _names(unit_codes(lines.values()))
    asked = _asked_of(actor, links)
    return context | {
        "card": card,
        "number": place + 1,
        "why_here": describe_rank(card.rank),
        "side": present_person(person, code, numbers=numbers, designations=designations, household=list(household)),
        "matches": [
            present_match(
                link,
                lines.get(place_of(link)),
                key,
                person=person,
                numbers=numbers,
                places=places,
                asked=asked.get(link.pk),
            )
            for key, link in enumerate(links, 1)
        ],
        "previous": cards[place - 1].person_id if place else None,
        "next": cards[place + 1].person_id if place + 1 < len(cards) else None,
        "decisions": PairDecision.choices,
        "may_decide": actor.may(Action.DECIDE_PAIR),
        "may_show_number": actor.may(Action.SHOW_NUMBER),
    }


def _asked_of(actor: Actor, links: Sequence[Link]) -> dict[int, ShownQuestion]:
    """Return link id -> what the village was asked about the pair, with its answers. Four queries, none where nothing was asked."""
    ids = {link.pk: link.before["question"] for link in links if link.before and link.before["question"]}  # type: ignore[attr-defined]
    found = list_questions_by_id(actor, ids.values())
    by_id = {each.question.pk: each for each in shown_questions(found.values(), today=clock.today())}
    return {link_id: by_id[question_id] for link_id, question_id in ids.items() if question_id in by_id}


def _names(codes: set[str]) -> dict[str, str]:
    """Return code -> name, of a village its own, of a county the full one; a code that ended keeps its name. One query."""
    units = Unit.objects.filter(code__in=codes).order_by("code", "valid_from")
    return {unit.code: unit.full_name if unit.code.endswith("000000") else unit.name for unit in units}


def _place_of(cards: list[Card], person: str) -> int | None:
    """Return the place of a person's card; the first when the person has no undecided match."""
    if not cards:
        return None
    return next((place for place, card in enumerate(cards) if str(card.person_id) == person), 0)


def _count_alike(actor: Actor, matches: list[PossibleMatch], pattern: str) -> int:
    """Count the matches of the chosen pattern when they are enough to be decided as a batch."""
    if not pattern:
        return 0
    count = sum(match.pattern == pattern for match in matches)
    return count if count >= pattern_limits(actor, on=clock.today()).least_matches else 0


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
    return read_id(text) or 0


def _describe_result(decision: MatchDecision) -> str:
    """Return what was decided and when it takes effect."""
    name = {"name": decision.person.name}
    texts = {
        PairDecision.SAME: _(
            "%(name)s: same person. The next nightly run confirms the roll record and updates the conclusion."
        ),
        PairDecision.NOT_SAME: _("%(name)s: not the same. The match reappears only if the evidence changes."),
        PairDecision.CANNOT_TELL: _("%(name)s: cannot tell yet; moved to the end of the list."),
        PairDecision.ASK_VILLAGE: _("%(name)s: village asked; the question has been added to the person's case."),
    }
    return texts[PairDecision(decision.decision)] % name


def _refused(request: ActorRequest, refusal: DomainError, back_url: str) -> HttpResponse:
    if not is_part(request):
        return refuse(request, refusal, back_url=back_url)
    status = 400 if isinstance(refusal, BadInput) else 409
    return render(request, "possible_matches/refused.html", {"refusal": refusal, "back_url": back_url}, status=status)
