"""The keys of everything that is stored as ciphertext: verify that each row can be decrypted, re-encrypt it with the current key.

Every app lists in its module `ciphertexts` what it stores. Called by the commands verify_keys, rotate_keys, backup and restore.
Texts are in memory for one batch and are never shown.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from foundation.audit.actors import WhoActs
from foundation.audit.services import record_event
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.ciphertext_stores import CiphertextStore, Report, Rotated, Verified
from foundation.primitives.errors import Conflict


def list_stores() -> list[CiphertextStore]:
    """Return every place that stores ciphertexts, the lowest apps first."""
    configs = [config for config in apps.get_app_configs() if module_has_submodule(config.module, "ciphertexts")]
    return [store for config in configs for store in import_module(f"{config.name}.ciphertexts").STORES]


def count_rows_by_key() -> dict[str, int]:
    """Return how many rows of all places each key encrypted."""
    rows: Counter[str] = Counter()
    for store in list_stores():
        rows.update(store.count_rows_by_key())
    return dict(sorted(rows.items()))


def verify_keys(*, actor: WhoActs, report: Report | None = None) -> list[Verified]:
    """Decrypt every ciphertext and compute its blind indexes again.

    Effects: one event in the audit log per place. Cost: 100,000 rows a second, memory of one batch.
    """
    cipher = Cipher(settings.KEYS)
    found = [store.verify(cipher, report) for store in list_stores()]
    for each in found:
        record_event(
            actor=actor,
            verb="verify_keys",
            object_type=each.place,
            detail={"rows_of_key": each.rows_of_key, "broken": each.broken},
        )
    return found


def rotate_keys(*, actor: WhoActs, report: Report | None = None) -> list[Rotated]:
    """Re-encrypt with the current key everything that another key of the ring encrypted; blind indexes remain.

    Effects: rewrites ciphertext and key id, a transaction per batch; a killed rotation continues with the rows that still have
    another key. One event in the audit log per place. Cost: 100,000 rows a second.
    Errors: Conflict when another rotation runs; CiphertextError for a row that cannot be decrypted, the batches before it done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('rotate_keys'))")
        if not cursor.fetchone()[0]:
            raise Conflict(_("Another key rotation is in progress."), what_to_do=_("Wait until it has finished."))
        try:
            return [_rotate_and_record(store, actor, report) for store in list_stores()]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('rotate_keys'))")


def _rotate_and_record(store: CiphertextStore, actor: WhoActs, report: Report | None) -> Rotated:
    before = store.count_rows_by_key()
    rotated = store.rotate(Cipher(settings.KEYS), report)
    if rotated.rows:
        detail = {"rows": rotated.rows, "to_key": settings.KEYS.current_key, "rows_of_key_before": before}
        record_event(actor=actor, verb="rotate_keys", object_type=store.place, detail=detail)
    return rotated
