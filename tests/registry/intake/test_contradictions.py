"""What a list of the poor states beside the number: kept, compared with the number, shown; and whether somebody goes to school."""

from datetime import date

import pytest

from coverage.models import CoverageVerdict, Finding
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from registry.constants import Schooling
from registry.intake.layouts import get_layout
from registry.models import DeliveredRow, DeliveryProblem, Person
from tests import senders
from tests.oracles.numbers import make_number
from tests.plugins.month import run_night_of

HEADER = ["户编号", "人编号", "姓名", "性别", "出生日期", "证件号码", "在校生状况", "脱贫属性", "行政村"]
VILLAGE = "320682111201"
MAN = make_number("19800305", 1)  # sequence odd: a man
HERE = make_number("19700101", 9)
STUDENT, OLD_STUDENT = make_number("19990101", 3), make_number("19800101", 5)


def person(place: int, name: str, number: str, *, sex: str = "", birth: str = "", school: str = "") -> list[str]:
    return [f"H{place}", f"P{place}", name, sex, birth, number, school, "未脱贫", VILLAGE]


def take(take_in, tmp_path, *lines: list[str]):
    return take_in(senders.write_csv(tmp_path / "建档立卡贫困人口.csv", [HEADER, *lines]))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("学前教育", Schooling.CHILD),
        ("学龄前儿童", Schooling.CHILD),
        ("九年制义务教育", Schooling.CHILD),
        ("七年级", Schooling.CHILD),
        ("小学三年级", Schooling.CHILD),
        ("普通高中", Schooling.STUDENT),
        ("高中二年级", Schooling.STUDENT),
        ("中职一年级", Schooling.STUDENT),
        ("本科三年级", Schooling.STUDENT),
        ("大专及以上", Schooling.STUDENT),
        ("非在校生", Schooling.NONE),
        ("高中毕业", Schooling.NONE),
        ("辍学", Schooling.NONE),
        ("文盲", None),
    ],
)
def test_the_words_about_going_to_school(word, expected):
    assert get_layout("poverty").value("schooling", word) == expected


@pytest.mark.django_db
def test_what_the_list_states_is_kept_and_what_contradicts_the_number_is_a_problem_line(tmp_path, take_in):
    take(
        take_in,
        tmp_path,
        person(1, "张伟", MAN, sex="男", birth="1980-03-05", school="非在校生"),
        person(2, "李芳", make_number("19510305", 3), sex="女", birth="1951-04-05"),
        person(3, "王强", make_number("19520305", 5), birth="1952-03"),
        person(4, "赵敏", "", sex="女", birth="1953-03-05"),
        person(5, "周洋", make_number("19810305", 7), school="七年级"),
    )
    kept = DeliveredRow.objects.order_by("row").values_list("stated_birth", "stated_sex", "schooling")
    assert list(kept) == [
        (date(1980, 3, 5), 1, "none"),
        (date(1951, 4, 5), 2, ""),
        (None, 0, ""),
        (date(1953, 3, 5), 2, ""),
        (None, 0, ""),
    ]
    assert set(DeliveryProblem.objects.filter(action="load_by_number_to_check").values_list("row", "reason")) == {
        (3, "birth_contradicts_number"),
        (3, "sex_contradicts_number"),
        (6, "schooling_contradicts_number"),
    }
    assert Person.objects.get(name="李芳").birth_date == date(1951, 3, 5)


@pytest.mark.django_db
def test_a_column_of_schools_people_went_to_is_not_read(tmp_path, take_in):
    grown = [person(place, "张伟", make_number(f"1960010{place}", 1), school="小学") for place in range(1, 4)]
    take(take_in, tmp_path, *grown, person(4, "赵敏", "", school="小学"))
    assert set(DeliveredRow.objects.values_list("schooling", flat=True)) == {""}


@pytest.mark.django_db
def test_who_goes_to_school_by_the_list_of_the_poor(tmp_path, take_in, county):
    """A child without a birth date; a student no education list names, but not of thirty-eight; the education list decides."""
    graduate = make_number("19990202", 7)
    take(
        take_in,
        tmp_path,
        person(1, "张小宝", "", school="七年级"),
        person(2, "李学文", STUDENT, school="本科二年级"),
        person(3, "王老五", OLD_STUDENT, school="大专及以上"),
        person(4, "赵毕业", graduate, school="大专及以上"),
        person(5, "周无名", ""),
    )
    rows = [
        ["姓名", "身份证号", "学校", "入学年月", "预计毕业年月"],
        ["赵毕业", graduate, "如皋中学", "201609", "201806"],
    ]
    take_in(senders.write_csv(tmp_path / "在校学生.csv", rows))
    take_in(senders.resident(tmp_path / "居保.zip", [senders.resident_row("R1", "路人甲", HERE)]))
    run_night_of(county, "2018-12-31")
    verdicts = dict(CoverageVerdict.objects.values_list("person__name", "verdict"))
    assert verdicts == {"张小宝": "U16", "李学文": "0-203", "王老五": "GAP", "赵毕业": "GAP", "周无名": "GAP"}
    evidence = Finding.objects.get(person__name="李学文", kind="student").evidence
    assert [(line["line"], line["status"]) for line in evidence["lines"]] == [(3, "student")]


@pytest.mark.django_db
def test_the_persons_page_shows_what_the_list_states_beside_the_number(tmp_path, take_in, county, client):
    user = User.objects.create(username="clerk", display_name="clerk")
    Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from="2018-01-01")
    client.force_login(user)
    take(take_in, tmp_path, person(1, "李芳", make_number("19510305", 3), sex="女", birth="1951-04-05"))
    page = client.get(f"/persons/{Person.objects.get().pk}/", headers={"accept-language": "en"}).content.decode()
    assert "1951-04-05" in page
    assert "1951-03-05" in page
    assert "by the number born 1951-03-05" in page
    assert "by the number" in page.replace("by the number born", "")
