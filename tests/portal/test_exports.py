"""The exports used to check on a county: columns and words exactly as agreed, as known to the month's last night, entered as disclosed."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.models import Gap
from foundation.audit.models import Disclosure
from foundation.primitives.clock import now
from foundation.primitives.resident_id import is_valid
from foundation.regions.models import Unit
from nightly.models import NightRun
from portal.exports.export import OF_FILES, OF_NIGHT
from registry.models import MergeProposal, MergeReason, Person
from tests.plugins.month import DECEMBER, ENROLLED, FEBRUARY, JANUARY, LINES, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exports")]

COLUMNS = {
    "links": "feed,file,sheet,row,member,scheme,roll_no,roll_file,roll_part,roll_line,rule,action,score,field_verdicts",
    "verdicts": "feed,file,sheet,row,member,person_id,verdict,e1_column,desk_reason",
    "problems": "file,sheet,row,reason,action",
    "gaps": "feed,file,sheet,row,member,person_id,kind,reason",
    "persons": "feed,file,sheet,row,member,person_id,name,categories",
    "merge_candidates": "person_id_a,person_id_b,reason",
    "roll_findings": "scheme,roll_no,kind,evidence_class",
}
POVERTY, DIBAO, ROLL = "建档立卡_2018-12.xlsx", "低保_2018-12.xlsx", "居保_2018-12.zip"


@pytest.fixture
def county(december_night: Unit, db: None) -> Unit:
    return december_night


@pytest.fixture
def export(tmp_path):
    """Return a function that exports by command and reads what was written."""

    def run(name: str, month: str = "2018-12") -> list[dict[str, str]]:
        out = tmp_path / f"{name}.csv"
        call_command("export", name, "--county=320682", f"--month={month}", f"--out={out}", "--purpose=核对")
        with out.open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    return run


def person_id(name: str) -> str:
    return str(Person.objects.get(name=name).pk)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_exactly_those_agreed(county, export, tmp_path, name):
    assert export(name) or name == "merge_candidates"
    assert (tmp_path / f"{name}.csv").read_text("utf-8").splitlines()[0] == COLUMNS[name]
    assert set(COLUMNS) == {*OF_NIGHT, *OF_FILES}


def test_persons_one_line_a_delivered_row_with_all_their_categories(export):
    rows = {(row["file"], row["row"], row["member"]): row for row in export("persons")}
    assert rows[POVERTY, "4", ""] == {
        "feed": "poverty",
        "file": POVERTY,
        "sheet": "贫困人口",
        "row": "4",
        "member": "",
        "person_id": person_id("张伟"),
        "name": "张伟",
        "categories": "dibao:full:rural;poverty:未脱贫",
    }
    assert rows[DIBAO, "2", "1"]["person_id"] == person_id("张伟")
    assert rows[DIBAO, "2", "2"]["categories"] == "dibao:full:rural"


def test_possible_duplicates_are_those_not_decided(export, county):
    one, other = Person.objects.order_by("pk")[:2]
    pair = {"county": county, "person_a": one, "person_b": other, "proposed_at": now()}
    MergeProposal.objects.create(reason=MergeReason.SAME_NUMBER, **pair)
    expected = {"person_id_a": str(one.pk), "person_id_b": str(other.pk), "reason": "same_number_other_name"}
    assert export("merge_candidates") == [expected]


def test_a_name_that_is_a_formula_is_exported_as_a_text(county, export):
    Gap.objects.filter(closed_at__isnull=True).update(reason="=1+1")
    assert {row["reason"] for row in export("gaps")} == {"'=1+1"}


def test_links(county, export):
    rows = {(row["file"], row["row"], row["member"]): row for row in export("links")}
    link = rows[POVERTY, "4", ""]
    assert float(link.pop("score")) > 20, "four equal fields weigh more than any chance"
    assert link == {
        "feed": "poverty",
        "file": POVERTY,
        "sheet": "贫困人口",
        "row": "4",
        "member": "",
        "scheme": "resident",
        "roll_no": "R1",
        "roll_file": ROLL,
        "roll_part": "jm_201812.csv",
        "roll_line": "2",
        "rule": "same_number",
        "action": "auto",
        "field_verdicts": "number=same;name=same;birth=same;village=same",
    }
    assert rows[DIBAO, "2", "1"]["roll_no"] == "R1"


def test_verdicts_name_every_line_and_member(county, export):
    rows = {
        (row["feed"], row["row"], row["member"]): (row["person_id"], row["verdict"], row["e1_column"])
        for row in export("verdicts")
    }
    assert rows == {
        ("poverty", "4", ""): (person_id("张伟"), "1-011", "9_resident"),
        ("poverty", "5", ""): (person_id("李芳"), "1-011", "9_resident"),
        ("poverty", "6", ""): (person_id("王强"), "GAP", "16f_other"),
        ("poverty", "7", ""): (person_id("赵老"), "0-207", "6_dead"),
        ("poverty", "8", ""): (person_id("钱小"), "U16", "2_under16"),
        ("dibao", "2", "1"): (person_id("张伟"), "1-011", "9_resident"),
        ("dibao", "2", "2"): (person_id("孙无"), "GAP", "16e_no_hukou"),
    }


def test_gaps_of_persons(county, export):
    rows = {(row["feed"], row["row"], row["member"], row["kind"], row["reason"]) for row in export("gaps")}
    assert rows == {
        ("poverty", "5", "", "DUE_NOT_DRAWING", "contributing"),
        ("poverty", "6", "", "UNINSURED", "never_enrolled"),
        ("poverty", "7", "", "DRAWING_AFTER_DEATH", "2018-11-05"),
        ("dibao", "2", "2", "UNINSURED", "no_number"),
        ("dibao", "2", "2", "NO_IDENTITY", "no_number"),
    }


def test_findings_on_the_roll(county, export):
    rows = {(row["scheme"], row["roll_no"], row["kind"], row["evidence_class"]) for row in export("roll_findings")}
    assert rows == {
        ("resident", "R2", "DUE_NOT_DRAWING", ""),
        ("resident", "R4", "DRAWING_AFTER_DEATH", "A"),
        ("resident", "R5", "STOP_DUE", "A"),
        ("resident", "R6", "DUPLICATE_BENEFIT", ""),
        ("resident", "R7", "DUPLICATE_BENEFIT", ""),
    }


def test_problems_need_no_night(county, export):
    rows = {(row["file"], row["row"], row["reason"], row["action"]) for row in export("problems")}
    assert {
        (POVERTY, "1", "title_row", "skip"),
        (POVERTY, "9", "total_row", "skip"),
        (DIBAO, "2", "id_missing", "load_without_id_to_repair"),
    } <= rows


def test_a_month_exports_the_results_of_its_own_last_night(run_county_night, export, tmp_path, take_in):
    before = export("verdicts")
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    run_county_night(JANUARY)
    assert export("verdicts") == before
    january = {row["person_id"]: row["verdict"] for row in export("verdicts", "2019-01")}
    assert january[person_id("王强")] == "1-011"
    assert {row["file"] for row in export("verdicts", "2019-01")} == {"建档立卡_2019-01.xlsx", "低保_2019-01.xlsx"}


def test_without_a_night_of_the_month_there_is_a_sentence_and_no_file(county, tmp_path):
    out = tmp_path / "none.csv"
    with pytest.raises(CommandError, match="2019-02"):
        call_command("export", "links", "--county=320682", f"--month={FEBRUARY[:7]}", f"--out={out}", "--purpose=核对")
    assert not out.exists()


def test_every_export_is_in_the_register_of_disclosures_and_for_its_owner_only(county, export, tmp_path):
    rows = export("links")
    disclosure = Disclosure.objects.get()
    assert disclosure.purpose == "核对"
    assert disclosure.row_count == len(rows)
    assert disclosure.fields == COLUMNS["links"].split(",")
    assert (tmp_path / "links.csv").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", COLUMNS)
def test_no_export_holds_a_number(county, export, tmp_path, name):
    export(name)
    text = Path(tmp_path / f"{name}.csv").read_text("utf-8")
    assert not [part for part in text.replace("\n", ",").split(",") if is_valid(part)]


def test_a_purpose_must_be_said(county, tmp_path):
    with pytest.raises(CommandError, match="purpose"):
        call_command("export", "links", "--county=320682", "--month=2018-12", f"--out={tmp_path / 'x.csv'}")


def test_the_night_is_of_the_day_the_data_describe(county):
    assert NightRun.objects.get().as_of_date == date.fromisoformat(DECEMBER)


def test_changed_codes_against_the_last_night_of_the_month_before(run_county_night, export, tmp_path, take_in):
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    run_county_night(JANUARY)
    assert [
        (row["feed"], row["file"], row["person_id"], row["was"], row["now"])
        for row in export("verdict_changes", "2019-01")
    ] == [("poverty", "建档立卡_2019-01.xlsx", person_id("王强"), "GAP", "1-011")]


def test_who_left_the_lists_is_exported_with_their_old_line(run_county_night, export, tmp_path, take_in):
    send_month(tmp_path, take_in, JANUARY, LINES)
    person = Person.objects.get(name="王强")
    person.designations.update(superseded_at=now())
    run_county_night(JANUARY)
    assert [(row["file"], row["was"], row["now"]) for row in export("verdict_changes", "2019-01")] == [
        (POVERTY, "GAP", "")
    ]


def test_changed_codes_need_a_night_of_the_month_before(county, export):
    with pytest.raises(CommandError, match="2018-11"):
        export("verdict_changes")
