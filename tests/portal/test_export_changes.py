"""`export changes`: how the month's newest lists and rolls differ from those before them, each with its line."""

import csv
from functools import partial

import pytest
from django.core.management import call_command

from foundation.audit.models import Disclosure
from foundation.regions.models import Unit
from registry.models import Person
from tests import senders
from tests.plugins.county import receive_and_process
from tests.plugins.month import DEAD, HERE, JANUARY, LINES, NOWHERE, OLD

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exports")]

COLUMNS = "feed,kind,file,sheet,row,member,person_id,old,new,roll_no"


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


@pytest.fixture
def export(tmp_path):
    """Return a function that exports by command and reads what was written."""

    def run(month: str = "2019-01") -> list[dict[str, str]]:
        out = tmp_path / "changes.csv"
        call_command("export", "changes", "--county=320682", f"--month={month}", f"--out={out}", "--purpose=核对")
        assert out.read_text("utf-8").splitlines()[0] == COLUMNS
        with out.open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    return run


@pytest.fixture
def january(county, tmp_path):
    """Receive a January in which one thing of each sort changed."""
    send = partial(receive_and_process, county, as_of=JANUARY, consent=True)
    people = [
        ("张伟", HERE, 1, "返贫"),
        ("李芳", OLD[:-1], 2, "未脱贫"),
        ("王强", NOWHERE, 3, "未脱贫"),
        ("赵老", DEAD, 4, "未脱贫"),
    ]
    rows = [dict(zip(("name", "number", "household", "status"), each, strict=True)) for each in people]
    send(senders.poverty(tmp_path / "建档立卡_一月.xlsx", [*rows, {"name": "周新", "number": "", "household": 9}]))
    family = {"household": "D2018-12", "status": "差额", "members": [("张伟", HERE), ("孙无", "")]}
    send(senders.dibao(tmp_path / "低保_一月.xlsx", [family]))
    lapsed = senders.resident_row("R1", "张伟", HERE, "lapsed")
    send(senders.resident(tmp_path / "居保_一月.zip", [lapsed, *LINES[1:5]]))


def test_every_changed_line_is_exported_with_its_place(january, export):
    rows = {
        (row["feed"], row["kind"], row["file"], row["row"], row["member"], row["old"], row["new"]) for row in export()
    }
    poverty, dibao, roll = "建档立卡_一月.xlsx", "低保_一月.xlsx", "居保_一月.zip"
    assert rows == {
        ("poverty", "poverty_status", poverty, "4", "", "未脱贫", "返贫"),
        ("poverty", "new_error", poverty, "5", "", "ok", "length"),
        ("poverty", "poor_new", poverty, "8", "", "", "未脱贫"),
        ("poverty", "poor_exit", "建档立卡_2018-12.xlsx", "8", "", "未脱贫", ""),
        ("dibao", "dibao_kind", dibao, "2", "1", "full", "partial"),
        ("resident", "paused", roll, "2", "", "11", "22"),
        ("resident", "duplicate_removed", "居保_2018-12.zip", "7", "", "", ""),
        ("resident", "gone_row", "居保_2018-12.zip", "8", "", "", ""),
    }


def test_persons_and_roll_numbers_are_named(january, export):
    rows = {row["kind"]: row for row in export()}
    assert rows["poverty_status"]["person_id"] == str(Person.objects.get(name="张伟").pk)
    assert (rows["paused"]["roll_no"], rows["paused"]["person_id"]) == ("R1", "")
    assert OLD[:-1] not in str(rows)


def test_a_month_without_a_month_before_has_no_lines_and_every_export_is_on_record(county, export):
    assert export("2018-12") == []
    disclosure = Disclosure.objects.latest("id")
    assert (disclosure.recipient, disclosure.row_count, disclosure.purpose) == ("file changes", 0, "核对")
