"""Closing a case although its gap is open: with a reason, with evidence where the reason is about the person; can be undone.

Called by views. Undoing gives the case back to what it was; one that moved on meanwhile, or whose gaps are gone, stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.constants import (
    ABOUT_THE_PERSON,
    BY_APPLICATION,
    LEAST_NOTE,
    NAMED_EVIDENCE,
    REFUTED_BY,
    REFUTING_REASONS,
    RESTRICTED_REASONS,
    WORKING_STATES,
    CaseState,
    CloseReason,
    EvidenceKind,
    GapKind,
    reasons_to_close,
)
from casework.models import Case, CaseClosing, Gap
from casework.selectors.subjects import SubjectKey, key_of, of_subjects
from casework.selectors.takers import before_again, paths_of_users
from casework.services.cases import Move, checked_note, demand_not_anothers, lock_case, next_state, record_case_events
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope, in_scope_of_unit
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.policy.limits import undo_period
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotFound
from registry.selectors.stored_files import ATTACHMENTS, read_stored_file
from registry.services.papers import store_paper


@dataclass(frozen=True)
class Evidence:
    """What a closing rests on: a document, visit, call or another department's word; its day; where others find it."""

    kind: str = ""
    day: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class Document:
    """A scanned paper attached as evidence: where it lies now, and its name."""

    path: Path
    name: str


@transaction.atomic
def close_case(
    *,
    actor: Actor,
    key: SubjectKey,
    reason: str,
    note: str,
    at: datetime,
    evidence: Evidence | None = None,
    document: Document | None = None,
) -> Case:
    """Close a subject's case although its gap is open, for a reason everybody can read.

    A case with money to the dead, the imprisoned or twice is closed only by what refutes it (REFUTED_BY), with a document.
    Effects: the case; one CaseClosing, its document stored encrypted; case event and audit verb close_case. The work list
    shows the subject again when a new gap opens.
    Errors: NotAllowed (reasons that need a reviewer are another action); NotFound; BadInput without reason, a note of a few
    words or, for a reason about the person, evidence, and for a reason that does not fit the gaps; Conflict when somebody
    else has the case, or it is closed already.
    """
    reason = _checked_reason(reason)
    actor.demand(Action.CLOSE_CASE_RESTRICTED if reason in RESTRICTED_REASONS else Action.CLOSE_CASE_LOW_RISK)
    note, evidence = _checked_sentence(note), _checked_evidence(reason, evidence or Evidence(), at)
    case = lock_case(actor, key, at)
    _demand_fitting(reason, list_open_kinds(key), evidence, document)
    if case.state not in WORKING_STATES:
        raise Conflict(
            _("This case is already closed: %(reason)s.") % {"reason": case.get_close_reason_display()},
            code="case_closed",
            ids=[case.pk],
        )
    if not actor.may(Action.CLOSE_CASE_RESTRICTED):
        demand_not_anothers(actor, case)
    paper = store_paper(document.path, case.county) if document else None
    closing = CaseClosing.objects.create(
        case=case,
        unit_id=actor.unit_id,
        reason=reason,
        note=note,
        evidence_kind=evidence.kind,
        evidence_date=evidence.day,
        evidence_reference=evidence.reference,
        document_name=document.name[:255] if document else "",
        document_type=paper.content_type if paper else "",
        document_sha256=paper.sha256 if paper else "",
        document_path=paper.path if paper else "",
        state_before=case.state,
        owner_before_id=case.owner_id,
        closed_by_id=actor.user_id or 0,
        closed_at=at,
    )
    before, case.state = case.state, next_state(case, CaseState.CLOSED_WITH_REASON)
    case.close_reason, case.closed_at = reason, at
    Case.objects.filter(pk=case.pk).close(reason, at=at)
    record_case_events(actor, [Move(case, "close_case", before, case.state, f"{reason.value}: {note}", closing)], at)
    return case


@dataclass(frozen=True)
class Decision:
    """A decided application as a closing names it: its id, its receipt number, the day it was decided, and the words for colleagues."""

    application_id: int
    receipt_no: str
    decided_on: date
    note: str


