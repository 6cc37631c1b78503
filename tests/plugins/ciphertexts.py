"""Fails every test in which the product encrypts a text for a place that rotate_keys and verify_keys do not know."""

from collections.abc import Iterator

import pytest

from foundation.accounts.second_factor import OFFER_PLACE
from foundation.primitives.ciphertext import Cipher
from operations import backup
from registry.services.keys import list_stores

OF_A_SESSION = {OFFER_PLACE}  # gone within hours; offered again when it can no longer be decrypted
OF_A_BACKUP = {backup.PLACE}  # never changed; its manifest names the keys it needs


@pytest.fixture(autouse=True, scope="session")
def _every_encrypted_place_is_listed() -> Iterator[None]:
    listed = {store.place for store in list_stores()} | OF_A_SESSION | OF_A_BACKUP
    encrypt_bytes = Cipher.encrypt_bytes

    def encrypt_where_listed(self: Cipher, place: str, data: bytes) -> bytes:
        column = place.partition(":")[0]
        assert column in listed, f"{column} is in no app's module `ciphertexts`: its keys would never be turned"
        return encrypt_bytes(self, place, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cipher, "encrypt_bytes", encrypt_where_listed)
        yield
