"""Answering other departments' systems about applications and eligibility; each answer is entered in the register of disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from enrollment.constants import ApplicationKind
from enrollment.eligibility.testing import Tested, find_eligibility
from enrollment.selectors.for_departments import NamedPerson, find_persons
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.audit.legal_basis import ANSWER_TO_DEPARTMENT
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_disclosure, record_event
from foundation.regions.models import Unit
from registry.models import Person
from registry.selectors.persons import list_merged

APPLICATION = (
    "id", "kind", "state", "version", "person_id", "unit", "channel", "days", "receipt_no",
)  # fmt: skip
WHOLE = (*APPLICATION, "decision", "reasons", "steps")
CHANGE = ("application", "kind", "state", "version", "person_id", "unit")
ELIGIBILITY = ("person_id", "kind", "outcome", "conditions")
PURPOSE = gettext_noop("Applications in the unit of the department, requested through the API")
PURPOSE_OF_ELIGIBILITY = gettext_noop("Eligibility of named persons, requested through the API")


@transaction.atomic
def answer_eligibility(
    *, actor: Actor, kind: ApplicationKind, asked: Sequence[NamedPerson], day: date, at: datetime
) -> list[Tested | None]:
    """Test the persons a system names for a kind of application, in the order asked; None where nobody in its unit is meant.

    A person merged into another is tested as the one kept, where that one is in the unit too.
    Effects: one Disclosure counting those found; audit verb answer_eligibility. Errors: ParameterMissing.
    Cost: two queries and, for each county, five; the same for one person or a thousand.
    """
    meant = find_persons(actor, asked)
    tested: dict[int, Tested] = {}
    people = in_scope(Person.objects.filter(pk__in={each for each in meant if each is not None}), actor)
    of_county: dict[int, list[int]] = {}
    for person_id, county_id in people.values_list("pk", "county_id"):
        of_county.setdefault(county_id, []).append(person_id)
    for county in Unit.objects.filter(pk__in=of_county):
        tested |= _tested_as_kept(actor, county, kind, of_county[county.pk], day, at)
    answers = [None if each is None else tested.get(each) for each in meant]
    found = sum(each is not None for each in answers)
    _disclose(actor, PURPOSE_OF_ELIGIBILITY, ELIGIBILITY, found)
    detail = {"kind": kind, "asked": len(asked), "found": found}
    record_event(actor=actor, verb="answer_eligibility", object_type="api", outcome=Outcome.READ, detail=detail)
    return answers


def _tested_as_kept(
    actor: Actor, county: Unit, kind: ApplicationKind, persons: Sequence[int], day: date, at: datetime
) -> dict[int, Tested]:
    """Return person asked for -> what the conditions came to for the one kept."""
    merged = list_merged(county, at)
    kept = {each: merged.get(each, each) for each in persons}
    reached = set(in_scope(Person.objects.filter(pk__in=kept.values()), actor).values_list("pk", flat=True))
    wanted = sorted(reached & set(kept.values()))
    rows = find_eligibility(county=county, kind=kind, day=day, known=at, persons=wanted)
    found = {each.person_id: each for each in rows}
    return {asked: found[each] for asked, each in kept.items() if each in found}


@transaction.atomic
def disclose_applications(*, actor: Actor, count: int, fields: Sequence[str] = APPLICATION) -> None:
    """Enter applications, or changes of them, that are sent to a department. Effects: one Disclosure; audit verb disclose_applications."""
    _disclose(actor, PURPOSE, fields, count)
    detail = {"applications": count}
    record_event(actor=actor, verb="disclose_applications", object_type="api", outcome=Outcome.READ, detail=detail)


def _disclose(actor: Actor, purpose: str, fields: Sequence[str], count: int) -> None:
    record_disclosure(
        actor=actor,
        recipient=actor.username,
        purpose=purpose,
        legal_basis=ANSWER_TO_DEPARTMENT,
        fields=fields,
        row_count=count,
    )
