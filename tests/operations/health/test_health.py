"""Live and ready: public, without personal data, and honest about each part."""

import shutil
from collections import namedtuple

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from operations import health
from operations.health_probe import is_ready

Usage = namedtuple("Usage", "total used free")
LIVE, READY = "/health/live", "/health/ready"


def test_live_checks_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(LIVE)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-cache" in answer["Cache-Control"]
    assert not answer.cookies


def test_ready_names_every_part(client, db):
    answer = client.get(READY)

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "migrations": "ok", "disk": "ok"}


def test_ready_costs_one_query_once_the_migrations_were_seen(client, db, django_assert_num_queries):
    client.get(READY)
    with django_assert_num_queries(1):
        client.get(READY)


def test_full_disk_is_not_ready(client, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 2**20))

    answer = client.get(READY)

    assert (answer.status_code, answer.json()["status"], answer.json()["disk"]) == (503, "not_ready", "full")


def test_a_data_folder_that_is_gone_is_not_ready(client, db, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["disk"] == "unreachable"


def test_unreachable_broker_is_not_ready(client, db, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock?db=0"

    answer = client.get(READY)

    assert (answer.status_code, answer.json()["broker"]) == (503, "unreachable")


class Away:
    """A connection to a database that does not answer."""

    def __getattr__(self, _name: str) -> object:
        raise OperationalError("could not connect to server: password=secret")


def test_unreachable_database_is_not_ready(client, db, monkeypatch):
    health._remember_applied.cache_clear()
    monkeypatch.setattr(health, "connection", Away())

    answer = client.get(READY)

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["migrations"]) == ("unreachable", "unknown")
    assert b"secret" not in answer.content


def test_missing_migration_is_not_ready_until_it_is_applied(client, db):
    health._remember_applied.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'demo'")

    assert client.get(READY).json()["migrations"] == "not_applied"


def test_only_asking_is_allowed(client):
    assert client.post(LIVE).status_code == 405
    assert [reverse("health_live"), reverse("health_ready")] == [LIVE, READY]


def test_production_answers_health_without_a_proxy(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^health/"]

    assert client.get(LIVE).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_probe_of_the_container_asks_the_running_server(live_server):
    assert is_ready(f"{live_server.url}{READY}", "localhost")
    assert not is_ready(f"{live_server.url}/no_such_page", "localhost")
    assert not is_ready("http://127.0.0.1:9/", "localhost")
