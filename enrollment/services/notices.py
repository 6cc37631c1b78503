"""Handing out notices, and recording that a person was told of the scheme. What a notice says: presenters/notices.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.constants import InformedWay, NoticeKind
from enrollment.models import Application, InformedContact, Notice
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_event
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, NotAllowed
from foundation.primitives.personal_texts import hide_numbers
from registry.models import Person
from registry.selectors.persons import get_person

FIELDS = ["name", "number masked", "place", "kind", "receipt", "days", "decision", "reasons"]
LONGEST_LANGUAGE, LONGEST_NOTE = 50, 500


@transaction.atomic
def record_notices(
    *,
    actor: Actor,
    people: Iterable[tuple[Person, Application | None]],
    kind: NoticeKind,
    purpose: str,
    at: datetime,
) -> list[Notice]:
    """Record that a notice was printed for each of these people, read in scope before.

    Effects: a Notice a person, one Disclosure for all, audit verb print_notice. Errors: NotAllowed; BadInput without a purpose.
    """
    actor.demand(Action.PREPARE_APPLICATION if actor.may(Action.PREPARE_APPLICATION) else Action.EXPORT_LISTS)
    user_id, purpose = _user(actor), " ".join(purpose.split())
    if not purpose:
        raise BadInput(_("Enter the purpose of the printout."), code="purpose_missing", ids=["purpose"])
    rows = Notice.objects.bulk_create(
        Notice(person=person, application=application, kind=kind, made_by_id=user_id, made_at=at)
        for person, application in people
    )
    record_disclosure(
        actor=actor,
        recipient=f"paper notice {kind}",
        purpose=purpose,
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=len(rows),
    )
    record_event(
        actor=actor,
        verb="print_notice",
        object_type="notice",
        object_id=rows[0].pk if rows else "",
        detail={"kind": kind, "notices": len(rows), "applications": [each.application_id for each in rows[:100]]},
    )
    return rows


@transaction.atomic
def record_informed(
    *, actor: Actor, person_id: int, informed_on: date, way: str, language: str, note: str, at: datetime
) -> InformedContact:
    """Record that a person was told of the scheme. Effects: one InformedContact; audit verb record_informed.

    Errors: NotAllowed; NotFound; BadInput naming the field.
    """
    actor.demand(Action.PREPARE_APPLICATION)
    person, language = get_person(actor, person_id), " ".join(language.split())[:LONGEST_LANGUAGE]
    if way not in InformedWay.values:
        raise BadInput(_("Choose how the person was told."), code="way_missing", ids=["way"])
    if informed_on > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future", ids=["informed_on"])
    if not language:
        raise BadInput(_("Enter the language in which the person was told."), code="language_missing", ids=["language"])
    contact = InformedContact.objects.create(
        person=person,
        informed_on=informed_on,
        way=way,
        language=hide_numbers(language),
        note=hide_numbers(note.strip())[:LONGEST_NOTE],
        recorded_by_id=_user(actor),
        recorded_at=at,
    )
    detail = {"contact": contact.pk, "way": way, "informed_on": informed_on.isoformat()}
    record_event(actor=actor, verb="record_informed", object_type="person", object_id=person.pk, detail=detail)
    return contact


def _user(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can hand out a notice."), code="no_person")
    return actor.user_id
