"""The database every worker's test database is copied from: migrated once, in a process of its own, while tests are collected.

`python -m tests.plugins.template SIGN` migrates the database DATABASE_URL names and then writes SIGN: empty, or what failed.
"""

import sys
import time
import traceback
from pathlib import Path

WAIT_SECONDS, LOOK_SECONDS = 180, 0.05


def migrate(sign: Path) -> None:
    """Migrate and say so."""
    import django
    from django.core.management import call_command
    from django.db import connection

    problem = ""
    try:
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
    except Exception:  # noqa: BLE001 - whatever it is, the waiting processes must know
        problem = traceback.format_exc()
    unfinished = sign.with_suffix(".unfinished")
    unfinished.write_text(problem, "utf-8")
    unfinished.replace(sign)


def wait_until_migrated(sign: Path) -> None:
    """Wait for the template. Errors: RuntimeError with what failed, or when nothing comes."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not sign.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the database template of the tests was not made in time")
        time.sleep(LOOK_SECONDS)
    if problem := sign.read_text("utf-8"):
        raise RuntimeError(problem)


if __name__ == "__main__":
    migrate(Path(sys.argv[1]))
