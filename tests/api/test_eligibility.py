"""POST /api/v1/eligibility: each condition met, not met or unknown, with its rule; nobody outside the unit is found."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from foundation.audit.models import AuditEvent, Disclosure
from foundation.policy.models import ParameterValue
from registry.models import PersonMerge
from tests.enrollment.conftest import office
from tests.named_world import NOW, right_number

__all__ = ["office"]
URL = "/api/v1/eligibility"
NUMBER = right_number("99010119500101002")


@pytest.fixture
def person(office):
    return office.person("张三", NUMBER)


def ask(client: APIClient, *persons: dict[str, object], kind: object = "register") -> Any:
    return client.post(URL, {"kind": kind, "persons": list(persons)}, format="json")


def test_conditions_are_met_not_met_or_unknown_and_name_their_rule(office, person, api):
    answer = ask(
        api(office.county_a), {"number": NUMBER, "name": "张三"}, {"person_id": person.pk}, {"person_id": 0}, {}
    )
    assert answer.status_code == 200, answer.content
    by_number, by_id, *nobody = answer.json()["persons"]
    assert by_number == by_id
    assert (by_id["person_id"], by_id["outcome"]) == (person.pk, "refused")
    states = {each["code"]: (each["state"], each["rule"], each["parameter"]) for each in by_id["conditions"]}
    assert states["OVER_60"] == ("not_met", "R16", "benefit_age_years")
    assert states["DECEASED"] == ("met", "R18", "")
    assert nobody == [{"found": False, "person_id": None, "outcome": None, "conditions": []}] * 2
    assert NUMBER not in answer.content.decode()


def test_years_nobody_recorded_are_unknown(office, person, api):
    (found,) = ask(api(office.county_a), {"person_id": person.pk}, kind="claim").json()["persons"]
    assert {each["code"]: each["state"] for each in found["conditions"]}["YEARS_MISSING"] == "unknown"


def test_a_unit_reaches_its_own_people_only(office, person, api):
    for unit in (office.county_b, office.other_township):
        answers = ask(api(unit), {"number": NUMBER, "name": "张三"}, {"person_id": person.pk}).json()["persons"]
        assert [each["found"] for each in answers] == [False, False]
    assert ask(api(office.village), {"person_id": person.pk}).json()["persons"][0]["found"] is True


def test_a_merged_person_is_tested_as_the_one_kept(office, person, api):
    kept = office.person("张三", unit=office.other_township)
    PersonMerge.objects.create(kept=kept, absorbed=person, reason="x", decided_by="x", decided_at=NOW)
    (found,) = ask(api(office.county_a), {"person_id": person.pk}).json()["persons"]
    assert found["person_id"] == kept.pk
    (outside,) = ask(api(office.village), {"person_id": person.pk}).json()["persons"]
    assert outside["found"] is False


def test_an_answer_is_a_disclosure_of_those_found(office, person, api):
    ask(api(office.county_a), {"person_id": person.pk}, {"person_id": 0})
    assert Disclosure.objects.get().row_count == 1
    assert AuditEvent.objects.get(verb="answer_eligibility").detail == {"kind": "register", "asked": 2, "found": 1}


@pytest.mark.parametrize(
    "body",
    [
        {}, {"kind": "register"}, {"kind": "x", "persons": [{}]}, {"kind": "register", "persons": []},
        {"kind": "register", "persons": [None]}, {"kind": "register", "persons": [{"person_id": -1}]},
        {"kind": "register", "persons": [{"person_id": 2**63}]}, {"kind": "register", "persons": [{"person_id": "7"}]},
        {"kind": "register", "persons": [{"number": 7}]}, {"kind": "register", "persons": [{}] * 1001},
    ],
    ids=lambda body: str(body)[:60],
)  # fmt: skip
def test_odd_questions_are_400(office, api, body):
    assert api(office.county_a).post(URL, body, format="json").status_code == 400


def test_a_region_without_rules_is_told_so(office, person, api):
    ParameterValue.objects.filter(name="benefit_age_years").delete()
    answer = ask(api(office.county_a), {"person_id": person.pk})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:poverty-pension:parameter_missing")


def test_a_hundred_persons_cost_the_queries_of_one(office, api, queries_within):
    people = [office.person(f"张{number}", unit=office.village) for number in range(100)]
    client = api(office.county_a)
    with queries_within(16):
        answers = ask(client, *({"person_id": each.pk} for each in people)).json()["persons"]
    assert [each["person_id"] for each in answers] == [each.pk for each in people]
