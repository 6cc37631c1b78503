"""Patterns of candidate pairs decided together: the preview of every pair, the proposal, the second person's word, undoing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from coverage.models import Link, PatternDecision
from coverage.presenters.possible_matches import ShownRow, pattern_words, shown_row
from coverage.selectors.possible_matches import (
    get_pattern_decision,
    list_pairs,
    list_pattern_decisions,
    pattern_text,
)
from coverage.services.decisions import place_of
from coverage.services.pattern_decisions import (
    LEAST_BY_HAND,
    LEAST_PAIRS,
    may_undo_pattern,
    offer_of,
    propose_pattern,
    sign_pattern,
    undo_pattern,
    withdraw_pattern,
)
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import county_of
from foundation.accounts.selectors import names_of
from foundation.accounts.signing import may_sign
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import refuse
from registry.selectors.roll_lines import read_lines
from registry.services.showing import masked_numbers

SHOWN_PATTERNS = 30


@never_cache
@requires(Action.DECIDE_PAIR)
@require_safe
def show_pattern(request: ActorRequest) -> HttpResponse:
    """Show every pair of a pattern that waits, what was decided of it by hand, and the words proposed before."""
    pattern = request.GET.get("pattern", "")
    earlier = list_pattern_decisions(request.actor)[:SHOWN_PATTERNS]
    names = names_of(each.proposed_by for each in earlier)
    context: dict[str, object] = {
        "earlier": [(each, _words(each), names.get(each.proposed_by, each.proposed_by)) for each in earlier]
    }
    if pattern:
        try:
            offer = offer_of(request.actor, county_of(request.actor), pattern)
        except BadInput as refusal:
            return refuse(request, refusal, back_url=reverse("possible_matches"))
        rows = _rows(request, list_pairs(request.actor, offer.link_ids))
        context |= {"offer": offer, "pattern_text": pattern_words(pattern), "rows": rows}
    context |= {"least_pairs": LEAST_PAIRS, "least_by_hand": LEAST_BY_HAND}
    return render(request, "possible_matches/pattern.html", context)


@sensitive_post_parameters("note")
@requires(Action.DECIDE_PAIR)
@require_POST
def propose(request: ActorRequest) -> HttpResponse:
    """Propose one word for every pair of a pattern."""
    pattern, note = request.POST.get("pattern", ""), request.POST.get("note", "")
    try:
        proposed = propose_pattern(actor=request.actor, pattern=pattern, note=note, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=reverse("possible_matches"))
    messages.success(request, _("Proposed. A second person looks at the pairs and signs."))
    return redirect("match_pattern_decision", proposed.pk)


@never_cache
@requires(Action.DECIDE_PAIR)
@require_safe
def show_pattern_decision(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Show one proposed or signed word with all its pairs as they were looked at."""
    pattern = get_pattern_decision(request.actor, pattern_id)
    context = {
        "pattern": pattern,
        "pattern_text": _words(pattern),
        "acts": _acts(pattern),
        "rows": _rows(request, list_pairs(request.actor, pattern.links)),
        "may_sign": may_sign(request.actor, pattern.people_behind),
        "may_undo": may_undo_pattern(pattern, at=clock.now()),
    }
    return render(request, "possible_matches/pattern_decision.html", context)


def _acts(pattern: PatternDecision) -> list[tuple[str, str, datetime]]:
    """List what was done with a pattern, by whom and when."""
    names = names_of([pattern.proposed_by, pattern.ended_by, pattern.undone_by])
    acts = (
        (_("Proposed by"), pattern.proposed_by, pattern.proposed_at),
        (_("Signed or withdrawn by"), pattern.ended_by, pattern.ended_at),
        (_("Undone by"), pattern.undone_by, pattern.undone_at),
    )
    return [(words, names.get(who, who), at) for words, who, at in acts if at is not None]


@requires(Action.DECIDE_PAIR)
@require_POST
def sign(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Sign a colleague's proposal: its pairs are decided."""

    def act() -> str:
        count = sign_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return ngettext("%(count)s pair is decided.", "%(count)s pairs are decided.", count) % {"count": count}

    return _act(request, pattern_id, act)


@requires(Action.DECIDE_PAIR)
@require_POST
def withdraw(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Take a proposal back."""

    def act() -> str:
        withdraw_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return _("The proposal is withdrawn.")

    return _act(request, pattern_id, act)


@requires(Action.DECIDE_PAIR)
@require_POST
def undo(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Undo a signed pattern whole."""

    def act() -> str:
        count = undo_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return ngettext("%(count)s pair waits again.", "%(count)s pairs wait again.", count) % {"count": count}

    return _act(request, pattern_id, act)


def _act(request: ActorRequest, pattern_id: int, act: Callable[[], str]) -> HttpResponse:
    try:
        words = act()
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("match_pattern_decision", args=[pattern_id]))
    messages.success(request, words)
    return redirect("match_pattern_decision", pattern_id)


def _words(pattern: PatternDecision) -> str:
    return pattern_words(pattern_text((pattern.scheme, pattern.rule, pattern.comparison_vector)))


def _rows(request: ActorRequest, links: Sequence[Link]) -> list[ShownRow]:
    """Each pair as one row; the roll lines are read once."""
    lines = read_lines(map(place_of, links))
    numbers = masked_numbers(request.actor, [link.person_id for link in links])
    return [
        shown_row(request.actor, link, lines.get(place_of(link)), numbers.get(link.person_id, "")) for link in links
    ]
