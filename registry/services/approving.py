"""The decision on a file that awaits approval: apply or discard it; above the region's limits a second person decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import DeliveryState
from registry.intake.errors import audit_detail
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery
from registry.selectors.delivery_decisions import has_remarks_to_confirm, is_awaiting_approval, needs_second_person
from registry.services.snapshots import remove_prepared

DISCARDED = "discarded"


@transaction.atomic
def approve_delivery(*, actor: Actor, delivery_id: int, at: datetime, has_read_remarks: bool = False) -> Delivery:
    """Approve a checked file: a worker applies it. Remarks on how it was read that change who is on the list must have been read.

    Effects: locks the delivery; state checked, approved_by; audit verb delivery_approved.
    Errors: NotAllowed; NotFound outside the unit; Conflict when it does not await approval, a second person must decide, or
    remarks must be read first.
    """
    delivery = _locked(actor, delivery_id)
    if has_remarks_to_confirm(delivery) and not has_read_remarks:
        raise Conflict(
            _("How this file was read must be confirmed first."),
            code="remarks_unread",
            what_to_do=_("Read what is said under “How it was read”, and confirm it."),
            ids=[delivery_id],
        )
    if needs_second_person(actor, delivery):
        raise Conflict(
            _(
                "You sent this file, and more persons are missing or new than the region allows: a second person must "
                "check it."
            ),
            code="second_person",
            what_to_do=_("Ask a colleague who can apply files, or a reviewer."),
            ids=[delivery_id],
        )
    detail = audit_detail(delivery.refusal or delivery.preview.get("loss") or {})
    delivery.state, delivery.refusal = DeliveryState.CHECKED, {}
    delivery.approved_by, delivery.approved_at = actor.username, at
    delivery.save(update_fields=["state", "refusal", "approved_by", "approved_at"])
    record_event(actor=actor, verb="delivery_approved", object_type="delivery", object_id=delivery.pk, detail=detail)
    return delivery


@transaction.atomic
def discard_delivery(*, actor: Actor, delivery_id: int) -> Delivery:
    """Discard a file that awaits approval or failed: nothing of it is applied; it may be sent again.

    Effects: locks the delivery; state refused; removes a roll's prepared files; audit verb delivery_discarded. Errors: as approve_delivery.
    """
    delivery = _locked(actor, delivery_id, also=(DeliveryState.FAILED,))
    delivery.state, delivery.refusal = DeliveryState.REFUSED, {"code": DISCARDED, "values": {"who": actor.username}}
    delivery.save(update_fields=["state", "refusal"])
    record_event(actor=actor, verb="delivery_discarded", object_type="delivery", object_id=delivery.pk)
    transaction.on_commit(lambda: remove_prepared(delivery))
    return delivery


def _locked(actor: Actor, delivery_id: int, *, also: tuple[DeliveryState, ...] = ()) -> Delivery:
    actor.demand(Action.APPLY_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("county").get(pk=delivery_id)
    if not is_awaiting_approval(delivery) and delivery.state not in also:
        raise Conflict(
            _("This file is not awaiting approval; its status is: %(state)s.")
            % {"state": delivery.get_state_display()},
            code="not_awaiting_approval",
            ids=[delivery_id],
        )
    return delivery
