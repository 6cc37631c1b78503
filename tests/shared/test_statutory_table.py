"""The statutory table counted from the true codes of the shared county is the expected one, in every cell. Skipped without it."""

import csv
import gzip
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection

from coverage.constants import DeskReason
from foundation.accounts.actors import system_actor
from foundation.jobs.long_work import RunState
from foundation.primitives.bulk import copy_into
from foundation.regions.models import Unit
from nightly.models import NightRun
from portal.reports.columns import EXPORTED, Population
from portal.reports.e1 import Asked, get_table

TRUTH = Path(__file__).resolve().parents[3] / "shared" / "data" / "county_320682" / "truth"
NIGHTS = {"2018-12": date(2018, 12, 31), "2019-01": date(2019, 1, 31)}
LISTS = {"poverty": 0, "dibao": 1, "tekun": 2}
COUNTED = {  # words the truth uses for what the desk reads
    "16a_waived": DeskReason.ENROLMENT_DECLINED,
    "16b_not_found": DeskReason.CANNOT_BE_FOUND,
}

pytestmark = [
    pytest.mark.skipif(not TRUTH.exists(), reason="the shared county is not beside the checkout"),
    pytest.mark.django_db,
]


def read(table: str) -> list[dict[str, str]]:
    with gzip.open(TRUTH / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def finished(month: str) -> datetime:
    return datetime.combine(NIGHTS[month] + timedelta(days=1), time(1), tzinfo=UTC)


def filed_places() -> dict[tuple[str, str], str]:
    """Month and person -> the village of the first line of the first list."""
    rows = sorted(read("poor_rows"), key=lambda row: (LISTS[row["feed"]], int(row["row"])))
    return {(row["month"], row["uid"]): row["village"] for row in reversed(rows)}


@pytest.fixture
def county() -> Unit:
    """The county of the truth, its people under their true codes, one finished night a month."""
    villages = sorted({row["village"] for row in read("poor_rows")})
    county = add_units(None, ["320682000000"], level=3)["320682000000"]
    towns = add_units({"": county}, sorted({code[:9] + "000" for code in villages}), level=4)
    add_units({code[:9]: unit for code, unit in towns.items()}, villages, level=5)
    for month, day in NIGHTS.items():
        NightRun.objects.create(
            county=county, as_of_date=day, state=RunState.DONE, requested_by="test",
            requested_at=finished(month), finished_at=finished(month),
        )  # fmt: skip
    believe_the_truth(county)
    return county


def add_units(above: dict[str, Unit] | None, codes: list[str], level: int) -> dict[str, Unit]:
    """Add units below those whose code, cut short, is the key."""
    parents = {
        code: next(unit for key, unit in above.items() if code.startswith(key)) if above else None for code in codes
    }
    units = Unit.objects.bulk_create(
        Unit(
            code=code, name=code, full_name=code, level=level, parent=parent,
            path=f"{parent.path if parent else ''}{code}/", valid_from=date(2018, 1, 1),
        )
        for code, parent in parents.items()
    )  # fmt: skip
    return {unit.code: unit for unit in units}


def believe_the_truth(county: Unit) -> None:
    units = dict(Unit.objects.values_list("code", "pk"))
    places, people = filed_places(), read("persons")
    uids = sorted({int(row["uid"]) for row in people})
    rows = [
        {
            "county_id": county.pk,
            "person_id": int(row["uid"]) + 1,
            "night_id": 1,
            "as_of_date": NIGHTS[row["month"]],
            "recorded_at": finished(row["month"]).isoformat(),
            "superseded_at": finished("2019-01").isoformat() if row["month"] == "2018-12" else None,
            "verdict": row["verdict"],
            "e1_column": row["e1_column"],
            "desk_reason": COUNTED.get(row["e1_column"], DeskReason.CONTRIBUTING).value,
            "in_poverty_file": "poverty" in row["feeds"],
            "in_three_categories": row["in_three_categories"] == "True",
            "due_to_draw": row["due_to_draw"] == "True",
            "drawing": row["drawing"] == "True",
            "pay_target": row["pay_target"] == "True",
            "out_of_province": False,
            "categories": "",
            "sex": 0,
            "file_unit_id": units[places[row["month"], row["uid"]]],
            "oldest_feed_date": NIGHTS[row["month"]],
        }
        for row in people
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_person (id, county_id, name, name_pinyin, sex, created_at) "
            "SELECT id + 1, %s, '某', 'mou', 0, now() FROM unnest(%s::bigint[]) id",
            [county.pk, uids],
        )
        copy_into(cursor, "coverage_coverageverdict", pa.Table.from_pylist(rows))


def test_true_codes_give_the_expected_table_in_every_cell(county):
    expected = read("e1_expected")
    actor = system_actor(county)
    tables = {
        (month, scope): get_table(actor=actor, asked=Asked(county, day, Population(scope)))
        for month, day in NIGHTS.items()
        for scope in ("poverty_file", "three_categories")
    }
    counted = {
        (month, scope, line.code.rstrip("0") if line is table.total else line.code[:9], name): line.counts[name]
        for (month, scope), table in tables.items()
        for line in (table.total, *table.parts)
        for name in EXPORTED
    }
    wanted = {(row["month"], row["scope"], row["unit"], name): int(row[name]) for row in expected for name in EXPORTED}
    assert {cell: (counted.get(cell), value) for cell, value in wanted.items() if counted.get(cell) != value} == {}
    assert len(wanted) == len(expected) * len(EXPORTED) == 52 * 21


def test_the_table_of_the_month_before_does_not_change(county):
    asked = Asked(county, date(2019, 1, 30))
    table = get_table(actor=system_actor(county), asked=asked)
    assert table.as_of == NIGHTS["2018-12"]
    assert table.total.counts["1_registered"] == 12523
