"""Loading divisions and villages: whole, idempotent, and clear about what is wrong."""

import gzip
from pathlib import Path

import pytest

from foundation.primitives.errors import BadInput, NotFound
from foundation.regions.models import Level, Unit
from foundation.regions.selectors import county_places, get_unit, list_chain, list_children
from foundation.regions.services.loading import DIVISIONS, import_villages, load_divisions

pytestmark = pytest.mark.django_db

HEADER = "code,name,level,parent_code\n"
VILLAGES = HEADER + "320682111001,长江社区居委会,5,320682111000\n320682111201,二案村委会,5,320682111000\n"


@pytest.fixture(scope="module")
def small_list(tmp_path_factory):
    """Cut from the shipped list what these tests name; the whole takes two seconds a load."""
    lines = gzip.decompress(DIVISIONS.read_bytes()).decode().splitlines(keepends=True)
    kept = [
        line for line in lines if line.startswith(("code", "1101", "3206", "3505", "4190", "4419", "5001", "522731"))
    ]
    kept += [line for line in lines if line[4:12] == "00000000"]
    file = tmp_path_factory.mktemp("divisions") / "divisions.csv"
    file.write_text("".join(dict.fromkeys(kept)), "utf-8")
    return file


@pytest.fixture
def country(db, small_list):
    load_divisions(small_list)


def write(folder: Path, text: str, name: str = "villages.csv") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_the_country_is_loaded_once():
    load_divisions()
    assert Unit.objects.count() == 44_699
    again = load_divisions()
    assert (again.added, again.already_there, again.named_otherwise) == (0, 44_699, 0)


@pytest.mark.parametrize(
    ("code", "full_name", "level"),
    [
        ("320682111", "江苏省南通市如皋市长江镇", Level.TOWNSHIP),
        ("110101", "北京市东城区", Level.COUNTY),
        ("419001", "河南省济源市", Level.COUNTY),
        ("500112141", "重庆市渝北区古路镇", Level.TOWNSHIP),
        ("441900", "广东省东莞市", Level.COUNTY),
        ("350527", "福建省泉州市金门县", Level.COUNTY),
    ],
)
def test_a_full_name_reads_as_departments_write_it(country, code, full_name, level):
    unit = get_unit(code=code)
    assert (unit.full_name, unit.level) == (full_name, level)


def test_every_path_is_the_parent_s_path_and_the_code(country):
    for unit in Unit.objects.filter(code__startswith="3206").select_related("parent"):
        assert unit.parent is not None
        assert unit.path == unit.parent.path + unit.code + "/"
    names = [unit.name for unit in list_chain(unit=get_unit(code="320682111"))]
    assert names == ["江苏省", "南通市", "如皋市", "长江镇"]


def test_villages_come_in_plain_or_packed_and_only_once(country, tmp_path):
    packed = tmp_path / "villages.csv.gz"
    packed.write_bytes(gzip.compress(VILLAGES.encode()))
    county = get_unit(code="320682")
    assert import_villages(packed, county=county).added == 2
    assert import_villages(write(tmp_path, "\ufeff" + VILLAGES), county=county).added == 0
    township = get_unit(code="320682111")
    children = list_children(scope_path=county.path, unit=township)
    assert [each.full_name for each in children] == [
        "江苏省南通市如皋市长江镇长江社区居委会",
        "江苏省南通市如皋市长江镇二案村委会",
    ]
    assert list_children(scope_path=get_unit(code="320681").path, unit=township) == []


def test_only_the_named_county_is_taken_and_other_names_are_counted(country, tmp_path):
    file = write(tmp_path, VILLAGES + "522731101001,别处村委会,5,522731101000\n")
    assert import_villages(file, county=get_unit(code="320682")).added == 2
    renamed = import_villages(write(tmp_path, VILLAGES.replace("二案", "三案")))
    assert (renamed.added, renamed.named_otherwise) == (0, 1)
    assert get_unit(code="320682111201").name == "二案村委会"


def test_places_of_a_county_are_all_its_units_in_one_query(country, tmp_path, django_assert_num_queries):
    import_villages(write(tmp_path, VILLAGES))
    with django_assert_num_queries(2):
        places = county_places("320682")
    assert places[0].code == "320682000000"
    assert {place.level for place in places} == {3, 4, 5}
    assert len(places) == 24


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns_missing"),
        ("code,name,level\n320682111001,村,5\n", "columns_missing"),
        (HEADER + "3206821110,村,5,320682111000\n", "bad_line"),
        (HEADER + "320682111001,,5,320682111000\n", "bad_line"),
        (HEADER + "320682111001,村,6,320682111000\n", "bad_line"),
        (HEADER + "320682111000,长江镇,4,320682000000\n", "no_villages"),
        (HEADER + "320682999001,村,5,320682999000\n", "parent_unit_missing"),
    ],
)
def test_a_wrong_list_is_refused_whole(country, tmp_path, text, code):
    before = Unit.objects.count()
    with pytest.raises(BadInput) as refusal:
        import_villages(write(tmp_path, text))
    assert refusal.value.code == code
    assert Unit.objects.count() == before


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08broken", "代码,名称".encode("gb18030")])
def test_an_unreadable_file_is_reported(tmp_path, content):
    file = tmp_path / "villages.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        import_villages(file)
    assert refusal.value.code == "unreadable_file"


def test_an_unknown_code_is_not_found():
    with pytest.raises(NotFound, match="999999000000"):
        get_unit(code="999999")
