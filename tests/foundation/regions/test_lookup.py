"""Texts to units over the whole country: codes, full names, abbreviations, old names, and what stays ambiguous."""

import time
from collections import defaultdict
from datetime import date

import pytest
from django.db import connection

from foundation.regions.gazetteer import FoundUnit
from foundation.regions.models import Unit
from foundation.regions.place_names import place_stem
from foundation.regions.selectors import county_gazetteer, find_unit_by_text, find_units_by_texts, get_unit, list_chain
from foundation.regions.services.changing import load_changes, read_changes
from foundation.regions.services.loading import import_villages, load_divisions

VILLAGES = """code,name,level,parent_code
320682111001,长江社区居委会,5,320682111000
320682111201,二案村委会,5,320682111000
"""
pytestmark = [pytest.mark.xdist_group("country")]


@pytest.fixture(scope="module")
def country(module_database, tmp_path_factory):
    """Load the whole country once, its changes, and two villages."""
    load_divisions()
    load_changes()
    file = tmp_path_factory.mktemp("villages") / "villages.csv"
    file.write_text(VILLAGES, "utf-8")
    import_villages(file)
    connection.check_constraints()  # once, instead of after every test


@pytest.fixture(autouse=True)
def _country(country, db):
    """Every test here reads the country."""


PLACES = [
    ("江苏省南通市如皋市长江镇", "320682111000", ""),
    (" 江苏省 南通市 如皋市 长江镇 ", "320682111000", ""),
    ("江苏如皋长江", "320682111000", ""),
    ("如皋长江镇", "320682111000", ""),
    ("江苏如皋", "320682000000", ""),
    ("如皋县", "320682000000", ""),
    ("江苏省南通市如皋市长江镇二案村", "320682111201", ""),
    ("如皋市长江镇二案村民委员会3组", "320682111201", "3组"),
    ("如皋市长江镇三案村", "320682111000", "三案村"),
    ("如皋市长江镇人民路5号", "320682111000", "人民路5号"),
    ("如皋市长江路5号", "320682000000", "长江路5号"),
    ("江苏如皋人民路5号", "320682000000", "人民路5号"),
    ("贵州黔东南从江县下江镇", "522633103000", ""),
    ("黔东南苗族侗族自治州从江县", "522633000000", ""),
    ("新疆维吾尔自治区石河子市", "659001000000", ""),
    ("重庆渝北区古路镇", "500112141000", ""),
    ("北京市朝阳区", "110105000000", ""),
    ("河南济源", "419001000000", ""),
    ("320682", "320682000000", ""),
    ("320682111", "320682111000", ""),
    ("320682111201", "320682111201", ""),
    ("320682111999", "320682111000", "999"),
    ("32", "320000000000", ""),
]
NOWHERE = ["", "美国", "某某小区5号", "不详", "999999999999", "12345", "如"]
OF_THE_DAY = [
    ("江西省九江市庐山区", None, "360402000000", "濂溪区"),
    ("江西省九江市庐山区", date(2015, 12, 31), "360402000000", "庐山区"),
    ("江西省九江市濂溪区", date(2015, 12, 31), "360402000000", "庐山区"),
    ("九江县", None, "360404000000", "柴桑区"),
    ("九江县", date(2018, 12, 31), "360404000000", "柴桑区"),
    ("九江县", date(2017, 9, 7), "360421000000", "九江县"),
    ("360421", None, "360404000000", "柴桑区"),
    ("360421", date(2017, 9, 7), "360421000000", "九江县"),
    ("360402", date(2016, 1, 1), "360402000000", "庐山区"),
    ("360421100999", None, "360404000000", "柴桑区"),
    ("九江县江洲镇", None, "360404102000", "江洲镇"),
    ("南通市海门市", date(2018, 12, 31), "320684000000", "海门市"),
    ("南通市海门市", date(2020, 7, 3), "320614000000", "海门区"),
    ("南通市崇川区", date(2018, 12, 31), "320602000000", "崇川区"),
    ("南通市港闸区", None, "320613000000", "崇川区"),
]


@pytest.fixture(scope="module")
def found_on(country) -> dict[tuple[str, date | None], FoundUnit]:
    """Ask for the texts above, those of one day together: text and day -> what was found."""
    asked: dict[date | None, list[str]] = defaultdict(list)
    asked[None] += [text for text, _code, _rest in PLACES] + NOWHERE
    for text, on, _code, _name in OF_THE_DAY:
        asked[on].append(text)
    return {
        (text, on): found
        for on, texts in asked.items()
        for text, found in zip(texts, find_units_by_texts(texts, on=on), strict=True)
    }


@pytest.mark.parametrize(("text", "code", "rest"), PLACES)
def test_one_unit_is_meant(found_on, text, code, rest):
    found = found_on[text, None]
    assert found.place is not None, found.candidates
    assert (found.place.code, found.rest, found.candidates) == (code, rest, ())


@pytest.mark.parametrize("text", NOWHERE)
def test_no_unit_is_meant(found_on, text):
    found = found_on[text, None]
    assert (found.place, found.candidates) == (None, ())


