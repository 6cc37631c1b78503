"""From a found person to an enrolled one, by the hands of five: the helper on a telephone, the offices by keyboard, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from PIL import Image

from casework.models import Gap
from enrollment.models import Application, Enrollment
from foundation.accounts.models import Membership
from registry.models import Person
from tests.browser.site import VILLAGE, serve

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("enrolment")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def _django_db_helper() -> None:
    """Open no transaction around a test: the server shows only what is committed."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from serve(tmp_path_factory.mktemp("enrolment"), django_db_blocker)


@pytest.fixture
def person(site, django_db_blocker) -> int:
    """Somebody uninsured between 16 and 60, moved into the helper's village."""
    with django_db_blocker.unblock():
        village = Membership.objects.get(user__username=VILLAGE).unit
        found = Gap.objects.filter(kind="UNINSURED", reason="never_enrolled", closed_at=None)
        between = found.filter(person__birth_date__range=(date(1970, 1, 1), date(1999, 1, 1)))
        number = between.exclude(person__applications__kind="register").values_list("person_id", flat=True)[0]
        Person.objects.filter(pk=number).update(unit=village)
        return number or 0


@pytest.fixture
def window(browser, site):
    opened = []

    def open_window(username: str, locale: str = "zh-CN", **shape: object):
        context = browser.new_context(locale=locale, **({"viewport": {"width": 1280, "height": 800}} | shape))
        key = site.cookie_of(username)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def test_a_person_is_enrolled_by_helper_township_reviewer_approver_and_clerk(
    site, person, window, django_db_blocker, tmp_path
):
    for name in ("front", "book", "form"):
        Image.new("RGB", (40, 30), "white").save(tmp_path / f"{name}.jpg")
    phone = window(VILLAGE, **PHONE)
    phone.goto(f"{site.url}/village/persons/{person}/")
    phone.get_by_role("link", name="为此人申请").tap()
    phone.get_by_role("link", name="参保登记").first.tap()
    for paper, name in (("id_card", "front"), ("household_booklet", "book"), ("form", "form")):
        phone.set_input_files(f"input[name=files_{paper}]", tmp_path / f"{name}.jpg")
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.get_by_role("button", name="保存并提交").tap()
    phone.wait_for_url("**/enrolment/*/")
    address = phone.url
    number = int(address.rstrip("/").rpartition("/")[2])

    def open_first(username: str, locale: str = "zh-CN"):
        page = window(username, locale)
        page.goto(f"{site.url}/enrolment/")
        page.locator(f"tr[data-row='{number}'] a").click()
        page.wait_for_url(f"{address}?list=*")
        return page

    def state() -> str:
        with django_db_blocker.unblock():
            return Application.objects.get(pk=number).state

    def press(page, key: str) -> None:
        with page.expect_navigation():
            page.keyboard.press(key)

    township = open_first("sun.shiwusuo")
    press(township, "c")
    assert state() == "township_review"
    township.goto(address)
    press(township, "c")
    reviewer = open_first("li.fuhe", "en-US")
    assert reviewer.get_by_text("Eligible", exact=True).is_visible()
    assert reviewer.locator("figure.paper img").count() == 3
    press(reviewer, "c")
    approver = open_first("zhao.shenpi", "en-US")
    approver.keyboard.press("b")
    assert approver.locator("#return_note").is_visible()
    approver.locator("h1").click()
    press(approver, "g")
    assert state() == "granted"
    clerk = open_first("wang.jingban")
    clerk.fill("#confirm_entry", "RG-0001")
    with clerk.expect_navigation():
        clerk.keyboard.press("Control+Enter")
    assert state() == "effective"
    with django_db_blocker.unblock():
        enrolment = Enrollment.objects.get(person=person)
        assert (enrolment.books, enrolment.entry_number, enrolment.draws) == ("agency", "RG-0001", False)
    phone.goto(address)
    assert "已生效" in phone.inner_text("h1")
    phone.goto(f"{site.url}/persons/{person}/enrolment/")
    assert "RG-0001" in phone.inner_text("main")
