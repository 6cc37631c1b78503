"""The generated county: reproducible, harmless, complete in its errors, and truthful about every line."""

import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from demo.county import make_county
from demo.county.listing import plain_listing
from demo.county.writers import write_text
from tests.demo.conftest import POOR, ROLL, SmallCounty

NEVER_ASSIGNED = {"320697", "320696", "419998", "349998", "519998", "529998"}
DAMAGED_NUMBER = {
    "id_sub1",
    "id_swap",
    "id_2err",
    "id_near_twin",
    "id_daymonth",
    "id_len",
    "id_numeric",
    "id_missing",
    "id_none",
}
ROW_ERRORS = {
    "id_sub1", "id_swap", "id_2err", "id_daymonth", "id_len", "id_missing", "id_none", "id_numeric", "id_15", "id_disab", "id_format",
    "id_relative", "id_near_twin", "name_homo", "name_variant", "name_trad", "name_rare", "name_former", "name_sep", "name_space",
    "name_trail", "name_translit", "filed_twice", "dob_year", "dob_month_only", "dob_swapped",
}  # fmt: skip
ANOMALIES = {
    "data:roll_dob_wrong", "data:roll_id_15", "data:roll_id_before_change", "data:roll_id_sub1", "data:roll_id_swap",
    "data:roll_name_former", "data:roll_name_homo", "data:roll_name_rare", "data:roll_name_trad", "data:roll_no_start",
    "dead_still_contributing", "dead_still_drawing", "dead_this_month_still_drawing", "drawing_before_60", "drawing_twice",
    "drawing_two_schemes", "due_not_drawing", "duplicate_enrolment", "duplicate_rows", "false_death_report_do_not_stop",
    "hukou_cancelled_on_roll", "invalid_status_pair", "moved_out_on_roll", "prison_from_this_month", "prison_still_drawing",
    "probation_no_stop", "registered_not_insured",
}  # fmt: skip
TRAPS = {"id_of_relative", "same_name_same_birth", "twin", "same_number_other_person"}
VERDICTS = {
    "U16",
    "1-011",
    "0-200",
    "0-201",
    "0-202",
    "0-203",
    "0-204",
    "0-205",
    "0-206",
    "0-207",
    "0-208",
    "2-011",
    "GAP",
}


