"""Two months of the shared county from folder to beliefs, against its truth. Skipped where the shared data are not beside us."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from foundation.primitives.resident_id import birth_date
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import DIVISIONS, import_villages, load_divisions
from tests.plugins.county import load_local_parameters

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
COUNTY = SHARED / "county_320682"
CODE = "320682"
DAYS = {"2018-12": "2018-12-31", "2019-01": "2019-01-31"}
BEFORE, AFTER = DAYS
AUTOMATIC, AUTOMATIC_AND_REPAIRED, OFFERED, LINES_PER_PAIR, VERDICTS = 0.997, 0.99, 0.995, 1.1, 0.985
KINDS_ON_ROLL = {
    "dead_still_drawing": "DRAWING_AFTER_DEATH",
    "dead_this_month_still_drawing": "STOP_DUE",
    "dead_still_contributing": "CONTRIBUTING_AFTER_DEATH",
    "duplicate_enrolment": "DUPLICATE_CONTRIBUTION",
    "duplicate_rows": "DUPLICATE_CONTRIBUTION",
    "due_not_drawing": "DUE_NOT_DRAWING",
    "drawing_twice": "DUPLICATE_BENEFIT",
    "drawing_two_schemes": "DUPLICATE_BENEFIT",
    "prison_still_drawing": "DRAWING_IN_PRISON",
    "drawing_before_60": "DRAWING_BEFORE_60",
    "invalid_status_pair": "INVALID_STATUS_PAIR",
    "moved_out_on_roll": "MOVED_OUT",
    "hukou_cancelled_on_roll": "MOVED_OUT",
    "registered_not_insured": "ROLL_ENDED",
}
LEAST_FOUND = {"DRAWING_AFTER_DEATH": 0.96, "STOP_DUE": 0.96}  # reports of neighbours with a damaged number stay leads
LEAST_FOUND_SHARE, MOST_BESIDE_SHARE = 0.98, 0.11
CHANGED_FEEDS = {"poverty", "dibao", "tekun", "resident", "deaths"}
TESTED = ("register", "direct_inclusion")
"""Exports of the eligibility for these kinds of application, on the last day of the month."""
Row = dict[str, str]

pytestmark = [
    pytest.mark.skipif(not COUNTY.exists(), reason="the shared county is not beside the checkout"),
    pytest.mark.xdist_group("rugao"),
    pytest.mark.django_db,
]


CHANGES_OTHERWISE = {
    # Cleaning heals blanks, marks and full-width figures of a number, and the dot in a name: such lines say what they said.
    ("poverty", "new_error"): -7,
    (
        "poverty",
        "name_corrected",
    ): 3,  # four of those lines also have another character in the name; one name sounds otherwise
    ("dibao", "new_error"): -3,
    ("dibao", "name_corrected"): -1,
    ("resident", "name_corrected"): -31,
    # A name that sounds otherwise, and another right number, are told apart from corrections.
    ("poverty", "name_changed"): 1,
    ("dibao", "name_changed"): 3,
    ("resident", "name_changed"): 23,
    ("resident", "id_changed"): 18,
    # Dead whose number in the lists is damaged, or whom nobody reports; the truth does not tell the dead of the dibao lists.
    ("poverty", "poor_exit"): 4,
    ("poverty", "poor_removed_dead"): -4,
    ("dibao", "poor_exit"): 1,
    ("dibao", "poor_removed_dead"): 16,
    # The truth has five moves to the same village, and a death on a line removed as a duplicate.
    ("resident", "moved"): -5,
    ("resident", "terminated_death"): -1,
}
"""Kinds of changes the product counts otherwise than the truth, with the difference; where the two agree no allowance stands."""


class Answers(NamedTuple):
    """What the product exported for one month."""

    links: list[Row]
    verdicts: list[Row]
    problems: list[Row]
    roll_findings: list[Row]
    changes: list[Row]
    register: list[Row]
    direct_inclusion: list[Row]


@pytest.fixture(scope="module")
def answers(module_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answers]]:
    """Receive each month's folder, run its night, export; all by command, once for the module."""
    folder = tmp_path_factory.mktemp("rugao")
    with override_settings(DATA_DIR=folder / "data"):
        load_divisions(_divisions(folder))
        import_villages(SHARED / "regions" / "divisions_2023.csv.gz", county=get_unit(code=CODE))
        load_local_parameters(folder / "parameters")
        answered = {month: _answer(month, folder) for month in DAYS}
        connection.check_constraints()  # once, instead of after every test
        yield answered


