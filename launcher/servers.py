"""PostgreSQL and Valkey of one installation together: started side by side, ready before anything else, stopped last.

A server given by DATABASE_URL or REDIS_URL is used as it is and never started or stopped.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher import postgres, processes, valkey
from launcher.environment import site_packages
from launcher.installation import Installation
from launcher.lock import Holder
from launcher.processes import Running

STOP_SECONDS = 3.0


@dataclass
class Servers:
    """The servers in use: their addresses, and the processes among them that are ours."""

    database_url: str
    redis_url: str
    owner_url: str = ""  # empty: the same as database_url, or what the environment says
    reader_url: str = ""
    programs: str = ""  # folder of psql and pg_dump
    running: list[Running] = field(default_factory=list)

    @classmethod
    def of(cls, holder: Holder) -> "Servers":
        """Return the servers another launcher runs, to use and not to stop."""
        return cls(holder.database_url, holder.redis_url, holder.owner_url, holder.reader_url, holder.programs)

    def note(self, command: str, url: str = "") -> Holder:
        """Return what other commands need to use them."""
        addresses = (self.database_url, self.redis_url, self.owner_url, self.reader_url, self.programs)
        return Holder(os.getpid(), command, url, *addresses)

    def stop(self) -> None:
        processes.stop_all(self.running, grace_seconds=STOP_SECONDS)
        self.running.clear()


def start(installation: Installation) -> Servers:
    """Start the servers that are not given from outside and return when all of them answer. Errors: LauncherError, nothing left behind."""
    packages = site_packages(installation.venv)
    servers = Servers(installation.database_url, installation.redis_url)
    waits: list[Callable[[], None]] = []
    try:
        if not installation.database_url:
            cluster = postgres.prepare(installation.state_dir, packages, installation.log_dir / "postgres.log")
            servers.running.append(database := processes.start(postgres.service(cluster)))
            servers.database_url, servers.owner_url = cluster.url_of(postgres.APP), cluster.url
            servers.reader_url, servers.programs = cluster.url_of(postgres.READER), str(cluster.programs)
            waits.append(lambda: postgres.wait_until_ready(cluster, database))
        if not installation.redis_url:
            broker = valkey.prepare(installation.state_dir, packages, installation.log_dir / "valkey.log", os.geteuid())
            servers.running.append(queue := processes.start(valkey.service(broker)))
            servers.redis_url = broker.url
            waits.append(lambda: valkey.wait_until_ready(broker, queue))
        for wait in waits:
            wait()
    except BaseException:
        servers.stop()
        raise
    return servers


def child_environment(installation: Installation, servers: Servers) -> dict[str, str]:
    """Return the environment of every process of the product."""
    environment = dict(os.environ)
    environment.pop("PYTHONHOME", None)
    environment.update(
        DATABASE_URL=servers.database_url,
        REDIS_URL=servers.redis_url,
        STATE_DIR=str(installation.state_dir),
        KEY_FILE=environment.get("KEY_FILE") or str(installation.key_file),
        DJANGO_SETTINGS_MODULE=environment.get("DJANGO_SETTINGS_MODULE") or "poverty_pension.settings.dev",
        PYTHONUNBUFFERED="1",
        PATH=os.pathsep.join(
            part
            for part in (str(installation.venv / "bin"), servers.programs, environment.get("PATH", os.defpath))
            if part
        ),
    )
    if servers.owner_url:
        environment.update(DATABASE_OWNER_URL=servers.owner_url, DATABASE_READER_URL=servers.reader_url)
    return environment