def _digest(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*.*"))}


def _check_character(first17: str) -> str:
    """GB 11643 in its textbook form, apart from the product's and the generator's own code."""
    return "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(first17)) % 11]


@cache
def _lines(path: Path, sheet: str) -> list[list]:
    """All lines of a file, read with plain tools."""
    if path.suffix == ".xlsx":
        return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return list(csv.reader(io.StringIO(archive.read(sheet).decode("gb18030"))))
    with path.open(encoding="gb18030", newline="") as text:
        return list(csv.reader(text))


def test_same_arguments_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        make_county(poor=400, roll=9000, seed=3, out=tmp_path / name)
    first, second = _digest(tmp_path / "first"), _digest(tmp_path / "second")
    assert first == second
    assert len(first) == 14 + 8 * 2 + 2


def test_another_seed_draws_other_people(tmp_path: Path) -> None:
    for seed in (3, 4):
        make_county(poor=400, roll=9000, seed=seed, out=tmp_path / str(seed))
    assert _digest(tmp_path / "3") != _digest(tmp_path / "4")


def test_every_number_begins_with_a_never_assigned_code(small_county: SmallCounty) -> None:
    written = {row["true_id"] for row in small_county.rows("persons")} - {""}
    for row in small_county.rows("files"):
        if row["feed"] in {"resident", "employee", "civil"}:
            lines = _lines(small_county.made.month_folder / row["file"], row["part"])
            written |= {line[5] for line in lines[1:]}
    assert {number[:6] for number in written} <= NEVER_ASSIGNED


def test_true_numbers_are_right_and_nobody_shares_one(small_county: SmallCounty) -> None:
    people = [row for row in small_county.rows("persons") if row["true_id"]]
    for row in people:
        number = row["true_id"]
        assert number[17] == _check_character(number[:17])
        assert number[6:14] == row["birth"]
        assert int(number[16]) % 2 == int(row["sex"])
    assert len({row["true_id"] for row in people}) == len(people)


def test_roll_numbers_are_right_unless_the_truth_says_otherwise(small_county: SmallCounty) -> None:
    named = {row["roll_no"] for row in small_county.rows("roll_anomalies") if row["kind"].startswith("data:roll_id")}
    lines = _lines(small_county.made.month_folder / "城乡居保参保人员_201812.zip", "jm_201812.csv")[1:]
    sound = [line[5] for line in lines if line[2] not in named]
    assert all(len(number) == 18 and number[17] == _check_character(number[:17]) for number in sound)
    assert len(sound) < len(lines)


def test_every_kind_of_error_occurs(small_county: SmallCounty) -> None:
    assert {tag for row in small_county.rows("poor_rows") for tag in row["errors"].split()} == ROW_ERRORS
    assert {row["kind"] for row in small_county.rows("roll_anomalies")} == ANOMALIES
    assert {row["why"] for row in small_county.rows("pairs") if row["match"] == "0"} == TRAPS
    assert {row["verdict"] for row in small_county.rows("persons")} == VERDICTS


def test_rows_of_the_poor_are_where_the_truth_says(small_county: SmallCounty) -> None:
    checked = 0
    for row in small_county.rows("poor_rows"):
        cells = _lines(small_county.made.month_folder / row["file"], row["sheet"])[int(row["row"]) - 1]
        kind, key, member = row["row_key"].split("|")
        name_column = {"POV": 3, "DB": 8 + 2 * int(member) if kind == "DB" else 0, "TK": 2}[kind]
        number_column = {"POV": 5, "DB": name_column + 1, "TK": 3}[kind]
        number = cells[number_column]
        assert cells[{"POV": 0, "DB": 1, "TK": 1}[kind]] == key
        assert cells[name_column] == row["name_as_written"]
        assert (f"float:{int(number)}" if isinstance(number, float) else number) == row["id_as_written"]
        checked += 1
    assert checked > POOR


def test_lines_of_the_rolls_are_where_the_truth_says(small_county: SmallCounty) -> None:
    true = {row["uid"]: row for row in small_county.rows("persons")}
    number_column = {"resident": (2, 3, 5), "employee": (3, 4, 5), "civil": (3, 4, 5)}
    checked = 0
    for row in small_county.rows("pairs"):
        if row["match"] == "0" or row["scheme"] == "outprov":
            continue
        cells = _lines(small_county.made.month_folder / row["roll_file"], row["roll_part"])[int(row["roll_line"]) - 1]
        no, name, number = (cells[column] for column in number_column[row["scheme"]])
        assert no == row["roll_no"]
        if (
            not row["roll_errors"]
            .replace("roll_dup", "")
            .replace("roll_no_start", "")
            .replace("roll_dob_wrong", "")
            .strip()
        ):
            assert (name, number) == (true[row["uid"]]["true_name"], true[row["uid"]]["true_id"])
            checked += 1
    assert checked > POOR * 0.7


def test_anomalies_show_in_the_roll(small_county: SmallCounty) -> None:
    lines = _lines(small_county.made.month_folder / "城乡居保参保人员_201812.zip", "jm_201812.csv")
    for row in small_county.rows("roll_anomalies"):
        cells = lines[int(row["roll_line"]) - 1]
        assert cells[2] == row["roll_no"]
        assert f"{cells[11]}/{cells[12]}" == row["status"]
        if row["kind"] == "data:roll_no_start":
            assert cells[18] == ""
        if row["kind"].startswith("data:roll_name"):
            assert cells[3] != row["detail"]


def test_lines_of_the_feeds_name_whom_the_truth_says(small_county: SmallCounty) -> None:
    true = {row["uid"]: row for row in small_county.rows("persons")}
    name_column = {
        "disability": 1, "outprov": 1, "deaths": 2, "hukou": 1, "prison": 1, "students": 0, "soldiers": 1, "survey": 1,
    }  # fmt: skip
    seen = set()
    for row in small_county.rows("feed_rows"):
        if row["uid"] in true and "name_" not in row["errs"]:
            cells = _lines(small_county.made.month_folder / row["file"], row["sheet"])[int(row["row"]) - 1]
            assert cells[name_column[row["feed"]]] == true[row["uid"]]["true_name"]
            seen.add(row["feed"])
    assert seen == set(name_column)


def test_files_have_the_lines_the_truth_counts(small_county: SmallCounty) -> None:
    files = small_county.rows("files")
    assert len(files) == 14
    for row in files:
        lines = _lines(small_county.made.month_folder / row["file"], row["part"])
        assert len(lines) == int(row["lines"])
    assert next(int(row["data_rows"]) for row in files if row["feed"] == "resident") == ROLL


def test_lines_that_are_no_persons_are_refused_with_their_reason(small_county: SmallCounty) -> None:
    reasons: dict[str, int] = {}
    for row in small_county.rows("refused_rows"):
        cells = _lines(small_county.made.month_folder / row["file"], row["sheet"])[int(row["row"]) - 1]
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
        if row["reason"] == "total_row":
            assert cells[0] == "合计"
        if row["reason"] == "blank_row":
            assert not any(cells)
        if row["action"] == "ignore_duplicate":
            source = int(row["reason"].removeprefix("duplicate_of_row_"))
            assert cells == _lines(small_county.made.month_folder / row["file"], row["sheet"])[source - 1]
    assert {
        "title_row": 1,
        "blank_row": 5,
        "header_repeated": 2,
        "total_row": 3,
        "signature_line": 1,
    }.items() <= reasons.items()


def test_shares_are_those_of_a_real_county(small_county: SmallCounty) -> None:
    people = small_county.rows("persons")
    share = {
        "poverty": sum("poverty" in row["feeds"] for row in people) / POOR,
        "insured": sum(row["verdict"] == "1-011" for row in people) / POOR,
        "under_16": sum(row["verdict"] == "U16" for row in people) / POOR,
        "three": sum(row["in_three_categories"] == "True" for row in people) / POOR,
    }
    assert len(people) == POOR
    assert share["poverty"] == pytest.approx(0.81, abs=0.03)
    assert share["insured"] == pytest.approx(0.78, abs=0.04)
    assert share["under_16"] == pytest.approx(0.09, abs=0.03)
    assert share["three"] == pytest.approx(0.775, abs=0.04)
    lines = _lines(small_county.made.month_folder / "城乡居保参保人员_201812.zip", "jm_201812.csv")[1:]
    assert sum(line[10] == "正常待遇" for line in lines) / ROLL == pytest.approx(0.48, abs=0.03)


def test_the_monthly_table_adds_up(small_county: SmallCounty) -> None:
    rows = small_county.rows("e1_expected")
    parts = [
        name for name in rows[0] if name[0].isdigit() and name.split("_")[0] not in {"1", "8", "12", "13", "14", "17"}
    ]
    for scope in ("poverty_file", "three_categories"):
        county, *towns = [row for row in rows if row["scope"] == scope]
        assert sum(int(county[name]) for name in parts) == int(county["1_registered"])
        for name in (*parts, "1_registered", "13_due_to_draw", "17_pay_target"):
            assert sum(int(town[name]) for town in towns) == int(county[name])


def test_verdicts_agree_with_the_rolls(small_county: SmallCounty) -> None:
    """Who has a valid row on the resident roll, lives and is 16 is insured here, and nobody else is."""
    lines = _lines(small_county.made.month_folder / "城乡居保参保人员_201812.zip", "jm_201812.csv")
    insured = {("1", "1"), ("2", "2"), ("1", "3"), ("2", "3")}
    on_roll = {
        row["uid"]
        for row in small_county.rows("pairs")
        if row["match"] == "1"
        and row["scheme"] == "resident"
        and tuple(lines[int(row["roll_line"]) - 1][11:13]) in insured
    }
    alive = {row["uid"] for row in small_county.rows("persons") if row["verdict"] not in {"0-207", "U16"}}
    assert {row["uid"] for row in small_county.rows("persons") if row["verdict"] == "1-011"} == on_roll & alive


def test_damaged_numbers_are_refused_and_badly_formatted_ones_are_not(small_county: SmallCounty) -> None:
    refused = {(row["file"], row["row"], row["value"]) for row in small_county.rows("refused_rows")}
    for row in small_county.rows("poor_rows"):
        tags = set(row["errors"].split())
        here = (row["file"], row["row"], row["id_as_written"].removeprefix("float:")) in refused
        if tags & (DAMAGED_NUMBER - {"id_daymonth"}):
            assert here
        if not tags or "id_format" in tags:
            assert not here or row["id_as_written"] == ""


def test_parquet_holds_the_columns_of_the_files(tmp_path: Path) -> None:
    made = make_county(poor=400, roll=9000, seed=3, out=tmp_path, output_format="parquet")
    table = pq.read_table(made.month_folder / "城乡居保参保人员_201812.parquet")
    assert table.num_rows == 9000
    assert table.column_names[:6] == ["行政区划", "户籍性质", "个人编号", "姓名", "证件类型", "证件号码"]
    assert pq.read_table(made.month_folder / "建档立卡贫困人口信息_201812.parquet").num_columns == 17


def test_a_county_without_villages_or_too_small_a_roll_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no villages are shipped"):
        make_county(poor=10, roll=9000, seed=1, out=tmp_path, county="110101")
    with pytest.raises(ValueError, match="too small"):
        make_county(poor=5000, roll=2000, seed=1, out=tmp_path)


@pytest.mark.parametrize("county", ["522731", "500112"])
def test_other_counties_are_shipped_one_of_them_below_a_municipality(tmp_path: Path, county: str) -> None:
    made = make_county(poor=300, roll=9000, seed=1, out=tmp_path, county=county)
    with gzip.open(made.truth_folder / "poor_rows.csv.gz", "rt", encoding="utf-8", newline="") as rows:
        assert {row["village"][:6] for row in csv.DictReader(rows)} == {county}


def test_a_cell_that_contains_the_separator_is_quoted(tmp_path: Path) -> None:
    """Students' numbers follow a tab, also where tabs are between the columns."""
    columns = {"姓名": np.array(["甲", "乙"]), "身份证号": np.array(["\t320697200207222405", "x"])}
    listing = plain_listing("students", "s.csv", "", columns)
    write_text(tmp_path / "s.csv", listing, "utf-8", "\t")
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as text:
        assert list(csv.reader(text, delimiter="\t"))[1:] == [["甲", "\t320697200207222405"], ["乙", "x"]]


def test_the_command_writes_a_county_and_says_where(tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("make_county", poor=300, roll=9000, seed=1, out=tmp_path, stdout=said)
    assert len(list((tmp_path / "2018-12").iterdir())) == 14
    assert str(tmp_path / "2018-12") in said.getvalue()


def test_the_command_explains_an_impossible_county(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="too small"):
        call_command("make_county", poor=5000, roll=2000, seed=1, out=tmp_path)


def test_another_month_dates_its_files(tmp_path: Path) -> None:
    made = make_county(poor=300, roll=9000, seed=1, out=tmp_path, month=date(2019, 3, 1))
    assert made.month_folder.name == "2019-03"
    assert all("201903" in path.name for path in made.files)
    summary = json.loads((made.truth_folder / "summary.json").read_text(encoding="utf-8"))
    assert list(summary) == ["2019-03"]


def test_a_variant_says_the_same_in_other_words(tmp_path: Path) -> None:
    for name in ("first", "second"):
        make_county(poor=400, roll=9000, seed=3, out=tmp_path / name, layout="variant")
    make_county(poor=400, roll=9000, seed=3, out=tmp_path / "usual")
    first, usual = _digest(tmp_path / "first"), _digest(tmp_path / "usual")
    assert first == _digest(tmp_path / "second")
    assert first.keys() == usual.keys()
    differing = {path for path in first if first[path] != usual[path]}
    assert {path.split("/")[0] for path in differing} == {"2018-12", "truth"}
    assert {path for path in differing if path.startswith("truth")} <= {"truth/files.csv.gz", "truth/files.parquet"}
    cells = {name: _cells(tmp_path / name / "2018-12" / "服刑人员_201812.xlsx") for name in ("first", "usual")}
    assert [sorted(map(str, line)) for line in cells["first"][2:]] == [
        sorted(map(str, line)) for line in cells["usual"][2:]
    ]


def _cells(path: Path) -> list[list]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_a_stranger_s_month_says_the_same_lines_under_other_names_and_headers(tmp_path: Path) -> None:
    for name in ("first", "second"):
        make_county(poor=400, roll=9000, seed=3, out=tmp_path / name, layout="stranger")
    made = make_county(poor=400, roll=9000, seed=3, out=tmp_path / "usual")
    first = _digest(tmp_path / "first")
    assert first == _digest(tmp_path / "second")
    names = {path.split("/")[1] for path in first if path.startswith("2018-12")}
    assert len(names) == 14
    assert not names & {path.name for path in made.files}
    same = {"truth/persons.csv.gz", "truth/e1_expected.csv.gz", "truth/roll_uid.parquet"}
    assert {path: first[path] for path in same} == {path: _digest(tmp_path / "usual")[path] for path in same}


def test_the_truth_of_a_stranger_s_month_names_the_lines_of_its_files(tmp_path: Path) -> None:
    made = make_county(poor=400, roll=9000, seed=4, out=tmp_path, layout="stranger")
    rows = pq.read_table(made.truth_folder / "poor_rows.parquet").to_pylist()
    deaths = pq.read_table(made.truth_folder / "feed_rows.parquet").filter(pc.field("feed") == "deaths").to_pylist()
    poverty = [row for row in rows if row["feed"] == "poverty"]
    for listed, count in ((poverty, 5), (deaths, 5)):
        lines = _cells(made.month_folder / listed[0]["file"])
        for row in listed[:count]:
            assert any(re.search(r"\d{6}", str(cell)) for cell in lines[row["row"] - 1])