def test_a_name_borne_twice_gives_its_bearers():
    found = find_unit_by_text("朝阳区")
    assert found.place is None
    assert {place.full_name for place in found.candidates} == {"北京市朝阳区", "吉林省长春市朝阳区"}
    assert found.is_ambiguous


def test_a_name_that_holds_all_others_of_its_name_is_the_safe_answer():
    found = find_unit_by_text("吉林")
    assert found.place is not None
    assert found.place.code == "220000000000"


def test_within_a_unit_only_what_lies_there_is_meant():
    beijing, rugao = get_unit(code="110000"), get_unit(code="320682")
    within = find_unit_by_text("朝阳区", within=beijing).place
    assert within is not None
    assert within.code == "110105000000"
    assert find_unit_by_text("朝阳区", within=rugao) == find_unit_by_text("", within=rugao)
    town = find_unit_by_text("长江镇", within=rugao).place
    assert town is not None
    assert town.code == "320682111000"
    assert find_unit_by_text("江苏省南通市", within=rugao).place is None
    assert find_unit_by_text("110105", within=rugao).place is None


@pytest.mark.parametrize(("text", "on", "code", "name"), OF_THE_DAY)
def test_old_and_new_names_lead_to_the_unit_of_the_day(found_on, text, on, code, name):
    place = found_on[text, on].place
    assert place is not None
    assert (place.code, place.name) == (code, name)


def test_changes_are_entered_once_and_each_has_a_successor():
    assert load_changes() == 0
    closed = Unit.objects.filter(valid_to__isnull=False).select_related("successor")
    assert closed.count() == len(read_changes()) == 6
    for unit in closed:
        assert unit.successor is not None
        assert unit.successor.valid_from == unit.valid_to


def test_a_breadcrumb_runs_through_a_renamed_county():
    town = find_unit_by_text("濂溪区虞家河乡").place
    assert town is not None
    names = [unit.name for unit in list_chain(unit=get_unit(code=town.code))]
    assert names == ["江西省", "九江市", "濂溪区", "虞家河乡"]


@pytest.mark.parametrize(
    ("name", "level", "stem"),
    [
        ("江苏省", 1, "江苏"),
        ("内蒙古自治区", 1, "内蒙古"),
        ("宁夏回族自治区", 1, "宁夏"),
        ("延边朝鲜族自治州", 2, "延边"),
        ("黔西南布依族苗族自治州", 2, "黔西南"),
        ("双江拉祜族佤族布朗族傣族自治县", 3, "双江"),
        ("东市", 3, "东市"),
        ("长江镇", 4, "长江"),
        ("高楼满族乡", 4, "高楼"),
        ("长江社区居委会", 5, "长江"),
    ],
)
def test_a_stem_is_the_name_without_its_ending(name, level, stem):
    assert place_stem(name, level) == stem


def test_every_full_name_of_the_country_leads_home():
    units = list(Unit.objects.current().exclude(full_name="").values_list("code", "full_name"))
    found = find_units_by_texts([name for _code, name in units])
    lost = [
        name
        for (code, name), each in zip(units, found, strict=True)
        if code not in {place.code for place in (*each.candidates, each.place) if place}
        and not (each.place and each.place.full_name == name)
    ]
    assert lost == []


def test_a_hundred_thousand_texts_take_less_than_two_seconds():
    towns = list(Unit.objects.filter(level=4).order_by("code").values_list("full_name", flat=True)[:10_000])
    texts = [f"{town}{house}号" for town in towns for house in range(10)]
    find_unit_by_text("如皋市")  # the tree is read before, as for a second file
    start = time.process_time()  # others may share the processor
    found = find_units_by_texts(texts)
    seconds = time.process_time() - start
    assert sum(each.place is not None for each in found) > 99_000
    assert seconds < 2, f"{seconds:.2f} s"


def test_scope_walks_the_index_although_the_country_is_large():
    path = get_unit(code="320682").path
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE regions_unit")
        cursor.execute("EXPLAIN SELECT id FROM regions_unit WHERE path LIKE %s", [f"{path}%"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "unit_by_path" in plan
    assert "Seq Scan" not in plan


def code_of(text: str, on: date | None = None) -> str | None:
    place = find_unit_by_text(text, on=on).place
    return place.code if place else None


def test_a_unit_that_ends_or_is_renamed_is_so_for_the_next_text():
    """Neither adds a row, nor changes the newest: what is remembered must go by the content."""
    code, town = "320682111201", "320682111000"
    village = Unit.objects.filter(code=code)
    before = county_gazetteer(get_unit(code="320682")).version
    assert code_of("如皋市长江镇二案村") == code
    village.update(name="知青村委会", full_name="江苏省南通市如皋市长江镇知青村委会")
    assert (code_of("如皋市长江镇二案村"), code_of("如皋市长江镇知青村")) == (town, code)
    assert county_gazetteer(get_unit(code="320682")).version != before
    village.update(valid_to=date(2018, 1, 1))
    assert code_of("如皋市长江镇知青村", on=date(2017, 1, 1)) == code
