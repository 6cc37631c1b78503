"""A throwaway installation for the tests: a folder of its own, a key file, and PostgreSQL unless DATABASE_URL names one.

POSTGRES_PROGRAMS, a folder such as /usr/lib/postgresql/15/bin, selects that server instead of the wheel's; `./run test`
ends with a second run on the machine's own. TEST_TEMPLATE names a template that somebody has migrated already
(torture/defects.py). Loaded by `-p` before pytest-django reads the settings. Workers of pytest-xdist inherit the environment of
the first process and start nothing. However pytest ends, the kernel ends the server with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg2
import pytest

from launcher import keys, postgres, processes
from launcher.environment import site_packages
from launcher.processes import Running

STOP_SECONDS = 3.0


class ThrowawayInstallation:
    """What this process created and must delete."""

    folder: Path | None = None
    server: Running | None = None
    template: subprocess.Popen[bytes] | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Initialise the installation before anything reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        ThrowawayInstallation.folder = Path(tempfile.mkdtemp(prefix="pension-tests-"))
        _initialise(ThrowawayInstallation.folder)
    return (yield)


def pytest_unconfigure() -> None:
    """Stop the server and delete the folder."""
    if ThrowawayInstallation.template:
        ThrowawayInstallation.template.kill()
        ThrowawayInstallation.template.wait()
        _drop_template()
    if ThrowawayInstallation.server:
        processes.stop_all([ThrowawayInstallation.server], grace_seconds=STOP_SECONDS)
    if ThrowawayInstallation.folder:
        shutil.rmtree((ThrowawayInstallation.folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(ThrowawayInstallation.folder, ignore_errors=True)


def _initialise(folder: Path) -> None:
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
        ThrowawayInstallation.server = processes.start(postgres.service(cluster))
        postgres.wait_until_ready(cluster, ThrowawayInstallation.server)
        _let_worlds_be_copied(cluster)
        os.environ["DATABASE_URL"] = cluster.url
    if not os.environ.get("TEST_TEMPLATE"):
        _begin_template(folder)


def _let_worlds_be_copied(cluster: postgres.Cluster) -> None:
    """Let the owner write rows as they were, without what triggers make of them (plugins/worlds.py)."""
    connection = psycopg2.connect(cluster.url_of(postgres.SUPERUSER))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {postgres.OWNER}")
    connection.close()


def _begin_template(folder: Path) -> None:
    """Make an empty database and begin to migrate it; each worker copies it when it is ready."""
    url = os.environ["DATABASE_URL"]
    path, mark, query = url.partition("?")
    name = f"{path.rpartition('/')[2]}_template_{os.getpid()}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    sign = folder / "template.ready"
    os.environ["TEST_TEMPLATE"], os.environ["TEST_TEMPLATE_SIGN"] = name, str(sign)
    environment = os.environ | {
        "DATABASE_URL": f"{path.rpartition('/')[0]}/{name}{mark}{query}",
        "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.test",
    }
    ThrowawayInstallation.template = subprocess.Popen(
        [sys.executable, "-m", "tests.plugins.template", str(sign)],
        env=environment,
        cwd=Path(__file__).parents[2],
        preexec_fn=processes.die_with_parent(signal.SIGTERM),
    )


def _drop_template() -> None:
    """Leave nothing in a database server that is not ours."""
    if ThrowawayInstallation.server is None:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{os.environ["TEST_TEMPLATE"]}" WITH (FORCE)')
        connection.close()
