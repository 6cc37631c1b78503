"""Every address that may be sent something refuses it from another site: generated from urlpatterns, with a body and without.

Signed in by cookie, without the token of a form, nothing is done: 403, the page that says so. With the token the same request is
not refused for that (the control). Addresses for departments' systems take no cookie at all.
"""

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.constants import Role
from foundation.audit.models import AuditEvent
from tests.administration.routes import Route, all_routes, roles_for
from tests.administration.test_access import BY_TOKEN, PROBES, SEVERAL_ACTIONS, address_of

UNSAFE = ("post", "delete")  # the same middleware asks of put and patch
READ_ONLY = frozenset({"api", "api_schema"})
FORGED = "errors/403_csrf.html"
TOKEN = "A" * 32
SEEN = [route for route in all_routes() if route.name not in BY_TOKEN | PROBES | READ_ONLY]


@pytest.fixture
def browser(world):
    """Return a function that signs a role in, in a browser whose requests are checked as in production."""

    def sign_in(role: str) -> Client:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(world.users[role], "django.contrib.auth.backends.ModelBackend")
        client.cookies["csrftoken"] = TOKEN
        return client

    return sign_in


def role_of(route: Route) -> str:
    """Return a role that may do what the address demands, so that only the missing token can refuse."""
    if route.action is not None:
        return roles_for(route.action)[0].value
    return Role.SECADMIN.value if route.name.startswith(SEVERAL_ACTIONS) else Role.COUNTY_CLERK.value


def is_forged(answer) -> bool:
    return answer.status_code == 403 and FORGED in [template.name for template in answer.templates]


def test_every_unsafe_address_refuses_a_request_without_the_token(browser):
    clients = {role: browser(role) for role in {role_of(route) for route in SEEN}}
    before = AuditEvent.objects.count()
    open_to_forgery = [
        f"{method} {route.name}"
        for route in SEEN
        for method in UNSAFE
        if not is_forged(getattr(clients[role_of(route)], method)(address_of(route), {"purpose": "x"}))
    ]
    assert not open_to_forgery
    assert AuditEvent.objects.count() == before, "a refused request has done nothing"


def test_with_the_token_no_address_refuses_for_that(browser):
    wrong = []
    for route in SEEN:
        if route.name in ("account_logout", "account_login"):
            continue  # they end or change the session of the others
        client = browser(role_of(route))
        answer = client.post(address_of(route), {"csrfmiddlewaretoken": TOKEN, "purpose": "x"})
        if is_forged(answer):
            wrong.append(route.name)
    assert not wrong


def test_no_view_is_excused_from_the_token_but_those_without_a_cookie():
    excused = {route.name for route in all_routes() if getattr(route.view, "csrf_exempt", False)}
    assert excused <= BY_TOKEN | READ_ONLY


def test_addresses_by_token_take_no_cookie(browser):
    client = browser(Role.COUNTY_CLERK.value)
    for route in all_routes():
        for method in ("get", *UNSAFE) if route.name in BY_TOKEN else UNSAFE if route.name in READ_ONLY else ():
            answer = getattr(client, method)(address_of(route))
            assert answer.status_code in {401, 403, 405}, (route.name, method)
    assert client.get(reverse("today")).status_code == 200, "the same browser is signed in"


def test_the_token_counts_only_from_our_own_site(browser):
    client = browser(Role.COUNTY_CLERK.value)
    sent = {"csrfmiddlewaretoken": TOKEN, "language": "en"}
    assert is_forged(client.post(reverse("set_language"), sent, headers={"origin": "https://elsewhere.example"}))
    assert not is_forged(client.post(reverse("set_language"), sent, headers={"origin": "http://testserver"}))
