"""Individual accounts: what is credited, the interest of a year, balances as of a day (docs/rules.md R55)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.accounts.actors import system_actor
from foundation.primitives.errors import BadInput, Conflict
from payments.contributions.rules import split_by_level
from payments.models import AccountEntry
from payments.selectors.accounts import get_balance, list_entries
from payments.services.crediting import credit_batch, post_interest
from registry.models import Person
from tests.named_world import NOW
from tests.payments.conftest import Money, rule

ZONE = ZoneInfo("Asia/Shanghai")


def post(person: Person, amount: int, day: date, credit: str = "personal") -> AccountEntry:
    return AccountEntry.objects.create(
        county=person.county,
        person=person,
        kind="contribution",
        credit=credit,
        amount_fen=amount,
        year=day.year,
        posted_on=day,
        source_type="test",
        source_id=AccountEntry.objects.count(),
        recorded_at=NOW,
    )


def interest_of(person: Person, years: range) -> list[int]:
    """Post the interest of the years, and return what the person got in each."""
    for year in years:
        post_interest(actor=system_actor(person.county), year=year, at=datetime(year + 1, 1, 2, tzinfo=ZONE))
    rows = AccountEntry.objects.filter(person=person, kind="interest").order_by("year")
    return list(rows.values_list("amount_fen", flat=True))


def balance_of(money: Money, person: Person, on: date) -> int:
    return get_balance(actor=money.world.actor("clerk_a"), person_id=person.pk, on=on).total_fen


def test_an_account_of_three_years(money: Money):
    """130 yuan in November 2018, November 2019 and June 2020 at 1.5 %: 0.16, 2.11, 4.91; 397.18."""
    person = money.world.person("甲")
    for day in (date(2018, 11, 15), date(2019, 11, 15), date(2020, 6, 15)):
        post(person, 13_000, day)
    assert interest_of(person, range(2018, 2021)) == [16, 211, 491]
    assert balance_of(money, person, date(2018, 12, 31)) == 13_016
    assert balance_of(money, person, date(2019, 12, 31)) == 26_227
    assert balance_of(money, person, date(2020, 12, 31)) == 39_718


@pytest.mark.parametrize(("amount", "balance"), [(13_000, 218_495), (50_000, 840_362)])
def test_fifteen_years_of_june(money: Money, amount, balance):
    rule("one_year_deposit_share", 0.015)
    person = money.world.person("甲")
    for year in range(2011, 2026):
        post(person, amount, date(year, 6, 30))
    interest_of(person, range(2011, 2026))
    assert balance_of(money, person, date(2025, 12, 31)) == balance


def test_an_amount_earns_from_the_month_after_it_was_posted(money: Money):
    january, december = money.world.person("甲"), money.world.person("乙")
    post(january, 120_000, date(2018, 1, 31))
    post(december, 120_000, date(2018, 12, 1))
    assert interest_of(january, range(2018, 2019)) == [1_650]
    assert list(AccountEntry.objects.filter(person=december, kind="interest")) == []


def test_a_region_that_rounds_up_to_ten_fen(money: Money):
    rule("interest_rounding", {"to_fen": 10, "way": "up"})
    person = money.world.person("甲")
    post(person, 13_000, date(2018, 11, 15))
    assert interest_of(person, range(2018, 2019)) == [20]


def test_interest_is_posted_once_in_the_order_of_years_and_after_the_year(money: Money):
    actor = system_actor(money.world.county_a)
    with pytest.raises(BadInput, match="not over"):
        post_interest(actor=actor, year=2019, at=NOW)
    post_interest(actor=actor, year=2017, at=NOW)
    for year in (2017, 2015):
        with pytest.raises(Conflict, match="next year is 2018"):
            post_interest(actor=actor, year=year, at=NOW)
    post_interest(actor=actor, year=2018, at=NOW)


def test_nothing_is_credited_in_a_year_whose_interest_is_posted(money: Money):
    money.poor("甲")
    money.plan()
    batch = money.bring(money.frozen(), "funded")
    post_interest(actor=system_actor(batch.county), year=2018, at=NOW)
    with pytest.raises(BadInput, match="interest of 2018 is posted"):
        credit_batch(actor=system_actor(batch.county), batch_id=batch.pk, day=date(2018, 12, 31), at=NOW)
    credit_batch(actor=system_actor(batch.county), batch_id=batch.pk, day=date(2019, 1, 1), at=NOW)


@pytest.mark.parametrize(("tier", "subsidy"), [(9_900, 0), (10_000, 3_000), (49_900, 3_000), (50_000, 6_000)])
def test_the_subsidy_goes_by_the_tier(money: Money, tier, subsidy):
    rule("contribution_paid_by_government", tier)
    person = money.poor("甲")
    money.plan()
    money.bring(money.frozen(), "credited")
    found = AccountEntry.objects.filter(person=person, kind="subsidy").values_list("amount_fen", flat=True)
    assert sum(found) == subsidy


def test_subsidies_are_shared_by_the_levels(money: Money):
    rule("subsidy_split", {"province": 0.5, "county": 0.5})
    person = money.poor("甲")
    money.plan()
    money.bring(money.frozen(), "credited")
    rows = AccountEntry.objects.filter(person=person, kind="subsidy").values_list("level", "amount_fen")
    assert set(rows) == {("province", 1_500), ("county", 1_500)}


def test_a_balance_is_of_the_end_of_the_day_by_whose_money_it_is(money: Money):
    person = money.world.person("甲")
    post(person, 10_000, date(2018, 6, 1), "government")
    post(person, 20_000, date(2018, 6, 2))
    actor = money.world.actor("clerk_a")
    assert get_balance(actor=actor, person_id=person.pk, on=date(2018, 5, 31)).by_credit == {}
    assert get_balance(actor=actor, person_id=person.pk, on=date(2018, 6, 1)).by_credit == {"government": 10_000}
    assert get_balance(actor=actor, person_id=person.pk, on=date(2018, 6, 2)).total_fen == 30_000
    assert [each.amount_fen for each in list_entries(actor=actor, person_id=person.pk, on=date(2018, 6, 2))] == [
        10_000,
        20_000,
    ]


@given(
    amount=st.integers(0, 10_000_000),
    parts=st.lists(st.integers(1, 97), min_size=1, max_size=4),
)
def test_shares_of_the_levels_always_add_up(amount, parts):
    whole = sum(parts)
    names = ["central", "province", "prefecture", "county"][: len(parts)]
    shares = {name: round(part / whole, 4) for name, part in zip(names[1:], parts[1:], strict=True)}
    shares[names[0]] = round(1 - sum(shares.values()), 4)
    split = split_by_level(amount, shares)
    assert sum(split.values()) == amount
    assert all(abs(split[level] - amount * shares.get(level, 0)) <= 1 for level in split)
