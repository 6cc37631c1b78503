"""The PostgreSQL of this machine is found by what its programs report; in the second run the tests really use it."""

import os
from pathlib import Path

from django.db import connection

from launcher import system_postgres


def install(root: Path, place: str, says: str, *, without: str = "") -> Path:
    folder = root / place
    folder.mkdir(parents=True)
    for name in set(system_postgres.NEEDED) - {without}:
        (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


def test_the_newest_whole_one_is_found(tmp_path):
    install(tmp_path, "usr/lib/postgresql/9.6/bin", "postgres (PostgreSQL) 9.6.24")
    wanted = install(tmp_path, "usr/lib/postgresql/15/bin", "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)")
    install(tmp_path, "usr/pgsql-14/bin", "postgres (PostgreSQL) 14.2")
    install(tmp_path, "usr/lib/postgresql/17/bin", "postgres (PostgreSQL) 17.1", without="initdb")

    assert system_postgres.find(tmp_path) == system_postgres.SystemPostgres(wanted, 15)


def test_a_beta_counts_and_something_else_does_not(tmp_path):
    install(tmp_path, "usr/bin", "something else 18")
    assert system_postgres.find(tmp_path) is None
    beta = install(tmp_path, "usr/lib/postgresql/19/bin", "postgres (PostgreSQL) 19beta1")
    assert system_postgres.find(tmp_path) == system_postgres.SystemPostgres(beta, 19)


def test_one_that_is_too_old_is_not_used(tmp_path):
    install(tmp_path, "usr/lib/postgresql/13/bin", "postgres (PostgreSQL) 13.21")
    assert system_postgres.find(tmp_path) is None


def test_the_server_is_the_one_that_was_asked_for(db):
    asked = system_postgres.read(Path(os.environ.get("POSTGRES_PROGRAMS", "/nowhere")))
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    assert version == asked.version if asked else version >= system_postgres.OLDEST
