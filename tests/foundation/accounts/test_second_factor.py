"""The second factor: demanded, taken up, asked for, locked after wrong codes, stored closed, reset only by others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from demo.models import DemoMark
from foundation.accounts.actors import user_actor
from foundation.accounts.authenticators import PLACE, decrypt_text
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.second_factor import OFFER_KEY, OFFER_PLACE
from foundation.accounts.services import enrol_second_factor, reset_second_factor
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from foundation.primitives.errors import Conflict, NotAllowed, NotFound
from poverty_pension.urls import urlpatterns as real_patterns
from tests.oracles.totp import totp_code

PASSWORD = "eight-lanterns-at-noon"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ENROL = "/account/second-factor/"
CODE = "/account/code/"


@requires(Action.VIEW_BOARD)
def board(request):
    return HttpResponse("board")


urlpatterns = [
    *[each for each in real_patterns if getattr(each, "name", "") != "today"],
    path("board/", board, name="today"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def demanded(settings, world):
    settings.SECOND_FACTOR_REQUIRED = True
    return world


@pytest.fixture
def moment() -> Iterator[Any]:
    with time_machine.travel(clock.now(), tick=False) as travelled:
        yield travelled


def code_of(secret: str) -> str:
    return totp_code(secret, clock.now())


def sign_in(client: Client, username: str = "county_clerk") -> Any:
    return client.post("/account/login/", {"login": username, "password": PASSWORD})


def test_without_one_every_page_leads_to_taking_one_up(client, demanded):
    sign_in(client)
    assert client.get("/board/").headers["Location"] == ENROL
    assert client.get("/board/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == ENROL
    assert client.get("/account/password/").status_code == 200
    assert client.post("/account/logout/").status_code == 302


def test_setting_one_up_shows_the_codes_once_and_gives_access(client, demanded, moment):
    sign_in(client)
    page = client.get(ENROL).content.decode()
    closed = client.session[OFFER_KEY]
    secret = decrypt_text(OFFER_PLACE, closed)
    assert secret not in closed
    assert "data:image/svg+xml;base64," in page
    assert client.post(ENROL, {"code": "000000"}).status_code == 422
    shown = client.post(ENROL, {"code": code_of(secret)})
    assert shown.content.decode().count('<li class="code">') == 10
    assert "no-store" in shown.headers["Cache-Control"]
    assert client.get("/board/").content == b"board"
    again = client.get(ENROL).content.decode()
    assert '<li class="code">' not in again
    assert OFFER_KEY not in client.session


def test_the_secret_is_stored_encrypted_and_each_code_is_accepted_once(client, demanded, moment):
    user = demanded.users["county_clerk"]
    _stored, codes = enrol_second_factor(actor=None, user=user, secret=SECRET)
    assert SECRET not in str(list(Authenticator.objects.values_list("data")))
    held = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert decrypt_text(PLACE, held) == SECRET
    assert sign_in(client).headers["Location"] == CODE
    assert client.get("/board/").status_code == 302
    assert client.post(CODE, {"code": codes[0]}).headers["Location"] == "/board/"
    assert client.get("/board/").content == b"board"
    client.post("/account/logout/")
    sign_in(client)
    assert client.post(CODE, {"code": codes[0]}).status_code == 200
    assert client.post(CODE, {"code": code_of(SECRET)}).status_code == 302
    assert AuditEvent.objects.filter(verb="sign_in", outcome="done").latest("id").detail == {"by": ["password", "totp"]}


def test_a_code_seen_over_the_shoulder_does_not_work_again(client, demanded, moment):
    enrol_second_factor(actor=None, user=demanded.users["county_clerk"], secret=SECRET)
    code = code_of(SECRET)
    sign_in(client)
    assert client.post(CODE, {"code": code}).status_code == 302
    other = Client()
    sign_in(other)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert other.get("/board/").status_code == 302


@pytest.mark.parametrize("seconds", [0, 29, 31, 44])
def test_the_code_of_the_setting_up_does_not_sign_in_as_well(client, demanded, moment, seconds):
    sign_in(client)
    client.get(ENROL)
    code = code_of(decrypt_text(OFFER_PLACE, client.session[OFFER_KEY]))
    assert client.post(ENROL, {"code": code}).status_code == 200
    moment.shift(timedelta(seconds=seconds))
    cache.clear()  # a broker that started again has forgotten
    other = Client()
    sign_in(other)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert other.get("/board/").status_code == 302


def test_five_wrong_codes_lock_and_the_right_one_does_not_unlock(client, demanded, moment):
    enrol_second_factor(actor=None, user=demanded.users["county_clerk"], secret=SECRET)
    sign_in(client)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(CODE, {"code": code_of(SECRET)}).status_code == 429
    assert sign_in(Client()).status_code == 429
    moment.shift(timedelta(minutes=14, seconds=59))
    assert sign_in(Client()).status_code == 429
    moment.shift(timedelta(minutes=15, seconds=1))
    assert sign_in(Client()).headers["Location"] == CODE


def test_only_a_security_administrator_of_the_area_resets_and_never_their_own(client, demanded, moment):
    user, secadmin = demanded.users["county_clerk"], demanded.users["secadmin"]
    enrol_second_factor(actor=None, user=user, secret=SECRET)
    enrol_second_factor(actor=None, user=secadmin, secret=SECRET)
    enrol_second_factor(actor=None, user=demanded.users["supervisor"], secret=SECRET)
    with pytest.raises(Conflict):
        enrol_second_factor(actor=None, user=user, secret=SECRET)
    sign_in(client)
    client.post(CODE, {"code": code_of(SECRET)})
    with pytest.raises(NotAllowed):
        reset_second_factor(actor=user_actor(demanded.users["sysadmin"].memberships.get()), user=user)
    actor = user_actor(secadmin.memberships.get())
    with pytest.raises(NotAllowed):
        reset_second_factor(actor=actor, user=secadmin)
    with pytest.raises(NotFound):
        reset_second_factor(actor=actor, user=demanded.users["supervisor"])
    reset_second_factor(actor=actor, user=user)
    assert client.get("/board/").headers["Location"].startswith("/account/login/")
    sign_in(client)
    assert client.get("/board/").headers["Location"] == ENROL


@pytest.mark.asks_the_mark
def test_only_the_mark_of_a_demonstration_lifts_it(client, world, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(client)
    assert client.get("/board/").headers["Location"] == ENROL
    DemoMark.objects.create(marked_at=clock.now())
    assert client.get("/board/").content == b"board"
    settings.SECOND_FACTOR_REQUIRED = True
    fresh = Client()
    sign_in(fresh)
    assert fresh.get("/board/").headers["Location"] == ENROL
