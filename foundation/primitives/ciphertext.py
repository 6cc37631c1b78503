"""Personal numbers as ciphertext and as blind indexes: AES-256-GCM with the row's place as associated data, HMAC-SHA256.

Knows no settings: a caller builds `Cipher(settings.KEYS)`. A ciphertext copied to another row or column cannot be decrypted.
Layout: version (1 byte), length of the key id (1), key id, nonce (12), ciphertext with tag (16 longer than the text).
Old keys remain in the ring for what they encrypted; new text is encrypted with the current key.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
NONCE_BYTES = 12
BLIND_BYTES = 16

BlindKind = Literal["full", "last6", "last4"]
BLIND_KINDS: tuple[BlindKind, ...] = ("full", "last6", "last4")
_TAIL = {"full": None, "last6": 6, "last4": 4}


class KeyRing(Protocol):
    """The keys of one installation; `settings.KEYS` is one."""

    @property
    def data_keys(self) -> Mapping[str, bytes]: ...
    @property
    def current_key(self) -> str: ...
    @property
    def blind_key(self) -> bytes: ...


class CiphertextError(Exception):
    """A ciphertext that cannot be decrypted here: wrong row or column, changed bytes, unknown key or layout."""


def to_text(ciphertext: bytes) -> str:
    """Write a ciphertext for a text column."""
    return base64.b64encode(ciphertext).decode("ascii")


def from_text(text: str) -> bytes:
    """Read what to_text wrote. Errors: CiphertextError when it is something else."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CiphertextError("This text is no ciphertext.") from error


def key_id_of(ciphertext: bytes | memoryview) -> str:
    """Return the id of the key that encrypted a ciphertext. Errors: CiphertextError when there is none to read."""
    ciphertext = bytes(ciphertext)  # the database gives a memoryview
    try:
        return ciphertext[2 : 2 + ciphertext[1]].decode("ascii")
    except (IndexError, UnicodeDecodeError) as error:
        raise CiphertextError("These bytes are no ciphertext.") from error


class Cipher:
    """Encrypts and decrypts the personal numbers of one installation. Cheap to build, safe to share between threads."""

    def __init__(self, ring: KeyRing) -> None:
        self._boxes = {key_id: AESGCM(key) for key_id, key in ring.data_keys.items()}
        self.current_key = ring.current_key
        self._current = self._boxes[ring.current_key]
        key_id = ring.current_key.encode("ascii")
        self._header = bytes([VERSION, len(key_id)]) + key_id
        self._keyed = hmac.new(ring.blind_key, digestmod="sha256")  # copied for each value: the key is hashed once

    def encrypt(self, place: str, text: str) -> bytes:
        """Encrypt one text. `place` is "table.column:row id"; decryption needs the same place."""
        return self.encrypt_bytes(place, text.encode())

    def encrypt_bytes(self, place: str, data: bytes) -> bytes:
        """Encrypt bytes, less than 2 GiB at once."""
        nonce = os.urandom(NONCE_BYTES)
        return self._header + nonce + self._current.encrypt(nonce, data, place.encode())

    def decrypt(self, place: str, ciphertext: bytes) -> str:
        """Decrypt one ciphertext.

        Errors: CiphertextError when it belongs to another place, was changed, or its key is not in the ring.
        """
        return self.decrypt_bytes(place, bytes(ciphertext)).decode()

    def decrypt_bytes(self, place: str, ciphertext: bytes) -> bytes:
        """Decrypt what encrypt_bytes returned. Errors: as decrypt."""
        try:
            version, key_length = ciphertext[0], ciphertext[1]
            box = self._boxes[ciphertext[2 : 2 + key_length].decode("ascii")]
        except (IndexError, KeyError, UnicodeDecodeError) as error:
            raise CiphertextError(f"{place}: unknown layout or key.") from error
        start = 2 + key_length
        if version != VERSION:
            raise CiphertextError(f"{place}: layout version {version} is unknown.")
        try:
            return box.decrypt(
                ciphertext[start : start + NONCE_BYTES], ciphertext[start + NONCE_BYTES :], place.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise CiphertextError(f"{place}: the ciphertext does not belong here or was changed.") from error

    def encrypt_many(self, column: str, rows: Iterable[tuple[object, str]]) -> list[bytes]:
        """Encrypt the texts of many rows of one "table.column", given as (row id, text), in their order."""
        return [self.encrypt(f"{column}:{row_id}", text) for row_id, text in rows]

    def decrypt_many(self, column: str, rows: Iterable[tuple[object, bytes]]) -> list[str]:
        """Decrypt the ciphertexts of many rows of one "table.column", given as (row id, ciphertext), in their order."""
        return [self.decrypt(f"{column}:{row_id}", ciphertext) for row_id, ciphertext in rows]

    def blind_index(self, kind: BlindKind, value: str) -> bytes:
        """Return 16 bytes that are equal for equal values: the whole number, its last six or last four characters.

        The whole number may be given for every kind; the tail is taken here, so that every caller takes the same.
        """
        tail = _TAIL[kind]
        part = value if tail is None else value[-tail:]
        return self._hmac(f"{kind}\0{part}".encode())[:BLIND_BYTES]

    def blind_many(self, kind: BlindKind, values: Iterable[str]) -> list[bytes]:
        """Return the blind indexes of many values, in their order."""
        return [self.blind_index(kind, value) for value in values]

    def _hmac(self, message: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(message)
        return keyed.digest()
