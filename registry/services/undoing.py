"""The latest file of a feed undone: what it stated no longer holds, what it replaced holds again.

Rows are superseded and recorded again, never deleted; the next night updates the results. Persons whom only this file named remain as
rows without a name, so that nothing that refers to them breaks.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import FACT_FEEDS, PERSON_FEEDS, DeliveryState
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery
from registry.selectors.delivery_decisions import may_be_undone
from registry.services.current_details import refresh_persons
from registry.services.merging import propose_merges

_SQL = Path(__file__).parent / "sql"
_NAMED_OR_RESTORED = """
    SELECT person_id FROM registry_deliveredrow WHERE delivery_id = %(delivery)s UNION
    SELECT person_id FROM registry_designation WHERE county_id = %(county)s AND kind = %(feed)s AND recorded_at = %(at)s
"""


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def refuse_not_undoable(actor: Actor, delivery: Delivery, *, at: datetime) -> None:
    """Raise Conflict for a delivery that cannot be undone: not in force, not its feed's latest, or the period is over."""
    if not may_be_undone(actor, delivery, at=at):
        raise Conflict(
            _("Only the latest file of a feed can be undone, and only within the undo period."),
            code="not_latest",
            what_to_do=_("Undo the later file first, or send a corrected one."),
            ids=[delivery.pk],
        )


@transaction.atomic
def undo_delivery(*, actor: Actor, delivery_id: int, at: datetime) -> Delivery:
    """Undo the latest application of a feed, within the period for undoing.

    Effects: supersedes what the delivery recorded, records again what it superseded, restores the deliveries it replaced;
    audited. One transaction. Errors: NotAllowed; NotFound; Conflict when a later file was applied or the period is over.
    """
    actor.demand(Action.APPLY_DELIVERY)
    county_id, feed = (found := get_delivery(actor, delivery_id)).county_id, found.feed
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('delivery ' || %s), %s)", [feed, county_id])
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("county").get(pk=delivery_id)
        refuse_not_undoable(actor, delivery, at=at)
        values: dict[str, int | str | datetime | None] = {
            "delivery": delivery.pk,
            "county": county_id,
            "feed": feed,
            "applied": delivery.applied_at,
            "at": at,
        }
        delivery.state, delivery.superseded_at = DeliveryState.UNDONE, at
        delivery.save(update_fields=["state", "superseded_at"])
        cursor.execute(_statement("restore_deliveries"), values)
        if feed in FACT_FEEDS:
            for moment in _moments(delivery):
                cursor.execute(_statement("undo_facts"), values | {"applied": moment})
        if feed in PERSON_FEEDS:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_person'), %s)", [county_id])
            for moment in _moments(delivery):
                cursor.execute(_statement("undo_persons"), values | {"applied": moment})
            refresh_persons(cursor, affected=_NAMED_OR_RESTORED, at=at, values=values)
            propose_merges(delivery.county, at=at)
    record_event(actor=actor, verb="delivery_undone", object_type="delivery", object_id=delivery.pk)
    return delivery


def _moments(delivery: Delivery) -> list[datetime]:
    """The moments at which the delivery changed the register, the last first: declared complete, applied."""
    return [moment for moment in (delivery.completed_at, delivery.applied_at) if moment is not None]
