"""Backups: one folder with the database's dump, the people's files and a manifest of both; never keys.

The dump is taken first, and files are written before the rows that name them, so every file the dump mentions is copied.
Called by the commands backup and restore; reading one back is operations/restore.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.audit.actors import WhoActs
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict
from registry.services.keys import count_rows_by_key

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database", "files"
TRANSIENT_FOLDERS = ("incoming", "spill", "exports")  # folders of DATA_DIR whose files are made again or expire
JOBS = 2
CHUNK_BYTES = 1 << 20


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
    """Write a backup into a folder that does not exist yet, or is empty.

    Effects: the folder, mode 0700, the manifest last: without one it is not a backup. One audit event.
    Errors: Conflict when the folder holds something; BadInput when pg_dump is missing or fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(_("%(folder)s is not empty; choose a new folder for the backup.") % {"folder": folder})
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    rows, server_version = _dump(folder / DUMP)
    manifest = Manifest(
        format=FORMAT,
        made_at=at.isoformat(timespec="seconds"),
        server_version=server_version,
        rows=rows,
        key_ids=list(count_rows_by_key()),
        dump=[_entry(path, folder / DUMP) for path in files_below(folder / DUMP)],
        files=_copy_files(Path(settings.DATA_DIR), folder / FILES),
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


def run_tool(name: str, *arguments: str | Path) -> str:
    """Run pg_dump or pg_restore on the database in use and return what it printed; the password is passed by environment variable."""
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
    environment = os.environ | {key: str(value) for key, value in connection_variables.items() if value}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadInput(_("%(name)s failed: %(why)s") % {"name": name, "why": done.stderr.strip()[-500:]})
    return done.stdout


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder in the order of their names; links are left out."""
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def copy_and_hash(source: Path, target: Path) -> str:
    """Copy a file with mode 0600, flushed to disk, and return the SHA-256 of what was read."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as write:
        while chunk := read.read(CHUNK_BYTES):
            digest.update(chunk)
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(folder: Path) -> tuple[dict[str, int], int]:
    """Dump one snapshot and count the rows of that same snapshot; return counts and the server's version."""
    name = str(connection.settings_dict["NAME"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int")
        snapshot, version = cursor.fetchone()
        options = ["--format=directory", f"--jobs={JOBS}", "--no-owner", "--no-privileges", "--no-comments"]
        run_tool("pg_dump", *options, f"--snapshot={snapshot}", f"--file={folder}", name)
        return count_tables(), version


def _copy_files(source: Path, target: Path) -> list[FileEntry]:
    target.mkdir(mode=0o700)
    copied = []
    for path in files_below(source):
        relative = path.relative_to(source)
        if relative.parts[0] not in TRANSIENT_FOLDERS:
            digest = copy_and_hash(path, target / relative)
            copied.append(FileEntry(relative.as_posix(), (target / relative).stat().st_size, digest))
    return copied


def _entry(path: Path, base: Path) -> FileEntry:
    return FileEntry(path.relative_to(base).as_posix(), path.stat().st_size, sha256_of(path))
