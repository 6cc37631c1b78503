"""The code an authenticator app shows (RFC 6238): HMAC-SHA1 over the half minute, six digits."""

import base64
import hmac
from datetime import datetime

PERIOD_SECONDS, DIGITS = 30, 6


def totp_code(secret: str, at: datetime) -> str:
    """Return the code of a secret at a moment."""
    counter = int(at.timestamp()) // PERIOD_SECONDS
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"
