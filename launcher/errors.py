"""One error class for everything a person at the terminal must read, and plain words for the system's own errors."""

import errno
from pathlib import Path


class LauncherError(RuntimeError):
    """A sentence that says what is wrong and what to do; printed alone, without a traceback."""


def explain(error: OSError, state_dir: Path) -> str:
    """Say in one sentence what the operating system refused."""
    place = error.filename or state_dir
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {state_dir} is full; free some space and start again, nothing is lost."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{place} cannot be written; give this user the right to it, or name another folder with STATE_DIR=..."
    return f"{place}: {error.strerror or error}."
