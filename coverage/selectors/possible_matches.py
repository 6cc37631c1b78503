"""Possible matches awaiting clerical review, in the order of consequence, and the decisions on them.

A match is undecided until a final decision, the same or not the same. One nobody could tell moves to the end; one the village
was asked about returns with the answer, or when the question is withdrawn or the case closed. Scoped like every list of persons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from casework.constants import QuestionState
from casework.models import Case
from coverage.constants import FINAL_DECISIONS, LinkAction, LinkRule, PairDecision, PatternState, Verdict
from coverage.models import Link, MatchDecision, PatternDecision
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope, in_scope_of_county
from foundation.accounts.selectors import shown_name_of
from foundation.accounts.signing import is_anothers
from foundation.primitives.errors import NotFound
from foundation.regions.models.unit import DIGITS_OF_LEVEL, Level
from registry.constants import Scheme

WAITING, ASKED = "", "asked"
MOST_SHOWN = 5
DRAWS_OR_SOON, UNINSURED, GOVERNMENT_PAID, REST = range(4)
NEARLY_SIXTY = timedelta(days=round(59 * 365.25))
"""An order, not a rule of law: persons of 59 or over and persons drawing come first, since payments depend on them."""
Pattern = tuple[str, str, str]
"""Agreement pattern: scheme, rule and comparison vector."""


@dataclass(frozen=True)
class MatchFilter:
    """Which matches; the name of a state, the code of a unit, an agreement pattern as text."""

    state: str = WAITING
    unit_code: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class PossibleMatch:
    """One undecided match: a person and a roll line."""

    link_id: int
    person_id: int
    scheme: str
    rule: str
    comparison_vector: str
    rank: int
    could_not_tell: bool

    @property
    def pattern(self) -> str:
        """Return the agreement pattern as text, as used in addresses."""
        return pattern_text((self.scheme, self.rule, self.comparison_vector))


@dataclass(frozen=True)
class Card:
    """One person with the undecided matches."""

    person_id: int
    rank: int
    could_not_tell: bool
    links: tuple[int, ...]


def pattern_text(pattern: Pattern) -> str:
    """Return a pattern as one text without personal data."""
    return "|".join(pattern)


def read_pattern(text: str) -> Pattern | None:
    """Read a pattern from its text; None when it is not one."""
    scheme, _bar, rest = text.partition("|")
    rule, bar, vector = rest.partition("|")
    known = scheme in Scheme.values and rule in LinkRule.values and bool(bar)
    return (scheme, rule, vector) if known else None


def list_undecided_matches(actor: Actor, wanted: MatchFilter) -> list[PossibleMatch]:
    """List the undecided matches of every pattern: the patterns are counted from them. One query."""
    rows = _in_unit(_of_state(undecided_links(actor), wanted.state), wanted.unit_code)
    code = FilteredRelation("person__verdicts", condition=Q(person__verdicts__superseded_at__isnull=True))
    values = rows.annotate(code=code).annotate(rank=_rank()).values_list(
        "id", "person_id", "scheme", "rule", "comparison_vector", "rank", "current_decision"
    )  # fmt: skip
    return [PossibleMatch(*row[:-1], row[-1] == PairDecision.CANNOT_TELL) for row in values]


def waiting_links(actor: Actor) -> QuerySet[Link]:
    """Return the undecided matches nobody was asked about: what the list shows first, and an inbox counts by person."""
    return _of_state(undecided_links(actor), WAITING)


def group_by_person(pairs: Sequence[PossibleMatch], pattern: str = "") -> list[Card]:
    """Group matches by person, the most serious consequence first, undecidable ones last. Order: rank, then person id."""
    by_person: dict[int, list[PossibleMatch]] = {}
    for pair in pairs:
        by_person.setdefault(pair.person_id, []).append(pair)
    cards = [
        Card(
            person_id=person_id,
            rank=min(pair.rank for pair in theirs),
            could_not_tell=all(pair.could_not_tell for pair in theirs),
            links=tuple(pair.link_id for pair in theirs),
        )
        for person_id, theirs in by_person.items()
        if not pattern or any(pair.pattern == pattern for pair in theirs)
    ]
    return sorted(cards, key=lambda card: (card.could_not_tell, card.rank, card.person_id))


def count_patterns(pairs: Sequence[PossibleMatch]) -> list[tuple[str, int]]:
    """Count the matches of each pattern, the most frequent first."""
    return Counter(pair.pattern for pair in pairs).most_common()


def list_card_links(actor: Actor, link_ids: Sequence[int]) -> list[Link]:
    """List the links of one card, the most likely first, with `before` (the earlier decision) and `owner` (whose line it is).

    One query; deliveries and snapshots are loaded.
    """
    rows = undecided_links(actor).filter(pk__in=list(link_ids)).select_related("delivery__snapshot")
    before = _current_decision().values(
        json=JSONObject(
            decision="decision", who="decided_by", note="note", at="recorded_at", question="question_id"
        )
    )  # fmt: skip
    confirmed = Link.objects.as_known().filter(_same_line(), action=LinkAction.AUTO, county=OuterRef("county"))
    owner = confirmed.exclude(person=OuterRef("person")).values(json=JSONObject(id="person_id", name="person__name"))
    rows = rows.annotate(before=Subquery(before[:1]), owner=Subquery(owner[:1]))
    return list(rows.order_by(F("score").desc(nulls_last=True), "scheme", "id")[:MOST_SHOWN])


def list_links_by_id(actor: Actor, link_ids: Sequence[int]) -> list[Link]:
    """List links by id, person and place loaded, whatever became of them. One query."""
    rows = in_scope(Link.objects.filter(pk__in=list(link_ids)), actor, "person__")
    return list(rows.select_related("person__unit", "person__county").order_by("person__name_pinyin", "id"))


def list_decisions(actor: Actor) -> QuerySet[MatchDecision]:
    """List decisions, newest first; the caller pages. Person and pattern are loaded."""
    rows = in_scope(MatchDecision.objects.select_related("person", "pattern"), actor, "person__")
    return rows.order_by("-recorded_at", "-id")


def list_decisions_of(actor: Actor, person_id: int) -> list[MatchDecision]:
    """List every decision ever made on a person's possible matches, newest first, the names shown with each. One query."""
    rows = in_scope(MatchDecision.objects.filter(person=person_id), actor, "person__")
    rows = rows.annotate(decided_by_shown=shown_name_of("decided_by"), undone_by_shown=shown_name_of("undone_by"))
    return list(rows.order_by("-recorded_at", "-id"))


