"""Recording how many years of contributions a person has, from a document, until the accounts themselves are kept here."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import ContributionYears
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput
from foundation.primitives.personal_texts import hide_numbers
from registry.selectors.persons import get_person

MOST_YEARS, LONGEST_SOURCE = 60, 200


@transaction.atomic
def record_contribution_years(
    *, actor: Actor, person_id: int, years: int, as_of_date: date, source: str, at: datetime
) -> ContributionYears:
    """Record the years a person has paid for, make-up years included; what was known before is superseded.

    Effects: at most two rows of ContributionYears; audit verb record_contribution_years.
    Errors: NotAllowed; NotFound; BadInput for years, a day or a source that cannot be. Source: docs/rules.md R48.
    """
    actor.demand(Action.CONFIRM_ENTRY)
    person, source = get_person(actor, person_id), hide_numbers(" ".join(source.split()))[:LONGEST_SOURCE]
    if not 0 <= years <= MOST_YEARS:
        raise BadInput(_("Enter between 0 and %(most)s years.") % {"most": MOST_YEARS}, code="years", ids=["years"])
    if as_of_date > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future", ids=["as_of_date"])
    if not source:
        raise BadInput(_("Name the document the years are counted from."), code="source_missing", ids=["source"])
    ContributionYears.objects.filter(person=person, superseded_at=None).update(superseded_at=at)
    row = ContributionYears.objects.create(
        county=person.county,
        person=person,
        years=years,
        as_of_date=as_of_date,
        source=source,
        recorded_by=actor.username,
        recorded_at=at,
    )
    detail = {"row": row.pk, "years": years, "as_of": as_of_date.isoformat()}
    record_event(
        actor=actor, verb="record_contribution_years", object_type="person", object_id=person.pk, detail=detail
    )
    return row
