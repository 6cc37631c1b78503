"""The latest file of a feed taken back: what it said is believed no more, what it replaced is believed again.

Rows are superseded and written again, never deleted; the next night draws the consequences. Persons whom only this file
named stay as rows without a name, so that nothing that refers to them breaks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import FACT_FEEDS, PERSON_FEEDS, DeliveryState
from registry.models import Delivery
from registry.selectors.deliveries import get_delivery
from registry.services.current_details import refresh_persons
from registry.services.merging import propose_merges

UNDO_WITHIN = timedelta(days=7)
_DESIGNATION = (
    "person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id, hukou_text, valid_from, "
    "valid_to, row_id"
)
_FACT = (
    "county_id, kind, delivery_id, sheet, row, name, number_id, number_state, old_number_id, new_number_id, event_date, "
    "event_precision, valid_from, valid_to, source, detail"
)
_TOUCHED = "SELECT person_id FROM registry_deliveredrow WHERE delivery_id = %(delivery)s"
_NAMED_OR_RESTORED = f"""
    {_TOUCHED} UNION
    SELECT person_id FROM registry_designation WHERE county_id = %(county)s AND kind = %(feed)s AND recorded_at = %(at)s
"""
_UNDO_PERSONS = f"""
    UPDATE registry_designation SET superseded_at = %(at)s
    WHERE county_id = %(county)s AND kind = %(feed)s AND recorded_at = %(applied)s AND superseded_at IS NULL;
    INSERT INTO registry_designation ({_DESIGNATION}, recorded_at)
    SELECT {_DESIGNATION}, %(at)s FROM registry_designation
    WHERE county_id = %(county)s AND kind = %(feed)s AND superseded_at = %(applied)s AND recorded_at < %(applied)s;
    UPDATE registry_personidentifier i SET superseded_at = %(at)s
    WHERE i.recorded_at = %(applied)s AND i.superseded_at IS NULL AND i.person_id IN ({_TOUCHED});
    INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at)
    SELECT person_id, number_id, state, %(at)s FROM registry_personidentifier i
    WHERE i.superseded_at = %(applied)s AND i.recorded_at < %(applied)s AND i.person_id IN ({_TOUCHED});
    UPDATE registry_personname n SET superseded_at = %(at)s
    WHERE n.recorded_at = %(applied)s AND n.superseded_at IS NULL AND n.person_id IN ({_TOUCHED});
"""
_UNDO_FACTS = f"""
    UPDATE registry_fact SET superseded_at = %(at)s WHERE delivery_id = %(delivery)s AND superseded_at IS NULL;
    INSERT INTO registry_fact ({_FACT}, recorded_at)
    SELECT {_FACT}, %(at)s FROM registry_fact f
    WHERE f.county_id = %(county)s AND f.superseded_at = %(applied)s AND f.recorded_at < %(applied)s
      AND f.delivery_id IN (SELECT id FROM registry_delivery WHERE county_id = %(county)s AND feed = %(feed)s);
"""
_UNDO_DELIVERIES = """
    UPDATE registry_deliveryproblem SET corrected_by_id = NULL WHERE corrected_by_id = %(delivery)s;
    UPDATE registry_delivery SET state = 'applied', superseded_at = NULL
    WHERE county_id = %(county)s AND feed = %(feed)s AND state = 'superseded' AND superseded_at = %(applied)s;
"""


def may_be_undone(delivery: Delivery, *, at: datetime) -> bool:
    """Say whether the delivery is its feed's latest, and young enough. One query."""
    if delivery.state != DeliveryState.APPLIED or delivery.applied_at is None:
        return False
    later = Delivery.objects.applied().filter(
        county=delivery.county_id, feed=delivery.feed, applied_at__gt=delivery.applied_at
    )
    return at - delivery.applied_at <= UNDO_WITHIN and not later.exists()


@transaction.atomic
def undo_delivery(*, actor: Actor, delivery_id: int, at: datetime) -> Delivery:
    """Take back the latest application of a feed, within seven days.

    Effects: supersedes what the delivery recorded, records again what it superseded, brings the deliveries it replaced back;
    audited. One transaction. Errors: NotAllowed; NotFound; Conflict when a later file stands on it or it is too old.
    """
    actor.demand(Action.APPLY_DELIVERY)
    county_id, feed = (found := get_delivery(actor, delivery_id)).county_id, found.feed
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('delivery ' || %s), %s)", [feed, county_id])
        delivery = Delivery.objects.select_for_update().select_related("county").get(pk=delivery_id)
        if not may_be_undone(delivery, at=at):
            raise Conflict(
                _("Only the latest file of a feed can be undone, within seven days."),
                code="not_latest",
                what_to_do=_("Undo the later file first, or send a corrected one."),
                ids=[delivery_id],
            )
        values: dict[str, int | str | datetime | None] = {
            "delivery": delivery.pk,
            "county": county_id,
            "feed": feed,
            "applied": delivery.applied_at,
            "at": at,
        }
        delivery.state, delivery.superseded_at = DeliveryState.UNDONE, at
        delivery.save(update_fields=["state", "superseded_at"])
        cursor.execute(_UNDO_DELIVERIES, values)
        if feed in FACT_FEEDS:
            cursor.execute(_UNDO_FACTS, values)
        if feed in PERSON_FEEDS:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_person'), %s)", [county_id])
            cursor.execute(_UNDO_PERSONS, values)
            refresh_persons(cursor, touched=_NAMED_OR_RESTORED, at=at, values=values)
            propose_merges(delivery.county, at=at)
    record_event(actor=actor, verb="delivery_undone", object_type="delivery", object_id=delivery.pk)
    return delivery
