"""Passwords: how long, what they must not be, that nothing else is asked of them, and how they are typed and stored."""

from __future__ import annotations

import gzip
import math
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hashers_by_algorithm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from foundation.accounts.passwords import COMMON_PASSWORDS
from foundation.accounts.services import create_user, enrol_second_factor
from foundation.accounts.services.users import make_temporary_password, set_temporary_password
from foundation.primitives import clock
from poverty_pension.settings import base
from tests.foundation.conftest import PASSWORD
from tests.oracles.totp import totp_code
from tests.security.sources import ROOT, scripts, templates

CHANGE, LOGIN = "/account/password/", "/account/login/"
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def user(world):
    return create_user(
        actor=None,
        username="li.sijing",
        display_name="",
        password=PASSWORD,
        must_change=False,
        home_unit=world.county_a,
    )


@pytest.fixture
def client(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def change(client: Client, new: str, *, old: str = PASSWORD, again: str = "") -> int:
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": again or new}).status_code


def is_accepted(password: str, user=None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("password", ["x", "fjkwq82", "zq8kfjw2m"])
def test_a_short_one_is_refused(client, password):
    assert change(client, password) == 422


@pytest.mark.parametrize(
    "new",
    [
        "seven herons at dusk",
        "七只苍鹭在黄昏时分飞过",
        "zqkfjwvmtb",
        "84629175308",
        "ZQKFJWVMTB",
        "&%+!§$(})=~",
        "漢字 and ümläuts",
    ],
)
def test_any_characters_make_a_password(client, user, new):
    """No rule asks for capitals, digits or signs; blanks and other scripts are characters like any."""
    assert change(client, new) == 302
    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.parametrize("length", [64, 128, 1000])
def test_a_long_one_is_taken_whole(client, user, length):
    new = ("heron-at-dusk-" * 80)[:length]
    assert change(client, new) == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert not user.check_password(new[:-1])


@pytest.mark.parametrize(
    "typed", [PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], PASSWORD.replace("-", " ")]
)
def test_it_is_compared_exactly_as_typed(user, typed):
    assert Client().post(LOGIN, {"login": "li.sijing", "password": typed}).status_code == 200
    assert Client().post(LOGIN, {"login": "li.sijing", "password": PASSWORD}).status_code == 302


def test_blanks_at_the_ends_are_kept(client, user):
    assert change(client, "  seven herons at dusk ") == 302
    assert Client().post(LOGIN, {"login": "li.sijing", "password": "seven herons at dusk"}).status_code == 200
    assert Client().post(LOGIN, {"login": "li.sijing", "password": "  seven herons at dusk "}).status_code == 302


def test_a_change_needs_the_present_one_and_the_new_one_twice(client, user):
    assert change(client, "seven-herons-at-dusk", old="wrong-lanterns-at-noon") == 422
    assert change(client, "seven-herons-at-dusk", again="seven-herons-at-dawn") == 422
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_passwords_known_from_breaches_are_refused():
    """At least the 3,000 most used of those long enough, and some everybody knows without our list."""
    known = gzip.decompress(COMMON_PASSWORDS.read_bytes()).decode().splitlines()
    assert len({each for each in known if len(each) >= 10}) >= 3_000
    assert [each for each in known if is_accepted(each)] == []
    for each in ("1qaz2wsx3edc", "Password123", "qwertyuiop", "1234567890", "abcd123456", "iloveyou123"):
        assert not is_accepted(each), each
        assert not is_accepted(each.upper()), each


@pytest.mark.parametrize(
    "password",
    ["pension2026!", "Yanglao-baoxian", "社保2026经办密码", "FupinRenshe2026", "rugao-pension1", "如皋市养老保险2026"],
)
def test_words_of_the_work_and_of_the_unit_make_no_password(user, password):
    assert not is_accepted(password, user)


def test_a_word_of_the_work_among_others_does_no_harm(user):
    assert is_accepted("pension-herons-at-dusk", user)


def test_the_words_are_those_the_document_lists():
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    listed = re.findall(r"\*\*Words not in passwords\.\*\* (.+?)\n\n", text, re.DOTALL)[0]
    assert re.findall(r"`([^`]+)`", listed) == base.PASSWORD_CONTEXT_WORDS


def test_the_user_name_makes_no_password(user):
    assert not is_accepted("li.sijing12", user)


def test_a_password_stays_valid_for_years(user):
    with time_machine.travel(clock.now() + timedelta(days=5 * 365), tick=False):
        assert Client().post(LOGIN, {"login": "li.sijing", "password": PASSWORD}).headers["Location"] != CHANGE


@pytest.mark.parametrize("path", [LOGIN, CHANGE])
def test_fields_hide_what_is_typed_and_managers_may_fill_them(client, path):
    page = (Client() if path == LOGIN else client).get(path).content.decode()
    fields = [tag for tag in re.findall(r"<input[^>]*>", page) if re.search(r'name="\w*password', tag)]
    assert len(fields) == (1 if path == LOGIN else 3)
    for tag in fields:
        assert 'type="password"' in tag
        assert re.search(r'autocomplete="(current|new)-password"', tag)
        assert "value=" not in tag
        assert "readonly" not in tag
        assert "maxlength" not in tag
    assert path == CHANGE or 'autocomplete="username"' in page


def test_nothing_hinders_pasting_or_autofill():
    for name, text in {**scripts(), **templates()}.items():
        assert not re.search(r"onpaste|[\"']paste[\"']|oncopy|oncontextmenu", text), name


def test_there_are_no_hints_and_no_secret_questions():
    names = {field.name for field in get_user_model()._meta.get_fields()}
    assert not [name for name in names if re.search("hint|question|answer|phone|birth", name)]
    for name, text in templates().items():
        assert not re.search(r"password hint|secret question|security question|forgot", text, re.IGNORECASE), name


def test_stored_with_a_slow_salted_hash(monkeypatch):
    """The tests' settings hash fast; what every installation uses is Django's first hasher, which base.py leaves alone."""
    assert not hasattr(base, "PASSWORD_HASHERS")
    from django.conf import global_settings

    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    hasher = PBKDF2PasswordHasher()
    assert hasher.digest().name == "sha256"
    assert hasher.iterations >= 600_000
    assert len(hasher.salt()) >= 22
    assert get_hashers_by_algorithm()


def test_a_first_password_is_random_long_and_follows_the_rules():
    made = {make_temporary_password() for _ in range(500)}
    assert len(made) == 500
    assert {len(each) for each in made} == {19}
    assert all(is_accepted(each) for each in made)


def test_a_new_first_password_does_not_lift_the_second_factor(world, user, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    enrol_second_factor(actor=None, user=user, secret=FACTOR)
    text = set_temporary_password(actor=world.actor("sysadmin"), user=user)
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client = Client()
    assert client.post(LOGIN, {"login": "li.sijing", "password": text}).headers["Location"] == "/account/code/"
    assert client.get("/").headers["Location"].startswith(LOGIN)
    code = totp_code(FACTOR, clock.now())
    assert client.post("/account/code/", {"code": code}).status_code == 302
    assert client.get("/").headers["Location"] == CHANGE


def test_a_new_installation_has_no_account(db):
    assert not get_user_model().objects.exists()


def test_recovery_codes_cannot_be_guessed(user):
    _stored, codes = enrol_second_factor(actor=None, user=user, secret=FACTOR)
    assert len(set(codes)) == len(codes) == 10
    assert all(re.fullmatch(r"\d{8}", code) for code in codes)
    assert 8 * math.log2(10) >= 20
