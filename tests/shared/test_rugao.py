"""The real county's month from folder to beliefs, against its truth. Skipped where the shared data are not beside us."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from poverty_pension.primitives.resident_id import birth_date
from poverty_pension.regions.selectors import get_unit
from poverty_pension.regions.services.loading import DIVISIONS, import_villages, load_divisions
from tests.plugins.county import load_local_parameters

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
COUNTY = SHARED / "county_320682"
CODE, MONTH = "320682", "2018-12"
THESE_FEEDS_CANNOT_TELL = {"0-202", "0-203", "0-204", "0-205", "0-208"}
KINDS_ON_ROLL = {
    "dead_still_drawing": "DRAWING_AFTER_DEATH",
    "dead_this_month_still_drawing": "STOP_DUE",
    "due_not_drawing": "DUE_NOT_DRAWING",
    "drawing_twice": "DUPLICATE_BENEFIT",
    "drawing_two_schemes": "DUPLICATE_BENEFIT",
    "prison_still_drawing": "DRAWING_IN_PRISON",
    "drawing_before_60": "DRAWING_BEFORE_60",
    "invalid_status_pair": "INVALID_STATUS_PAIR",
    "moved_out_on_roll": "MOVED_OUT",
    "registered_not_insured": "ROLL_ENDED",
}
LEAST_FOUND_SHARE, MOST_BESIDE_SHARE = 0.96, 0.11  # reports of neighbours with a damaged number stay leads
Row = dict[str, str]

pytestmark = [
    pytest.mark.skipif(not COUNTY.exists(), reason="the shared county is not beside the checkout"),
    pytest.mark.xdist_group("rugao"),
    pytest.mark.django_db,
]


class Answers(NamedTuple):
    """What the product exported for the month."""

    links: list[Row]
    verdicts: list[Row]
    problems: list[Row]
    roll_findings: list[Row]


@pytest.fixture(scope="module")
def answers(module_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Receive the folder, run the night, export; all by command, once for the module."""
    folder = tmp_path_factory.mktemp("rugao")
    with override_settings(DATA_DIR=folder / "data"):
        yield _answer(folder)


def _answer(folder: Path) -> Answers:
    load_divisions(_divisions(folder))
    import_villages(SHARED / "regions" / "divisions_2023.csv.gz", county=get_unit(code=CODE))
    load_local_parameters(folder / "parameters")
    call_command("receive", str(COUNTY / MONTH), county=CODE, as_of="2018-12-31")
    call_command("nightly", county=CODE, as_of="2018-12-31")
    exported = []
    for name in Answers._fields:
        out = folder / f"{name}.csv"
        call_command("export", name, f"--county={CODE}", f"--month={MONTH}", f"--out={out}", "--purpose=test")
        exported.append(read_rows(out.open(encoding="utf-8", newline="")))
    connection.check_constraints()  # once, instead of after every test
    return Answers(*exported)


def _divisions(folder: Path) -> Path:
    """Cut the county and what lies above it from the shipped list."""
    lines = gzip.decompress(DIVISIONS.read_bytes()).decode().splitlines(keepends=True)
    file = folder / "divisions.csv"
    above = ("code", "320000000000", "320600000000", CODE)
    file.write_text("".join(line for line in lines if line.startswith(above)), "utf-8")
    return file


def read_rows(source: TextIO) -> list[Row]:
    with source:
        return list(csv.DictReader(source))


