"""The way of a frozen batch: reviewed, approved, requested, funded, credited, closed; or returned. Each signature reads the rows anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotAllowed
from foundation.primitives.money import format_fen
from foundation.primitives.personal_texts import hide_numbers
from foundation.signatures.constants import Act
from foundation.signatures.services import sign
from payments.constants import BATCH_MOVES, BATCH_TYPE, BatchState, Level
from payments.models import Batch, BatchFunding
from payments.selectors.batches import lock_batch
from payments.services.booking import read_content


def review_batch(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Sign a frozen batch as reviewed. Effects: state, signature; audit. Errors: NotAllowed, also on one's own work; NotFound; Conflict."""
    return _sign(actor, batch_id, Action.REVIEW_BATCH, BatchState.REVIEWED, Act.REVIEWED, at)


def approve_batch(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Sign a reviewed batch as approved. Effects and errors as `review_batch`."""
    return _sign(actor, batch_id, Action.APPROVE_BATCH, BatchState.APPROVED, Act.APPROVED, at)


@transaction.atomic
def request_funds(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Ask the finance bureau for the money of an approved batch. Effects: state; audit. Errors: NotAllowed; NotFound; Conflict."""
    actor.demand(Action.PREPARE_BATCH)
    return _move(actor, lock_batch(actor, batch_id), BatchState.REQUESTED, at)


@transaction.atomic
def fund_batch(
    *, actor: Actor, batch_id: int, amounts: Mapping[str, int], voucher: str, received_on: date, at: datetime
) -> Batch:
    """Record the money of each level and sign: exactly what the lines of the level come to, in whole (docs/rules.md R54).

    `amounts`: level -> fen; levels that bear nothing may be left out.
    Effects: a row a level, state, signature; audit. Errors: NotAllowed; NotFound; BadInput; Conflict.
    """
    actor.demand(Action.FUND_BATCH)
    batch = lock_batch(actor, batch_id)
    voucher = hide_numbers(" ".join(voucher.split()))[:60]
    if not voucher:
        raise BadInput(_("Enter the number of the voucher."), code="voucher_missing", ids=["voucher"])
    if received_on > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future", ids=["received_on"])
    _demand_next(batch, BatchState.FUNDED)
    _count, _total, due, _hash = read_content(batch)
    paid = {level: int(amounts.get(level, 0)) for level in due}
    if paid != due or set(amounts) - set(due):
        wrong = [level for level in due if paid[level] != due[level]] or sorted(set(amounts) - set(due))
        raise BadInput(
            _("The money must be what the lines come to: %(due)s.")
            % {"due": ", ".join(f"{Level(each).label} {format_fen(fen)}" for each, fen in due.items() if fen)},
            code="amount_differs",
            ids=wrong,
        )
    BatchFunding.objects.bulk_create(
        [
            BatchFunding(
                batch=batch,
                level=level,
                amount_fen=fen,
                received_on=received_on,
                voucher=voucher,
                recorded_by_id=_person(actor),
                recorded_at=at,
            )
            for level, fen in due.items()
            if fen
        ]
    )
    return _signed(actor, batch, BatchState.FUNDED, Act.FUNDED, at)


@transaction.atomic
def return_batch(*, actor: Actor, batch_id: int, reason: str, at: datetime) -> Batch:
    """Return a batch that is not funded yet: its lines are void, its people may be in another.

    Effects: state; audit. Errors: NotAllowed; NotFound; BadInput without a reason; Conflict once it is funded.
    """
    if not any(actor.may(each) for each in (Action.APPROVE_BATCH, Action.FUND_BATCH)):
        actor.demand(Action.REVIEW_BATCH)
    batch, reason = lock_batch(actor, batch_id), hide_numbers(reason.strip())[:1000]
    if not reason:
        raise BadInput(_("State why the batch is returned."), code="reason_missing", ids=["reason"])
    batch.note, batch.ended_at = reason, at
    return _move(actor, batch, BatchState.RETURNED, at)


@transaction.atomic
def cancel_draft(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Cancel a draft. Effects: state; audit. Errors: NotAllowed; NotFound; Conflict once it is frozen."""
    actor.demand(Action.PREPARE_BATCH)
    batch = lock_batch(actor, batch_id)
    batch.ended_at = at
    return _move(actor, batch, BatchState.CANCELLED, at)


@transaction.atomic
def close_batch(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Close a credited batch. Effects: state; audit. Errors: NotAllowed; NotFound; Conflict."""
    actor.demand(Action.PREPARE_BATCH)
    batch = lock_batch(actor, batch_id)
    batch.ended_at = at
    return _move(actor, batch, BatchState.CLOSED, at)


def demand_unchanged(batch: Batch) -> None:
    """Demand that the rows are those that were frozen. Errors: Conflict: somebody changed the database."""
    count, total, _levels, digest = read_content(batch)
    if (count, total, digest) != (batch.line_count, batch.total_fen, batch.content_hash):
        raise Conflict(
            _("The rows of this batch are not those that were frozen; it cannot be signed."),
            code="content_changed",
            what_to_do=_("Tell the system administrator: rows were changed past the programme."),
            ids=[batch.pk],
        )


@transaction.atomic
def _sign(actor: Actor, batch_id: int, action: Action, after: BatchState, act: Act, at: datetime) -> Batch:
    actor.demand(action)
    batch = lock_batch(actor, batch_id)
    _demand_next(batch, after)
    return _signed(actor, batch, after, act, at)


def _signed(actor: Actor, batch: Batch, after: BatchState, act: Act, at: datetime) -> Batch:
    demand_unchanged(batch)
    sign(actor=actor, object_type=BATCH_TYPE, object_id=batch.pk, content=batch.content_hash, act=act, at=at)
    return _move(actor, batch, after, at)


def _move(actor: Actor, batch: Batch, after: BatchState, at: datetime) -> Batch:
    _demand_next(batch, after)
    before, batch.state = batch.state, after
    batch.save()
    detail: dict[str, Any] = {"before": before, "after": after.value, "at": at.isoformat()}
    record_event(actor=actor, verb="move_batch", object_type=BATCH_TYPE, object_id=batch.pk, detail=detail)
    return batch


def _demand_next(batch: Batch, after: BatchState) -> None:
    if (batch.state, after.value) not in BATCH_MOVES:
        raise Conflict(
            _("The batch is “%(state)s”; it cannot become “%(after)s” now.")
            % {"state": batch.get_state_display(), "after": after.label},
            code="step_not_possible",
            what_to_do=_("Reload the page to see the current state."),
            ids=[batch.pk],
        )


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can do this; a system cannot."), code="no_person")
    return actor.user_id
