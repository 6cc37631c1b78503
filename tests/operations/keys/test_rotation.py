"""Rotation re-encrypts every number and changes nothing else; verification finds whatever cannot be decrypted."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pyarrow as pa
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections, transaction
from pytest_django import Settings

from foundation.audit.actors import OPERATOR
from foundation.audit.models import AuditEvent
from foundation.primitives.ciphertext import key_id_of
from foundation.primitives.ciphertext_stores import Verified
from foundation.primitives.errors import Conflict
from registry.ciphertexts import NUMBERS
from registry.models import IdentityNumber
from registry.selectors.numbers import cipher, decrypt_number
from registry.services import ciphertext_columns, keys, numbers

AT = datetime(2018, 12, 31, tzinfo=UTC)
TEXTS = [f"32068219510101{serial:04d}" for serial in range(25)]


@pytest.fixture(autouse=True)
def _fresh_cipher():
    """Let no test leave its ring in the cipher that services share."""
    yield
    cipher.cache_clear()


@pytest.fixture
def stored(db: None) -> dict[str, int]:
    return numbers.store_numbers(pa.array(TEXTS), recorded_at=AT)


@pytest.fixture
def new_key(stored: dict[str, int], settings: Settings) -> str:
    """Add a key to the ring and make it current, after numbers were stored under the old one."""
    ring = settings.KEYS
    settings.KEYS = replace(ring, data_keys=ring.data_keys | {"k2": b"2" * 32}, current_key="k2")
    cipher.cache_clear()
    return "k2"


def numbers_of(verified: list[Verified]) -> Verified:
    return next(each for each in verified if each.place == NUMBERS.place)


def rows_without_ciphertext() -> list[tuple[object, ...]]:
    fields = [field.attname for field in IdentityNumber._meta.fields if field.name not in {"ciphertext", "key_id"}]
    return [
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in IdentityNumber.objects.order_by("id").values_list(*fields)
    ]


def test_rotation_re_encrypts_every_number_and_changes_nothing_else(stored, new_key, monkeypatch):
    monkeypatch.setattr(ciphertext_columns, "BATCH_ROWS", 10)
    before = rows_without_ciphertext()
    reported: list[tuple[int, int]] = []

    rotated = keys.rotate_keys(actor=OPERATOR, report=lambda done, total: reported.append((done, total)))

    assert {each.place: each.rows for each in rotated if each.rows} == {NUMBERS.place: 25}
    assert reported == [(10, 25), (20, 25), (25, 25)]
    assert rows_without_ciphertext() == before
    assert {key_id_of(row.ciphertext) for row in IdentityNumber.objects.all()} == {new_key}
    assert {text: decrypt_number(stored[text]) for text in TEXTS} == {text: text for text in TEXTS}


def test_repeated_rotation_does_nothing_and_records_no_second_event(new_key):
    keys.rotate_keys(actor=OPERATOR)

    assert not any(each.rows for each in keys.rotate_keys(actor=OPERATOR))
    assert AuditEvent.objects.filter(verb="rotate_keys").count() == 1
    assert AuditEvent.objects.get(verb="rotate_keys").detail == {
        "rows": 25,
        "to_key": "k2",
        "rows_of_key_before": {"k1": 25},
    }


class Killed(BaseException):
    """The process ends here."""


def test_killed_rotation_resumes(new_key, monkeypatch):
    monkeypatch.setattr(ciphertext_columns, "BATCH_ROWS", 10)

    def die(done: int, _total: int) -> None:
        if done >= 20:
            raise Killed

    with pytest.raises(Killed):
        keys.rotate_keys(actor=OPERATOR, report=die)
    assert keys.count_rows_by_key() == {"k1": 5, "k2": 20}

    assert sum(each.rows for each in keys.rotate_keys(actor=OPERATOR)) == 5
    assert keys.count_rows_by_key() == {"k2": 25}


def test_two_rotations_never_run_at_once(new_key):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('rotate_keys'))")
            assert cursor.fetchone() == (True,)
        with pytest.raises(Conflict):
            keys.rotate_keys(actor=OPERATOR)
    finally:
        other.close()


def test_verification_counts_the_rows_of_each_key(new_key):
    numbers.store_numbers(pa.array(["320682195101019999"]), recorded_at=AT)

    found = numbers_of(keys.verify_keys(actor=OPERATOR))

    assert found.rows_of_key == {"k1": 25, "k2": 1}
    assert (found.broken, found.broken_ids) == (0, ())


@pytest.mark.parametrize(
    "damage",
    [
        "ciphertext = set_byte(ciphertext, length(ciphertext) - 1, get_byte(ciphertext, length(ciphertext) - 1) # 1)",
        "ciphertext = ''",
        "key_id = 'k9'",
        "blind_full = set_byte(blind_full, 0, get_byte(blind_full, 0) # 1)",
        "blind_last6 = set_byte(blind_last6, 0, get_byte(blind_last6, 0) # 1)",
        "blind_last4 = set_byte(blind_last4, 0, get_byte(blind_last4, 0) # 1)",
    ],
)
def test_verification_names_a_damaged_row(stored, damage):
    victim = stored[TEXTS[7]]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE registry_identitynumber DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE registry_identitynumber SET {damage} WHERE id = %s", [victim])

    found = numbers_of(keys.verify_keys(actor=OPERATOR))

    assert (found.broken, found.broken_ids) == (1, (victim,))
    with pytest.raises(CommandError, match="1 rows cannot be decrypted"):
        call_command("verify_keys", stdout=StringIO())


def test_verification_with_another_key_file_finds_every_row_broken(stored, settings):
    settings.KEYS = replace(settings.KEYS, data_keys={"k1": base64.b64decode(b"A" * 43 + b"=")})

    found = numbers_of(keys.verify_keys(actor=OPERATOR))

    assert found.broken == 25


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_identitynumber SET blind_full = '\\x00'",
        "UPDATE registry_identitynumber SET valid = NOT valid",
        "UPDATE registry_identitynumber SET recorded_at = now()",
        "DELETE FROM registry_identitynumber",
    ],
)
def test_database_lets_a_number_change_only_by_rotation(stored, statement):
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_commands_say_what_they_did(new_key):
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    call_command("verify_keys", stdout=out)

    assert "registry_identitynumber.ciphertext: 25 rows re-encrypted" in out.getvalue()
    assert "key k2: 25 rows" in out.getvalue()
    assert not any(text in out.getvalue() for text in TEXTS)
