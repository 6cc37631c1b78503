"""`./run bench worklist`: pages of a work list of 50,000 subjects, whole, filtered, searched and at its end.

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

os.environ["DATABASE_ROLE"] = "owner"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks._demo import get_demo_county  # noqa: E402
from benchmarks.pages import SESSION_QUERIES  # noqa: E402
from demo.loading import AS_OF  # noqa: E402
from foundation.accounts.constants import Role  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from foundation.accounts.services import create_user, grant_role  # noqa: E402
from foundation.primitives.clock import today  # noqa: E402
from foundation.regions.models import Unit  # noqa: E402
from poverty_pension.settings.gunicorn import post_worker_init  # noqa: E402

PAGE_MS, PAGE_QUERIES = 100.0, 12
PERSONS, LINES, TURNS = 40_000, 10_000, 10
SUBJECTS = PERSONS + LINES
PEOPLE = """
CREATE TEMPORARY TABLE extra_person ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('registry_person', 'id')) AS id, known.id AS like_id, n,
    known.county_id, known.unit_id, known.name, known.name_pinyin, known.birth_date, known.sex
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS people
      FROM registry_person WHERE county_id = %(county)s) known
JOIN generate_series(1, %(persons)s) n ON n %% known.people = known.place;
ANALYZE extra_person;
INSERT INTO registry_person (id, county_id, unit_id, name, name_pinyin, birth_date, sex, created_at)
SELECT id, county_id, unit_id, name, name_pinyin, birth_date, sex, now() FROM extra_person;
INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at)
SELECT p.id, i.number_id, i.state, now()
FROM extra_person p JOIN registry_personidentifier i ON i.person_id = p.like_id AND i.superseded_at IS NULL;
INSERT INTO coverage_coverageverdict (county_id, night_id, as_of_date, recorded_at, person_id, verdict, e1_column, desk_reason,
    in_poverty_file, in_three_categories, due_to_draw, drawing, pay_target, out_of_province, file_unit_id, hukou_unit_id,
    categories, birth_date, sex, oldest_feed_date)
SELECT v.county_id, v.night_id, v.as_of_date, now(), p.id, v.verdict, v.e1_column, v.desk_reason, v.in_poverty_file,
    v.in_three_categories, v.due_to_draw, v.drawing, v.pay_target, v.out_of_province, v.file_unit_id, v.hukou_unit_id,
    v.categories, v.birth_date, v.sex, v.oldest_feed_date
FROM extra_person p JOIN coverage_coverageverdict v ON v.person_id = p.like_id AND v.superseded_at IS NULL
"""
GAPS = """
INSERT INTO casework_gap (county_id, unit_id, person_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
    evidence_class, evidence, desk, due_on, opened_on, opened_at)
SELECT p.county_id, p.unit_id, p.id, '', '', p.name, p.name_pinyin, k.kind, k.reason, k.rank, '', '[]', k.desk,
    %(day)s::date + (n %% 60)::int, %(day)s::date - (n %% 90)::int, now() - n %% 90 * interval '1 day'
FROM extra_person p
JOIN (VALUES ('UNINSURED', 'never_enrolled', 30, 'village', 5, 3), ('LAPSED', 'lapsed', 37, 'township', 5, 2),
        ('DUE_NOT_DRAWING', '', 20, 'county', 10, 1), ('NEW_POOR', 'to_be_insured', 34, 'township', 5, 0),
        ('TURNING_60', '2019-02', 35, 'village', 5, 4), ('IDENTITY_CONFLICT', 'number_wrong', 50, 'township', 2, 1),
        ('DUPLICATE_CONTRIBUTION', 'two_schemes', 41, 'county', 5, 1)
     ) k (kind, reason, rank, desk, one_in, rest) ON n %% k.one_in = k.rest;
INSERT INTO casework_gap (county_id, unit_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
    evidence_class, evidence, desk, due_on, opened_on, opened_at)
SELECT u.county, u.id, 'resident', 'bench-' || n, '某', 'mou', k.kind, k.reason, k.rank, k.class, '[]', k.desk,
    %(day)s::date + (n %% 60)::int, %(day)s::date - (n %% 90)::int, now() - n %% 90 * interval '1 day'
FROM generate_series(1, %(lines)s) n
JOIN (SELECT id, parent_id AS county, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS towns
      FROM regions_unit WHERE parent_id = %(county)s) u ON u.place = n %% u.towns
JOIN (VALUES ('DRAWING_AFTER_DEATH', '2018-11-02', 10, 'A', 'county', 4, 1),
        ('DUPLICATE_BENEFIT', 'two_schemes', 13, '', 'county', 2, 0),
        ('INVALID_STATUS_PAIR', '4/1', 44, '', 'county', 2, 1)
     ) k (kind, reason, rank, class, desk, one_in, rest) ON n %% k.one_in = k.rest
"""
CASES = """
INSERT INTO casework_case (county_id, unit_id, person_id, scheme, roll_no, state, owner_id, close_reason, opened_at, closed_at)
SELECT county_id, unit_id, id, '', '', CASE WHEN is_closed THEN 'closed_with_reason' WHEN is_owned THEN 'in_progress' ELSE 'open' END,
    CASE WHEN is_owned THEN %(user)s END, CASE WHEN is_closed THEN 'no_action_needed' ELSE '' END, now(),
    CASE WHEN is_closed THEN now() END
FROM (SELECT *, n %% 50 = 0 AS is_closed, n %% 20 = 0 AS is_owned FROM extra_person WHERE n %% 10 = 0) worked
"""


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
        for statement in (PEOPLE, GAPS, CASES, "ANALYZE casework_gap, casework_case, registry_person"):
            cursor.execute(statement, given)
        cursor.execute("ANALYZE coverage_coverageverdict, registry_personidentifier")
    yield
    transaction.set_rollback(True)


def pages(county: Unit) -> list[Asked]:
    """The pages of a usual morning: the list and its end, each filter, a name in letters and in characters."""
    town = Unit.objects.filter(parent=county).order_by("code")[1]
    village = Unit.objects.filter(parent=town).order_by("code")[0]
    queries = ("", "page=2", "page=40", "page=99999", "kind=UNINSURED", "kind=IDENTITY_CONFLICT&page=200",
        f"unit={town.code}", f"unit={village.code}", "desk=county", "desk=village&page=50", "owner=mine", "owner=nobody",
        "due=overdue", "state=settled", "reason=lapsed", "code=GAP", "category=dibao", "age=60-79", "sex=2",
        f"kind=UNINSURED&unit={town.code}&owner=nobody&due=week")  # fmt: skip
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
    with CaptureQueriesContext(connection) as captured:
        read(client, asked)
    return sum(not any(word in each["sql"] for word in SESSION_QUERIES) for each in captured.captured_queries)


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