def list_possible_matches_of(actor: Actor, person_id: int) -> list[Link]:
    """List every possible match the nights ever found for a person, past ones too, newest first. One query."""
    rows = in_scope(Link.objects.filter(person=person_id, action=LinkAction.REVIEW), actor, "person__")
    return list(rows.order_by("-recorded_at", "-id"))


def list_pattern_decisions(actor: Actor) -> QuerySet[PatternDecision]:
    """List the decisions on agreement patterns, newest first; the caller pages."""
    return in_scope_of_county(PatternDecision.objects.all(), actor).order_by("-proposed_at", "-id")


def list_patterns_to_sign(actor: Actor) -> QuerySet[PatternDecision]:
    """List the proposed decisions on agreement patterns that await the actor's approval, newest first: others proposed them."""
    return list_pattern_decisions(actor).filter(is_anothers(actor), state=PatternState.PROPOSED)


def get_pattern_decision(actor: Actor, pattern_id: int) -> PatternDecision:
    """Get one decision on an agreement pattern.

    Errors: NotFound.
    """
    found = in_scope_of_county(PatternDecision.objects.select_related("county"), actor).filter(pk=pattern_id).first()
    if found is None:
        raise NotFound(_("There is no such agreement pattern in your unit."), ids=[pattern_id])
    return found


def undecided_links(actor: Actor) -> QuerySet[Link]:
    """Return the current possible matches without a final decision, with `current_decision` on the pair.

    Other possible matches are left out once a clerk has decided that another line of the same roll is the person, as the next
    night will leave them out.
    """
    rows = in_scope(Link.objects.as_known().filter(action=LinkAction.REVIEW), actor, "person__")
    if actor.unit_level == Level.COUNTY:
        rows = rows.filter(county=actor.unit_id)  # walks the index link_undecided
    same = MatchDecision.objects.as_known().filter(
        decision=PairDecision.SAME, person=OuterRef("person"), scheme=OuterRef("scheme"), link__superseded_at__isnull=True
    )  # fmt: skip
    rows = rows.annotate(
        current_decision=Subquery(_current_decision().values("decision")[:1]),
        decided_link=Subquery(_current_decision().values("link_id")[:1]),
    )
    decided = Q(current_decision__in=FINAL_DECISIONS, decided_link=F("id"), current_decision__isnull=False)
    return rows.exclude(decided).exclude(~Q(rule=LinkRule.NUMBER_OF_ANOTHER) & Q(Exists(same)))


def _current_decision() -> QuerySet[MatchDecision]:
    return MatchDecision.objects.as_known().filter(_same_line(), person=OuterRef("person"))


def _same_line() -> Q:
    """Return the condition for the same line of a roll as the outer row: by roll number or, without one, by its place."""
    place = {name: OuterRef(name) for name in ("delivery", "part", "line")}
    return Q(scheme=OuterRef("scheme")) & (Q(roll_no__gt="", roll_no=OuterRef("roll_no")) | Q(roll_no="", **place))


def _of_state(rows: QuerySet[Link], state: str) -> QuerySet[Link]:
    waits = _current_decision().filter(question__state=QuestionState.OPEN)
    working = Case.objects.filter(person=OuterRef("person"), closed_at__isnull=True)
    asked = (
        Q(current_decision=PairDecision.ASK_VILLAGE, current_decision__isnull=False) & Exists(waits) & Exists(working)
    )
    return rows.filter(asked) if state == ASKED else rows.exclude(asked)


def _in_unit(rows: QuerySet[Link], unit_code: str) -> QuerySet[Link]:
    """Keep the persons placed in a unit: its code without the zeros that fill it up begins theirs."""
    if not unit_code:
        return rows
    length = min(
        (digits for digits in DIGITS_OF_LEVEL.values() if not unit_code[digits:].strip("0")), default=len(unit_code)
    )
    return rows.filter(person__unit__code__startswith=unit_code[:length])


def _rank() -> models.Case:
    draws = Q(scheme=Scheme.RESIDENT, status__in=["1/3", "2/3"]) | ~Q(scheme=Scheme.RESIDENT) & Q(status="2")
    soon = Q(code__birth_date__lte=F("code__as_of_date") - Value(NEARLY_SIXTY))
    return models.Case(
        When(draws | soon | Q(code__drawing=True), then=DRAWS_OR_SOON),
        When(code__verdict=Verdict.GAP, then=UNINSURED),
        When(Q(code__pay_target=True) | Q(code__in_three_categories=True), then=GOVERNMENT_PAID),
        default=REST,
    )
