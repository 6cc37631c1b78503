"""Backups: one folder with the database's dump and the people's files, both encrypted with the key ring, and a manifest; never keys.

The dump is taken first, and files are written before the rows that name them, so every file the dump mentions is copied. It is
encrypted while pg_dump writes it: nothing of it is ever plain on a disk. Each ciphertext is bound to this backup and to its path in it.
Called by the commands backup and restore; reading one back is operations/restore.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.audit.actors import WhoActs
from foundation.audit.services import record_event
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.encrypted_files import encrypt_file
from foundation.primitives.errors import BadInput, Conflict
from registry.services.keys import count_rows_by_key

FORMAT = 2
MANIFEST, DUMP, FILES = "manifest.json", "database", "files"
DUMP_FILE = "database.dump"
PLACE = "backup.file"
"""What its ciphertexts are bound to, with the backup's id and the path."""
TRANSIENT_FOLDERS = ("incoming", "spill", "exports")  # folders of DATA_DIR whose files are made again or expire
JOBS = 2


@dataclass(frozen=True)
class FileEntry:
    """One file of the backup by its path below DUMP or FILES."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, in its manifest.json."""

    format: int
    backup_id: str
    made_at: str
    server_version: int
    rows: Mapping[str, int]  # per table, counted in the snapshot that was dumped
    key_ids: Sequence[str]  # of the keys without which the backup cannot be read
    dump: Sequence[FileEntry]
    files: Sequence[FileEntry]

    @property
    def size(self) -> int:
        return sum(entry.size for entry in (*self.dump, *self.files))


def make_backup(*, actor: WhoActs, folder: Path, at: datetime) -> Manifest:
    """Write a backup into a folder that does not exist yet, or is empty. It can be read only with the keys of its key_ids.

    Effects: the folder, mode 0700, the manifest last: without one it is not a backup. One audit event.
    Errors: Conflict when the folder holds something; BadInput when pg_dump is missing or fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("%(folder)s is not empty; choose a new folder for the backup.") % {"folder": folder})
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    backup_id, cipher = uuid.uuid4().hex, Cipher(settings.KEYS)
    rows, server_version = _dump(cipher, backup_id, folder / DUMP / DUMP_FILE)
    manifest = Manifest(
        format=FORMAT,
        backup_id=backup_id,
        made_at=at.isoformat(timespec="seconds"),
        server_version=server_version,
        rows=rows,
        key_ids=sorted({*count_rows_by_key(), cipher.current_key}),
        dump=[_entry(path, folder / DUMP) for path in files_below(folder / DUMP)],
        files=_encrypt_files(cipher, backup_id, Path(settings.DATA_DIR), folder / FILES),
    )
    draft = folder / f"{MANIFEST}.draft"
    draft.write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
    draft.replace(folder / MANIFEST)
    detail = {"rows": sum(rows.values()), "files": len(manifest.files), "bytes": manifest.size}
    record_event(actor=actor, verb="make_backup", object_type="backup", detail=detail)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's manifest. Errors: BadInput when the folder holds no complete backup of this format."""
    try:
        raw = json.loads((folder / MANIFEST).read_text("utf-8"))
        parts = {name: [FileEntry(**entry) for entry in raw[name]] for name in ("dump", "files")}
        manifest = Manifest(**(raw | parts))
    except FileNotFoundError as error:
        raise BadInput(
            _("%(folder)s does not contain a complete backup: its manifest is missing.") % {"folder": folder}
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(_("The manifest in %(folder)s cannot be read.") % {"folder": folder}) from error
    if manifest.format != FORMAT:
        raise BadInput(_("This backup was made by another version: format %(format)s.") % {"format": manifest.format})
    return manifest


def count_tables() -> dict[str, int]:
    """Count the rows of every table, in one statement."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        if not tables:
            return {}
        quote = connection.ops.quote_name
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {quote(table)}" for table in tables))
        return dict(sorted(cursor.fetchall()))


def place_of(backup_id: str, part: str, path: str) -> str:
    """Return what a file of a backup is bound to: none can be exchanged for another, nor for that of another backup."""
    return f"{PLACE}:{backup_id}/{part}/{path}"


def run_tool(name: str, *arguments: str | Path) -> str:
    """Run pg_dump or pg_restore on the database in use and return what it printed."""
    command, environment = _tool(name, *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    _refuse_failure(name, done.returncode, done.stderr)
    return done.stdout


def _tool(name: str, *arguments: str | Path) -> tuple[list[str | Path], dict[str, str]]:
    """Return the command and its environment, by which the password is passed. Errors: BadInput when it is not installed."""
    place = connection.settings_dict
    program = shutil.which(name)
    if program is None:
        raise BadInput(
            _("%(name)s is not installed on this machine; install the PostgreSQL client programs.") % {"name": name}
        )
    connection_variables = {
        "PGHOST": place["HOST"],
        "PGPORT": place["PORT"],
        "PGUSER": place["USER"],
        "PGPASSWORD": place["PASSWORD"],
    }
    given = {key: str(value) for key, value in connection_variables.items() if value}
    return [program, *arguments], {**os.environ, **given}


def _refuse_failure(name: str, code: int, errors: str) -> None:
    if code:
        raise BadInput(_("%(name)s failed: %(why)s") % {"name": name, "why": errors.strip()[-500:]})


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder in the order of their names; links are left out."""
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(cipher: Cipher, backup_id: str, target: Path) -> tuple[dict[str, int], int]:
    """Dump one snapshot as ciphertext and count the rows of that same snapshot; return counts and the server's version."""
    name = str(connection.settings_dict["NAME"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int")
        snapshot, version = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
        _encrypt_dump(cipher, place_of(backup_id, DUMP, target.name), [*options, name], target)
        return count_tables(), version


def _encrypt_dump(cipher: Cipher, place: str, arguments: list[str], target: Path) -> None:
    """Encrypt what pg_dump writes, as it writes it."""
    command, environment = _tool("pg_dump", *arguments)
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors) as dump:
            if dump.stdout is None:
                raise RuntimeError("pg_dump has no output to read.")
            encrypt_file(cipher, place, cast("BinaryIO", dump.stdout), target)
        errors.seek(0)
        _refuse_failure("pg_dump", dump.returncode, errors.read().decode("utf-8", "replace"))


def _encrypt_files(cipher: Cipher, backup_id: str, source: Path, target: Path) -> list[FileEntry]:
    target.mkdir(mode=0o700)
    copied = []
    for path in files_below(source):
        relative = path.relative_to(source)
        if relative.parts[0] not in TRANSIENT_FOLDERS:
            with path.open("rb") as file:
                encrypt_file(cipher, place_of(backup_id, FILES, relative.as_posix()), file, target / relative)
            copied.append(_entry(target / relative, target))
    return copied


def _entry(path: Path, base: Path) -> FileEntry:
    return FileEntry(path.relative_to(base).as_posix(), path.stat().st_size, sha256_of(path))
