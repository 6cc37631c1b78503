"""What is stored of a second factor: the secret of an authenticator app, the seed of the recovery codes, both encrypted."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings

from foundation.accounts.models import User
from foundation.primitives.ciphertext import Cipher, from_text, to_text

PLACE = "mfa_authenticator.data"
LAST_COUNTER = "last_counter"
"""In the data of an authenticator: the half minute of the last code used."""
SECRET_BYTES = 20
"""As many as RFC 4226 recommends."""


def totp_authenticator(user: User, secret: str) -> Authenticator:
    """Return the authenticator of a secret, not saved; encrypted as it is stored."""
    return Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt_text(PLACE, secret)})


def recovery_authenticator(user: User) -> Authenticator:
    """Return the authenticator of ten new recovery codes, not saved."""
    seed = secrets.token_hex(2 * SECRET_BYTES)
    return Authenticator(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": encrypt_text(PLACE, seed), "used_mask": 0}
    )


def encrypt_text(place: str, text: str) -> str:
    """Encrypt a text for a text column."""
    return to_text(Cipher(settings.KEYS).encrypt(place, text))


def decrypt_text(place: str, ciphertext: str) -> str:
    """Decrypt what encrypt_text returned."""
    return Cipher(settings.KEYS).decrypt(place, from_text(ciphertext))
