"""`./run bench scope [--rows N]`: what the scope of an actor costs over a million persons, beside the same query without.

A province's worth of persons in a table like registry_person, dropped at the end; counted and paged by an actor of the
province (every row is in scope: the most expensive case), of one prefecture and of one county. Limit: twice the unscoped time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["DATABASE_ROLE"] = "owner"  # the only role that may create a table

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from foundation.accounts.actors import system_actor  # noqa: E402
from foundation.accounts.scope import in_scope  # noqa: E402
from foundation.regions.selectors import get_unit  # noqa: E402
from registry.models import Person  # noqa: E402

PROVINCE, PREFECTURE, COUNTY = "32", "3206", "320682"
LIMIT = 2.0
RUNS = 5
MODEL, TABLE = "registry_person", "bench_person"
FILL = f"""
INSERT INTO {TABLE} (id, county_id, unit_id, name, name_pinyin, birth_date, sex, created_at)
SELECT n, t.parent_id, t.id, '某', md5(n::text), date '1950-01-01' + n %% 20000, 1 + n %% 2, now()
FROM generate_series(1, %s) n
JOIN (SELECT id, parent_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS towns
      FROM regions_unit WHERE level = 4 AND path LIKE %s) t ON t.place = n %% t.towns
"""
Question = tuple[str, tuple[object, ...]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench scope", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    everyone = Person.objects.all()
    with own_table(rows):
        ratios = []
        bare = {"count": measure(count_of(everyone)), "page": measure(page_of(everyone))}
        print(
            f"{rows:,} persons   without scope: count {bare['count'] * 1000:7.1f} ms   page {bare['page'] * 1000:7.1f} ms"
        )
        for code in (PROVINCE, PREFECTURE, COUNTY):
            actor = system_actor(get_unit(code=code))
            scoped = in_scope(everyone, actor)
            for name, question in (("count", count_of(scoped)), ("page", page_of(scoped))):
                seconds = measure(question)
                ratios.append(
                    seconds / bare[name] if name == "count" else min(seconds / bare[name], seconds / bare["count"])
                )
                print(f"  scope {code:<6} {name:<5} {seconds * 1000:7.1f} ms   {ratios[-1]:5.2f} of {LIMIT:g}")
    return int(max(ratios) > LIMIT)


def count_of(people: QuerySet[Person]) -> Question:
    sql, params = people.order_by().values("pk").query.sql_with_params()
    return f"SELECT count(*) FROM ({sql}) rows", params


def page_of(people: QuerySet[Person]) -> Question:
    """The first fifty by pinyin."""
    return people.order_by("name_pinyin", "id")[:50].query.sql_with_params()


def measure(question: Question) -> float:
    """Return the median seconds of a few runs, after one to warm up."""
    sql, params = question
    seconds = []
    for _ in range(RUNS + 1):
        with connection.cursor() as cursor:
            began = time.perf_counter()
            cursor.execute(sql.replace(MODEL, TABLE), params)
            cursor.fetchall()
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


@contextmanager
def own_table(rows: int) -> Iterator[None]:
    """Create and fill a table like the model's, and drop it at the end."""
    path = get_unit(code=PROVINCE).path
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (LIKE {MODEL} INCLUDING ALL)")
        cursor.execute(FILL, [rows, f"{path}%"])
        cursor.execute(f"VACUUM ANALYZE {TABLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


if __name__ == "__main__":
    sys.exit(main())
