"""The one clock of gaps: what Python says of one gap, SQL says of a column, at every hour in which the day turns."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.constants import GapKind
from casework.models import Gap
from casework.selectors.gap_age import age_column, days_open, first_young_day, is_overdue, known_before, overdue_on
from foundation.primitives.clock import BUSINESS_ZONE

TODAY = date(2019, 3, 1)
MOMENTS = [
    datetime(2019, 1, 30, 23, 59, 59, tzinfo=BUSINESS_ZONE),
    datetime(2019, 1, 30, 16, 0, tzinfo=UTC),
    datetime(2019, 2, 28, 15, 59, 59, tzinfo=UTC),
    datetime(2019, 2, 28, 16, 0, tzinfo=UTC),
    datetime(2019, 3, 1, 23, 59, tzinfo=BUSINESS_ZONE),
    datetime(2019, 3, 2, 0, 0, tzinfo=BUSINESS_ZONE),
]


@pytest.fixture
def gaps(world):
    person = world.person("张三")
    kinds = list(GapKind)[: len(MOMENTS)]
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), None, None, None]
    return [
        world.gap(person, kind, opened_at=at, due_on=due, opened_on=date(2018, 1, 1))
        for kind, at, due in zip(kinds, MOMENTS, days, strict=True)
    ]


def test_days_are_those_since_the_gap_was_known_here_not_those_of_its_data(gaps):
    assert [days_open(gap.opened_at, TODAY) for gap in gaps] == [30, 29, 1, 0, 0, 0]


def test_the_column_and_the_value_are_one_definition(gaps):
    ages = Gap.objects.annotate(age=age_column(TODAY)).order_by("pk").values_list("age", flat=True)
    assert [age.days for age in ages] == [days_open(gap.opened_at, TODAY) for gap in gaps]


@pytest.mark.parametrize("limit", [0, 1, 28, 29, 30])
def test_older_than_a_limit_means_the_same_to_both(gaps, limit):
    old = Gap.objects.filter(known_before(first_young_day(TODAY, limit)))
    assert set(old) == {gap for gap in gaps if days_open(gap.opened_at, TODAY) > limit}


def test_overdue_means_the_same_to_both(gaps):
    assert set(Gap.objects.filter(overdue_on(TODAY))) == {gap for gap in gaps if is_overdue(gap.due_on, TODAY)}
    assert is_overdue(TODAY - timedelta(days=1), TODAY)
    assert not is_overdue(TODAY, TODAY)
