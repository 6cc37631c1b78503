"""Every page in both languages and two widths, one of them dark: axe finds nothing, nothing scrolls sideways, no English in Chinese pages.

And every role, signed in through the form, finds the entries of the navigation it may use, and no others.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override
from playwright.sync_api import Browser, ConsoleMessage, Error, Page
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from demo.people import PEOPLE
from foundation.accounts.permissions import is_allowed
from operations.translations import extract_messages, read_catalogue
from portal.guides.reading import GUIDES
from portal.navigation import ENTRIES
from tests.browser.site import CLERK, NO_PAGES, PAGES, PARTS, PASSWORD, POSTED, VILLAGE, Site, serve

Look = tuple[int, int, Literal["light", "dark"]]
DESK: Look = (1280, 800, "light")
PHONE: Look = (390, 844, "dark")
LOOKS = {"zh-hans": (DESK, PHONE), "en": (PHONE, DESK)}
"""axe looks at the first of a language: what it finds depends on the language or on the look, on no pair of both."""
LISTS = (
    "work_list",
    "find_person",
    "possible_matches",
    "possible_duplicates",
    "deliveries",
    "nights",
    "person",
    "enrolment",
    "application",
    "contribution_plan",
    "contribution_people",
    "contribution_batch",
)
"""Pages also looked at as on a screen of 1280 x 800 at 200 %, with each sheet under a button opened."""
AXE = """async () => {
  const usual = {resultTypes: ["violations"], preload: false};  // no rule in use reads style sheets over the network
  const answer = await axe.run(document, usual);
  return answer.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`);
}"""
FACTS = """() => ({
  title: document.title, language: document.documentElement.lang, texts: document.body.innerText.split("\\n"),
  help: document.querySelectorAll("#help .page-help dd").length, beyond: document.documentElement.scrollWidth - innerWidth,
})"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("pages")]


@pytest.fixture
def _django_db_helper() -> None:
    """Open no transaction around a test, as the mark would: the server shows only what is committed."""


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Serve the small county for the tests of this module."""
    yield from serve(tmp_path_factory.mktemp("site"), django_db_blocker)


@pytest.fixture(scope="module")
def windows(browser: Browser, site: Site) -> Iterator[dict[str, Page]]:
    """Keep one signed-in page per user, opened when first asked for by `open_page`."""
    opened: dict[str, Page] = {}
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.fixture(scope="module")
def english() -> set[str]:
    """The sentences and words of the interface whose Chinese differs; a language is named in itself."""
    same = {str(each.id) for each in read_catalogue() if each.id == each.string} | {"English"}
    return {
        each.id for each in extract_messages() if isinstance(each.id, str) and each.id and "%" not in each.id
    } - same


def open_page(browser: Browser, site: Site, windows: dict[str, Page], username: str) -> Page:
    """Return the page of a user's window; "" is somebody not signed in."""
    if username not in windows:
        window = browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN")
        window.add_init_script(Axe().axe_script)
        if username:
            key = site.cookie_of(username)
            window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
        windows[username] = window.new_page()
    return windows[username]


def look_as(page: Page, look: Look) -> None:
    width, height, scheme = look
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)


def violations(page: Page) -> list[str]:
    """List what axe finds: rule and first place."""
    found: list[str] = page.evaluate(AXE)
    return found


@pytest.fixture
def complaints(browser, site, windows, route) -> Iterator[list[str]]:
    """Collect what the console of the route's page complains of."""
    page = open_page(browser, site, windows, PAGES[route][0])
    heard: list[str] = []

    def hear_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    def hear_error(error: Error) -> None:
        heard.append(str(error))

    page.on("console", hear_message)
    page.on("pageerror", hear_error)
    yield heard
    page.remove_listener("console", hear_message)
    page.remove_listener("pageerror", hear_error)


@pytest.mark.parametrize("route", PAGES)
def test_a_page_is_whole(browser, site, windows, english, complaints, route):
    username, arguments = PAGES[route]
    page = open_page(browser, site, windows, username)
    address = site.url + reverse(route.partition("@")[0], args=arguments(site))
    for language, looks in LOOKS.items():
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site.url}])
        look_as(page, looks[0])
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, page.url
        assert violations(page) == [], f"{language} at {looks[0]}"
        for look in looks:
            look_as(page, look)
            facts = page.evaluate(FACTS)
            assert facts["title"].split("·")[0].strip()
            assert facts["language"] == language
            assert facts["help"] == (0 if route in PARTS else 3)
            assert facts["beyond"] <= 0, f"{language} scrolls sideways at {look}"
            if language == "zh-hans":
                assert {text.strip() for text in facts["texts"]} & english == set()
    assert complaints == []


@pytest.mark.parametrize("route", LISTS)
@pytest.mark.parametrize("look", [(640, 400, "light"), (640, 400, "dark")], ids=["light", "dark"])
def test_a_list_is_whole_at_two_hundred_per_cent(browser, site, windows, route, look):
    username, arguments = PAGES[route]
    page = open_page(browser, site, windows, username)
    look_as(page, look)
    page.goto(site.url + reverse(route.partition("@")[0], args=arguments(site)))
    for popover in [None, *page.locator("details.popover > summary").all()]:
        if popover is not None:
            popover.click()
        assert violations(page) == []
        assert page.evaluate(FACTS)["beyond"] <= 0
        page.keyboard.press("Escape")


def test_no_page_is_forgotten():
    def names(resolver: URLResolver) -> Iterator[str]:
        for each in resolver.url_patterns:
            if isinstance(each, URLPattern):
                yield each.name or str(each.pattern)
            else:
                yield from names(each)

    assert set(names(get_resolver())) == {route.partition("@")[0] for route in PAGES} | NO_PAGES | POSTED


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.role)
def test_a_role_finds_the_entries_it_may_use_and_each_opens(browser, site, person):
    window = browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = window.new_page()
    page.goto(f"{site.url}/account/login/")
    page.fill("input[name=login]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button:not([type=button])")
    page.goto(f"{site.url}/account/password/")
    with override("zh-hans"):
        expected = [str(each.label) for each in ENTRIES if any(is_allowed(person.role, one) for one in each.actions)]
    links = page.locator("nav.entries a")
    assert links.all_inner_texts() == expected
    for address in [link.get_attribute("href") for link in links.all()]:
        assert window.request.get(f"{site.url}{address}").status == 200, address  # how it looks: test_a_page_is_whole
    window.close()


def test_the_keys_open_and_close_and_the_focus_comes_back(browser, site, windows):
    page = open_page(browser, site, windows, "wang.jingban")
    look_as(page, DESK)
    page.goto(f"{site.url}{reverse('work_list')}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#search"
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#search"
    page.keyboard.press("j")
    assert page.locator("tr[aria-selected=true]").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


@pytest.mark.parametrize("route", ["work_list", "village"])
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_the_help_of_a_page_opens_on_a_telephone_with_and_without_script(browser, site, route, has_script):
    window = browser.new_context(java_script_enabled=has_script, locale="zh-CN", viewport={"width": 390, "height": 844})
    key = site.cookie_of(PAGES[route][0])
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}])
    page = window.new_page()
    page.goto(f"{site.url}{reverse(route)}")
    assert not page.locator("#help").is_visible()
    page.click("header a[href='#help']")
    assert page.locator("#help .page-help dd").first.is_visible()
    assert page.evaluate(FACTS)["beyond"] <= 0
    if has_script:
        page.evaluate(Axe().axe_script)
        assert violations(page) == []
        page.keyboard.press("Escape")
        assert not page.locator("#help").is_visible()
    window.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("username", [CLERK, VILLAGE])
def test_every_guide_prints_on_one_sheet_with_its_pictures(browser, site, windows, username, language):
    page = open_page(browser, site, windows, username)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site.url}])
    for name in GUIDES if username == CLERK else ["village_helper"]:
        page.goto(f"{site.url}{reverse('guide', args=(name,))}")
        assert page.evaluate("[...document.querySelectorAll('main img')].every(each => each.naturalWidth > 0)")
        printed = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
        assert len(printed.pages) == 1, name


@pytest.mark.parametrize(
    "media",
    [
        {"color_scheme": "dark"},
        {"contrast": "more"},
        {"contrast": "more", "color_scheme": "dark"},
        {"forced_colors": "active"},
        {"media": "print"},
    ],
    ids=str,
)
def test_the_style_page_is_whole_in_every_theme(browser, site, windows, media):
    page = open_page(browser, site, windows, "").context.new_page()
    look_as(page, DESK)
    page.emulate_media(**media)
    page.goto(f"{site.url}{reverse('style')}")
    assert violations(page) == []
    page.close()
