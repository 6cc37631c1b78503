"""From a found person to an enrolled one, by the hands of five: the helper on a telephone, the offices by keyboard, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from casework.models import Case, Gap
from coverage.models import CoverageVerdict, Finding
from enrollment.models import Application, Enrollment, TemporaryIdentity
from foundation.accounts.models import Membership
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import now, today
from foundation.primitives.periods import birthday_at
from registry.models import Designation, FieldReport, Person, PersonIdentifier
from tests.browser.site import AS_OF, VILLAGE, serve
from tests.oracles.numbers import make_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("enrolment")]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TOWNSHIP, REVIEWER, APPROVER = "sun.shiwusuo", "li.fuhe", "zhao.shenpi"
REGISTERED = ("id_card", "household_booklet", "form")


@pytest.fixture
def _django_db_helper() -> None:
    """Open no transaction around a test: the server shows only what is committed."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from serve(tmp_path_factory.mktemp("enrolment"), django_db_blocker)


def make_uninsured(age: int) -> Person:
    """Let somebody who is listed as poor be of an age today, in the helper's village and uninsured: the night found nothing of them."""
    village = Membership.objects.get(user__username=VILLAGE).unit
    poor = Designation.objects.filter(kind="poverty", status="poor", superseded_at=None, valid_to=None)
    numbered = PersonIdentifier.objects.filter(number__valid=True, superseded_at=None)
    free = Person.objects.filter(pk__in=poor.values("person"), applications=None).filter(
        pk__in=numbered.values("person")
    )
    person = free.exclude(gaps__kind="UNINSURED").order_by("pk")[0]
    Person.objects.filter(pk=person.pk).update(unit=village, birth_date=birthday_at(today(), -age))
    Finding.objects.filter(person=person, superseded_at=None).update(superseded_at=now())
    CoverageVerdict.objects.filter(person=person, superseded_at=None).update(superseded_at=now())
    Gap.objects.create(
        county=person.county, unit=village, person=person, subject_name=person.name, subject_pinyin=person.name_pinyin, kind="UNINSURED",
        reason="never_enrolled", rank=30, opened_on=AS_OF, opened_at=now(),
    )  # fmt: skip
    return person


@pytest.fixture
def person(site, django_db_blocker) -> int:
    """Somebody uninsured between 16 and 60, moved into the helper's village."""
    with django_db_blocker.unblock():
        return make_uninsured(40).pk


@pytest.fixture(scope="module")
def window(browser, site):
    """Open one window for each who signs in, language and shape: signed in once, kept for the module."""
    opened = {}

    def open_window(username: str, locale: str = "zh-CN", **shape: object):
        key = (username, locale, bool(shape))
        if key not in opened:
            context = browser.new_context(locale=locale, **({"viewport": {"width": 1280, "height": 800}} | shape))
            value = site.cookie_of(username)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site.url}])
            opened[key] = context.new_page()
        return opened[key]

    yield open_window
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("photos")
    made = {}
    for place, kind in enumerate(("id_card", "household_booklet", "form", "letter", "police_letter")):
        made[kind] = folder / f"{kind}.jpg"
        Image.new("RGB", (40 + place, 30), "white").save(made[kind])
    return made


@dataclass
class Story:
    """One application taken from a person's page to its outcome: prepared by one, taken in, checked and decided by three others."""

    site: Any
    window: Any
    photos: dict[str, Path]
    unblock: Any
    locale: str = "zh-CN"
    phone: bool = False

    def page_of(self, username: str) -> Any:
        return self.window(username, self.locale, **(PHONE if self.phone else {}))

    def prepare(self, person: int, kind: str, papers: tuple[str, ...], **fields: str) -> int:
        """Prepare and submit an application as the helper; return its number."""
        page = self.page_of(VILLAGE)
        page.goto(f"{self.site.url}/persons/{person}/applications/begin/?kind={kind}")
        for name, value in fields.items():
            box = page.locator(f"[name=detail_{name}]")
            box.check() if value == "yes" else box.fill(value)
        for paper in papers:
            page.set_input_files(f"input[name=files_{paper}]", self.photos[paper])
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.locator("button[name=act][value=submit]").click()
        page.wait_for_url("**/enrolment/*/")
        return int(page.url.rstrip("/").rpartition("/")[2])

    def press(self, username: str, number: int, key: str) -> Any:
        page = self.page_of(username)
        page.goto(f"{self.site.url}/enrolment/{number}/")
        with page.expect_navigation():
            page.keyboard.press(key)
        return page

    def bring_to_decision(self, number: int) -> None:
        for username in (TOWNSHIP, TOWNSHIP, REVIEWER):
            self.press(username, number, "c")

    def refuse(self, number: int) -> None:
        page = self.page_of(APPROVER)
        page.goto(f"{self.site.url}/enrolment/{number}/")
        page.keyboard.press("r")
        page.fill("#refuse_note", "不符合条件")
        with page.expect_navigation():
            page.locator("#refuse button.harm").click()

    def outcome(self, number: int) -> tuple[str, list[str]]:
        with self.unblock.unblock():
            found = Application.objects.get(pk=number)
            return found.state, found.refusal_reasons


