"""Every address asks who is there, unless it stands on a short public list; every door is closed to whoever is nobody."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

PUBLIC = {"account_login", "account_logout", "account_inactive", "mfa_authenticate", "set_language", "style", "health_live",
          "health_ready", "api", "api_schema"}  # fmt: skip
"""Signing in and out, choosing a language, the style page without data, a supervisor's two questions, the API's manual."""

ASKS_FOR_A_TOKEN = {"api_coverage"}
SAMPLES = {"int": "1", "slug": "enrolment"}


def addresses() -> list[tuple[str, str]]:
    """List every address of the product with sample ids: its name and its path."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                for name, converter in each.pattern.converters.items():
                    kind = "int" if isinstance(converter, IntConverter) else "slug"
                    path = path.replace(f"<{_spelled(converter)}:{name}>", SAMPLES[kind]).replace(f"<{name}>", "x")
                yield each.name or path, "/" + path
            else:
                yield from walk(each, path)

    return list(walk(get_resolver(), ""))


def _spelled(converter: object) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


ADDRESSES = addresses()


def test_every_address_has_a_name_of_its_own_and_a_sample():
    names = [name for name, _path in ADDRESSES]
    assert len(set(names)) == len(names) > 40
    assert [path for _name, path in ADDRESSES if "<" in path] == []


def test_the_public_list_names_what_exists():
    assert {name for name, _path in ADDRESSES} >= PUBLIC | ASKS_FOR_A_TOKEN


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "path"), ADDRESSES, ids=[name for name, _path in ADDRESSES])
def test_an_address_asks_who_is_there(db, name, path, method):
    answer = getattr(Client(), method)(path)
    if name in PUBLIC:
        assert answer.status_code in {200, 302, 400, 405, 503}
        return
    if name in ASKS_FOR_A_TOKEN:
        assert answer.status_code in {401, 403, 405}
        return
    assert answer.status_code in {302, 401, 403, 405}, answer.status_code
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(("/account/", "/?", "/account/login"))
