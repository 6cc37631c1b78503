"""Sealing the audit logs and verifying them: set-based fingerprints, chained signatures, and a witness file outside the database.

A seal is taken only up to a row before which no other can appear: every transaction that ran when the range was measured has
ended. Each signature is also appended to a file under DATA_DIR, so that seals removed at the end are noticed.
"""

from __future__ import annotations

import hmac
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from foundation.audit.models.seal import AuditSeal, SealedLog

LAYOUT = 1
ROWS_PER_SEAL = 100_000
SECONDS_BETWEEN_LOOKS = 0.2
TABLES = {
    SealedLog.EVENTS: "audit_auditevent",
    SealedLog.DISCLOSURES: "audit_disclosure",
    SealedLog.CONTEXTS: "audit_contextentry",
    SealedLog.SIGN_INS: "axes_accesslog",
    SealedLog.FAILED_SIGN_INS: "axes_accessfailurelog",
}
NOTHING_BEFORE = "0" * 64
SQL = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class IdRange:
    """A range of ids with the number of its rows and their fingerprint."""

    from_id: int
    to_id: int
    row_count: int
    rows_sha256: str


@dataclass(frozen=True)
class Verified:
    """What a verification of one log found; `problems` are sentences for the auditor."""

    log: SealedLog
    seals: int
    sealed_rows: int
    unsealed_rows: int
    problems: tuple[str, ...]


def seal_logs(*, at: datetime, patience_seconds: float = 60.0) -> list[AuditSeal]:
    """Seal all rows added to the logs since their last seals.

    Effects: AuditSeal rows, a line each in the witness file; safe to run again and concurrently. Seals less, or nothing,
    while a transaction runs longer than `patience_seconds`. Cost: 8 s for a million rows, on two busy cores.
    """
    sealed = []
    for log in SealedLog:
        for upper in _complete_ends(log, patience_seconds):
            seal = _seal_up_to(log, upper, at)
            if seal is not None:
                sealed.append(seal)
    return sealed


def verify_log(log: SealedLog, *, witness: Path | None = None) -> Verified:
    """Compute every seal of a log again and compare; nothing is written. Cost: 8 s for a million rows, on two busy cores.

    Detects a row changed, removed or inserted below the last seal, a seal changed, removed or forged without the key, and
    removed seals that the witness file contains. Rows after the last seal are only counted.
    """
    seals = list(AuditSeal.objects.filter(log=log).order_by("from_id"))
    found = {measured.from_id: measured for measured in _measure(log, [(seal.from_id, seal.to_id) for seal in seals])}
    last = seals[-1].to_id if seals else 0
    problems = [
        *_check_chain(seals),
        *_check_rows(seals, found),
        *_check_witness(log, seals, witness or witness_file()),
    ]
    if below := _count(log, "id <= 0"):
        problems.append(f"{below} rows stand before the first id; the log never contained them.")
    return Verified(
        log=log,
        seals=len(seals),
        sealed_rows=sum(seal.row_count for seal in seals),
        unsealed_rows=_count(log, "id > %s", last),
        problems=tuple(problems),
    )


def count_unsealed() -> dict[SealedLog, int]:
    """Count the rows after the last seal of each log. One query."""
    counts = " UNION ALL ".join(
        f"SELECT '{log.value}', count(*) FROM {TABLES[log]}"
        f" WHERE id > coalesce((SELECT max(to_id) FROM audit_auditseal WHERE log = '{log.value}'), 0)"
        for log in SealedLog
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return {SealedLog(log): count for log, count in cursor.fetchall()}


def witness_file() -> Path:
    """Return the path of the witness file: outside the database, beside the files with personal data."""
    return Path(settings.DATA_DIR) / "audit" / "seals.jsonl"


def _complete_ends(log: SealedLog, patience_seconds: float) -> Iterator[int]:
    """Yield the ids up to which a log is complete, at most ROWS_PER_SEAL rows apart."""
    start = _last_sealed(log)
    newest = _newest(log)
    if newest is None or newest <= start or not _wait_for_writers(log, patience_seconds):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM {TABLES[log]}"
            " WHERE id > %s AND id <= %s) numbered WHERE place %% %s = 0 OR id = %s ORDER BY id",
            [start, newest, ROWS_PER_SEAL, newest],
        )
        yield from [row[0] for row in cursor.fetchall()]


def _wait_for_writers(log: SealedLog, patience_seconds: float) -> bool:
    """Wait until every other transaction that writes to the log now has ended: only they can still commit an id below the newest.

    An insert locks its table before it takes an id, and keeps the lock until its transaction ends.
    """
    give_up_at = time.monotonic() + patience_seconds
    writers = _list_writers(log)
    while writers:
        if time.monotonic() > give_up_at:
            return False
        time.sleep(SECONDS_BETWEEN_LOOKS)
        writers &= _list_writers(log)
    return True


