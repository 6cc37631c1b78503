"""`./run bench one_stop`: a one-stop batch of 20,000 people proposed, signed by two others and put into effect; then its pages.

The people are made in the database, the acts are the product's own services, the portal keeps the books; all of it is rolled back.
Prints the seconds of each act, then p95 and the most queries of the pages of the batch, beside their limits. Exit code 1 when one is
missed.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

os.environ["DATABASE_ROLE"] = "owner"

import django
import pyarrow as pa

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.queries import MOST_QUERIES, is_counted  # noqa: E402
from demo.loading import mark_database  # noqa: E402
from enrollment.constants import ApplicationState  # noqa: E402
from enrollment.models import Application, Enrollment, OneStopBatch  # noqa: E402
from enrollment.services.one_stop import (  # noqa: E402
    approve_batch,
    preview_batch,
    propose_batch,
    put_batches_into_effect,
    review_batch,
)
from foundation.accounts.actors import Actor, system_actor, user_actor  # noqa: E402
from foundation.accounts.constants import Role  # noqa: E402
from foundation.accounts.models import Membership, User  # noqa: E402
from foundation.accounts.services import create_user, grant_role  # noqa: E402
from foundation.policy.models import ParameterValue  # noqa: E402
from foundation.primitives.clock import now, today  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402
from poverty_pension.settings.gunicorn import post_worker_init  # noqa: E402
from registry.models import Delivery  # noqa: E402
from registry.services.numbers import store_numbers  # noqa: E402

COUNTY, DAY = "320682", date(2018, 12, 31)
PERSONS, ELIGIBLE_SHARE, TURNS = 20_000, 0.9, 20
LIMIT_SECONDS, PAGE_MS = 20.0, 60.0
Result = TypeVar("Result")
PEOPLE = (Path(__file__).parent / "sql" / "one_stop.sql").read_text("utf-8")


def main() -> int:
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.ERROR)
    county = get_unit(code=COUNTY)
    with filled(county):
        users = {
            role: make_user(county, role) for role in (Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER)
        }
        batch, seconds = take_through(county, {role: actor_of(user) for role, user in users.items()})
        milliseconds, queries = read_pages(users[Role.COUNTY_CLERK], batch)
    print(f"{PERSONS:,} people in {seconds:.1f} s, limit {LIMIT_SECONDS:g}")
    print(f"pages p95 {milliseconds:.1f} ms, limit {PAGE_MS:g}; queries {queries}, limit {MOST_QUERIES}")
    return int(seconds > LIMIT_SECONDS or milliseconds > PAGE_MS or queries > MOST_QUERIES)


@contextmanager
def filled(county: Unit) -> Iterator[None]:
    """Make the people, and let the portal keep the books; roll them back at the end."""
    with transaction.atomic():
        mark_database()  # nobody here has a second factor
        ParameterValue.objects.filter(name="books_kept_by").update(value="portal")
        texts = [f"320697{19000101 + number:08d}{number % 10_000:04d}" for number in range(PERSONS)]
        numbers = list(store_numbers(pa.array(texts), recorded_at=now()).values())
        delivery = Delivery.objects.create(
            county=county, feed="dibao", as_of_date=DAY, file_name="x", file_sha256="f" * 64, file_bytes=1, stored_path="none",
            received_by="bench", received_at=now(),
        )  # fmt: skip
        made = {"county": county.pk, "persons": PERSONS, "day": DAY, "numbers": numbers, "delivery": delivery.pk}
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, made)
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def make_user(county: Unit, role: Role) -> User:
    name = f"bench_{role.value}"
    user = create_user(actor=None, username=name, display_name=name, password=os.urandom(12).hex(), must_change=False)
    grant_role(actor=None, user=user, role=role, unit=county, valid_from=today())
    return user


def actor_of(user: User) -> Actor:
    return user_actor(Membership.objects.select_related("user", "unit").get(user=user))


def take_through(county: Unit, actors: dict[Role, Actor]) -> tuple[OneStopBatch, float]:
    """Preview, propose, review, approve and put into effect; return the batch and the seconds of all but the preview."""
    clerk = actors[Role.COUNTY_CLERK]
    timed("preview", lambda: preview_batch(actor=clerk, persons=None, day=DAY, at=now()))
    batch, proposing = timed("propose", lambda: propose_batch(actor=clerk, persons=None, day=DAY, note="", at=now()))
    _, reviewing = timed(
        "review", lambda: review_batch(actor=actors[Role.COUNTY_REVIEWER], batch_id=batch.pk, at=now())
    )
    _, approving = timed(
        "approve", lambda: approve_batch(actor=actors[Role.COUNTY_APPROVER], batch_id=batch.pk, at=now())
    )
    enrolled, effect = timed("put into effect", lambda: put_into_effect(county))
    done = Application.objects.filter(batch=batch, state=ApplicationState.EFFECTIVE).count()
    if not enrolled == done == Enrollment.objects.filter(application__batch=batch).count() == batch.eligible:
        raise SystemExit(f"{enrolled} enrolled of {batch.eligible}, {done} applications")
    if batch.eligible + batch.excluded < PERSONS or batch.eligible < PERSONS * ELIGIBLE_SHARE:
        raise SystemExit(f"{batch.eligible} eligible and {batch.excluded} excluded are too few")
    return batch, proposing + reviewing + approving + effect


def put_into_effect(county: Unit) -> int:
    """Put it into effect as a night does, and check the keys, which a commit would."""
    enrolled = put_batches_into_effect(actor=system_actor(county), county=county, at=now())
    connection.check_constraints()
    return enrolled


def timed(name: str, act: Callable[[], Result]) -> tuple[Result, float]:
    began = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - began
    print(f"  {name:<16} {seconds:6.2f} s", flush=True)
    return result, seconds


def read_pages(user: User, batch: OneStopBatch) -> tuple[float, int]:
    """Read the pages of the batch in turn; return p95 in ms and the most queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE enrollment_onestopline, enrollment_onestopbatch, registry_person, registry_personidentifier"
        )
    client = Client()
    client.force_login(user)
    page = reverse("one_stop_batch", args=[batch.pk])
    queries_of_page = ("", "page=600", "part=refused", "reason=STUDENT", "part=eligible&kind=register&page=300")
    asked = [reverse("one_stop_batches"), *(f"{page}?{query}" for query in queries_of_page)]
    queries = max(count_queries(client, each) for each in asked)
    post_worker_init(None)
    spent = {each: [read(client, each) for _turn in range(TURNS)] for each in asked}
    for each, milliseconds in spent.items():
        print(f"  {each:<56} median {statistics.median(milliseconds):6.1f} ms", flush=True)
    return statistics.quantiles([one for each in spent.values() for one in each], n=20)[-1], queries


def count_queries(client: Client, address: str) -> int:
    read(client, address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return sum(is_counted(each["sql"]) for each in captured.captured_queries)


def read(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code} {answer.headers.get('Location', '')}")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
