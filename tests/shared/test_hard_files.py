"""Small files of kinds that people who do this job report: each as is right. Skipped where the shared data are not beside us."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import load_divisions
from registry.models import Delivery, DeliveryChange, DeliveryProblem, Designation, Fact, Person
from registry.tasks import process_delivery_task
from tests import senders
from tests.plugins.county import TakeIn, receive_and_process
from tests.plugins.month import run_night_of

HARD = Path(__file__).resolve().parents[3] / "shared" / "data" / "hard_files"
DECEMBER, JANUARY = "2018-12-31", "2019-01-31"

ZANHUANG = """130000000000,河北省,1,
130100000000,石家庄市,2,130000000000
130129000000,赞皇县,3,130100000000
130129100000,赞皇镇,4,130129000000
"""

pytestmark = [
    pytest.mark.skipif(not HARD.exists(), reason="the shared data are not beside the checkout"),
    pytest.mark.django_db,
]


def named(part: str) -> Path:
    """Return the file whose path ends so."""
    [found] = [path for path in HARD.rglob("*") if path.is_file() and str(path).endswith(part)]
    return found


def remarks(delivery: Delivery) -> set[str]:
    return {each["code"] for each in delivery.reading.get("remarks", ())}


def reasons(delivery: Delivery) -> dict[str, int]:
    """Count the problem lines that somebody must look at, by reason."""
    rows = DeliveryProblem.objects.filter(delivery=delivery).exclude(action__in=["skip", "ignore_duplicate"])
    return dict(Counter(rows.values_list("reason", flat=True)))


def names() -> set[str]:
    return set(Person.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("file", "persons", "found"),
    [
        ("F01_parts_same_sheet_name/贫困人口_two_csv.zip", 6, {}),
        ("F01_parts_same_sheet_name/贫困人口_two_books_same_sheet_name.zip", 6, {}),
        ("F02_part_dropped_silently/贫困人口_with_rar_inside.zip", 6, {"data_not_read"}),
        ("F02_part_dropped_silently/贫困人口_with_pdf_dbf.zip", 6, {"part_not_read", "data_not_read"}),
        ("F03_hidden_or_exited_sheet/贫困人口_hidden_sheet.xlsx", 4, {"hidden_sheet"}),
        ("F03_hidden_or_exited_sheet/贫困人口_sheet_exited.xlsx", 4, {"exited_sheet"}),
        ("F03_hidden_or_exited_sheet/贫困人口_hidden_and_struck_rows.xlsx", 6, {"hidden_rows", "struck_rows"}),
        ("F06_long_keys_as_figures/贫困人口_household_figures.xlsx", 6, {"keys_lost"}),
        ("F06_long_keys_as_figures/贫困人口_hh_figures_namesakes.xlsx", 4, {"keys_lost", "without_village"}),
        ("F06_long_keys_as_figures/贫困人口_hh_text_namesakes.xlsx", 4, {"without_village"}),
        ("F14_subtotal_becomes_person/贫困人口_subtotals.xlsx", 8, set()),
        ("F14_subtotal_becomes_person/贫困人口_pages.xlsx", 9, set()),
    ],
)
def test_persons_read_and_what_is_said(take_in: TakeIn, file: str, persons: int, found: set[str]) -> None:
    delivery = take_in(named(file))
    assert (delivery.state, Person.objects.count(), remarks(delivery)) == ("applied", persons, set(found))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("F02_part_dropped_silently/贫困人口_one_part_unknown.zip", "columns_to_confirm"),
        ("F02_part_dropped_silently/贫困人口_second_sheet_unknown.xlsx", "columns_to_confirm"),
        ("F04_wrong_feed_civil_as_resident/机关事业养老参保_sheets.xlsx", "missing_columns"),
        ("F05_lost_character_new_person/k5_贫困人口.csv", "names_damaged"),
        ("F21_password/贫困人口_password.xlsx", "password"),
        ("F23_number_forms/贫困人口_masked.xlsx", "masked_numbers"),
    ],
)
def test_what_is_refused_says_why(take_in: TakeIn, file: str, code: str) -> None:
    delivery = take_in(named(file))
    assert (delivery.state, delivery.refusal.get("code"), Person.objects.count()) == ("refused", code, 0)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("F09_last_digits_zero_in_csv/贫困人口_000.csv", {"id_numeric_float": 12}),
        ("F09_last_digits_zero_in_csv/贫困人口_number_figures.xlsx", {"id_numeric_float": 6}),
        ("F12_invisible_marks/贫困人口_bidi_marks.xlsx", {}),
        ("F18_wrapped_cells/贫困人口_equals_quotes.csv", {}),
        ("F19_unknown_status_word/贫困人口_odd_status.xlsx", {"word_unknown": 4}),
        ("F11_status_over_40_stops_night/贫困人口_long_status.xlsx", {"word_unknown": 1}),
        ("F11_status_over_40_stops_night/城乡居保_long_status.csv", {"word_unknown": 1}),
        ("F06_long_keys_as_figures/城乡居保_roll_figures.xlsx", {}),
        ("F23_number_forms/贫困人口_numbers_odd.xlsx", {"id_length": 2, "disability_number_in_id_column": 1}),
    ],
)
def test_lines_somebody_must_look_at(take_in: TakeIn, file: str, expected: dict[str, int]) -> None:
    assert reasons(take_in(named(file))) == expected


def test_two_feeds_in_one_zip(take_in: TakeIn) -> None:
    delivery = take_in(named("12月_two_feeds.zip"))
    process_delivery_task(Delivery.objects.exclude(pk=delivery.pk).get().pk)
    assert set(Delivery.objects.values_list("feed", "state")) == {("poverty", "applied"), ("deaths", "applied")}
    assert (Person.objects.count(), Fact.objects.count()) == (3, 1)


def test_dates_of_death(take_in: TakeIn) -> None:
    """Before birth, before 1990 and after the file's day decide nothing; 20181, 1900-01-00 are no dates."""
    delivery = take_in(named("F07_death_date_implausible/死亡人员_dates.csv"))
    days = dict(Fact.objects.values_list("row", "event_date"))
    undated = {row for row, day in days.items() if day is None}
    problems = set(
        DeliveryProblem.objects.filter(delivery=delivery, action="load_without_date_to_repair").values_list("row")
    )
    assert {str(day)[:4] for day in days.values() if day} == {"2018"}
    assert undated == {22, 35, 36}
    assert {(row,) for row in undated} <= problems


