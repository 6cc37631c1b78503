"""Ending what the agency's roll has ended: an enrolment of ours whose line the roll shows as ended no longer counts. Called by the night.

The person can then be enrolled anew; the row that ended names the finding it rests on.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.regions.models import Unit

_END = (Path(__file__).parent / "sql" / "end_by_roll.sql").read_text("utf-8")


def end_by_roll(*, actor: Actor, county: Unit, night_id: int, known: datetime, at: datetime) -> int:
    """End the enrolments of a county that its roll ended, by the findings just published; in the night's transaction.

    `known`: the moment up to which the night read enrolments. Returns how many were ended.
    Effects: enrollment_enrollment, each row superseded by one that ends on the day of the roll; audit verb end_enrolments. Run again
    it does nothing more. Errors: NotAllowed. Source: docs/rules.md R49.
    """
    actor.demand(Action.RUN_NIGHT)
    with connection.cursor() as cursor:
        cursor.execute(_END, {"county": county.pk, "known": known, "at": at})
        ended = cursor.rowcount
    if ended:
        detail = {"ended": ended}
        record_event(actor=actor, verb="end_enrolments", object_type="nightrun", object_id=night_id, detail=detail)
    return ended
