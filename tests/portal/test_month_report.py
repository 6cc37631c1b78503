"""The one-page report: rates with what they are made of, what changed since last month, three pictures, one sheet of paper."""

from datetime import date, timedelta

import pytest
from django.db import connection

from casework.constants import GapKind
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from nightly.month_figures import store_month_figures
from tests.named_world import NOW, World
from tests.paper import is_across, pages_of


def night(world: World, day: date, hours: int) -> None:
    run = NightRun.objects.create(
        county=world.county_a, as_of_date=day, state=RunState.DONE, requested_by="system", requested_at=NOW,
        finished_at=NOW + timedelta(hours=hours),
    )  # fmt: skip
    with connection.cursor() as cursor:
        store_month_figures(cursor, run)


@pytest.fixture
def two_months(world) -> World:
    """In November two of three are insured, in December one of four; one gap more."""
    codes = {}
    for place, column in enumerate(("9_resident", "9_resident", "16f_other")):
        person = world.person(f"张{place}")
        codes[person] = world.verdict(
            person, column=column, file_unit=world.village, due_to_draw=True, drawing=place == 0
        )
    night(world, date(2018, 11, 30), 1)
    changed, later = list(codes)[1], NOW + timedelta(hours=2)
    type(codes[changed]).objects.filter(pk=codes[changed].pk).update(superseded_at=later)
    world.verdict(changed, column="16f_other", file_unit=world.village, due_to_draw=True, recorded_at=later)
    world.verdict(world.person("李四"), column="16f_other", file_unit=world.village, recorded_at=later)
    world.gap(changed, GapKind.UNINSURED)
    night(world, date(2018, 12, 31), 3)
    return world


def test_what_changed_since_last_month_in_figures_and_in_words(two_months, signed_in, queries_within):
    client = signed_in("clerk_a")
    with queries_within(12):
        answer = client.get("/reports/month/?day=2018-12-31")
    report = answer.context["report"]
    assert report.before_day == date(2018, 11, 30)
    assert {each.label: (each.before, each.now, each.words) for each in report.changes} == {
        "Should be insured": (3, 4, "+1"),
        "Insured": (2, 1, "-1"),
        "Not insured": (1, 3, "+2"),
        "Drawing the benefit": (1, 1, "0"),
        "Due, not drawing": (2, 2, "0"),
        "Open gaps": (0, 1, "+1"),
        "Uninsured": (0, 1, "+1"),
    }
    page = answer.content.decode()
    assert "25.00 %" in page
    assert "66.66 % (2 / 3)" in page
    assert "Compared with 2018-11-30: Should be insured +1, Insured -1, Not insured +2" in page
    assert page.count('class="picture-place"') == 3


def test_the_sheet_is_one_page_with_three_pictures_and_signatures(two_months, signed_in):
    for language in ("en", "zh-hans"):
        pdf = (
            signed_in("finance")
            .get("/reports/month/month.pdf?day=2018-12-31", headers={"accept-language": language})
            .content
        )
        (page,) = pages_of(pdf)
        assert not is_across(pdf)
        assert "25.00%" in page
        assert "1/4" in page
        assert "66.66%" in page
    assert "审核人：" in page
    assert "逐月参保与领取" in page
    assert "各单位参保率（由低到高）" in page


def test_the_first_month_has_nothing_to_compare_with(world, signed_in):
    world.verdict(world.person("张三"), file_unit=world.village)
    night(world, date(2018, 12, 31), 1)
    answer = signed_in("clerk_a").get("/reports/month/?day=2018-12-31")
    assert "nothing can be compared yet" in answer.content.decode()
    assert len(pages_of(signed_in("clerk_a").get("/reports/month/month.pdf?day=2018-12-31").content)) == 1


def test_before_the_first_night_and_outside_the_own_unit(two_months, signed_in):
    client = signed_in("clerk_a")
    assert "No nightly runs yet" in client.get("/reports/month/?day=2017-12-31").content.decode()
    assert client.get("/reports/month/month.pdf?day=2017-12-31").status_code == 302
    assert client.get(f"/reports/month/?unit={two_months.county_b.code}").status_code == 404


def test_a_township_reads_its_own_month(two_months, signed_in):
    report = signed_in("township").get("/reports/month/?day=2018-12-31").context["report"]
    assert report.table.total.coverage.whole == 4
    assert report.coverage_before.whole == 3
