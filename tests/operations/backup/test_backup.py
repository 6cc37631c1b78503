"""A backup holds everything but the keys, and an empty installation made from it is the same."""

import json
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pyarrow as pa
import pytest
from django.db import connection
from pytest_django import Settings

from foundation.audit.actors import OPERATOR
from foundation.audit.models import AuditEvent
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.encrypted_files import decrypt_file_to
from foundation.primitives.errors import BadInput, Conflict
from launcher import postgres_files
from launcher.installation import CHECKOUT
from operations import backup
from operations import restore as restoring
from operations.backup import FileEntry, Manifest, count_tables, make_backup, read_manifest, sha256_of
from registry.services import numbers
from registry.services.keys import list_stores
from tests.plugins.county import load_county

AT = datetime(2018, 12, 31, tzinfo=UTC)
TEXTS = [f"32068219510101{serial:04d}" for serial in range(30)]
KEPT = {
    "deliveries/1/file.csv": b"name,number\n",
    "snapshots/roll.parquet": bytes(range(256)) * 5000,
    "deliveries/空.txt": b"",
}
CANARIES = ("鄢翾霈".encode(), b"320682103202", "二案村委会".encode(), b"name,number")


@dataclass(frozen=True)
class Made:
    """A small installation and its backup."""

    folder: Path
    manifest: Manifest
    rows: dict[str, int]


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find pg_dump beside the server the tests run, before any other of this machine."""
    programs = postgres_files.programs(Path(os.environ["STATE_DIR"], "postgres").resolve())
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def made(transactional_db: None, tmp_path: Path, settings: Settings) -> Made:
    settings.DATA_DIR = tmp_path / "data"
    load_county(tmp_path)
    numbers.store_numbers(pa.array(TEXTS), recorded_at=AT)
    for name, content in {**KEPT, "incoming/half.csv": b"half", "spill/x": b"x"}.items():
        path = settings.DATA_DIR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = count_tables()
    return Made(tmp_path / "backup", make_backup(actor=OPERATOR, folder=tmp_path / "backup", at=AT), rows)


@pytest.fixture
def empty_url(made: Made) -> Iterator[str]:
    """Make an empty database beside the tests' own."""
    name = f"{connection.settings_dict['NAME']}_restored"
    own = str(connection.settings_dict["NAME"])
    url = os.environ["DATABASE_URL"]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    path, mark, query = url.partition("?")
    yield f"{path.rpartition('/')[0]}/{name}{mark}{query}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert connection.settings_dict["NAME"] == own


