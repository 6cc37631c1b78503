"""What the reader may do with a subject's case: take, give back, note, close, undo a closing; who has it, where, by when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from casework.constants import FEED_SUBJECT, RESTRICTED_REASONS, CaseState, CloseReason, reasons_to_close
from casework.forms import AskForm, CloseForm, NoteForm
from casework.models import Case, CaseClosing
from casework.presenters.gaps import CASE_TONES
from casework.selectors.gap_age import is_overdue
from casework.selectors.subjects import SubjectKey
from casework.selectors.worklist import is_worked, list_closings_of
from casework.services.closing import is_undoable
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.policy.limits import undo_period


@dataclass(frozen=True)
class CasePanel:
    """The case as the panel shows it; a form is None where the reader may not, or need not."""

    key: SubjectKey
    state: str
    tone: str
    owner: str
    desk: str
    due_on: date | None
    is_overdue: bool
    close_reason: str
    is_closed: bool
    closing: CaseClosing | None
    may_undo: bool
    may_take: bool
    may_release: bool
    may_assign: bool
    note_form: NoteForm | None
    ask_form: AskForm | None
    close_form: CloseForm | None
    is_for_reviewer: bool
    waiting_until: date | None
    is_answer_late: bool


def case_panel(actor: Actor, key: SubjectKey, case: Case | None, now: datetime, kinds: Collection[str]) -> CasePanel:
    """Put together what the reader may do; `kinds`: those of the open gaps. Two queries for a closed case, none for another."""
    worked = is_worked(case)
    is_mine = worked and case is not None and case.owner_id == actor.user_id
    is_closed = case is not None and case.closed_at is not None
    due_on = case.due_on if case and not is_closed else None
    closing = list_closings_of([case]).get(case.pk) if case else None
    reasons = reasons_for(actor, kinds)
    may_close = actor.may(Action.CLOSE_CASE_LOW_RISK) and not is_closed
    may_close = may_close and (is_mine or not worked or _may_override(actor))
    until = case.waiting_until if case and case.state == CaseState.WAITING_OUTSIDE else None
    return CasePanel(
        key=key,
        state=case.get_state_display() if case else "",
        tone=CASE_TONES.get(case.state, "") if case else "",  # type: ignore[call-overload]
        owner=case.owner.get_full_name() if worked and case and case.owner else "",
        desk=case.get_desk_display() if case and not is_closed else "",
        due_on=due_on,
        is_overdue=is_overdue(due_on, now.date()),
        close_reason=case.get_close_reason_display() if case and is_closed else "",
        is_closed=is_closed,
        closing=closing,
        may_undo=_may_undo(actor, closing, now),
        may_take=actor.may(Action.TAKE_CASE) and not worked,
        may_release=actor.may(Action.TAKE_CASE) and is_mine,
        may_assign=actor.may(Action.TAKE_CASE) and (is_mine or not worked or _may_override(actor)),
        note_form=NoteForm() if actor.may(Action.TAKE_CASE) else None,
        ask_form=AskForm(auto_id="ask_%s") if actor.may(Action.TAKE_CASE) and key.scheme != FEED_SUBJECT else None,
        close_form=CloseForm(reasons=reasons) if may_close and reasons else None,
        is_for_reviewer=may_close and not reasons,
        waiting_until=until,
        is_answer_late=until is not None and until < now.date(),
    )


def _may_override(actor: Actor) -> bool:
    return actor.may(Action.CLOSE_CASE_RESTRICTED)


def _may_undo(actor: Actor, closing: CaseClosing | None, now: datetime) -> bool:
    if closing is None or not actor.may(Action.CLOSE_CASE_LOW_RISK) or closing.undone_at:
        return False
    if not is_undoable(closing, now, undo_period(actor, on=now.date())):
        return False
    return closing.closed_by_id == actor.user_id or _may_override(actor)


def reasons_for(actor: Actor, kinds: Collection[str]) -> list[CloseReason]:
    """List the reasons that fit open gaps of these kinds and that the reader's role may give."""
    may_all = _may_override(actor)
    return [each for each in reasons_to_close(kinds) if may_all or each not in RESTRICTED_REASONS]
