"""What is read of a request before sign-in: a form, never more; and a large body only by a page for files, of who may send them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.accounts.constants import Role
from foundation.accounts.models import RefusedTokens
from foundation.accounts.services import create_user, grant_role
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from tests.foundation.conftest import PASSWORD

LARGE = b"x" * (2 << 20)
ADDRESSES = (
    "/account/login/",
    "/account/language/",
    "/deliveries/receive/",
    "/deliveries/uploads/1/piece/?offset=0",
    "/work/filters/",
)


@pytest.fixture(autouse=True)
def incoming(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


def send(client: Client, address: str) -> Any:
    return client.post(address, {"tables": SimpleUploadedFile("a.csv", LARGE), "as_of": "2018-12-31", "login": "x"})


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_large_body_of_nobody_is_refused_unread(world, address, incoming, monkeypatch):
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", lambda *_args: pytest.fail("the body was read"))
    answer = send(Client(headers={"accept-language": "en"}), address)
    assert answer.status_code == 413
    assert "it was not read" in answer.content.decode()
    assert not list(incoming.iterdir())


def test_a_small_file_of_nobody_reaches_no_disk(world, incoming):
    answer = Client().post("/account/login/", {"login": SimpleUploadedFile("a.csv", b"x" * 1000)})
    assert answer.status_code == 200
    assert not list(incoming.iterdir())


@pytest.mark.parametrize(("role", "status"), [("village_official", 413), ("supervisor", 413), ("county_clerk", 302)])
def test_who_may_not_send_files_sends_none(world, role, status):
    client = Client()
    client.post("/account/login/", {"login": role, "password": PASSWORD})
    assert send(client, "/deliveries/receive/").status_code == status
    assert send(client, "/work/filters/").status_code == 413


def test_with_a_first_password_no_file_is_read(world):
    user = create_user(actor=None, username="new", display_name="", password=PASSWORD, must_change=True)
    grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=world.county_a, valid_from=clock.today())
    client = Client()
    client.post("/account/login/", {"login": "new", "password": PASSWORD})
    assert send(client, "/deliveries/receive/").status_code == 413


@pytest.mark.parametrize("length", ["", "x", "-1", "9" * 30])
def test_an_odd_length_is_no_fault(world, length):
    answer = Client().generic("POST", "/account/login/", b"", CONTENT_LENGTH=length, content_type="text/plain")
    assert answer.status_code < 500


def test_unknown_tokens_are_counted_and_written_once_an_hour(world):
    for _ in range(25):
        assert Client().get("/api/v1/gaps/", headers={"authorization": "Bearer no-such-token"}).status_code == 401
    assert sum(RefusedTokens.objects.values_list("count", flat=True)) == 25
    assert AuditEvent.objects.filter(verb="use_token").count() == RefusedTokens.objects.count() <= 2
