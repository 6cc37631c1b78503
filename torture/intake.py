"""`./run torture intake [--kills N] [--seed S] [--months M]`: kill -9 while files are received; each is applied completely or not at all.

Two installations of their own take the same generated months: one is left undisturbed; in the other, worker, web server and
database are killed at random moments while files are sent by page (with and without preview) and by command. Nothing
intervenes afterwards but the sweeper. In the end both hold the same number of rows in every table, for every file the same. One line
a kill; exit code 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import psycopg2

from demo.county import make_county
from torture._installation import (
    CHECKOUT,
    CURRENT_CODES,
    OPEN_NIGHTS,
    UP_SECONDS,
    Installation,
    Lost,
    wait_for,
)
from torture._page import Page

KINDS = ("worker", "worker child", "web master", "web worker", "postmaster", "backend")
COUNTY, POOR, ROLL = "320682", 5_000, 100_000
PERSON_FILES = ("建档立卡", "城乡低保", "特困供养")
SETTLED_SECONDS = 600
WAYS = ("page", "command", "page with preview")
IGNORED_TABLES = (
    "django_",
    "axes_",
    "audit_",
    "accounts_",
    "nightly_",
    "casework_",
    "coverage_",
    "registry_upload",
    "registry_reading",
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
STATE_OF = "SELECT id, state, approved_at IS NOT NULL FROM registry_delivery WHERE file_name = '{name}' AND as_of_date = '{day}'"
WAITING = """
    SELECT count(*) FROM registry_delivery
    WHERE state = 'received' OR state = 'checked' AND approved_at IS NOT NULL
"""
ANY_PERSONS = "UPDATE policy_parametervalue SET value = '1' WHERE name IN ('delivery_loss_share', 'delivery_new_share')"
"""Each generated month names other people: a second person for every file is not what is tried here."""
WHOLE = """
    SELECT d.file_name, d.as_of_date::text, d.state, d.row_counts::text, s.row_count,
        (SELECT count(*) FROM registry_deliveredrow r WHERE r.delivery_id = d.id),
        (SELECT count(*) FROM registry_deliveryproblem p WHERE p.delivery_id = d.id),
        (SELECT count(*) FROM registry_fact f WHERE f.delivery_id = d.id),
        (SELECT count(*) FROM audit_auditevent e WHERE e.verb = 'delivery_applied' AND e.object_id = d.id::text)
    FROM registry_delivery d LEFT JOIN registry_rollsnapshot s ON s.delivery_id = d.id ORDER BY d.as_of_date, d.file_name
"""


@dataclass(frozen=True)
class Sent:
    """A file, the day it describes, and how it is sent."""

    path: Path
    day: str
    way: str


@dataclass
class Sender:
    """Sends the files in order; a month's lists of the poor one after another, the rest of the month together."""

    installation: Installation
    files: list[Sent]
    leave: threading.Semaphore
    sent: int = 0
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        page = Page(self.installation.port)
        try:
            for file in self.files:
                self.leave.acquire()
                self._send(page, file)
                self.sent += 1
                if file.path.name.startswith(PERSON_FILES):
                    self._wait_until_settled(page, file)
            for file in self.files:
                self._wait_until_settled(page, file)
        except (Lost, TimeoutError, psycopg2.Error) as trouble:
            self.wrong.append(str(trouble))

    def _send(self, page: Page, file: Sent) -> None:
        if file.way == "command":
            wait_for(f"receiving {file.path.name}", lambda: self._received_by_command(file), SETTLED_SECONDS)
        else:
            page.send_file(file.path, file.day, at_once=file.way == "page")

    def _received_by_command(self, file: Sent) -> bool:
        """Run the command; an interruption is not an error as long as the file is registered."""
        with (self.installation.folder / "requests.log").open("ab") as log:
            arguments = ["receive", file.path, "--county", COUNTY, "--as-of", file.day]
            with suppress(KeyError, FileNotFoundError):
                subprocess.run(
                    manage(self.installation, arguments),
                    env=command_environment(self.installation),
                    stdout=log,
                    stderr=log,
                )
        return self._state(file) is not None

    def _wait_until_settled(self, page: Page, file: Sent) -> None:
        """Wait until the file is settled; approve it where it waits for approval. Nothing else is done for it."""
        deadline = time.monotonic() + SETTLED_SECONDS
        while (found := self._state(file)) is None or found[1] in ("received", "checked"):
            if found is not None and found[1] == "checked" and not found[2]:
                page.apply(int(str(found[0])))
            if time.monotonic() > deadline:
                raise Lost(f"{file.path.name} of {file.day} stays {found}")
            time.sleep(0.3)

    def _state(self, file: Sent) -> tuple[object, ...] | None:
        with suppress(psycopg2.Error, KeyError, TypeError):
            return self.installation.ask(STATE_OF.format(name=file.path.name, day=file.day)) or None
        return None


