"""What may be decided on a delivery: approval, who must give it, and undoing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.accounts.signing import is_anothers, may_sign
from foundation.policy.limits import undo_period
from registry.constants import REMARKS_TO_CONFIRM, DeliveryState
from registry.models import Delivery
from registry.models.delivery import ENDED_WITHOUT_EFFECT

LOSS_LIMIT = "loss_limit"
"""The refusal of a file in which more persons are missing or new than the region allows; it is lifted by an approval."""


def is_above_limit(delivery: Delivery) -> bool:
    """Answer whether more persons are missing or new in a file that awaits approval than the region allows."""
    return bool(delivery.preview.get("loss")) or delivery.refusal.get("code") == LOSS_LIMIT


def has_remarks_to_confirm(delivery: Delivery) -> bool:
    """Answer whether something about how the file was read must be confirmed before it is applied."""
    return any(each["code"] in REMARKS_TO_CONFIRM for each in delivery.reading.get("remarks", ()))


def is_awaiting_approval(delivery: Delivery) -> bool:
    """Answer whether the file must be approved or discarded."""
    refused = delivery.state == DeliveryState.REFUSED and delivery.refusal.get("code") == LOSS_LIMIT
    return refused or (delivery.state == DeliveryState.CHECKED and delivery.approved_at is None)


def awaits_approval_of(actor: Actor) -> Q:
    """Return the condition that a file must be approved or discarded, and that the actor is not the one who must leave it to another."""
    refused = Q(refusal__contains={"code": LOSS_LIMIT})  # contains: a refusal without a code is no, not unknown
    above_limit = refused | Q(preview__has_key="loss")
    waiting = Q(state=DeliveryState.CHECKED, approved_at=None) | Q(refused, state=DeliveryState.REFUSED)
    return waiting & (~above_limit | is_anothers(actor))


def is_to_be_decided(delivery: Delivery) -> bool:
    """Answer whether the file may be discarded: it awaits approval, or its processing failed."""
    return is_awaiting_approval(delivery) or delivery.state == DeliveryState.FAILED


def needs_second_person(actor: Actor, delivery: Delivery) -> bool:
    """Answer whether a second person must decide: who sent a file above the limit, or for whom it was sent, does not approve it."""
    return is_above_limit(delivery) and not may_sign(actor, delivery.people_behind)


def may_be_undone(actor: Actor, delivery: Delivery, *, at: datetime) -> bool:
    """Answer whether the delivery is its feed's latest, and within the period for undoing. Two queries, none for a file not in force."""
    if delivery.state != DeliveryState.APPLIED or delivery.applied_at is None:
        return False
    later = Delivery.objects.applied().filter(
        county=delivery.county_id, feed=delivery.feed, applied_at__gt=delivery.applied_at
    )
    last_act = delivery.completed_at or delivery.applied_at
    return at - last_act <= undo_period(actor, on=at.date()) and not later.exists()


def list_restored(delivery: Delivery) -> list[Delivery]:
    """List the files that hold again once this applied one is undone: those it replaced, else the feed's newest before it.

    At most two queries.
    """
    same_feed = Delivery.objects.filter(county=delivery.county_id, feed=delivery.feed).exclude(pk=delivery.pk)
    replaced = same_feed.filter(state=DeliveryState.SUPERSEDED, superseded_at=delivery.applied_at)
    if found := list(replaced.order_by("pk")):
        return found
    before = same_feed.applied().filter(as_of_date__lte=delivery.as_of_date).order_by("-as_of_date", "-applied_at")
    return list(before[:1])


def find_applied_again(delivery: Delivery) -> Delivery | None:
    """Find the delivery of the same file and day that waits or is in force, for one that was undone. One query."""
    same = Delivery.objects.filter(
        county=delivery.county_id, as_of_date=delivery.as_of_date, file_sha256=delivery.file_sha256
    )
    return same.exclude(state__in=ENDED_WITHOUT_EFFECT).order_by("pk").first()


def is_waiting_for_parts(delivery: Delivery) -> bool:
    """Answer whether the file is the last applied of a list that waits for parts, and no later list came. At most one query."""
    if delivery.state != DeliveryState.APPLIED or not delivery.lacks_parts:
        return False
    same_feed = Delivery.objects.applied().filter(county=delivery.county_id, feed=delivery.feed, corrects=None)
    later = same_feed.filter(as_of_date__gt=delivery.as_of_date) | same_feed.filter(
        as_of_date=delivery.as_of_date, applied_at__gt=delivery.applied_at
    )
    return not later.exists()


def senders_of_list(delivery: Delivery) -> set[int]:
    """Return the users behind the applied files of the delivery's feed and day. One query."""
    files = Delivery.objects.applied().filter(
        county=delivery.county_id, feed=delivery.feed, as_of_date=delivery.as_of_date
    )
    return {user for users in files.values_list("people_behind", flat=True) for user in users}
