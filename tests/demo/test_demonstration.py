"""The demonstration: its clock, and a small one loaded whole, interrupted on the way."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case, CaseEvent, Gap
from coverage.models import MatchDecision
from demo import business_day, loading
from demo.business_day import FIRST_DAY, morning_of, set_demo_time
from demo.loading import load_demo
from demo.models import DemoTime
from foundation.accounts.models import User
from foundation.policy.models import ParameterProposal
from foundation.policy.services.loading import load_parameters
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.services.loading import load_divisions
from nightly.models import NightRun
from registry.models import Delivery, Fact
from tests.browser.site import write_divisions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_time(monkeypatch):
    """Let no test after this one live in the demonstration's month."""
    monkeypatch.setattr(clock, "_shift", timedelta)
    monkeypatch.setattr(business_day._Known, "shift", timedelta())
    monkeypatch.setattr(business_day._Known, "until", 0.0)


def test_business_time_runs_on_from_where_it_was_set_and_real_time_does_not_notice():
    loading.mark_database()
    real = clock.real_now()
    set_demo_time(to=morning_of(FIRST_DAY), at=real)
    assert clock.today() == FIRST_DAY
    assert timedelta() <= clock.now() - morning_of(FIRST_DAY) < timedelta(minutes=1)
    assert timedelta() <= clock.real_now() - real < timedelta(minutes=1)
    assert clock.is_shifted()


def test_it_moves_forward_only():
    loading.mark_database()
    set_demo_time(to=morning_of(FIRST_DAY), at=clock.real_now())
    with pytest.raises(BadInput, match="only move forward"):
        set_demo_time(to=morning_of(date(2019, 1, 31)), at=clock.real_now())
    call_command("demo_day", "2019-03-01")
    assert clock.today() == date(2019, 3, 1)
    with pytest.raises(CommandError, match="2019-03-01"):
        call_command("demo_day", "2019-02-28")


def test_another_process_follows(monkeypatch):
    loading.mark_database()
    set_demo_time(to=morning_of(FIRST_DAY), at=clock.real_now())
    assert clock.today() == FIRST_DAY
    DemoTime.objects.create(set_at=clock.real_now(), business_at=morning_of(date(2019, 2, 4)))
    assert clock.today() == FIRST_DAY
    monkeypatch.setattr(business_day, "monotonic", lambda: business_day._Known.until + 1)
    assert clock.today() == date(2019, 2, 4)


def test_a_real_installation_has_the_calendar_s_day():
    with pytest.raises(Conflict):
        set_demo_time(to=morning_of(FIRST_DAY), at=clock.real_now())
    with pytest.raises(CommandError):
        call_command("demo_day", "2019-02-01")
    assert not clock.is_shifted()


def test_two_months_are_loaded_worked_on_and_left_with_something_to_do(monkeypatch, tmp_path, settings):
    """The second try goes on where the first was interrupted: nothing is received or worked on twice."""
    settings.DATA_DIR = tmp_path / "data"
    load_divisions(write_divisions(tmp_path))
    load_parameters()
    monkeypatch.setattr(loading, "POOR", 240)
    monkeypatch.setattr(loading, "ROLL", 5_000)

    def interrupted(line: str) -> None:
        if "_201901" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(interrupted)
    load_demo(lambda line: None)
    load_demo(lambda line: None)
    assert clock.today() == FIRST_DAY
    nights = NightRun.objects.order_by("as_of_date")
    assert [night.as_of_date for night in nights] == [date(2018, 12, 31), date(2019, 1, 31)]
    assert [night.requested_at.astimezone(clock.BUSINESS_ZONE).date() for night in nights] == [
        date(2019, 1, 5),
        FIRST_DAY,
    ]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"applied"}
    assert Delivery.objects.count() == len({(each.feed, each.as_of_date) for each in Delivery.objects.all()})
    newest = {each.feed: each.as_of_date for each in Delivery.objects.order_by("as_of_date")}
    assert {feed for feed, day in newest.items() if day != date(2019, 1, 31)} == {"students"}
    assert (
        len(
            set(CaseEvent.objects.values_list("actor_name", flat=True))
            & set(User.objects.values_list("username", flat=True))
        )
        >= 2
    )
    assert Case.objects.filter(state="closed_with_reason").exists()
    assert MatchDecision.objects.exists()
    due = Gap.objects.filter(kind="CERTIFICATION_DUE")
    assert 0 < due.count() < Fact.objects.filter(kind="certified").count()
    assert ParameterProposal.objects.filter(state="drafted").count() == 1
    early = CaseEvent.objects.filter(at__lt=datetime(2019, 1, 5, tzinfo=clock.BUSINESS_ZONE))
    assert list(early.values_list("verb", "actor_name", "at")) == []
    assert CaseEvent.objects.filter(at__gt=clock.now()).count() == 0