@cache
def read_truth(table: str) -> list[Row]:
    with gzip.open(COUNTY / "truth" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as source:
        return [row for row in csv.DictReader(source) if row.get("month", MONTH) == MONTH]


def true_line(row: Row) -> tuple[str, ...]:
    """Name a line of a poor persons' file as the truth has it: a dibao line has several members."""
    member = row["row_key"].split("|")[2] if row["feed"] == "dibao" else ""
    return row["feed"], row["file"], row["sheet"], row["row"], member


def our_line(row: Row) -> tuple[str, ...]:
    return row["feed"], row["file"], row["sheet"], row["row"], row["member"]


@pytest.fixture(scope="module")
def true_pairs() -> dict[tuple[str, ...], Row]:
    """Line of a file and line of an own roll -> what the truth says of the two."""
    return {
        (*true_line(row), row["scheme"], row["roll_no"]): row
        for row in read_truth("pairs")
        if row["scheme"] != "outprov"
    }


@pytest.fixture(scope="module")
def confirmed(answers: Answers) -> set[tuple[str, ...]]:
    return {(*our_line(row), row["scheme"], row["roll_no"]) for row in answers.links if row["action"] == "auto"}


def test_no_wrong_pair_is_confirmed(confirmed, true_pairs):
    wrong = [pair for pair in confirmed if pair not in true_pairs or true_pairs[pair]["match"] == "0"]
    assert not wrong
    assert confirmed


def test_pairs_expected_automatic_are_confirmed(confirmed, true_pairs):
    expected = [pair for pair, row in true_pairs.items() if row["match"] == "1" and row["action"].startswith("auto")]
    share = sum(pair in confirmed for pair in expected) / len(expected)
    assert share >= 0.985


def test_verdicts_these_feeds_can_tell_are_right(answers):
    people = {row["uid"]: row["verdict"] for row in read_truth("persons")}
    wanted = {true_line(row): people[row["uid"]] for row in read_truth("poor_rows")}
    ours = {our_line(row): row["verdict"] for row in answers.verdicts}
    told = [line for line, verdict in wanted.items() if verdict not in THESE_FEEDS_CANNOT_TELL]
    assert sum(ours.get(line) == wanted[line] for line in told) / len(told) >= 0.97


def test_every_line_of_a_poor_persons_file_has_a_verdict(answers):
    assert {true_line(row) for row in read_truth("poor_rows")} == {our_line(row) for row in answers.verdicts}


def test_every_refused_line_is_named_with_its_reason_and_action(answers):
    def named(rows: list[Row]) -> Counter[tuple[str, ...]]:
        columns = ("file", "sheet", "row", "reason", "action")
        return Counter(tuple(row[column] for column in columns) for row in rows if row["file"] in files)

    wanted = [row for row in read_truth("refused_rows") if row["feed"] in ("poverty", "dibao", "tekun")]
    files = {row["file"] for row in wanted}
    assert not named(wanted) - named(answers.problems)
    beside = named(answers.problems) - named(wanted)
    impossible = {
        (row["file"], row["sheet"], row["row"], "id_checksum_or_date", "reject_id_to_repair")
        for row in read_truth("poor_rows")
        if len(row["id_as_written"]) == 18 and birth_date(row["id_as_written"]) is None
    }
    assert set(beside) <= impossible  # the truth's makers looked at the check character only


@pytest.fixture(scope="module")
def findings(answers: Answers) -> dict[str, dict[str, str]]:
    """Kind -> number on the roll -> class of the evidence."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in answers.roll_findings:
        found[row["kind"]][row["roll_no"]] = row["evidence_class"]
    return found


@pytest.mark.parametrize("kind", sorted(set(KINDS_ON_ROLL.values())))
def test_findings_on_the_roll(findings, kind):
    """Nearly all that are there, next to none that are not."""
    wanted = {row["roll_no"] for row in read_truth("roll_anomalies") if KINDS_ON_ROLL.get(row["kind"]) == kind}
    found = set(findings[kind])
    assert len(found & wanted) >= LEAST_FOUND_SHARE * len(wanted)
    assert len(found - wanted) <= MOST_BESIDE_SHARE * len(wanted)


@pytest.mark.parametrize(
    ("trap", "kinds"),
    [
        ("false_death_report_do_not_stop", ("DRAWING_AFTER_DEATH", "STOP_DUE", "CONTRIBUTING_AFTER_DEATH")),
        ("probation_no_stop", ("DRAWING_IN_PRISON",)),
    ],
)
def test_nobody_is_stopped_for_a_false_report_or_probation(findings, trap, kinds):
    spared = {row["roll_no"] for row in read_truth("roll_anomalies") if row["kind"] == trap}
    stopped = {number for kind in kinds for number, evidence in findings[kind].items() if evidence in ("", "A")}
    assert spared
    assert not spared & stopped
