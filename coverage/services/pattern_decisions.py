"""One word on many pairs that are alike: after ten like decisions by hand, proposed by one person, signed by another.

A signed pattern is undone whole within seven days. The pairs are fixed when it is proposed; one that changed or was decided
meanwhile is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coverage.constants import FINAL_DECISIONS, PairDecision, PatternState
from coverage.models import Link, MatchDecision, PatternDecision
from coverage.selectors.possible_matches import (
    MatchFilter,
    get_pattern_decision,
    list_waiting,
    read_pattern,
)
from coverage.services.decisions import UNDO_WITHIN, locked_links, place_of, record_decisions, standing_of
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.accounts.signing import demand_signature, people_behind
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit

LEAST_PAIRS, LEAST_BY_HAND = 20, 10


@dataclass(frozen=True)
class Offer:
    """What may be decided together: the waiting pairs of a pattern, the word the last ten decisions by hand agree on.

    `proposed` is the proposal that already waits for a second person.
    """

    pattern: str
    link_ids: tuple[int, ...]
    agreed: PairDecision | None
    by_hand: int
    proposed: PatternDecision | None

    @property
    def is_open(self) -> bool:
        """Enough pairs wait, and enough were decided alike."""
        return self.agreed is not None and len(self.link_ids) >= LEAST_PAIRS


def offer_of(actor: Actor, county: Unit, pattern: str) -> Offer:
    """Say what of a pattern could be decided together. Three queries. Errors: BadInput for no pattern."""
    read = read_pattern(pattern)
    if read is None:
        raise BadInput(_("Choose a pattern first."), code="pattern_unknown")
    scheme, rule, verdicts = read
    links = [pair.link_id for pair in list_waiting(actor, MatchFilter()) if pair.pattern == pattern]
    by_hand = MatchDecision.objects.believed().filter(
        county=county, pattern=None, scheme=scheme, rule=rule, comparison_vector=verdicts, decision__in=FINAL_DECISIONS
    )  # fmt: skip
    last = list(by_hand.order_by("-recorded_at", "-id").values_list("decision", flat=True)[:LEAST_BY_HAND])
    agreed = PairDecision(last[0]) if len(last) == LEAST_BY_HAND and len(set(last)) == 1 else None
    proposed = PatternDecision.objects.filter(
        county=county, scheme=scheme, rule=rule, comparison_vector=verdicts, state=PatternState.PROPOSED
    ).first()
    return Offer(pattern, tuple(links), agreed, len(last), proposed)


@transaction.atomic
def propose_pattern(*, actor: Actor, pattern: str, note: str, at: datetime) -> PatternDecision:
    """Propose the word of the last ten decisions for every pair of the pattern that waits.

    Effects: one PatternDecision that waits for a second person; audit verb pattern_proposed.
    Errors: NotAllowed; BadInput; Conflict when too few wait, too few were decided alike, or one is proposed already.
    """
    actor.demand(Action.DECIDE_PAIR)
    county = county_of(actor)
    Unit.objects.select_for_update().get(pk=county.pk)
    offer = offer_of(actor, county, pattern)
    if offer.agreed is None or not offer.is_open:
        raise Conflict(
            _("This pattern cannot be decided together: %(pairs)s pairs wait, %(decided)s were decided by hand.")
            % {"pairs": len(offer.link_ids), "decided": offer.by_hand},
            code="pattern_not_open",
            what_to_do=_("At least twenty must wait, and the last ten decided by hand must all say the same."),
        )
    scheme, rule, verdicts = pattern.split("|", 2)
    if offer.proposed is not None:
        raise Conflict(
            _("%(who)s has proposed this already; it waits for a second person.") % {"who": offer.proposed.proposed_by},
            code="already_proposed",
            ids=[offer.proposed.pk],
        )
    proposed = PatternDecision.objects.create(
        county=county,
        scheme=scheme,
        rule=rule,
        comparison_vector=verdicts,
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
    """Let a proposed word count for its pairs. Returns how many were decided; the others changed or were decided meanwhile.

    Effects: one MatchDecision a pair; the pattern's state; audit verbs pattern_signed and pair_<decision>.
    Errors: NotAllowed, also for who proposed it; NotFound; Conflict when it does not wait.
    """
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.PROPOSED)
    demand_signature(actor, pattern.people_behind)
    links = _still_waiting(actor, pattern)
    if pattern.decision == PairDecision.SAME:
        links = _of_one_person(links)
    if links:
        record_decisions(
            actor=actor, links=links, decision=PairDecision(pattern.decision), note=pattern.note, at=at, pattern=pattern
        )  # fmt: skip
    _end(pattern, PatternState.SIGNED, actor, at)
    _record(actor, "pattern_signed", pattern, len(links))
    return len(links)


@transaction.atomic
def withdraw_pattern(*, actor: Actor, pattern_id: int, at: datetime) -> PatternDecision:
    """Take a proposal back, one's own or a colleague's. Errors: NotAllowed; NotFound; Conflict when it does not wait."""
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.PROPOSED)
    _end(pattern, PatternState.WITHDRAWN, actor, at)
    _record(actor, "pattern_withdrawn", pattern, 0)
    return pattern


@transaction.atomic
def undo_pattern(*, actor: Actor, pattern_id: int, at: datetime) -> int:
    """Take a signed pattern back whole, within seven days. Returns how many pairs wait again.

    Effects: its decisions that still stand are superseded; the pattern's state; audit verb pattern_undone.
    Errors: NotAllowed; NotFound; Conflict when it was not signed or is too old.
    """
    actor.demand(Action.DECIDE_PAIR)
    pattern = _locked(actor, pattern_id, PatternState.SIGNED)
    if pattern.ended_at is None or at - pattern.ended_at > UNDO_WITHIN:
        raise Conflict(
            _("A pattern can be undone within seven days; this one is older."), code="too_old", ids=[pattern_id]
        )
    standing = MatchDecision.objects.believed().filter(pattern=pattern)
    undone = standing.update(superseded_at=at, undone_by=actor.username, undone_at=at)
    pattern.state, pattern.undone_by, pattern.undone_at = PatternState.UNDONE, actor.username, at
    pattern.save(update_fields=["state", "undone_by", "undone_at"])
    _record(actor, "pattern_undone", pattern, undone)
    return undone


def may_undo_pattern(pattern: PatternDecision, *, at: datetime) -> bool:
    """Say whether a signed pattern is young enough to be undone."""
    return (
        pattern.state == PatternState.SIGNED and pattern.ended_at is not None and at - pattern.ended_at <= UNDO_WITHIN
    )


def _locked(actor: Actor, pattern_id: int, wanted: PatternState) -> PatternDecision:
    get_pattern_decision(actor, pattern_id)
    pattern = PatternDecision.objects.select_for_update(of=("self",)).get(pk=pattern_id)
    if pattern.state != wanted:
        raise Conflict(
            _("This pattern is: %(state)s.") % {"state": pattern.get_state_display()},
            code="pattern_state",
            what_to_do=_("Load the page again to see what happened."),
            ids=[pattern_id],
        )
    return pattern


def _still_waiting(actor: Actor, pattern: PatternDecision) -> Sequence[Link]:
    """The links as they were looked at, without those a night superseded and those somebody settled."""
    links = [link for link in locked_links(actor, pattern.links).values() if link.superseded_at is None]
    settled = {
        link_id
        for link_id, each in standing_of(links).items()
        if each.decision in FINAL_DECISIONS and each.link_id == link_id
    }
    return [link for link in links if link.pk not in settled]


def _of_one_person(links: Sequence[Link]) -> list[Link]:
    """Leave out lines two of these persons would share, and lines that are somebody else's by a clerk's word."""
    lines = Counter((link.scheme, link.roll_no or place_of(link)) for link in links)
    same = MatchDecision.objects.believed().filter(
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
