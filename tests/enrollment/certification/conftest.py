"""Who draws and is to be certified, in the named world."""

from __future__ import annotations

from datetime import date

import pytest

from coverage.models import Finding
from foundation.policy.models import ParameterValue
from foundation.policy.services.reading import read_parameters
from registry.models import Person
from tests.enrollment.conftest import desk, office, paper
from tests.named_world import AS_OF, NOW, World, queries_within, right_number, signed_in, world

__all__ = ["desk", "office", "paper", "queries_within", "signed_in", "world"]

BORN = date(1952, 6, 15)
NUMBER = right_number("32069719520615002")
CERTIFICATION = {"certification_window", "certification_cycle_days", "certification_days_ahead", "home_visit"}


@pytest.fixture
def drawing(office: World) -> Person:
    """A person who draws by the roll, in a county whose first list of certifications is of May 2018: the window ends in May 2018."""
    ParameterValue.objects.bulk_create(
        ParameterValue(name=each.name, value=each.value, unit=each.unit, valid_from=each.valid_from, source=each.source)
        for each in read_parameters()
        if each.name in CERTIFICATION and not each.region_code
    )
    office.delivery("certification", as_of_date=date(2018, 5, 10))
    person = office.person("张三", NUMBER)
    person.birth_date = BORN
    person.save()
    draws(office, person, "1/3")
    return person


def draws(office: World, person: Person, status: str) -> None:
    """Write what a night found on the resident roll."""
    evidence = {"value": status, "facts": [], "lines": [], "reports": []}
    Finding.objects.create(
        county=person.county, person=person, kind="resident", evidence=evidence, night_id=1, as_of_date=AS_OF, recorded_at=NOW
    )  # fmt: skip
