"""The guides: every role has one in both languages, what they name is what the interface says, and their keys are keys there are."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from foundation.accounts.constants import Role
from operations.translations import extract_messages, read_catalogue
from portal.guides.reading import GUIDES, PICTURES, guide_for, pictures_shown, read_guide

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVERYWHERE = {"/", "j", "k", "Enter", "?"}


@pytest.fixture(scope="module")
def words() -> dict[str, set[str]]:
    """Language -> every word and sentence of the interface."""
    return {
        "en": {each.id for each in extract_messages() if isinstance(each.id, str)},
        "zh-hans": {each.string for each in read_catalogue() if isinstance(each.string, str)},
    }


@pytest.fixture(scope="module")
def keys() -> set[str]:
    """The keys templates give to a button or link."""
    texts = (path.read_text("utf-8") for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    named = {key for text in texts for key in re.findall(r'data-(?:key|press)="([^"{]+)"', text)}
    return named | EVERYWHERE


def pieces(name: str, language: str, style: str) -> set[str]:
    blocks = read_guide(name, language).blocks
    return {each.words for block in blocks for line in block.lines for each in line if each.style == style}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_what_the_interface_shows(words, keys, name, language):
    named = {each.rstrip(".。") for each in pieces(name, language, "strong")}
    assert {each for each in named if each not in words[language]} == set()
    assert len(named) > 4
    assert pieces(name, language, "key") <= keys


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_read_whole(name, language):
    guide = read_guide(name, language)
    kinds = [block.kind for block in guide.blocks]
    assert kinds.count("heading") >= 4
    assert not re.search(
        r"[*#`\[]", " ".join(each.words for block in guide.blocks for line in block.lines for each in line)
    )


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_of_a_guide_are_built_alike(name):
    english, chinese = (
        [(block.kind, len(block.lines)) for block in read_guide(name, language).blocks]
        for language in ("en", "zh-hans")
    )
    assert english == chinese
    assert pieces(name, "en", "key") == pieces(name, "zh-hans", "key")


def test_every_role_has_a_guide_and_every_picture_is_there():
    assert {guide_for(role) for role in Role} == GUIDES.keys()
    assert {
        path.name.partition(".")[0] for path in (Path(settings.BASE_DIR) / "docs" / "guides").iterdir()
    } == GUIDES.keys()
    assert len(pictures_shown()) > 8
    assert [name for name in pictures_shown() if not (PICTURES / f"{name}.png").is_file()] == []


@pytest.mark.parametrize(("language", "title"), [("en", "Township clerk: the guide"), ("zh-hans", "乡镇经办操作指南")])
def test_a_guide_is_shown_in_the_readers_language(signed_in, language, title):
    client = signed_in("clerk_a")
    client.cookies["django_language"] = language
    page = client.get("/help/township_clerk/").content.decode()
    assert f"<h1>{title}</h1>" in page
    assert "<kbd>t</kbd>" in page
    assert title in client.get("/help/").content.decode()


def test_only_guides_and_the_pictures_they_show_are_served(signed_in):
    client = signed_in("clerk_a")
    assert client.get("/help/nobody/").status_code == 404
    answer = client.get("/help/pictures/today/")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert (PICTURES / "preview.png").is_file()
    assert client.get("/help/pictures/preview/").status_code == 404
