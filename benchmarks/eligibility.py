"""`./run bench eligibility [--rows N]`: the conditions of each kind for a million persons, beside a bare scan joining the rows they read.

The persons and their rows are made in tables of a schema of their own, like the product's with all indexes, rolled back at the end.
Limit: four times the bare scan, each the best of its rounds, taken in turn.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

os.environ["DATABASE_ROLE"] = "owner"  # the only role that may create a table

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from enrollment.constants import ApplicationKind  # noqa: E402
from enrollment.eligibility.conditions import GAPS_ANSWERED  # noqa: E402
from enrollment.eligibility.testing import statement, statement_values  # noqa: E402
from foundation.primitives.clock import now  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402

COUNTY, DAY = "320682", date(2018, 12, 31)
LIMIT = 4.0
ROUNDS = 3
SCHEMA = "bench_eligibility"
TABLES = (
    "registry_person",
    "registry_designation",
    "registry_personidentifier",
    "registry_fact",
    "coverage_finding",
    "coverage_coverageverdict",
    "enrollment_application",
    "enrollment_enrollment",
    "enrollment_contributionyears",
    "enrollment_temporaryidentity",
)
SQL = Path(__file__).parent / "sql"
BARE = (SQL / "eligibility_bare.sql").read_text("utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench eligibility", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    county = get_unit(code=COUNTY)
    with filled(county, rows):
        worst = measure(county, rows)
    print(f"worst {worst:.2f} times the bare scan, limit {LIMIT:g}")
    return int(worst > LIMIT)


@contextmanager
def filled(county: Unit, rows: int) -> Iterator[None]:
    """Make the tables and their rows, first in the search path of this transaction; roll them back at the end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            for table in TABLES:
                cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
            cursor.execute((SQL / "eligibility.sql").read_text("utf-8"), {"county": county.pk, "persons": rows})
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        yield
        transaction.set_rollback(True)


def measure(county: Unit, rows: int) -> float:
    """Time the bare scan and the statement of each kind in turn; return the worst ratio."""
    values = statement_values(county=county, day=DAY, known=now())
    asked = {"bare": BARE} | {
        kind.value: f"SELECT count(*), sum(cardinality(not_met)), sum(cardinality(unknown)) FROM ({statement(kind)}) tested"
        for kind in GAPS_ANSWERED
    }
    best = dict.fromkeys(asked, float("inf"))
    for _round in range(ROUNDS):
        for name, select in asked.items():
            began = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(select, values)
                found = cursor.fetchone()
            best[name] = min(best[name], time.perf_counter() - began)
            if name in ApplicationKind.values and found[0] != rows:
                raise SystemExit(f"{name}: {found[0]} persons tested instead of {rows}")
    for name, seconds in best.items():
        print(f"  {rows:,} persons  {name:<18} {seconds:6.2f} s  {seconds / best['bare']:5.2f} times", flush=True)
    return max(best.values()) / best["bare"]


if __name__ == "__main__":
    sys.exit(main())