def test_deaths_in_wrapped_cells(take_in: TakeIn) -> None:
    take_in(named("F18_wrapped_cells/死亡人员_equals_quotes.csv"))
    assert sorted(str(day) for day in Fact.objects.values_list("event_date", flat=True)) == ["2018-12-03", "2018-12-04"]


@pytest.mark.parametrize("second", ["k2", "k3", "k4"])
def test_keys_written_otherwise_are_the_same_persons(take_in: TakeIn, second: str) -> None:
    take_in(named("F17_keys_written_otherwise/k1_贫困人口.csv"))
    again = take_in(named(f"F17_keys_written_otherwise/{second}_贫困人口.csv"), JANUARY, consent=True)
    assert (again.row_counts["changes"]["new_persons"], Person.objects.count()) == (0, 6)
    assert again.row_counts["changes"]["designations_closed"] == 0


def test_a_lost_character_is_no_new_person(take_in: TakeIn) -> None:
    take_in(named("F05_lost_character_new_person/r1_贫困人口.csv"))
    whole = len(names())
    take_in(named("F05_lost_character_new_person/r1_城乡低保.csv"))
    take_in(named("F05_lost_character_new_person/r2_贫困人口.csv"), JANUARY, consent=True)
    assert (Person.objects.count(), len(names())) == (whole, whole)
    assert not any("〓" in name for name in names())


@pytest.mark.parametrize("order", [1, -1])
def test_a_list_in_parts_in_its_second_month(take_in: TakeIn, order: int) -> None:
    """One person moved from one part to the other, whichever comes first: neither refused, nor 51 exits that come back."""
    parts = [f"{town}贫困人口.csv" for town in ("如城街道", "长江镇")]
    for part in parts:
        take_in(named(f"p12/{part}"), DECEMBER)
    persons = Person.objects.count()
    sent = [take_in(named(f"p01/{part}"), JANUARY) for part in parts[::order]]
    assert [(each.state, len(each.missing_parts)) for each in sent] == [("applied", 1), ("applied", 0)]
    assert [each.row_counts["changes"]["designations_closed"] for each in sent] == [0, 0]
    left = DeliveryChange.objects.filter(delivery__in=sent, kind__in=["poor_exit", "poor_new", "poor_removed_dead"])
    assert (left.count(), Person.objects.count()) == (0, persons)
    assert Designation.objects.as_known().exclude(valid_to=None).count() == 0


@pytest.mark.parametrize("order", [1, -1])
def test_a_roll_in_parts_in_its_second_month(county: Unit, tmp_path: Path, order: int) -> None:
    """Of 1,200 lines all are there again and five are new; five moved from one part to the other."""
    units = tmp_path / "units.csv"
    units.write_text(f"code,name,level,parent_code\n{ZANHUANG}", "utf-8")
    load_divisions(units)
    here = get_unit(code="130129")
    sent = [
        receive_and_process(here, named(f"居保参保人员明细表{day}{part}.csv"), as_of)
        for day, as_of in (("20181231", DECEMBER), ("20190131", JANUARY))
        for part in "AB"[::order]
    ]
    assert [(each.state, len(each.missing_parts)) for each in sent] == [
        ("applied", missing) for missing in (0, 0, 1, 0)
    ]
    assert sent[-1].preview["roll"]["kinds"] == {"new_row": 5, "reached_60_not_drawing": 6}
    assert sent[-1].preview["persons"] == {"before": 1200, "after": 1205, "gone": 0, "new": 5}


@pytest.mark.parametrize("roll", [False, True])
def test_a_night_over_long_statuses_ends(take_in: TakeIn, county: Unit, tmp_path: Path, roll: bool) -> None:
    """One long status word is cut or named, on a list and on a roll; the night says what it did."""
    take_in(named("贫困人口_long_status.xlsx"))
    line = senders.resident_row("R1", "路人甲", "", birth="19800101")
    take_in(named("城乡居保_long_status.csv") if roll else senders.resident(tmp_path / "居保.zip", [line]))
    run = run_night_of(county, DECEMBER)
    assert (run.state, run.board["verdicts"] != {}) == ("done", True)


def test_no_cell_of_an_export_begins_a_formula(take_in: TakeIn, county: Unit, tmp_path: Path) -> None:
    take_in(named("贫困人口_formula_injection.xlsx"))
    take_in(senders.resident(tmp_path / "居保.zip", [senders.resident_row("R1", "路人甲", "", birth="19800101")]))
    run_night_of(county, DECEMBER)
    for name in ("links", "verdicts", "gaps", "roll_findings", "problems", "persons", "changes"):
        out = tmp_path / f"{name}.csv"
        call_command("export", name, "--county=320682", "--month=2018-12", f"--out={out}", "--purpose=test")
        cells = [cell for row in csv.reader(out.open(encoding="utf-8-sig", newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