def restore(made: Made, url: str, state_dir: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": url, "STATE_DIR": str(state_dir), **more}
    environment["DJANGO_SETTINGS_MODULE"] = "poverty_pension.settings.dev"
    command = [sys.executable, "manage.py", "restore", str(made.folder)]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_restored_installation_has_the_same_rows_files_and_numbers(made, empty_url, tmp_path):
    done = restore(made, empty_url, tmp_path / "new")

    assert done.returncode == 0, done.stderr
    assert "registry_identitynumber.ciphertext: 30 numbers can be decrypted." in done.stdout
    restored = psycopg2.connect(empty_url)
    with restored, restored.cursor() as cursor:
        for table, rows in made.rows.items():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            more = len(list_stores()) + 1 if table == "audit_auditevent" else 0  # places verified, backup restored
            assert cursor.fetchone() == (rows + more,), table
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_identitynumber', 'id')) > 30")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        triggers = cursor.fetchone()
    restored.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'")
        assert cursor.fetchone() == triggers
    for name, content in KEPT.items():
        path = tmp_path / "new" / "data" / name
        assert path.read_bytes() == content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    again = restore(made, empty_url, tmp_path / "new")
    assert again.returncode == 1
    assert "not empty" in again.stderr or "不是空的" in again.stderr
    assert again.stderr.count("\n") == 1


def test_manifest_counts_and_hashes_everything_and_the_folder_is_closed(made):
    assert made.manifest == read_manifest(made.folder)
    assert made.manifest.rows == made.rows
    assert {entry.path for entry in made.manifest.files} == set(KEPT)
    assert all(sha256_of(made.folder / "files" / entry.path) == entry.sha256 for entry in made.manifest.files)
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    assert made.manifest.key_ids == ["k1"]
    assert made.manifest.dump[0].path == backup.DUMP_FILE
    assert AuditEvent.objects.get(verb="make_backup").detail["files"] == 3


def test_no_key_and_no_number_is_in_the_backup(made, settings):
    secrets = [settings.KEYS.secret_key.encode(), settings.KEYS.blind_key, *settings.KEYS.data_keys.values()]
    secrets += [Path(os.environ["KEY_FILE"]).read_bytes()[:40], *(text.encode() for text in TEXTS)]
    plain = made.folder.parent / "plain.dump"
    place = backup.place_of(made.manifest.backup_id, backup.DUMP, backup.DUMP_FILE)
    decrypt_file_to(Cipher(settings.KEYS), place, made.folder / backup.DUMP / backup.DUMP_FILE, plain)
    dumped = subprocess.run(["pg_restore", "--file=-", plain], capture_output=True, check=True).stdout
    everything = [dumped, *(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())]
    assert b"registry_identitynumber" in dumped
    assert not any(secret in content for secret in secrets for content in everything)


def test_nothing_of_a_backup_can_be_read_without_the_keys(made):
    """A name in a table, a line of a roll and a column's name are looked for in every byte, also as pg_restore would show them."""
    refused = subprocess.run(
        ["pg_restore", "--list", made.folder / backup.DUMP / backup.DUMP_FILE], capture_output=True, check=False
    )
    assert refused.returncode != 0
    for path in made.folder.rglob("*"):
        if path.is_file() and path.name != backup.MANIFEST:
            content = path.read_bytes()
            for canary in (*CANARIES, b"PGDMP", b"registry_identitynumber", KEPT["snapshots/roll.parquet"][:256]):
                assert canary not in content, path
                assert canary not in decompressed(content), path


def decompressed(content: bytes) -> bytes:
    """Return what any deflated part of a file contains, as far as it can be read."""
    found = b""
    for start in (place for place in range(len(content) - 1) if content[place : place + 2] == b"\x78\x9c"):
        with suppress(zlib.error):
            found += zlib.decompressobj().decompress(content[start:])
    return found


@pytest.mark.parametrize("victim", ["deliveries/1/file.csv", "snapshots/roll.parquet"])
def test_a_file_exchanged_for_another_is_refused(made, empty_url, tmp_path, victim):
    """Its hash in the manifest is corrected too: what is left is that the ciphertext belongs to another place."""
    other = made.folder / "files" / "deliveries" / "空.txt"
    target = made.folder / "files" / victim
    target.write_bytes(other.read_bytes())
    raw = json.loads((made.folder / backup.MANIFEST).read_text("utf-8"))
    for entry in raw["files"]:
        if entry["path"] == victim:
            entry["sha256"] = sha256_of(target)
    (made.folder / backup.MANIFEST).write_text(json.dumps(raw), "utf-8")

    done = restore(made, empty_url, tmp_path / "new")

    assert done.returncode == 1
    assert target.name in done.stderr


def test_a_failing_dump_leaves_no_backup(made, tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "pg_dump").write_text("#!/bin/sh\necho half; echo broken >&2; exit 3\n")
    (programs / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(BadInput, match="broken"):
        make_backup(actor=OPERATOR, folder=tmp_path / "other", at=AT)
    assert not (tmp_path / "other" / backup.MANIFEST).exists()


def test_neither_a_filled_folder_nor_a_filled_target_is_overwritten(made):
    with pytest.raises(Conflict):
        make_backup(actor=OPERATOR, folder=made.folder, at=AT)
    with pytest.raises(Conflict):
        restoring.restore_backup(actor=OPERATOR, folder=made.folder)


def test_damaged_backup_is_refused_before_anything_is_written(made, empty_url, tmp_path):
    victim = made.folder / "files" / "snapshots" / "roll.parquet"
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")

    done = restore(made, empty_url, tmp_path / "new")

    assert done.returncode == 1
    assert "snapshots/roll.parquet" in done.stderr
    assert not list((tmp_path / "new" / "data").glob("deliveries*"))
    restored = psycopg2.connect(empty_url)
    with restored, restored.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        assert cursor.fetchone() == (0,)
    restored.close()


@pytest.mark.parametrize("damage", ["changed", "missing", "unknown"])
def test_every_kind_of_damage_is_named(tmp_path, damage):
    path = tmp_path / "a" / "kept"
    path.parent.mkdir()
    path.write_bytes(b"content")
    entry = FileEntry("a/kept", 7, sha256_of(path))
    restoring._check_hashes(tmp_path, [entry])
    if damage == "changed":
        path.write_bytes(b"Content")
    elif damage == "missing":
        path.unlink()
    else:
        path.with_name("more").write_bytes(b"")

    with pytest.raises(BadInput, match="a/"):
        restoring._check_hashes(tmp_path, [entry])


def test_keys_that_are_missing_are_named(made, empty_url, tmp_path):
    ring = json.loads(Path(os.environ["KEY_FILE"]).read_text())
    ring |= {"data_keys": {"k9": ring["data_keys"]["k1"]}, "current_key": "k9"}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(ring))

    done = restore(made, empty_url, tmp_path / "new", KEY_FILE=str(other))

    assert done.returncode == 1
    assert "k1" in done.stderr


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"format": 1}'])
def test_half_a_backup_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / backup.MANIFEST).write_text(content)
    with pytest.raises(BadInput):
        read_manifest(tmp_path)


def test_backup_of_another_version_is_refused(tmp_path):
    raw = {
        "format": 99,
        "backup_id": "",
        "made_at": "",
        "server_version": 0,
        "rows": {},
        "key_ids": [],
        "dump": [],
        "files": [],
    }
    (tmp_path / backup.MANIFEST).write_text(json.dumps(raw))
    with pytest.raises(BadInput, match="99"):
        read_manifest(tmp_path)


def test_missing_client_programs_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="pg_dump"):
        backup.run_tool("pg_dump")
