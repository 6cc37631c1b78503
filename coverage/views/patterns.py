"""Agreement patterns decided as a batch: the preview of every match, the proposal, the second person's approval, undoing."""

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
from coverage.presenters.possible_matches import PairRow, describe_pattern, present_pair
from coverage.selectors.possible_matches import (
    get_pattern_decision,
    list_links_by_id,
    list_pattern_decisions,
    list_patterns_to_sign,
    pattern_text,
)
from coverage.services.decisions import place_of
from coverage.services.pattern_decisions import (
    get_pattern_offer,
    may_undo_pattern,
    propose_pattern,
    sign_pattern,
    undo_pattern,
    withdraw_pattern,
)
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import county_id_of
from foundation.accounts.selectors import names_of
from foundation.accounts.signing import may_sign
from foundation.audit.services import record_list
from foundation.policy.limits import undo_period
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import refuse
from registry.selectors.numbers import list_masked_numbers
from registry.selectors.roll_lines import read_lines

SHOWN_PATTERNS = 30
TO_SIGN = "to_sign"


@never_cache
@requires(Action.DECIDE_PAIR)
@require_safe
def show_pattern(request: ActorRequest) -> HttpResponse:
    """Show every undecided match of a pattern, the individual decisions on it, and earlier batch decisions: all, or those to sign."""
    pattern, to_sign = request.GET.get("pattern", ""), request.GET.get("state") == TO_SIGN
    listed = list_patterns_to_sign if to_sign else list_pattern_decisions
    earlier = listed(request.actor)[:SHOWN_PATTERNS]
    names = names_of(each.proposed_by for each in earlier)
    context: dict[str, object] = {
        "to_sign": to_sign,
        "earlier": [(each, _describe(each), names.get(each.proposed_by, each.proposed_by)) for each in earlier],
    }
    if pattern:
        try:
            offer = get_pattern_offer(request.actor, county_id_of(request.actor), pattern, on=clock.today())
        except BadInput as refusal:
            return refuse(request, refusal, back_url=reverse("possible_matches"))
        rows = _rows(request, list_links_by_id(request.actor, offer.link_ids))
        filters = {"pattern": pattern}
        record_list(actor=request.actor, name="match_pattern", count=len(rows), shown=len(rows), filters=filters)
        context |= {"offer": offer, "limits": offer.limits, "pattern_text": describe_pattern(pattern), "rows": rows}
    return render(request, "possible_matches/pattern.html", context)


@sensitive_post_parameters("note")
@requires(Action.DECIDE_PAIR)
@require_POST
def propose(request: ActorRequest) -> HttpResponse:
    """Propose one decision for every match of a pattern."""
    pattern, note = request.POST.get("pattern", ""), request.POST.get("note", "")
    try:
        proposed = propose_pattern(actor=request.actor, pattern=pattern, note=note, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=reverse("possible_matches"))
    messages.success(request, _("Proposed. A second person must review and approve it."))
    return redirect("match_pattern_decision", proposed.pk)


@never_cache
@requires(Action.DECIDE_PAIR)
@require_safe
def show_pattern_decision(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Show one proposed or signed batch decision with all its matches as proposed."""
    pattern, now = get_pattern_decision(request.actor, pattern_id), clock.now()
    rows, filters = _rows(request, list_links_by_id(request.actor, pattern.links)), {"patterndecision": pattern.pk}
    record_list(actor=request.actor, name="match_pattern", count=len(rows), shown=len(rows), filters=filters)
    context = {
        "pattern": pattern,
        "pattern_text": _describe(pattern),
        "acts": _acts(pattern),
        "rows": rows,
        "may_sign": may_sign(request.actor, pattern.people_behind),
        "may_undo": may_undo_pattern(pattern, at=now, period=undo_period(request.actor, on=now.date())),
    }
    return render(request, "possible_matches/pattern_decision.html", context)


def _acts(pattern: PatternDecision) -> list[tuple[str, str, datetime]]:
    """List what was done with a pattern, by whom and when."""
    names = names_of([pattern.proposed_by, pattern.ended_by, pattern.undone_by])
    acts = (
        (_("Proposed by"), pattern.proposed_by, pattern.proposed_at),
        (_("Approved or withdrawn by"), pattern.ended_by, pattern.ended_at),
        (_("Undone by"), pattern.undone_by, pattern.undone_at),
    )
    return [(words, names.get(who, who), at) for words, who, at in acts if at is not None]


@requires(Action.DECIDE_PAIR)
@require_POST
def sign(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Sign a colleague's proposal: its matches are decided."""

    def act() -> str:
        count = sign_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return ngettext("%(count)s match decided.", "%(count)s matches decided.", count) % {"count": count}

    return _act(request, pattern_id, act)


@requires(Action.DECIDE_PAIR)
@require_POST
def withdraw(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Withdraw a proposal."""

    def act() -> str:
        withdraw_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return _("Proposal withdrawn.")

    return _act(request, pattern_id, act)


@requires(Action.DECIDE_PAIR)
@require_POST
def undo(request: ActorRequest, pattern_id: int) -> HttpResponse:
    """Undo a signed batch decision as a whole."""

    def act() -> str:
        count = undo_pattern(actor=request.actor, pattern_id=pattern_id, at=clock.now())
        return ngettext(
            "%(count)s match is awaiting decision again.", "%(count)s matches are awaiting decision again.", count
        ) % {"count": count}

    return _act(request, pattern_id, act)


def _act(request: ActorRequest, pattern_id: int, act: Callable[[], str]) -> HttpResponse:
    try:
        words = act()
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("match_pattern_decision", args=[pattern_id]))
    messages.success(request, words)
    return redirect("match_pattern_decision", pattern_id)


def _describe(pattern: PatternDecision) -> str:
    return describe_pattern(pattern_text((pattern.scheme, pattern.rule, pattern.comparison_vector)))


def _rows(request: ActorRequest, links: Sequence[Link]) -> list[PairRow]:
    """Return each pair as one row; the roll lines are read once."""
    lines = read_lines(map(place_of, links))
    numbers = list_masked_numbers(request.actor, [link.person_id for link in links])
    return [present_pair(link, lines.get(place_of(link)), numbers.get(link.person_id, "")) for link in links]
