"""Browsers in which an account has signed in before, known by a signed cookie: guesses made elsewhere never lock them."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "foundation.accounts.known_browser"
SECONDS_KNOWN = 365 * 24 * 3600
MOST_ACCOUNTS = 5
"""Colleagues who share a browser; the one longest away is forgotten."""


def hash_account(username: str) -> str:
    """Return the keyed hash by which failures of an account are counted; capitals make no difference."""
    return salted_hmac(SALT, username.strip().casefold(), algorithm="sha256").hexdigest()


def known_device(request: HttpRequest, account_hash: str) -> str:
    """Return the name this browser has for the account; empty when the account never signed in in it."""
    return _accounts(request).get(account_hash[:16], "")


def remember_browser(request: HttpRequest, response: HttpResponse, account_hash: str) -> None:
    """Mark the browser as one in which the account has signed in."""
    accounts = _accounts(request)
    device = accounts.pop(account_hash[:16], "") or secrets.token_hex(16)
    kept = dict(list({**accounts, account_hash[:16]: device}.items())[-MOST_ACCOUNTS:])
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps(kept, salt=SALT),
        max_age=SECONDS_KNOWN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _accounts(request: HttpRequest) -> dict[str, str]:
    try:
        stored: Any = signing.loads(
            request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=SECONDS_KNOWN
        )
    except signing.BadSignature:
        return {}
    return dict(stored)
