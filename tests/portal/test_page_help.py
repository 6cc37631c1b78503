"""The help of a page: every page address has its three sentences in both languages, and every page shows them."""

import pytest
from django.urls import get_resolver
from django.utils.translation import override

from foundation.web.page_help import _HELP, PageHelp, find_help, register_help
from operations.translations import read_catalogue
from tests.browser.site import PAGES, PARTS, POSTED

PAGE_NAMES = sorted({route.partition("@")[0] for route in PAGES} - PARTS)


def help_of(name: str) -> PageHelp:
    found = find_help(name)
    assert found is not None, f"register a PageHelp for {name} in the help_texts.py of its app"
    return found


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_a_page_says_what_it_is_for_in_both_languages(name):
    found = help_of(name)
    chinese = {each.id: str(each.string) for each in read_catalogue()}
    for text in (found.purpose, found.work, found.after):
        with override("en"):
            english = str(text)
        assert english.endswith(".")
        assert english.count(". ") == 0, "one sentence"
        assert chinese[english].endswith("。")
        assert chinese[english].count("。") == 1, "one sentence"


def test_no_help_is_left_over_from_a_page_that_is_gone():
    names = {each for each in get_resolver().reverse_dict if isinstance(each, str)}
    assert _HELP.keys() <= names
    assert _HELP.keys() - set(PAGE_NAMES) <= POSTED | {"mfa_authenticate"}


def test_a_second_text_for_a_page_is_refused():
    text = help_of("work_list")
    register_help({"work_list": text})
    with pytest.raises(ValueError, match="work_list"):
        register_help({"work_list": PageHelp(text.purpose, text.work, text.after)})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_shows_its_help_and_links_the_guide_of_its_reader(signed_in, language):
    client = signed_in("clerk_a")
    client.cookies["django_language"] = language
    page = client.get("/work/").content.decode()
    with override(language):
        assert str(help_of("work_list").purpose) in page
    assert 'href="#help"' in page
    assert 'href="/help/county_clerk/"' in page
