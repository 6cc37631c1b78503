"""One launcher per STATE_DIR, and how other commands find its servers.

`launcher.lock` is held by whoever started the servers; `users.lock` is shared by commands that use them, so that a
passing owner (./run manage) waits for the others before it stops them. Locks end with their process, however it ends.
"""

import fcntl
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from launcher.errors import LauncherError

WAIT_SECONDS = 180


@dataclass(frozen=True)
class Holder:
    """The process that holds the installation, its command, and the addresses of its servers once they are ready."""

    process_id: int
    command: str
    url: str = ""
    database_url: str = ""
    redis_url: str = ""
    owner_url: str = ""
    reader_url: str = ""
    programs: str = ""  # folder of psql and pg_dump


UNKNOWN_HOLDER = Holder(0, "")


class LauncherLock:
    """The lock of one STATE_DIR with the record of its holder."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / "launcher.lock"
        self._note = run_dir / "launcher.json"
        self._users = run_dir / "users.lock"
        self._held: IO[str] | None = None

    def take(self, holder: Holder) -> bool:
        """Take the lock and record the holder; False when another process has it."""
        file = self._path.open("a")
        if not _try_lock(file, fcntl.LOCK_EX, attempts=5):  # another command may be asking is_held() just now
            file.close()
            return False
        self._held = file
        self.record(holder)
        return True

    def record(self, holder: Holder) -> None:
        """Replace the record atomically."""
        draft = self._note.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(holder)), "utf-8")
        draft.replace(self._note)

    def release(self) -> None:
        self._note.unlink(missing_ok=True)
        if self._held:
            self._held.close()
            self._held = None

    def is_held(self) -> bool:
        """Answer whether another process holds the lock now."""
        with self._path.open("a") as file:
            return not _try_lock(file, fcntl.LOCK_SH, attempts=1)

    def holder(self) -> Holder | None:
        """Return the record of the process that holds the lock, None when there is none.

        A record left by a killed launcher is not that of the new holder, which is about to write its own: until then
        the holder is unknown and has no servers.
        """
        if not self.is_held():
            return None
        try:
            note = Holder(**json.loads(self._note.read_text("utf-8")))
        except FileNotFoundError:
            return UNKNOWN_HOLDER
        return note if Path("/proc", str(note.process_id)).exists() else UNKNOWN_HOLDER

    def wait_for_servers(self) -> Holder | None:
        """Return the holder once its servers are ready, None when it ended meanwhile. Errors: LauncherError after minutes."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            holder = self.holder()
            if holder is None or holder.database_url:
                return holder
            time.sleep(0.2)
        raise LauncherError("The running ./run did not get its servers ready; see the files in logs.")

    def join_users(self) -> IO[str]:
        """Register as a user of the servers until the returned file is closed."""
        file = self._users.open("a")
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def wait_for_users(self) -> IO[str]:
        """Wait until no other command uses the servers, and keep new ones waiting until the file is closed."""
        file = self._users.open("a")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file


def _try_lock(file: IO[str], kind: int, *, attempts: int) -> bool:
    for attempt in range(attempts):
        if attempt:
            time.sleep(0.03)
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return True
    return False
