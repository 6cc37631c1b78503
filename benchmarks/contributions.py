"""`./run bench contributions [--rows N]`: a plan, a batch frozen and credited, a year's interest, for a million persons.

The people are made in tables of a schema of their own, the acts are the product's own services on the product's tables with all their
triggers and keys; all of it is rolled back. Each act stands beside a bare INSERT ... SELECT of the rows it wrote into a table with
the same keys.
Limits: plan and batch together 60 s, each act four times its bare insert. Exit code 1 when one is missed.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

os.environ["DATABASE_ROLE"] = "owner"  # the only role that may create a table

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from foundation.accounts.actors import Actor, system_actor, user_actor  # noqa: E402
from foundation.accounts.constants import Role  # noqa: E402
from foundation.accounts.models import Membership, User  # noqa: E402
from foundation.primitives.clock import BUSINESS_ZONE, now  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402
from payments.models import Batch  # noqa: E402
from payments.selectors.batches import list_categories_of_draft  # noqa: E402
from payments.services.batches import approve_batch, fund_batch, request_funds, review_batch  # noqa: E402
from payments.services.booking import (  # noqa: E402
    certify_list,
    check_townships,
    draft_batch,
    freeze_batch,
    read_content,
)
from payments.services.crediting import credit_batch, post_interest  # noqa: E402
from payments.services.planning import compute_plan  # noqa: E402
from registry.models import Delivery  # noqa: E402

COUNTY, DAY, YEAR = "320682", date(2018, 12, 31), 2018
SECONDS, LIMIT = 60.0, 4.0
SCHEMA = "bench_contributions"
TABLES = ("registry_person", "registry_designation", "coverage_coverageverdict", "coverage_finding", "coverage_link")
PEOPLE = (Path(__file__).parent / "sql" / "contributions.sql").read_text("utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench contributions", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    logging.disable(logging.ERROR)
    county = get_unit(code=COUNTY)
    with filled(county, rows):
        seconds = take_through(county)
        bare = insert_bare()
    worst = 0.0
    for act in bare:
        ratio = seconds[act] / bare[act]
        worst = max(worst, ratio)
        print(
            f"  {act:<10}{seconds[act]:7.2f} s  bare insert{bare[act]:7.2f} s  {ratio:5.2f} times",
            flush=True,
        )
    together = seconds["plan"] + seconds["batch"]
    print(
        f"plan and batch {together:.1f} s, limit {SECONDS:g}; worst {worst:.2f} times the bare insert, limit {LIMIT:g}"
    )
    return int(together > SECONDS or worst > LIMIT)


@contextmanager
def filled(county: Unit, rows: int) -> Iterator[None]:
    """Make the people's tables, first in the search path of this transaction, and lists of the day; roll all of it back at the end."""
    with transaction.atomic():
        villages = list(Unit.objects.current().within(county.path).exclude(pk=county.pk).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            for table in TABLES:
                cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute(f"SET LOCAL search_path = {SCHEMA}, public")
            cursor.execute(PEOPLE, {"county": county.pk, "persons": rows, "villages": villages})
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        at = now()
        for feed in ("poverty", "dibao", "tekun"):
            Delivery.objects.create(
                county=county,
                feed=feed,
                as_of_date=DAY,
                state="applied",
                file_name=f"bench-{feed}.xlsx",
                file_sha256=f"{hash(feed) & 0xFFFF:064x}",
                file_bytes=1,
                stored_path="none",
                row_counts={},
                received_by="bench",
                received_at=at,
                applied_at=at,
            )
        yield
        transaction.set_rollback(True)


def actor_of(county: Unit, role: Role) -> Actor:
    user = User.objects.create(username=f"bench-{role}", display_name="bench")
    return user_actor(Membership.objects.create(user=user, role=role, unit=county, valid_from=DAY))


def take_through(county: Unit) -> dict[str, float]:
    """Plan, draft, freeze, sign, fund, credit, post interest; return the seconds of each act, and of all of the batch as `batch`."""
    seconds: dict[str, float] = {}
    at = now()

    @contextmanager
    def timed(act: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        seconds[act] = time.perf_counter() - began

    clerk, reviewer, approver, finance = (
        actor_of(county, role) for role in (Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.FINANCE)
    )
    with timed("plan"):
        compute_plan(county=county, year=YEAR, as_of=DAY, at=at)
    with timed("batch"):
        batch = draft_batch(actor=clerk, year=YEAR, note="", at=at)
        for category in list_categories_of_draft(batch):
            certify_list(actor=clerk, batch_id=batch.pk, category=category, office="x", certified_on=DAY, at=at)
        check_townships(actor=clerk, batch_id=batch.pk, codes=None, at=at)
        with timed("freeze"):
            freeze_batch(actor=clerk, batch_id=batch.pk, at=at)
        review_batch(actor=reviewer, batch_id=batch.pk, at=at)
        approve_batch(actor=approver, batch_id=batch.pk, at=at)
        request_funds(actor=clerk, batch_id=batch.pk, at=at)
        levels = read_content(Batch.objects.get(pk=batch.pk))[2]
        fund_batch(actor=finance, batch_id=batch.pk, amounts=levels, voucher="1", received_on=DAY, at=at)
        with timed("credit"):
            credit_batch(actor=system_actor(county), batch_id=batch.pk, day=date(YEAR, 6, 30), at=at)
    with timed("interest"):
        post_interest(
            actor=system_actor(county), year=YEAR, at=datetime(YEAR + 1, 1, 1, tzinfo=BUSINESS_ZONE) + timedelta(days=1)
        )
    for act, spent in seconds.items():
        print(f"  {act:<10}{spent:7.2f} s", flush=True)
    return seconds


def insert_bare() -> dict[str, float]:
    """Insert what each act wrote into an empty table with the same columns and keys; return the seconds."""
    written = {
        "plan": ("payments_contributionplanline", "true"),
        "freeze": ("payments_contributionline", "true"),
        "credit": ("payments_accountentry", "kind <> 'interest'"),
        "interest": ("payments_accountentry", "kind = 'interest'"),
    }
    seconds = {}
    with connection.cursor() as cursor:
        for act, (table, which) in written.items():
            cursor.execute(f"CREATE TABLE {SCHEMA}.bare_{act} (LIKE public.{table} INCLUDING ALL)")
            began = time.perf_counter()
            cursor.execute(f"INSERT INTO {SCHEMA}.bare_{act} SELECT * FROM public.{table} WHERE {which}")
            seconds[act] = time.perf_counter() - began
            print(f"  {act:<10}{cursor.rowcount:>10,} rows", flush=True)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
