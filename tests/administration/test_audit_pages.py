"""The auditor's pages: what is listed, what stays out of URLs, what an export records, and the queries of a page."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.actors import user_actor
from foundation.accounts.constants import Role
from foundation.accounts.services import create_user, grant_role
from foundation.audit.models import AuditEvent, Disclosure
from foundation.audit.services import Event, record_disclosure, record_event, record_events
from foundation.primitives import clock
from tests.foundation.conftest import PASSWORD


def look(world, name: str = "county_clerk", count: int = 1, verb: str = "read_person") -> None:
    actor = user_actor(world.users[name].memberships.get())
    record_events(actor=actor, events=[Event(verb, "person", number, "read") for number in range(count)])


@pytest.fixture
def auditor(sign_in) -> Client:
    client: Client = sign_in("auditor")
    client.cookies["django_language"] = "en"
    return client


def test_events_of_the_area_are_listed_and_those_of_others_are_not(world, auditor):
    look(world)
    look(world, "supervisor")
    stranger = create_user(actor=None, username="clerk_b", display_name="", password="x", must_change=False)
    role = grant_role(actor=None, user=stranger, role=Role.COUNTY_CLERK, unit=world.county_b, valid_from=clock.today())
    record_event(actor=user_actor(role), verb="read_person", object_type="person", object_id=1)
    page = auditor.get(reverse("admin_audit")).content.decode()
    assert "county_clerk" in page
    assert "clerk_b" not in page
    assert ">supervisor" not in page


def test_a_filter_by_user_leaves_only_a_number_in_the_address(world, auditor):
    look(world)
    look(world, "county_reviewer")
    answer = auditor.post(reverse("admin_audit_filter"), {"actor_name": "county_reviewer", "verb": "read_person"})
    assert answer.headers["Location"].endswith(f"?verb=read_person&actor={world.users['county_reviewer'].pk}")
    page = auditor.get(answer.headers["Location"]).content.decode()
    assert 'value="county_reviewer"' in page
    assert ">county_clerk" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("first_day=x&actor=y&page=-1", 200),
        ("first_day=1899-12-31&last_day=2018-02-30", 200),
        ("first_day=0001-01-01", 400),
        ("last_day=9999-12-31", 400),
        ("actor=" + "9" * 30, 400),
    ],
)
def test_an_address_that_cannot_be_read_is_no_fault(auditor, query, status):
    for route in ("admin_audit", "admin_disclosures", "admin_sign_ins"):
        assert auditor.get(f"{reverse(route)}?{query}").status_code == status


def test_refusals_and_other_days_are_found(world, auditor, sign_in):
    sign_in("finance").get(reverse("admin_users"))
    page = auditor.get(f"{reverse('admin_audit')}?outcome=refused").content.decode()
    assert "finance" in page
    past = auditor.get(f"{reverse('admin_audit')}?first_day=2018-01-01&last_day=2018-01-02").content.decode()
    assert "No events in this period" in past


def test_one_object_shows_who_looked_and_how_it_changed_and_that_is_written_too(world, auditor, sign_in):
    user = world.users["finance"]
    sign_in("sysadmin").post(reverse("admin_user_act", kwargs={"user_id": user.pk, "act": "close"}))
    page = auditor.get(f"{reverse('admin_audit_object')}?object_type=user&object_id={user.pk}").content.decode()
    assert "Disabled an account" in page
    assert "Account enabled</span>: yes → no" in page
    assert AuditEvent.objects.latest("id").verb == "read_audit_object"


def test_an_export_states_its_purpose_in_the_register(world, auditor):
    look(world, count=3)
    address = f"{reverse('admin_audit_csv')}?verb=read_person"
    assert auditor.post(address, {"purpose": ""}).status_code == 302
    assert not Disclosure.objects.exists()
    answer = auditor.post(address, {"purpose": "yearly inspection"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["actor_name"] for row in rows] == ["county_clerk"] * 3
    entry = Disclosure.objects.get()
    assert (entry.purpose, entry.row_count, entry.actor_name) == ("yearly inspection", 3, "auditor")
    assert "yearly inspection" in auditor.get(reverse("admin_disclosures")).content.decode()


def test_sign_ins_hide_names_that_belong_to_nobody(world, auditor):
    for name, password in (("county_clerk", "wrong"), ("my-password-in-the-wrong-field", "x"), ("supervisor", "wrong")):
        Client().post("/account/login/", {"login": name, "password": password})
    Client().post("/account/login/", {"login": "finance", "password": PASSWORD})
    page = auditor.get(reverse("admin_sign_ins")).content.decode()
    assert "county_clerk" in page
    assert "no such user" in page
    assert "my-password" not in page
    assert "supervisor" not in page
    assert "finance" in auditor.get(f"{reverse('admin_sign_ins')}?kind=sign_ins").content.decode()
    assert "No events in this period" in auditor.get(f"{reverse('admin_sign_ins')}?kind=lockouts").content.decode()


@pytest.mark.parametrize("route", ["admin_audit", "admin_disclosures", "admin_sign_ins", "admin_seals"])
def test_a_page_costs_the_same_for_one_and_a_hundred_rows(world, auditor, route, django_assert_max_num_queries):
    look(world, count=100)
    for _ in range(60):
        record_disclosure(
            actor=user_actor(world.users["county_clerk"].memberships.get()),
            recipient="r",
            purpose="p",
            legal_basis="b",
            fields=["f"],
            row_count=1,
        )
    auditor.get(reverse(route))
    with django_assert_max_num_queries(9):
        assert auditor.get(reverse(route)).status_code == 200
