"""/api/v1/applications/: a department's system prepares drafts, an office submits them, and nobody's signature is the system's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from enrollment.constants import QueueTab
from enrollment.models import Application, ApplicationStep, ApplicationVersion
from enrollment.selectors.queue import Wanted, list_queue
from foundation.audit.models import AuditEvent, Disclosure
from foundation.primitives.errors import NotAllowed
from foundation.signatures.models import Signature
from registry.models import Person, PersonMerge
from tests.enrollment.conftest import Office, desk, office, paper
from tests.named_world import NOW, right_number

__all__ = ["desk", "office", "paper"]
URL = "/api/v1/applications/"
NUMBER = right_number("99010119850101002")


@pytest.fixture
def person(office):
    return office.person("张三", NUMBER)


def send(client: APIClient, person: object, key: str = "k1", **values: Any) -> Any:
    named = {"person_id": person.pk} if isinstance(person, Person) else person
    return client.post(URL, {"kind": "register", "person": named, **values}, format="json", HTTP_IDEMPOTENCY_KEY=key)


def sent(client: APIClient, person: object, key: str = "k1", **values: Any) -> Application:
    answer = send(client, person, key, **values)
    assert answer.status_code == 201, answer.content
    return Application.objects.get(pk=answer.json()["id"])


def withdraw(client: APIClient, application: Application, reason: str = "在外地参保") -> Any:
    return client.post(f"{URL}{application.pk}/withdrawal/", {"reason": reason}, format="json")


def test_a_draft_bears_the_systems_name_and_nobodys_signature(world, person, api):
    answer = send(api(world.county_a), {"number": NUMBER, "name": "张三"}, note="低保初审时提出")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["person_id"], body["channel"], body["is_own"]) == (
        "draft",
        person.pk,
        "department",
        True,
    )
    version = ApplicationVersion.objects.get()
    assert (version.made_by, version.maker, version.note) == (None, "民政局", "低保初审时提出")
    assert not Signature.objects.exists()
    assert NUMBER not in answer.content.decode()
    assert answer.headers["Location"] == f"{URL}{body['id']}/"
    assert AuditEvent.objects.get(verb="begin_application").actor_name == "民政局"
    assert Disclosure.objects.get().row_count == 1


def test_the_same_key_gives_the_same_answer_and_does_nothing_again(world, person, api):
    client = api(world.county_a)
    first, again = (send(client, person) for _try in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Application.objects.count() == 1
    other = send(client, person, kind="claim")
    assert (other.status_code, other.json()["type"]) == (409, "urn:poverty-pension:idempotency_key_reused")
    second = send(client, person, "k2")
    assert (second.status_code, second.json()["type"]) == (409, "urn:poverty-pension:application_open")
    assert send(client, person, "").status_code == 400


def test_an_office_submits_it_and_four_people_are_not_needed_but_three_are(desk: Office, person, api):
    client = api(desk.world.county_a)
    application = sent(client, person)
    with pytest.raises(NotAllowed):
        desk.step(application, "submit", "village")
    application = desk.step(application, "submit", "township")
    assert application.state == "submitted"
    assert Application.objects.get().steps.get().taker == "township"
    steps = client.get(f"{URL}{application.pk}/").json()["steps"]
    assert [(each["verb"], each["role"], each["missing_papers"]) for each in steps] == [
        ("submit", "township_clerk", ["id_card", "household_booklet", "form"])
    ]
    late = withdraw(client, application)
    assert (late.status_code, late.json()["type"]) == (409, "urn:poverty-pension:application_taken_up")


def test_an_office_finds_it_among_what_is_its_to_do_and_the_page_names_the_system(desk: Office, person, api, signed_in):
    application = sent(api(desk.world.county_a), person)
    mine = {
        name: [each.pk for each in list_queue(desk.world.actor(name), Wanted(QueueTab.MINE), today=NOW.date())]
        for name in ("township", "village", "reviewer_a")
    }
    assert mine == {"township": [application.pk], "village": [], "reviewer_a": []}
    page = signed_in("township").get(reverse("application", args=[application.pk])).content.decode()
    assert "民政局" in page
    assert 'value="submit"' in page
    assert (
        'value="submit"' not in signed_in("village").get(reverse("application", args=[application.pk])).content.decode()
    )


def test_corrected_here_it_is_the_correctors_and_keeps_where_it_came_from(desk: Office, person, api, signed_in):
    client = api(desk.world.county_a)
    application = sent(client, person)
    form = {
        "version": "1",
        "channel": "department",
        "agent_name": "",
        "agent_relation": "",
        "note": "补一句",
        "act": "save",
    }
    assert signed_in("village").post(reverse("application_correct", args=[application.pk]), form).status_code == 302
    application.refresh_from_db()
    assert (application.version, application.channel) == (2, "department")
    assert Signature.objects.get().person.username == "village"
    assert withdraw(client, application).status_code == 409
    assert desk.step(application, "submit", "township", version=2).state == "submitted"


def test_a_system_withdraws_its_own_draft_once(world, person, api):
    client = api(world.county_a)
    application = sent(client, person)
    answer = withdraw(client, application)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    step = ApplicationStep.objects.get()
    assert (step.taken_by, step.taker, step.taken_role) == (None, "民政局", "client")
    assert withdraw(client, application).status_code == 409
    assert send(client, person, "k3").status_code == 201, "another may be begun"


def test_what_others_prepared_is_not_the_systems_to_withdraw(desk: Office, person, api):
    own = desk.begin(person)
    client = api(desk.world.county_a)
    assert client.get(f"{URL}{own.pk}/").json()["is_own"] is False
    assert withdraw(client, own).status_code == 404


def test_the_database_refuses_a_step_of_a_system_other_than_withdrawing_a_draft(desk: Office, person, api):
    application = sent(api(desk.world.county_a), person)
    desk.step(application, "submit", "township")
    step = ApplicationStep.objects.get()
    step.pk, step.taken_by, step.taken_by_system_id = None, None, ApplicationVersion.objects.get().made_by_system_id
    with pytest.raises(IntegrityError, match="applicationstep_systems_withdraw_drafts"), transaction.atomic():
        step.save(force_insert=True)


def test_a_unit_reaches_its_own_people_only(desk: Office, person, api):
    world = desk.world
    application = sent(api(world.county_a), person)
    other = api(world.county_b)
    assert other.get(URL).json()["applications"] == []
    assert other.get(f"{URL}{application.pk}/").status_code == 404
    assert other.get(f"{URL}changes/").json()["changes"] == []
    assert withdraw(other, application).status_code == 404
    assert send(other, {"number": NUMBER, "name": "张三"}).json()["type"] == "urn:poverty-pension:person_not_found"
    assert send(other, person).status_code == 404
    assert other.get(URL, {"unit": world.village.code}).status_code == 404
    assert [each["id"] for each in api(world.village).get(URL).json()["applications"]] == [application.pk]
    assert api(world.other_township).get(URL).json()["applications"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 2),
        ({"kind": "claim"}, 1),
        ({"state": "draft"}, 2),
        ({"state": "effective"}, 0),
        ({"own": "true"}, 1),
        ({"own": "false"}, 1),
        ({"person_id": 0}, 0),
        ({"unit": "320682111000"}, 2),
    ],
)
def test_filters(desk: Office, person, api, query, found):
    client = api(desk.world.county_a)
    sent(client, person)
    desk.begin(person, kind="claim")
    assert len(client.get(URL, query).json()["applications"]) == found


@pytest.mark.parametrize(
    "query",
    [{"kind": "x"}, {"state": "x"}, {"own": "yes"}, {"person_id": "x"}, {"unit": "32"}, {"limit": 201}, {"who": 1}],
)
def test_a_wrong_question_is_a_problem_that_names_the_field(world, api, query):
    answer = api(world.county_a).get(URL, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(query)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"details": {"unknown": "x"}}, "field_unknown"),
        ({"kind": "decline"}, "field_missing"),
        ({"kind": "replace_identity", "details": {"number": "320697195001010029"}}, "number_invalid"),
        ({"agent_name": "李四"}, "agent_incomplete"),
        ({"details": {"Not a name": "x"}}, "bad_input"),
        ({"details": {"place_found": 7}}, "bad_input"),
        ({"details": {"place_found": "x" * 201}}, "bad_input"),
        ({"details": ["x"]}, "bad_input"),
        ({"kind": "x"}, "bad_input"),
        ({"person": {"person_id": True}}, "bad_input"),
        ({"person": {"person_id": "1"}}, "bad_input"),
        ({"person": {"person_id": 1.5}}, "bad_input"),
        ({"person": 7}, "bad_input"),
    ],
)
def test_odd_applications_are_refused_in_words(desk: Office, person, api, values, code):
    answer = send(api(desk.world.county_a), values.pop("person", person), **values)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:poverty-pension:{code}")
    assert not Application.objects.exists()


def test_a_person_named_by_nothing_is_not_found(world, api):
    assert send(api(world.county_a), {}).status_code == 404


def test_a_decision_says_why_and_how_long_it_can_be_appealed(desk: Office, person, api):
    application = desk.bring(desk.begin(person, kind="direct_inclusion"), "approval")
    desk.step(application, "refuse", "approver_a", note="不在名单")
    body = api(desk.world.county_a).get(f"{URL}{application.pk}/", HTTP_ACCEPT_LANGUAGE="zh-hans").json()
    assert (body["state"], body["decision"]["outcome"]) == ("refused", "refused")
    assert body["decision"]["note"] == "不在名单"
    assert "NOT_POOR" in [each["code"] for each in body["decision"]["reasons"]]
    assert [each["verb"] for each in body["steps"]] == ["submit", "accept", "review", "check", "refuse"]
    assert Disclosure.objects.latest("id").fields[-1] == "steps"
    assert not any(name in str(body) for name in ("张三", "reviewer_a", "approver_a"))


def test_a_merged_person_applies_as_the_one_kept(desk: Office, person, api):
    kept = desk.world.person("张三")
    PersonMerge.objects.create(kept=kept, absorbed=person, reason="x", decided_by="x", decided_at=NOW)
    assert sent(api(desk.world.county_a), {"number": NUMBER, "name": "张三"}).person == kept


def test_sixty_applications_cost_the_queries_of_one(desk: Office, api, queries_within):
    client = api(desk.world.county_a)
    for number in range(60):
        desk.begin(desk.world.person(f"张{number}"), papers=[])
    with queries_within(9):
        assert len(client.get(URL, {"limit": 200}).json()["applications"]) == 60
    with queries_within(12):
        assert len(client.get(f"{URL}changes/", {"limit": 200}).json()["changes"]) == 60


def test_changes_go_on_behind_the_last_number(desk: Office, person, api):
    client = api(desk.world.county_a)
    application = sent(client, person)
    first = client.get(f"{URL}changes/").json()
    assert [(each["application"], each["state"]) for each in first["changes"]] == [(application.pk, "draft")]
    assert first["changes"][0]["person_id"] == person.pk
    again = client.get(f"{URL}changes/", {"after": first["ask_again_after"]}).json()
    assert (again["changes"], again["ask_again_after"]) == ([], first["ask_again_after"])
    desk.step(application, "submit", "township")
    desk.step(application, "withdraw", "township", note="不参加")
    page = client.get(f"{URL}changes/", {"after": again["ask_again_after"], "limit": 1}).json()
    assert [each["state"] for each in page["changes"]] == ["submitted"]
    rest = client.get(f"{URL}changes/", {"after": page["next"]}).json()
    assert [each["state"] for each in rest["changes"]] == ["withdrawn"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM enrollment_unnumberedchange")
        assert cursor.fetchone() == (0,)


def test_each_verb_allows_its_own_operation(world, person, api):
    reader, sender = api(world.county_a, ["read_applications"]), api(world.county_a, ["send_applications"])
    assert send(reader, person).status_code == 403
    application = sent(sender, person)
    assert withdraw(reader, application).status_code == 403
    for address in (URL, f"{URL}{application.pk}/", f"{URL}changes/"):
        assert reader.get(address).status_code == 200
        assert sender.get(address).status_code == 403
