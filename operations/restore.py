"""Reading a backup back: into an empty database and an empty DATA_DIR only, every hash checked before and while copying.

Called by the command restore, as the owner of the database. `initialise` does the rest:
grants, and migrations of a newer version.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from foundation.audit.actors import WhoActs
from foundation.audit.services import record_event
from foundation.jobs.duckdb_connections import SPILL
from foundation.primitives.ciphertext import Cipher, CiphertextError
from foundation.primitives.ciphertext_stores import Verified
from foundation.primitives.encrypted_files import decrypt_file_to
from foundation.primitives.errors import BadInput, Conflict
from operations.backup import (
    DUMP,
    DUMP_FILE,
    FILES,
    JOBS,
    TRANSIENT_FOLDERS,
    FileEntry,
    Manifest,
    count_tables,
    files_below,
    place_of,
    read_manifest,
    run_tool,
    sha256_of,
)
from registry.services.keys import verify_keys

NOT_OURS = " EXTENSION - pg_stat_statements"  # belongs to the server; its owner makes it


@dataclass(frozen=True)
class Restored:
    """What was read back."""

    manifest: Manifest
    keys: list[Verified]


def restore_backup(*, actor: WhoActs, folder: Path) -> Restored:
    """Read a backup into this empty installation and verify that all of it is there.

    Effects: database, DATA_DIR, two audit events. If interrupted: empty the target and start over.
    Errors: Conflict when the target is not empty; BadInput when the backup is damaged or its keys are not in the ring,
    in both cases before anything is written.
    """
    manifest = read_manifest(folder)
    _refuse_filled_target()
    _refuse_missing_keys(manifest)
    _check_hashes(folder / DUMP, manifest.dump)
    _check_hashes(folder / FILES, manifest.files)
    _decrypt_files(folder / FILES, manifest)
    _read_dump(folder / DUMP, manifest)
    _compare_rows(manifest)
    verified = verify_keys(actor=actor)
    if any(column.broken for column in verified):
        raise BadInput(_("Numbers in this backup cannot be decrypted with this key file; use the correct one."))
    detail = {"made_at": manifest.made_at, "rows": sum(manifest.rows.values()), "files": len(manifest.files)}
    record_event(actor=actor, verb="restore_backup", object_type="backup", detail=detail)
    return Restored(manifest, verified)


def _refuse_filled_target() -> None:
    kept = next(
        (
            p
            for p in files_below(settings.DATA_DIR)
            if p.relative_to(settings.DATA_DIR).parts[0] not in TRANSIENT_FOLDERS
        ),
        None,
    )
    if kept or count_tables():
        raise Conflict(
            _("This installation is not empty; a backup can only be restored into an empty one."),
            what_to_do=_("Specify a new STATE_DIR, or an empty database and an empty DATA_DIR."),
        )


def _refuse_missing_keys(manifest: Manifest) -> None:
    missing = sorted(set(manifest.key_ids) - set(settings.KEYS.data_keys))
    if missing:
        raise BadInput(_("The key file lacks the keys %(keys)s used by this backup.") % {"keys": ", ".join(missing)})


def _check_hashes(folder: Path, entries: Sequence[FileEntry]) -> None:
    """Check that every file of the manifest is there and unchanged, and that nothing else is."""
    found = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    wrong = found ^ {entry.path for entry in entries}
    wrong |= {entry.path for entry in entries if entry.path in found and sha256_of(folder / entry.path) != entry.sha256}
    if wrong:
        raise BadInput(
            _("The backup is damaged: %(count)s files are missing, changed or unknown; the first is %(path)s.")
            % {"count": len(wrong), "path": min(wrong)}
        )


def _decrypt_files(folder: Path, manifest: Manifest) -> None:
    for entry in manifest.files:
        _decrypt(folder / entry.path, place_of(manifest.backup_id, FILES, entry.path), settings.DATA_DIR / entry.path)


def _decrypt(source: Path, place: str, target: Path) -> None:
    try:
        decrypt_file_to(Cipher(settings.KEYS), place, source, target)
    except CiphertextError as error:
        raise BadInput(
            _("%(path)s cannot be decrypted: it was changed, belongs to another backup or needs another key.")
            % {"path": source.name}
        ) from error


def _read_dump(folder: Path, manifest: Manifest) -> None:
    """Read the dump back from a decrypted copy below DATA_DIR, which is removed whatever happens."""
    name, spill = str(connection.settings_dict["NAME"]), Path(settings.DATA_DIR) / SPILL
    spill.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spill) as place:
        dump, wanted = Path(place) / DUMP_FILE, Path(place) / "wanted.list"
        _decrypt(folder / DUMP_FILE, place_of(manifest.backup_id, DUMP, DUMP_FILE), dump)
        contents = [line for line in run_tool("pg_restore", "--list", dump).splitlines() if NOT_OURS not in line]
        wanted.write_text("\n".join(contents), "utf-8")
        options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--jobs={JOBS}", f"--use-list={wanted}"]
        run_tool("pg_restore", *options, f"--dbname={name}", dump)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _compare_rows(manifest: Manifest) -> None:
    restored = count_tables()
    differing = sorted(
        table for table in {*restored, *manifest.rows} if restored.get(table) != manifest.rows.get(table)
    )
    if differing:
        raise BadInput(_("Rows are missing after the restore: %(tables)s.") % {"tables": ", ".join(differing)})