def _list_writers(log: SealedLog) -> set[str]:
    """Return the other transactions of this database that have written to the log, or are about to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = %s::regclass AND pid <> pg_backend_pid()",
            [TABLES[log]],
        )
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _seal_up_to(log: SealedLog, upper: int, at: datetime) -> AuditSeal | None:
    """Write the next seal of a log; None when another process has just sealed these rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit_seal'))")
    before = AuditSeal.objects.filter(log=log).order_by("-to_id").first()
    start = before.to_id + 1 if before else 1
    if upper < start:
        return None
    (measured,) = _measure(log, [(start, upper)])
    seal = AuditSeal(
        log=log,
        from_id=measured.from_id,
        to_id=measured.to_id,
        row_count=measured.row_count,
        layout=LAYOUT,
        rows_sha256=measured.rows_sha256,
        sealed_at=at,
    )
    seal.signature = sign(seal, before.signature if before else NOTHING_BEFORE)
    seal.save()
    transaction.on_commit(lambda: _append_to_witness(seal))
    return seal


def sign(seal: AuditSeal, signature_before: str) -> str:
    """Return the signature of a seal, with a key derived from the installation's; which is never stored in the database."""
    key = hmac.digest(settings.KEYS.blind_key, b"audit seal", "sha256")
    facts = [signature_before, seal.log, seal.from_id, seal.to_id, seal.row_count, seal.layout, seal.rows_sha256]
    return hmac.new(key, json.dumps(facts).encode(), "sha256").hexdigest()


def _measure(log: SealedLog, ranges: list[tuple[int, int]]) -> list[IdRange]:
    """Count and fingerprint the rows of ranges of ids in one statement."""
    statement = (SQL / f"fingerprint_{log.value}.sql").read_text("utf-8")
    starts, ends = [each[0] for each in ranges], [each[1] for each in ranges]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH id_ranges AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS given (from_id, to_id)) "
            + statement,
            [starts, ends],
        )
        return [IdRange(*row) for row in cursor.fetchall()]


def _check_chain(seals: list[AuditSeal]) -> Iterator[str]:
    before, next_id = NOTHING_BEFORE, 1
    for seal in seals:
        if seal.from_id != next_id:
            yield f"A seal is missing: ids {next_id} to {seal.from_id - 1} are not covered."
        if not hmac.compare_digest(seal.signature, sign(seal, before)):
            yield f"Seal {seal.pk} (ids {seal.from_id} to {seal.to_id}) was not signed by this installation."
        before, next_id = seal.signature, seal.to_id + 1


def _check_rows(seals: list[AuditSeal], found: dict[int, IdRange]) -> Iterator[str]:
    for seal in seals:
        now = found[seal.from_id]
        if now.row_count != seal.row_count:
            yield (
                f"Ids {seal.from_id} to {seal.to_id}: {now.row_count} rows now, {seal.row_count} when sealed"
                f" on {seal.sealed_at:%Y-%m-%d %H:%M}."
            )
        elif now.rows_sha256 != seal.rows_sha256:
            yield f"Ids {seal.from_id} to {seal.to_id}: a row was changed after {seal.sealed_at:%Y-%m-%d %H:%M}."


def _check_witness(log: SealedLog, seals: list[AuditSeal], path: Path) -> Iterator[str]:
    if not path.exists():
        if seals:
            yield f"The witness file {path.name} is missing: seals removed at the end would not be noticed."
        return
    held = {seal.signature for seal in seals}
    witnessed = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in witnessed:
        if line["log"] == log.value and line["signature"] not in held:
            yield f"The witness file has a seal over ids {line['from_id']} to {line['to_id']} that is not in the database."


def _append_to_witness(seal: AuditSeal) -> None:
    """Append a seal's signature to the witness file and flush it to the disk."""
    path = witness_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = {
        "log": str(seal.log),
        "from_id": seal.from_id,
        "to_id": seal.to_id,
        "signature": seal.signature,
        "sealed_at": seal.sealed_at.isoformat(),
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _last_sealed(log: SealedLog) -> int:
    return AuditSeal.objects.filter(log=log).order_by("-to_id").values_list("to_id", flat=True).first() or 0


def _newest(log: SealedLog) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {TABLES[log]}")
        newest: int | None = cursor.fetchone()[0]
        return newest


def _count(log: SealedLog, condition: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLES[log]} WHERE {condition}", list(values))
        return int(cursor.fetchone()[0])