@pytest.fixture
def story(site, window, photos, django_db_blocker) -> Story:
    return Story(site, window, photos, django_db_blocker)


def test_a_person_is_enrolled_by_helper_township_reviewer_approver_and_clerk(
    site, person, window, django_db_blocker, photos
):
    phone = window(VILLAGE, **PHONE)
    phone.goto(f"{site.url}/village/persons/{person}/")
    phone.get_by_role("link", name="为此人申请").tap()
    phone.get_by_role("link", name="参保登记").first.tap()
    for paper in REGISTERED:
        phone.set_input_files(f"input[name=files_{paper}]", photos[paper])
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


def find(person: Person, kind: str, **evidence: object) -> None:
    """Let the last night have found something of a person."""
    Finding.objects.create(
        county=person.county, night_id=1, as_of_date=AS_OF, recorded_at=now(), person=person, kind=kind,
        evidence={"value": "", "facts": [], "reports": [], "lines": []} | evidence,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "age", "reason", "locale", "phone"),
    [
        ("student", "", 16, "STUDENT", "zh-CN", True),
        ("insured_elsewhere", "resident", 45, "OTHER_SCHEME", "en-US", False),
    ],
    ids=["a student turning 16", "a man insured in two provinces"],
)
def test_whom_the_law_keeps_out_is_refused_with_that_reason(
    story, django_db_blocker, kind, value, age, reason, locale, phone
):
    with django_db_blocker.unblock():
        person = make_uninsured(age)
        find(person, kind, value=value)
    story.locale, story.phone = locale, phone
    number = story.prepare(person.pk, "register", REGISTERED)
    story.bring_to_decision(number)
    story.refuse(number)
    assert story.outcome(number) == ("refused", [reason])


def test_a_woman_who_declines_is_recorded_and_her_case_closed(story, django_db_blocker):
    with django_db_blocker.unblock():
        person = make_uninsured(40)
    said = {"signed_on": f"{today():%Y-%m-%d}", "witness": "李四", "in_person": "yes", "advised": "yes"}
    number = story.prepare(person.pk, "decline", ("id_card", "letter"), **said)
    story.bring_to_decision(number)
    story.press(APPROVER, number, "g")
    assert story.outcome(number) == ("effective", [])
    with django_db_blocker.unblock():
        assert Case.objects.get(person=person).close_reason == "declined"
        assert Gap.objects.filter(person=person, kind="UNINSURED", closed_at=None).exists(), "the gap stays"


@pytest.mark.parametrize(("is_open", "reasons"), [(False, ["WINDOW_CLOSED"]), (True, [])], ids=["outside", "inside"])
def test_somebody_of_sixty_one_is_taken_in_within_the_window_only(story, django_db_blocker, is_open, reasons):
    with django_db_blocker.unblock():
        person = make_uninsured(61)
        last = today() if is_open else today() - timedelta(days=1)
        ruled = ParameterValue.objects.filter(name="direct_inclusion_window", is_none_here=False)
        ruled.update(value={"first_day": "2018-12-01", "last_day": last.isoformat()})
    number = story.prepare(person.pk, "direct_inclusion", REGISTERED)
    story.bring_to_decision(number)
    if is_open:
        story.press(APPROVER, number, "g")
    else:
        story.refuse(number)
    assert story.outcome(number) == ("granted" if is_open else "refused", reasons)


def test_amei_whom_nobody_listed_is_reported_enrolled_and_given_her_real_number(story, django_db_blocker):
    story.phone = True
    phone = story.page_of(VILLAGE)
    phone.goto(f"{story.site.url}/village/unlisted/")
    phone.fill("[name=name]", "阿妹")
    phone.fill("[name=birth_date]", "1990-05-05")
    phone.fill("[name=place]", "村口老屋")
    with phone.expect_navigation():
        phone.locator("button.wide").last.click()
    with django_db_blocker.unblock():
        report = FieldReport.objects.filter(kind="not_listed").latest("pk")
    township = story.page_of(TOWNSHIP)
    township.goto(f"{story.site.url}/work/reports/{report.pk}/")
    with township.expect_navigation():
        township.locator("button[name=outcome][value=accepted]").click()
    with django_db_blocker.unblock():
        person = Designation.objects.filter(kind="reported").latest("pk").person
    identity = story.prepare(person.pk, "temporary_identity", ("police_letter",), place_found="村口老屋")
    story.bring_to_decision(identity)
    story.press(APPROVER, identity, "g")
    assert story.outcome(identity) == ("effective", [])
    number = story.prepare(person.pk, "register", REGISTERED)
    story.bring_to_decision(number)
    story.press(APPROVER, number, "g")
    assert story.outcome(number) == ("granted", [])
    real = story.prepare(person.pk, "replace_identity", ("id_card",), number=make_number("19900505", 2))
    story.bring_to_decision(real)
    story.press(APPROVER, real, "g")
    with django_db_blocker.unblock():
        assert TemporaryIdentity.objects.get(person=person).replaced_by_id == real
        assert person.applications.count() == 3
