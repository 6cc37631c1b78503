"""Two lists of one feed compared: every kind of change on a small list, nothing that did not change, numbers never shown."""

from datetime import date

import pytest

from foundation.primitives.clock import now
from registry.comparison.lists import compare_days
from registry.models import Delivery, DeliveryChange, Person
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

ZHANG, LI, WANG, ZHAO = (
    make_number(day, order) for order, day in enumerate(("19500305", "19581215", "20030901", "19600606"))
)
DECEMBER, JANUARY = "2018-12-31", "2019-01-31"


def person(name: str, number: str, household: int = 1, **other: object) -> dict[str, object]:
    return {"name": name, "number": number, "household": household, **other}


@pytest.fixture
def month(take_in, tmp_path):
    """Return a function that takes a month's poverty list in."""

    def send(people, as_of=DECEMBER, name="") -> Delivery:
        name = name or f"建档立卡_{as_of[:7]}.xlsx"
        return take_in(senders.poverty(tmp_path / name, people), name=name, as_of=as_of, consent=True)

    return send


def changes_of(delivery: Delivery) -> set[tuple[str, str, str, str]]:
    rows = DeliveryChange.objects.filter(delivery=delivery)
    return {(each.kind, each.name, each.before, each.after) for each in rows}


def test_a_countys_first_list_has_no_changes_line_by_line(month):
    assert changes_of(month([person("张三", ZHANG)])) == set()


def test_a_list_that_says_the_same_changes_nothing(month):
    people = [person("张三", ZHANG), person("李四", LI[:-1], 2)]
    month(people)
    assert changes_of(month(people, JANUARY)) == set()


def test_changed_names_and_numbers_are_distinguished_from_new_people(month):
    month([person("张福金", ZHANG), person("李四", LI[:-1], 2), person("王五", WANG, 3), person("赵六", ZHAO, 4)])
    january = month(
        [person("张幅金", ZHANG), person("李四", LI, 2), person("王五", WANG[:-1], 3), person("赵大山", ZHAO, 4)],
        JANUARY,
    )
    assert changes_of(january) == {
        ("name_corrected", "张幅金", "张福金", "张幅金"),
        ("id_corrected", "李四", "length", "ok"),
        ("new_error", "王五", "ok", "length"),
        ("name_changed", "赵大山", "赵六", "赵大山"),
    }


def test_no_number_is_kept_with_a_change(month):
    month([person("李四", LI[:-1]), person("王五", WANG, 2)])
    january = month([person("李四", LI)], JANUARY)
    stored = " ".join(map(str, DeliveryChange.objects.filter(delivery=january).values_list()))
    assert LI[6:14] not in stored
    assert WANG[6:14] not in stored


def test_reported_deaths_are_distinguished_from_other_exits(month, take_in, tmp_path):
    month([person("张三", ZHANG), person("李四", LI, 2), person("王五", WANG, 3)])
    take_in(senders.deaths(tmp_path / "死亡人员.xlsx", [("公安", "李四", LI, "20190105")]), as_of=JANUARY)
    assert changes_of(month([person("王五", WANG, 3)], JANUARY)) == {
        ("poor_exit", "张三", "poor", ""),
        ("poor_removed_dead", "李四", "poor", ""),
    }


def test_a_renumbered_household_is_no_new_household(month):
    month([person("张三", ZHANG, 1)])
    assert changes_of(month([person("张三", ZHANG, 9)], JANUARY)) == set()


def test_a_gone_line_names_the_file_that_contained_it(month):
    december = month([person("张三", ZHANG), person("李四", LI, 2)])
    january = month([person("张三", ZHANG)], JANUARY)
    change = DeliveryChange.objects.get(delivery=january)
    assert (change.kind, change.line_in) == ("poor_exit", december)
    assert change.person == Person.objects.get(name="李四")


def test_a_file_sent_again_for_the_day_is_compared_with_the_one_it_replaces_the_days_with_each_other(month, county):
    month([person("张三", ZHANG)])
    month([person("张三", ZHANG, status="返贫"), person("李四", LI, 2)], JANUARY)
    again = month([person("张三", ZHANG, status="返贫"), person("李四", LI, 2, status="返贫")], JANUARY)
    assert changes_of(again) == {("poverty_status", "李四", "poor", "poor_again")}
    days = compare_days(county, "poverty", earlier=date(2018, 12, 31), later=date(2019, 1, 31), at=now())
    assert {(row["kind"], row["name"], row["after"]) for row in days.to_pylist()} == {
        ("poverty_status", "张三", "poor_again"),
        ("poor_new", "李四", "poor_again"),
    }
