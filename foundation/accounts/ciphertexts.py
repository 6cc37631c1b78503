"""Where this app stores ciphertexts: the secrets of second factors, inside allauth's JSON.

A secret that is only offered lives in a session for hours at most and is listed nowhere: one that no longer opens is
offered anew (second_factor.py).
"""

from __future__ import annotations

from collections import Counter

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from foundation.accounts.second_factor import PLACE
from foundation.primitives.ciphertext import Cipher, CiphertextError, from_text, key_id_of, to_text
from foundation.primitives.ciphertext_stores import BROKEN_IDS_SHOWN, Rotated, Tell, Verified

BATCH_ROWS = 1_000
MEMBERS = {"totp": "secret", "recovery_codes": "seed"}


class SecondFactorSecrets:
    """One secret a row, in the member of `data` that its type says; bound to the column, since allauth names no row."""

    place = PLACE

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many rows each key closed; a text that is no ciphertext counts for none."""
        found = (_key_id(row) for row in _rows().iterator())
        return dict(sorted(Counter(key_id for key_id in found if key_id is not None).items()))

    def verify(self, cipher: Cipher, tell: Tell | None = None) -> Verified:
        """Open every secret."""
        broken = [row.pk for row in _rows().iterator() if not _opens(cipher, row)]
        return Verified(self.place, self.count_rows_by_key(), len(broken), tuple(broken[:BROKEN_IDS_SHOWN]))

    def rotate(self, cipher: Cipher, tell: Tell | None = None) -> Rotated:
        """Close anew what another key closed, each batch under the row locks that using a code takes too."""
        left = [row.pk for row in _rows().iterator() if _key_id(row) != cipher.current_key]
        done = 0
        for first in range(0, len(left), BATCH_ROWS):
            done += _close_again(cipher, left[first : first + BATCH_ROWS])
            if tell:
                tell(done, len(left))
        return Rotated(self.place, done)


STORES = (SecondFactorSecrets(),)


def _rows() -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(type__in=MEMBERS).order_by("pk")


def _closed(row: Authenticator) -> bytes:
    return from_text(str(row.data.get(MEMBERS[row.type], "")))


def _key_id(row: Authenticator) -> str | None:
    try:
        return key_id_of(_closed(row))
    except CiphertextError:
        return None


def _opens(cipher: Cipher, row: Authenticator) -> bool:
    try:
        cipher.decrypt(PLACE, _closed(row))
    except CiphertextError:
        return False
    return True


@transaction.atomic
def _close_again(cipher: Cipher, ids: list[int]) -> int:
    """Write one batch; a row that is gone meanwhile is left out."""
    rows = list(_rows().filter(pk__in=ids).select_for_update())
    for row in rows:
        row.data[MEMBERS[row.type]] = to_text(cipher.encrypt(PLACE, cipher.decrypt(PLACE, _closed(row))))
    Authenticator.objects.bulk_update(rows, ["data"])
    return len(rows)
