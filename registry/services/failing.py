"""A delivery whose processing met an unforeseen error: it ends failed, with a number to quote, and may be tried again or discarded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import DeliveryState
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery


@transaction.atomic
def fail_delivery(actor: Actor, failed: Delivery, *, code: str, at: datetime) -> Delivery:
    """End a delivery as failed, with the number given to its error and the code of its sentence.

    Effects: locks the delivery; audit verb delivery_failed.
    """
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("county").get(pk=failed.pk)
    delivery.state, delivery.refusal = DeliveryState.FAILED, {"code": code, "values": {"number": failed.failure_number}}
    delivery.failure_number, delivery.failed_at = failed.failure_number, at
    delivery.save(update_fields=["state", "refusal", "failure_number", "failed_at"])
    record_event(
        actor=actor, verb="delivery_failed", object_type="delivery", object_id=delivery.pk, detail=delivery.refusal
    )
    return delivery


@transaction.atomic
def retry_delivery(*, actor: Actor, delivery_id: int) -> Delivery:
    """Put a failed delivery into the queue again, as it was: held or approved.

    Effects: locks the delivery; state received, or checked where it was approved; audit verb delivery_retried.
    Errors: NotAllowed; NotFound outside the unit; Conflict when it did not fail.
    """
    actor.demand(Action.RECEIVE_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("county").get(pk=delivery_id)
    if delivery.state != DeliveryState.FAILED:
        raise Conflict(
            _("Only a file whose processing failed can be tried again; the status of this one is: %(state)s.")
            % {"state": delivery.get_state_display()},
            code="not_failed",
            ids=[delivery_id],
        )
    delivery.state = DeliveryState.CHECKED if delivery.approved_at else DeliveryState.RECEIVED
    delivery.refusal, delivery.attempts, delivery.failure_number, delivery.failed_at = {}, 0, "", None
    delivery.save(update_fields=["state", "refusal", "attempts", "failure_number", "failed_at"])
    record_event(actor=actor, verb="delivery_retried", object_type="delivery", object_id=delivery.pk)
    return delivery
