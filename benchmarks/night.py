"""`./run bench night [--poor N --roll N]`: a county's whole night after its files are received, and what is read after it.

Receives a generated county into an empty database first; one that has files is measured as it is. Prints seconds per step of
two nights, then the statutory table of the county and its townships, coverage of a thousand persons by API and a work list of
50,000 rows, each beside its limit. Exit code 1 when one is missed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

os.environ["DATABASE_ROLE"] = "owner"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks import worklist  # noqa: E402
from demo.county import make_county  # noqa: E402
from demo.loading import AS_OF, COUNTY, MONTH, SEED, VILLAGES, mark_database  # noqa: E402
from foundation.accounts.actors import Actor, system_actor  # noqa: E402
from foundation.accounts.constants import Verb  # noqa: E402
from foundation.accounts.services import issue_client_token  # noqa: E402
from foundation.jobs.long_work import RunState  # noqa: E402
from foundation.primitives.clock import now, real_now  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402
from foundation.regions.services.loading import import_villages  # noqa: E402
from nightly.services import request_night, run_night  # noqa: E402
from portal.reports.columns import Population, UnitBasis  # noqa: E402
from portal.reports.e1 import Asked, get_table  # noqa: E402
from poverty_pension.warming import load_own, load_shared  # noqa: E402
from registry.models import Delivery, PersonIdentifier  # noqa: E402
from registry.selectors.numbers import decrypt_numbers  # noqa: E402
from registry.services.receiving import process_delivery, receive_file  # noqa: E402

T = TypeVar("T")
NIGHT, TABLE, COVERAGE = 12.0, 1.0, 0.5
ASKED, TURNS = 1000, 20


class Limits:
    """Prints each measurement beside its limit and records whether one was missed."""

    def __init__(self) -> None:
        self.is_missed = False

    def report(self, what: str, measured: float, limit: float, unit: str = "s") -> None:
        self.is_missed |= measured > limit
        print(
            f"{what:<52} {measured:9.2f} {unit:<7} limit {limit:g}{'  MISSED' if measured > limit else ''}", flush=True
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench night", description=__doc__)
    parser.add_argument("--poor", type=int, default=15_500)
    parser.add_argument(
        "--roll", type=int, default=650_000, help="lines of the resident roll; the others in proportion"
    )
    parser.add_argument("--nights", type=int, default=2, help="how many nights to run before what is read")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.ERROR)
    limits, county = Limits(), get_unit(code=COUNTY)
    if not Delivery.objects.exists():
        receive(county, options.poor, options.roll)
    for place in range(1, options.nights + 1):
        limits.report(f"night {place} of this run", run(county), NIGHT)
    actor = system_actor(county)
    limits.report("statutory table, county and townships, slowest of 6", slowest_table(actor, county), TABLE)
    limits.report(f"coverage of {ASKED:,} persons by API, median", coverage(actor, county), COVERAGE)
    milliseconds, queries = worklist.measure(county)
    limits.report(f"work list of {worklist.SUBJECTS:,} rows more, p95", milliseconds, worklist.PAGE_MS, "ms")
    limits.report("queries of its page", queries, worklist.PAGE_QUERIES, "")
    return int(limits.is_missed)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def receive(county: Unit, poor: int, roll: int) -> None:
    """Generate a month of the county and receive it."""
    mark_database()
    import_villages(VILLAGES, county=county)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        made = make_county(poor=poor, roll=roll, seed=SEED, out=Path(folder), county=COUNTY, month=MONTH)
        for path in sorted(made.month_folder.iterdir()):
            seconds, delivery = timed(lambda path=path: receive_one(county, path))  # type: ignore[misc]
            print(
                f"  received {delivery.row_counts.get('rows', 0):>8,} rows in {seconds:5.1f} s  {delivery.feed}",
                flush=True,
            )


def receive_one(county: Unit, path: Path) -> Delivery:
    actor = system_actor(county)
    received = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=AS_OF, at=now())
    return process_delivery(actor=actor, delivery_id=received.pk, at=now())


def run(county: Unit) -> float:
    """Run a night; return its seconds, its steps printed."""
    asked = request_night(actor=system_actor(county), county=county, as_of=AS_OF)
    seconds, night = timed(
        lambda: run_night(
            asked.pk, on_step=lambda step: print(f"  {step.name:<16} {step.rows or 0:>9,} rows {step.seconds:6.2f} s")
        )
    )
    if night is None or night.state != RunState.DONE:
        raise SystemExit(f"the night ended as {night and night.state}: {night and night.error}")
    return seconds


def slowest_table(actor: Actor, county: Unit) -> float:
    """Each population by each basis; the first one also has a cold cache."""
    asked = [Asked(county, AS_OF, population, basis) for population in Population for basis in UnitBasis]
    return max(timed(lambda each=each: get_table(actor=actor, asked=each))[0] for each in asked)  # type: ignore[misc]


def coverage(actor: Actor, county: Unit) -> float:
    """Ask by number and name as a department does; the token and the disclosures are rolled back."""
    body = json.dumps({"persons": persons_asked(county)}, ensure_ascii=False)
    seconds = []
    with transaction.atomic():
        end = real_now() + timedelta(days=1)
        _token, text = issue_client_token(
            actor=actor, name="bench", unit=county, verbs=[Verb.READ_COVERAGE], expires_at=end
        )
        load_shared()
        load_own()
        client = Client(headers={"authorization": f"Bearer {text}"})
        first, _answer = timed(lambda: client.post("/api/v1/coverage", body, content_type="application/json"))
        for _turn in range(TURNS):
            spent, answer = timed(lambda: client.post("/api/v1/coverage", body, content_type="application/json"))
            seconds.append(spent)
        found = sum(each["found"] for each in answer.json()["persons"])
        transaction.set_rollback(True)
    print(
        f"  {found} of {ASKED:,} found, slowest {max(seconds):.2f} s; the first, "
        f"of a process that loaded what a web process loads at its start, {first:.2f} s"
    )
    return statistics.median(seconds)


def persons_asked(county: Unit) -> list[dict[str, str]]:
    held = PersonIdentifier.objects.as_known().filter(person__county=county).order_by("id")
    rows = list(held.values_list("number_id", "person__name")[:ASKED])
    opened = decrypt_numbers("SELECT unnest(%s::bigint[]) AS id", [[number for number, _name in rows]])
    numbers = dict(zip(opened["number_id"].to_pylist(), opened["number"].to_pylist(), strict=True))
    return [{"number": numbers[number], "name": name} for number, name in rows]


if __name__ == "__main__":
    sys.exit(main())
