"""PostgreSQL and Valkey for real: started, asked, killed, recovered, stopped."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import redis

from launcher import postgres, processes, valkey
from launcher.environment import site_packages
from launcher.postgres import Cluster
from launcher.processes import Running
from launcher.valkey import Broker

PACKAGES = site_packages(Path(sys.prefix))


@dataclass
class Database:
    """A running cluster."""

    cluster: Cluster
    running: Running

    def ask(self, question: str) -> object:
        connection = psycopg2.connect(self.cluster.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(question)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        finally:
            connection.close()


def start_database(state_dir: Path) -> Database:
    cluster = postgres.prepare(state_dir, PACKAGES, state_dir / "postgres.log")
    running = processes.start(postgres.service(cluster))
    postgres.wait_until_ready(cluster, running)
    return Database(cluster, running)


@pytest.fixture
def database(state_dir: Path) -> Iterator[Database]:
    started = start_database(state_dir)
    yield started
    processes.stop_all([started.running], grace_seconds=5)


def start_broker(state_dir: Path) -> tuple[Broker, Running]:
    broker = valkey.prepare(state_dir, PACKAGES, state_dir / "valkey.log", os.geteuid())
    running = processes.start(valkey.service(broker))
    valkey.wait_until_ready(broker, running)
    return broker, running


def test_database_is_ours_alone_and_not_root(database: Database) -> None:
    assert database.ask("SHOW server_version_num") >= "180000"  # type: ignore[operator]
    assert database.ask("SHOW listen_addresses") == ""
    assert database.ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert database.ask("SHOW server_encoding") == "UTF8"
    assert database.ask("SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_stat_statements')") == 2
    assert database.cluster.data.stat().st_uid != 0
    assert database.cluster.socket_folder.stat().st_mode & 0o777 == 0o700


def test_database_killed_hard_starts_again_with_what_was_committed(database: Database, state_dir: Path) -> None:
    database.ask("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(database.running.process.pid, signal.SIGKILL)
    processes.end_group(database.running)

    again = start_database(state_dir)

    try:
        assert again.ask("SELECT answer FROM kept") == 42
    finally:
        processes.stop_all([again.running], grace_seconds=5)
    assert again.running.process.returncode == 0


def test_broker_keeps_messages_over_a_kill_and_a_stale_socket(state_dir: Path) -> None:
    broker, running = start_broker(state_dir)
    with redis.Redis.from_url(broker.url) as client:
        client.rpush("queue", "message")
        client.execute_command("WAITAOF", 1, 0, 2000)
    running.process.kill()
    processes.end_group(running)
    assert broker.socket.exists()

    broker, running = start_broker(state_dir)

    try:
        with redis.Redis.from_url(broker.url) as client:
            assert client.lrange("queue", 0, -1) == [b"message"]
            assert client.config_get("port") == {"port": "0"}
    finally:
        processes.stop_all([running], grace_seconds=5)
    assert running.process.returncode == 0
