"""The pictures: what they count, that every mark leads to its people and only for who may see them, at most two queries each."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection

from casework.constants import GapKind
from casework.models import Gap
from foundation.jobs.long_work import RunState
from foundation.primitives.errors import NotFound
from nightly.models import MonthFigure, NightRun
from nightly.month_figures import list_months, list_units, store_month_figures
from portal.pictures.units import MOST_LAYERS
from registry.models import Person
from tests.named_world import AS_OF, NOW, World

FRAME = 4
"""What any page asks: session, user, membership, and the switch of the demonstration."""
MARK = re.compile(r'<a href="([^"]+)" aria-label="([^"]+)"><path')


def night_of(world: World, day: date, hours: int = 0) -> NightRun:
    return NightRun.objects.create(
        county=world.county_a, as_of_date=day, state=RunState.DONE, requested_by="system", requested_at=NOW,
        finished_at=NOW + timedelta(hours=hours),
    )  # fmt: skip


def store(run: NightRun) -> None:
    with connection.cursor() as cursor:
        store_month_figures(cursor, run)


@pytest.fixture
def months(world) -> World:
    """Two months: one person more insured in the second, one gap fewer."""
    for place, (column, unit) in enumerate(
        [
            ("9_resident", world.village),
            ("16f_other", world.village),
            ("16f_other", world.other_township),
            ("2_under16", None),
        ]
    ):
        person = world.person(f"张{place}", unit=unit or world.county_a)
        world.verdict(person, column=column, file_unit=unit, due_to_draw=True, drawing=column == "9_resident")
        if column == "16f_other":
            world.gap(person, GapKind.UNINSURED)
    store(night_of(world, date(2018, 11, 30)))
    MonthFigure.objects.filter(measure="poverty_file_insured").delete()
    store(night_of(world, AS_OF, 1))
    return world


def figures(world: World, unit: object, **asked: object) -> dict[tuple[str, str], int]:
    names = [f"poverty_file_{name}" for name in ("registered", "should_insure", "insured", "due", "drawing")]
    asked["measures"] = [*names, "gap_UNINSURED"]
    rows = list_months(actor=world.actor("clerk_a"), unit=unit, until=date(2018, 12, 1), most=13, **asked)  # type: ignore[arg-type]
    return {(f"{each.month:%m}", each.measure.removeprefix("poverty_file_")): each.count for each in rows}


def test_a_night_stores_its_month_for_each_unit_with_everything_below_it(months):
    here = figures(months, months.county_a)
    assert {name: count for (month, name), count in here.items() if month == "12"} == {
        "registered": 4, "should_insure": 3, "insured": 1, "due": 3, "drawing": 1, "gap_UNINSURED": 2,
    }  # fmt: skip
    assert figures(months, months.township)["12", "registered"] == 2
    assert figures(months, months.village)["12", "registered"] == 2
    assert ("11", "insured") not in here
    assert here["11", "gap_UNINSURED"] == 2


def test_a_later_night_of_the_month_replaces_its_figures_and_an_earlier_day_does_not(months):
    store(night_of(months, date(2018, 12, 15), 2))
    assert set(MonthFigure.objects.filter(month=date(2018, 12, 1)).values_list("as_of_date", flat=True)) == {AS_OF}
    months.verdict(months.person("李四"), column="9_resident", file_unit=months.village)
    store(night_of(months, AS_OF, 3))
    assert figures(months, months.county_a)["12", "insured"] == 2


def test_figures_of_units_below_and_none_outside_the_own(months):
    rows = list_units(
        actor=months.actor("clerk_a"), unit=months.county_a, measures=["gap_UNINSURED"], until=date(2019, 5, 1)
    )
    assert [(each.name, each.count) for each in rows] == [("长江镇", 1), ("江安镇", 1)]
    for unit, who in ((months.county_b, "clerk_a"), (months.county_a, "township")):
        with pytest.raises(NotFound):
            list_units(actor=months.actor(who), unit=unit, measures=["gap_UNINSURED"], until=AS_OF)
        with pytest.raises(NotFound):
            list_months(actor=months.actor(who), unit=unit, measures=["gap_UNINSURED"], until=AS_OF, most=2)


@pytest.mark.parametrize("name", ["rates", "gaps", "units", "unit-gaps", "reasons"])
def test_every_mark_leads_to_its_people(months, signed_in, name):
    client = signed_in("clerk_a")
    page = client.get(f"/pictures/{name}/?day=2018-12-31", headers={"hx-request": "true"}).content.decode()
    marks = MARK.findall(page)
    assert marks
    past = 1 if name == "gaps" else 0
    assert page.count('<path class="mark ') == len(marks) + past, "each is a link but a past month's gaps"
    assert page.count("<title>") == len(marks) + past
    for address, words in marks:
        answer = client.get(unescape(address))
        assert answer.status_code == 200, (address, words)
    assert "<table" in page


@pytest.mark.parametrize("name", ["gaps", "unit-gaps"])
def test_gaps_of_a_past_month_do_not_lead_to_todays_list(months, signed_in, name):
    page = signed_in("clerk_a").get(f"/pictures/{name}/?day=2018-11-30", headers={"hx-request": "true"})
    assert '<path class="mark ' in page.content.decode()
    assert not MARK.findall(page.content.decode())


def test_the_rest_of_a_bar_is_a_figure_without_a_list(months, signed_in):
    for kind in list(GapKind)[: MOST_LAYERS + 2]:
        months.gap(months.person("赵六"), kind)
    store(NightRun.objects.latest("pk"))
    page = signed_in("clerk_a").get("/pictures/unit-gaps/?day=2018-12-31", headers={"hx-request": "true"})
    assert "Other kinds: 2" in page.content.decode()
    assert not [words for _address, words in MARK.findall(page.content.decode()) if "Other kinds" in words]


@pytest.fixture
def two_counties(months) -> World:
    """Another county had a night in November and none in December."""
    months.verdict(months.person("周七", county=months.county_b, unit=months.county_b), county=months.county_b)
    months.gap(Person.objects.get(name="周七"), GapKind.UNINSURED)
    run = night_of(months, date(2018, 11, 30))
    run.county = months.county_b
    run.save()
    store(run)
    return months


def test_counties_without_a_night_in_a_month_are_named_and_lists_of_other_people_are_not_linked(
    two_counties, signed_in
):
    client = signed_in("supervisor")
    for name in ("rates", "gaps", "units", "unit-gaps"):
        page = client.get(f"/pictures/{name}/?day=2018-12-31", headers={"hx-request": "true"}).content.decode()
        assert "2018-12 without 启东市: no nightly run in this month" in page, name
        assert "2018-11 without" not in page, name
        assert not [words for _address, words in MARK.findall(page) if "2018-12" in words or name == "units"], name


def test_the_month_report_names_counties_without_a_night(two_counties, signed_in):
    client = signed_in("supervisor")
    answer = client.get("/reports/month/?day=2018-12-31")
    assert "2018-12 without 启东市: no nightly run in this month" in answer.content.decode()
    changes = {each.label: (each.before, each.now) for each in answer.context["report"].changes}
    assert changes["Open gaps"] == (3, 2)
    Gap.objects.filter(county=two_counties.county_a).delete()
    store(NightRun.objects.get(as_of_date=AS_OF))
    answer = client.get("/reports/month/?day=2018-12-31")
    changes = {each.label: (each.now, each.words) for each in answer.context["report"].changes}
    assert changes["Open gaps"] == (None, "—"), "none in one county is not none in all"
    assert "启东市" in answer.context["report"].sentence
    assert client.get("/reports/month/month.pdf?day=2018-12-31").status_code == 200


def test_the_figures_of_a_mark_are_the_people_it_leads_to(months, signed_in):
    client = signed_in("clerk_a")
    page = client.get("/pictures/units/?day=2018-12-31", headers={"hx-request": "true"}).content.decode()
    marks = {unescape(words): unescape(address) for address, words in MARK.findall(page)}
    people = client.get(marks["长江镇: 1 not insured"])
    assert [person["name"] for person in people.context["people"]] == ["张1"]


@pytest.mark.parametrize("name", ["rates", "gaps", "units", "unit-gaps", "reasons"])
def test_who_sees_no_cases_gets_the_picture_without_links_to_people(months, signed_in, name):
    page = signed_in("finance").get(f"/pictures/{name}/?day=2018-12-31").content.decode()
    assert '<path class="mark ' in page
    assert not MARK.findall(page)


@pytest.mark.parametrize("name", ["rates", "gaps", "units", "unit-gaps", "reasons", "feeds"])
def test_a_picture_asks_two_queries_beside_those_of_any_page(months, signed_in, queries_within, name):
    for feed in ("poverty", "resident"):
        months.delivery(feed)
    client = signed_in("clerk_a")
    with queries_within(FRAME + 2):
        assert client.get(f"/pictures/{name}/?day=2018-12-31", headers={"hx-request": "true"}).status_code == 200


def test_the_flow_of_codes_between_two_nights(months, signed_in, queries_within):
    first, second = NightRun.objects.order_by("pk")
    person = months.person("王五")
    months.verdict(person, "GAP", recorded_at=NOW - timedelta(days=1), superseded_at=NOW + timedelta(minutes=30))
    months.verdict(person, "1-011", column="9_resident", recorded_at=NOW + timedelta(minutes=30))
    client = signed_in("clerk_a")
    with queries_within(FRAME + 2):
        page = client.get(f"/pictures/nights/{second.pk}/", headers={"hx-request": "true"}).content.decode()
    ((address, words),) = MARK.findall(page)
    assert words.endswith(": 1")
    assert "王五" in client.get(unescape(address)).content.decode()
    assert signed_in("clerk_b").get(f"/pictures/nights/{second.pk}/").status_code == 404
    assert "no earlier nightly run" in client.get(f"/pictures/nights/{first.pk}/").content.decode()


def test_a_late_feed_says_how_late(world, signed_in):
    world.delivery("poverty", received_at=NOW + timedelta(days=3))
    world.delivery("resident", received_at=NOW - timedelta(days=1))
    page = signed_in("clerk_a").get("/pictures/feeds/").content.decode()
    assert "2 days late" in page, "due on the 3rd, came on the 5th"
    assert page.count("days late") == 3, "on its mark, read aloud, and in the table"


def test_before_the_first_night_a_picture_says_so(world, signed_in):
    for name in ("rates", "gaps", "units", "unit-gaps", "reasons", "feeds"):
        page = signed_in("clerk_a").get(f"/pictures/{name}/").content.decode()
        assert "Nothing to show yet" in page, name


def test_an_unknown_picture_or_unit_is_not_there(world, signed_in):
    assert signed_in("clerk_a").get("/pictures/x/").status_code == 404
    assert signed_in("clerk_a").get(f"/pictures/rates/?unit={world.county_b.code}").status_code == 404


def test_no_picture_has_script_or_style_of_its_own(months, signed_in):
    for name in ("rates", "gaps", "units", "unit-gaps", "reasons"):
        page = (
            signed_in("clerk_a")
            .get(f"/pictures/{name}/?day=2018-12-31", headers={"hx-request": "true"})
            .content.decode()
        )
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script", page)
