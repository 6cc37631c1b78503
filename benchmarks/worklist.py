"""`./run bench worklist`: pages of a work list of 50,000 subjects, whole, filtered, sorted, searched and at its end.

Loads the demo county into an empty database first. Adds people like those known, several gaps each, lines
of rolls and cases in every state, and rolls all of it back. Prints the median of each page, then p95 over all of them
and the most queries of a page beside their limits. Exit code 1 when one is missed.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ["DATABASE_ROLE"] = "owner"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks._demo import get_demo_county  # noqa: E402
from benchmarks.queries import MOST_QUERIES, is_counted  # noqa: E402
from demo.loading import AS_OF  # noqa: E402
from foundation.accounts.constants import Role  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from foundation.accounts.services import create_user, grant_role  # noqa: E402
from foundation.primitives.clock import today  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from poverty_pension.settings.gunicorn import post_worker_init  # noqa: E402

PAGE_MS, PAGE_QUERIES = 100.0, MOST_QUERIES
PERSONS, LINES, TURNS = 40_000, 10_000, 10
SUBJECTS = PERSONS + LINES
SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Asked:
    """One page of the list: its query string, and the name filter kept in the session."""

    query: str
    name: str = ""

    def __str__(self) -> str:
        return f"/work/?{self.query}{f'  named {self.name}' if self.name else ''}"


def main() -> int:
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.ERROR)
    milliseconds, queries = measure(get_demo_county())
    print(f"p95 {milliseconds:.1f} ms, limit {PAGE_MS:g}; queries {queries}, limit {PAGE_QUERIES}")
    return int(milliseconds > PAGE_MS or queries > PAGE_QUERIES)


def measure(county: Unit) -> tuple[float, int]:
    """Fill the list, read its pages as a clerk of the county, roll everything back; return p95 in ms and the most queries."""
    with transaction.atomic():
        user = create_user(
            actor=None, username="bench", display_name="bench", password=os.urandom(12).hex(), must_change=False
        )
        grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=today())
        with filled(county, user):
            client = Client()
            client.force_login(user)
            return read_pages(client, pages(county))


@contextmanager
def filled(county: Unit, user: User) -> Iterator[None]:
    """Add people, gaps, lines and cases; roll them back at the end."""
    given = {"county": county.pk, "persons": PERSONS, "lines": LINES, "day": AS_OF, "user": user.pk}
    with connection.cursor() as cursor:
        for name in ("people", "gaps", "cases"):
            cursor.execute((SQL / f"{name}.sql").read_text("utf-8"), given)
        cursor.execute(
            "ANALYZE casework_gap, casework_case, registry_person, coverage_coverageverdict, registry_personidentifier"
        )
    yield
    transaction.set_rollback(True)


def pages(county: Unit) -> list[Asked]:
    """The pages of a usual morning: the list and its end, each filter, a name in letters and in characters."""
    town = Unit.objects.filter(parent=county).order_by("code")[1]
    village = Unit.objects.filter(parent=town).order_by("code")[0]
    queries = ("", "page=2", "page=40", "page=99999", "kind=UNINSURED", "kind=IDENTITY_CONFLICT&page=200",
        f"unit={town.code}", f"unit={village.code}", "desk=county", "desk=village&page=50", "owner=mine", "owner=nobody",
        "due=overdue", "state=settled", "reason=lapsed", "code=GAP", "category=dibao", "age=60-79", "sex=2",
        f"kind=UNINSURED&unit={town.code}&owner=nobody&due=week",
        "sort=name", "sort=-name&page=40", "sort=-days", "sort=days&page=99999", "sort=due", "sort=-due&page=200", "sort=desk&page=50",
        "sort=name&kind=UNINSURED", "sort=due&owner=mine", "sort=-days&state=settled", "sort=name&due=overdue",
        f"sort=due&unit={town.code}", "sort=-days&reason=lapsed")  # fmt: skip
    return [*map(Asked, queries), *(Asked("", name) for name in ("wang", "王", "zm")), Asked(f"unit={town.code}", "li")]


def read_pages(client: Client, asked: list[Asked]) -> tuple[float, int]:
    """Read every page in turn, again and again, as a web process would; the first round loads and counts the queries."""
    queries = max(count_queries(client, each) for each in asked)
    post_worker_init(None)
    spent: dict[Asked, list[float]] = {each: [] for each in asked}
    for _turn in range(TURNS):
        for each in asked:
            spent[each].append(read(client, each))
    for each, milliseconds in spent.items():
        print(f"  {each!s:<66} median {statistics.median(milliseconds):6.1f} ms", flush=True)
    return statistics.quantiles([one for each in spent.values() for one in each], n=20)[-1], queries


def count_queries(client: Client, asked: Asked) -> int:
    read(client, asked)  # its name filter is in the session now
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{reverse('work_list')}?{asked.query}")
    return sum(is_counted(each["sql"]) for each in captured.captured_queries)


def read(client: Client, asked: Asked) -> float:
    """Return the milliseconds of one page; its name filter is stored in the session first."""
    client.post(reverse("work_name"), {"name": asked.name})
    began = time.perf_counter()
    answer = client.get(f"/work/?{asked.query}")
    if answer.status_code != 200:
        raise SystemExit(f"{asked} answered {answer.status_code}")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
