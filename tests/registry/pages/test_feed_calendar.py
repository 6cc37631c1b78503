"""The feed calendar: what is due, how late by the calendar of working days, against last month, and whom to call."""

from datetime import date

import pytest
import time_machine

from foundation.audit.models import AuditEvent
from foundation.policy.models import WorkingDay
from registry.models import FeedContact
from registry.selectors.feed_calendar import due_date, get_feed_calendar

URL = "/deliveries/calendar/"
CONTACT = {"department": "扶贫办", "name": "周敏", "office_phone": "0513-87512345"}


@pytest.mark.parametrize(
    ("came", "today", "due"),
    [
        (date(2018, 12, 31), date(2019, 2, 3), None),
        (date(2018, 12, 31), date(2019, 2, 4), date(2019, 2, 3)),
        (date(2018, 11, 30), date(2019, 2, 4), date(2019, 1, 3)),
        (date(2018, 12, 5), date(2019, 1, 20), None),
        (None, date(2019, 1, 2), date(2018, 12, 3)),
    ],
)
def test_the_day_the_first_missing_file_was_due(came, today, due):
    assert due_date(came, 3, today=today) == due


def test_a_short_month_ends_before_the_day():
    assert due_date(date(2018, 12, 31), 30, today=date(2019, 3, 1)) == date(2019, 2, 28)


def test_lateness_counts_working_days_where_the_calendar_knows_them(world):
    world.delivery("poverty")
    today = date(2019, 2, 10)
    WorkingDay.objects.bulk_create(
        WorkingDay(day=date(2019, 2, day), is_working=day in (8, 9), source="the tests' own") for day in range(4, 11)
    )
    rows = {row.feed: row for row in get_feed_calendar(world.actor("clerk_a"), today=today).rows}
    assert (rows["poverty"].overdue_days, rows["poverty"].overdue_working_days) == (7, 2)
    assert (rows["resident"].overdue_days, rows["resident"].overdue_working_days) == (9, None), (
        "never received, day unknown"
    )
    assert rows["dibao"].overdue_days == 0, "no day is stated for it"


def test_rows_are_compared_with_the_month_before(world):
    world.delivery("poverty", as_of_date=date(2018, 11, 30), row_counts={"rows": 200}, file_name="november.xlsx")
    world.delivery("poverty", row_counts={"rows": 190})
    row = next(row for row in get_feed_calendar(world.actor("clerk_a"), today=date(2019, 1, 9)).rows if row.state)
    assert (row.change, row.change_share) == (-10, -5.0)


def test_who_may_apply_says_whom_to_call_and_others_read_it(world, signed_in):
    with time_machine.travel(date(2019, 1, 9)):
        client = signed_in("clerk_a")
        assert 'name="office_phone"' in client.get(f"{URL}?contact=poverty").content.decode()
        assert client.post(f"{URL}poverty/contact/", CONTACT).status_code == 302
        assert client.post(f"{URL}poverty/contact/", CONTACT | {"name": "吴波"}).status_code == 302
        for name in ("clerk_a", "township"):
            assert "吴波" in signed_in(name).get(URL).content.decode()
        assert "吴波" not in signed_in("clerk_b").get(URL).content.decode()
        assert signed_in("township").post(f"{URL}poverty/contact/", CONTACT).status_code == 403
        assert "?contact=" not in signed_in("township").get(URL).content.decode()
        assert client.post(f"{URL}poverty/contact/", {}).status_code == 422
        assert client.post(f"{URL}nonsense/contact/", CONTACT).status_code == 404
    assert FeedContact.objects.count() == 1
    assert FeedContact.pgh_event_model.objects.filter(pgh_obj=FeedContact.objects.get()).count() == 2  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(verb="feed_contact_changed").count() == 2


def test_the_limits_name_their_source_and_the_queries_are_few(world, signed_in, queries_within):
    for feed in ("poverty", "dibao", "resident"):
        world.delivery(feed)
    with time_machine.travel(date(2019, 3, 9)):
        client = signed_in("supervisor")
        with queries_within():
            page = client.get(URL).content.decode()
    assert "the tests&#x27; own" in page
    assert "/deliveries/feeds/poverty.xlsx" in page
