"""The paths of one installation. One STATE_DIR is one installation; another STATE_DIR is another installation.

Reads STATE_DIR, PORT, DATABASE_URL and REDIS_URL and nothing else; makes no file by itself.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

CHECKOUT = Path(__file__).resolve().parents[1]
LONGEST_SOCKET_BYTES = 107  # the kernel's limit for the path of a unix socket


@dataclass(frozen=True)
class Installation:
    """The folders and files of one STATE_DIR, and the addresses that were given from outside."""

    checkout: Path
    state_dir: Path
    port: int = 8000
    database_url: str = ""  # empty: our own PostgreSQL
    redis_url: str = ""  # empty: our own Valkey

    @property
    def venv(self) -> Path:
        return self.state_dir / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def key_file(self) -> Path:
        return self.state_dir / "keys" / "keys.json"

    @property
    def has_database(self) -> bool:
        """Answer whether our own PostgreSQL has data here."""
        return (self.state_dir / "postgres" / "data").exists()

    @property
    def run_dir(self) -> Path:
        """Locks, stamps and schedules: nothing that cannot be recreated."""
        return self.state_dir / "run"

    @property
    def log_dir(self) -> Path:
        return self.state_dir / "logs"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def from_environment(environ: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT) -> Installation:
    """Read the installation from the environment. Errors: LauncherError for a PORT that is none."""
    port = environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise LauncherError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return Installation(
        checkout=checkout,
        state_dir=Path(environ.get("STATE_DIR") or checkout / "var").expanduser().resolve(),
        port=int(port),
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
    )


def make_folders(installation: Installation) -> None:
    """Make the folders every command needs; those with secrets, logs or people's data only for their owner."""
    installation.state_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    for name in ("keys", "run", "logs", "data"):
        folder = installation.state_dir / name
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # also where the mode was changed meanwhile
    if not os.access(installation.run_dir, os.W_OK):
        raise PermissionError(13, "Permission denied", str(installation.run_dir))


def socket_folder(natural: Path, longest_name: str) -> Path:
    """Return the folder for a socket: the natural one, or a short one in the temporary folder if the path is too long.

    The short one carries a hash of the natural path, so that two installations never share one.
    """
    if len(os.fsencode(natural / longest_name)) <= LONGEST_SOCKET_BYTES:
        return natural
    digest = hashlib.sha256(os.fsencode(natural)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"pension-{digest}"


def make_private_folder(folder: Path, owner: int) -> None:
    """Make a 0700 folder of that owner. Errors: LauncherError if somebody else made it first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {owner, os.geteuid()}:
        raise LauncherError(f"{folder} belongs to another user; remove it or set TMPDIR to a folder of your own.")
    if found.st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
