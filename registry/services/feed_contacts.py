"""Whom to call about a feed."""

from __future__ import annotations

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from registry.constants import Feed
from registry.models import FeedContact


@transaction.atomic
def change_contact(*, actor: Actor, feed: Feed, department: str, name: str, office_phone: str) -> FeedContact:
    """Record whom to call about a feed of the actor's county.

    Effects: one FeedContact, its history by trigger; audit verb feed_contact_changed. Errors: NotAllowed.
    """
    actor.demand(Action.APPLY_DELIVERY)
    contact, _is_new = FeedContact.objects.update_or_create(
        county=county_of(actor),
        feed=feed,
        defaults={"department": department, "name": name, "office_phone": office_phone},
    )
    record_event(actor=actor, verb="feed_contact_changed", object_type="feed_contact", object_id=contact.pk)
    return contact
