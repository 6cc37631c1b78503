"""The filters of users, events, sign-ins, disclosures and rules are a line of chips; each is dropped by its link, a name by a form."""

import re
from html import unescape

import pytest
from django.urls import reverse

ENGLISH = {"accept-language": "en"}
CHIP = re.compile(r'filter-chip">([^<]+?) <a href="\?([^"]*)"')


def chips(page: str) -> list[tuple[str, str]]:
    return [(unescape(words), unescape(query)) for words, query in CHIP.findall(page)]


@pytest.mark.parametrize(
    ("role", "route", "query", "expected"),
    [
        (
            "sysadmin",
            "admin_users",
            "role=county_clerk&state=open",
            [("Role: County clerk", "state=open"), ("State: Active accounts", "role=county_clerk")],
        ),
        (
            "auditor",
            "admin_audit",
            "verb=read_person&first_day=2018-12-01",
            [("Activity: Viewed a person", "first_day=2018-12-01"), ("First day: 2018-12-01", "verb=read_person")],
        ),
        ("auditor", "admin_sign_ins", "kind=lockouts", [("Activity: Lockouts", "")]),
        ("auditor", "admin_disclosures", "last_day=2018-12-31", [("Last day: 2018-12-31", "")]),
        ("auditor", "admin_audit", "", []),
    ],
)
def test_filters_in_force_are_chips(sign_in, role, route, query, expected):
    page = sign_in(role).get(f"{reverse(route)}?{query}", headers=ENGLISH).content.decode()
    assert chips(page) == expected
    assert ("Clear all filters" in page) is bool(expected)
    assert '<details class="popover">' in page


def test_a_user_is_a_number_in_the_address_and_a_name_in_the_chip(sign_in, world):
    client, user = sign_in("auditor"), world.users["county_clerk"]
    address = client.post(reverse("admin_audit_filter"), {"actor_name": user.username}).headers["Location"]
    assert user.username not in address
    assert [words for words, _query in chips(client.get(address, headers=ENGLISH).content.decode())] == [
        f"User name: {user.username}"
    ]


def test_a_name_searched_for_is_a_chip_that_a_form_drops(sign_in):
    client = sign_in("sysadmin")
    client.post(reverse("admin_users_search"), {"name": "clerk"})
    page = client.get(reverse("admin_users"), headers=ENGLISH).content.decode()
    assert "Name: clerk" in page
    client.post(reverse("admin_users_search"), {"name": ""})
    assert "Name: clerk" not in client.get(reverse("admin_users"), headers=ENGLISH).content.decode()


def test_rules_are_filtered_by_chips(sign_in):
    page = sign_in("county_clerk").get(f"{reverse('administration_policy')}?q=limit", headers=ENGLISH).content.decode()
    assert chips(page) == [("Parameter: limit", "")]
