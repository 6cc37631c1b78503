"""A person's word on a file that waits: apply it, or put it aside; above the region's loss limit a second person's word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.signing import may_sign
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import DeliveryState
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery
from registry.services.snapshots import forget_prepared

LOSS_LIMIT, DISCARDED = "loss_limit", "discarded"


def is_above_limit(delivery: Delivery) -> bool:
    """Say whether a waiting file lost more rows than the region allows."""
    return bool(delivery.preview.get("loss")) or delivery.refusal.get("code") == LOSS_LIMIT


def is_awaiting_approval(delivery: Delivery) -> bool:
    """Say whether somebody must approve the file or put it aside."""
    refused = delivery.state == DeliveryState.REFUSED and delivery.refusal.get("code") == LOSS_LIMIT
    return refused or (delivery.state == DeliveryState.CHECKED and delivery.approved_at is None)


def needs_another(actor: Actor, delivery: Delivery) -> bool:
    """Say whether the word must be another person's: who sent a file above the limit, or for whom, does not approve it."""
    return is_above_limit(delivery) and not may_sign(actor, delivery.people_behind)


@transaction.atomic
def approve_delivery(*, actor: Actor, delivery_id: int, at: datetime) -> Delivery:
    """Let a checked file be applied: a worker takes it.

    Effects: locks the delivery; state checked, approved_by; audit verb delivery_approved.
    Errors: NotAllowed; NotFound outside the unit; Conflict when it does not wait, or wants a second person.
    """
    delivery = _locked(actor, delivery_id)
    if needs_another(actor, delivery):
        raise Conflict(
            _("You sent this file, and it lost more rows than the region allows: a second person must look at it."),
            code="second_person",
            what_to_do=_("Ask a colleague who may apply files, or a reviewer."),
            ids=[delivery_id],
        )
    detail = delivery.refusal or delivery.preview.get("loss") or {}
    delivery.state, delivery.refusal = DeliveryState.CHECKED, {}
    delivery.approved_by, delivery.approved_at = actor.username, at
    delivery.save(update_fields=["state", "refusal", "approved_by", "approved_at"])
    record_event(
        actor=actor, verb="delivery_approved", object_type="delivery", object_id=delivery.pk, detail=dict(detail)
    )
    return delivery


@transaction.atomic
def discard_delivery(*, actor: Actor, delivery_id: int) -> Delivery:
    """Put a waiting file aside: nothing of it is applied; sending it again starts anew.

    Effects: locks the delivery; state refused; removes a roll's prepared files; audit verb delivery_discarded. Errors: as approve_delivery.
    """
    delivery = _locked(actor, delivery_id)
    delivery.state, delivery.refusal = DeliveryState.REFUSED, {"code": DISCARDED, "values": {"who": actor.username}}
    delivery.save(update_fields=["state", "refusal"])
    record_event(actor=actor, verb="delivery_discarded", object_type="delivery", object_id=delivery.pk)
    transaction.on_commit(lambda: forget_prepared(delivery))
    return delivery


def _locked(actor: Actor, delivery_id: int) -> Delivery:
    actor.demand(Action.APPLY_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update(of=["self"]).select_related("county").get(pk=delivery_id)
    if not is_awaiting_approval(delivery):
        raise Conflict(
            _("This file does not wait for your word; it is: %(state)s.") % {"state": delivery.get_state_display()},
            code="no_word_asked",
            ids=[delivery_id],
        )
    return delivery
