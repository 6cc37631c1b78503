"""Sessions: random keys kept by the server, new at sign-in, gone at sign-out, ended by administrators, and the way out on every page."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from foundation.accounts.constants import Role
from foundation.accounts.services import create_user, enrol_second_factor, grant_role
from foundation.accounts.services.users import close_user, end_sessions
from foundation.primitives import clock
from tests.administration.routes import all_routes
from tests.administration.test_access import address_of
from tests.foundation.conftest import PASSWORD
from tests.oracles.totp import totp_code

LOGIN = "/account/login/"
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY_LETTERS, KEY_LENGTH = 36, 32


@pytest.fixture
def user(world):
    user = create_user(
        actor=None, username="clerk", display_name="", password=PASSWORD, must_change=False, home_unit=world.county_a
    )
    grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=world.county_a, valid_from=clock.today())
    return user


def sign_in(client: Client) -> str:
    assert client.post(LOGIN, {"login": "clerk", "password": PASSWORD}).status_code == 302
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def is_signed_in(client: Client) -> bool:
    return client.get("/account/password/").status_code == 200


def with_key(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def test_a_key_is_a_row_of_the_server_and_nothing_else_is_one(user):
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    key = sign_in(Client())
    assert is_signed_in(with_key(key))
    Session.objects.filter(session_key=key).delete()
    assert not is_signed_in(with_key(key))
    for odd in ("", "x" * KEY_LENGTH, key.upper(), key[:-1], key + "a"):
        assert not is_signed_in(with_key(odd))


def test_keys_are_random_and_never_the_same(user):
    keys = [sign_in(Client()) for _ in range(60)]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {KEY_LENGTH}
    counted = Counter("".join(keys))
    assert len(counted) == KEY_LETTERS
    assert max(counted.values()) < 3 * len(keys) * KEY_LENGTH / KEY_LETTERS
    assert KEY_LENGTH * math.log2(KEY_LETTERS) >= 128


def test_signing_in_makes_a_new_key_and_ends_the_one_before(user):
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key or ""
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    first = sign_in(client)
    assert first != planted
    assert not is_signed_in(with_key(planted))


def test_the_key_shown_before_the_second_factor_opens_nothing_after_it(user, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    enrol_second_factor(actor=None, user=user, secret=FACTOR)
    client = Client()
    before = sign_in(client)
    assert not is_signed_in(with_key(before))
    assert client.post("/account/code/", {"code": totp_code(FACTOR, clock.now())}).status_code == 302
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert is_signed_in(with_key(after))
    assert not is_signed_in(with_key(before))


def test_after_signing_out_the_key_opens_nothing(user):
    client = Client()
    key = sign_in(client)
    answer = client.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_signed_in(with_key(key))


def test_a_closed_account_or_an_administrator_ends_every_session(world, user):
    keys = [sign_in(Client()), sign_in(Client())]
    assert all(is_signed_in(with_key(key)) for key in keys)
    end_sessions(actor=world.actor("sysadmin"), user=user)
    assert not any(is_signed_in(with_key(key)) for key in keys)
    keys = [sign_in(Client()), sign_in(Client())]
    close_user(actor=world.actor("sysadmin"), user=user)
    assert not any(is_signed_in(with_key(key)) for key in keys)


@pytest.mark.parametrize("name", ["clerk_a", "sysadmin", "supervisor", "village"])
def test_every_page_has_the_way_out(world, signed_in, name):
    client, pages = signed_in(name), 0
    for route in all_routes():
        answer = client.get(address_of(route))
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        if "<html" in page and route.name not in {"api", "account_inactive"}:
            assert 'action="/account/logout/"' in page, route.name
            pages += 1
    assert pages >= 4


def test_a_session_is_no_token_of_the_api(world, signed_in):
    for path in ("/api/v1/gaps/", "/api/v1/deliveries/", "/api/v1/e1/"):
        assert signed_in("clerk_a").get(path).status_code == 401
    answer = signed_in("clerk_a").post("/api/v1/coverage", {"persons": []}, content_type="application/json")
    assert answer.status_code == 401


def test_a_token_signs_nobody_in(world, token_of):
    client = Client(headers={"Authorization": f"Bearer {token_of(world.county_a)}"})
    assert client.get("/").headers["Location"].startswith(LOGIN)
    assert (
        client.get(f"/api/v1/gaps/?token={token_of(world.county_a)}", headers={"Authorization": ""}).status_code == 401
    )
