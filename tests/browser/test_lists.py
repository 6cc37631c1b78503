"""The long lists in a real browser: fifteen rows on a clerk's screen, four on a phone, and every job by counted keys."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from casework.constants import GapKind
from casework.models import Assignment, Case, CaseEvent
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from registry.models import Person
from tests.named_world import World, right_number, world

__all__ = ["world"]
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
ROWS = 40


class Keys:
    """Presses keys and counts them; words typed into a field count as none."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def write(self, words: str) -> None:
        self.page.keyboard.insert_text(words)


@pytest.fixture
def crowd(world: World) -> World:
    """Forty persons to be insured, one stranger who draws after death: the gravest."""
    for number in range(ROWS):
        person = world.person(f"张{number:02}", right_number(f"99010119500101{number:03d}"))
        world.gap(person, GapKind.UNINSURED, "never_enrolled", due_on=date(2019, 1, 29), desk="township")
    world.gap(world.person("赵一"), GapKind.TURNING_60)
    return world


@pytest.fixture
def desk(crowd: World, page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """A clerk's screen of 1280 x 800 on the work list."""
    client = Client()
    client.force_login(crowd.users["clerk_a"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/work/")
    return page


def rows_on_screen(page: Page) -> int:
    """Count the rows of the list that are whole on the first screen."""
    shown: int = page.evaluate(
        "[...document.querySelectorAll('table[data-keys] tbody tr')]"
        ".filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    return shown


@pytest.mark.parametrize("address", ["/work/", "/work/?kind=UNINSURED&unit=320682111000&sort=name"])
def test_fifteen_rows_fit_a_clerks_screen(desk, live_server, address):
    desk.goto(live_server.url + address)
    assert rows_on_screen(desk) >= 15
    assert desk.locator("table[data-keys] tbody tr").first.bounding_box()["height"] <= 37


def test_four_rows_fit_a_phone(desk):
    desk.set_viewport_size({"width": 390, "height": 844})
    assert rows_on_screen(desk) >= 4
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_row_is_on_the_first_screen_at_two_hundred_per_cent(desk):
    desk.set_viewport_size({"width": 640, "height": 400})
    first = desk.locator("table[data-keys] tbody tr").first
    assert first.locator("a").first.bounding_box()["y"] + 30 < 400


def test_the_gravest_gap_opens_with_one_key_and_the_next_with_one(desk, live_server):
    keys = Keys(desk)
    first = desk.locator("table[data-keys] tbody a").first.inner_text()
    keys.press("Enter")
    expect(desk.locator("h1")).to_contain_text(first)
    assert keys.pressed == 1
    keys.press("j")
    expect(desk.locator("h1")).not_to_contain_text(first)
    assert keys.pressed == 2


def test_a_note_takes_three_keys(desk):
    keys = Keys(desk)
    keys.press("n")
    expect(desk.locator("#note textarea")).to_be_focused()
    keys.write("电话联系过")
    keys.press("Control+Enter")
    expect(desk.locator(".banner.ok")).to_contain_text("备注")
    assert CaseEvent.objects.get(verb="add_note").note == "电话联系过"
    assert keys.pressed <= 3


def test_a_closing_takes_three_keys_and_one_choice_then_next_is_what_leads(desk):
    keys = Keys(desk)
    keys.press("c")
    expect(desk.locator("#close select").first).to_be_focused()
    desk.locator("#close select").first.select_option("data_wrong")
    keys.press("Tab")
    keys.write("名单有误，已告知扶贫办")
    keys.press("Control+Enter")
    expect(desk.locator(".toast")).to_contain_text("销号")
    assert Case.objects.get(state="closed_with_reason").close_reason == "data_wrong"
    assert keys.pressed == 3
    leading = desk.locator(".case .buttons .button:not(.second), .case .buttons button:not(.second)")
    expect(leading).to_have_count(1)
    expect(leading).to_have_attribute("data-key", "j")
    expect(desk.locator(".gaps li.settled")).to_contain_text("名单有误")
    keys.press("z")
    expect(desk.locator(".gaps li.settled")).to_have_count(0)
    assert not Case.objects.filter(state="closed_with_reason").exists()


def test_thirty_are_assigned_with_a_preview_in_five_keys_and_back_with_one(desk, crowd):
    keys = Keys(desk)
    keys.press("X", "a")
    expect(desk.locator("select[name=assignee]")).to_be_focused()
    keys.press("ArrowDown", "Control+Enter")
    expect(desk.locator("main form button").first).to_be_focused()
    assert not Assignment.objects.exists()
    keys.press("Enter")
    expect(desk.locator(".toast")).to_contain_text("30")
    assert keys.pressed == 5
    assert Case.objects.filter(owner__isnull=False).count() == 30
    keys.press("z")
    expect(desk.locator(".banner.ok")).to_contain_text("30")
    assert keys.pressed == 6
    assert not Case.objects.filter(owner__isnull=False).exists()


def test_the_whole_list_is_assigned_by_its_filter(desk, crowd):
    desk.keyboard.press("*")
    desk.keyboard.press("a")
    expect(desk.locator("h1")).to_contain_text("41")
    assert desk.locator("input[name=subject]").count() == 0
    desk.locator("select[name=assignee]").select_option(index=1)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("main form button").first).to_be_focused()
    late = crowd.person("钱迟")
    crowd.gap(late, GapKind.UNINSURED)
    desk.locator("main form button").first.press("Enter")
    expect(desk.locator(".banner.warn").first).to_contain_text("42")
    assert not Assignment.objects.exists()
    desk.locator("main form button").first.press("Enter")
    expect(desk.locator(".toast")).to_contain_text("42")


def test_place_and_selection_are_as_they_were_on_return(desk):
    for key in ("j", "j", "j", "x", "j", "Enter"):
        desk.keyboard.press(key)
    desk.wait_for_url("**/persons/**")
    desk.go_back()
    assert desk.locator("tbody input:checked").count() == 1
    here = desk.locator("tr[aria-selected=true]")
    expect(here).to_have_count(1)
    assert here.evaluate("row => row.rowIndex") == 4
    kept = desk.evaluate("Object.entries(sessionStorage).map(pair => pair.join(' ')).join()")
    assert "张" not in kept
    desk.keyboard.press("t")
    expect(desk.locator(".toast")).to_contain_text("1")
    assert Case.objects.get(owner__isnull=False).person == Person.objects.get(name="张02")
    assert desk.locator("tbody input:checked").count() == 0


def test_the_question_mark_names_every_key_of_the_page(desk):
    desk.keyboard.press("?")
    named = desk.locator("#help kbd").all_inner_texts()
    assert {"j", "k", "Enter", "x", "X", "*", "t", "a", "n", "c", "f", "/", "?"} <= set(named)
    assert all(text.strip() for text in desk.locator("#help dd").all_inner_texts())


def test_a_sheet_under_its_button_closes_by_escape_and_by_a_click_beside_it(desk):
    sheet = desk.locator("details.popover").first
    desk.keyboard.press("f")
    expect(sheet.locator("select").first).to_be_focused()
    desk.keyboard.press("Escape")
    expect(sheet).not_to_have_attribute("open", "")
    sheet.locator("summary").click()
    expect(sheet).to_have_attribute("open", "")
    desk.locator("h1").click()
    expect(sheet).not_to_have_attribute("open", "")


def test_headers_sort_and_say_so(desk):
    desk.get_by_role("link", name="姓名").click()
    expect(desk.locator("th[aria-sort=ascending]")).to_contain_text("姓名")
    assert desk.locator("tbody tr").first.inner_text().find("张00") >= 0
    desk.get_by_role("link", name="姓名").click()
    expect(desk.locator("th[aria-sort=descending]")).to_contain_text("姓名")
    assert desk.locator("tbody tr").first.inner_text().find("赵一") >= 0


def test_without_a_script_the_same_is_done_by_hand(browser, crowd, live_server, settings):
    client = Client()
    client.force_login(crowd.users["clerk_a"])
    window = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 800})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = window.new_page()
    page.goto(f"{live_server.url}/work/?kind=UNINSURED")
    page.locator("input[data-picks-whole]").check()
    page.locator("button[data-act=assign]").click()
    page.locator("select[name=assignee]").select_option(index=1)
    page.locator("main form button").first.click()
    page.locator("main form button").first.click()
    expect(page.locator(".toast")).to_contain_text("40")
    page.locator(".toast button").click()
    assert not Case.objects.filter(owner__isnull=False).exists()
    page.goto(f"{live_server.url}/work/?kind=UNINSURED")
    page.locator(".filter-chip a").click()
    page.locator("details.popover summary").first.click()
    page.locator(".popover select[name=due]").select_option("overdue")
    page.locator(".popover form.filter-bar button").click()
    expect(page.locator(".filter-chip")).to_have_count(1)
    window.close()


def test_somebody_elses_case_is_named_when_all_are_taken(desk, crowd):
    person = Person.objects.get(name="张07")
    take_case(actor=crowd.actor("colleague_a"), key=SubjectKey(person_id=person.pk), at=timezone.now())
    desk.keyboard.press("*")
    desk.keyboard.press("t")
    expect(desk.locator(".banner.warn")).to_contain_text("colleague_a")
    assert Case.objects.filter(owner=crowd.users["clerk_a"]).count() == ROWS
