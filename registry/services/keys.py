"""The keys of everything that is stored as ciphertext: does each row still open, and close it anew under the current key.

CIPHERTEXT_COLUMNS is the list: a table that stores a ciphertext is added there and nowhere else. Called by the
commands verify_keys, rotate_keys and restore. Texts live in memory for one batch and are never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from poverty_pension.audit.services import WhoActs, record_event
from poverty_pension.primitives.bulk import copy_into, copy_out, hex_bytes
from poverty_pension.primitives.ciphertext import BlindKind, Cipher, CiphertextError
from poverty_pension.primitives.errors import Conflict

BATCH_ROWS = 20_000
BROKEN_IDS_TOLD = 20
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class CiphertextColumn:
    """A column of ciphertexts, the column with the id of the key that closed each, and the blind indexes beside it."""

    table: str
    column: str
    key_column: str
    blinds: Mapping[BlindKind, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """What a ciphertext is bound to, together with the row's id."""
        return f"{self.table}.{self.column}"


CIPHERTEXT_COLUMNS = (
    CiphertextColumn(
        table="registry_identitynumber",
        column="ciphertext",
        key_column="key_id",
        blinds={"full": "blind_full", "last6": "blind_last6", "last4": "blind_last4"},
    ),
)


@dataclass(frozen=True)
class Verified:
    """What one column looked like: rows per key id, and the rows that do not open or whose blind indexes differ."""

    place: str
    rows_of_key: dict[str, int]
    broken: int = 0
    broken_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rotated:
    """What one column's rotation did."""

    place: str
    rows: int


def verify_keys(*, actor: WhoActs, tell: Tell | None = None) -> list[Verified]:
    """Open every ciphertext and compute its blind indexes again.

    Effects: one line in the book. Cost: 70,000 rows a second, memory of one batch.
    """
    cipher = Cipher(settings.KEYS)
    found = [verify_column(column, cipher, tell) for column in CIPHERTEXT_COLUMNS]
    for each in found:
        record_event(
            actor=actor,
            verb="verify_keys",
            object_type=each.place,
            detail={"rows_of_key": each.rows_of_key, "broken": each.broken},
        )
    return found


def rotate_keys(*, actor: WhoActs, tell: Tell | None = None) -> list[Rotated]:
    """Close under the current key everything that another key of the ring closed; blind indexes stay.

    Effects: rewrites ciphertext and key id, a transaction per batch; what is left after a kill is what still names
    another key, so running it again goes on there. One line in the book per column.
    Errors: Conflict when another rotation runs; CiphertextError for a row that does not open, the rows before it done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('rotate_keys'))")
        if not cursor.fetchone()[0]:
            raise Conflict(_("Another rotation of the keys is under way."), what_to_do=_("Wait until it has ended."))
        try:
            return [_rotate_and_record(column, actor, tell) for column in CIPHERTEXT_COLUMNS]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('rotate_keys'))")


def count_rows_by_key(column: CiphertextColumn) -> dict[str, int]:
    """Return how many rows each key closed, by what the rows say."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column.key_column}, count(*) FROM {column.table} GROUP BY 1 ORDER BY 1")
        return dict(cursor.fetchall())


def verify_column(column: CiphertextColumn, cipher: Cipher, tell: Tell | None = None) -> Verified:
    """Verify one column."""
    total = sum(count_rows_by_key(column).values())
    rows_of_key: Counter[str] = Counter()
    broken: list[int] = []
    done = 0
    for batch in _batches(column, "true", []):
        rows_of_key.update(batch["key_id"].to_pylist())
        broken += _broken_rows(column, cipher, batch)
        done += batch.num_rows
        if tell:
            tell(done, total)
    return Verified(column.place, dict(sorted(rows_of_key.items())), len(broken), tuple(broken[:BROKEN_IDS_TOLD]))


