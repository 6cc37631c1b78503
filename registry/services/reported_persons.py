"""Taking on somebody on no department's list, whom a village reported: a person with that report as the source (docs/rules.md R50)."""

from __future__ import annotations

from datetime import datetime

from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.person_names import sort_key
from registry.constants import DesignationKind, NumberState, ReportKind
from registry.models import Designation, FieldReport, Person, PersonIdentifier, PersonName


def take_on(report: FieldReport, *, at: datetime) -> Person:
    """Make a person of an accepted report about somebody not listed.

    The caller has locked the report's review and seen that nobody dealt with it. Effects: one Person with name, number where one was
    given, and a designation "reported", which counts from the next night on. A birth date is the number's, else the one stated; an age
    alone gives none.
    """
    assert report.kind == ReportKind.NOT_LISTED
    number = report.number
    is_right = number is not None and number.valid
    person = Person.objects.create(
        county_id=report.county_id,
        unit_id=report.unit_id,
        name=report.name,
        name_pinyin=sort_key(report.name),
        birth_date=number.birth_date if number is not None and is_right else report.birth_date,
        sex=number.sex if number is not None and is_right else report.sex,
        created_at=at,
    )
    PersonName.objects.create(person=person, name=report.name, recorded_at=at)
    if number is not None:
        state = report.number_state or NumberState.OK
        PersonIdentifier.objects.create(person=person, number=number, state=state, recorded_at=at)
    Designation.objects.create(
        person=person,
        county_id=report.county_id,
        kind=DesignationKind.REPORTED,
        record_key=f"report|{report.pk}",
        status=DesignationKind.REPORTED,
        file_unit_id=report.unit_id,
        valid_from=at.astimezone(BUSINESS_ZONE).date(),
        report=report,
        recorded_at=at,
    )
    return person
