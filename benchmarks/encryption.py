"""`./run bench encryption [--rows N]`: encrypt a million numbers with their three blind indexes, store, re-encrypt and verify them.

Works in a table of its own with the indexes, triggers and storage options of registry_identitynumber, dropped at the
end. Limits, for a million: encrypting 20 s, rotating 60 s; exit code 1 when one is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

os.environ["DATABASE_ROLE"] = "owner"  # the only role that may create a table

import django
import pyarrow as pa

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from foundation.primitives.bulk import copy_into, hex_bytes  # noqa: E402
from foundation.primitives.ciphertext import BLIND_KINDS, Cipher  # noqa: E402
from registry.ciphertexts import NUMBERS  # noqa: E402
from registry.services.ciphertext_columns import CiphertextColumn  # noqa: E402

T = TypeVar("T")
MILLION = 1_000_000
LIMITS = {"encrypt": 20.0, "rotate": 60.0}
MODEL, TABLE = "registry_identitynumber", "bench_number"
BATCH = 50_000


class Bench:
    """Times steps against their limits, which are proportional to the rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.is_missed = False

    def time(self, name: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = work()
        self.report(name, time.perf_counter() - began)
        return result

    def report(self, name: str, seconds: float) -> None:
        line = f"{name:<8} {seconds:7.2f} s  {self.rows / seconds:>10,.0f} a second"
        if name in LIMITS:
            limit = LIMITS[name] * self.rows / MILLION
            self.is_missed |= seconds > limit
            line += f"  {seconds / limit:5.0%} of {limit:g} s"
        print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench encryption", description=__doc__)
    parser.add_argument("--rows", type=int, default=MILLION)
    rows = parser.parse_args().rows
    bench = Bench(rows)
    column = replace(NUMBERS, table=TABLE)
    numbers = [f"{110101 + n % 900_000:06d}{n % 100_000_000:08d}{n % 9999:04d}" for n in range(rows)]
    with own_table():
        encrypting = storing = 0.0
        for first in range(0, rows, BATCH):
            began = time.perf_counter()
            columns = encrypt(numbers[first : first + BATCH], first + 1, column)
            encrypting += time.perf_counter() - began
            began = time.perf_counter()
            store(columns, first + 1)
            storing += time.perf_counter() - began
        bench.report("encrypt", encrypting)
        bench.report("store", storing)
        verified = bench.time("verify", lambda: column.verify(Cipher(settings.KEYS)))
        settings.KEYS = replace(
            settings.KEYS, data_keys={**settings.KEYS.data_keys, "bench": os.urandom(32)}, current_key="bench"
        )
        rotated = bench.time("rotate", lambda: column.rotate(Cipher(settings.KEYS)))
        if verified.broken or rotated.rows != rows or column.count_rows_by_key() != {"bench": rows}:
            print("WRONG: not every row was encrypted, decrypted and rotated")
            return 1
    return int(bench.is_missed)


def encrypt(texts: list[str], first_id: int, column: CiphertextColumn) -> list[list[bytes]]:
    """Return ciphertexts and the blind indexes of each kind: the step with the limit."""
    cipher = Cipher(settings.KEYS)
    encrypted = cipher.encrypt_many(column.place, enumerate(texts, first_id))
    return [encrypted, *(cipher.blind_many(kind, texts) for kind in BLIND_KINDS)]


def store(columns: list[list[bytes]], first_id: int) -> None:
    count = len(columns[0])
    names = ("ciphertext", "blind_full", "blind_last6", "blind_last4")
    rows = {
        "id": pa.array(range(first_id, first_id + count), pa.int64()),
        "key_id": pa.array([settings.KEYS.current_key] * count),
        "valid": pa.array([True] * count),
        "sex": pa.array([1] * count),
        "recorded_at": pa.array(["2018-12-31T00:00:00+08:00"] * count),
    }
    rows |= {name: hex_bytes(values) for name, values in zip(names, columns, strict=True)}
    with connection.cursor() as cursor:
        copy_into(cursor, TABLE, pa.table(rows))


@contextmanager
def own_table() -> Iterator[None]:
    """Make a table like the model's, with its indexes, triggers and storage options, and drop it at the end."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute("SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass", [MODEL])
        (options,) = cursor.fetchone()
        cursor.execute(f"CREATE TABLE {TABLE} (LIKE {MODEL} INCLUDING ALL)" + (f" WITH ({options})" if options else ""))
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [MODEL]
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(definition.replace(f".{MODEL} ", f".{TABLE} "))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


if __name__ == "__main__":
    sys.exit(main())
