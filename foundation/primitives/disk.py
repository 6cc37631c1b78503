"""A full disk, told apart from every other error, and refused in words. Pure but for the system's own message."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from foundation.primitives.errors import Conflict


def is_disk_full(error: BaseException) -> bool:
    """Answer whether the disk is full: Python passes the system's number on, DuckDB, Arrow and PostgreSQL its message."""
    return getattr(error, "errno", None) == errno.ENOSPC or os.strerror(errno.ENOSPC) in str(error)


def disk_full() -> Conflict:
    """Return the refusal of what needs more space than there is."""
    return Conflict(
        _("The disk of the server is full; nothing was stored."),
        code="disk_full",
        what_to_do=_("Tell the system administrator, and try again later."),
    )


@contextmanager
def refusing_full_disk() -> Iterator[None]:
    """Turn the error of a full disk into a Conflict; every other error passes."""
    try:
        yield
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise disk_full() from error
