"""Place texts to units: the most precise one named, never a guess."""

import pytest

from poverty_pension.regions.selectors import Place
from registry.intake.places import PlaceFinder, town_stem, village_stem

COUNTY = "江苏省南通市如皋市"
PLACES = [
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
    return PlaceFinder(PLACES)


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
    assert finder.find(text).unit_id == unit


@pytest.mark.parametrize(
    "text", ["", "二案村", "云南省昆明市寻甸县柯渡镇", "320681111201", "411526000000", "山东省德州市夏津县双庙镇"]
)
def test_no_unit_of_this_county(finder, text):
    assert finder.find(text).unit_id is None


def test_a_code_of_an_unknown_village_is_kept_as_delivered(finder):
    assert finder.find("320682111999").code == "320682111999"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("二案村委会", "二案"), ("长江社区居委会", "长江"), ("村", "村"), ("顾岱村", "顾岱"), ("顾岱村民委员会", "顾岱")],
)
def test_village_stem(name, stem):
    assert village_stem(name) == stem


@pytest.mark.parametrize(("name", "stem"), [("长江镇", "长江"), ("如城街道办事处", "如城"), ("镇", "镇")])
def test_town_stem(name, stem):
    assert town_stem(name) == stem
