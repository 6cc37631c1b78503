"""`./run torture launcher [--kills N] [--seed S] [--minutes M]`: kill -9 any process at any moment; nothing may be lost.

An installation of its own in a scratch folder serves the demo county while a small writer commits rows and nights run.
After each kill: everything comes up again, every row whose commit succeeded is there once, and after the death
of the launcher no process is left. One line a kill; exit code 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg2

from torture._installation import (
    CURRENT_CODES,
    GONE_SECONDS,
    KINDS,
    OPEN_NIGHTS,
    UP_SECONDS,
    Installation,
    Lost,
    Process,
    run_on_installation,
    tree_of,
    wait_for,
)

NIGHT_EVERY = 4
TABLE = "torture_line"


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
    return run_on_installation(lambda installation: torture(installation, options))


if __name__ == "__main__":
    sys.exit(main())
