"""Place texts to units: the most precise one named, never a guess."""

from datetime import date

import pyarrow as pa
import pytest

from foundation.regions.gazetteer import Gazetteer, Place, entries_of
from registry.intake.places import PlaceFinder, stated_places

COUNTY = "江苏省南通市如皋市"
PLACES = [
    Place(8, "320000000000", 1, "江苏省", "江苏省"),
    Place(9, "320600000000", 2, "南通市", "江苏省南通市"),
    Place(1, "320682000000", 3, "如皋市", COUNTY),
    Place(2, "320682111000", 4, "长江镇", f"{COUNTY}长江镇"),
    Place(3, "320682111001", 5, "长江社区居委会", f"{COUNTY}长江镇长江社区居委会"),
    Place(4, "320682111201", 5, "二案村委会", f"{COUNTY}长江镇二案村委会"),
    Place(5, "320682103000", 4, "白蒲镇", f"{COUNTY}白蒲镇"),
    Place(6, "320682103201", 5, "顾岱村委会", f"{COUNTY}白蒲镇顾岱村委会"),
    Place(7, "320682103202", 5, "二案村委会", f"{COUNTY}白蒲镇二案村委会"),
]


@pytest.fixture(scope="module")
def finder():
    county = Gazetteer(entries_of(PLACES, date(2018, 1, 1)), within="320000000000/320600000000/320682000000/")
    return PlaceFinder(county)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("320682111201", 4),
        ("320682111", 2),
        ("320682", 1),
        (" 320682111201 ", 4),
        ("320682111999", 2),
        ("320682999999", 1),
        ("江苏省南通市如皋市长江镇二案村委会", 4),
        ("如皋市长江镇二案村委会", 4),
        ("长江镇二案村委会", 4),
        ("长江镇二案村", 4),
        ("长江镇二案", 4),
        ("如皋市长江镇二案村3组12号", 4),
        ("白蒲镇二案村委会", 7),
        ("白蒲二案村", 7),
        ("长江镇长江社区", 3),
        ("江苏省南通市如皋市长江镇没有村", 2),
        ("如皋市长江镇", 2),
        ("顾岱村", 6),
        ("江苏省南通市如皋市", 1),
        ("如皋市某地", 1),
    ],
)
def test_the_most_precise_unit(finder, text, unit):
    assert finder.find(text) == unit


@pytest.mark.parametrize(
    "text", ["", "二案村", "云南省昆明市寻甸县柯渡镇", "320681111201", "411526000000", "山东省德州市夏津县双庙镇"]
)
def test_no_unit_of_this_county(finder, text):
    assert finder.find(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("长江镇", "320682111000"),
        ("白蒲", "320682103000"),
        ("低保名册_长江镇.xlsx", "320682111000"),
        ("如皋市白蒲镇2018年12月建档立卡人员花名册", "320682103000"),
        ("03长江镇", "320682111000"),
        ("长江镇二案村委会", "320682111201"),
    ],
)
def test_a_township_or_village_in_the_name_of_a_sheet_or_file(finder, text, code):
    assert finder.unit_named(["Sheet1", text]).code == code


@pytest.mark.parametrize("text", ["Sheet1", "二案村", "", "如皋市贫困人口", "新建工作表.xlsx"])
def test_names_without_a_township(finder, text):
    assert finder.unit_named([text]) is None


def _units(finder: PlaceFinder, **columns: list[str]) -> list[int | None]:
    return [finder.find(text) for text in stated_places(pa.table(columns), finder, ()).to_pylist()]


def test_a_list_that_states_only_the_place_of_registration_reaches_the_village_by_it(finder):
    hukou = [f"{COUNTY}长江镇二案村委会", "云南省昆明市寻甸县柯渡镇", f"{COUNTY}长江镇二案村委会", COUNTY]
    assert _units(finder, hukou=hukou) == [4, None, 4, None]
    assert _units(finder, hukou=hukou, town=["长江镇", "长江镇", "白蒲镇", "长江镇"]) == [4, 2, 5, 2]


def test_a_stated_place_comes_before_the_place_of_registration(finder):
    columns = {"place": ["白蒲镇二案村委会", ""], "hukou": [f"{COUNTY}长江镇二案村委会"] * 2}
    assert _units(finder, **columns) == [7, None]
