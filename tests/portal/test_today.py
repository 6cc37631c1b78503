"""Today's board: counts by kind, what the night changed, feeds, the coverage rate, the team's cases; scope and queries."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from casework.constants import CloseReason, GapKind
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.closing import close_case
from foundation.jobs.long_work import RunState
from foundation.primitives import clock
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.rates import Rate
from nightly.models import NightRun
from registry.models.feed_contact import FeedContact
from tests.named_world import AS_OF, NOW, World, days_later

FIGURES = "/today/figures/"
"""Part of Today that loads on its own: the data received and the rates."""


def night(world: World, at: datetime) -> NightRun:
    return NightRun.objects.create(
        county=world.county_a,
        as_of_date=AS_OF,
        state=RunState.DONE,
        requested_by="system",
        requested_at=at,
        finished_at=at,
    )


def to_do(answer: Any) -> dict[str, tuple[int, int]]:
    return {each.kind: (each.count, each.old) for each, _label, _tone in answer.context["to_do"]}


def test_open_gaps_are_counted_by_kind_gravest_first_and_link_to_the_list(world, signed_in):
    world.gap(world.person("一"), GapKind.UNINSURED)
    world.gap(world.person("二"), GapKind.UNINSURED, opened_at=timezone.now())
    world.gap(None, GapKind.DRAWING_AFTER_DEATH, roll_no="1")
    answer = signed_in("clerk_a").get("/")
    assert list(to_do(answer).items()) == [("DRAWING_AFTER_DEATH", (1, 1)), ("UNINSURED", (2, 1))]
    assert 'href="/work/?kind=UNINSURED"' in answer.content.decode()


def test_what_was_closed_with_a_reason_is_not_to_be_done(world, signed_in):
    person = world.person("一")
    world.gap(person, GapKind.UNINSURED)
    close_case(
        actor=world.actor("clerk_a"), key=SubjectKey(person_id=person.pk), reason=CloseReason.DATA_WRONG, note="note", at=days_later(1)
    )  # fmt: skip
    assert to_do(signed_in("clerk_a").get("/")) == {}


def test_the_last_nights_changes_are_shown_with_links(world, signed_in):
    night(world, NOW)
    night(world, days_later(1))
    world.gap(world.person("一"), GapKind.UNINSURED)
    world.gap(world.person("二"), GapKind.UNINSURED, opened_at=days_later(1))
    world.gap(world.person("三"), GapKind.NOT_FOUND, closed_at=days_later(1), closed_on=AS_OF)
    answer = signed_in("clerk_a").get("/")
    changes = {each.kind: (each.opened, each.closed, each.open) for each, _label in answer.context["changes"]}
    assert changes == {"UNINSURED": (1, 0, 2), "NOT_FOUND": (0, 1, 0)}
    assert "/work/?kind=NOT_FOUND&amp;closed_on=2018-12-31" in answer.content.decode()


def test_feeds_show_what_came_last_and_what_never_came(world, signed_in):
    world.delivery("poverty", as_of_date=date(2018, 11, 30), file_name="a.xlsx", row_counts={"rows": 10})
    world.delivery("poverty", row_counts={"rows": 12})
    world.delivery("deaths", state="refused", refusal={"code": "empty_file", "values": {}})
    feeds = {feed.feed: feed for feed in signed_in("clerk_a").get(FIGURES).context["feeds"]}
    assert (feeds["poverty"].state.rows, feeds["poverty"].change, feeds["poverty"].is_stale) == (12, 2, True)
    assert (feeds["deaths"].age_days, feeds["deaths"].state.refused) == (None, 1)
    assert feeds["civil"].state is None


def test_the_rate_names_its_parts_and_leaves_the_exempt_out(world, signed_in):
    for name, column in (("一", "9_resident"), ("二", "10_employee"), ("三", "16f_other"), ("四", "2_under16")):
        world.verdict(world.person(name), column=column)
    answer = signed_in("clerk_a").get(FIGURES)
    rates = {basis: (rate, registered) for basis, registered, rate, *_ in answer.context["rates"]}
    assert rates["Poverty file"] == (Rate(2, 3), 4)
    assert rates["Three categories (not marked out, dibao, tekun)"] == (Rate(0, 0), 0)
    assert "66.66 %" in answer.content.decode()
    assert answer.context["oldest_feed_date"] == AS_OF


def test_the_payment_rate_counts_those_due_and_not_exempt(world, signed_in):
    for name, column, due, drawing in (
        ("一", "9_resident", True, True), ("二", "9_resident", True, False),
        ("三", "6_dead", True, True), ("四", "9_resident", False, False),
    ):  # fmt: skip
        world.verdict(world.person(name), column=column, due_to_draw=due, drawing=drawing, pay_target=not due)
    line = next(line for line in signed_in("clerk_a").get(FIGURES).context["rates"] if line[0] == "Poverty file")
    assert line[3:] == (Rate(1, 2), 1)


def test_overdue_gaps_link_to_their_list(world, signed_in):
    world.gap(world.person("一"), GapKind.UNINSURED, due_on=date(2019, 1, 4))
    world.gap(world.person("二"), GapKind.UNINSURED)
    answer = signed_in("clerk_a").get("/")
    assert answer.context["overdue_count"] == 1
    assert "/work/?due=overdue" in answer.content.decode()


def test_what_is_open_for_longer_than_the_limit_leads_to_its_list(world, signed_in):
    """The number on Today, that of the list it leads to and the days in its rows are of one clock, in China's time."""
    midnight = datetime.combine(clock.today() - timedelta(days=30), time.min, BUSINESS_ZONE)
    world.gap(world.person("一"), GapKind.UNINSURED, opened_at=midnight - timedelta(seconds=1))
    world.gap(world.person("二"), GapKind.UNINSURED, opened_at=midnight)
    browser = signed_in("clerk_a")
    answer = browser.get("/")
    assert (answer.context["to_do_count"], answer.context["old_count"]) == (2, 1)
    address = f"/work/?known_before={midnight:%Y-%m-%d}"
    assert address in answer.content.decode()
    assert [(shown.name, shown.days) for shown in browser.get(address).context["rows"]] == [("一", 31)]


