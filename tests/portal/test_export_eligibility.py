"""Who is eligible and what was applied for, as csv: line by delivered line, on the day asked, entered as disclosed."""

import csv

import pytest
from django.core.management import CommandError, call_command

from enrollment.constants import Channel
from enrollment.models import Application
from foundation.audit.models import Disclosure
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from registry.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exports")]

COLUMNS = "feed,file,sheet,row,member,person_id,outcome,reasons"
APPLICATION_COLUMNS = (
    "application_id,person_id,kind,state,channel,version,opened_at,accepted_on,receipt_no,due_on,decided_on,refusal_reasons,"
    "effective_from,entry_number"
)


@pytest.fixture
def county(december_night: Unit, db: None) -> Unit:
    return december_night


@pytest.fixture
def export(county, tmp_path):
    def run(name: str, *options: str) -> tuple[str, list[dict[str, str]]]:
        out = tmp_path / "out.csv"
        call_command("export", name, "--county=320682", f"--out={out}", "--purpose=核对", *options)
        text = out.read_text("utf-8")
        return text.splitlines()[0], list(csv.DictReader(text.splitlines()))

    return run


def test_every_line_of_a_person_with_an_open_gap_has_an_outcome_and_its_reasons(export):
    header, register = export("eligibility", "--kind=register", "--on=2018-12-31")
    assert header == COLUMNS
    _, direct = export("eligibility", "--kind=direct_inclusion", "--on=2018-12-31")
    assert register
    assert {row["person_id"] for row in direct} <= {row["person_id"] for row in register}
    assert {row["outcome"] for row in [*register, *direct]} == {"eligible", "refused", "unknown"}
    for row in [*register, *direct]:
        assert (row["outcome"] == "eligible") == (row["reasons"] == "")
    disclosed = Disclosure.objects.order_by("-pk")[0]
    assert (disclosed.recipient, disclosed.purpose, disclosed.row_count) == ("file eligibility", "核对", len(direct))
    assert ",".join(disclosed.fields) == COLUMNS


def test_the_day_asked_counts_and_no_night_on_it_is_said(export):
    _, late = export("eligibility", "--kind=direct_inclusion", "--on=2021-01-01")
    assert {"WINDOW_CLOSED" in row["reasons"].split(";") for row in late} == {True}
    with pytest.raises(CommandError, match="No finished night"):
        export("eligibility", "--kind=direct_inclusion", "--on=2018-12-30")
    assert export("eligibility", "--kind=claim", "--on=2018-12-31")[0] == COLUMNS


@pytest.mark.parametrize(
    "options", [("eligibility", "--kind=register"), ("eligibility", "--on=2018-12-31"), ("links",)]
)
def test_what_an_export_needs_is_named(export, options):
    with pytest.raises(CommandError, match="needs --"):
        export(*options)


def test_applications_one_line_each_with_texts_that_run_nowhere(export, county):
    person = Person.objects.filter(county=county).order_by("pk")[0]
    Application.objects.create(
        county=county, unit=person.unit, person=person, kind="register", channel=Channel.VILLAGE, content_hash="0" * 64,
        opened_at=now(), entry_number="=1+1",
    )  # fmt: skip
    header, rows = export("applications")
    assert header == APPLICATION_COLUMNS
    assert [(row["kind"], row["state"], row["accepted_on"], row["entry_number"]) for row in rows] == [
        ("register", "draft", "", "'=1+1")
    ]
    assert Disclosure.objects.filter(recipient="file applications", row_count=1).exists()
