"""The frame of every page: contrast, no inline script or style, headers, error pages, the style page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import path

from poverty_pension.urls import urlpatterns as real_patterns

STATIC = Path(settings.BASE_DIR) / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
INK_ON_GROUND = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "quiet-soft"),
    ("ink", "accent-soft"),
    ("ink-soft", "paper"),
    ("ink-soft", "ground"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("accent", "accent-soft"),
    ("accent-dark", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-dark"),
    ("on-bar", "bar"),
    ("on-bar", "bar-dark"),
    ("paper", "bad"),
    *[(tone, f"{tone}-soft") for tone in ("ok", "warn", "bad", "info", "quiet")],
    *[(tone, "paper") for tone in ("ok", "warn", "bad", "info")],
    *[("ink", f"{tone}-soft") for tone in ("ok", "warn", "bad", "info")],
]


def fail(request):
    raise RuntimeError("made to fail")


urlpatterns = [*real_patterns, path("fails/", fail)]
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
pytestmark = pytest.mark.urls(__name__)


def colours(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else found


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), INK_ON_GROUND)
def test_text_keeps_its_contrast(scheme, ink, ground):
    tokens = colours(scheme)
    dark, light = sorted([luminance(tokens[ink]), luminance(tokens[ground])])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("file", sorted((STATIC / "css").glob("*.css")), ids=lambda file: file.name)
def test_components_name_tokens_that_exist_and_no_colours(file):
    text = file.read_text("utf-8")
    defined = set(re.findall(r"^\s+--([a-z0-9-]+):", TOKENS, re.MULTILINE))
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", text)) <= defined
    if file.name not in {"tokens.css", "print.css"}:
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_style_page_shows_every_component_without_inline_code(client, db, language):
    client.cookies["django_language"] = language
    answer = client.get("/style/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    shown = {"chart", "figures", "banner", "chip", "filter-bar", "table-frame", "pagination", "empty-state", "tabs", "summary-list",
             "task-list", "timeline", "error-summary", "progress", "confirmation", "done-panel", "drawer", "toast", "keys"}  # fmt: skip
    assert {name for name in shown if not re.search(rf'class="[^"]*\b{name}\b', page)} == set()


def test_every_file_a_page_names_is_served_by_us(client, db):
    page = client.get("/style/").content.decode()
    named = re.findall(r'(?:href|src)="([^"]+\.(?:css|js|svg))"', page)
    assert len(named) > 15
    for address in named:
        assert address.startswith(settings.STATIC_URL)
        assert finders.find(address.removeprefix(settings.STATIC_URL))


def test_every_answer_has_a_policy_and_a_number(client, db):
    answer = client.get("/style/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] != client.get("/style/").headers["X-Request-ID"]


def test_a_page_that_is_not_there_says_so_with_the_number(client, db):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_a_fault_of_ours_says_so_with_the_number_and_without_a_query(client, django_assert_num_queries, db):
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/fails/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert "made to fail" not in answer.content.decode()


def test_a_form_without_its_token_is_explained(db):
    answer = Client(enforce_csrf_checks=True).post("/account/language/", {"language": "en"})
    assert answer.status_code == 403
    assert answer.headers["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_counts_are_grouped_by_thousands_in_both_languages(client, db, language):
    client.cookies["django_language"] = language
    assert "11,958" in client.get("/style/").content.decode()
