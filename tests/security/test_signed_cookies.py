"""The one self-contained token: the signed cookie of a known browser, and what is none."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.http import HttpRequest, HttpResponse

from foundation.accounts.known_browsers import SALT, SECONDS_KNOWN, hash_account, known_device, remember_browser
from foundation.primitives import clock
from tests.security.sources import imported, trees

ACCOUNT = hash_account("clerk")


def request_with(value: str, name: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES[name] = value
    return request


@pytest.fixture
def cookie(settings):
    """Return the name and value a browser keeps after signing in."""
    response = HttpResponse()
    remember_browser(HttpRequest(), response, ACCOUNT)
    name = settings.KNOWN_BROWSER_COOKIE_NAME
    assert known_device(request_with(response.cookies[name].value, name), ACCOUNT)
    return name, response.cookies[name].value


def test_a_changed_or_foreign_signature_is_nothing(cookie):
    name, value = cookie
    for index in range(len(value)):
        changed = value[:index] + ("A" if value[index] != "A" else "B") + value[index + 1 :]
        last = index in {value.rindex(":") - 1, len(value) - 1}  # the last letter of base64 may carry unused bits
        assert last or not known_device(request_with(changed, name), ACCOUNT), index
    for odd in ("", ":", "::", value.rpartition(":")[0], value.rpartition(":")[0] + ":", "e30:1:none"):
        assert not known_device(request_with(odd, name), ACCOUNT)


def test_one_keyed_hash_signs_and_no_cookie_chooses_it(cookie):
    """HMAC-SHA256; the value has no head that names an algorithm."""
    name, value = cookie
    assert signing.TimestampSigner(salt=SALT).algorithm == "sha256"
    weak = signing.TimestampSigner(salt=SALT, algorithm="md5").sign(value.split(":")[0])
    assert not known_device(request_with(weak, name), ACCOUNT)
    using = {path for path, tree in trees().items() if "django.core.signing" in imported(tree)}
    assert using == {"foundation/accounts/known_browsers.py"}


def test_the_key_is_the_installation_s(cookie, settings):
    name, value = cookie
    settings.SECRET_KEY = "another installation's key, long enough to be one"
    assert not known_device(request_with(value, name), ACCOUNT)


def test_after_its_time_it_is_nothing(cookie):
    name, value = cookie
    with time_machine.travel(clock.now() + timedelta(seconds=SECONDS_KNOWN + 60), tick=False):
        assert not known_device(request_with(value, name), ACCOUNT)


def test_what_was_signed_for_something_else_is_nothing(cookie):
    name, _value = cookie
    other = signing.dumps({ACCOUNT[:16]: "planted"}, salt="foundation.accounts.another_use")
    assert not known_device(request_with(other, name), ACCOUNT)
