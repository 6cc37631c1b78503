"""A list in several parts: one list, whole when all its parts are there; nobody leaves it, and no night uses it, before."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coverage.findings.inputs import choose_deliveries, find_held_back
from foundation.accounts.actors import system_actor
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from nightly.presenters import left_out_words
from registry.comparison.parts import part_name
from registry.comparison.rolls import list_roll_changes, roll_before
from registry.models import Delivery, DeliveryChange, Designation, Fact, Person
from registry.selectors.feeds import list_feed_states
from registry.selectors.whole_lists import list_half_lists
from registry.services.undoing import undo_delivery
from tests import senders
from tests.oracles.numbers import make_number
from tests.plugins.county import TakeIn
from tests.plugins.month import run_night_of

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY, FEBRUARY = "2018-12-31", "2019-01-31", "2019-02-28"
HEADER = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]
TOWNS = {"长江镇": range(30), "白蒲镇": range(30, 60), "如城街道": range(60, 90)}
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊洋艳"


def row(place: int, town: str = "", *, key: int | None = None) -> list[str]:
    name = f"{SURNAMES[place % 10]}{GIVEN[place // 10]}"
    household = 1000 + (place if key is None else key)
    return [str(household), f"{household}01", name, make_number(f"19{50 + place % 40}0305", place), "未脱贫", town, ""]


def poverty(path: Path, rows: list[list[str]]) -> Path:
    return senders.write_csv(path, [HEADER, *rows])


def town_files(folder: Path, towns: dict[str, Any], ending: str = "贫困人口.csv") -> dict[str, Path]:
    return {
        town: poverty(folder / f"{town}{ending}", [row(place) for place in places]) for town, places in towns.items()
    }


@pytest.fixture
def december(tmp_path, take_in) -> dict[str, Delivery]:
    folder = tmp_path / "december"
    folder.mkdir()
    return {town: take_in(path) for town, path in town_files(folder, TOWNS).items()}


@pytest.fixture
def january(tmp_path, take_in):
    """Receive parts of January, in the order given; of each a tenth differs from December."""
    folder = tmp_path / "january"
    folder.mkdir()

    def send(*towns: str, changed: dict[str, Any] | None = None, ending: str = "贫困人口.csv") -> list[Delivery]:
        files = town_files(folder, TOWNS | (changed or {}), ending)
        return [take_in(files[town], JANUARY) for town in towns]

    return send


def current() -> int:
    return Designation.objects.as_known().filter(valid_to=None).count()


def left() -> int:
    return Designation.objects.as_known().exclude(valid_to=None).count()


def exits() -> int:
    """Count who left or entered after December."""
    later = DeliveryChange.objects.filter(delivery__as_of_date__gt=DECEMBER)
    return later.filter(kind__in=("poor_exit", "poor_removed_dead", "poor_new")).count()


def chosen(county: Unit, as_of: str = JANUARY) -> str:
    return choose_deliveries(county, date.fromisoformat(as_of), now())["poverty"][0]["as_of"]


@pytest.mark.parametrize("order", [("长江镇", "白蒲镇", "如城街道"), ("如城街道", "白蒲镇", "长江镇")])
def test_the_parts_of_a_second_month_are_compared_with_the_same_parts(december, january, county, order):
    """Somebody who moved from one part to another, whichever comes first, neither leaves nor enters."""
    moved = {"长江镇": [*range(1, 30), 60], "如城街道": [*range(61, 90), 0]}
    sent = january(*order, changed=moved)
    assert [each.state for each in sent] == ["applied"] * 3
    assert [each.missing_parts for each in sent] == [
        [f"{town}贫困人口.csv" for town in TOWNS if town in order[1:]],
        [f"{order[2]}贫困人口.csv"],
        [],
    ]
    assert (current(), left(), exits(), Person.objects.count()) == (90, 0, 0, 90)
    assert list_half_lists(county.pk) == []


def test_before_all_parts_are_there_nobody_leaves_and_no_night_uses_the_list(december, january, county):
    first, second = january("长江镇", "白蒲镇", changed={"长江镇": range(1, 30)})
    assert (current(), left(), chosen(county)) == (90, 0, DECEMBER)
    [half] = find_held_back(county, date.fromisoformat(JANUARY), now())
    assert (half.feed, half.missing) == ("poverty", ["如城街道贫困人口.csv"])
    said = [each["code"] for each in second.reading["remarks"]]
    assert said == ["unchanged", "without_village", "parts_missing"]
    assert first.preview["persons"] == {"before": 30, "after": 29, "gone": 1, "new": 0}
    [third] = january("如城街道")
    assert (third.row_counts["changes"]["designations_closed"], current(), chosen(county)) == (1, 89, JANUARY)


def test_a_part_sent_again_corrected_replaces_itself_whatever_is_missing(december, january, county):
    january("长江镇")
    [again] = january("长江镇", changed={"长江镇": range(1, 30)}, ending="贫困人口（更正）.csv")
    assert [each.state for each in Delivery.objects.filter(as_of_date=JANUARY).order_by("pk")] == [
        "superseded",
        "applied",
    ]
    assert (len(again.missing_parts), current()) == (2, 90)
    january("白蒲镇", "如城街道")
    assert (current(), list_half_lists(county.pk)) == (89, [])


def test_undoing_the_last_part_makes_the_list_half_again(december, january, county, as_system):
    *_, last = january("长江镇", "白蒲镇", "如城街道", changed={"长江镇": range(1, 30)})
    assert current() == 89
    undo_delivery(actor=as_system, delivery_id=last.pk, at=now())
    assert (current(), chosen(county)) == (90, DECEMBER)
    assert [each.missing for each in list_half_lists(county.pk)] == [["如城街道贫困人口.csv"]]


def test_parts_named_otherwise_are_known_by_their_people(december, take_in, tmp_path):
    files = [
        poverty(tmp_path / f"{n}.csv", [row(place) for place in places]) for n, places in enumerate(TOWNS.values())
    ]
    sent = [take_in(path, JANUARY) for path in reversed(files)]
    assert ([len(each.missing_parts) for each in sent], exits(), left()) == ([2, 1, 0], 0, 0)


def test_parts_in_one_zip_and_one_after_the_other_are_the_same_list(december, take_in, tmp_path):
    def archive(path: Path, month: dict[str, Any]) -> Path:
        parts = {
            f"{town}贫困人口.csv": senders.csv_bytes([HEADER, *map(row, places)]) for town, places in month.items()
        }
        path.write_bytes(senders.zip_bytes(parts))
        return path

    whole = take_in(archive(tmp_path / "一月.zip", TOWNS | {"长江镇": range(1, 30)}), JANUARY)
    assert (whole.state, whole.missing_parts, current()) == ("applied", [], 89)
    files = town_files(tmp_path, {town: reversed(places) for town, places in TOWNS.items()})
    sent = [take_in(files[town], FEBRUARY) for town in ("白蒲镇", "长江镇", "如城街道")]
    assert ([len(each.missing_parts) for each in sent], current(), left()) == ([2, 1, 0], 90, 1)


def test_a_whole_list_first_sent_in_parts(take_in, tmp_path, county):
    """The name of a township says that it is a part; with all but a few of the people the list is whole."""
    take_in(poverty(tmp_path / "贫困人口.csv", [row(place) for place in range(90)]))
    towns = {"长江镇": range(45), "白蒲镇": range(45, 90)}
    sent = [take_in(path, JANUARY) for path in town_files(tmp_path, towns).values()]
    assert ([bool(each.missing_parts) for each in sent], left(), chosen(county)) == ([True, False], 0, JANUARY)


def test_a_night_over_half_a_list_uses_the_whole_one_before_and_says_so(december, january, take_in, tmp_path, county):
    """Whom the parts that came add or end counts for nothing yet; the feed is as old as its whole list."""
    line = senders.resident_row("R1", "路人甲", "", birth="19800101")
    take_in(senders.resident(tmp_path / "居保.zip", [line]))
    january("长江镇", "白蒲镇", changed={"长江镇": [*range(1, 30), 95]})
    run = run_night_of(county, JANUARY)
    assert (sum(run.board["verdicts"].values()), run.inputs["poverty"][0]["as_of"]) == (90, DECEMBER)
    assert run.board["left_out"] == [{"feed": "poverty", "day": JANUARY, "missing": ["如城街道贫困人口.csv"]}]
    [state] = [each for each in list_feed_states(system_actor(county)) if each.feed == "poverty"]
    assert (str(state.as_of_date), state.missing_parts) == (DECEMBER, 1)
    assert "如城街道贫困人口.csv" in left_out_words(run)[0]
    january("如城街道")
    run = run_night_of(county, JANUARY)
    assert (sum(run.board["verdicts"].values()), run.board["left_out"]) == (90, [])


def test_a_part_missing_twice_is_waited_for_no_more(december, january, take_in, tmp_path, county):
    january("长江镇", "白蒲镇")
    folder = tmp_path / "february"
    folder.mkdir()
    files = town_files(folder, TOWNS)
    sent = [take_in(files[town], FEBRUARY, consent=True) for town in ("长江镇", "白蒲镇")]
    assert ([len(each.missing_parts) for each in sent], current(), chosen(county, FEBRUARY)) == ([1, 0], 60, FEBRUARY)


def test_a_part_that_lost_its_people_is_for_a_second_person(december, january):
    [few] = january("长江镇", changed={"长江镇": range(15)})
    assert (few.state, few.refusal["code"], few.refusal["values"]["before"]) == ("refused", "loss_limit", "30")


def test_households_numbered_anew_in_parts_are_the_same_persons(december, take_in, tmp_path):
    sent = []
    for town, places in TOWNS.items():
        path = poverty(tmp_path / f"{town}贫困人口.csv", [row(place, key=place + 500) for place in reversed(places)])
        sent.append(take_in(path, JANUARY))
    assert (sent[-1].row_counts["changes"]["designations_closed"], Person.objects.count()) == (0, 90)
    assert (exits(), current(), left()) == (0, 90, 90)


def test_lists_without_keys_in_parts(take_in, tmp_path, county):
    """Neither does the second part of a day end what the first one states, nor a second month."""

    def keyless(month: str, towns: dict[str, Any]) -> list[Delivery]:
        folder = tmp_path / month
        folder.mkdir()
        sent = []
        for town, places in towns.items():
            rows = [row(place)[2:] for place in places]
            sent.append(take_in(senders.write_csv(folder / f"{town}贫困人口.csv", [HEADER[2:], *rows]), month))
        return sent

    keyless(DECEMBER, TOWNS)
    assert (current(), left()) == (90, 0)
    sent = keyless(JANUARY, {"如城街道": range(59, 90), "白蒲镇": range(30, 59), "长江镇": range(1, 30)})
    assert (current(), exits(), Person.objects.count()) == (89, 1, 90)
    assert sent[-1].row_counts["changes"]["designations_closed"] == 1


def test_a_list_of_facts_in_parts_ends_nothing_before_it_is_whole(take_in, tmp_path, county):
    def prison(name: str, places: range) -> Path:
        terms = [(row(n)[2], row(n)[3], "监狱服刑", "20150101", "20250101") for n in places]
        return senders.prison(tmp_path / name, terms)

    for name, places in (("服刑甲.xlsx", range(20)), ("服刑乙.xlsx", range(20, 40))):
        take_in(prison(name, places))
    take_in(prison("服刑乙.xlsx", range(21, 40)), JANUARY)
    assert Fact.objects.as_known().count() == 59
    assert [each.missing for each in list_half_lists(county.pk)] == [["服刑甲.xlsx"]]
    take_in(prison("服刑甲.xlsx", range(19)), JANUARY)
    assert (Fact.objects.as_known().count(), list_half_lists(county.pk)) == (38, [])


def test_a_roll_in_parts_is_compared_as_a_whole(take_in: TakeIn, tmp_path, county):
    """The border between the parts moves with each month."""

    def roll(name: str, places: range, as_of: str) -> Delivery:
        lines = [senders.resident_row(f"R{n}", row(n)[2], row(n)[3]) for n in places]
        return take_in(senders.write_csv(tmp_path / name, [senders.RESIDENT, *lines]), as_of)

    for name, places in (("居保明细20181231A.csv", range(45)), ("居保明细20181231B.csv", range(45, 88))):
        roll(name, places, DECEMBER)
    first = roll("居保明细20190131B.csv", range(47, 90), JANUARY)
    assert (first.state, first.missing_parts) == ("applied", ["居保明细20181231A.csv"])
    assert first.preview["roll"]["before"] == 43
    assert choose_deliveries(county, date.fromisoformat(JANUARY), now())["resident"][0]["as_of"] == DECEMBER
    last = roll("居保明细20190131A.csv", range(47), JANUARY)
    assert (last.state, last.missing_parts) == ("applied", [])
    assert last.preview["roll"]["kinds"] == {"new_row": 2}
    before = roll_before(last)
    assert before is not None
    assert {change["kind"] for change in list_roll_changes(before, last).to_pylist()} == {"new_row"}
    assert len(choose_deliveries(county, date.fromisoformat(JANUARY), now())["resident"]) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("居保参保人员明细表20181231A.csv", "居保参保人员明细表20190131A.csv"),
        ("长江镇贫困人口2018年12月.xlsx", "长江镇贫困人口2019年1月（更正）.xlsx"),
        ("12月如城街道.csv", "1月份如城街道 最终.csv"),
        ("名单_201812_1.csv", "名单_201901_1.csv"),
    ],
)
def test_a_part_keeps_its_name_from_month_to_month(one, other):
    assert part_name(one) == part_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("居保A.csv", "居保B.csv"), ("居保1.csv", "居保2.csv"), ("名单(1).csv", "名单(2).csv")]
)
def test_parts_of_one_month_have_names_of_their_own(one, other):
    assert part_name(one) != part_name(other)
