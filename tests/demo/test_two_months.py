"""Two months of a generated county: the same people, and every difference between the files named in the truth."""

import csv
import io
import json
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from demo.county import MadeCounty, make_county
from tests.demo.conftest import SmallCounty, read_truth

POOR, ROLL, MONTHS = 2000, 30_000, ("2018-12", "2019-01")
BEFORE, AFTER = MONTHS
CHANGES = {
    "roll": {
        "reached_60_drawing", "reached_60_not_drawing", "late_start_drawing", "paused", "resumed", "benefit_paused", "benefit_resumed",
        "terminated_death", "moved", "id_corrected", "name_corrected", "new_row", "duplicate_removed",
    },
    "poverty": {"poor_new", "poor_exit", "poor_removed_dead", "poverty_status", "hukou", "id_corrected", "name_corrected"},
    "dibao": {"poor_new", "poor_exit", "dibao_kind", "id_corrected"},
}  # fmt: skip
Row = dict[str, str]


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> SmallCounty:
    made = make_county(poor=POOR, roll=ROLL, seed=5, out=tmp_path_factory.mktemp("two months"), months=2)
    return SmallCounty(made, lambda table: read_truth(made.truth_folder, table))


def _roll(made: MadeCounty, place: int) -> dict[str, Row]:
    with zipfile.ZipFile(next(made.month_folders[place].glob("城乡居保*.zip"))) as archive:
        text = archive.read(archive.namelist()[0]).decode("gb18030")
    return {row["个人编号"]: row for row in csv.DictReader(io.StringIO(text))}


def _poverty(made: MadeCounty, place: int) -> dict[str, Row]:
    """Key of a person -> the line; the header of two rows is the third line, its last three words stand above."""
    path = next(made.month_folders[place].glob("建档立卡*.xlsx"))
    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    header = [below or above for above, below in zip(lines[1], lines[2], strict=True)]
    rows = [dict(zip(map(str, header), map(str, line), strict=True)) for line in lines[3:] if str(line[1]).isdigit()]
    return {row["人编号"]: row for row in rows}


def test_both_months_have_all_files_and_a_truth_that_names_the_month(two_months: SmallCounty) -> None:
    assert [folder.name for folder in two_months.made.month_folders] == list(MONTHS)
    assert [len(list(folder.iterdir())) for folder in two_months.made.month_folders] == [14, 14]
    for table in (
        "persons",
        "poor_rows",
        "pairs",
        "roll_anomalies",
        "refused_rows",
        "feed_rows",
        "files",
        "e1_expected",
    ):
        assert {row["month"] for row in two_months.rows(table)} == set(MONTHS), table
    assert json.loads((two_months.made.truth_folder / "summary.json").read_text("utf-8")).keys() == set(MONTHS)


def test_every_kind_of_change_happens_to_a_few(two_months: SmallCounty) -> None:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in two_months.rows("changes"):
        found[row["feed"]][row["kind"]] += 1
    for feed, kinds in CHANGES.items():
        assert kinds <= found[feed].keys(), feed
    assert any(kinds["new_error"] for kinds in found.values())
    assert sum(found["roll"].values()) < 0.03 * ROLL
    assert sum(found["poverty"].values()) < 0.1 * POOR


def test_the_roll_differs_only_where_the_truth_says_so(two_months: SmallCounty) -> None:
    before, after = (_roll(two_months.made, place) for place in (0, 1))
    changed = defaultdict(set)
    for row in two_months.rows("changes"):
        if row["feed"] == "roll":
            changed[row["kind"]].add(row["key"])
    assert len(before) == ROLL
    assert after.keys() - before.keys() == changed["new_row"]
    assert before.keys() - after.keys() == changed["duplicate_removed"]
    differing = {number for number in before.keys() & after.keys() if before[number] != after[number]}
    named = (
        set().union(*changed.values())
        - changed["new_row"]
        - changed["duplicate_removed"]
        - changed["reached_60_not_drawing"]
    )
    assert differing == named & before.keys() & after.keys()


