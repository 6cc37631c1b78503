"""The village helper on a telephone: a report in two taps and a word, a question answered with one tap, nothing sent twice."""

import pytest
from django.conf import settings

from casework.models import Answer, Question
from registry.models import FieldReport
from tests.browser.site import VILLAGE, serve

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("village")]
TAP = 44
SMALL = """(least) => {
  const fields = "input:not([type=hidden]):not([type=checkbox])";
  const tapped = [...document.querySelectorAll(`main button, main .people a, main select, main ${fields}`)];
  const shown = tapped.filter(each => each.offsetParent);
  return shown.filter(each => each.getBoundingClientRect().height < least).map(each => each.outerHTML.slice(0, 90));
}"""


@pytest.fixture
def _django_db_helper() -> None:
    """Open no transaction around a test: the server shows only what is committed."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from serve(tmp_path_factory.mktemp("village"), django_db_blocker)


@pytest.fixture
def phone(browser, site):
    window = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN")
    key = site.cookie_of(VILLAGE)
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
    yield window.new_page()
    window.close()


def test_a_report_takes_two_taps_and_a_word(site, phone, django_db_blocker):
    phone.goto(f"{site.url}/village/")
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        taps += 1
        phone.locator(selector).first.tap()

    tap(".people a")
    phone.locator("input[name=word]").fill("搬去苏州了")
    tap("button[value=moved_away]")
    phone.wait_for_url("**/village/")
    assert taps == 2
    assert phone.locator(".said.success").count() == 1
    with django_db_blocker.unblock():
        row = FieldReport.objects.latest("pk")
        assert (row.kind, row.place_text, row.reported_by) == ("moved_away", "搬去苏州了", VILLAGE)


def test_a_question_takes_one_tap(site, phone, django_db_blocker):
    with django_db_blocker.unblock():
        before = Answer.objects.count()
        asked = Question.objects.filter(state="open").count()
    phone.goto(f"{site.url}/village/")
    card = phone.locator("form.card").first
    card.locator("input[name=note]").fill("见过")
    card.locator("button[value=yes]").tap()
    phone.locator(".said.success").wait_for()
    with django_db_blocker.unblock():
        assert Answer.objects.count() == before + 1
        assert Question.objects.filter(state="open").count() == asked - 1


def test_what_is_tapped_is_large_and_the_first_person_is_near(site, phone):
    for path in ("/village/", "/village/unlisted/"):
        phone.goto(f"{site.url}{path}")
        small = phone.evaluate(SMALL, TAP)
        assert small == []
