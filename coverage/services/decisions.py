"""A clerk's word on candidate pairs: the same, not the same, cannot tell, ask the village. Each keeps its evidence.

A decided pair leaves the list at once; codes follow with the next night (coverage/sql/respect_decisions.sql). Called by
views, the API and pattern_deciding.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db import connection, transaction
from django.utils.translation import gettext as _

from casework.selectors.subjects import SubjectKey
from casework.services.cases import ask_village
from coverage.constants import FINAL_DECISIONS, LinkAction, PairDecision
from coverage.models import Link, MatchDecision, PatternDecision
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.services import Event, record_event, record_events
from foundation.primitives.errors import BadInput, Conflict, NotFound
from registry.selectors.roll_lines import DeliveredLine, LinePlace, read_lines
from registry.services.numbers import store_numbers

UNDO_WITHIN = timedelta(days=7)
LONGEST_NOTE = 1000
LARGEST_ID = 2**63 - 1
_TOLD_OF = """
    WITH member AS (
        SELECT id AS canonical_id, id AS person_id FROM unnest(%(ids)s::bigint[]) id
        UNION SELECT canonical_id, person_id FROM person_alias_at(%(at)s) WHERE canonical_id = ANY(%(ids)s)
    )
    SELECT m.canonical_id,
        (SELECT coalesce(json_agg(DISTINCT n.name ORDER BY n.name), '[]') FROM registry_personname n
         JOIN member s ON s.person_id = n.person_id
         WHERE s.canonical_id = m.canonical_id AND n.superseded_at IS NULL),
        (SELECT coalesce(json_agg(DISTINCT i.number_id ORDER BY i.number_id), '[]') FROM registry_personidentifier i
         JOIN member s ON s.person_id = i.person_id
         WHERE s.canonical_id = m.canonical_id AND i.superseded_at IS NULL),
        (SELECT coalesce(json_agg(json_build_object('feed', d.kind, 'delivery', r.delivery_id, 'sheet', r.sheet, 'row', r.row)
                ORDER BY d.kind, d.id), '[]')
         FROM registry_designation d JOIN registry_deliveredrow r ON r.id = d.row_id JOIN member s ON s.person_id = d.person_id
         WHERE s.canonical_id = m.canonical_id AND d.superseded_at IS NULL AND d.valid_to IS NULL)
    FROM (SELECT DISTINCT canonical_id FROM member) m
