"""A PostgreSQL whose template database is migrated once, for many short runs of pytest after one another and beside each other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from launcher import keys, postgres, processes
from launcher.environment import site_packages
from launcher.processes import Running

STOP_SECONDS = 3.0


@dataclass
class WarmDatabase:
    """A server under a scratch folder, and templates: one for the schema of each copy of the code that changes it."""

    folder: Path
    server: Running = field(init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        cluster = postgres.prepare(
            self.folder, site_packages(Path(sys.prefix)), self.folder / "postgres.log", durable=False
        )
        self.server = processes.start(postgres.service(cluster))
        postgres.wait_until_ready(cluster, self.server)
        keys.ensure_key_file(self.folder / "keys" / "keys.json", database_exists=False)
        self.url = cluster.url

    def make_template(self, name: str, checkout: Path) -> str:
        """Migrate a fresh database with the code of a checkout; return what failed, or nothing."""
        self.drop_template(name)
        self._command(f'CREATE DATABASE "{name}"')
        sign = self._sign(name)
        environment = self._environment() | {
            "DATABASE_URL": self.url_of(name),
            "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.test",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.plugins.template", str(sign)],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return sign.read_text("utf-8") if sign.exists() else done.stderr or "the template was not made"

    def drop_template(self, name: str) -> None:
        self._sign(name).unlink(missing_ok=True)
        self._command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def environment(self, template: str, place: str) -> dict[str, str]:
        """Return the environment of a pytest that copies this template; those at one time need places of their own."""
        return self._environment() | {
            "DATABASE_URL": self.url_of(f"defects_{place}"),
            "TEST_TEMPLATE": template,
            "TEST_TEMPLATE_SIGN": str(self._sign(template)),
        }

    def url_of(self, name: str) -> str:
        path, mark, query = self.url.partition("?")
        return f"{path.rpartition('/')[0]}/{name}{mark}{query}"

    def stop(self) -> None:
        """Stop the server and delete what it wrote."""
        processes.stop_all([self.server], grace_seconds=STOP_SECONDS)
        with suppress(FileNotFoundError):
            shutil.rmtree((self.folder / "postgres").resolve(), ignore_errors=True)

    def _sign(self, name: str) -> Path:
        return self.folder / f"{name}.ready"

    def _environment(self) -> dict[str, str]:
        left_out = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        return environment | {"STATE_DIR": str(self.folder), "KEY_FILE": str(self.folder / "keys" / "keys.json")}

    def _command(self, statement: str) -> None:
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()
