"""An installation of its own that torture commands damage: one ./run in a scratch folder, its processes, what they must keep."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2

CHECKOUT = Path(__file__).resolve().parents[1]
UP_SECONDS = 120  # the supervisor waits up to 30 s before it starts again what keeps dying
GONE_SECONDS = 25
KINDS = (
    "launcher",
    "guard",
    "web master",
    "web worker",
    "worker",
    "worker child",
    "beat",
    "postmaster",
    "backend",
    "valkey",
)
CURRENT_CODES = """
SELECT md5(string_agg(person_id || ' ' || verdict, ',' ORDER BY person_id)), count(*), count(DISTINCT person_id)
FROM coverage_coverageverdict WHERE superseded_at IS NULL
"""
OPEN_NIGHTS = "SELECT count(*) FROM nightly_nightrun WHERE state IN ('waiting', 'running')"
REQUEST_NIGHT = """
from datetime import date
from foundation.accounts.actors import system_actor
from nightly.services import request_night
from nightly.tasks import run_night_task
from foundation.jobs.waking import wake
from foundation.regions.selectors import get_unit
county = get_unit(code="320682")
wake(run_night_task, request_night(actor=system_actor(county), county=county, as_of=date(2018, 12, 31)).pk)
"""


class Lost(Exception):
    """A guarantee did not hold."""


@dataclass(frozen=True)
class Process:
    """A process by number and start, so that a number used again is not mistaken."""

    number: int
    started: str
    parent: int
    command: str

    def is_alive(self) -> bool:
        now = read_process(self.number)
        return now is not None and now.started == self.started


def read_process(number: int) -> Process | None:
    """Read one process from /proc; None when it has ended, a zombie counts as ended."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        command = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if stat[0] in "ZX" else Process(number, stat[19], int(stat[1]), command)


def tree_of(root: int) -> list[Process]:
    """Return a process and all that descend from it."""
    found = filter(None, (read_process(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdigit()))
    everyone = {process.number: process for process in found}
    tree, grown = {root}, True
    while grown:
        more = {process.number for process in everyone.values() if process.parent in tree} - tree
        grown = bool(more)
        tree |= more
    return [everyone[number] for number in sorted(tree) if number in everyone]


def kind_of(process: Process, tree: dict[int, Process], root: int) -> str:
    """Name a process of the tree by one of KINDS, or "" for what has no name of its own."""
    command = process.command
    below = process.parent in tree and tree[process.parent].command == command  # forked by its master
    if process.number == root:
        return "launcher"
    if command.endswith("launcher/guard.py"):
        return "guard"
    if "gunicorn" in command:
        return "web worker" if below else "web master"
    if "celery" in command and " beat " in command:
        return "beat"
    if "celery" in command:
        return "worker child" if below else "worker"
    if "/postgres -D" in command:
        return "postmaster"
    if command.startswith("postgres: poverty_pension"):
        return "backend"
    return "valkey" if "valkey-server" in command else ""


class Installation:
    """One ./run in a scratch folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment |= {"STATE_DIR": str(folder), "PORT": str(self.port)}
        self.launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "launcher_output.log").open("ab") as output:
            self.launcher = subprocess.Popen(
                [CHECKOUT / "run"], env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def stop(self) -> None:
        """Stop it and wait until every process of it is gone. Errors: Lost when one stays."""
        if self.launcher and self.launcher.poll() is None:
            left = tree_of(self.root)
            self.launcher.terminate()
            self.launcher.wait(timeout=60)
            wait_for("the last stop", lambda: not any(map(Process.is_alive, left)), GONE_SECONDS)

    @property
    def root(self) -> int:
        assert self.launcher
        return self.launcher.pid

    def by_kind(self) -> dict[str, list[Process]]:
        tree = {process.number: process for process in tree_of(self.root)}
        found: dict[str, list[Process]] = {}
        for process in tree.values():
            found.setdefault(kind_of(process, tree, self.root), []).append(process)
        return found

    def note(self) -> dict[str, str]:
        with suppress(FileNotFoundError, ValueError):
            return dict(json.loads((self.folder / "run" / "launcher.json").read_text("utf-8")))
        return {}

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/account/login/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def is_up(self) -> bool:
        """Every kind of process is there, a page answers, and the database takes a session."""
        if self.launcher is None or self.launcher.poll() is not None:
            raise Lost(f"./run ended by itself:\n{self.last_output()}")
        if not self.note().get("owner_url") or set(KINDS) - {"backend"} - set(self.by_kind()) or not self.answers():
            return False
        with suppress(psycopg2.Error):
            self.ask("SELECT 1")
            return True
        return False

    def ask(self, question: str) -> tuple[object, ...]:
        session = psycopg2.connect(self.note()["owner_url"])
        try:
            with session, session.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchone() if cursor.description else ()
        finally:
            session.close()

    def request_night(self) -> None:
        """Request a night as a page does; failure while the servers are being killed is not an error."""
        note = self.note()
        command_environment = self.environment | {
            "DATABASE_URL": note["database_url"],
            "REDIS_URL": note["redis_url"],
            "KEY_FILE": str(self.folder / "keys" / "keys.json"),
        }
        command = [self.folder / "venv" / "bin" / "python", CHECKOUT / "manage.py", "shell", "-v0", "-c", REQUEST_NIGHT]
        with (self.folder / "requests.log").open("ab") as log:
            subprocess.run(command, env=command_environment, stdout=log, stderr=log, check=False)

    def last_output(self) -> str:
        return "\n".join((self.folder / "launcher_output.log").read_text("utf-8", "replace").splitlines()[-15:])


def wait_for(what: str, done: Callable[[], bool], seconds: float) -> float:
    """Wait until done and return the seconds it took. Errors: Lost when it takes longer."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            raise Lost(f"{what} took more than {seconds:g} s")
        time.sleep(0.1)
    return time.monotonic() - began


def run_on_installation(work: Callable[[Installation], int]) -> int:
    """Do the work on a new installation, stop it, and keep its logs where something was bad; return the exit code.

    `work` returns how much was bad, or raises Lost.
    """
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    (folder / "venv").symlink_to(sys.prefix)  # the environment is not under test
    installation = Installation(folder)
    try:
        bad = work(installation)
    except Lost as lost:
        print(f"WRONG: {lost}\n{installation.last_output()}", file=sys.stderr)
        bad = 1
    finally:
        installation.stop()
    if bad:
        print(f"Its logs are kept in {folder}/logs.")
        return 1
    shutil.rmtree((folder / "postgres").resolve())
    shutil.rmtree(folder)
    return 0
