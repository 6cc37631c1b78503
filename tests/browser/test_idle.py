"""A page left open is cleared when its session has ended, whether the server answers or not."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from foundation.primitives import clock
from tests.named_world import World, right_number, world

__all__ = ["world"]
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(world: World, page: Page, live_server: LiveServer, settings: Settings) -> Page:
    """A clerk has a person's page open; the browser's clock is the test's."""
    person = world.person("欧阳锦绣", right_number("99010119500101002"))
    client = Client()
    client.force_login(world.users["clerk_a"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.clock.install(time=clock.now())
    page.goto(f"{live_server.url}/persons/{person.pk}/")
    expect(page.locator("main")).to_contain_text("欧阳锦绣")
    return page


def test_after_half_an_hour_it_shows_nobody_although_the_server_is_away(open_page):
    open_page.route("**/*", lambda route: route.abort())
    open_page.clock.run_for(29 * 60_000)
    expect(open_page.locator("body")).to_contain_text("欧阳锦绣")
    open_page.clock.run_for(2 * 60_000)
    expect(open_page.locator("body")).not_to_contain_text("欧阳锦绣")


def test_then_it_asks_to_sign_in_and_leads_back(open_page):
    address = open_page.url
    Session.objects.all().delete()
    open_page.clock.run_for(31 * 60_000)
    expect(open_page.locator("input[name=password]")).to_be_visible()
    assert "next=" in open_page.url
    assert address.rsplit("/", 2)[1] in open_page.url


def test_whoever_works_keeps_the_page(open_page):
    for _ in range(3):
        open_page.clock.run_for(20 * 60_000)
        open_page.keyboard.press("Shift")
    expect(open_page.locator("main")).to_contain_text("欧阳锦绣")
