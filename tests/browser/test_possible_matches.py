"""Possible matches in a real browser: keyboard only, no reload between decisions, the next card shown before the answer arrives."""

import pytest
from django.test import Client
from playwright.sync_api import Page, Request, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from coverage.models import Link, MatchDecision
from coverage.services.decisions import decide_pair
from tests.named_world import NOW, World, world
from tests.possible_matches import NUMBER, Pairs, namesake, pairs

__all__ = ["pairs", "world"]
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(world: World, pairs: Pairs, page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """Five persons wait: 王强 with two possible matches, then four with one each; a clerk is on the first card."""
    strong = world.person("王强", NUMBER)
    pairs.link(strong, "R40", score=25.0)
    pairs.link(strong, "R39", "name_village", score=15.0)
    pairs.many(4)
    client = Client()
    client.force_login(world.users["clerk_a"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    with page.expect_response(lambda answer: "person=" in answer.url):  # the next card is read ahead
        page.goto(f"{live_server.url}/possible-matches/")
    return page


def who(page: Page) -> str:
    return page.locator(".pair-head h2 a").inner_text()


def press(page: Page, key: str, *, then: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(".pair-head h2 a")).to_have_text(then)


def same_over_another_name(page: Page, *, then: str) -> None:
    """Decide "the same" on 王强 and the line of 王芳: it takes a note, and Enter."""
    page.keyboard.press("s")
    expect(page.locator(".decide-bar input[name=note]")).to_be_focused()
    page.keyboard.insert_text("户口簿曾用名")
    press(page, "Enter", then=then)


def words() -> list[tuple[str, str, str]]:
    rows = MatchDecision.objects.order_by("pk")
    return list(rows.values_list("person__name", "roll_no", "decision"))


def settle(page: Page, said: str) -> None:
    expect(page.locator("#done")).to_contain_text(said)


def test_an_hour_of_pairs_needs_no_mouse_and_no_reload(desk):
    loaded: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            loaded.append(request.url)

    desk.on("request", note)
    assert who(desk) == "王强"
    press(desk, "j", then=namesake(1))
    press(desk, "k", then="王强")
    desk.keyboard.press("2")
    expect(desk.locator(".possible-match").nth(1).locator("input")).to_be_checked()
    desk.keyboard.press("n")
    settle(desk, "王强：不是同一人")
    expect(desk.locator(".possible-match")).to_have_count(1)
    same_over_another_name(desk, then=namesake(1))
    settle(desk, "王强：是同一人")
    press(desk, "u", then=namesake(2))
    settle(desk, "暂时无法判断")
    press(desk, "v", then=namesake(3))
    settle(desk, "已请村里核实")
    press(desk, "n", then=namesake(4))
    settle(desk, f"{namesake(3)}：不是同一人")
    press(desk, "n", then=namesake(1))
    settle(desk, f"{namesake(4)}：不是同一人")
    expect(desk.locator(".pair-head")).to_contain_text("曾无法判断")
    desk.keyboard.press("s")
    expect(desk.locator("#card")).to_contain_text("没有待判断的匹配")
    assert loaded == []
    assert words() == [
        ("王强", "R39", "not_same"),
        ("王强", "R40", "same"),
        (namesake(1), "R1", "cannot_tell"),
        (namesake(2), "R2", "ask_village"),
        (namesake(3), "R3", "not_same"),
        (namesake(4), "R4", "not_same"),
        (namesake(1), "R1", "same"),
    ]


def test_the_next_card_is_shown_before_the_answer_arrives(desk):
    held: list[Route] = []
    desk.route("**/possible-matches/decide/", lambda route: held.append(route))
    with desk.expect_request("**/possible-matches/decide/"):
        same_over_another_name(desk, then=namesake(1))
    assert words() == []
    held[0].continue_()
    settle(desk, "王强：是同一人")
    assert words() == [("王强", "R40", "same")]
    assert who(desk) == namesake(1)


def test_a_colleague_was_quicker(world, desk):
    link = Link.objects.get(roll_no="R40")
    decide_pair(actor=world.actor("colleague_a"), link_id=link.pk, decision="not_same", note="", at=NOW)
    same_over_another_name(desk, then=namesake(1))
    settle(desk, "colleague_a已对该匹配作出判断：不是同一人。")
    assert words() == [("王强", "R40", "not_same")]


def test_the_same_over_another_name_decides_nothing_without_a_note(desk):
    desk.keyboard.press("s")
    expect(desk.locator(".decide-bar input[name=note]")).to_be_focused()
    expect(desk.locator(".decide-bar input[name=note]")).to_have_attribute(
        "placeholder", "姓名不同：凭什么认定为同一人？"
    )
    assert who(desk) == "王强"
    assert words() == []


def test_keys_typed_into_the_note_decide_nothing(desk):
    desk.locator(".decide-bar input").fill("")
    desk.locator(".decide-bar input").press_sequentially("snuv12jk")
    assert who(desk) == "王强"
    assert words() == []
    desk.locator("button[data-press=n]").click()
    settle(desk, "不是同一人")
    assert MatchDecision.objects.get().note == "snuv12jk"


def test_undo_brings_the_pair_back(desk):
    same_over_another_name(desk, then=namesake(1))
    settle(desk, "王强：是同一人")
    desk.keyboard.press("z")
    expect(desk.locator(".pair-head h2 a")).to_have_text("王强")
    assert MatchDecision.objects.get().undone_by == "clerk_a"