def _broken_rows(column: CiphertextColumn, cipher: Cipher, batch: pa.Table) -> list[int]:
    """Return the ids of a batch's rows that do not open, name another key than closed them, or whose blinds differ."""
    names = [f"blind_{kind}" for kind in column.blinds]
    broken = []
    for row_id, closed_hex, key_id, *blinds in zip(
        *(batch[name].to_pylist() for name in ("id", "ciphertext", "key_id", *names)), strict=True
    ):
        closed = bytes.fromhex(closed_hex)
        try:
            text = cipher.decrypt(f"{column.place}:{row_id}", closed)
        except CiphertextError:
            broken.append(row_id)
            continue
        computed = [cipher.blind_index(kind, text).hex() for kind in column.blinds]
        if computed != blinds or cipher.key_id_of(closed) != key_id:
            broken.append(row_id)
    return broken


def _rotate_and_record(column: CiphertextColumn, actor: WhoActs, tell: Tell | None) -> Rotated:
    before = count_rows_by_key(column)
    rotated = rotate_column(column, tell)
    if rotated.rows:
        detail = {"rows": rotated.rows, "to_key": settings.KEYS.current_key, "rows_of_key_before": before}
        record_event(actor=actor, verb="rotate_keys", object_type=column.place, detail=detail)
    return rotated


def rotate_column(column: CiphertextColumn, tell: Tell | None = None) -> Rotated:
    """Rotate one column; the caller sees to it that nobody else does, and writes the book."""
    current = settings.KEYS.current_key
    before = count_rows_by_key(column)
    left = sum(rows for key_id, rows in before.items() if key_id != current)
    cipher = Cipher(settings.KEYS)
    done = 0
    for batch in _batches(replace(column, blinds={}), f"{column.key_column} <> %s", [current]):
        done += _close_again(column, cipher, batch)
        if tell:
            tell(done, left)
    return Rotated(column.place, done)


@transaction.atomic
def _close_again(column: CiphertextColumn, cipher: Cipher, batch: pa.Table) -> int:
    """Write one batch; a row that somebody rotated meanwhile is left as it is."""
    ids = batch["id"].to_pylist()
    closed = (bytes.fromhex(text) for text in batch["ciphertext"].to_pylist())
    texts = cipher.decrypt_many(column.place, zip(ids, closed, strict=True))
    again = cipher.encrypt_many(column.place, zip(ids, texts, strict=True))
    rows = pa.table({"id": batch["id"], "old_key": batch["key_id"], "closed": hex_bytes(again)})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")  # a lost batch still bears its old key and is done again
        cursor.execute("CREATE TEMP TABLE closed_again (id bigint, old_key text, closed bytea) ON COMMIT DROP")
        copy_into(cursor, "closed_again", rows)
        cursor.execute(
            f"""
            UPDATE {column.table} kept SET {column.column} = a.closed, {column.key_column} = %s
            FROM closed_again a WHERE kept.id = a.id AND kept.{column.key_column} = a.old_key
                AND kept.id BETWEEN %s AND %s -- else the whole table is read for each batch
            """,
            [settings.KEYS.current_key, ids[0], ids[-1]],
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE closed_again")
    return changed


def _batches(column: CiphertextColumn, condition: str, params: list[object]) -> Iterator[pa.Table]:
    """Yield the rows by id, BATCH_ROWS at a time: id, ciphertext and blinds as hex text, key_id."""
    blinds = "".join(f", encode({name}, 'hex') AS blind_{kind}" for kind, name in column.blinds.items())
    query = f"""
        SELECT id, encode({column.column}, 'hex') AS ciphertext, {column.key_column} AS key_id{blinds}
        FROM {column.table} WHERE id > %s AND {condition} ORDER BY id LIMIT {BATCH_ROWS}
    """
    texts = ["ciphertext", "key_id", *(f"blind_{kind}" for kind in column.blinds)]
    schema = pa.schema([("id", pa.int64()), *((name, pa.string()) for name in texts)])
    last = 0
    while True:
        with connection.cursor() as cursor:
            batch = copy_out(cursor, query, schema, [last, *params])
        if not batch.num_rows:
            return
        last = batch["id"][-1].as_py()
        yield batch