def close_by_decision(*, actor: Actor, key: SubjectKey, reason: CloseReason, decision: Decision, at: datetime) -> Case:
    """Close a subject's case with what an application decided, whoever has it; its gap stays open. A closed case is closed anew.

    Money to the dead, the imprisoned or twice, and a death to be verified, are never closed away (docs/rules.md R32): such a case stays
    as it is, and the decision is only an event of it. The caller has checked who decides. Effects: as close_case, with the
    application's number; a closing that stands is no obstacle. Errors: NotFound outside the unit.
    """
    case = lock_case(actor, key, at)
    if {*REFUTED_BY, GapKind.DEATH_TO_VERIFY}.intersection(list_open_kinds(key)):
        words = f"{reason.value}: {decision.note}"
        record_case_events(actor, [Move(case, "application_decided", case.state, case.state, words)], at)
        return case
    moves = []
    if case.state not in WORKING_STATES:
        moves.append(Move(case, "reopen_case", case.state, next_state(case, CaseState.REOPENED)))
        Case.objects.filter(pk=case.pk).reopen()
        case.state, case.owner_id = CaseState.REOPENED, None
    closing = CaseClosing.objects.create(
        case=case,
        unit_id=actor.unit_id,
        reason=reason,
        note=decision.note,
        evidence_kind=EvidenceKind.DOCUMENT,
        evidence_date=decision.decided_on,
        evidence_reference=decision.receipt_no,
        application_id=decision.application_id,
        state_before=case.state,
        owner_before_id=case.owner_id,
        closed_by_id=actor.user_id or 0,
        closed_at=at,
    )
    before, case.state = case.state, next_state(case, CaseState.CLOSED_WITH_REASON)
    case.close_reason, case.closed_at = reason, at
    Case.objects.filter(pk=case.pk).close(reason, at=at)
    moves.append(Move(case, "close_case", before, case.state, f"{reason.value}: {decision.note}", closing))
    record_case_events(actor, moves, at)
    return case


def reopen_after_decision(*, actor: Actor, key: SubjectKey, reason: CloseReason, note: str, at: datetime) -> Case:
    """Open a case again that an application closed, now that what the person declared no longer holds.

    Also one closed since as refused: the declaration may have been why. Any other state is left as it is. The caller has checked who
    decides. Effects: the case; case event and audit verb reopen_case. Errors: NotFound outside the unit.
    """
    case = lock_case(actor, key, at)
    if case.state == CaseState.CLOSED_WITH_REASON and case.close_reason in (reason, CloseReason.REFUSED):
        before, case.state = case.state, next_state(case, CaseState.REOPENED)
        case.owner, case.close_reason, case.closed_at = None, "", None
        Case.objects.filter(pk=case.pk).reopen()
        record_case_events(actor, [Move(case, "reopen_case", before, case.state, note)], at)
    return case


@transaction.atomic
def reopen_many(
    *, actor: Actor, case_ids: Sequence[int], reasons: Collection[CloseReason], note: str, at: datetime
) -> int:
    """Open cases again that are closed with one of these reasons; any other is left as it is. Returns how many were opened.

    The caller has chosen them in scope. Effects: the cases; case event and audit verb reopen_case. Four statements, whatever the number.
    """
    closed = Case.objects.filter(pk__in=case_ids, state=CaseState.CLOSED_WITH_REASON, close_reason__in=reasons)
    cases = list(closed)
    Case.objects.filter(pk__in=[case.pk for case in cases], state=CaseState.CLOSED_WITH_REASON).reopen()
    record_case_events(actor, [Move(case, "reopen_case", case.state, CaseState.REOPENED, note) for case in cases], at)
    return len(cases)


@transaction.atomic
def undo_closing(*, actor: Actor, closing_id: int, at: datetime) -> Case:
    """Give a closed case back to what it was before; it goes to whoever had it only while they may still take it.

    Effects: the case; the closing's undone_by and undone_at; case event undo_close, audit verbs undo_close, closing_undone.
    Errors: NotAllowed; NotFound; Conflict when it was undone, the period for undoing is over, the case moved on or has no gap left.
    """
    actor.demand(Action.CLOSE_CASE_LOW_RISK)
    closing = list_closings(actor).select_for_update(of=("self",)).filter(pk=closing_id).first()
    if closing is None:
        raise NotFound(_("There is no such closing in your unit."), ids=[closing_id])
    if closing.undone_at is not None or at - closing.closed_at > undo_period(actor, on=at.date()):
        raise Conflict(
            _("This closing has already been undone, or can no longer be undone."), code="too_late", ids=[closing_id]
        )
    if closing.application_id is not None:
        raise Conflict(
            _("A decided application closed this case; it cannot be undone here."),
            code="closed_by_application",
            what_to_do=_("The person can revoke what they declared, or apply again."),
            ids=[closing.application_id],
        )
    case = _lock_in_reach(actor, closing)
    _demand_undoable(case, closing)
    able = paths_of_users([closing.owner_before_id], on=at.astimezone(BUSINESS_ZONE).date())
    before = case.state
    case.owner_id, case.state = before_again(case, closing.owner_before_id, closing.state_before, able=able)
    case.close_reason, case.closed_at = "", None
    case.save(update_fields=["state", "owner", "close_reason", "closed_at"])
    CaseClosing.objects.filter(pk=closing.pk).update(undone_by=actor.username, undone_at=at)
    record_case_events(actor, [Move(case, "undo_close", before, case.state, closing=closing)], at)
    record_event(actor=actor, verb="closing_undone", object_type="caseclosing", object_id=closing.pk)
    return case


def _lock_in_reach(actor: Actor, closing: CaseClosing) -> Case:
    """Lock the case of a closing. Errors: NotFound when the case has gone to another unit since."""
    rows = in_scope(Case.objects.filter(pk=closing.case_id), actor).select_related("unit", "county")
    case = rows.select_for_update(of=("self",)).first()
    if case is None:
        raise NotFound(_("There is no such closing in your unit."), ids=[closing.pk])
    return case


