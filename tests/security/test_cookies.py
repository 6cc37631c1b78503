"""Cookies: what they are called, to whom they are sent, and that none holds anything but its own random text."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.session import SessionStorage
from django.test import Client
from django.test.utils import override_settings

from foundation.accounts.services import create_user
from tests.foundation.conftest import PASSWORD


def cookies_of_a_day(*, secure: bool) -> Client:
    """Sign in, change the language, open a page, sign out: every cookie the product sets."""
    client = Client()
    client.get("/account/login/", secure=secure)
    assert client.post("/account/login/", {"login": "cookie", "password": PASSWORD}, secure=secure).status_code == 302
    client.post("/account/language/", {"language": "en"}, secure=secure)
    client.get("/account/password/", secure=secure)
    return client


@pytest.fixture
def user(db):
    return create_user(actor=None, username="cookie", display_name="张三", password=PASSWORD, must_change=False)


def test_every_cookie_is_for_this_host_over_tls_only(production, user):
    with override_settings(SECURE_SSL_REDIRECT=True):
        cookies = cookies_of_a_day(secure=True).cookies
    assert len(cookies) >= 3
    for name, cookie in cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"], name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name


def test_the_key_of_a_session_is_never_in_a_page(user):
    client = cookies_of_a_day(secure=False)
    key = client.session.session_key
    for path in ("/account/password/", "/account/second-factor/", "/"):
        assert str(key) not in client.get(path, follow=True).content.decode(), path


def test_no_cookie_holds_a_name_or_a_message(user, settings):
    assert SessionStorage.__module__ in settings.MESSAGE_STORAGE
    client = cookies_of_a_day(secure=False)
    for cookie in client.cookies.values():
        assert "张三" not in str(cookie.value)
        assert "cookie" not in str(cookie.value)
    assert list(get_messages(client.get("/account/password/").wsgi_request)) == []
