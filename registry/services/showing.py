"""Whole numbers shown for a stated purpose, a limited number an hour, each recorded in the audit log. Masked: selectors/numbers.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.selectors import count_events_within
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from registry.selectors.numbers import decrypt_identifiers
from registry.selectors.persons import get_person, list_identifiers

SHOW_NUMBER = "show_number"
SHORTEST_PURPOSE = 2
HOUR = timedelta(hours=1)


@transaction.atomic
def show_numbers(*, actor: Actor, person_id: int, purpose: str, at: datetime) -> list[str]:
    """Return a person's whole numbers, right ones first, to a user who states the purpose.

    Effects: audit verb show_number with the purpose; counts towards the hour's limit, under a lock of the user.
    Errors: NotAllowed; NotFound outside the unit; BadInput without a purpose; Conflict above the hour's limit.
    """
    actor.demand(Action.SHOW_NUMBER)
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise BadInput(_("Enter the purpose for viewing the full number."), code="purpose_missing")
    person = get_person(actor, person_id)
    count_shown_number(actor=actor, county=person.county, shown=("person", person.pk), purpose=purpose, at=at)
    return decrypt_identifiers(list_identifiers(actor, person))


def count_shown_number(*, actor: Actor, county: Unit, shown: tuple[str, int], purpose: str, at: datetime) -> None:
    """Record a whole number as shown to a user within the hour's limit; the caller's transaction holds the user's lock.

    `shown`: the kind of object it belongs to, a person or a report, and its id. Effects: audit verb show_number.
    Errors: Conflict above the hour's limit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [SHOW_NUMBER, actor.user_id])
    limit = int(get_parameter("show_number_limit_per_hour", unit=county, on=at.date()).value)
    if count_events_within(HOUR, actor=actor, verb=SHOW_NUMBER) >= limit:
        raise Conflict(
            _("You have viewed %(limit)s full numbers within an hour, which is the limit.") % {"limit": limit},
            code="show_limit",
            what_to_do=_("Try again later, or work with masked numbers."),
        )
    record_event(actor=actor, verb=SHOW_NUMBER, object_type=shown[0], object_id=shown[1], purpose=purpose)
