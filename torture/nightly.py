"""`./run torture nightly [--kills N] [--seed S]`: kill -9 while nights run; what they publish is always the complete night.

An installation with two months of a generated county. First undisturbed: nights as of either month's end in turn, each of which
turns thousands of codes over; what each publishes is fingerprinted, and a night run again must change nothing. Then nights are
requested by page and by command while the process that runs them, another worker, the web server or the database is killed at
random moments. Nothing intervenes but the sweeper, which resumes what was left. Every night must end with the fingerprint of its day, and
leave no file behind. One line a kill; exit code 1 when anything was wrong.
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
import time
from contextlib import suppress
from pathlib import Path

import psycopg2

from torture._installation import OPEN_NIGHTS, UP_SECONDS, Installation, Lost, wait_for
from torture._page import Page
from torture.intake import COUNTY, command_environment, make_files, manage, running, send_all

KINDS = ("worker", "worker child", "web worker", "postmaster", "backend", "command")
DAYS = ("2018-12-31", "2019-01-31")
SETTLED_SECONDS = 600
CLEARED_SECONDS = 90  # the sweeper comes every minute
LAST_NIGHT = "SELECT coalesce(max(id), 0), count(*) FROM nightly_nightrun WHERE state = 'done'"
FAILED = "SELECT count(*) FROM nightly_nightrun WHERE state NOT IN ('done', 'waiting', 'running', 'cancelled')"
_CURRENT_COLUMNS = {
    "link": "person_id, scheme, roll_no, line, rule, action, comparison_vector, status",
    "finding": "person_id, scheme, roll_no, kind, evidence_class, evidence",
    "coverageverdict": "person_id, verdict, e1_column, desk_reason, due_to_draw, drawing, pay_target, categories",
}
PUBLISHED = " UNION ALL ".join(
    f"SELECT '{table}' AS name, md5(string_agg(r, ',' ORDER BY r)) AS hash, count(*) AS rows "
    f"FROM (SELECT ROW({columns})::text AS r FROM coverage_{table} WHERE superseded_at IS NULL) {table}"
    for table, columns in _CURRENT_COLUMNS.items()
)
GAPS = (
    "SELECT 'gap', md5(string_agg(r, ',' ORDER BY r)), count(*) FROM (SELECT ROW(person_id, scheme, roll_no, kind, reason)::text"
    " AS r FROM casework_gap WHERE closed_at IS NULL) gap"
)
FINGERPRINT = f"SELECT string_agg(name || ' ' || hash || ' ' || rows, '; ' ORDER BY name) FROM ({PUBLISHED} UNION ALL {GAPS}) published"


def fingerprint(installation: Installation) -> str:
    """Return the current results and open gaps as one text."""
    return str(installation.ask(FINGERPRINT)[0])


def run_command(installation: Installation, day: str) -> subprocess.Popen[bytes]:
    """Start a night by the command, in a process of its own."""
    with (installation.folder / "requests.log").open("ab") as log:
        arguments: list[str | Path] = ["nightly", "--county", COUNTY, "--as-of", day]
        return subprocess.Popen(
            manage(installation, arguments), env=command_environment(installation), stdout=log, stderr=log
        )


def run_undisturbed_night(installation: Installation, day: str) -> str:
    """Run a night and return what it publishes. Errors: Lost when the command fails."""
    if run_command(installation, day).wait(timeout=SETTLED_SECONDS):
        raise Lost(f"the night of {day} failed undisturbed; see requests.log")
    return fingerprint(installation)


def settled(installation: Installation) -> bool:
    """Answer whether no night waits or runs; a database that is still starting is not settled."""
    with suppress(psycopg2.Error, KeyError, TypeError):
        return installation.ask(OPEN_NIGHTS) == (0,)
    return False


def kill_during_night(installation: Installation, page: Page, kind: str, day: str, dice: random.Random) -> str:
    """Request a night, kill one process somewhere in it, and wait until all is settled; return what happened.

    If the kill came before the request was stored, the night is requested once more, as a clerk would.
    """
    (last, _count) = installation.ask(LAST_NIGHT)
    command = run_command(installation, day) if kind == "command" else None
    if command is None:
        page.run_night(day)
    time.sleep(dice.uniform(0, 6))
    victims = [command.pid] if command else [process.number for process in installation.by_kind().get(kind, [])]
    if victims:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(victims), signal.SIGKILL)
    if command:
        command.wait()
    wait_for("coming up again", installation.is_up, UP_SECONDS)
    seconds = wait_for("the night", lambda: settled(installation), SETTLED_SECONDS)
    if installation.ask(LAST_NIGHT)[0] == last:
        run_undisturbed_night(installation, day)
        return "killed before it began, requested again"
    return f"done {seconds:.1f} s after the kill"


def left_over(installation: Installation) -> list[str]:
    """List the folders of ended nights that remain: what the process did not remove the sweeper must."""
    nights = installation.folder / "data" / "nights"
    with suppress(Lost):
        wait_for("the folders", lambda: not any(nights.glob("*")), CLEARED_SECONDS)
    return [f"leaves {path.name}" for path in nights.glob("*")]


def torture(folder: Path, options: argparse.Namespace) -> int:
    """Run the nights and return how much was wrong."""
    dice = random.Random(options.seed)
    with running(folder / "nights") as installation:
        bad = send_all(installation, make_files(folder / "files", 1, options.seed), 0, dice)
        wait_for("the night after the files", lambda: settled(installation), SETTLED_SECONDS)
        expected = {day: run_undisturbed_night(installation, day) for day in DAYS}
        again = {day: run_undisturbed_night(installation, day) for day in DAYS}
        if expected != again or len(set(expected.values())) < len(DAYS):
            print("WRONG: undisturbed, a repeated night publishes something else, or both days the same", flush=True)
            return bad + 1
        print(f"undisturbed, seed {options.seed}: " + "\n  ".join(["", *expected.values()]), flush=True)
        page = Page(installation.port)
        for number in range(1, options.kills + 1):
            kind, day = KINDS[number % len(KINDS)], DAYS[number % len(DAYS)]
            words = kill_during_night(installation, page, kind, day, dice)
            wrong = [] if fingerprint(installation) == expected[day] else [f"publishes {fingerprint(installation)}"]
            wrong += left_over(installation)
            bad += bool(wrong)
            print(f"{number:3d}  {day}  {kind:14s} {'WRONG: ' + '; '.join(wrong) if wrong else words}", flush=True)
        (failed,) = installation.ask(FAILED)
        (_last, done) = installation.ask(LAST_NIGHT)
        print(f"{options.kills} kills, {done} nights done, {failed} failed, {bad} wrong")
        return bad + int(str(failed))


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture nightly", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        bad = torture(folder, options)
    except Lost as lost:
        print(f"WRONG: {lost}", file=sys.stderr)
        bad = 1
    if bad:
        print(f"Logs and database are kept in {folder}.")
        return 1
    shutil.rmtree((folder / "nights" / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
