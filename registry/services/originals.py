"""Files as departments sent them and papers of persons: stored encrypted under DATA_DIR, named by the hash of their content.

Read again: selectors/stored_files.py.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from pathlib import Path

from django.conf import settings

from foundation.primitives.ciphertext import Cipher, CiphertextError
from foundation.primitives.ciphertext_stores import BROKEN_IDS_SHOWN, Report, Rotated, Verified
from foundation.primitives.disk import refusing_full_disk
from foundation.primitives.encrypted_files import decrypt_file, encrypt_file, key_id_of_file
from foundation.regions.models import Unit
from registry.models import Attachment, Delivery
from registry.selectors.numbers import cipher
from registry.selectors.stored_files import ATTACHMENTS, ORIGINALS, SAMPLES


def store_file(source: Path, county: Unit, place: str) -> tuple[str, str]:
    """Store a file at a place; return the hash of its content and its path below DATA_DIR.

    Effects: one encrypted file, written once for the same content. Safe to run again. Errors: Conflict when the disk is full.
    """
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    stored = Path(place) / county.code[:6] / digest[:2] / digest
    target = settings.DATA_DIR / stored
    if not target.exists():
        with source.open("rb") as file, refusing_full_disk():
            encrypt_file(cipher(), f"{place}:{digest}", file, target)
    return digest, str(stored)


def store_original(source: Path, county: Unit) -> tuple[str, str]:
    """Store a delivered file; return its hash and its path below DATA_DIR."""
    return store_file(source, county, ORIGINALS)


class StoredFiles:
    """The files stored at one place as a store of ciphertexts, for verify_keys and rotate_keys."""

    place: str
    rows: type[Delivery] | type[Attachment]
    named_by = "file_sha256"

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many files each key encrypted, by their first bytes."""
        return dict(sorted(Counter(key_id_of_file(path) for path in self._paths()).items()))

    def verify(self, cipher: Cipher, report: Report | None = None) -> Verified:
        """Decrypt every file, and compare the hash of its content with its name."""
        paths, broken = self._paths(), []
        for done, path in enumerate(paths, 1):
            if not self._matches_its_name(cipher, path):
                broken.append(path.name)
            if report:
                report(done, len(paths))
        rows = self.rows._default_manager.filter(**{f"{self.named_by}__in": broken})  # noqa: SLF001
        ids = tuple(rows.values_list("pk", flat=True)[:BROKEN_IDS_SHOWN])
        return Verified(self.place, self.count_rows_by_key(), len(broken), ids)

    def rotate(self, cipher: Cipher, report: Report | None = None) -> Rotated:
        """Encrypt again what another key encrypted, a file at a time; a killed rotation continues with the files left."""
        left = [path for path in self._paths() if key_id_of_file(path) != cipher.current_key]
        for done, path in enumerate(left, 1):
            place = f"{self.place}:{path.name}"
            encrypt_file(cipher, place, io.BytesIO(decrypt_file(cipher, place, path)), path)
            if report:
                report(done, len(left))
        return Rotated(self.place, len(left))

    def _paths(self) -> list[Path]:
        return sorted(path for path in (settings.DATA_DIR / self.place).glob("*/*/*") if not path.suffix)

    def _matches_its_name(self, cipher: Cipher, path: Path) -> bool:
        try:
            return hashlib.sha256(decrypt_file(cipher, f"{self.place}:{path.name}", path)).hexdigest() == path.name
        except CiphertextError:
            return False


class Originals(StoredFiles):
    """The files as departments sent them."""

    place, rows = ORIGINALS, Delivery


class Samples(StoredFiles):
    """The first lines of files whose columns or words a user must state, named by the delivery (services/samples.py)."""

    place, rows, named_by = SAMPLES, Delivery, "pk"

    def _matches_its_name(self, cipher: Cipher, path: Path) -> bool:
        """A sample is bound to its delivery by the place it is encrypted for."""
        try:
            decrypt_file(cipher, f"{self.place}:{path.name}", path)
        except CiphertextError:
            return False
        return True


class StoredAttachments(StoredFiles):
    """The papers attached to persons."""

    place, rows = ATTACHMENTS, Attachment
