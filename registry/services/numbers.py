"""Identity numbers in and out of the database: the only module that encrypts or decrypts them.

A number is stored once, found again by its blind index; callers handle texts only in memory, at the edges.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into, copy_out, hex_bytes
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.columns import clean_numbers

COLUMN = "registry_identitynumber.ciphertext"
TABLE = "registry_identitynumber"
_IDS = pa.schema([("id", pa.int64()), ("blind", pa.string())])
_CLOSED = pa.schema([("id", pa.int64()), ("ciphertext", pa.string()), ("valid", pa.bool_())])


@cache
def cipher() -> Cipher:
    return Cipher(settings.KEYS)


@transaction.atomic
def store_numbers(texts: pa.Array | pa.ChunkedArray, *, recorded_at: datetime) -> dict[str, int]:
    """Store cleaned number texts, right or damaged, and return text -> id for each distinct one that is not empty.

    Effects: inserts into registry_identitynumber what is not there yet, under an advisory lock. Safe to run again.
    Cost: 25,000 new numbers a second.
    """
    distinct = [text for text in pc.unique(texts).to_pylist() if text]
    if not distinct:
        return {}
    blinds = cipher().blind_many("full", distinct)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TABLE])
        cursor.execute("CREATE TEMP TABLE wanted_number (position int, blind bytea) ON COMMIT DROP")
        wanted = pa.table({"position": pa.array(range(len(distinct)), pa.int32()), "blind": hex_bytes(blinds)})
        copy_into(cursor, "wanted_number", wanted)
        cursor.execute(
            f"SELECT w.position, n.id FROM wanted_number w JOIN {TABLE} n ON n.blind_full = w.blind ORDER BY w.position"
        )
        known = dict(cursor.fetchall())
        new = [position for position in range(len(distinct)) if position not in known]
        known |= _insert(cursor, new, distinct, blinds, recorded_at)
        cursor.execute("DROP TABLE wanted_number")
    return {text: known[position] for position, text in enumerate(distinct)}


def _insert(
    cursor: CursorWrapper, new: list[int], texts: list[str], blinds: list[bytes], recorded_at: datetime
) -> dict[int, int]:
    if not new:
        return {}
    ids = allocate_ids(TABLE, len(new))
    wanted = [texts[position] for position in new]
    read = clean_numbers(pa.array(wanted, pa.string()))
    closed = cipher().encrypt_many(COLUMN, zip(ids, wanted, strict=True))
    rows = pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "ciphertext": hex_bytes(closed),
            "key_id": pa.array([settings.KEYS.current_key] * len(ids)),
            "blind_full": hex_bytes([blinds[position] for position in new]),
            "blind_last6": hex_bytes(cipher().blind_many("last6", wanted)),
            "blind_last4": hex_bytes(cipher().blind_many("last4", wanted)),
            "valid": pa.array(read.valid),
            "birth_date": read.birth,
            "sex": pa.array(read.sex),
            "recorded_at": pa.array([recorded_at.isoformat()] * len(ids)),
        }
    )
    copy_into(cursor, TABLE, rows)
    return dict(zip(new, ids, strict=True))


def allocate_ids(table: str, count: int) -> list[int]:
    """Reserve ids before the insert: a ciphertext is bound to its row's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [cursor.fetchone()[0], count])
        return [row[0] for row in cursor.fetchall()]


def decrypt_numbers(ids_query: str, params: list[object]) -> pa.Table:
    """Decrypt the numbers whose ids a query yields, for the matching.

    Shape: one row a number: number_id, number (text), valid. Cost: 150,000 numbers a second.
    """
    with connection.cursor() as cursor:
        query = f"SELECT id, encode(ciphertext, 'hex') AS ciphertext, valid FROM {TABLE} WHERE id IN ({ids_query})"
        closed = copy_out(cursor, query, _CLOSED, params)
    ids = closed["id"].to_pylist()
    blobs = [bytes.fromhex(text) for text in closed["ciphertext"].to_pylist()]
    opened = cipher().decrypt_many(COLUMN, zip(ids, blobs, strict=True))
    return pa.table({"number_id": closed["id"], "number": pa.array(opened, pa.string()), "valid": closed["valid"]})


def open_number(number_id: int) -> str:
    """Decrypt one number, for a person who stated a purpose; the caller records that."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ciphertext FROM {TABLE} WHERE id = %s", [number_id])
        row = cursor.fetchone()
    return cipher().decrypt(f"{COLUMN}:{number_id}", bytes(row[0]))
