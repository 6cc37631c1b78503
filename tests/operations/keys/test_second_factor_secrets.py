"""Secrets of second factors are rotated and verified with everything else, and keep working."""

from dataclasses import replace
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError

from foundation.accounts import ciphertexts
from foundation.accounts.authenticators import PLACE
from foundation.accounts.models import User
from foundation.accounts.second_factor import OFFER_KEY, offered_secret
from foundation.accounts.services import enrol_second_factor
from foundation.audit.actors import OPERATOR
from foundation.audit.models import AuditEvent
from registry.services import keys

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW_KEY = {"k2": b"2" * 32}


@pytest.fixture
def codes(db: None) -> list[str]:
    """Two users with a second factor; the recovery codes of the first."""
    first, second = (User.objects.create_user(name) for name in ("first", "second"))
    enrol_second_factor(actor=None, user=second, secret=SECRET[::-1])
    return enrol_second_factor(actor=None, user=first, secret=SECRET)[1]


@pytest.fixture
def new_key(codes: list[str], settings) -> None:
    settings.KEYS = replace(settings.KEYS, data_keys=settings.KEYS.data_keys | NEW_KEY, current_key="k2")


def recovery_codes() -> Authenticator:
    return Authenticator.objects.get(user__username="first", type="recovery_codes")


def secrets_rotated() -> int:
    return keys.rotate_keys(actor=OPERATOR)[0].rows


def test_rotated_secrets_need_the_new_key_only_and_used_codes_stay_used(codes, new_key, settings):
    assert recovery_codes().wrap().validate_code(codes[3])

    assert secrets_rotated() == 4

    settings.KEYS = replace(settings.KEYS, data_keys=NEW_KEY)
    assert recovery_codes().wrap().get_unused_codes() == codes[:3] + codes[4:]
    assert ciphertexts.STORES[0].count_rows_by_key() == {"k2": 4}
    assert keys.verify_keys(actor=OPERATOR)[0].broken == 0
    assert AuditEvent.objects.get(verb="rotate_keys").detail["rows_of_key_before"] == {"k1": 4}


class Killed(BaseException):
    """The process ends here."""


def test_killed_rotation_of_secrets_resumes(new_key, monkeypatch):
    monkeypatch.setattr(ciphertexts, "BATCH_ROWS", 3)

    def die(done: int, total: int) -> None:
        assert (done, total) == (3, 4)
        raise Killed

    with pytest.raises(Killed):
        keys.rotate_keys(actor=OPERATOR, report=die)
    assert keys.count_rows_by_key() == {"k1": 1, "k2": 3}
    assert secrets_rotated() == 1
    assert secrets_rotated() == 0


@pytest.mark.parametrize("seed", ["", "not base64!", "AQJrMQ=="])
def test_verification_names_a_damaged_secret(codes, seed):
    victim = recovery_codes()
    victim.data["seed"] = seed
    victim.save()

    found = keys.verify_keys(actor=OPERATOR)[0]

    assert (found.place, found.broken, found.broken_ids) == (PLACE, 1, (victim.pk,))
    with pytest.raises(CommandError, match="1 rows cannot be decrypted"):
        call_command("verify_keys", stdout=StringIO())


def test_a_secret_offered_under_a_removed_key_is_offered_again(client, db, settings):
    session = client.session
    offered = offered_secret(session, renew=False)
    assert offered_secret(session, renew=False) == offered
    settings.KEYS = replace(settings.KEYS, data_keys=NEW_KEY, current_key="k2")
    assert offered_secret(session, renew=False) != offered
    assert OFFER_KEY in session
