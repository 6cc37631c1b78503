"""From which address a request came: the connection's own, or, behind our proxies, the one the first of them saw."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address. Each of TRUSTED_PROXIES proxies appended one to X-Forwarded-For; what stands before theirs anybody can write.

    Named by the setting AXES_CLIENT_IP_CALLABLE.
    """
    own = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return own
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(forwarded) < settings.TRUSTED_PROXIES:
        return own
    return _address(forwarded[-settings.TRUSTED_PROXIES].strip()) or own


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.split("%")[0]))
    except ValueError:
        return None
