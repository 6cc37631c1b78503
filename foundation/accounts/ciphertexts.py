"""Where this app stores ciphertexts: the secrets of second factors, inside allauth's JSON.

A secret that is only offered is in a session for hours at most and is not listed here: one that can no longer be decrypted is
replaced by a new offer (second_factor.py).
"""

from __future__ import annotations

from collections import Counter

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from foundation.accounts.authenticators import PLACE
from foundation.primitives.ciphertext import Cipher, CiphertextError, from_text, key_id_of, to_text
from foundation.primitives.ciphertext_stores import BROKEN_IDS_SHOWN, Report, Rotated, Verified

BATCH_ROWS = 1_000
MEMBERS = {"totp": "secret", "recovery_codes": "seed"}


class SecondFactorSecrets:
    """One secret a row, in the member of `data` for its type; bound to the column, since allauth names no row."""

    place = PLACE

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many rows each key encrypted; a text that is no ciphertext is not counted."""
        found = (_key_id(row) for row in _rows().iterator())
        return dict(sorted(Counter(key_id for key_id in found if key_id is not None).items()))

    def verify(self, cipher: Cipher, report: Report | None = None) -> Verified:
        """Decrypt every secret."""
        broken = [row.pk for row in _rows().iterator() if not _is_readable(cipher, row)]
        return Verified(self.place, self.count_rows_by_key(), len(broken), tuple(broken[:BROKEN_IDS_SHOWN]))

    def rotate(self, cipher: Cipher, report: Report | None = None) -> Rotated:
        """Encrypt again what another key encrypted, each batch under the row locks that using a code takes too."""
        left = [row.pk for row in _rows().iterator() if _key_id(row) != cipher.current_key]
        done = 0
        for first in range(0, len(left), BATCH_ROWS):
            done += _reencrypt(cipher, left[first : first + BATCH_ROWS])
            if report:
                report(done, len(left))
        return Rotated(self.place, done)


STORES = (SecondFactorSecrets(),)


def _rows() -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(type__in=MEMBERS).order_by("pk")


def _ciphertext(row: Authenticator) -> bytes:
    return from_text(str(row.data.get(MEMBERS[row.type], "")))


def _key_id(row: Authenticator) -> str | None:
    try:
        return key_id_of(_ciphertext(row))
    except CiphertextError:
        return None


def _is_readable(cipher: Cipher, row: Authenticator) -> bool:
    try:
        cipher.decrypt(PLACE, _ciphertext(row))
    except CiphertextError:
        return False
    return True


@transaction.atomic
def _reencrypt(cipher: Cipher, ids: list[int]) -> int:
    """Write one batch; a row deleted in the meantime is left out."""
    rows = list(_rows().filter(pk__in=ids).select_for_update())
    for row in rows:
        row.data[MEMBERS[row.type]] = to_text(cipher.encrypt(PLACE, cipher.decrypt(PLACE, _ciphertext(row))))
    Authenticator.objects.bulk_update(rows, ["data"])
    return len(rows)
