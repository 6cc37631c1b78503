"""/api/v1/deliveries/: a file is received once per key, visible to its sender only, reported without personal data."""

import errno
import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.accounts.actors import system_actor
from foundation.accounts.models import ClientToken, IdempotencyKey
from foundation.accounts.services import issue_client_token
from foundation.accounts.services.idempotency import wipe_old_answers
from foundation.audit.models import AuditEvent
from foundation.primitives import encrypted_files
from registry.constants import RowAction
from registry.models import Delivery, DeliveryProblem

URL = "/api/v1/deliveries/"
CONTENT = "不是,名单\n1,2\n".encode()


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def client_of(world):
    """Return a department's client with a token of a unit."""

    def sign_in(unit, name="民政局", verbs=("send_deliveries",)):
        _token, text = issue_client_token(
            actor=system_actor(unit),
            name=name,
            unit=unit,
            verbs=list(verbs),
            expires_at=timezone.now() + timedelta(days=1),
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_ACCEPT_LANGUAGE="en")
        return client

    return sign_in


def send(client: APIClient, key: str = "k1", content: bytes = CONTENT, as_of: str = "2018-12-31") -> Any:
    headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    body = {"file": SimpleUploadedFile("deaths.csv", content), "as_of": as_of}
    return client.post(URL, body, format="multipart", **headers)


def test_a_file_is_received_read_and_reported(world, client_of, django_capture_on_commit_callbacks):
    client = client_of(world.county_a)
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client)
    delivery = Delivery.objects.get()
    assert (answer.status_code, answer.json()["state"]) == (201, "received")
    assert (delivery.county, delivery.received_by, delivery.hold) == (world.county_a, "民政局", True)
    body = client.get(answer.headers["Location"]).json()
    assert (body["id"], body["state"]) == (delivery.pk, "refused")
    assert "The headers match no known layout" in body["refusal"]
    event = AuditEvent.objects.get(verb="delivery_received")
    assert (event.actor_name, event.role) == ("民政局", "client")


def test_the_same_key_and_file_give_the_same_answer_once(world, client_of):
    client = client_of(world.county_a)
    first = send(client)
    Delivery.objects.update(state="refused", refusal={"code": "empty_file", "values": {}})
    again = send(client)
    assert (again.status_code, again.json()) == (201, first.json())
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("other", [{"content": b"x,y\n"}, {"as_of": "2018-11-30"}])
def test_a_key_used_for_another_request_is_a_conflict(world, client_of, other):
    client = client_of(world.county_a)
    send(client)
    answer = send(client, **other)
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:poverty-pension:idempotency_key_reused"
    assert Delivery.objects.count() == 1


def test_a_key_is_a_clients_own(world, client_of):
    assert send(client_of(world.county_a)).status_code == 201
    assert send(client_of(world.county_a, name="公安局"), content=b"x,y\n").status_code == 201


def test_a_request_that_was_refused_keeps_no_answer(world, client_of):
    client = client_of(world.county_a)
    assert send(client, key="").json()["type"].endswith("idempotency_key_missing")
    assert send(client, as_of="soon").status_code == 400
    assert send(client, content=b"").status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert send(client).status_code == 201


def test_answers_are_kept_for_a_day(world, client_of):
    send(client_of(world.county_a))
    assert wipe_old_answers(at=timezone.now() + timedelta(hours=23)) == 0
    assert wipe_old_answers(at=timezone.now() + timedelta(hours=25)) == 1


def test_only_the_sender_finds_a_file(world, client_of):
    delivery_id = send(client_of(world.county_a)).json()["id"]
    others = [client_of(world.county_b), client_of(world.county_a, name="公安局")]
    for client in others:
        assert client.get(URL).json() == {"deliveries": [], "next": None}
        for address in (f"{URL}{delivery_id}/", f"{URL}{delivery_id}/problems/"):
            assert client.get(address).status_code == 404
    assert client_of(world.county_a).get(f"{URL}{delivery_id}/").status_code == 200, (
        "a new token of the same department"
    )


@pytest.mark.parametrize("name", ["system", "clerk_a", "民政局"])
def test_a_client_is_nobody_else_by_its_name(world, client_of, name):
    """Not the system, not a user, not the system of another unit that is called the same."""
    sent = [send(client_of(world.county_a)).json()["id"]]
    sent += [world.delivery(received_by="system", people_behind=[]).pk, world.delivery("dibao").pk]
    client = client_of(world.township, name=name)
    assert client.get(URL).json() == {"deliveries": [], "next": None}
    assert [client.get(f"{URL}{each}/").status_code for each in sent] == [404] * 3


