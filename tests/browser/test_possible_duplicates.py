"""Possible duplicates in a real browser: decided by keyboard, undone by one key, merging never what leads."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from registry.models import MergeProposal, MergeReason, PersonMerge
from tests.named_world import NOW, World, world

__all__ = ["world"]
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(world: World, page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """Three pairs wait, two by number and one by name and village; a reviewer is on the page."""
    for number, reason in enumerate(
        (MergeReason.SAME_NUMBER, MergeReason.SAME_NUMBER, MergeReason.SAME_NAME_AND_VILLAGE)
    ):
        one, other = world.person(f"张{number}"), world.person(f"章{number}")
        MergeProposal.objects.create(
            county=world.county_a, person_a=one, person_b=other, reason=reason, proposed_at=NOW
        )
    client = Client()
    client.force_login(world.users["reviewer_a"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto(f"{live_server.url}/persons/duplicates/")
    return page


def states() -> list[str]:
    return list(MergeProposal.objects.order_by("pk").values_list("state", flat=True))


def test_merging_is_never_what_leads(desk):
    assert desk.locator(".panel form button:not(.second)").count() == 0


def test_pairs_are_decided_and_undone_by_keys(desk):
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    here = desk.locator("[data-row][aria-current=true]")
    expect(here).to_contain_text("张1")
    desk.keyboard.press("n")
    expect(desk.locator(".toast")).to_be_visible()
    assert states() == ["open", "different", "open"]
    expect(here).to_contain_text("张2")
    desk.keyboard.press("z")
    expect(desk.locator(".banner.ok")).to_be_visible()
    assert states() == ["open", "open", "open"]


def test_merging_asks_for_what_shows_it_and_one_key_takes_it_back(desk):
    desk.keyboard.press("s")
    expect(desk.locator("input[name=reason]").first).to_be_focused()
    assert states() == ["open", "open", "open"]
    desk.keyboard.insert_text("户口簿曾用名")
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast")).to_be_visible()
    assert states() == ["merged", "open", "open"]
    assert PersonMerge.objects.get().reason == "户口簿曾用名"
    desk.keyboard.press("z")
    expect(desk.locator(".banner.ok")).to_be_visible()
    assert states() == ["open", "open", "open"]
    assert PersonMerge.objects.get().undone_by == "reviewer_a"
