"""A clerk's decision on a possible match: the same, not the same, cannot tell, ask the village. Each keeps its evidence.

A decided match leaves the list at once; codes follow with the next night (findings/sql/respect_decisions.sql). Called by views,
the API and pattern_decisions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection, transaction
from django.utils.translation import gettext as _

from casework.constants import QuestionAbout
from casework.models import Question
from casework.selectors.subjects import SubjectKey
from casework.services.questions import Asked, ask_village, withdraw_questions
from coverage.constants import FINAL_DECISIONS, LinkAction, PairDecision
from coverage.models import Link, MatchDecision, PatternDecision
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.services import Event, record_event, record_events
from foundation.policy.limits import undo_period
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.primitives.name_agreement import is_other_name
from registry.selectors.roll_lines import DeliveredLine, LinePlace, read_lines
from registry.services.numbers import store_numbers

LONGEST_NOTE = 1000
LARGEST_ID = 2**63 - 1
_COLLECT_SOURCE_RECORDS = (Path(__file__).parent / "sql" / "collect_source_records.sql").read_text("utf-8")


@dataclass(frozen=True)
class SourceRecord:
    """What the files state of a person when a match is decided."""

    names: list[str]
    numbers: list[int]
    files: list[dict[str, Any]]


@transaction.atomic
def decide_pair(*, actor: Actor, link_id: int, decision: str, note: str, at: datetime) -> MatchDecision:
    """Decide a possible match.

    Effects: one MatchDecision with its evidence; the current one of the pair is superseded; asking the village opens the
    person's case or adds to it; audit verb pair_<decision>. Safe against two clerks: the second gets a Conflict that names
    the first. Errors: NotAllowed; NotFound outside the unit; BadInput, also for the same person under another name without a
    note; Conflict when it is decided, a night has run since, a
    clerk has decided that the roll line is another person, or its snapshot is missing.
    """
    actor.demand(Action.DECIDE_PAIR)
    checked, note = _checked(decision), note.strip()[:LONGEST_NOTE]
    link = _locked(actor, [link_id]).get(link_id)
    if link is None:
        raise NotFound(_("There is no such possible match in your unit."), ids=[link_id])
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
    lines, sources = (
        read_lines(place_of(link) for link in links),
        _source_records([link.person_id for link in links], at),
    )
    missing = [link.pk for link in links if place_of(link) not in lines]
    if missing:
        raise Conflict(
            _("The roll snapshot is missing, so the roll record cannot be stored with the decision."),
            code="snapshot_missing",
            what_to_do=_("Ask the system administrator to receive the roll again."),
            ids=missing,
        )
    if decision == PairDecision.SAME and not note:
        _demand_note([(link, lines[place_of(link)].name, sources[link.person_id].names) for link in links])
    _supersede_current(actor, links, at)
    rows = [
        _row(link, lines[place_of(link)], sources[link.person_id], decision=decision, note=note, pattern=pattern)
        for link in links
    ]
    _store_numbers(rows, lines, at)
    for row in rows:
        row.decided_by, row.decided_role, row.recorded_at = actor.username, actor.role, at
    if decision == PairDecision.ASK_VILLAGE:
        questions = ask_village(actor=actor, asked=[_question(row, note) for row in rows], at=at)
        for row, question in zip(rows, questions, strict=True):
            row.question = question
    made = MatchDecision.objects.bulk_create(rows)
    events = [
        Event(f"pair_{decision}", "matchdecision", row.pk, detail={"person": row.person_id, "rule": row.rule})
        for row in made
    ]
    record_events(actor=actor, events=events)
    return made


def demand_note_for_other_names(links: Sequence[Link], *, note: str, at: datetime) -> None:
    """Refuse to call roll lines the same persons without a note where the names differ. Errors: BadInput.

    A line that cannot be read any longer is left to the decision itself.
    """
    if note.strip():
        return
    lines, sources = read_lines(map(place_of, links)), _source_records([link.person_id for link in links], at)
    known = [link for link in links if place_of(link) in lines]
    _demand_note([(link, lines[place_of(link)].name, sources[link.person_id].names) for link in known])


def _demand_note(named: Sequence[tuple[Link, str, Sequence[str]]]) -> None:
    other = [link.pk for link, name, names in named if is_other_name(name, names)]
    if other:
        raise BadInput(
            _("The name on the roll is another one: write in the note what shows that it is the same person."),
            code="note_missing",
            what_to_do=_("Enter the note and decide again."),
            ids=other,
        )


@transaction.atomic
def undo_decision(*, actor: Actor, decision_id: int, at: datetime) -> MatchDecision:
    """Undo a decision within the period for undoing: the match is undecided again.

    Effects: the decision is superseded; audit verb pair_undone. Results a night already derived from it, the next one reverses.
    Errors: NotAllowed; NotFound; Conflict when it is no longer current, is too old, or was made for a whole agreement pattern.
    """
    actor.demand(Action.DECIDE_PAIR)
    rows = in_scope(MatchDecision.objects.all(), actor, "person__").filter(pk=decision_id)
    if not rows.exists():
        raise NotFound(_("There is no such decision in your unit."), ids=[decision_id])
    decision = MatchDecision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    refuse_undoing(decision, at=at, period=undo_period(actor, on=at.date()))
    if decision.pattern_id:
        raise Conflict(
            _("This match was decided as part of a batch."),
            code="part_of_pattern",
            what_to_do=_("Undo the whole batch, or decide the match again when it reappears."),
            ids=[decision.pattern_id],
        )
    withdraw_questions_of(actor, [decision], at)
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


def may_be_undone(decision: MatchDecision, *, at: datetime, period: timedelta) -> bool:
    """Return whether a decision is current, recent enough and was made individually."""
    return decision.superseded_at is None and at - decision.recorded_at <= period and decision.pattern_id is None


def refuse_undoing(decision: MatchDecision, *, at: datetime, period: timedelta) -> None:
    """Errors: Conflict when a decision is no longer current or the period for undoing is over."""
    if decision.superseded_at is not None:
        raise Conflict(_("This decision is no longer valid."), code="not_current", ids=[decision.pk])
    if at - decision.recorded_at > period:
        raise Conflict(
            _("This decision can no longer be undone."),
            code="too_old",
            what_to_do=_("Add a note on the person's page and inform a reviewer."),
            ids=[decision.pk],
        )


def place_of(row: Link | MatchDecision) -> LinePlace:
    """Return the place of the roll line of a link or a decision: delivery, part, line."""
    return row.delivery_id, row.part, row.line


def locked_links(actor: Actor, ids: Sequence[int]) -> dict[int, Link]:
    """Lock links in reach by id, in that order; a second clerk waits here for the first."""
    return _locked(actor, ids)


def current_decisions(links: Sequence[Link]) -> dict[int, MatchDecision]:
    """Return link id -> the current decision on its pair, made on this link or on an earlier one. One query."""
    current = MatchDecision.objects.as_known().filter(person__in={link.person_id for link in links})
    by_pair = {_pair(each): each for each in current}
    return {link.pk: by_pair[_pair(link)] for link in links if _pair(link) in by_pair}


def _locked(actor: Actor, ids: Sequence[int]) -> dict[int, Link]:
    known = [each for each in ids if 0 < each <= LARGEST_ID]
    reached = in_scope(Link.objects.filter(pk__in=known, action=LinkAction.REVIEW), actor, "person__").values("pk")
    rows = Link.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=reached).order_by("pk")
    return {link.pk: link for link in rows}


def _checked(decision: str) -> PairDecision:
    if decision not in PairDecision.values:
        raise BadInput(_("Choose a decision."), code="decision_missing")
    return PairDecision(decision)


def _refuse_settled(link: Link) -> None:
    """Errors: Conflict when a night has superseded the link, or a final decision exists."""
    if link.superseded_at is not None:
        raise Conflict(
            _("A nightly run has finished since this page was opened, and the match has changed."),
            code="link_superseded",
            what_to_do=_("Reload the list."),
            ids=[link.pk],
        )
    current = current_decisions([link]).get(link.pk)
    if current and current.link_id == link.pk and current.decision in FINAL_DECISIONS:
        raise Conflict(
            _("%(who)s has already decided this match: %(decision)s.")
            % {"who": current.decided_by, "decision": current.get_decision_display()},
            code="already_decided",
            what_to_do=_("Continue with the next one, or undo that decision first."),
            ids=[current.pk],
        )


def _refuse_taken(link: Link) -> None:
    """Errors: Conflict when a clerk has decided that the same roll line is another person."""
    same = MatchDecision.objects.as_known().filter(decision=PairDecision.SAME, county=link.county_id)
    line: dict[str, object] = {"scheme": link.scheme, "roll_no": link.roll_no}
    if not link.roll_no:
        line = {"delivery": link.delivery_id, "part": link.part, "line": link.line}
    other = same.filter(**line).exclude(person=link.person_id).select_related("person").first()
    if other is not None:
        raise Conflict(
            _("%(who)s has confirmed that this roll record is %(name)s.")
            % {"who": other.decided_by, "name": other.person.name},
            code="line_taken",
            what_to_do=_("A roll record belongs to one person: undo that decision first if it was wrong."),
            ids=[other.pk],
        )


def _pair(row: Link | MatchDecision) -> tuple[object, ...]:
    """Return the key of a pair over all deliveries: person, scheme and roll number, or the place where there is no number."""
    return (row.person_id, row.scheme, row.roll_no) if row.roll_no else (row.person_id, *place_of(row))


def _supersede_current(actor: Actor, links: Sequence[Link], at: datetime) -> None:
    """Supersede the current decisions on the pairs; what a village has not answered yet it is asked no more."""
    current = list(current_decisions(links).values())
    if not current:
        return
    withdraw_questions_of(actor, current, at)
    MatchDecision.objects.filter(pk__in=[each.pk for each in current]).update(superseded_at=at)


def withdraw_questions_of(actor: Actor, decisions: Sequence[MatchDecision], at: datetime) -> None:
    """Take back the questions these decisions put to a village, where nobody has answered yet."""
    asked = [each.question_id for each in decisions if each.question_id]
    if asked:
        withdraw_questions(actor=actor, questions=Question.objects.filter(pk__in=asked), at=at)


def _row(
    link: Link,
    line: DeliveredLine,
    source: SourceRecord,
    *,
    decision: PairDecision,
    note: str,
    pattern: PatternDecision | None,
) -> MatchDecision:
    """Copy the evidence as known at the decision."""
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
        person_names=source.names,
        person_numbers=source.numbers,
        files=source.files,
    )


def _store_numbers(rows: Sequence[MatchDecision], lines: dict[LinePlace, DeliveredLine], at: datetime) -> None:
    """Store the roll lines' numbers as ciphertexts and refer to them in the rows."""
    texts = [lines[place_of(row)].number for row in rows]
    stored = store_numbers(pa.array(texts, pa.string()), recorded_at=at)
    for row, text in zip(rows, texts, strict=True):
        row.roll_number_id = stored.get(text)


def _source_records(person_ids: Sequence[int], at: datetime) -> dict[int, SourceRecord]:
    """Return what the files state of persons and of those merged into them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLECT_SOURCE_RECORDS, {"ids": sorted(set(person_ids)), "at": at})
        return {
            person_id: SourceRecord(names, numbers, files) for person_id, names, numbers, files in cursor.fetchall()
        }


def _question(row: MatchDecision, note: str) -> Asked:
    """Return the question about one pair: whether the roll line is the person, with the clerk's words and a copy of the line."""
    facts = [
        ("scheme", row.scheme),
        ("roll_no", row.shown_roll_no),
        ("birth_date", row.roll_birth.isoformat() if row.roll_birth else ""),
        ("unit", row.roll_unit_code),
        ("status", f"{row.scheme} {row.roll_status}" if row.roll_status else ""),
        ("rule", row.rule),
    ]
    evidence = [{"term": term, "text": text} for term, text in facts if text]
    return Asked(SubjectKey(person_id=row.person_id), note, QuestionAbout.MATCH, evidence, row.roll_name)
