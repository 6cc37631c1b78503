"""What a person's file shows: the household, notes and papers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from registry.models import Attachment, Designation, Person, PersonNote

MOST_MEMBERS = 50


def list_household(actor: Actor, person: Person) -> list[Designation]:
    """List the designations of the others in the person's households, as the files group them now. Two queries."""
    own = in_scope(Designation.objects.as_known(), actor, "person__").filter(person=person, valid_to=None)
    return list_household_members(actor, person, own.order_by("kind", "id"))


def list_household_members(actor: Actor, person: Person, own: Iterable[Designation]) -> list[Designation]:
    """List the designations of the others in the households named by these of a person. One query, or none."""
    households = Q()
    for each in own:
        household = each.record_key.rpartition("|")[0] if each.record_key.count("|") > 1 else each.record_key
        if "|" in household:
            same = Q(record_key=household) | Q(record_key__startswith=f"{household}|")
            households |= Q(county=each.county_id, kind=each.kind) & same
    if not households:
        return []
    same_households = in_scope(Designation.objects.as_known(), actor, "person__").filter(households, valid_to=None)
    others = same_households.exclude(person=person).select_related("person")
    return list(others.order_by("kind", "record_key", "id")[:MOST_MEMBERS])


def list_notes(actor: Actor, person: Person) -> list[PersonNote]:
    """List the notes of a person, pinned ones first, then the newest. One query."""
    return list(in_scope(PersonNote.objects.filter(person=person), actor, "person__").order_by("-is_pinned", "-id"))


def list_attachments(actor: Actor, person: Person) -> list[Attachment]:
    """List the papers of a person, newest first. One query."""
    return list(in_scope(Attachment.objects.filter(person=person), actor, "person__").order_by("-id"))
