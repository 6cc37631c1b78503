"""Which account PostgreSQL runs under. It refuses root, so root lends it to `postgres` or `nobody`; others run it themselves."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

LENT_TO = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account of this machine by number."""

    name: str
    user_id: int
    group_id: int


def database_account() -> Account | None:
    """Return the account to lend PostgreSQL to, or None when this user is not root and runs it alone."""
    if os.geteuid() != 0:
        return None
    for name in LENT_TO:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LauncherError("PostgreSQL must not run as root and there is no account postgres or nobody to lend it to.")


def current_name() -> str:
    """Return the name of the account this process runs under. Errors: LauncherError when the machine has none for it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise LauncherError(
            f"User number {os.geteuid()} has no name on this machine, which PostgreSQL needs; use DATABASE_URL instead."
        ) from None


def can_reach(account: Account, folder: Path) -> bool:
    """Tell whether that account may enter the folder: some parent may be closed to it (0700)."""
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