def list_open_kinds(key: SubjectKey) -> list[str]:
    """List the kinds of a subject's open gaps. One query."""
    gaps = Gap.objects.open().filter(of_subjects([key]))
    return list(gaps.values_list("kind", flat=True).order_by("kind").distinct())


def read_document(*, actor: Actor, closing_id: int) -> tuple[CaseClosing, bytes]:
    """Return a closing and the content of its document, to whoever sees the case.

    Effects: audit verb read_closing_document. Errors: NotAllowed; NotFound, also where no document was attached.
    """
    actor.demand(Action.VIEW_CASE_DATA)
    closings = in_scope(CaseClosing.objects.filter(document_sha256__gt=""), actor, "case__")
    closing = closings.filter(pk=closing_id).first()
    if closing is None:
        raise NotFound(_("There is no such document in your unit."), ids=[closing_id])
    record_event(
        actor=actor,
        verb="read_closing_document",
        object_type="case",
        object_id=closing.case_id,
        outcome=Outcome.READ,
        detail={"closing": closing.pk},
    )
    return closing, read_stored_file(ATTACHMENTS, closing.document_sha256, closing.document_path)


def list_closings(actor: Actor) -> QuerySet[CaseClosing]:
    """List what was closed at the actor's desk and below, newest first; a reviewer sees all, others their own."""
    rows = in_scope_of_unit(CaseClosing.objects.all(), actor)
    if not actor.may(Action.CLOSE_CASE_RESTRICTED):
        rows = rows.filter(closed_by=actor.user_id)
    return rows.select_related("closed_by", "case").order_by("-closed_at", "-id")


def is_undoable(closing: CaseClosing, at: datetime, period: timedelta) -> bool:
    """Answer whether a closing may still be undone by its age; the case may have moved on."""
    return closing.undone_at is None and at - closing.closed_at <= period


def _demand_undoable(case: Case, closing: CaseClosing) -> None:
    if case.state != CaseState.CLOSED_WITH_REASON or case.closed_at != closing.closed_at:
        raise Conflict(_("The case has changed since then and was left as it is."), code="case_moved_on", ids=[case.pk])
    if not Gap.objects.open().filter(of_subjects([key_of(case)])).exists():
        raise Conflict(_("All gaps of this case have been closed; no work remains."), code="no_gap", ids=[case.pk])


def _checked_reason(reason: str) -> CloseReason:
    if reason not in CloseReason.values:
        raise BadInput(_("Choose a reason."), code="reason_missing")
    if reason in BY_APPLICATION:
        raise BadInput(
            _("A case is closed with this reason by a decided application only."),
            code="reason_by_application",
            what_to_do=_("Begin the application; once it is decided, the case is closed."),
        )
    return CloseReason(reason)


def _checked_sentence(note: str) -> str:
    note = checked_note(note)
    if len("".join(note.split())) < LEAST_NOTE:
        raise BadInput(_("Enter one sentence that colleagues will understand."), code="note_missing")
    return note


def _demand_fitting(reason: CloseReason, kinds: list[str], evidence: Evidence, document: Document | None) -> None:
    """Refuse a reason that leaves a payment at stake as it is, and a refuted payment without a document."""
    if reason not in reasons_to_close(kinds):
        raise BadInput(
            _("This reason does not fit the gaps of this case: a payment at stake is refuted, paused or terminated."),
            code="reason_not_fitting",
            what_to_do=_(
                "Close it only when the finding is wrong, with a document; otherwise have the payment stopped."
            ),
        )
    if reason in REFUTING_REASONS and evidence.kind not in NAMED_EVIDENCE:
        raise BadInput(_("A document or another department's confirmation is required."), code="evidence_missing")
    if reason in REFUTING_REASONS and document is None:
        raise BadInput(_("Attach the document (PDF, JPEG or PNG)."), code="document_missing")


def _checked_evidence(reason: CloseReason, evidence: Evidence, at: datetime) -> Evidence:
    reference = evidence.reference.strip()
    if not evidence.kind:
        if reason in ABOUT_THE_PERSON:
            raise BadInput(_("This reason concerns the person: enter the evidence."), code="evidence_missing")
        if evidence.day or reference:
            raise BadInput(_("Choose the type of evidence."), code="evidence_missing")
        return Evidence()
    if evidence.kind not in EvidenceKind.values:
        raise BadInput(_("Choose the type of evidence."), code="evidence_missing")
    if evidence.day is None:
        raise BadInput(_("Enter the date of the evidence."), code="evidence_day_missing")
    if evidence.day > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The evidence date cannot be in the future."), code="evidence_day_missing")
    if evidence.kind in NAMED_EVIDENCE and not reference:
        raise BadInput(_("Enter the document number, or the department and contact person."), code="reference_missing")
    return Evidence(evidence.kind, evidence.day, reference[:200])
