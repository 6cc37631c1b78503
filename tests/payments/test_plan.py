"""The plan of a year: who is paid for, by which identity, how much; who is not, and why (docs/rules.md R53)."""

from datetime import date, timedelta

import pytest

from coverage.models import CoverageVerdict, Finding
from foundation.policy.models import ParameterValue
from foundation.policy.selectors import ParameterMissing
from foundation.primitives.errors import BadInput
from payments.models import ContributionPlan, ContributionPlanLine
from payments.services.planning import compute_plan, plan_contributions
from registry.models import Designation
from tests.named_world import AS_OF, NOW
from tests.payments.conftest import Money, rule

JANUARY, LATER = date(2019, 1, 31), NOW + timedelta(days=31)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("poverty",), "poverty"),
        (("dibao",), "dibao"),
        (("tekun",), "tekun"),
        (("poverty", "dibao"), "dibao"),
        (("poverty", "dibao", "tekun"), "tekun"),
    ],
)
def test_the_first_identity_counts_and_pays_once(money: Money, kinds, expected):
    money.poor("甲", *kinds)
    assert money.plan() == {"甲": (expected, 10_000)}


@pytest.mark.parametrize(
    ("code", "birth", "reason"),
    [
        ({"verdict": "0-207", "column": "6_dead"}, date(1980, 1, 1), "DEAD"),
        ({"verdict": "U16", "column": "2_under16"}, date(2003, 1, 1), "UNDER_16"),
        ({}, date(1958, 11, 30), "DUE_TO_DRAW"),
        ({"column": "4_soldier"}, date(1980, 1, 1), "SOLDIER"),
        ({"column": "5_prisoner"}, date(1980, 1, 1), "PRISONER"),
        ({"column": "3_student"}, date(2000, 1, 1), "STUDENT"),
        ({"column": "7_abroad"}, date(1980, 1, 1), "ABROAD"),
        ({"column": "10_employee"}, date(1980, 1, 1), "OTHER_SCHEME"),
        ({"verdict": "0-201", "column": "11_civil"}, date(1980, 1, 1), "OTHER_SCHEME"),
        ({"verdict": "0-208"}, date(1980, 1, 1), "INSURED_ELSEWHERE"),
        ({"verdict": "2-011", "column": "16a_waived"}, date(1980, 1, 1), "DECLINED"),
        ({"verdict": "GAP", "column": "16f_other", "desk": "undecided"}, date(1980, 1, 1), "UNDECIDED"),
        ({"verdict": "GAP", "column": "16f_other", "desk": "never_enrolled"}, date(1980, 1, 1), "NOT_INSURED"),
    ],
)
def test_who_is_not_paid_for_is_named_with_the_reason(money: Money, code, birth, reason):
    money.poor("甲", birth=birth, **code)
    assert money.plan() == {"甲": (reason, 0)}


def test_ages_are_tested_by_months_for_sixty_and_by_the_birthday_for_sixteen(money: Money):
    money.poor("十二月满六十", birth=date(1958, 12, 1))
    money.poor("十一月满六十", birth=date(1958, 11, 30))
    money.poor("今日满十六", birth=date(2002, 12, 31))
    money.poor("明日满十六", birth=date(2003, 1, 1))
    assert money.plan() == {
        "十二月满六十": ("dibao", 10_000),
        "十一月满六十": ("DUE_TO_DRAW", 0),
        "今日满十六": ("dibao", 10_000),
        "明日满十六": ("UNDER_16", 0),
    }


def test_who_was_marked_out_of_poverty_is_paid_for_only_where_the_region_goes_on(money: Money):
    person = money.world.person("甲")
    money.listed(person, "poverty", "out_unsupported")
    money.code(person, birth_date=date(1980, 1, 1))
    assert money.plan() == {"甲": ("NO_CATEGORY", 0)}
    rule("pays_after_poverty", True)
    assert money.plan() == {"甲": ("marked_out", 10_000)}


def test_the_monitored_are_paid_for_only_where_the_region_says_so(money: Money):
    person = money.world.person("甲")
    money.listed(person, "poverty", "at_risk")
    money.code(person, birth_date=date(1980, 1, 1))
    assert money.plan() == {"甲": ("NO_CATEGORY", 0)}
    rule("pays_for_monitored", True)
    assert money.plan() == {"甲": ("monitored", 10_000)}


def test_categories_may_have_amounts_of_their_own_and_levels_share_them(money: Money):
    rule("contribution_by_designation", {"tekun": 10_000, "dibao": 7_001})
    rule("contribution_paid_by_government", {"of_lowest_tier": 0.5})
    rule("funding_split", {"prefecture": 0.2, "county": 0.8})
    for name in ("tekun", "dibao", "poverty"):
        money.poor(name, name)
    assert money.plan() == {"tekun": ("tekun", 10_000), "dibao": ("dibao", 7_001), "poverty": ("poverty", 5_000)}
    line = ContributionPlanLine.objects.get(category="dibao")
    assert (line.prefecture_fen, line.county_fen) == (1_400, 5_601)


