"""The account PostgreSQL runs under: it refuses root, so root runs it as `postgres` or `nobody`; others run it as themselves."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

SERVER_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account of this machine by number."""

    name: str
    user_id: int
    group_id: int


def database_account() -> Account | None:
    """Return the account to run PostgreSQL as, or None when this user is not root and runs it as itself."""
    if os.geteuid() != 0:
        return None
    for name in SERVER_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LauncherError("PostgreSQL must not run as root and there is no account postgres or nobody to run it as.")


def current_name() -> str:
    """Return the name of the account this process runs under. Errors: LauncherError when the machine has none for it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise LauncherError(
            f"User number {os.geteuid()} has no name on this machine, which PostgreSQL needs; use DATABASE_URL instead."
        ) from None


def can_reach(account: Account, folder: Path) -> bool:
    """Answer whether that account may enter the folder: a parent may deny it access (0700)."""
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        user=account.user_id,
        group=account.group_id,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return probe.returncode == 0
