"""Whatever a request carries, the answer is never a server error: ten odd values for every address, every name and every API field.

Addresses, names and fields are read from urlpatterns, the source and the API's description. `./run torture requests` sends 400.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils.datastructures import MultiValueDict
from rest_framework.test import APIClient

from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Role, Verb
from foundation.accounts.services import issue_client_token
from foundation.primitives import clock
from foundation.regions.models import Unit
from registry.models import Delivery
from registry.services.receiving import process_delivery, receive_file
from tests.administration.routes import Route, all_routes, roles_for
from tests.administration.test_access import BY_TOKEN
from tests.administration.test_scope_everywhere import IN_ADDRESS, Elsewhere
from torture._odd_values import TEN, UNREFUSED, list_names

GROUPS = 8
ALL_VALUES_READ_BY = {"foundation.web.odd_input", "django.utils.datastructures"}
NO_SUCH_METHOD, SERVER_ERROR = 405, 500
TEXTS_IN_ADDRESS = ("0", "x", "%00", "9" * 30, "=1", "٣", "'", "..", "-1", "\u202e")
NAMES = list_names()
SIGNED_IN_ANYHOW = Role.COUNTY_CLERK
PAGES = [route for route in all_routes() if route.name not in BY_TOKEN]


@dataclass
class Here(Elsewhere):
    """County A, where the signed-in actors are; `made`: the routes an object was made for."""

    made: dict[str, bool] = field(default_factory=dict)

    @property
    def county(self) -> Unit:
        return self.world.county_a

    def user(self, name: str = "clerk_c", role: Role = Role.COUNTY_CLERK) -> Any:
        return super().user(f"{name}{len(self.made)}", role)

    def delivery(self, name: str = "") -> Delivery:
        """A file that was read and whose columns nobody knows."""
        path = Path(settings.DATA_DIR) / f"unknown{len(self.made)}.csv"
        path.write_text(f"甲,乙,丙\n张三,知青村,{len(self.made)}\n", "utf-8")
        actor, at = system_actor(self.county), clock.now()
        sent = receive_file(
            actor=actor, county=self.county, path=path, name=path.name, as_of=date(2018, 12, 31), at=at, hold=True
        )
        return process_delivery(actor=actor, delivery_id=sent.pk, at=at)


def rough_addresses(route: Route) -> list[str]:
    """Return addresses whose parts are odd; many of them lead nowhere."""
    if not route.takes:
        return []
    rough = [re.sub(r"<[^>]*>", text, f"/{route.path}").replace("^", "").replace("$", "") for text in TEXTS_IN_ADDRESS]
    return rough + [re.sub(r"<[^>]*>", text, f"/{route.path}") for text in (str(2**63), str(2**63 - 1), "9" * 5000)]


def addresses_of(route: Route, here: Here) -> list[str]:
    """Return an address with an object that exists, and addresses whose parts are odd."""
    if not route.takes:
        return [reverse(route.name)]
    rough = rough_addresses(route)
    make = IN_ADDRESS.get(route.name)
    if make is None:
        return rough
    here.made[route.name] = True
    return [reverse(route.name, kwargs=make(here)), *rough]


@contextmanager
def names_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Record the names under which a view, a form or what pages share asks an address or a form for a value."""
    read: set[str] = set()

    def recording(method: Callable[..., Any]) -> Callable[..., Any]:
        def asked(values: MultiValueDict[str, Any], name: str, *args: Any) -> Any:
            if sys._getframe(1).f_globals["__name__"] not in ALL_VALUES_READ_BY:
                read.add(name)
            return method(values, name, *args)

        return asked

    with monkeypatch.context() as patch:
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            patch.setattr(QueryDict, method, recording(getattr(MultiValueDict, method)))
        yield read


def is_address(path: str) -> bool:
    """Answer whether a path leads to a view; where it does not, the way of asking makes no difference."""
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return True


ALL_AT_ONCE = [dict.fromkeys(NAMES, value) for value in TEN]


def one_by_one(read: set[str]) -> Iterator[dict[str, str]]:
    """Yield each name that was asked for by itself, with two values that reach the view."""
    for place, name in enumerate(sorted(read | {"page", "next"})):
        for value in (UNREFUSED[2 * place % len(UNREFUSED)], UNREFUSED[(2 * place + 1) % len(UNREFUSED)]):
            yield {name: value}


@cache
def encoded(values: tuple[tuple[str, str], ...]) -> str:
    """Write values as a browser does; ten values under every name are sent to every address."""
    return urlencode(values, encoding="utf-8", errors="surrogatepass")