def test_a_region_that_pays_nothing_is_a_reason_and_a_silent_one_an_error(money: Money):
    money.poor("甲")
    rule("contribution_paid_by_government", None)
    assert money.plan() == {"甲": ("NO_RULE", 0)}
    ParameterValue.objects.filter(name="contribution_paid_by_government").delete()
    with pytest.raises(ParameterMissing, match="contribution_paid_by_government"):
        money.plan()
    missing = plan_contributions(money.world.county_a, AS_OF, NOW)
    assert "contribution_paid_by_government" in missing[0]["missing"]


def test_computed_again_nothing_changes_and_what_changes_is_counted(money: Money):
    person = money.poor("甲")
    money.poor("乙")
    money.plan()
    money.plan(at=LATER)
    assert ContributionPlanLine.objects.count() == 2
    CoverageVerdict.objects.filter(person=person).update(superseded_at=LATER)
    money.code(person, verdict="0-207", column="6_dead", birth_date=date(1980, 1, 1), recorded_at=LATER)
    money.poor("丙")
    money.plan(at=LATER + timedelta(days=1))
    newest = ContributionPlan.objects.latest("computed_at")
    assert (newest.added, newest.removed, newest.changed, newest.paid_for, newest.excluded) == (1, 1, 0, 2, 1)
    assert newest.amount_fen == 20_000


def test_somebody_counts_for_the_years_in_which_a_list_names_them(money: Money):
    """A list of December names 甲 and 乙, the list of January only 乙: 2019 gains nobody who left before its first list."""
    gone, stays = money.poor("甲"), money.poor("乙")
    Designation.objects.filter(person=gone).update(superseded_at=LATER)
    money.listed(gone, "dibao", last=JANUARY)
    for feed in ("poverty", "dibao", "tekun"):
        money.world.delivery(feed, as_of_date=JANUARY, applied_at=LATER)
    for person in (gone, stays):
        CoverageVerdict.objects.filter(person=person).update(superseded_at=LATER)
        money.code(person, birth_date=date(1980, 1, 1), as_of_date=JANUARY, recorded_at=LATER)
    Designation.objects.filter(superseded_at=None).update(recorded_at=NOW)
    at = LATER + timedelta(days=1)
    assert money.plan(2019, at) == {"甲": ("NO_CATEGORY", 0), "乙": ("dibao", 10_000)}
    assert money.plan(2018, at) == {"甲": ("dibao", 10_000), "乙": ("dibao", 10_000)}
    rule("designation_year", "previous_year")
    assert money.plan(2019, at) == {"甲": ("dibao", 10_000), "乙": ("dibao", 10_000)}
    rule("designation_year", "on_list_date")
    assert money.plan(2019, at) == {"甲": ("NO_CATEGORY", 0), "乙": ("dibao", 10_000)}


@pytest.mark.parametrize(("died_on", "reason"), [("2018-12-31", "DEAD"), ("", "DEAD"), ("2019-01-01", "dibao")])
def test_a_year_that_is_over_loses_only_who_died_in_it(money: Money, died_on, reason):
    person = money.poor("甲")
    CoverageVerdict.objects.filter(person=person).update(superseded_at=LATER)
    money.code(person, verdict="0-207", column="6_dead", as_of_date=JANUARY, recorded_at=LATER)
    Finding.objects.create(
        county=person.county,
        night_id=1,
        as_of_date=JANUARY,
        recorded_at=LATER,
        person=person,
        kind="death",
        evidence_class="A",
        evidence={"value": died_on, "facts": []},
    )
    assert money.plan(2018, LATER)["甲"][0] == reason


def test_a_year_that_is_over_keeps_who_was_insured_and_gains_whom_a_later_night_found_so(money: Money):
    kept, gained, never = (
        money.poor("甲"),
        money.poor("乙", verdict="GAP", desk="undecided"),
        money.poor("丙", verdict="GAP"),
    )
    for person, verdict, column in (
        (kept, "GAP", "16f_other"),
        (gained, "1-011", "9_resident"),
        (never, "GAP", "16f_other"),
    ):
        CoverageVerdict.objects.filter(person=person).update(superseded_at=LATER)
        money.code(
            person, verdict=verdict, column=column, birth_date=date(1980, 1, 1), as_of_date=JANUARY, recorded_at=LATER
        )
    assert money.plan(2018, LATER) == {"甲": ("dibao", 10_000), "乙": ("dibao", 10_000), "丙": ("NOT_INSURED", 0)}


@pytest.mark.parametrize("year", [2008, 2019, 20180])
def test_a_year_without_codes_is_refused(money: Money, year):
    money.poor("甲")
    with pytest.raises(BadInput, match="between 2009 and 2018"):
        compute_plan(county=money.world.county_a, year=year, as_of=AS_OF, at=NOW)


def test_codes_that_a_later_night_found_again_count_for_the_later_year(money: Money):
    """Rows that do not change keep the day of the night that first found them; the plan's day is the newest night's."""
    money.poor("甲")
    for feed in ("poverty", "dibao", "tekun"):
        money.world.delivery(feed, as_of_date=JANUARY, applied_at=NOW)
    assert money.plan(2019, as_of=JANUARY) == {"甲": ("dibao", 10_000)}
