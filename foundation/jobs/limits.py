"""What one piece of work in a worker may take, memory and time; beyond it the work ends with a sentence, and the worker goes on.

Memory is limited in each child of the worker, so that a runaway file meets its own limit before the machine's, which PostgreSQL
shares. Of time Celery keeps two limits: the first is raised in the work, the second ends a child that does not hear it.
"""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path

import duckdb
from celery.exceptions import SoftTimeLimitExceeded

from foundation.primitives.disk import is_disk_full

SHARE_OF_MACHINE = 0.45
"""Two children work at once, and PostgreSQL beside them."""
LEAST_BYTES = 3 << 30
"""Arrow and DuckDB reserve 1.3 GB of addresses before their first row; the limit counts what is reserved."""
_CONTAINERS = Path("/sys/fs/cgroup/memory.max")


def default_most_bytes() -> int:
    """Return what a child of the worker may allocate where nobody says otherwise: a share of the machine's or the container's memory."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # not in a container, or one without a limit
        whole = min(whole, int(_CONTAINERS.read_text("ascii")))
    return max(LEAST_BYTES, int(whole * SHARE_OF_MACHINE))


def limit_memory(most_bytes: int) -> None:
    """Limit what this process may allocate: beyond it an allocation fails, in Python, Arrow and DuckDB alike."""
    _least, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    most = most_bytes if hardest == resource.RLIM_INFINITY else min(most_bytes, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hardest))


def limited_bytes() -> int | None:
    """Return the limit this process has; None where it has none."""
    most = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return None if most == resource.RLIM_INFINITY else most


def is_limit(error: BaseException) -> bool:
    """Answer whether work ended at a limit: it would end there again."""
    return failure_code(error) in {"too_much_memory", "too_long"}


def failure_code(error: BaseException) -> str:
    """Return the code of the sentence for what ended a piece of work."""
    if isinstance(error, (MemoryError, duckdb.OutOfMemoryException)):
        return "too_much_memory"
    if isinstance(error, SoftTimeLimitExceeded):
        return "too_long"
    return "disk_full" if is_disk_full(error) else "unforeseen"
