"""A ciphertext is decrypted only at its own place; a blind index shows equality and nothing else."""

import hmac
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.primitives.ciphertext import (
    BLIND_BYTES,
    BLIND_KINDS,
    Cipher,
    CiphertextError,
    from_text,
    key_id_of,
    to_text,
)

COLUMN = "registry_identitynumber.ciphertext"
PLACE = f"{COLUMN}:7"
NUMBER = "320682195003050025"


@dataclass(frozen=True)
class Ring:
    """Two keys, the second in use."""

    data_keys: dict[str, bytes]
    current_key: str
    blind_key: bytes


RING = Ring({"k1": b"1" * 32, "k2": b"2" * 32}, "k2", b"b" * 32)
CIPHER = Cipher(RING)


@given(st.text(max_size=40))
def test_what_was_encrypted_is_decrypted(text):
    assert CIPHER.decrypt(PLACE, CIPHER.encrypt(PLACE, text)) == text


def test_the_same_text_never_looks_the_same():
    assert CIPHER.encrypt(PLACE, NUMBER) != CIPHER.encrypt(PLACE, NUMBER)


def test_a_ciphertext_moved_to_another_row_does_not_open():
    with pytest.raises(CiphertextError, match="ciphertext:8"):
        CIPHER.decrypt(f"{COLUMN}:8", CIPHER.encrypt(PLACE, NUMBER))


def test_every_changed_byte_is_noticed():
    closed = CIPHER.encrypt(PLACE, NUMBER)
    for index in range(len(closed)):
        broken = closed[:index] + bytes([closed[index] ^ 1]) + closed[index + 1 :]
        with pytest.raises(CiphertextError):
            CIPHER.decrypt(PLACE, broken)


@pytest.mark.parametrize("length", [0, 1, 3, 10, 20])
def test_a_cut_ciphertext_is_an_error_of_its_own_kind(length):
    with pytest.raises(CiphertextError):
        CIPHER.decrypt(PLACE, CIPHER.encrypt(PLACE, NUMBER)[:length])


def test_an_old_key_still_opens_and_is_named_for_rotation():
    closed = Cipher(replace(RING, current_key="k1")).encrypt(PLACE, NUMBER)
    assert CIPHER.decrypt(PLACE, closed) == NUMBER
    assert key_id_of(closed) == "k1"


def test_a_key_that_is_gone_is_an_error():
    closed = CIPHER.encrypt(PLACE, NUMBER)
    with pytest.raises(CiphertextError, match="unknown"):
        Cipher(Ring({"k1": b"1" * 32}, "k1", b"b" * 32)).decrypt(PLACE, closed)


def test_many_are_encrypted_and_decrypted_in_their_order():
    rows = [(row_id, f"{row_id:018d}") for row_id in range(50)]
    closed = CIPHER.encrypt_many(COLUMN, rows)
    assert CIPHER.decrypt_many(COLUMN, zip(range(50), closed, strict=True)) == [text for _id, text in rows]
    assert CIPHER.decrypt(f"{COLUMN}:3", closed[3]) == rows[3][1]


def test_blind_indexes_take_the_tail_themselves_and_differ_by_kind():
    assert CIPHER.blind_index("last6", NUMBER) == CIPHER.blind_index("last6", "050025")
    assert CIPHER.blind_index("last4", NUMBER) == CIPHER.blind_index("last4", "0025")
    indexes = [CIPHER.blind_index(kind, "0025") for kind in BLIND_KINDS]
    assert len(set(indexes)) == len(BLIND_KINDS)
    assert {len(index) for index in indexes} == {BLIND_BYTES}


def test_blind_indexes_hang_on_the_key():
    other = Cipher(replace(RING, blind_key=b"x" * 32))
    assert other.blind_many("full", [NUMBER]) != CIPHER.blind_many("full", [NUMBER])


@given(st.binary(min_size=1, max_size=64), st.text())
def test_blind_indexes_are_the_standard_hmac(key, text):
    expected = hmac.digest(key, f"full\0{text}".encode(), "sha256")[:BLIND_BYTES]
    assert Cipher(replace(RING, blind_key=key)).blind_index("full", text) == expected


def test_a_ciphertext_survives_a_text_column():
    closed = CIPHER.encrypt(PLACE, NUMBER)
    assert from_text(to_text(closed)) == closed


@pytest.mark.parametrize("text", ["not base64!", "AQ", "密文"])
def test_a_text_that_is_no_ciphertext_is_refused(text):
    with pytest.raises(CiphertextError):
        CIPHER.decrypt(PLACE, from_text(text))


@pytest.mark.parametrize("closed", [b"", b"\x01", b"\x01\x02\xff\xfe"])
def test_bytes_without_a_key_id_are_refused(closed):
    with pytest.raises(CiphertextError):
        key_id_of(closed)