def _answer(month: str, folder: Path) -> Answers:
    call_command("receive", str(COUNTY / month), county=CODE, as_of=DAYS[month], yes=True)
    call_command("nightly", county=CODE, as_of=DAYS[month])
    exported = []
    for name in Answers._fields:
        out = folder / f"{name}-{month}.csv"
        what = (
            [name, f"--month={month}"]
            if name not in TESTED
            else ["eligibility", f"--kind={name}", f"--on={DAYS[month]}"]
        )
        call_command("export", *what, f"--county={CODE}", f"--out={out}", "--purpose=test")
        exported.append(read_rows(out.open(encoding="utf-8", newline="")))
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
def read_truth(table: str, month: str) -> list[Row]:
    with gzip.open(COUNTY / "truth" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as source:
        return [row for row in csv.DictReader(source) if row.get("month", month) == month]


def true_line(row: Row) -> tuple[str, ...]:
    """Name a line of a poor persons' file as the truth has it: a dibao line has several members."""
    member = row["row_key"].split("|")[2] if row["feed"] == "dibao" else ""
    return row["feed"], row["file"], row["sheet"], row["row"], member


def our_line(row: Row) -> tuple[str, ...]:
    return row["feed"], row["file"], row["sheet"], row["row"], row["member"]


Pair = tuple[str, ...]


@cache
def true_pairs(month: str) -> dict[Pair, Row]:
    """Line of a file and line of an own roll -> what the truth says of the two."""
    return {
        (*true_line(row), row["scheme"], row["roll_no"]): row
        for row in read_truth("pairs", month)
        if row["scheme"] != "outprov"
    }


def our_pairs(answers: Answers) -> dict[Pair, str]:
    """Line of a file and line of an own roll -> auto or review."""
    return {(*our_line(row), row["scheme"], row["roll_no"]): row["action"] for row in answers.links}


def share(wanted: Iterable[Pair], found: Container[Pair]) -> float:
    every = list(wanted)
    return sum(pair in found for pair in every) / len(every)


@pytest.mark.parametrize("month", DAYS)
def test_no_wrong_pair_is_confirmed(answers, month):
    confirmed = [pair for pair, action in our_pairs(answers[month]).items() if action == "auto"]
    right = true_pairs(month)
    assert confirmed
    assert not [pair for pair in confirmed if pair not in right or right[pair]["match"] == "0"]


@pytest.mark.parametrize("month", DAYS)
def test_true_pairs_are_confirmed_or_offered(answers, month):
    ours = our_pairs(answers[month])
    confirmed = {pair for pair, action in ours.items() if action == "auto"}
    right = {pair: row["action"] for pair, row in true_pairs(month).items() if row["match"] == "1"}
    assert share((pair for pair, action in right.items() if action == "auto"), confirmed) >= AUTOMATIC
    assert share((p for p, action in right.items() if action.startswith("auto")), confirmed) >= AUTOMATIC_AND_REPAIRED
    assert share(right, ours) >= OFFERED
    assert len(ours) <= LINES_PER_PAIR * len(right)


def true_verdicts(month: str) -> dict[Pair, str]:
    """Line of a file -> the truth's verdict on its person."""
    people = {row["uid"]: row["verdict"] for row in read_truth("persons", month)}
    return {true_line(row): people[row["uid"]] for row in read_truth("poor_rows", month)}


def our_verdicts(answers: Answers) -> dict[Pair, str]:
    return {our_line(row): row["verdict"] for row in answers.verdicts}


@pytest.mark.parametrize("month", DAYS)
def test_every_line_of_a_poor_persons_file_has_a_verdict_and_nearly_all_are_right(answers, month):
    wanted, ours = true_verdicts(month), our_verdicts(answers[month])
    assert wanted.keys() == ours.keys()
    assert sum(ours[line] == verdict for line, verdict in wanted.items()) / len(wanted) >= VERDICTS


def by_line(rows: list[Row]) -> dict[Pair, Row]:
    return {our_line(row): row for row in rows}


def test_of_those_to_include_directly_51_are_proposed_and_15_are_not_poor(answers):
    people = {row["uid"]: row["verdict_reason"] for row in read_truth("persons", BEFORE)}
    tested = by_line(answers[BEFORE].direct_inclusion)
    found = {
        row["uid"]: (tested[true_line(row)]["outcome"], tested[true_line(row)]["reasons"])
        for row in read_truth("poor_rows", BEFORE)
        if people[row["uid"]] == "direct_inclusion_60plus"
    }
    assert Counter(found.values()) == {("eligible", ""): 51, ("refused", "NOT_POOR"): 15}


def true_end(person: Row) -> str:
    """What an application of an uninsured person ends in, by the truth's reason, age and lists; nothing for everybody else."""
    if person["verdict"] not in ("GAP", "2-011"):
        return ""
    if person["verdict_reason"] in ("no_id_number", "hukou_elsewhere_push"):
        return {"no_id_number": "unknown", "hukou_elsewhere_push": "refused"}[person["verdict_reason"]]
    return "granted" if int(person["age"]) < 60 or person["in_three_categories"] == "True" else "refused"


@pytest.mark.parametrize("month", DAYS)
def test_every_uninsured_person_is_led_to_an_application_that_ends_as_the_truth_has_it(answers, month):
    """But for those with a possible match, which is decided first: of all lines, and of the uninsured whose files tell the end."""
    people = {row["uid"]: row for row in read_truth("persons", month)}
    wanted = {true_line(row): true_end(people[row["uid"]]) for row in read_truth("poor_rows", month)}
    register, direct = by_line(answers[month].register), by_line(answers[month].direct_inclusion)
    ours = dict.fromkeys(wanted, "")
    for row in answers[month].verdicts:
        if row["verdict"] not in ("GAP", "2-011") or row["desk_reason"] == "death_to_verify":
            continue
        line = our_line(row)
        outcomes = {register[line]["outcome"], direct[line]["outcome"]}
        ours[line] = "granted" if "eligible" in outcomes else "unknown" if "unknown" in outcomes else "refused"
        if "UNDECIDED" in f"{register[line]['reasons']} {direct[line]['reasons']}" or row["desk_reason"] == "undecided":
            del ours[line]
        elif ours[line] == "unknown":
            reasons = {*register[line]["reasons"].split(";"), *direct[line]["reasons"].split(";")}
            assert reasons & {"NO_NUMBER", "UNDER_16", "UNDER_60"}, "no number, or no birth date"
    told = [line for line, end in ours.items() if wanted[line] and end != "unknown"]
    assert len(told) >= 0.9 * sum(end != "" for end in wanted.values())
    for lines in (list(ours), told):
        assert sum(ours[line] == wanted[line] for line in lines) / len(lines) >= VERDICTS


def test_the_second_night_changes_the_verdicts_that_changed(answers):
    """Of all people about whom both months are judged right: the same ones change as in the truth, no others."""
    true, ours = (
        {month: _by_person(month, of(month)) for month in DAYS} for of in (true_verdicts, _our_verdicts_of(answers))
    )
    people = true[BEFORE].keys() & true[AFTER].keys()
    judged = {uid for uid in people if all(ours[month][uid] == true[month][uid] for month in DAYS)}
    changed = {uid for uid in people if true[BEFORE][uid] != true[AFTER][uid]}
    assert changed & judged
    assert {uid for uid in judged if ours[BEFORE][uid] != ours[AFTER][uid]} == changed & judged
    assert len(changed - judged) <= 0.05 * len(changed)


def _our_verdicts_of(answers: dict[str, Answers]) -> Callable[[str], dict[Pair, str]]:
    return lambda month: our_verdicts(answers[month])


def _by_person(month: str, verdicts: dict[Pair, str]) -> dict[str, set[str]]:
    """The truth's number of a person -> the verdicts on their lines."""
    of_person: dict[str, set[str]] = defaultdict(set)
    for row in read_truth("poor_rows", month):
        of_person[row["uid"]].add(verdicts[true_line(row)])
    return of_person


CONTRADICTING = {"dob_year", "dob_swapped", "id_relative"}
"""Another birth date in the list, or another's number: the number says otherwise than what stands beside it."""


@pytest.mark.parametrize("month", DAYS)
def test_every_refused_line_is_named_with_its_reason_and_action(answers, month):
    def named(rows: list[Row]) -> Counter[tuple[str, ...]]:
        columns = ("file", "sheet", "row", "reason", "action")
        return Counter(tuple(row[column] for column in columns) for row in rows if row["file"] in files)

    wanted = [row for row in read_truth("refused_rows", month) if row["feed"] in ("poverty", "dibao", "tekun")]
    files = {row["file"] for row in wanted}
    assert not named(wanted) - named(answers[month].problems)
    contradicting = [row for row in answers[month].problems if row["action"] == "load_by_number_to_check"]
    assert {(row["file"], row["sheet"], row["row"]) for row in contradicting} <= {
        (row["file"], row["sheet"], row["row"])
        for row in read_truth("poor_rows", month)
        if CONTRADICTING & set(row["errors"].split())
    }
    beside = named(answers[month].problems) - named(wanted) - named(contradicting)
    impossible = {
        (row["file"], row["sheet"], row["row"], "id_checksum_or_date", "reject_id_to_repair")
        for row in read_truth("poor_rows", month)
        if len(row["id_as_written"]) == 18 and birth_date(row["id_as_written"]) is None
    }
    assert set(beside) <= impossible  # the truth's makers looked at the check character only


def findings(answers: Answers) -> dict[str, dict[str, str]]:
    """Kind -> number on the roll -> class of the evidence."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in answers.roll_findings:
        found[row["kind"]][row["roll_no"]] = row["evidence_class"]
    return found


@pytest.mark.parametrize("month", DAYS)
@pytest.mark.parametrize("kind", sorted(set(KINDS_ON_ROLL.values())))
def test_findings_on_the_roll(answers, month, kind):
    """Nearly all that are there, next to none that are not. Who moved away stays found; the truth names each in one month."""
    wanted, found = true_anomalies(kind, month), set(findings(answers[month])[kind])
    assert len(found & wanted) >= LEAST_FOUND.get(kind, LEAST_FOUND_SHARE) * len(wanted)
    beside = found - wanted
    if (kind, month) == ("MOVED_OUT", AFTER):
        beside -= set(findings(answers[BEFORE])[kind])
    assert len(beside) <= MOST_BESIDE_SHARE * len(wanted)


def true_anomalies(kind: str, month: str) -> set[str]:
    return {row["roll_no"] for row in read_truth("roll_anomalies", month) if KINDS_ON_ROLL.get(row["kind"]) == kind}


@pytest.mark.parametrize(
    ("trap", "kinds"),
    [
        ("false_death_report_do_not_stop", ("DRAWING_AFTER_DEATH", "STOP_DUE", "CONTRIBUTING_AFTER_DEATH")),
        ("probation_no_stop", ("DRAWING_IN_PRISON",)),
    ],
)
def test_nobody_is_stopped_for_a_false_report_or_probation(answers, trap, kinds):
    spared = {row["roll_no"] for row in read_truth("roll_anomalies", BEFORE) if row["kind"] == trap}
    found = findings(answers[BEFORE])
    stopped = {number for kind in kinds for number, evidence in found[kind].items() if evidence in ("", "A")}
    assert spared
    assert not spared & stopped


def test_changes_of_the_second_month_by_kind_are_the_truths(answers):
    found = Counter((row["feed"], row["kind"]) for row in answers[AFTER].changes if row["feed"] in CHANGED_FEEDS)
    true = Counter((row["feed"].replace("roll", "resident"), row["kind"]) for row in read_truth("changes", AFTER))
    differing = {key: found[key] - true[key] for key in found | true if found[key] != true[key]}
    assert differing == CHANGES_OTHERWISE
