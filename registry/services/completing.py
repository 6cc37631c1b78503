"""A list in parts declared complete without those that did not come: from then on it is a whole list like any other.

Who may apply files declares it; who may only send them, or a department's system, states it, and somebody who applies files then
decides. Above the region's limits the declaration is for somebody who sent none of its files (docs/rules.md R36).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.signing import may_sign, people_behind
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.personal_texts import hide_numbers
from registry.comparison.lists import add_changes_of_completion
from registry.comparison.persons import Turnover, count_turnover
from registry.constants import FACT_FEEDS, PERSON_FEEDS
from registry.intake.errors import IntakeError
from registry.intake.remarks import remark
from registry.intake.staging import STAGED
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery, get_sent_delivery, in_order
from registry.selectors.delivery_decisions import is_waiting_for_parts, senders_of_list
from registry.services.applying import end_unlisted
from registry.services.checking import check_turnover
from registry.services.facts import supersede_earlier
from registry.services.previewing import describe_changes

LONGEST_REASON = 300


@dataclass(frozen=True)
class Completion:
    """What declaring a list complete changes: the delivery as it would be, persons before and after, the limit it exceeds."""

    delivery: Delivery
    turnover: Turnover | None
    loss: dict[str, Any]
    needs_second_person: bool


def preview_completion(*, actor: Actor, delivery_id: int, at: datetime) -> Completion:
    """Return what declaring the list complete would change; nothing is kept.

    Errors: NotAllowed; NotFound outside the unit; Conflict where the list does not wait for parts.
    """
    with transaction.atomic():
        found = _complete(actor, _waiting(actor, delivery_id), reason="-", at=at)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def complete_list(*, actor: Actor, delivery_id: int, reason: str, at: datetime) -> Delivery:
    """Declare the list of an applied file complete without its missing parts, or state so where the actor only sends files.

    Effects: the delivery's completion; what its list no longer states is ended, its changes are stored; locks the feed; audit verb
    list_completed, or list_said_complete. Undone with the file. Errors: NotAllowed; NotFound; BadInput without a reason; Conflict where
    the list does not wait for parts (not_waiting) or a second person must decide (second_person).
    """
    stated = hide_numbers(reason.strip())[:LONGEST_REASON]
    if not stated:
        raise BadInput(_("State why the list is complete."), code="reason_missing")
    delivery = _waiting(actor, delivery_id)
    if not actor.may(Action.APPLY_DELIVERY):
        return _state(actor, delivery, reason=stated, at=at)
    completed = _complete(actor, delivery, reason=stated, at=at)
    if completed.needs_second_person:
        raise Conflict(
            _(
                "More persons leave the list than the region allows: somebody who sent none of its files must declare it complete."
            ),
            code="second_person",
            what_to_do=_("Ask a colleague who can apply files, or a reviewer."),
            ids=[delivery_id],
        )
    _record(actor, delivery, "list_completed")
    return delivery


def _waiting(actor: Actor, delivery_id: int) -> Delivery:
    """Return the delivery under the lock of its feed: nobody applies or undoes a file of it meanwhile."""
    if not actor.may(Action.APPLY_DELIVERY):
        actor.demand(Action.RECEIVE_DELIVERY)
    get = get_delivery if actor.client_system_id is None else get_sent_delivery
    feed, county_id = (found := get(actor, delivery_id)).feed, found.county_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('delivery ' || %s), %s)", [feed, county_id])
    delivery = Delivery.objects.select_related("county").get(pk=delivery_id)
    if not is_waiting_for_parts(delivery):
        raise Conflict(
            _("The list of this file does not wait for parts, or a later file of it was applied."),
            code="not_waiting",
            what_to_do=_("Open the file of the list that was applied last."),
            ids=[delivery_id],
        )
    return delivery


def _state(actor: Actor, delivery: Delivery, *, reason: str, at: datetime) -> Delivery:
    delivery.completion = {
        "reason": reason,
        "stated_by": actor.username,
        "stated_at": at.isoformat(),
        "people_behind": sorted(people_behind(actor)),
    }
    delivery.reading = _said(delivery, "said_complete", reason)
    delivery.save(update_fields=["completion", "reading"])
    _record(actor, delivery, "list_said_complete")
    return delivery


def _complete(actor: Actor, delivery: Delivery, *, reason: str, at: datetime) -> Completion:
    """End what the list no longer states and compare it as a whole; the caller decides whether that stays."""
    at = in_order(delivery.county_id, at)
    stated = delivery.completion
    delivery.completed_by, delivery.completed_at = actor.username, at
    delivery.completion = {**stated, "reason": reason}
    delivery.reading = _said(delivery, "complete_without", reason)
    delivery.save(update_fields=["completed_by", "completed_at", "completion", "reading"])
    changes = _added(delivery.row_counts.get("changes", {}), _end(delivery, at))
    turnover = count_turnover(delivery)
    loss = _loss(delivery, turnover)
    delivery.row_counts = {**delivery.row_counts, "changes": changes}
    delivery.preview = describe_changes(delivery, changes, turnover)
    delivery.save(update_fields=["row_counts", "preview"])
    makers: Iterable[int] = {*senders_of_list(delivery), *stated.get("people_behind", ())}
    return Completion(delivery, turnover, loss, bool(loss) and not may_sign(actor, makers))


def _end(delivery: Delivery, at: datetime) -> dict[str, int]:
    """End what only the parts that did not come stated; of a roll nothing is stored by line."""
    if delivery.feed in PERSON_FEEDS:
        ended = end_unlisted(delivery, at=at, staged=STAGED)
        add_changes_of_completion(delivery, staged=STAGED, at=at)
        return ended
    if delivery.feed in FACT_FEEDS:
        with connection.cursor() as cursor:
            return {"facts_superseded": supersede_earlier(cursor, delivery, at)}
    return {}


def _added(before: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in {**before, **more}}


def _loss(delivery: Delivery, turnover: Turnover | None) -> dict[str, Any]:
    """The figures by which a list exceeds the region's limits; empty within them."""
    try:
        if turnover is not None:
            check_turnover(delivery, turnover)
    except IntakeError as refusal:
        return refusal.as_json()
    return {}


def _said(delivery: Delivery, code: str, reason: str) -> dict[str, Any]:
    """How the file was read, with what is said of the missing parts in place of what was said before."""
    others = [
        each
        for each in delivery.reading.get("remarks", [])
        if each["code"] not in ("said_complete", *(["parts_missing"] if code == "complete_without" else []))
    ]
    said = remark(code, parts=_("; ").join(delivery.missing_parts), reason=reason)
    return {**delivery.reading, "remarks": [*others, said.as_json()]}


def _record(actor: Actor, delivery: Delivery, verb: str) -> None:
    detail = {"parts": delivery.missing_parts, "reason": delivery.completion["reason"]}
    record_event(actor=actor, verb=verb, object_type="delivery", object_id=delivery.pk, detail=detail)
