"""`./run torture enrolment [--kills N] [--races N] [--seed S]`: applications and batches under kills and at one moment.

An installation of its own with the demo county. Kills: a process forked to take one step is ended with SIGKILL at a random moment of it;
the step is then taken again. Races: two processes begin a pair of acts at the same moment: two reviews, a withdrawal and a decision,
two beginnings, the colleague and their deputy, a beginning and the batch of the night. After each, the application's state, steps,
signatures and enrolment must tell the same, once; of a race one wins and the other is told. Exit code 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys

from torture._installation import CHECKOUT, CURRENT_CODES, OPEN_NIGHTS, Installation, run_on_installation, wait_for

ACT = "from torture._applications import torture; torture(kills={kills}, races={races}, seed={seed})"


def torture(installation: Installation, options: argparse.Namespace) -> int:
    """Begin the installation and do all of it inside one process that forks; return how much was wrong."""
    installation.start()
    print(f"up after {wait_for('the first start', installation.is_up, 600):.0f} s; seed {options.seed}", flush=True)
    wait_for(
        "the demo county",
        lambda: installation.ask(OPEN_NIGHTS) == (0,) and bool(installation.ask(CURRENT_CODES)[0]),
        300,
    )
    note = installation.note()
    environment = installation.environment | {
        "DATABASE_URL": note["database_url"],
        "REDIS_URL": note["redis_url"],
        "KEY_FILE": str(installation.folder / "keys" / "keys.json"),
    }
    code = ACT.format(kills=options.kills, races=options.races, seed=options.seed)
    python = installation.folder / "venv" / "bin" / "python"
    done = subprocess.run(
        [python, CHECKOUT / "manage.py", "shell", "-v0", "-c", code], env=environment, cwd=CHECKOUT, check=False
    )
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture enrolment", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--races", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    return run_on_installation(lambda installation: torture(installation, options))


if __name__ == "__main__":
    sys.exit(main())
