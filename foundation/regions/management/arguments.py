"""Arguments of the commands of several apps: the county they work for."""

from __future__ import annotations

from django.core.management.base import CommandError

from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from foundation.regions.selectors import get_county


def read_county(code: str) -> Unit:
    """Return the county of a six-digit code. Errors: CommandError."""
    try:
        return get_county(code=code)
    except NotFound as error:
        raise CommandError(str(error)) from error
