"""Every role signs in and gets at every URL what permissions.py says: its page, 403 with an audit event, or 404."""

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.constants import Role
from foundation.accounts.permissions import ALLOWED
from foundation.audit.models import AuditEvent
from portal.navigation import ENTRIES
from tests.administration.routes import Route, all_routes
from tests.foundation.conftest import PASSWORD

PUBLIC = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "set_language",
        "style",
        "api",
        "api_schema",
    }
)
"""Addresses for people not signed in; `style` shows sample words only, `api` describes the API and holds no data."""
PROBES = frozenset({"health_live", "health_ready"})
"""Called by supervisors of the service; they disclose only that it runs."""
OWN = frozenset({"account_change_password", "second_factor", "choose_role", "administration"})
"""For everybody signed in; `administration` redirects to what the role may open."""
BY_TOKEN = frozenset(
    {
        "api_possible_matches",
        "api_match_decision",
        "api_gaps",
        "api_coverage",
        "api_e1",
        "api_deliveries",
        "api_delivery",
        "api_delivery_problems",
        "api_delivery_completion",
        "api_applications",
        "api_application",
        "api_application_changes",
        "api_application_withdrawal",
        "api_eligibility",
    }
)
"""For departments' systems."""
SEVERAL_ACTIONS = "administration_policy"
"""Pages of the rules open to any of several actions; the tests of the policy pages walk them."""

ROUTES = [route for route in all_routes() if route.action is not None and not route.name.startswith(SEVERAL_ACTIONS)]


def address_of(route: Route) -> str:
    """Return an address of the route; its object does not exist."""
    words = {"act": "sessions", "scheme": "resident", "roll_no": "0", "name": "none_such"}
    return reverse(route.name, kwargs={name: words.get(name, 0) for name in route.takes})


def test_every_url_requires_an_action_or_is_listed_here():
    without = {route.name for route in all_routes() if route.action is None}
    assert without - PUBLIC - PROBES - OWN - BY_TOKEN == set()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_the_table_says(role, world, sign_in):
    client = sign_in(role.value)
    for route in ROUTES:
        answer = client.get(address_of(route))
        if route.action in ALLOWED[role]:
            expected = {404} if route.takes else {200, 302, 405}
            expected |= {405} if route.takes else set()
            assert answer.status_code in expected, (route.name, answer.status_code)
        else:
            assert answer.status_code == 403, (route.name, answer.status_code)
            page = answer.content.decode()
            assert reverse("account_logout") in page, "a way out"
            assert answer.context["navigation"], "the menu"
            line = AuditEvent.objects.latest("id")
            assert (line.verb, line.outcome, line.object_id) == (route.action, "refused", route.name)


def test_nothing_opens_without_signing_in(client, world):
    protected = [route for route in all_routes() if route.name not in PUBLIC | PROBES]
    assert len(protected) > 100
    for route in protected:
        answer = client.get(address_of(route))
        assert answer.status_code in {302, 401, 403, 405}, route.name
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/account/login/"), route.name


def first_page(role: Role) -> str:
    """Return the page of a role's day."""
    return "village" if role == Role.VILLAGE_OFFICIAL else "today"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_signs_in_to_its_first_page_and_sees_its_entries(role, world):
    client = Client()
    answer = client.post("/account/login/", {"login": role.value, "password": PASSWORD})
    assert answer.headers["Location"] == reverse(first_page(role))
    asked = Client().post("/account/login/", {"login": role.value, "password": PASSWORD, "next": "/"})
    assert asked.headers["Location"] == reverse(first_page(role)), "the address without a path means the same"
    page = client.get(answer.headers["Location"], follow=True)
    assert page.status_code == 200
    shown = [entry.label for entry in page.context["navigation"]]
    assert shown == [entry.label for entry in ENTRIES if entry.actions & ALLOWED[role]]
