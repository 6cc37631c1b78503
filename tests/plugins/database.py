"""A throwaway installation for the tests: a folder of its own, a key file, and PostgreSQL unless DATABASE_URL names one.

POSTGRES_PROGRAMS, a folder such as /usr/lib/postgresql/15/bin, means that server instead of the wheel's; `./run test`
ends with a round on the machine's own. Loaded by `-p` before pytest-django reads the settings. Workers of pytest-xdist
inherit the environment of the first process and start nothing. However pytest ends, the kernel ends the server with it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from launcher import keys, postgres, processes
from launcher.environment import site_packages
from launcher.processes import Running

STOP_SECONDS = 3.0


class Ground:
    """What this process made and must clear away."""

    folder: Path | None = None
    server: Running | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Lay the ground before anything reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Ground.folder = Path(tempfile.mkdtemp(prefix="pension-tests-"))
        _lay(Ground.folder)
    return (yield)


def pytest_unconfigure() -> None:
    """Stop the server and delete the folder."""
    if Ground.server:
        processes.stop_all([Ground.server], patience_seconds=STOP_SECONDS)
    if Ground.folder:
        shutil.rmtree((Ground.folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(Ground.folder, ignore_errors=True)


def _lay(folder: Path) -> None:
    os.environ["STATE_DIR"] = str(folder)
    os.environ["KEY_FILE"] = str(folder / "keys" / "keys.json")
    os.environ.pop("DATA_DIR", None)
    os.environ.pop("REDIS_URL", None)
    keys.ensure_key_file(Path(os.environ["KEY_FILE"]), database_exists=False)
    if not os.environ.get("DATABASE_URL"):
        programs = os.environ.get("POSTGRES_PROGRAMS")
        cluster = postgres.prepare(
            folder,
            site_packages(Path(sys.prefix)),
            folder / "postgres.log",
            durable=False,
            foreign_programs=Path(programs) if programs else None,
        )
        Ground.server = processes.start(postgres.service(cluster))
        postgres.wait_until_ready(cluster, Ground.server)
        os.environ["DATABASE_URL"] = cluster.url
