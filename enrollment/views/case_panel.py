"""What the reader may do with a subject's case: take, give back, note, close; and who has it."""

from __future__ import annotations

from dataclasses import dataclass

from enrollment.constants import RESTRICTED_REASONS, CloseReason
from enrollment.forms import CloseForm, NoteForm
from enrollment.models import Case
from enrollment.selectors.subjects import SubjectKey
from enrollment.selectors.worklist import is_worked
from enrollment.views.words import CASE_TONES
from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.permissions import Action


@dataclass(frozen=True)
class CasePanel:
    """The case as the panel shows it; a form is None where the reader may not, or need not."""

    key: SubjectKey
    state: str
    tone: str
    owner: str
    close_reason: str
    may_take: bool
    may_release: bool
    may_assign: bool
    note_form: NoteForm | None
    close_form: CloseForm | None


def case_panel(actor: Actor, key: SubjectKey, case: Case | None) -> CasePanel:
    """Put together what the reader may do."""
    worked = is_worked(case)
    is_mine = worked and case is not None and case.owner_id == actor.user_id
    is_closed = case is not None and case.closed_at is not None
    return CasePanel(
        key=key,
        state=case.get_state_display() if case else "",
        tone=CASE_TONES.get(case.state, "") if case else "",  # type: ignore[call-overload]
        owner=case.owner.get_full_name() if worked and case and case.owner else "",
        close_reason=case.get_close_reason_display() if case and is_closed else "",
        may_take=actor.may(Action.TAKE_CASE) and not worked,
        may_release=actor.may(Action.TAKE_CASE) and is_mine,
        may_assign=actor.may(Action.TAKE_CASE) and (is_mine or not worked or _may_override(actor)),
        note_form=NoteForm() if actor.may(Action.TAKE_CASE) else None,
        close_form=_close_form(actor) if not is_closed and (is_mine or not worked or _may_override(actor)) else None,
    )


def _may_override(actor: Actor) -> bool:
    return actor.may(Action.CLOSE_CASE_RESTRICTED)


def _close_form(actor: Actor) -> CloseForm | None:
    if not actor.may(Action.CLOSE_CASE_LOW_RISK):
        return None
    allowed = [
        each for each in CloseReason if each not in RESTRICTED_REASONS or actor.may(Action.CLOSE_CASE_RESTRICTED)
    ]
    return CloseForm(reasons=allowed)
