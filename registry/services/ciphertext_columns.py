"""A column of ciphertexts with its key ids and blind indexes beside it: verified and rotated in bulk.

Knows no table; an app's module `ciphertexts` names them. Driven by registry/services/keys.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
from django.db import connection, transaction

from foundation.primitives.bulk import copy_into, copy_out, hex_bytes
from foundation.primitives.ciphertext import BlindKind, Cipher, CiphertextError, key_id_of
from foundation.primitives.ciphertext_stores import BROKEN_IDS_SHOWN, Report, Rotated, Verified

BATCH_ROWS = 20_000


@dataclass(frozen=True)
class CiphertextColumn:
    """A column of ciphertexts, the column with the id of the key that encrypted each, and the blind indexes beside it."""

    table: str
    column: str
    key_column: str
    blinds: Mapping[BlindKind, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The part of a ciphertext's place that names the column; the row's id follows."""
        return f"{self.table}.{self.column}"

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many rows each key encrypted, by the key ids of the rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.key_column}, count(*) FROM {self.table} GROUP BY 1 ORDER BY 1")
            return dict(cursor.fetchall())

    def verify(self, cipher: Cipher, report: Report | None = None) -> Verified:
        """Decrypt every row and compute its blind indexes again. Cost: 100,000 rows a second, memory of one batch."""
        total = sum(self.count_rows_by_key().values())
        rows_of_key: Counter[str] = Counter()
        broken: list[int] = []
        done = 0
        for batch in _batches(self, "true", []):
            rows_of_key.update(batch["key_id"].to_pylist())
            broken += _broken_rows(self, cipher, batch)
            done += batch.num_rows
            if report:
                report(done, total)
        return Verified(self.place, dict(sorted(rows_of_key.items())), len(broken), tuple(broken[:BROKEN_IDS_SHOWN]))

    def rotate(self, cipher: Cipher, report: Report | None = None) -> Rotated:
        """Encrypt again what another key encrypted; the caller makes sure that no other rotation runs. Cost: 100,000 rows a second."""
        before = self.count_rows_by_key()
        left = sum(rows for key_id, rows in before.items() if key_id != cipher.current_key)
        done = 0
        for batch in _batches(replace(self, blinds={}), f"{self.key_column} <> %s", [cipher.current_key]):
            done += _reencrypt(self, cipher, batch)
            if report:
                report(done, left)
        return Rotated(self.place, done)


def _broken_rows(column: CiphertextColumn, cipher: Cipher, batch: pa.Table) -> list[int]:
    """Return the ids of a batch's rows that cannot be decrypted, whose key id is wrong, or whose blind indexes differ."""
    names = [f"blind_{kind}" for kind in column.blinds]
    broken = []
    for row_id, hexadecimal, key_id, *blinds in zip(
        *(batch[name].to_pylist() for name in ("id", "ciphertext", "key_id", *names)), strict=True
    ):
        ciphertext = bytes.fromhex(hexadecimal)
        try:
            text = cipher.decrypt(f"{column.place}:{row_id}", ciphertext)
        except CiphertextError:
            broken.append(row_id)
            continue
        computed = [cipher.blind_index(kind, text).hex() for kind in column.blinds]
        if computed != blinds or key_id_of(ciphertext) != key_id:
            broken.append(row_id)
    return broken


@transaction.atomic
def _reencrypt(column: CiphertextColumn, cipher: Cipher, batch: pa.Table) -> int:
    """Write one batch; a row rotated in the meantime is left as it is."""
    ids = batch["id"].to_pylist()
    ciphertexts = (bytes.fromhex(text) for text in batch["ciphertext"].to_pylist())
    texts = cipher.decrypt_many(column.place, zip(ids, ciphertexts, strict=True))
    again = cipher.encrypt_many(column.place, zip(ids, texts, strict=True))
    rows = pa.table({"id": batch["id"], "old_key": batch["key_id"], "ciphertext": hex_bytes(again)})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")  # a lost batch still has its old key and is done again
        cursor.execute("CREATE TEMP TABLE reencrypted (id bigint, old_key text, ciphertext bytea) ON COMMIT DROP")
        copy_into(cursor, "reencrypted", rows)
        cursor.execute(
            f"""
            UPDATE {column.table} stored SET {column.column} = r.ciphertext, {column.key_column} = %s
            FROM reencrypted r WHERE stored.id = r.id AND stored.{column.key_column} = r.old_key
                AND stored.id BETWEEN %s AND %s -- else the whole table is read for each batch
            """,
            [cipher.current_key, ids[0], ids[-1]],
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE reencrypted")
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
