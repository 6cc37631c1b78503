"""A roll whose personal numbers are identity numbers: an export with a purpose has them as sent, the database their references."""

import csv

import pytest
from django.core.management import call_command

from casework.models import Gap
from coverage.models import Finding, Link
from foundation.primitives.personal_texts import is_reference
from tests import senders
from tests.oracles.numbers import make_number
from tests.plugins.month import DECEMBER, HERE, JANUARY, PEOPLE, STRANGER, TWICE

pytestmark = pytest.mark.django_db
NEW = make_number("19610101", 6)
LINES = [("张伟", HERE, "contributing"), ("路人甲", STRANGER, "drawing"), ("路人乙", TWICE, "drawing")]


@pytest.fixture
def export(tmp_path):
    def run(name: str, month: str = "2018-12") -> list[dict[str, str]]:
        out = tmp_path / f"{name}.csv"
        call_command("export", name, "--county=320682", f"--month={month}", f"--out={out}", "--purpose=核对")
        assert [path.name for path in tmp_path.glob(f"{name}.csv*")] == [f"{name}.csv"]
        with out.open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    return run


@pytest.fixture
def county_night(county, tmp_path, take_in, run_county_night):
    """Every line but one has its holder's identity number as personal number; the last its own."""
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    rows = [senders.resident_row(number, name, number, status) for name, number, status in LINES]
    rows.append(senders.resident_row("R7", "路人乙", TWICE, "drawing"))
    take_in(senders.resident(tmp_path / "居保.zip", rows))
    take_in(senders.deaths(tmp_path / "死亡.xlsx", [("公安", "路人甲", STRANGER, "20181205")]))
    run_county_night(DECEMBER)


def test_links_and_findings_are_exported_as_sent(county_night, export):
    assert {row["roll_no"] for row in export("links")} == {HERE}
    assert {row["roll_no"] for row in export("roll_findings")} == {STRANGER, TWICE, "R7"}
    for model in (Link, Finding, Gap):
        stored = {
            number
            for number in model.objects.exclude(scheme__in=["", "feed"]).values_list("roll_no", flat=True)
            if number
        }
        assert stored
        assert {number for number in stored if not is_reference(number)} <= {"R7"}


def test_changes_of_a_roll_are_exported_as_sent(county_night, export, tmp_path, take_in):
    rows = [
        senders.resident_row(number, name, number, "lapsed" if number == HERE else status)
        for name, number, status in LINES
    ]
    rows.append(senders.resident_row(NEW, "新人", NEW))
    take_in(senders.resident(tmp_path / "居保_1.zip", rows), JANUARY, consent=True)
    changes = {(row["kind"], row["roll_no"]) for row in export("changes", "2019-01") if row["feed"] == "resident"}
    assert {("paused", HERE), ("new_row", NEW), ("duplicate_removed", "R7")} <= changes


def test_the_same_number_is_the_same_line_next_month(county_night, tmp_path, take_in, run_county_night):
    twice = Gap.objects.open().filter(person=None, scheme="resident", kind="DUPLICATE_BENEFIT")
    gaps = set(twice.values_list("pk", "roll_no"))
    rows = [senders.resident_row(number, name, number, status) for name, number, status in LINES]
    rows.append(senders.resident_row("R7", "路人乙", TWICE, "drawing"))
    take_in(senders.resident(tmp_path / "居保_1.zip", [*rows, senders.resident_row(NEW, "新人", NEW)]), JANUARY)
    run_county_night(JANUARY)
    assert len(gaps) == 2
    assert set(twice.values_list("pk", "roll_no")) == gaps
