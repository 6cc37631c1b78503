"""How the work list learns that it must count again: a row per change, as kept, beside one counter row per county.

Prints, for each, what a clerk's act waits while a night that publishes is still open, what reading the version takes after a
day of 5,000 changes, and what a change costs. Run by `./run bench work_changes`; it needs no demo and leaves nothing behind.
"""

from __future__ import annotations

import os
import time
from statistics import median
from threading import Thread

import psycopg2

OPEN_SECONDS, CHANGES, ACTS = 2.0, 5_000, 200
COUNTY = 1
TABLES = """
    DROP TABLE IF EXISTS bench_change, bench_counter;
    CREATE TABLE bench_change (id bigserial PRIMARY KEY, county_id bigint NOT NULL);
    CREATE INDEX ON bench_change (county_id, id);
    CREATE TABLE bench_counter (county_id bigint PRIMARY KEY, version bigint NOT NULL);
    INSERT INTO bench_counter VALUES (1, 0);
"""
WAYS = {
    "a row per change": (
        "INSERT INTO bench_change (county_id) VALUES (1)",
        "SELECT count(*), bit_xor(hashint8extended(id, 0)) FROM bench_change WHERE county_id = 1",
    ),
    "a counter row per county": (
        "UPDATE bench_counter SET version = version + 1 WHERE county_id = 1",
        "SELECT version FROM bench_counter WHERE county_id = 1",
    ),
}


def connect() -> psycopg2.extensions.connection:
    """Connect as the owner, the only role that may create a table."""
    return psycopg2.connect(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])


def seconds_of(connection: psycopg2.extensions.connection, statement: str) -> float:
    """Run a statement in a transaction of its own."""
    began = time.perf_counter()
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
    return time.perf_counter() - began


def publish_slowly(change: str) -> None:
    """Change something as a night does, and stay in the transaction for a while."""
    with connect() as night, night.cursor() as cursor:
        cursor.execute(change)
        time.sleep(OPEN_SECONDS)


def measure(change: str, read: str) -> tuple[float, float, float]:
    """Return what an act waits beside an open night, a change costs, and a reading takes; in seconds."""
    clerk = connect()
    night = Thread(target=publish_slowly, args=(change,))
    night.start()
    time.sleep(0.2)
    waited = seconds_of(clerk, change)
    night.join()
    cost = median(seconds_of(clerk, change) for _ in range(ACTS))
    with clerk, clerk.cursor() as cursor:
        cursor.execute(f"INSERT INTO bench_change (county_id) SELECT 1 FROM generate_series(1, {CHANGES})")
        cursor.execute("ANALYZE bench_change")
    reading = median(seconds_of(clerk, read) for _ in range(ACTS))
    clerk.close()
    return waited, cost, reading


def main() -> None:
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
    print(f"{'':26s} {'act beside a night':>20s} {'a change':>12s} {'reading':>12s}")
    for name, (change, read) in WAYS.items():
        waited, cost, reading = measure(change, read)
        print(f"{name:26s} {waited:>18.3f} s {1000 * cost:>9.2f} ms {1000 * reading:>9.2f} ms")
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_change, bench_counter")


if __name__ == "__main__":
    main()
