"""Reads of notices handed out, of contacts, and of the people who turn 60 soon."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from casework.constants import GapKind
from casework.models import Gap
from enrollment.constants import NoticeKind
from enrollment.models import ContributionYears, Enrollment, InformedContact, Notice, TemporaryIdentity
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from registry.models import Person
from registry.selectors.numbers import first_number_of

MOST_INVITED = 500
"""A sheet each; more than this is nothing to hand out at once."""


def list_notices(actor: Actor, person: Person) -> list[Notice]:
    """List the notices handed to a person in reach, newest first. One query."""
    rows = in_scope(Notice.objects.filter(person=person), actor, "person__")
    return list(rows.select_related("made_by", "application").order_by("-made_at", "-id"))


def list_informed(actor: Actor, person: Person) -> list[InformedContact]:
    """List when a person in reach was told of the scheme, newest first. One query."""
    rows = in_scope(InformedContact.objects.filter(person=person), actor, "person__")
    return list(rows.select_related("recorded_by").order_by("-informed_on", "-id"))


def list_enrolments(actor: Actor, person_ids: Sequence[int]) -> list[Enrollment]:
    """List the enrolments of a person, and of those merged into it, as they are known now, newest first. One query."""
    rows = in_scope(Enrollment.objects.as_known(), actor, "person__").filter(person__in=person_ids)
    return list(rows.select_related("application").order_by("-valid_from", "-id"))


def find_temporary_identity(actor: Actor, person: Person) -> TemporaryIdentity | None:
    """Find the temporary identity a person in reach has, or had last. One query."""
    rows = in_scope(TemporaryIdentity.objects.filter(person=person), actor, "person__")
    return rows.order_by("-issued_at").first()


def find_years(actor: Actor, person: Person) -> ContributionYears | None:
    """Find how many years a person in reach has paid for, as known now. One query."""
    rows = in_scope(ContributionYears.objects.filter(person=person, superseded_at=None), actor, "person__")
    return rows.first()


def list_turning_60(actor: Actor, person_ids: Collection[int] | None = None) -> QuerySet[Gap]:
    """List the open gaps of people who turn 60 soon, all in reach or of these, by birth date, with `invited_at` and the number.

    Errors: NotAllowed.
    """
    actor.demand(Action.VIEW_CASE_DATA)
    invited = Notice.objects.filter(person=OuterRef("person"), kind=NoticeKind.INVITATION).order_by("-made_at")
    rows = in_scope(Gap.objects.filter(kind=GapKind.TURNING_60, closed_at=None, person__isnull=False), actor)
    if person_ids is not None:
        rows = rows.filter(person__in=person_ids)
    rows = rows.select_related("person__unit", "person__county", "unit", "county")
    rows = rows.annotate(invited_at=Subquery(invited.values("made_at")[:1]), stored_number=first_number_of("person_id"))
    return rows.order_by("person__birth_date", "id")
