"""`./run torture launcher [--kills N] [--seed S] [--minutes M]`: kill -9 any process at any moment; nothing may be lost.

An installation of its own in a scratch folder serves the demo county while a small writer commits rows and nights run.
After each kill: everything comes up again, every row whose commit succeeded is there once, and after the death
of the launcher no process is left. One line a kill; exit code 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

CHECKOUT = Path(__file__).resolve().parents[1]
UP_SECONDS = 120  # the supervisor waits up to 30 s before it starts again what keeps dying
GONE_SECONDS = 25
NIGHT_EVERY = 4
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
TABLE = "torture_line"
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


@dataclass
class Writer:
    """Commits a row every few milliseconds and counts the commits that succeeded."""

    installation: Installation
    committed: int = 0
    troubles: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        session = None
        while not self.ended.is_set():
            try:
                session = session or psycopg2.connect(self.installation.note()["owner_url"])
                self._write(session)
            except (psycopg2.Error, KeyError):
                session = None
                self.troubles += 1
                self.ended.wait(0.1)
            self.ended.wait(0.005)

    def _write(self, session: psycopg2.extensions.connection) -> None:
        """Write the next row unless it is there: a commit whose answer was lost is looked up, not repeated."""
        number = self.committed + 1
        with session, session.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} SELECT %s, %s WHERE NOT EXISTS (SELECT FROM {TABLE} WHERE number = %s)",
                [number, content(number), number],
            )
        self.committed = number


def content(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def wait_for(what: str, done: Callable[[], bool], seconds: float) -> float:
    """Wait until done and return the seconds it took. Errors: Lost when it takes longer."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > seconds:
            raise Lost(f"{what} took more than {seconds:g} s")
        time.sleep(0.1)
    return time.monotonic() - began


def check_rows(installation: Installation, writer: Writer) -> int:
    """Every committed row is there once with its content; at most the one under way is there too. Return the rows."""
    committed = writer.committed
    rows, distinct, last, right = installation.ask(
        f"SELECT count(*), count(DISTINCT number), coalesce(max(number), 0),"
        f" count(*) FILTER (WHERE content = encode(sha256(number::text::bytea), 'hex')) FROM {TABLE}"
    )
    if not (rows == distinct == last == right) or int(str(rows)) < committed:
        raise Lost(f"rows {rows}, distinct {distinct}, last {last}, right {right}, committed {committed}")
    return int(str(rows))


def check_people(installation: Installation, before: tuple[object, ...]) -> None:
    """The nights that ran meanwhile must give the same codes to the same people, each once."""
    after = installation.ask(CURRENT_CODES)
    if after != before or after[1] != after[2]:
        raise Lost(f"verdicts differ: {before} before, {after} after")


def kill_one(installation: Installation, kind: str, dice: random.Random) -> str:
    """Kill one process of a kind (any other when it has none just now) at a random moment; return what was killed."""
    time.sleep(dice.uniform(0, 2))
    processes = installation.by_kind()
    victims = processes.get(kind) or [process for found in processes.values() for process in found]
    victim = dice.choice(victims)
    with suppress(ProcessLookupError):
        os.kill(victim.number, signal.SIGKILL)
    return kind if processes.get(kind) else f"{kind} (none; killed {victim.number})"


def recover(installation: Installation, before: list[Process], dice: random.Random) -> str:
    """Wait until everything is up; a killed launcher must first leave nothing behind, then is started again.

    One restart in three is itself killed while it starts.
    """
    assert installation.launcher
    time.sleep(0.3)
    if installation.launcher.poll() is None:
        return f"again after {wait_for('coming up again', installation.is_up, UP_SECONDS):.1f} s"
    gone = wait_for("the end of all processes", lambda: not any(map(Process.is_alive, before)), GONE_SECONDS)
    installation.start()
    words = f"nothing left after {gone:.1f} s"
    if dice.random() < 0.33:
        time.sleep(dice.uniform(0.1, 3))
        started = tree_of(installation.root)
        installation.launcher.kill()
        installation.launcher.wait()
        wait_for("the end of a half-started run", lambda: not any(map(Process.is_alive, started)), GONE_SECONDS)
        installation.start()
        words += ", killed while it came up"
    return f"{words}, up after {wait_for('coming up', installation.is_up, UP_SECONDS):.1f} s"


def torture(installation: Installation, options: argparse.Namespace) -> int:
    """Do the kills and return how many ended badly."""
    dice = random.Random(options.seed)
    installation.start()
    print(f"up after {wait_for('the first start', installation.is_up, 600):.0f} s; seed {options.seed}", flush=True)
    wait_for(
        "the demo county",
        lambda: installation.ask(OPEN_NIGHTS) == (0,) and bool(installation.ask(CURRENT_CODES)[0]),
        300,
    )
    installation.ask(f"CREATE TABLE {TABLE} (number bigint, content text); CREATE INDEX ON {TABLE} (number)")
    codes_before = installation.ask(CURRENT_CODES)
    writer = Writer(installation)
    thread = threading.Thread(target=writer.run, daemon=True)
    thread.start()
    bad, killed, deadline = 0, Counter[str](), time.monotonic() + options.minutes * 60
    order = [KINDS[i % len(KINDS)] for i in range(options.kills)]
    dice.shuffle(order)
    for number, kind in enumerate(order, 1):
        if time.monotonic() > deadline:
            print(f"{options.minutes:g} minutes are over; {options.kills - number + 1} kills were not done.")
            break
        if number % NIGHT_EVERY == 1:
            installation.request_night()
        before = tree_of(installation.root)
        name = kill_one(installation, kind, dice)
        try:
            words = recover(installation, before, dice)
            rows = check_rows(installation, writer)
            print(f"{number:3d}  {name:14s} {words}; {rows:,} rows, none lost, none twice", flush=True)
        except Lost as lost:
            bad += 1
            print(f"{number:3d}  {name:14s} WRONG: {lost}", flush=True)
        killed[kind] += 1
    writer.ended.set()
    thread.join()
    wait_for("the nights under way", lambda: installation.ask(OPEN_NIGHTS) == (0,), 300)
    check_people(installation, codes_before)
    nights = installation.ask("SELECT count(*), count(*) FILTER (WHERE state = 'done') FROM nightly_nightrun")
    rows = check_rows(installation, writer)
    print(
        f"{sum(killed.values())} kills ({', '.join(f'{n} {kind}' for kind, n in sorted(killed.items()))}), {bad} ended badly"
    )
    print(f"{rows:,} rows written, all there once; {nights[0]} nights, {nights[1]} done, same verdicts as before")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture launcher", description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    (folder / "venv").symlink_to(sys.prefix)  # the environment is not under test
    installation = Installation(folder)
    try:
        bad = torture(installation, options)
    except Lost as lost:
        print(f"WRONG: {lost}\n{installation.last_output()}", file=sys.stderr)
        bad = 1
    finally:
        if installation.launcher and installation.launcher.poll() is None:
            left = tree_of(installation.root)
            installation.launcher.terminate()
            installation.launcher.wait(timeout=60)
            wait_for("the last stop", lambda: not any(map(Process.is_alive, left)), GONE_SECONDS)
    if bad:
        print(f"Its logs are kept in {folder}/logs.")
    else:
        home = (folder / "postgres").resolve()
        shutil.rmtree(home)
        shutil.rmtree(folder)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
