"""Identity numbers into the database, encrypted. Read again: selectors/numbers.py.

A number is stored once and found again by its blind index; callers keep texts in memory only.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into, hex_bytes
from foundation.primitives.columns import clean_numbers
from registry.constants import NumberState
from registry.models import PersonIdentifier
from registry.selectors.numbers import COLUMN, TABLE, cipher


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
    ciphertexts = cipher().encrypt_many(COLUMN, zip(ids, wanted, strict=True))
    rows = pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "ciphertext": hex_bytes(ciphertexts),
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


def add_identifier(*, person_id: int, number_id: int, at: datetime) -> None:
    """Give a person a right number that no file stated. Effects: one PersonIdentifier, unless the person has it already."""
    PersonIdentifier.objects.get_or_create(
        person_id=person_id,
        number_id=number_id,
        superseded_at=None,
        defaults={"state": NumberState.OK, "recorded_at": at},
    )


def allocate_ids(table: str, count: int) -> list[int]:
    """Reserve ids before the insert: a ciphertext is bound to its row's id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [cursor.fetchone()[0], count])
        return [row[0] for row in cursor.fetchall()]
