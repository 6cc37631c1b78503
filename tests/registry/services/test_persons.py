"""Poverty, dibao and tekun files become persons and dated designations; the next file changes what it changes, no more."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation.accounts.actors import user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import User
from foundation.accounts.services.roles import grant_role
from foundation.primitives.clock import now
from foundation.regions.selectors import get_unit
from registry.models import (
    DeliveredRow,
    Delivery,
    DeliveryChange,
    DeliveryProblem,
    Designation,
    IdentityNumber,
    Person,
    PersonIdentifier,
)
from registry.selectors.numbers import cipher, decrypt_number
from registry.services.receiving import process_delivery, receive_file
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

ZHANG, LI, WANG = make_number("19500305", 1), make_number("19581215", 2), make_number("20030901", 3)
DECEMBER, JANUARY = "2018-12-31", "2019-01-31"


@pytest.fixture
def poverty(tmp_path, take_in):
    """Receive a poverty file made of people; its name states the month."""

    def receive(people, as_of=DECEMBER, **options) -> Delivery:
        name = options.pop("name", f"建档立卡_{as_of}.xlsx")
        return take_in(senders.poverty(tmp_path / f"{len(people)}{name}", people), as_of, name=name, **options)

    return receive


def person(name: str, number: str, household: int = 1, **other: Any) -> dict[str, Any]:
    return {"name": name, "number": number, "household": household, **other}


def designations() -> set[tuple[str, str, str, date | None]]:
    rows = Designation.objects.as_known().select_related("person")
    return {(row.person.name, row.kind, row.status, row.valid_to) for row in rows}


def test_a_first_file_makes_persons_designations_and_problems(poverty, county):
    delivery = poverty([person("张三", ZHANG), person("李四", LI[:-1], 2), person("王五", "", 3, status="返贫")])
    assert delivery.state == "applied"
    assert delivery.feed == "poverty"
    assert delivery.row_counts["rows"] == 3
    assert delivery.row_counts["changes"]["new_persons"] == 3
    assert designations() == {
        ("张三", "poverty", "poor", None),
        ("李四", "poverty", "poor", None),
        ("王五", "poverty", "poor_again", None),
    }
    assert Designation.objects.filter(valid_from=date(2018, 12, 31)).count() == 3
    problems = set(DeliveryProblem.objects.exclude(action="skip").values_list("row", "reason", "action"))
    assert problems == {
        (5, "id_length", "reject_id_to_repair"),
        (6, "id_missing", "load_without_id_to_repair"),
    }
    zhang = Person.objects.get(name="张三")
    assert (zhang.birth_date, zhang.sex) == (date(1950, 3, 5), 1)
    assert zhang.unit == get_unit(code=senders.VILLAGE)
    assert zhang.name_pinyin == "zhang san"
    assert Person.objects.get(name="王五").identifiers.count() == 0


def test_a_number_is_never_in_the_clear_and_is_found_by_its_blind_index(poverty):
    poverty([person("张三", ZHANG)])
    row = IdentityNumber.objects.get()
    assert ZHANG.encode() not in bytes(row.ciphertext)
    assert ZHANG[-6:].encode() not in bytes(row.ciphertext)
    assert bytes(row.blind_full) == cipher().blind_index("full", ZHANG)
    assert bytes(row.blind_last6) == cipher().blind_index("last6", ZHANG)
    assert decrypt_number(row.pk) == ZHANG
    assert not DeliveredRow.objects.filter(name__contains=ZHANG[:6]).exists()


def test_three_files_one_person(poverty, take_in, tmp_path):
    poverty([person("张三", ZHANG), person("李四", LI, 2)])
    take_in(senders.dibao(tmp_path / "低保.xlsx", [{"household": "D1", "members": [("张叁", ZHANG), ("王五", WANG)]}]))
    take_in(senders.tekun(tmp_path / "特困.csv", [{"name": "李四", "number": LI[:15] + "9" + LI[16:]}]))
    assert Person.objects.count() == 3
    assert designations() == {
        ("张三", "poverty", "poor", None),
        ("李四", "poverty", "poor", None),
        ("张三", "dibao", "full", None),
        ("王五", "dibao", "full", None),
        ("李四", "tekun", "at_home", None),
    }
    assert set(Person.objects.get(name="张三").names.values_list("name", flat=True)) == {"张三", "张叁"}
    members = DeliveredRow.objects.filter(delivery__feed="dibao").order_by("member")
    assert [(row.row, row.member, row.name) for row in members] == [(2, 1, "张叁"), (2, 2, "王五")]
    assert [row.record_key for row in members] == ["DB|D1|1", "DB|D1|2"]


def test_the_same_file_again_changes_nothing(poverty):
    people = [person("张三", ZHANG)]
    first, second = poverty(people), poverty(people)
    assert first == second
    assert (Person.objects.count(), Designation.objects.count(), DeliveredRow.objects.count()) == (1, 1, 1)


def test_an_unchanged_list_of_a_later_day_holds_as_of_that_day(poverty):
    people = [person("张三", ZHANG)]
    poverty(people)
    again = poverty(people, JANUARY)
    assert (again.state, again.as_of_date.isoformat()) == ("applied", JANUARY)
    assert [each["code"] for each in again.reading["remarks"]] == ["unchanged"]
    assert (Person.objects.count(), Designation.objects.count()) == (1, 1)
    assert poverty(people, JANUARY) == again, "the very same send is one"


def test_an_older_list_sent_again_for_a_later_day_is_refused(poverty):
    """A newer list came between: the sender took the wrong file."""
    people = [person("张三", ZHANG)]
    poverty(people)
    poverty([*people, person("李四", LI, 2)], JANUARY, consent=True)
    again = poverty(people, "2019-02-28")
    assert (again.state, again.refusal["code"]) == ("refused", "same_file")


def test_an_unchanged_list_named_for_the_month_before_is_confirmed_by_whoever_sends_it(poverty, county, tmp_path):
    people = [person("张三", ZHANG)]
    poverty(people, name="建档立卡_201812.xlsx")
    sender = user_actor(
        grant_role(
            actor=None,
            user=User.objects.create(username="wang", display_name="王经办"),
            role=Role.COUNTY_CLERK,
            unit=county,
            valid_from=date(2018, 1, 1),
        )
    )
    path = tmp_path / "1建档立卡_201812.xlsx"
    sent = receive_file(
        actor=sender, county=county, path=path, name="建档立卡_201812.xlsx", as_of=date(2019, 1, 31), at=now()
    )
    checked = process_delivery(actor=sender, delivery_id=sent.pk, at=now())
    assert (checked.state, [each["code"] for each in checked.reading["remarks"]]) == ("checked", ["unchanged_old_name"])


def test_households_numbered_anew_are_the_same_persons(poverty):
    """Neither exit nor entry; not even where a namesake now has the key another had."""
    namesakes = [make_number("19500305", place) for place in (1, 3, 5)]
    people = [*(person("张三", number, place) for place, number in enumerate(namesakes, 1)), person("李四", "", 9)]
    poverty(people)
    held = set(PersonIdentifier.objects.as_known().values_list("person_id", "number_id"))
    anew = [*(person("张三", number, place + 1) for place, number in enumerate(namesakes, 1)), person("李四", "", 9)]
    again = poverty(anew, JANUARY, consent=True)
    changes = again.row_counts["changes"]
    assert (changes["new_persons"], changes["designations_opened"], changes["designations_closed"]) == (0, 0, 0)
    assert changes["designations_changed"] == 3
    assert set(PersonIdentifier.objects.as_known().values_list("person_id", "number_id")) == held
    assert not DeliveryChange.objects.filter(delivery=again).exists()
    current = Designation.objects.as_known().filter(valid_to=None)
    assert current.count() == current.values("person").distinct().count() == 4


def test_events_sent_twice_are_refused(take_in, tmp_path):
    path = senders.deaths(tmp_path / "死亡.xlsx", [("公安", "张三", ZHANG, "20181105")])
    take_in(path)
    again = take_in(path, JANUARY)
    assert (again.state, again.refusal["code"]) == ("refused", "same_file")


def test_a_corrected_file_of_the_same_name_and_day_takes_the_place_of_the_first(poverty):
    wrong = poverty([person("张三", ZHANG), person("李四", LI, 2)], name="建档立卡.xlsx")
    right = poverty(
        [person("张三", ZHANG, status="返贫"), person("李四", LI, 2), person("王五", WANG, 3)],
        name="建档立卡.xlsx",
        consent=True,
    )
    wrong.refresh_from_db()
    assert (wrong.state, right.state) == ("superseded", "applied")
    assert {(name, status) for name, _, status, _ in designations()} == {
        ("张三", "poor_again"),
        ("李四", "poor"),
        ("王五", "poor"),
    }
    assert Person.objects.count() == 3
    superseded = Designation.objects.filter(superseded_at__isnull=False)
    assert [(row.person.name, row.status) for row in superseded] == [("张三", "poor")]


def test_the_next_month_closes_opens_and_leaves_alone(poverty):
    poverty([person("张三", ZHANG), person("李四", LI, 2), person("王五", WANG, 3)])
    before = {row.person.name: row.pk for row in Designation.objects.all()}
    january = poverty(
        [person("张三", ZHANG), person("李四", LI, 2, status="返贫"), person("赵六", make_number("19700101", 4), 4)],
        JANUARY,
        consent=True,
    )
    assert january.row_counts["changes"] == {
        "new_persons": 1,
        "designations_opened": 1,
        "designations_changed": 1,
        "designations_closed": 1,
        "possible_duplicates": 0,
    }
    end = date(2019, 1, 31)
    assert designations() == {
        ("张三", "poverty", "poor", None),
        ("李四", "poverty", "poor", end),
        ("李四", "poverty", "poor_again", None),
        ("王五", "poverty", "poor", end),
        ("赵六", "poverty", "poor", None),
    }
    assert Designation.objects.as_known().get(person__name="张三").pk == before["张三"]
    assert set(Designation.objects.filter(superseded_at__isnull=False).values_list("pk", flat=True)) == {
        before["李四"],
        before["王五"],
    }


def test_a_corrected_number_stays_with_its_person(poverty):
    poverty([person("张三", ZHANG[:-2])])
    poverty([person("张三", ZHANG)], JANUARY)
    assert Person.objects.count() == 1
    assert set(PersonIdentifier.objects.values_list("state", flat=True)) == {"length", "ok"}


def test_a_person_who_comes_back_is_the_same_person(poverty):
    poverty([person("张三", ZHANG), person("李四", LI, 2)])
    poverty([person("李四", LI, 2)], JANUARY, consent=True)
    poverty([person("张三", ZHANG), person("李四", LI, 2), person("王五", WANG, 3)], "2019-02-28", consent=True)
    ranges = Designation.objects.as_known().filter(person__name="张三").order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in ranges] == [
        (date(2018, 12, 31), date(2019, 1, 31)),
        (date(2019, 2, 28), None),
    ]


def test_a_list_in_several_files_of_one_day_adds_up(poverty):
    poverty([person("张三", ZHANG)], name="长江镇.xlsx")
    poverty([person("李四", LI, 2)], name="白蒲镇.xlsx")
    assert {name for name, _, _, ends in designations() if ends is None} == {"张三", "李四"}


def test_relatives_with_one_number_stay_two(poverty):
    poverty([person("张三", ZHANG), person("张小", ZHANG, 1, person=2)])
    assert Person.objects.count() == 2


@pytest.mark.parametrize(("first", "then"), [("王䶮", "王?"), ("王?", "王䶮"), ("李镕兰", "李？兰")])
def test_of_one_number_the_name_without_a_lost_character_is_kept(poverty, first, then):
    poverty([person(first, ZHANG)])
    poverty([person(then, ZHANG)], JANUARY, consent=True)
    assert list(Person.objects.values_list("name", flat=True)) == [max(first, then, key=lambda name: name.isalpha())]
    poverty([person("赵六", ZHANG)], "2019-02-28", consent=True)
    assert Person.objects.count() == 2, "another name is another person until somebody decides"


def test_an_unknown_village_is_stored_as_its_town(poverty):
    poverty([person("张三", ZHANG, place="江苏省南通市如皋市长江镇没有村")])
    assert DeliveredRow.objects.get().unit == get_unit(code="320682111000")


def test_a_hukou_elsewhere_is_kept_as_text(poverty):
    poverty([person("张三", ZHANG, hukou="云南省昆明市寻甸县柯渡镇")])
    row = Designation.objects.get()
    assert (row.hukou_unit, row.hukou_text) == (None, "云南省昆明市寻甸县柯渡镇")


def test_the_database_refuses_one_line_twice_on_one_day(poverty, county):
    poverty([person("张三", ZHANG)])
    poverty([person("张三", ZHANG)], as_of=JANUARY)
    row = Designation.objects.as_known().get()
    again = {
        field: getattr(row, field)
        for field in ("person_id", "county_id", "kind", "record_key", "status", "valid_from", "row_id", "recorded_at")
    }
    Designation.objects.create(**again | {"record_key": "POV|another line"})
    with pytest.raises(IntegrityError, match="designation_open_once"), transaction.atomic():
        Designation.objects.create(**again)
    ended = again | {"record_key": "POV|a closed line", "valid_to": date(2019, 12, 31)}
    Designation.objects.create(**ended)
    with pytest.raises(IntegrityError, match="designation_closed_no_overlap"), transaction.atomic():
        Designation.objects.create(**ended | {"valid_from": date(2019, 6, 30)})
    with pytest.raises(IntegrityError, match="designation_open_after_closed"), transaction.atomic():
        Designation.objects.create(**ended | {"valid_from": date(2019, 6, 30), "valid_to": None})
    Designation.objects.create(**ended | {"valid_from": date(2019, 12, 31), "valid_to": None})
    with pytest.raises(IntegrityError, match="designation_open_after_closed"), transaction.atomic():
        Designation.objects.create(**ended | {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 2, 1)})