def ask(client: Client, method: str, address: str, values: dict[str, Any], **extra: Any) -> int:
    """Send a request and take back what it did; return the status."""

    cookies = client.cookies.copy()
    with transaction.atomic():
        if method == "post" and not extra:  # as a browser sends a form without files: half the work of multipart
            text = encoded(tuple(values.items()))
            answer = client.post(address, text, content_type="application/x-www-form-urlencoded")
        elif values and not extra:
            answer = client.get(address, QUERY_STRING=encoded(tuple(values.items())))
        else:
            answer = getattr(client, method)(address, values, **extra)
        status: int = answer.status_code
        transaction.set_rollback(True)
    client.cookies = cookies  # type: ignore[assignment]
    return status


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_columns_that_are_not_there_are_refused(world, sign_in, own_folder):
    delivery = Here(world).delivery()
    client = sign_in(Role.COUNTY_CLERK.value)
    address = reverse("delivery_columns", args=[delivery.pk])
    for odd, status in (
        ({"column-99999": "name"}, 400),
        ({"column-3": "name"}, 400),
        ({"header_line": "9" * 15}, 400),
        ({"header_line": "40"}, 400),
        ({"column-0": "x"}, 400),
    ):
        body = {
            "feed": "deaths",
            "header_line": "1",
            "column-0": "name",
            "column-1": "number",
            "column-2": "death_date",
        } | odd
        assert (client.post(address, body).status_code, odd) == (status, odd)


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_page_answers_an_odd_request_with_a_server_error(group, world, sign_in, own_folder, monkeypatch):
    here, wrong = Here(world), []
    for route in PAGES[group::GROUPS]:
        role = next(iter(roles_for(route.action)), SIGNED_IN_ANYHOW) if route.action else SIGNED_IN_ANYHOW
        client = sign_in(role.value)
        client.raise_request_exception = False
        first, *others = addresses_of(route, here)
        for method in ("get", "post"):
            with names_read(monkeypatch) as read:
                if ask(client, method, first, {}) == NO_SUCH_METHOD:
                    continue
                asked = [(first, values) for values in ALL_AT_ONCE]
                wrong += [(route.name, method, *each) for each in asked if ask(client, method, *each) >= SERVER_ERROR]
            asked = [(first, values) for values in one_by_one(read)]
            asked += [(each, {}) for each in others if is_address(each)]
            wrong += [(route.name, method, *each) for each in asked if ask(client, method, *each) >= SERVER_ERROR]
    assert not [(name, way, address[:80], str(values)[:80]) for name, way, address, values in wrong]


def test_no_address_that_leads_nowhere_is_a_server_error(world, sign_in, own_folder):
    client = sign_in(Role.COUNTY_CLERK.value)
    client.raise_request_exception = False
    nowhere = {each for route in PAGES for each in rough_addresses(route) if not is_address(each)}
    assert len(nowhere) > 100
    assert not [each for each in sorted(nowhere) if ask(client, "get", each, {}) not in (301, 400, 404)]


def test_no_cookie_and_no_header_is_a_server_error(world, sign_in):
    client = sign_in(Role.COUNTY_CLERK.value)
    client.raise_request_exception = False
    session = client.cookies["sessionid"].value
    for value in ('"\\000"', "x" * 5000, "9" * 40, "http://[", "zh-\0"):
        for cookie in ("sessionid", "csrftoken", "django_language", "messages", "known_browser"):
            assert client.get("/", headers={"cookie": f"sessionid={session}; {cookie}={value}"}).status_code < 500, (
                value
            )
        for name in (
            "Accept-Language",
            "HX-Current-URL",
            "HX-Request",
            "X-Forwarded-For",
            "Referer",
            "If-Modified-Since",
        ):
            headers = {name: value.replace("\0", ""), "HX-Request": "true"}
            assert Client(raise_request_exception=False).get("/", headers=headers).status_code < 500, (name, value)


def fields_of(operation: dict[str, Any], document: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Return the parameters of an operation, and an example of its body."""
    parameters = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        schema = media["schema"]
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return parameters, schema.get("properties", {})
    return parameters, {}


def test_no_operation_of_the_api_answers_with_a_server_error(world, own_folder):
    end = clock.now() + timedelta(days=1)
    actor = system_actor(world.county_a)
    _token, text = issue_client_token(actor=actor, name="a", unit=world.county_a, verbs=Verb.values, expires_at=end)
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    document = client.get("/api/v1/schema?format=json").json()
    wrong: list[tuple[object, ...]] = []
    odd: list[Any] = [*TEN, 10**30, -1, None, [], {}, 1e308, True, [[]]]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parameters, body = fields_of(operation, document)
            for value in odd:
                address = re.sub(r"\{[^}]*\}", "1", path)
                text = str(value).encode("utf-8", "ignore").decode()
                wrong += [
                    (path, name, value)
                    for name in parameters
                    if ask(client, "get", address, {name: text}) >= SERVER_ERROR
                ]
                for name in body:
                    for inner in (value, [value], [{"number": value, "name": value}], [{"number": "1", "name": value}]):
                        key = {"HTTP_IDEMPOTENCY_KEY": "k"}
                        json = dict.fromkeys(body, "1") | {name: inner}
                        if ask(client, method, address, json, format="json", **key) >= SERVER_ERROR:
                            wrong.append((path, name, inner))
    assert not [(path, name, str(value)[:80]) for path, name, value in wrong]
