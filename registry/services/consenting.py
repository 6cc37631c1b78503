"""A person takes the word for a file that lost more rows than the region's limit; the worker then applies it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.permissions import Action
from poverty_pension.audit.services import record_event
from poverty_pension.primitives.errors import Conflict
from registry.constants import DeliveryState
from registry.models import Delivery
from registry.selectors import get_delivery

LOSS_LIMIT = "loss_limit"


@transaction.atomic
def consent_to_delivery(*, actor: Actor, delivery_id: int) -> Delivery:
    """Let a file refused for its lost rows be applied: it waits as checked until a worker takes it.

    Effects: locks the delivery; state refused -> checked; audit verb delivery_consented.
    Errors: NotAllowed; NotFound outside the unit; Conflict when it is not, or no longer, refused for that.
    """
    actor.demand(Action.APPLY_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state != DeliveryState.REFUSED or delivery.refusal.get("code") != LOSS_LIMIT:
        raise Conflict(
            _("This file does not wait for consent; it is: %(state)s.") % {"state": delivery.get_state_display()},
            code="no_consent_asked",
            ids=[delivery_id],
        )
    delivery.state = DeliveryState.CHECKED
    delivery.save(update_fields=["state"])
    record_event(
        actor=actor, verb="delivery_consented", object_type="delivery", object_id=delivery.pk, detail=delivery.refusal
    )
    return delivery
