"""Sealing the books and verifying them: set-based fingerprints, chained signatures, and a witness outside the database.

A seal is taken only up to a row before which nothing can appear any more: every transaction that ran when the stretch was
measured has ended. Each signature is also appended to a file under DATA_DIR, so that seals cut off at the end are missed.
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

from foundation.audit.models.seal import AuditSeal, Book

LAYOUT = 1
ROWS_PER_SEAL = 100_000
SECONDS_TO_SETTLE = 1.0
TABLES = {Book.EVENTS: "audit_auditevent", Book.DISCLOSURES: "audit_disclosure"}
NOTHING_BEFORE = "0" * 64
SQL = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class Stretch:
    """A run of ids with the number of rows in it and their fingerprint."""

    from_id: int
    to_id: int
    row_count: int
    rows_sha256: str


@dataclass(frozen=True)
class Verified:
    """What a verification of one book found; `problems` are sentences for the auditor."""

    book: Book
    seals: int
    sealed_rows: int
    unsealed_rows: int
    problems: tuple[str, ...]


def seal_books(*, at: datetime, patience_seconds: float = 60.0) -> list[AuditSeal]:
    """Seal everything that has come to both books since their last seals.

    Effects: AuditSeal rows, a line each in the witness file; safe to run again and beside itself. Seals less, or nothing,
    while a transaction runs longer than the patience. Cost: 8 s for a million rows, on two busy cores.
    """
    sealed = []
    for book in Book:
        for upper in _settled_ends(book, patience_seconds):
            seal = _seal_up_to(book, upper, at)
            if seal is not None:
                sealed.append(seal)
    return sealed


def verify_book(book: Book, *, witness: Path | None = None) -> Verified:
    """Compute every seal of a book again and compare; nothing is written. Cost: 8 s for a million rows, on two busy cores.

    Detects a row changed, removed or inserted below the last seal, a seal changed, removed or forged without the key, and
    seals cut off that the witness has seen. Rows after the last seal are only counted.
    """
    seals = list(AuditSeal.objects.filter(book=book).order_by("from_id"))
    found = {stretch.from_id: stretch for stretch in _measure(book, [(seal.from_id, seal.to_id) for seal in seals])}
    last = seals[-1].to_id if seals else 0
    problems = [
        *_check_chain(seals),
        *_check_rows(seals, found),
        *_check_witness(book, seals, witness or witness_file()),
    ]
    if below := _count(book, "id <= 0"):
        problems.append(f"{below} rows stand before the first id; the book never wrote them.")
    return Verified(
        book=book,
        seals=len(seals),
        sealed_rows=sum(seal.row_count for seal in seals),
        unsealed_rows=_count(book, "id > %s", last),
        problems=tuple(problems),
    )


def count_unsealed(book: Book) -> int:
    """Count the rows after the last seal of a book. Two queries."""
    return _count(book, "id > %s", _last_sealed(book))


def witness_file() -> Path:
    """Return where the witness lies: outside the database, beside the files with personal data."""
    return Path(settings.DATA_DIR) / "audit" / "seals.jsonl"


def _settled_ends(book: Book, patience_seconds: float) -> Iterator[int]:
    """Give the ids up to which a book is settled, at most ROWS_PER_SEAL rows apart."""
    start = _last_sealed(book)
    newest = _newest(book)
    if newest is None or newest <= start or not _wait_for_writers(patience_seconds):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM {TABLES[book]}"
            " WHERE id > %s AND id <= %s) numbered WHERE place %% %s = 0 OR id = %s ORDER BY id",
            [start, newest, ROWS_PER_SEAL, newest],
        )
        yield from [row[0] for row in cursor.fetchall()]


def _wait_for_writers(patience_seconds: float) -> bool:
    """Wait until every other transaction that runs now has ended: only they can still bring an id below the newest."""
    time.sleep(SECONDS_TO_SETTLE)  # an insert takes its id a moment before its transaction gets a number
    give_up_at = time.monotonic() + patience_seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        (limit,) = cursor.fetchone()
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS running WHERE running < %s::xid8",
                [limit],
            )
            if cursor.fetchone()[0] == 0:
                return True
            if time.monotonic() > give_up_at:
                return False
            time.sleep(0.2)


@transaction.atomic
def _seal_up_to(book: Book, upper: int, at: datetime) -> AuditSeal | None:
    """Write the next seal of a book; None when somebody else has just sealed these rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit_seal'))")
    before = AuditSeal.objects.filter(book=book).order_by("-to_id").first()
    start = before.to_id + 1 if before else 1
    if upper < start:
        return None
    (stretch,) = _measure(book, [(start, upper)])
    seal = AuditSeal(
        book=book,
        from_id=stretch.from_id,
        to_id=stretch.to_id,
        row_count=stretch.row_count,
        layout=LAYOUT,
        rows_sha256=stretch.rows_sha256,
        sealed_at=at,
    )
    seal.signature = sign(seal, before.signature if before else NOTHING_BEFORE)
    seal.save()
    transaction.on_commit(lambda: _tell_witness(seal))
    return seal


