"""Requests: where one ends, which methods change something, where a value may come from, and how much of one is taken."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from rest_framework.exceptions import ParseError

from foundation.accounts.models import Membership, User
from foundation.accounts.services import create_user
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import NotFound
from registry.models import Person
from tests.administration.routes import all_routes
from tests.administration.test_access import address_of
from tests.foundation.conftest import PASSWORD
from tests.named_world import right_number

WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
WRITTEN_BY_READING = ('"audit_auditevent"', '"django_session"', '"audit_disclosure"', '"casework_presence"', "axes_")
"""A read of people is recorded; a session notes when its user was last there; colleagues see who looks at a person."""


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: -1",
        "Content-Length: +4",
        "Content-Length: 4 4",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked\r\n Content-Length: 4",
    ],
)
def test_a_request_whose_end_is_ambiguous_is_refused(head):
    """gunicorn, which reads every request, takes none that a proxy in front of it might end elsewhere."""
    raw = f"POST / HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    parser = RequestParser(Config(), iter([raw]), ("127.0.0.1", 1))
    with pytest.raises(ParseException):
        next(parser).body.read()


def test_a_whole_request_is_read():
    raw = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"
    assert next(RequestParser(Config(), iter([raw]), ("127.0.0.1", 1))).body.read() == b"body"


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("name", ["clerk_a", "reviewer_a", "sysadmin"])
def test_asking_changes_nothing(world, signed_in, name, method):
    world.person("张三", right_number("99010119500101002"))
    world.delivery()
    client = signed_in(name)
    for route in all_routes():
        if route.name == "second_factor":
            continue  # its page offers a secret, kept in the session
        with CaptureQueriesContext(connection) as asked:
            getattr(client, method)(address_of(route))
        written = [one["sql"] for one in asked.captured_queries if one["sql"].lstrip().startswith(WRITES)]
        assert [sql for sql in written if not any(table in sql for table in WRITTEN_BY_READING)] == [], route.name


def test_a_value_of_the_address_is_none_of_the_form(world, signed_in):
    """What changes something reads the body only: the same name in the address counts for nothing."""
    person = world.person("张三", right_number("99010119500101002"))
    answer = signed_in("clerk_a").post(f"/persons/{person.pk}/number/?purpose=card", {})
    assert answer.status_code == 400
    assert not AuditEvent.objects.filter(verb="show_number").exists()
    client = Client()
    create_user(actor=None, username="one", display_name="", password=PASSWORD, must_change=False)
    assert client.post(f"/account/login/?login=one&password={PASSWORD}", {}).status_code == 200
    client.cookies["purpose"] = "card"
    client.force_login(world.users["clerk_a"])
    assert client.post(f"/persons/{person.pk}/number/", {}, headers={"purpose": "card"}).status_code == 400


def test_of_two_values_of_one_name_the_last_counts_everywhere(world, api):
    """Service and permission see the same one: the unit asked for twice is the unit checked."""
    client = api(world.county_a)
    inside, outside = world.township.code, world.county_b.code
    assert client.get(f"/api/v1/gaps/?unit={inside}&unit={outside}").status_code == 404
    assert client.get(f"/api/v1/gaps/?unit={outside}&unit={inside}").status_code == 200


def test_a_field_a_form_does_not_have_changes_nothing(world, signed_in):
    user = world.users["clerk_a"]
    user.set_password(PASSWORD)
    user.save()
    before = (
        User.objects.filter(pk=user.pk)
        .values("is_active", "is_superuser", "username", "home_unit", "must_change_password")
        .get()
    )
    extra = {
        "is_superuser": "on", "is_active": "", "username": "root", "home_unit": world.county_b.pk, "role": "auditor",
        "unit": world.county_b.pk, "user": world.users["sysadmin"].pk, "must_change_password": "on",
    }  # fmt: skip
    client = Client()
    client.force_login(user)
    new = "seven-herons-at-dusk"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", form | extra).status_code == 302
    client.post("/account/language/", {"language": "en"} | extra)
    user.refresh_from_db()
    assert user.check_password(new)
    assert User.objects.filter(pk=user.pk).values(*before).get() == before
    assert Membership.objects.get(user=user).role == "county_clerk"
    person = world.person("张三")
    client.post(
        f"/persons/{person.pk}/note/", {"text": "x", "name": "李四", "county": world.county_b.pk, "written_by": "root"}
    )
    assert Person.objects.filter(pk=person.pk, name="张三", county=world.county_a).exists()
    assert person.notes.get().written_by == "clerk_a"


def test_a_service_asks_whatever_the_page_showed(world):
    """Called without any page, a service refuses the same: permissions are no matter of buttons."""
    from registry.services.person_file import add_note

    person = world.person("张三")
    with pytest.raises(NotFound):
        add_note(actor=world.actor("clerk_b"), person_id=person.pk, text="x", at=person.created_at)


def test_a_body_of_the_api_is_read_to_its_limit_and_no_further():
    from foundation.web.api.parsers import MOST_BYTES, BoundedJSONParser

    endless = io.BytesIO(b"[" + b"1," * MOST_BYTES)
    with pytest.raises(ParseError):
        BoundedJSONParser().parse(endless)
    assert endless.tell() <= MOST_BYTES + 1
