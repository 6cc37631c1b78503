"""One decision for every possible match of an agreement pattern: proposed by one person, signed by another.

It can be proposed when enough individual decisions on the pattern agree (foundation/policy/limits.py), and undone as a whole
within the period for undoing. The matches are fixed when it is proposed; one that changed or was decided meanwhile is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from coverage.constants import FINAL_DECISIONS, PairDecision, PatternState
from coverage.models import Link, MatchDecision, PatternDecision
from coverage.selectors.possible_matches import (
    MatchFilter,
    get_pattern_decision,
    list_links_by_id,
    list_undecided_matches,
    read_pattern,
)
from coverage.services.decisions import (
    current_decisions,
    demand_note_for_other_names,
    locked_links,
    place_of,
    record_decisions,
    withdraw_questions_of,
)
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.accounts.signing import demand_signature, people_behind
from foundation.audit.services import record_event
from foundation.policy.limits import PatternLimits, pattern_limits, undo_period
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit


@dataclass(frozen=True)
class PatternOffer:
    """What may be decided as a batch: a pattern's undecided matches, and the decision the last individual ones agree on.

    `by_hand` counts those individual decisions; `proposed` is a proposal already awaiting approval by a second person.
    """

    pattern: str
    link_ids: tuple[int, ...]
    agreed: PairDecision | None
    by_hand: int
    limits: PatternLimits
    proposed: PatternDecision | None

    @property
    def is_open(self) -> bool:
        """Return whether enough matches are undecided and enough individual decisions agree."""
        return self.agreed is not None and len(self.link_ids) >= self.limits.least_matches


def get_pattern_offer(actor: Actor, county_id: int, pattern: str, *, on: date) -> PatternOffer:
    """Return what of an agreement pattern may be decided as a batch. Four queries. Errors: BadInput for no pattern."""
    limits = pattern_limits(actor, on=on)
    read = read_pattern(pattern)
    if read is None:
        raise BadInput(_("Choose an agreement pattern first."), code="pattern_unknown")
    scheme, rule, vector = read
    links = [match.link_id for match in list_undecided_matches(actor, MatchFilter()) if match.pattern == pattern]
    by_hand = MatchDecision.objects.as_known().filter(
        county=county_id, pattern=None, scheme=scheme, rule=rule, comparison_vector=vector, decision__in=FINAL_DECISIONS
    )  # fmt: skip
    last = list(by_hand.order_by("-recorded_at", "-id").values_list("decision", flat=True)[: limits.least_decided])
    agreed = PairDecision(last[0]) if len(last) == limits.least_decided and len(set(last)) == 1 else None
    proposed = PatternDecision.objects.filter(
        county=county_id, scheme=scheme, rule=rule, comparison_vector=vector, state=PatternState.PROPOSED
    ).first()
    return PatternOffer(pattern, tuple(links), agreed, len(last), limits, proposed)


@transaction.atomic
def propose_pattern(*, actor: Actor, pattern: str, note: str, at: datetime) -> PatternDecision:
    """Propose the decision the last individual ones agree on for every undecided match of the pattern.

    Effects: one PatternDecision awaiting approval by a second person; audit verb pattern_proposed.
    Errors: NotAllowed; BadInput; Conflict when too few are undecided, too few decisions agree, or one is proposed already.
    """
    actor.demand(Action.DECIDE_PAIR)
    county = county_of(actor)
    Unit.objects.select_for_update().get(pk=county.pk)
    offer = get_pattern_offer(actor, county.pk, pattern, on=at.date())
    if offer.agreed is None or not offer.is_open:
        raise Conflict(
            _(
                "This pattern cannot be decided as a batch: %(pairs)s matches awaiting decision, %(decided)s decided "
                "individually."
            )
            % {"pairs": len(offer.link_ids), "decided": offer.by_hand},
            code="pattern_not_open",
            what_to_do=_(
                "Enough matches must be awaiting decision, and the last individual decisions must all agree; see "
                "the numbers on the page of this agreement pattern."
            ),
        )
    scheme, rule, vector = pattern.split("|", 2)
    if offer.proposed is not None:
        raise Conflict(
            _("%(who)s has already proposed this; it is awaiting approval by a second person.")
            % {"who": offer.proposed.proposed_by},
            code="already_proposed",
            ids=[offer.proposed.pk],
        )
    if offer.agreed == PairDecision.SAME:
        links = list_links_by_id(actor, offer.link_ids)
        demand_note_for_other_names(links, note=note, at=at)
    proposed = PatternDecision.objects.create(
        county=county,
        scheme=scheme,
        rule=rule,
        comparison_vector=vector,
        decision=offer.agreed,
        note=note.strip()[:1000],
        links=list(offer.link_ids),
        proposed_by=actor.username,
        people_behind=sorted(people_behind(actor)),
        proposed_at=at,
    )
    _record(actor, "pattern_proposed", proposed, len(offer.link_ids))
    return proposed


@transaction.atomic
def sign_pattern(*, actor: Actor, pattern_id: int, at: datetime) -> int:
    """Approve a proposal: its matches are decided. Returns how many; the others changed or were decided meanwhile.

    Effects: one MatchDecision a match; the pattern's state; audit verbs pattern_signed and pair_<decision>.
    Errors: NotAllowed, also for the person who proposed it; NotFound; Conflict when it is not awaiting approval.
    """
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.PROPOSED)
    demand_signature(actor, pattern.people_behind)
    links = _still_undecided(actor, pattern)
    if pattern.decision == PairDecision.SAME:
        links = _without_shared_lines(links)
    if links:
        record_decisions(
            actor=actor, links=links, decision=PairDecision(pattern.decision), note=pattern.note, at=at, pattern=pattern
        )  # fmt: skip
    _end(pattern, PatternState.SIGNED, actor, at)
    _record(actor, "pattern_signed", pattern, len(links))
    return len(links)


@transaction.atomic
def withdraw_pattern(*, actor: Actor, pattern_id: int, at: datetime) -> PatternDecision:
    """Withdraw a proposal, one's own or a colleague's. Errors: NotAllowed; NotFound; Conflict when it is not awaiting approval."""
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.PROPOSED)
    _end(pattern, PatternState.WITHDRAWN, actor, at)
    _record(actor, "pattern_withdrawn", pattern, 0)
    return pattern


@transaction.atomic
def undo_pattern(*, actor: Actor, pattern_id: int, at: datetime) -> int:
    """Undo a signed pattern as a whole, within the period for undoing. Returns how many matches are undecided again.

    Effects: its current decisions are superseded; the pattern's state; audit verb pattern_undone.
    Errors: NotAllowed; NotFound; Conflict when it was not signed or is too old.
    """
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.SIGNED)
    if pattern.ended_at is None or at - pattern.ended_at > undo_period(actor, on=at.date()):
        raise Conflict(_("This batch decision can no longer be undone."), code="too_old", ids=[pattern_id])
    current = MatchDecision.objects.as_known().filter(pattern=pattern)
    withdraw_questions_of(actor, list(current), at)
    undone = current.update(superseded_at=at, undone_by=actor.username, undone_at=at)
    pattern.state, pattern.undone_by, pattern.undone_at = PatternState.UNDONE, actor.username, at
    pattern.save(update_fields=["state", "undone_by", "undone_at"])
    _record(actor, "pattern_undone", pattern, undone)
    return undone


def may_undo_pattern(pattern: PatternDecision, *, at: datetime, period: timedelta) -> bool:
    """Return whether a signed pattern is recent enough to be undone."""
    return pattern.state == PatternState.SIGNED and pattern.ended_at is not None and at - pattern.ended_at <= period


def _locked(actor: Actor, pattern_id: int, wanted: PatternState) -> PatternDecision:
    get_pattern_decision(actor, pattern_id)
    pattern = PatternDecision.objects.select_for_update(of=("self",)).get(pk=pattern_id)
    if pattern.state != wanted:
        raise Conflict(
            _("Batch decision status: %(state)s.") % {"state": pattern.get_state_display()},
            code="pattern_state",
            what_to_do=_("Reload the page to see the current state."),
            ids=[pattern_id],
        )
    return pattern


def _still_undecided(actor: Actor, pattern: PatternDecision) -> Sequence[Link]:
    """Return the links as proposed, without those superseded by a night and those with a final decision."""
    links = [link for link in locked_links(actor, pattern.links).values() if link.superseded_at is None]
    decided = {
        link_id
        for link_id, each in current_decisions(links).items()
        if each.decision in FINAL_DECISIONS and each.link_id == link_id
    }
    return [link for link in links if link.pk not in decided]


def _without_shared_lines(links: Sequence[Link]) -> list[Link]:
    """Leave out lines two of these persons would share, and lines a clerk has decided to be another person."""
    lines = Counter((link.scheme, link.roll_no or place_of(link)) for link in links)
    same = MatchDecision.objects.as_known().filter(
        decision=PairDecision.SAME, county__in={link.county_id for link in links}
    )  # fmt: skip
    taken = {(each.scheme, each.roll_no or place_of(each)): each.person_id for each in same}
    keys = ((link, (link.scheme, link.roll_no or place_of(link))) for link in links)
    return [link for link, key in keys if lines[key] == 1 and taken.get(key, link.person_id) == link.person_id]


def _end(pattern: PatternDecision, state: PatternState, actor: Actor, at: datetime) -> None:
    pattern.state, pattern.ended_by, pattern.ended_at = state, actor.username, at
    pattern.save(update_fields=["state", "ended_by", "ended_at"])


def _record(actor: Actor, verb: str, pattern: PatternDecision, pairs: int) -> None:
    detail = {"pairs": pairs, "decision": pattern.decision, "rule": pattern.rule}
    record_event(actor=actor, verb=verb, object_type="patterndecision", object_id=pattern.pk, detail=detail)