def test_a_client_cannot_ask_to_apply_at_once(world, client_of):
    body = {"file": SimpleUploadedFile("deaths.csv", CONTENT), "as_of": "2018-12-31", "at_once": "on", "hold": "false"}
    answer = client_of(world.county_a).post(URL, body, format="multipart", HTTP_IDEMPOTENCY_KEY="k1")
    assert answer.status_code == 201
    assert Delivery.objects.get().hold


@pytest.mark.parametrize("address", [URL, f"{URL}1/", f"{URL}1/problems/"])
def test_another_verb_or_no_token_opens_nothing(world, client_of, address):
    assert client_of(world.county_a, verbs=("read_coverage",)).get(address).status_code == 403
    assert APIClient().get(address).status_code == 401


def test_a_token_above_the_county_is_refused(world, client_of):
    answer = send(client_of(world.county_a.parent))
    assert answer.status_code == 403
    assert not Delivery.objects.exists()


def test_lists_go_on_from_page_to_page(world, client_of):
    client = client_of(world.county_a)
    for number in range(5):
        world.delivery("deaths", file_name=f"d{number}.csv", client_system=ClientToken.objects.get())
    found, after = [], 0
    while after is not None:
        page = client.get(URL, {"limit": 2, "after": after}).json()
        found += [each["file_name"] for each in page["deliveries"]]
        after = page["next"]
    assert found == ["d4.csv", "d3.csv", "d2.csv", "d1.csv", "d0.csv"]
    assert client.get(URL, {"limit": 5000}).status_code == 400


def test_problems_and_previews_hold_no_personal_data(world, client_of):
    preview = {"changes": {"facts": 3}, "samples": [{"kind": "opened", "name": "张三", "before": "", "after": "x"}]}
    client = client_of(world.county_a)
    delivery = world.delivery("deaths", state="checked", client_system=ClientToken.objects.get(), preview=preview)
    DeliveryProblem.objects.create(delivery=delivery, row=4, reason="id_length", action=RowAction.REJECT_NUMBER)
    answer = client.get(f"{URL}{delivery.pk}/")
    assert answer.json()["changes"] == {"facts": 3}
    assert "张三" not in answer.content.decode()
    assert client.get(f"{URL}{delivery.pk}/problems/").json() == {
        "problems": [
            {
                "sheet": "", "row": 4, "member": 0, "action": "reject_id_to_repair", "reason": "id_length",
                "what_is_wrong": "The number does not have 18 characters",
                "what_to_do": "Check the number against the identity card and tell the sender.",
            }
        ],
        "next": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "place",
    [
        f"{TemporaryFileUploadHandler.__module__}.TemporaryFileUploadHandler.receive_data_chunk",
        f"{encrypted_files.__name__}._write",
    ],
)
def test_a_full_disk_is_a_problem_in_words(world, client_of, monkeypatch, place):
    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    client = client_of(world.county_a)
    monkeypatch.setattr(place, refuse)
    answer = send(client)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:poverty-pension:disk_full")
    assert not Delivery.objects.exists()


def test_the_sender_says_that_its_list_is_complete_and_a_clerk_decides(world, client_of):
    client = client_of(world.county_a)
    send(client)
    at = timezone.now()
    Delivery.objects.update(state="applied", feed="poverty", applied_at=at, missing_parts=["白蒲镇.csv"])
    sent = Delivery.objects.get()
    assert client.get(f"{URL}{sent.pk}/").json()["missing_parts"] == ["白蒲镇.csv"]
    assert client.post(f"{URL}{sent.pk}/completion/", {}, format="json").status_code == 400
    answer = client.post(f"{URL}{sent.pk}/completion/", {"reason": "白蒲镇没有"}, format="json")
    sent.refresh_from_db()
    assert (answer.status_code, sent.completed_at, sent.completion["stated_by"]) == (200, None, "民政局")
    assert any("白蒲镇没有" in each for each in answer.json()["remarks"])
    other = client_of(world.county_a, name="残联")
    assert other.post(f"{URL}{sent.pk}/completion/", {"reason": "x"}, format="json").status_code == 404
    Delivery.objects.update(missing_parts=[])
    assert client.post(f"{URL}{sent.pk}/completion/", {"reason": "x"}, format="json").status_code == 409