def test_the_contact_is_shown_beside_a_feed(world, signed_in):
    FeedContact.objects.create(
        county=world.county_a, feed="deaths", department="公安局", name="周警官", office_phone="0513-87650001"
    )
    assert "0513-87650001" in signed_in("clerk_a").get(FIGURES).content.decode()
    assert "0513-87650001" not in signed_in("clerk_b").get(FIGURES).content.decode()


def test_the_teams_open_cases(world, signed_in):
    person = world.person("一")
    world.gap(person, GapKind.UNINSURED)
    take_case(actor=world.actor("colleague_a"), key=SubjectKey(person_id=person.pk), at=NOW)
    answer = signed_in("clerk_a").get("/")
    assert [(each.name, each.count) for each in answer.context["colleagues"]] == [("colleague_a", 1)]


def test_everybody_counts_their_own_unit(world, signed_in):
    world.gap(world.person("一", unit=world.other_township), GapKind.UNINSURED)
    assert to_do(signed_in("clerk_b").get("/")) == {}
    assert to_do(signed_in("township").get("/")) == {}
    assert to_do(signed_in("supervisor").get("/")) == {"UNINSURED": (1, 1)}


def test_an_empty_county_shows_what_to_do_first(world, signed_in):
    page = signed_in("clerk_b").get("/").content.decode()
    for words in ("No open gaps", "No nightly runs yet", "No cases taken yet."):
        assert words in page
    assert "never received" in signed_in("clerk_b").get(FIGURES).content.decode()


def test_who_may_not_read_cases_gets_counts_without_links(world, signed_in):
    world.gap(world.person("一"), GapKind.UNINSURED)
    page = signed_in("finance").get("/").content.decode()
    assert "Uninsured" in page
    assert "/work/" not in page


@pytest.mark.parametrize("name", ["sysadmin"])
def test_administrators_see_no_board(world, signed_in, name):
    client = signed_in(name)
    answer = client.get("/")
    assert "tiles" in answer.context
    assert "to_do" not in answer.context
    assert client.get(FIGURES).status_code == 403


def test_somebody_not_signed_in_is_asked_to(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/account/login/" in answer.headers["Location"]


def test_the_queries_do_not_grow(world, signed_in, queries_within):
    night(world, NOW)
    for position in range(30):
        person = world.person(f"张{position}")
        world.gap(person, GapKind.UNINSURED)
        world.verdict(person)
        take_case(actor=world.actor("clerk_a"), key=SubjectKey(person_id=person.pk), at=NOW)
        world.delivery("deaths", file_name=f"d{position}.xlsx")
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get("/")
    assert page.status_code == 200
    assert "30" in page.content.decode()
    with queries_within():
        assert client.get(FIGURES).status_code == 200
