"""Whatever host a request names, no answer, file or redirect names it; and no answer leads out of the site."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from foundation.accounts.services import create_user
from tests.administration.routes import all_routes
from tests.foundation.conftest import PASSWORD

EVIL = "evil.example"
FORGED = {
    "HTTP_X_FORWARDED_HOST": EVIL,
    "HTTP_X_FORWARDED_SERVER": EVIL,
    "HTTP_X_HOST": EVIL,
    "HTTP_X_ORIGINAL_URL": f"https://{EVIL}/",
    "HTTP_X_REWRITE_URL": f"https://{EVIL}/",
    "HTTP_FORWARDED": f"host={EVIL}",
    "HTTP_REFERER": f"https://{EVIL}/from",
    "HTTP_HX_CURRENT_URL": f"https://{EVIL}//{EVIL}/here",
}
REFUSED = {400, 403}
"""The API refuses a program without TLS before it looks at anything else."""
ELSEWHERE = (
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"https:{EVIL}",
    f"http:///{EVIL}",
    "javascript:alert(1)",
    f"//testserver@{EVIL}/",
)


def plain_addresses() -> list[str]:
    return sorted("/" + route.path for route in all_routes() if not route.takes and "<" not in route.path)


def test_another_host_is_refused_before_anything_is_answered(world, production):
    for is_secure in (True, False):
        for address in ("/", "/account/login/", "/api/v1/gaps/", "/health/live", "/no/such/page"):
            for host in (EVIL, f"testserver.{EVIL}", f"testserver@{EVIL}", f"testserver:80@{EVIL}", "testserver/x"):
                answer = Client().get(address, secure=is_secure, HTTP_HOST=host)
                assert answer.status_code in REFUSED | ({200} if "health" in address else set()), (address, host)
                assert EVIL not in f"{answer.headers}{answer.content.decode()}", (address, host)


@pytest.mark.parametrize("who", [None, "clerk_a", "sysadmin"])
def test_no_answer_names_a_host_that_headers_name(world, signed_in, who):
    client = signed_in(who) if who else Client()
    asked = 0
    for address in plain_addresses():
        for method in ("get", "post"):
            answer = getattr(client, method)(address, **FORGED)
            told = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert EVIL.encode() not in told, (method, address)
            location = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
            assert EVIL not in location.partition("?")[0], (method, address)
            asked += 1
    assert asked > 100


def test_no_answer_of_the_api_names_a_host_that_headers_name(world, api):
    client = api(world.county_a)
    for address in plain_addresses():
        if address.startswith("/api/"):
            for method in (client.get, client.post):
                answer = method(address, **FORGED)
                assert EVIL not in f"{answer.headers}{answer.content.decode()}", address


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_and_out_lead_nowhere_else(world, wanted):
    create_user(actor=None, username="clerk", display_name="", password=PASSWORD, must_change=False)
    client = Client()
    answers = [
        client.post("/account/login/", {"login": "clerk", "password": PASSWORD, "next": wanted}),
        client.get("/account/login/", {"next": wanted}),
        client.post("/account/logout/", {"next": wanted}),
        Client().post("/account/login/?" + f"next={wanted}", {"login": "clerk", "password": PASSWORD}),
    ]
    for answer in answers:
        place = answer.headers.get("Location", "/")
        assert (urlsplit(place).netloc, urlsplit(place).scheme) == ("", ""), place
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\", "/\t")), place


def test_a_part_asked_for_after_the_session_leads_back_only_to_a_page_of_ours(world):
    answer = Client().get("/work/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"https://{EVIL}//{EVIL}/x")
    [back] = parse_qs(urlsplit(answer.headers["HX-Redirect"]).query)["next"]
    assert not back.startswith("//")
