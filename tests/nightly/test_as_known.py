"""What was known on a day stays readable: after another month and its night every page and count is as it was before."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db.models import Count

from casework.models import Gap
from casework.selectors.subjects import SubjectKey
from casework.selectors.subjects_work import list_open_gaps
from coverage.models import CoverageVerdict
from coverage.selectors.persons import get_person_with_code, list_findings, list_links
from foundation.accounts.actors import Actor
from foundation.primitives.as_known import as_known_at
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from registry.models import Designation, Fact, Person
from registry.selectors.details import show_as_known
from registry.selectors.persons import list_delivered_rows, list_designations, list_identifiers
from tests import senders
from tests.plugins.county import receive_and_process
from tests.plugins.month import ENROLLED, JANUARY, LINES, PEOPLE, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


def page_of(actor: Actor, person_id: int, known: datetime | None) -> dict[str, Any]:
    """Everything a person's page is made of, as plain values."""
    person, code = get_person_with_code(actor, person_id, known)
    if known is not None:
        show_as_known(person, known)
    designations = list_designations(actor, person, known)
    return {
        "who": (person.name, person.unit_id, person.birth_date, person.sex, list(person.all_names)),  # type: ignore[attr-defined]
        "code": code,
        "numbers": [(each.number_id, each.state) for each in list_identifiers(actor, person, known)],
        "designations": [(d.kind, d.status, d.record_key, d.valid_from, d.valid_to, d.row_id) for d in designations],
        "lines": [each.pk for each in list_delivered_rows(actor, person, known)],
        "links": [(each.roll_no, each.rule, each.action, each.status) for each in list_links(actor, person, known)],
        "findings": [(each.kind, each.evidence) for each in list_findings(actor, person, known)],
        "gaps": [(each.kind, each.reason) for each in list_open_gaps(actor, SubjectKey(person_id=person.pk), known)],
    }


def counts(known: datetime | None) -> dict[str, Any]:
    is_open = Gap.objects.filter(closed_at=None) if known is None else Gap.objects.filter(opened_at__lte=known)
    if known is not None:
        is_open = is_open.exclude(closed_at__lte=known)
    verdicts = CoverageVerdict.objects.filter(as_known_at(known)).values_list("verdict", "e1_column")
    return {
        "verdicts": sorted(verdicts.annotate(n=Count("id"))),
        "gaps": sorted(is_open.values_list("kind").annotate(n=Count("id"))),
        "designations": Designation.objects.as_known(known).count(),
        "facts": Fact.objects.as_known(known).count(),
    }


def test_every_page_and_count_is_as_it_was_before_the_second_month(county, as_system, run_county_night, tmp_path):
    run_county_night()
    known = now()
    people = list(Person.objects.values_list("pk", flat=True))
    before = {person: page_of(as_system, person, None) for person in people}
    counted = counts(None)
    assert {person: page_of(as_system, person, known) for person in people} == before

    take_in = partial(receive_and_process, county)
    send_month(tmp_path, take_in, JANUARY, [*LINES[:2], ENROLLED, *LINES[3:]])
    changed = [
        {**PEOPLE[0], "status": "返贫"},
        {**PEOPLE[1], "name": "李方", "place": "如皋市白蒲镇顾岱村委会"},
        {**PEOPLE[2], "number": str(PEOPLE[2]["number"])[:-1]},
    ]
    moved = senders.poverty(tmp_path / "建档立卡_2019-01.xlsx", changed)
    assert take_in(moved, JANUARY, consent=True).state == "applied"
    run_county_night(JANUARY)

    now_differs = {person for person in people if page_of(as_system, person, None) != before[person]}
    assert len(now_differs) >= 4, "the second month must change something for this test to mean anything"
    assert {person: page_of(as_system, person, known) for person in people} == before
    assert counts(known) == counted
    assert counts(None) != counted