def sign(seal: AuditSeal, signature_before: str) -> str:
    """Return the signature of a seal, with a key derived from the installation's; it never was in the database."""
    key = hmac.digest(settings.KEYS.blind_key, b"audit seal", "sha256")
    facts = [signature_before, seal.book, seal.from_id, seal.to_id, seal.row_count, seal.layout, seal.rows_sha256]
    return hmac.new(key, json.dumps(facts).encode(), "sha256").hexdigest()


def _measure(book: Book, ranges: list[tuple[int, int]]) -> list[Stretch]:
    """Count and fingerprint the rows of stretches of ids in one statement."""
    statement = (SQL / f"fingerprint_{book.value}.sql").read_text("utf-8")
    starts, ends = [each[0] for each in ranges], [each[1] for each in ranges]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH stretches AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS given (from_id, to_id)) "
            + statement,
            [starts, ends],
        )
        return [Stretch(*row) for row in cursor.fetchall()]


def _check_chain(seals: list[AuditSeal]) -> Iterator[str]:
    before, next_id = NOTHING_BEFORE, 1
    for seal in seals:
        if seal.from_id != next_id:
            yield f"A seal is missing: ids {next_id} to {seal.from_id - 1} are not covered."
        if not hmac.compare_digest(seal.signature, sign(seal, before)):
            yield f"Seal {seal.pk} (ids {seal.from_id} to {seal.to_id}) was not signed by this installation."
        before, next_id = seal.signature, seal.to_id + 1


def _check_rows(seals: list[AuditSeal], found: dict[int, Stretch]) -> Iterator[str]:
    for seal in seals:
        now = found[seal.from_id]
        if now.row_count != seal.row_count:
            yield (
                f"Ids {seal.from_id} to {seal.to_id}: {now.row_count} rows now, {seal.row_count} when sealed"
                f" on {seal.sealed_at:%Y-%m-%d %H:%M}."
            )
        elif now.rows_sha256 != seal.rows_sha256:
            yield f"Ids {seal.from_id} to {seal.to_id}: a row was changed after {seal.sealed_at:%Y-%m-%d %H:%M}."


def _check_witness(book: Book, seals: list[AuditSeal], path: Path) -> Iterator[str]:
    if not path.exists():
        if seals:
            yield f"The witness file {path.name} is missing: seals cut off at the end would not be noticed."
        return
    held = {seal.signature for seal in seals}
    seen = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in seen:
        if line["book"] == book.value and line["signature"] not in held:
            yield f"The witness saw a seal over ids {line['from_id']} to {line['to_id']} that is not in the database."


def _tell_witness(seal: AuditSeal) -> None:
    """Append a seal's signature to the witness file, flushed to the disk."""
    path = witness_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = {
        "book": str(seal.book),
        "from_id": seal.from_id,
        "to_id": seal.to_id,
        "signature": seal.signature,
        "sealed_at": seal.sealed_at.isoformat(),
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _last_sealed(book: Book) -> int:
    return AuditSeal.objects.filter(book=book).order_by("-to_id").values_list("to_id", flat=True).first() or 0


def _newest(book: Book) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {TABLES[book]}")
        newest: int | None = cursor.fetchone()[0]
        return newest


def _count(book: Book, condition: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLES[book]} WHERE {condition}", list(values))
        return int(cursor.fetchone()[0])