"""


@dataclass(frozen=True)
class SourceRecord:
    """What the files say of a person when a pair is decided."""

    names: list[str]
    numbers: list[int]
    files: list[dict[str, Any]]


@transaction.atomic
def decide_pair(*, actor: Actor, link_id: int, decision: str, note: str, at: datetime) -> MatchDecision:
    """Say what a candidate pair is.

    Effects: one MatchDecision with its evidence; a standing one of the pair is superseded; asking the village opens the
    person's case or writes into it; audit verb pair_<decision>. Safe against two clerks: the second is told who decided.
    Errors: NotAllowed; NotFound outside the unit; BadInput; Conflict when it is decided, a night has run since, the roll
    line is somebody else's by a clerk's word, or its snapshot is gone.
    """
    actor.demand(Action.DECIDE_PAIR)
    checked, note = _checked(decision), note.strip()[:LONGEST_NOTE]
    link = _locked(actor, [link_id]).get(link_id)
    if link is None:
        raise NotFound(_("There is no such candidate pair in your unit."), ids=[link_id])
    _refuse_settled(link)
    if checked == PairDecision.SAME:
        _refuse_taken(link)
    return record_decisions(actor=actor, links=[link], decision=checked, note=note, at=at)[0]


def record_decisions(
    *,
    actor: Actor,
    links: Sequence[Link],
    decision: PairDecision,
    note: str,
    at: datetime,
    pattern: PatternDecision | None = None,
) -> list[MatchDecision]:
    """Write one decision for each link, locked and checked by the caller; one set of statements for all of them."""
    lines, told = read_lines(place_of(link) for link in links), _source_records([link.person_id for link in links], at)
    missing = [link.pk for link in links if place_of(link) not in lines]
    if missing:
        raise Conflict(
            _("The roll's snapshot is not there: its line cannot be kept with the decision."),
            code="snapshot_missing",
            what_to_do=_("Ask the operator to receive the roll again."),
            ids=missing,
        )
    _supersede_standing(links, at)
    rows = [
        _row(link, lines[place_of(link)], told[link.person_id], decision=decision, note=note, pattern=pattern)
        for link in links
    ]
    _keep_numbers(rows, lines, at)
    for row in rows:
        row.decided_by, row.decided_role, row.recorded_at = actor.username, actor.role, at
    made = MatchDecision.objects.bulk_create(rows)
    if decision == PairDecision.ASK_VILLAGE:
        ask_village(actor=actor, questions=_questions(made), at=at)
    events = [
        Event(f"pair_{decision}", "matchdecision", row.pk, detail={"person": row.person_id, "rule": row.rule})
        for row in made
    ]
    record_events(actor=actor, events=events)
    return made


@transaction.atomic
def undo_decision(*, actor: Actor, decision_id: int, at: datetime) -> MatchDecision:
    """Take a decision back within seven days: the pair waits again.

    Effects: the decision is superseded; audit verb pair_undone. What a night already drew from it, the next one takes back.
    Errors: NotAllowed; NotFound; Conflict when it no longer stands, is too old, or was made with a whole pattern.
    """
    actor.demand(Action.DECIDE_PAIR)
    rows = in_scope(MatchDecision.objects.all(), actor, "person__").filter(pk=decision_id)
    if not rows.exists():
        raise NotFound(_("There is no such decision in your unit."), ids=[decision_id])
    decision = MatchDecision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    refuse_undoing(decision, at=at)
    if decision.pattern_id:
        raise Conflict(
            _("This pair was decided together with others like it."),
            code="part_of_pattern",
            what_to_do=_("Undo the whole pattern, or decide the pair again when it returns."),
            ids=[decision.pattern_id],
        )
    decision.superseded_at, decision.undone_by, decision.undone_at = at, actor.username, at
    decision.save(update_fields=["superseded_at", "undone_by", "undone_at"])
    record_event(
        actor=actor,
        verb="pair_undone",
        object_type="matchdecision",
        object_id=decision.pk,
        detail={"person": decision.person_id},
    )
    return decision


def may_be_undone(decision: MatchDecision, *, at: datetime) -> bool:
    """Say whether a decision still stands, is young enough and was made by itself."""
    return decision.superseded_at is None and at - decision.recorded_at <= UNDO_WITHIN and decision.pattern_id is None


def refuse_undoing(decision: MatchDecision, *, at: datetime) -> None:
    """Errors: Conflict when a decision no longer stands or is older than seven days."""
    if decision.superseded_at is not None:
        raise Conflict(_("This decision does not stand any more."), code="not_standing", ids=[decision.pk])
    if at - decision.recorded_at > UNDO_WITHIN:
        raise Conflict(
            _("A decision can be undone within seven days; this one is older."),
            code="too_old",
            what_to_do=_("Write a note on the person's page and tell a reviewer."),
            ids=[decision.pk],
        )


def place_of(row: Link | MatchDecision) -> LinePlace:
    """Return where the roll line of a link or a decision stands."""
    return row.delivery_id, row.part, row.line


def locked_links(actor: Actor, ids: Sequence[int]) -> dict[int, Link]:
    """Lock links in reach by id, in that order; a second clerk waits here for the first."""
    return _locked(actor, ids)


def standing_of(links: Sequence[Link]) -> dict[int, MatchDecision]:
    """Return link id -> the decision that stands for its pair, made on this link or on an earlier one. One query."""
    standing = MatchDecision.objects.believed().filter(person__in={link.person_id for link in links})
    by_pair = {_pair(each): each for each in standing}
    return {link.pk: by_pair[_pair(link)] for link in links if _pair(link) in by_pair}


def _locked(actor: Actor, ids: Sequence[int]) -> dict[int, Link]:
    known = [each for each in ids if 0 < each <= LARGEST_ID]
    reached = in_scope(Link.objects.filter(pk__in=known, action=LinkAction.REVIEW), actor, "person__").values("pk")
    rows = Link.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=reached).order_by("pk")
    return {link.pk: link for link in rows}


def _checked(decision: str) -> PairDecision:
    if decision not in PairDecision.values:
        raise BadInput(_("Choose what you decide."), code="decision_missing")
    return PairDecision(decision)


def _refuse_settled(link: Link) -> None:
    """Errors: Conflict when a night has superseded the link, or somebody has decided it for good."""
    if link.superseded_at is not None:
        raise Conflict(
            _("A night has run since this page was opened; the pair no longer stands as you saw it."),
            code="link_superseded",
            what_to_do=_("Load the list again."),
            ids=[link.pk],
        )
    standing = standing_of([link]).get(link.pk)
    if standing and standing.link_id == link.pk and standing.decision in FINAL_DECISIONS:
        raise Conflict(
            _("%(who)s decided this pair already: %(decision)s.")
            % {"who": standing.decided_by, "decision": standing.get_decision_display()},
            code="already_decided",
            what_to_do=_("Go on with the next, or undo that decision first."),
            ids=[standing.pk],
        )


def _refuse_taken(link: Link) -> None:
    """Errors: Conflict when a clerk has said of the same roll line that it is another person."""
    same = MatchDecision.objects.believed().filter(decision=PairDecision.SAME, county=link.county_id)
    line: dict[str, object] = {"scheme": link.scheme, "roll_no": link.roll_no}
    if not link.roll_no:
        line = {"delivery": link.delivery_id, "part": link.part, "line": link.line}
    other = same.filter(**line).exclude(person=link.person_id).select_related("person").first()
    if other is not None:
        raise Conflict(
            _("%(who)s said that this line of the roll is %(name)s.")
            % {"who": other.decided_by, "name": other.person.name},
            code="line_taken",
            what_to_do=_("One line is one person: undo that decision first if it was wrong."),
            ids=[other.pk],
        )


def _pair(row: Link | MatchDecision) -> tuple[object, ...]:
    """What names a pair over all deliveries: person, scheme and roll number, or the place where there is no number."""
    return (row.person_id, row.scheme, row.roll_no) if row.roll_no else (row.person_id, *place_of(row))


def _supersede_standing(links: Sequence[Link], at: datetime) -> None:
    standing = [each.pk for each in standing_of(links).values()]
    MatchDecision.objects.filter(pk__in=standing).update(superseded_at=at)


def _row(
    link: Link,
    line: DeliveredLine,
    told: SourceRecord,
    *,
    decision: PairDecision,
    note: str,
    pattern: PatternDecision | None,
) -> MatchDecision:
    """Copy the evidence as it stands."""
    return MatchDecision(
        county_id=link.county_id,
        person_id=link.person_id,
        link=link,
        pattern=pattern,
        decision=decision,
        note=note,
        scheme=link.scheme,
        roll_no=link.roll_no,
        delivery_id=link.delivery_id,
        part=link.part,
        line=link.line,
        rule=link.rule,
        comparison_vector=link.comparison_vector,
        score=link.score,
        model_version=link.model_version,
        roll_name=line.name[:100],
        roll_birth=line.birth,
        roll_unit_code=line.unit_code[:40],
        roll_status=line.status[:40],
        person_names=told.names,
        person_numbers=told.numbers,
        files=told.files,
    )


def _keep_numbers(rows: Sequence[MatchDecision], lines: dict[LinePlace, DeliveredLine], at: datetime) -> None:
    """Store the roll lines' numbers as ciphertexts and name them in the rows."""
    texts = [lines[place_of(row)].number for row in rows]
    stored = store_numbers(pa.array(texts, pa.string()), recorded_at=at)
    for row, text in zip(rows, texts, strict=True):
        row.roll_number_id = stored.get(text)


def _source_records(person_ids: Sequence[int], at: datetime) -> dict[int, SourceRecord]:
    """What the files say of persons and those merged into them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD_OF, {"ids": sorted(set(person_ids)), "at": at})
        return {
            person_id: SourceRecord(names, numbers, files) for person_id, names, numbers, files in cursor.fetchall()
        }


def _questions(decisions: Sequence[MatchDecision]) -> dict[SubjectKey, str]:
    """One question a person, which names the lines in doubt and what the clerk wrote."""
    asked: dict[SubjectKey, list[str]] = {}
    for each in decisions:
        born = f"{each.roll_birth}" if each.roll_birth else ""
        line = " ".join(part for part in (each.get_scheme_display(), each.roll_no, each.roll_name, born) if part)
        asked.setdefault(SubjectKey(person_id=each.person_id), []).append(line)
    note = decisions[0].note if decisions else ""
    return {key: " · ".join([*lines, note] if note else lines) for key, lines in asked.items()}
