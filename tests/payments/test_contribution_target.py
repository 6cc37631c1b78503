"""For whom government pays: exactly the persons the rule names, by township, times the region's standard."""

from datetime import date

import pytest

from coverage.constants import E1Column, Verdict
from foundation.accounts.permissions import Action
from foundation.policy.models import ParameterValue
from foundation.policy.selectors import ParameterMissing
from payments.selectors.target import get_contribution_target
from registry.models import Person
from tests.named_world import NOW, World

ON = date(2018, 12, 31)


@pytest.fixture
def standard(world: World) -> None:
    ParameterValue.objects.create(
        name="contribution_paid_by_government",
        region=world.county_a,
        value=10_000,
        unit="fen",
        valid_from=date(2018, 1, 1),
        source="the tests' own",
    )


def insured(world: World, name: str, unit=None, **values: object) -> None:
    """A person of the three categories insured here; `values` change the believed row before it is written."""
    believed = {
        "verdict": Verdict.HERE,
        "e1_column": E1Column.RESIDENT,
        "desk_reason": "contributing",
        "in_poverty_file": True,
        "in_three_categories": True,
        "due_to_draw": False,
        "drawing": False,
        "pay_target": True,
        "oldest_feed_date": ON,
        "night_id": 1,
        "as_of_date": ON,
        "recorded_at": "2019-01-02T00:00:00+08:00",
    }
    person = world.person(name, unit=unit)
    person.verdicts.create(county=person.county, **(believed | values))


def test_only_the_persons_the_codes_name_are_counted_by_township(world, standard):
    insured(world, "甲")
    insured(world, "乙")
    insured(world, "丙", unit=world.other_township)
    insured(world, "已到龄", due_to_draw=True, pay_target=False)
    insured(world, "上一夜", superseded_at=NOW)
    target = get_contribution_target(actor=world.actor("clerk_a"), county=world.county_a, on=ON)
    assert [(town.name, town.persons, town.amount_fen) for town in target.towns] == [
        ("长江镇", 2, 20_000),
        ("江安镇", 1, 10_000),
    ]
    assert (target.persons, target.amount_fen) == (3, 30_000)


def test_persons_without_a_unit_are_counted_at_their_county(world, standard):
    insured(world, "甲")
    insured(world, "无村居")
    Person.objects.filter(name="无村居").update(unit=None)
    target = get_contribution_target(actor=world.actor("clerk_a"), county=world.county_a, on=ON)
    assert [(town.name, town.persons) for town in target.towns] == [("如皋市", 1), ("长江镇", 1)]


def test_a_township_clerk_sees_the_own_township_only(world, standard):
    insured(world, "甲")
    insured(world, "丙", unit=world.other_township)
    target = get_contribution_target(actor=world.actor("township"), county=world.county_a, on=ON)
    assert [town.name for town in target.towns] == ["长江镇"]


def test_a_region_without_a_standard_is_an_error_that_names_it(world):
    with pytest.raises(ParameterMissing, match="contribution_paid_by_government"):
        get_contribution_target(actor=world.actor("clerk_a"), county=world.county_a, on=ON)


def test_the_page_shows_people_yuan_and_source_in_few_queries(world, standard, signed_in, queries_within):
    insured(world, "甲")
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get("/payments/").content.decode()
    assert "长江镇" in page
    assert "100.00" in page
    assert "the tests&#x27; own" in page


def test_the_page_says_what_to_do_while_nobody_is_found(world, signed_in):
    assert "No one to pay for yet" in signed_in("clerk_a").get("/payments/").content.decode()


def test_the_three_administrators_have_no_such_page(world, signed_in):
    assert signed_in("sysadmin").get("/payments/").status_code == 403
    assert not world.actor("sysadmin").may(Action.VIEW_BOARD)
