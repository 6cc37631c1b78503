"""The original files are verified, and re-encrypted with the numbers, a file at a time."""

from dataclasses import replace

import pytest

from foundation.primitives.ciphertext import Cipher
from foundation.primitives.encrypted_files import key_id_of_file
from registry.models import Delivery
from registry.selectors.numbers import cipher
from registry.selectors.stored_files import read_original
from registry.services.originals import Originals
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(take_in, tmp_path) -> Delivery:
    return take_in(senders.poverty(tmp_path / "12.xlsx", [{"name": "张三", "number": make_number("19500305", 1)}]))


def test_files_are_re_encrypted_and_decrypted_without_the_old_key(kept, settings):
    before, ring = read_original(kept), settings.KEYS
    both = replace(ring, data_keys=ring.data_keys | {"k2": b"2" * 32}, current_key="k2")
    assert Originals().rotate(Cipher(both)).rows == 1
    assert Originals().rotate(Cipher(both)).rows == 0
    assert Originals().count_rows_by_key() == {"k2": 1}
    settings.KEYS = replace(both, data_keys={"k2": b"2" * 32})
    cipher.cache_clear()
    assert read_original(kept) == before
    cipher.cache_clear()


def test_a_damaged_file_is_named_by_its_delivery(kept, settings):
    whole = Originals().verify(Cipher(settings.KEYS))
    assert (whole.broken, whole.broken_ids) == (0, ())
    path = settings.DATA_DIR / kept.stored_path
    path.write_bytes(path.read_bytes()[:-1])
    cut = Originals().verify(Cipher(settings.KEYS))
    assert (cut.broken, cut.broken_ids) == (1, (kept.pk,))
    assert key_id_of_file(path) == settings.KEYS.current_key
