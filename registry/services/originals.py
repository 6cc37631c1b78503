"""Files as departments sent them and papers of persons: kept as ciphertext under DATA_DIR, named by the hash of what they hold.

The only module that writes or opens them. A problem's original line, a second reading and a proof all come from here.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from pathlib import Path

from django.conf import settings

from foundation.primitives.ciphertext import Cipher, CiphertextError
from foundation.primitives.ciphertext_stores import BROKEN_IDS_SHOWN, Rotated, Tell, Verified
from foundation.primitives.encrypted_files import decrypt_file, encrypt_file, key_id_of_file
from foundation.regions.models import Unit
from registry.models import Attachment, Delivery
from registry.services.numbers import cipher

PLACE, ATTACHMENTS = "deliveries", "attachments"


def keep_file(source: Path, county: Unit, place: str) -> tuple[str, str]:
    """Keep a file under a place; return the hash of its content and its path below DATA_DIR.

    Effects: one closed file, written once for the same content. Safe to run again.
    """
    with source.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    stored = Path(place) / county.code[:6] / digest[:2] / digest
    target = settings.DATA_DIR / stored
    if not target.exists():
        with source.open("rb") as opened:
            encrypt_file(cipher(), f"{place}:{digest}", opened, target)
    return digest, str(stored)


def open_kept(place: str, digest: str, stored_path: str) -> bytes:
    """Return what a kept file holds. Errors: CiphertextError, FileNotFoundError."""
    return decrypt_file(cipher(), f"{place}:{digest}", settings.DATA_DIR / stored_path)


def keep_original(source: Path, county: Unit) -> tuple[str, str]:
    """Keep a delivered file; return its hash and its path below DATA_DIR."""
    return keep_file(source, county, PLACE)


def open_original(delivery: Delivery) -> bytes:
    """Return a delivery's file as it came. Errors: CiphertextError, FileNotFoundError."""
    return open_kept(PLACE, delivery.file_sha256, delivery.stored_path)


class KeptFiles:
    """The files kept at one place as a store of ciphertexts, for verify_keys and rotate_keys."""

    place: str
    rows: type[Delivery] | type[Attachment]

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many files each key closed, by their first bytes."""
        return dict(sorted(Counter(key_id_of_file(path) for path in self._paths()).items()))

    def verify(self, cipher: Cipher, tell: Tell | None = None) -> Verified:
        """Open every file, and compare what it holds with its name."""
        paths, broken = self._paths(), []
        for done, path in enumerate(paths, 1):
            if not self._holds_its_name(cipher, path):
                broken.append(path.name)
            if tell:
                tell(done, len(paths))
        rows = self.rows._default_manager.filter(file_sha256__in=broken)  # noqa: SLF001
        ids = tuple(rows.values_list("pk", flat=True)[:BROKEN_IDS_SHOWN])
        return Verified(self.place, self.count_rows_by_key(), len(broken), ids)

    def rotate(self, cipher: Cipher, tell: Tell | None = None) -> Rotated:
        """Close anew what another key closed, a file at a time; a killed rotation goes on with the files left."""
        left = [path for path in self._paths() if key_id_of_file(path) != cipher.current_key]
        for done, path in enumerate(left, 1):
            place = f"{self.place}:{path.name}"
            encrypt_file(cipher, place, io.BytesIO(decrypt_file(cipher, place, path)), path)
            if tell:
                tell(done, len(left))
        return Rotated(self.place, len(left))

    def _paths(self) -> list[Path]:
        return sorted(path for path in (settings.DATA_DIR / self.place).glob("*/*/*") if not path.suffix)

    def _holds_its_name(self, cipher: Cipher, path: Path) -> bool:
        try:
            return hashlib.sha256(decrypt_file(cipher, f"{self.place}:{path.name}", path)).hexdigest() == path.name
        except CiphertextError:
            return False


class Originals(KeptFiles):
    """The files as departments sent them."""

    place, rows = PLACE, Delivery


class KeptAttachments(KeptFiles):
    """The papers attached to persons."""

    place, rows = ATTACHMENTS, Attachment
