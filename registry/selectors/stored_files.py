"""Files as departments sent them and papers of persons, decrypted in memory. Stored by services/originals.py."""

from __future__ import annotations

from django.conf import settings

from foundation.primitives.encrypted_files import decrypt_file
from registry.models import Delivery
from registry.selectors.numbers import cipher

ORIGINALS, ATTACHMENTS = "deliveries", "attachments"
"""The folders under DATA_DIR."""


def read_stored_file(place: str, digest: str, stored_path: str) -> bytes:
    """Return the content of a stored file. Errors: CiphertextError, FileNotFoundError."""
    return decrypt_file(cipher(), f"{place}:{digest}", settings.DATA_DIR / stored_path)


def read_original(delivery: Delivery) -> bytes:
    """Return a delivery's file as it came. Errors: CiphertextError, FileNotFoundError."""
    return read_stored_file(ORIGINALS, delivery.file_sha256, delivery.stored_path)


def is_stored(delivery: Delivery) -> bool:
    """Answer whether a delivery's file is still there."""
    return (settings.DATA_DIR / delivery.stored_path).is_file()