def manage(installation: Installation, arguments: list[str | Path]) -> list[str | Path]:
    return [installation.folder / "venv" / "bin" / "python", CHECKOUT / "manage.py", *arguments]


def command_environment(installation: Installation) -> dict[str, str]:
    """Return the environment of a command with the servers of an installation. Errors: KeyError while they start."""
    note = installation.note()
    return installation.environment | {
        "DATABASE_URL": note["database_url"],
        "REDIS_URL": note["redis_url"],
        "KEY_FILE": str(installation.folder / "keys" / "keys.json"),
    }


def make_files(folder: Path, months: int, seed: int) -> list[Sent]:
    """Generate the months after the demonstration's; a third of the files goes each way."""
    files: list[Sent] = []
    for number in range(1, months + 1):
        month = date(2019 + (number - 1) // 12, (number - 1) % 12 + 1, 1)
        day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        made = make_county(
            poor=POOR, roll=ROLL, seed=seed + number, out=folder / str(number), county=COUNTY, month=month
        )
        ordered = sorted(made.files, key=lambda path: (not path.name.startswith(PERSON_FILES), path.name))
        files += [Sent(path, day.isoformat(), WAYS[(number + place) % 3]) for place, path in enumerate(ordered)]
    return files


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """An installation with the demonstration in it, stopped in the end; its files stay."""
    folder.mkdir()
    (folder / "venv").symlink_to(sys.prefix)
    installation = Installation(folder)
    installation.start()
    try:
        wait_for("the first start", installation.is_up, 600)
        wait_for(
            "the demo", lambda: installation.ask(OPEN_NIGHTS) == (0,) and bool(installation.ask(CURRENT_CODES)[0]), 300
        )
        installation.ask(ANY_PERSONS)
        yield installation
    finally:
        installation.stop()


def send_all(installation: Installation, files: list[Sent], kills: int, dice: random.Random) -> int:
    """Send the files, killing meanwhile; return how many kills ended badly."""
    sender = Sender(installation, files, threading.Semaphore(0 if kills else len(files)))
    thread = threading.Thread(target=sender.run, daemon=True)
    thread.start()
    order = [KINDS[number % len(KINDS)] for number in range(kills)]
    dice.shuffle(order)
    bad = allowed = 0
    for number, kind in enumerate(order, 1):
        wanted = -(-number * len(files) // kills)
        for _ in range(allowed, wanted):
            sender.leave.release()
        allowed = wanted
        bad += not kill_one(installation, kind, number, sender, dice)
    thread.join()
    wait_for("the files that wait", lambda: installation.ask(WAITING) == (0,), SETTLED_SECONDS)
    for trouble in sender.wrong:
        print(f"WRONG: {trouble}", flush=True)
    return bad + len(sender.wrong)


def kill_one(installation: Installation, kind: str, number: int, sender: Sender, dice: random.Random) -> bool:
    """Kill one process of a kind at a random moment and wait until the site is up again by itself."""
    time.sleep(dice.uniform(0, 3))
    victims = installation.by_kind().get(kind, [])
    if victims:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(victims).number, signal.SIGKILL)
    time.sleep(0.2)
    try:
        words = f"up again after {wait_for('coming up again', installation.is_up, UP_SECONDS):.1f} s"
    except Lost as lost:
        print(f"{number:3d}  {kind:14s} WRONG: {lost}", flush=True)
        return False
    print(f"{number:3d}  {kind if victims else kind + ' (none)':20s} {words}; {sender.sent} files sent", flush=True)
    return True


def count_everything(installation: Installation) -> tuple[dict[str, int], list[tuple[object, ...]], int]:
    """Rows by table, what became of each file, and the snapshots kept beside the database."""
    session = psycopg2.connect(installation.note()["owner_url"])
    try:
        with session, session.cursor() as cursor:
            cursor.execute(TABLES)
            tables = [name for (name,) in cursor.fetchall() if not name.startswith(IGNORED_TABLES)]
            counts = {}
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                counts[table] = cursor.fetchall()[0][0]
            cursor.execute(WHOLE)
            files = cursor.fetchall()
    finally:
        session.close()
    snapshots = len(list((installation.folder / "data" / "snapshots").rglob("*.parquet")))
    return counts, files, snapshots


def differences(undisturbed: tuple, disturbed: tuple) -> list[str]:
    """List every table and file in which the two installations differ."""
    rows = [(table, count, disturbed[0].get(table)) for table, count in undisturbed[0].items()]
    found = [f"{table}: {count} rows undisturbed, {here} here" for table, count, here in rows if count != here]
    found += [
        f"undisturbed {one}\n       here {other}"
        for one, other in zip(undisturbed[1], disturbed[1], strict=False)
        if one != other
    ]
    if len(undisturbed[1]) != len(disturbed[1]):
        found.append(f"{len(undisturbed[1])} files undisturbed, {len(disturbed[1])} here")
    if undisturbed[2] != disturbed[2]:
        found.append(f"{undisturbed[2]} snapshots undisturbed, {disturbed[2]} here")
    return found


def torture(folder: Path, options: argparse.Namespace) -> int:
    """Do both runs and return how much was wrong."""
    dice = random.Random(options.seed)
    files = make_files(folder / "files", options.months, options.seed)
    print(f"{len(files)} files of {options.months} months; seed {options.seed}", flush=True)
    with running(folder / "undisturbed") as installation:
        began = time.monotonic()
        bad = send_all(installation, files, 0, dice)
        undisturbed = count_everything(installation)
        print(f"undisturbed: all settled after {time.monotonic() - began:.0f} s", flush=True)
    with running(folder / "disturbed") as installation:
        began = time.monotonic()
        bad += send_all(installation, files, options.kills, dice)
        disturbed = count_everything(installation)
        print(f"{options.kills} kills: all settled after {time.monotonic() - began:.0f} s", flush=True)
    wrong = differences(undisturbed, disturbed)
    for line in wrong:
        print(f"WRONG: {line}", flush=True)
    states = ", ".join(
        f"{count} {state}" for state, count in sorted(Counter(str(file[2]) for file in disturbed[1]).items())
    )
    print(
        f"{len(disturbed[1])} files: {states}; {sum(disturbed[0].values()):,} rows in {len(disturbed[0])} tables, {len(wrong)} differences"
    )
    return bad + len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture intake", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--months", type=int, default=2, help="generated months to send after the demonstration's")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        bad = torture(folder, options)
    except Lost as lost:
        print(f"WRONG: {lost}", file=sys.stderr)
        bad = 1
    if bad:
        print(f"Logs and databases are kept in {folder}.")
        return 1
    for home in ("undisturbed", "disturbed"):
        shutil.rmtree((folder / home / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
