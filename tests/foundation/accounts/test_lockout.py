"""Guessing is slowed down, and nobody locks a colleague out: by address, behind proxies, in a browser that is known, lifted by hand."""

from typing import Any

import pytest
import time_machine
from axes.models import AccessFailureLog
from django.test import Client

from foundation.accounts.actors import user_actor
from foundation.accounts.lockout import find_lock
from foundation.accounts.models import SignInFailure
from foundation.accounts.services import lift_lockout, wipe_old_failures
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from foundation.primitives.errors import NotAllowed
from tests.foundation.conftest import PASSWORD

LOGIN = "/account/login/"
OFFICE, ELSEWHERE = "10.1.1.1", "10.9.9.9"


def sign_in(
    client: Client, name: str = "county_clerk", password: str = PASSWORD, address: str = OFFICE, **extra: Any
) -> int:
    form = {"login": name, "password": password}
    return int(client.post(LOGIN, form, REMOTE_ADDR=address, **extra).status_code)


def guess(times: int, name: str = "county_clerk", address: str = OFFICE, **extra: Any) -> list[int]:
    return [sign_in(Client(), name, "wrong", address, **extra) for _ in range(times)]


def test_guesses_from_elsewhere_lock_only_elsewhere(world):
    assert guess(6, address=ELSEWHERE)[-1] == 429
    assert sign_in(Client(), address=ELSEWHERE) == 429
    assert sign_in(Client(), address=OFFICE) == 302


def test_a_browser_that_is_known_is_not_locked_by_others_at_its_address(world):
    mine = Client()
    assert sign_in(mine) == 302
    mine.post("/account/logout/")
    assert guess(6)[-1] == 429
    assert sign_in(Client()) == 429
    assert sign_in(mine) == 302


def test_a_known_browser_has_five_tries_of_its_own(world):
    mine = Client()
    sign_in(mine)
    mine.post("/account/logout/")
    assert [sign_in(mine, password="wrong") for _ in range(5)][-1] == 429
    assert sign_in(mine) == 429
    assert sign_in(Client(), address=ELSEWHERE) == 302


def test_a_forged_cookie_is_no_known_browser(world):
    guess(6)
    client = Client()
    client.cookies["known_browser"] = "eyJhIjoiYiJ9:1u:forged"
    assert sign_in(client) == 429


@pytest.mark.parametrize("written", ["{address}", "1.1.1.1, {address}", "evil, 8.8.8.8, {address}"])
def test_behind_a_proxy_the_address_it_saw_counts(world, settings, written):
    settings.TRUSTED_PROXIES = 1
    theirs = {"HTTP_X_FORWARDED_FOR": written.format(address=ELSEWHERE)}
    assert guess(6, address="127.0.0.1", **theirs)[-1] == 429
    forged = {"HTTP_X_FORWARDED_FOR": f"{OFFICE}, {ELSEWHERE}"}
    assert sign_in(Client(), address="127.0.0.1", **forged) == 429
    assert sign_in(Client(), address="127.0.0.1", HTTP_X_FORWARDED_FOR=OFFICE) == 302


def test_without_proxies_the_header_changes_nothing(world):
    for number in range(5):
        guess(1, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="10.0.0.99") == 429


def test_one_account_from_many_addresses_is_refused_where_it_never_signed_in(world):
    assert sign_in(Client(), address=OFFICE) == 302
    for number in range(20):
        guess(1, address=f"10.2.0.{number}")
    assert sign_in(Client(), address="10.3.0.1") == 429
    assert sign_in(Client(), address=OFFICE) == 302


def test_spraying_many_accounts_from_one_address_is_refused_there(world):
    for number in range(30):
        guess(1, name=f"nobody{number}", address=ELSEWHERE)
    assert sign_in(Client(), name="finance", address=ELSEWHERE) == 429
    assert sign_in(Client(), name="finance") == 302


def test_what_is_refused_prolongs_nothing_and_is_not_written_for_ever(world):
    with time_machine.travel(clock.now(), tick=False) as moment:
        guess(5)
        rows, events = AccessFailureLog.objects.count(), AuditEvent.objects.count()
        guess(20)
        assert (AccessFailureLog.objects.count(), AuditEvent.objects.count()) == (rows, events)
        moment.shift(901)
        assert sign_in(Client()) == 302


def test_names_that_were_typed_are_not_stored(world):
    guess(1, name="my-password-in-the-wrong-field")
    row = SignInFailure.objects.get()
    assert row.user is None
    assert "password" not in str(vars(row))


def test_an_administrator_sees_the_lock_and_lifts_it(world):
    guess(6)
    user = world.users["county_clerk"]
    lock = find_lock(user, at=clock.now())
    assert lock is not None
    assert (lock.places, lock.is_everywhere) == (1, False)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(world.users["sysadmin"], "django.contrib.auth.backends.ModelBackend")
    assert "from 1 address or browser" in browser.get(f"/administration/users/{user.pk}/").content.decode()
    assert browser.post(f"/administration/users/{user.pk}/unlock/").status_code == 302
    assert AuditEvent.objects.filter(verb="lift_lockout", object_id=str(user.pk)).count() == 1
    assert sign_in(Client()) == 302
    with pytest.raises(NotAllowed):
        lift_lockout(actor=user_actor(world.users["auditor"].memberships.get()), user=user)


def test_failures_are_kept_for_a_day(world):
    guess(1)
    assert wipe_old_failures(at=clock.now()) == 0
    with time_machine.travel(clock.now()) as moment:
        moment.shift(25 * 3600)
        assert wipe_old_failures(at=clock.now()) == 1
