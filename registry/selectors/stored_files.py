"""Files as departments sent them and papers of persons, decrypted in memory. Stored by services/originals.py."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.primitives.ciphertext import CiphertextError
from foundation.primitives.encrypted_files import decrypt_file
from foundation.primitives.errors import Conflict
from registry.models import Delivery
from registry.selectors.numbers import cipher

ORIGINALS, ATTACHMENTS, SAMPLES = "deliveries", "attachments", "samples"
"""The folders under DATA_DIR."""


def read_stored_file(place: str, digest: str, stored_path: str) -> bytes:
    """Return the content of a stored file. Errors: Conflict when it is gone, was changed, or its key is not in the ring."""
    try:
        return decrypt_file(cipher(), f"{place}:{digest}", settings.DATA_DIR / stored_path)
    except (CiphertextError, OSError) as error:
        raise Conflict(
            _("The stored file cannot be read: it is missing or damaged on this server."),
            code="stored_file",
            what_to_do=_("Send the file again, or ask the system administrator to restore it from the backup."),
        ) from error


def read_original(delivery: Delivery) -> bytes:
    """Return a delivery's file as it came. Errors: Conflict, as read_stored_file."""
    return read_stored_file(ORIGINALS, delivery.file_sha256, delivery.stored_path)


def is_stored(delivery: Delivery) -> bool:
    """Answer whether a delivery's file is still there."""
    return (settings.DATA_DIR / delivery.stored_path).is_file()