def test_the_poverty_file_differs_only_where_the_truth_says_so(two_months: SmallCounty) -> None:
    before, after = (_poverty(two_months.made, place) for place in (0, 1))
    changed = defaultdict(set)
    for row in two_months.rows("changes"):
        if row["feed"] == "poverty":
            changed[row["kind"]].add(row["key"].split("/")[1])
    assert after.keys() - before.keys() == changed["poor_new"]
    assert before.keys() - after.keys() == changed["poor_exit"] | changed["poor_removed_dead"]
    kinds = {
        "证件号码": {"id_corrected", "new_error"},
        "姓名": {"name_corrected"},
        "脱贫属性": {"poverty_status"},
        "户籍地": {"hukou"},
    }
    for column in ("户编号", "户主", "行政村", "联系电话", "致贫原因", "健康状况", *kinds):
        differing = {key for key in before.keys() & after.keys() if before[key][column] != after[key][column]}
        named = set().union(*(changed[kind] for kind in kinds.get(column, ())))
        assert differing == named, column


def test_who_enters_was_known_to_the_roll_before_and_keeps_name_and_number(two_months: SmallCounty) -> None:
    people: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in two_months.rows("persons"):
        people[row["uid"]][row["month"]] = row
    both = [months for months in people.values() if len(months) == 2]
    assert len(both) > 0.95 * len(people)
    assert all(
        one[BEFORE][column] == one[AFTER][column] for one in both for column in ("true_name", "true_id", "birth", "sex")
    )
    entered = {uid for uid, months in people.items() if BEFORE not in months}
    assert entered
    assert {row["uid"] for row in two_months.rows("changes") if row["kind"] == "poor_new"} >= entered


def test_deaths_and_births_of_the_second_month_are_new(two_months: SmallCounty) -> None:
    said = defaultdict(set)
    for row in two_months.rows("feed_rows"):
        if row["feed"] == "deaths":
            said[row["month"]].add((row["uid"], json.loads(row["detail"])["true_date"][:7]))
    assert said[AFTER]
    assert {month for _, month in said[AFTER]} == {AFTER}
    assert not {uid for uid, _ in said[BEFORE]} & {uid for uid, _ in said[AFTER]}


def test_people_who_enrol_are_insured_from_the_second_month_on(two_months: SmallCounty) -> None:
    verdicts = {(row["uid"], row["month"]): row["verdict"] for row in two_months.rows("persons")}
    new = {row["uid"] for row in two_months.rows("changes") if row["kind"] == "new_row"}
    poor = {uid for uid in new if (uid, BEFORE) in verdicts and (uid, AFTER) in verdicts}
    assert poor
    assert {(verdicts[uid, BEFORE], verdicts[uid, AFTER]) for uid in poor} == {("GAP", "1-011")}


def test_pairs_of_both_months_name_lines_of_their_roll(two_months: SmallCounty) -> None:
    for place, month in enumerate(MONTHS):
        numbers = ["", *_roll(two_months.made, place)]
        pairs = [row for row in two_months.rows("pairs") if row["month"] == month and row["scheme"] == "resident"]
        assert pairs
        assert all(numbers[int(row["roll_line"]) - 1] == row["roll_no"] for row in pairs)


def test_strangers_keep_their_habits_in_the_second_month(tmp_path: Path) -> None:
    made = make_county(poor=300, roll=9000, seed=4, out=tmp_path, layout="stranger", months=2)
    files: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in read_truth(made.truth_folder, "files"):
        files[row["feed"]][row["month"]] = row
    for feed, months in files.items():
        assert months[BEFORE]["header_row"] == months[AFTER]["header_row"], feed
        if months[BEFORE]["file"].endswith(".xlsx"):
            line = int(months[BEFORE]["header_row"]) - 1
            books = [CalamineWorkbook.from_path(tmp_path / month / months[month]["file"]) for month in MONTHS]
            headers = [book.get_sheet_by_index(0).to_python(skip_empty_area=False)[line] for book in books]
            assert headers[0] == headers[1], feed
