"""Numbers as people may see them: masked on every page, whole for a stated purpose, a few an hour, each in the book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.selectors import count_events_since
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.masks import mask_id, mask_id_fully
from registry.models import PersonIdentifier
from registry.selectors.persons import get_person, list_identifiers
from registry.services.numbers import COLUMN, cipher

SHOW_NUMBER = "show_number"
SHORTEST_PURPOSE = 2
HOUR = timedelta(hours=1)


def mask_number(actor: Actor, identifier: PersonIdentifier) -> str:
    """Return one number, its row loaded, as the actor's role sees it on a page."""
    text = whole_numbers([identifier])[0]
    return mask_id(text) if actor.is_clerk else mask_id_fully(text)


def whole_numbers(identifiers: Iterable[PersonIdentifier]) -> list[str]:
    """Return whole numbers, their rows loaded, to be compared in memory; what leaves a page is masked or asked for."""
    return [cipher().decrypt(f"{COLUMN}:{each.number_id}", bytes(each.number.ciphertext)) for each in identifiers]


def masked_numbers(actor: Actor, person_ids: Iterable[int]) -> dict[int, str]:
    """Return person id -> masked number for a list, the right number first. One query.

    Cost: 100,000 numbers a second.
    """
    rows = in_scope(PersonIdentifier.objects.believed(), actor, "person__").filter(person_id__in=list(person_ids))
    shown: dict[int, str] = {}
    for identifier in rows.select_related("number").order_by("person_id", "-number__valid", "id"):
        if identifier.person_id not in shown:
            shown[identifier.person_id] = mask_number(actor, identifier)
    return shown


@transaction.atomic
def show_numbers(*, actor: Actor, person_id: int, purpose: str, at: datetime) -> list[str]:
    """Return a person's whole numbers, right ones first, to somebody who says what for.

    Effects: audit verb show_number with the purpose; counts one look, under a lock of the user's own.
    Errors: NotAllowed; NotFound outside the unit; BadInput without a purpose; Conflict above the hour's limit.
    """
    actor.demand(Action.SHOW_NUMBER)
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise BadInput(_("Say what you need the whole number for."), code="purpose_missing")
    person = get_person(actor, person_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [SHOW_NUMBER, actor.user_id])
    limit = int(get_parameter("show_number_limit_per_hour", unit=person.county, on=at.date()).value)
    if count_events_since(actor=actor, verb=SHOW_NUMBER, since=at - HOUR) >= limit:
        raise Conflict(
            _("You have had %(limit)s numbers shown within an hour; that is the limit.") % {"limit": limit},
            code="show_limit",
            what_to_do=_("Wait a little, or work with the masked numbers."),
        )
    record_event(actor=actor, verb=SHOW_NUMBER, object_type="person", object_id=person.pk, purpose=purpose)
    return whole_numbers(list_identifiers(actor, person))
