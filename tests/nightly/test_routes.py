"""Where a newly opened gap goes and by when: the region's rules and the calendar of working days.

The data are of December 2018, the nights run now: a due day counts from the day the gap became known here.
"""

from datetime import date

import pytest

from casework.models import Gap
from foundation.policy.models import ParameterValue, WorkingDay
from foundation.primitives.clock import today
from foundation.regions.models import Unit
from tests.working_weeks import announce_weeks, weekdays_after

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    announce_weeks(today())
    return december


def routes() -> dict[str, tuple[str, date | None]]:
    return {gap.kind: (gap.desk, gap.due_on) for gap in Gap.objects.filter(closed_at__isnull=True)}


def test_each_kind_goes_to_its_desk_with_its_day(county, run_county_night):
    run_county_night()
    found = routes()
    assert found["UNINSURED"] == ("township", weekdays_after(today(), 20))
    assert found["STOP_DUE"] == ("county", weekdays_after(today(), 5))


def test_a_region_routes_by_its_own_rule(county, run_county_night):
    for name, value in (("gap_desk", {"UNINSURED": "village"}), ("gap_due_working_days", {"UNINSURED": 1})):
        ParameterValue.objects.create(
            name=name, value=value, unit="none", region=county, valid_from=date(2018, 1, 1), source="the county's own"
        )
    run_county_night()
    assert routes()["UNINSURED"] == ("village", weekdays_after(today(), 1))
    assert routes()["STOP_DUE"] == ("county", None)


def test_without_a_calendar_a_gap_is_worked_without_a_day(run_county_night):
    WorkingDay.objects.all().delete()
    run_county_night()
    assert {due for _desk, due in routes().values()} == {None}
