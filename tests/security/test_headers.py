"""What every answer says to the browser: page, part, file, redirect, refusal and fault alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.administration.routes import all_routes
from tests.administration.test_access import address_of
from tests.named_world import World, make_world

pytestmark = pytest.mark.xdist_group("headers")

DEMANDED = {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"}
STATIC = ("/static/css/page.css", "/static/js/page.js", "/static/favicon.svg", "/static/no-such-file.css")


@dataclass(frozen=True)
class Answer:
    """What one address answered."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def answers(client: Client, *, secure: bool = False) -> list[Answer]:
    """Return the answer of every address of the product, of static files and of an address that is none."""
    paths = [address_of(route) for route in all_routes()] + [*STATIC, "/no-such-page/", "/api/v1/no-such/"]
    asked = ((path, client.get(path, secure=secure)) for path in paths)
    return [Answer(path, answer.headers, b"".join(answer)) for path, answer in asked]


@pytest.fixture(scope="module")
def world_of_the_module(module_database: None) -> World:
    return make_world()


@pytest.fixture
def world(world_of_the_module: World, db: None) -> World:
    return world_of_the_module


@pytest.fixture(scope="module")
def answers_to(world_of_the_module: World) -> Callable[[str], list[Answer]]:
    """Return a function that gives what everything answers to somebody, asked once for all tests here."""

    @cache
    def ask(name: str) -> list[Answer]:
        client = Client(headers={"accept-language": "en"})
        if name:
            client.force_login(world_of_the_module.users[name])
        return answers(client)

    return ask


@pytest.mark.parametrize("name", ["", "clerk_a", "sysadmin"])
def test_every_answer_forbids_what_is_not_ours(answers_to, name):
    for answer in answers_to(name):
        policy = {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}
        assert policy >= DEMANDED, answer.path
        assert "unsafe-eval" not in str(policy), answer.path
        assert not re.search(r"https?:|\*", str(policy)), answer.path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.path
        assert answer.headers["Referrer-Policy"] == "same-origin", answer.path
        assert not [header for header in answer.headers if header.startswith("Access-Control-")], answer.path


def test_only_the_manual_of_the_api_allows_style_attributes(answers_to):
    allowing = {
        answer.path for answer in answers_to("clerk_a") if "unsafe" in answer.headers["Content-Security-Policy"]
    }
    assert allowing == {"/api/v1/"}


def test_every_text_names_its_encoding(answers_to):
    for answer in answers_to("clerk_a"):
        kind = answer.headers.get("Content-Type", "")
        if answer.body:
            assert kind, answer.path
        if kind.startswith("text/") or "xml" in kind:
            assert "charset=utf-8" in kind.lower().replace('"', ""), answer.path


@pytest.mark.parametrize("name", ["", "clerk_a", "sysadmin"])
def test_nothing_but_static_files_is_kept_by_a_browser(answers_to, name):
    for answer in answers_to(name):
        if answer.path in STATIC[:3]:
            assert "no-store" not in answer.headers["Cache-Control"]
        else:
            assert "no-store" in answer.headers["Cache-Control"], answer.path


def test_every_answer_over_tls_demands_tls_for_a_year(production, db):
    for answer in answers(Client(), secure=True):
        policy = answer.headers["Strict-Transport-Security"]
        assert "includeSubDomains" in policy, answer.path
        assert int(re.findall(r"max-age=(\d+)", policy)[0]) >= 365 * 24 * 3600, answer.path


def test_a_browser_is_redirected_to_tls_and_a_program_is_refused(production, world, token_of):
    assert Client().get("/account/login/").headers["Location"] == "https://testserver/account/login/"
    headers = {"Authorization": f"Bearer {token_of(world.county_a)}"}
    for path in ("/api/v1/gaps/", "/api/v1/schema", "/api/v1/no-such/"):
        refused = Client().get(path, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:poverty-pension:tls_required")
    assert Client().get("/api/v1/gaps/", headers=headers, secure=True).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/account/login/", "/static/css/page.css", "/api/v1/gaps/", "/no-such-page/"])
def test_a_method_no_address_has_is_refused_and_echoes_nothing(world, signed_in, method, path):
    answer = signed_in("clerk_a").generic(method, path, b"said", headers={"X-Said": "said"})
    assert answer.status_code == 405
    assert b"said" not in answer.content


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/css/", "/static/js", "/.git/config", "/.env", "/docs/security.md", "/secrets/keys.json",
     "/manage.py", "/static/../manage.py", "/static/%2e%2e/manage.py", "/data/", "/attachments/"],
)  # fmt: skip
def test_no_folder_is_listed_and_no_file_beside_the_static_ones_is_served(db, path):
    answer = Client().get(path)
    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert Client().get(path + "/").status_code == 404


def test_production_shows_no_fault_to_the_browser(production):
    assert not django_settings.DEBUG
    assert "debug" not in str(django_settings.TEMPLATES[0]["OPTIONS"])
    assert not [
        app
        for app in django_settings.INSTALLED_APPS
        if "debug_toolbar" in app or "silk" in app or app == "django.contrib.admin"
    ]
