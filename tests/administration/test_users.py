"""User administration: who may do what to whom, what is shown once, what is refused and with which message."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.constants import Role
from foundation.accounts.models import ClientToken, Deputy, User
from foundation.accounts.services import create_user, grant_role
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from tests.foundation.conftest import PASSWORD

SHOWN_ONCE = re.compile(r'<dd class="code">([a-z0-9-]{19})</dd>')


def post(client: Client, route: str, data: Mapping[str, object] | None = None, **ids: object) -> str:
    answer = client.post(reverse(route, kwargs=ids), data or {}, follow=True, headers={"Accept-Language": "en"})
    return str(answer.content.decode())


def verbs() -> list[str]:
    rows = AuditEvent.objects.filter(outcome="done").exclude(actor_name="").order_by("id")
    return list(rows.values_list("verb", flat=True))


def test_a_new_user_gets_a_password_shown_once_that_must_be_changed(world, sign_in):
    page = post(
        sign_in("sysadmin"),
        "admin_user_new",
        {"username": "new.clerk", "display_name": "新人", "home_unit": "320682111000 长江镇"},
    )
    match = SHOWN_ONCE.search(page)
    assert match is not None
    user = User.objects.get(username="new.clerk")
    assert user.home_unit == world.township
    assert match[1] not in str(list(AuditEvent.objects.values())) + user.password
    client = Client()
    client.post("/account/login/", {"login": "new.clerk", "password": match[1]})
    post(sign_in("secadmin"), "admin_role_grant", grant(Role.TOWNSHIP_CLERK), user_id=user.pk)
    client.post("/account/login/", {"login": "new.clerk", "password": match[1]})
    assert client.get("/").headers["Location"] == "/account/password/"
    assert "new.clerk" in post(sign_in("sysadmin"), "admin_user_new", {"username": "new.clerk"})


def grant(role: Role, unit: str = "320682", **days: object) -> dict[str, object]:
    return {"role": role.value, "unit": unit, "first_day": clock.today().isoformat(), **days}


def test_the_three_administrators_are_explained_when_refused(world, sign_in):
    page = post(sign_in("secadmin"), "admin_role_grant", grant(Role.AUDITOR), user_id=world.users["county_clerk"].pk)
    assert "whoever runs the system must not grant access" in page
    assert not world.users["county_clerk"].memberships.filter(role=Role.AUDITOR).exists()


@pytest.mark.parametrize(("unit", "message"), [("320681", "no such unit in your area"), ("长江镇", "no such unit")])
def test_a_role_is_granted_in_the_own_area_only(world, sign_in, unit, message):
    user = world.users["county_clerk"]
    assert message in post(sign_in("secadmin"), "admin_role_grant", grant(Role.FINANCE, unit), user_id=user.pk)
    assert user.memberships.count() == 1


def test_a_role_is_granted_with_days_and_ended_and_both_are_audited(world, sign_in):
    user, client = world.users["county_clerk"], sign_in("secadmin")
    last = clock.today() + timedelta(days=9)
    post(client, "admin_role_grant", grant(Role.FINANCE, last_day=last.isoformat()), user_id=user.pk)
    role = user.memberships.get(role=Role.FINANCE)
    assert role.valid_to == last + timedelta(days=1)
    english = {"accept-language": "en"}
    assert "End this role?" in client.get(reverse("admin_role_end", args=[role.pk]), headers=english).content.decode()
    post(client, "admin_role_end", membership_id=role.pk)
    role.refresh_from_db()
    assert role.valid_to == clock.today()
    assert verbs()[-2:] == ["grant_role", "end_role"]


@pytest.mark.parametrize(
    ("role", "act", "status"),
    [
        ("sysadmin", "password", 200),
        ("sysadmin", "sessions", 302),
        ("sysadmin", "close", 302),
        ("sysadmin", "factor", 403),
        ("secadmin", "factor", 302),
        ("secadmin", "sessions", 302),
        ("secadmin", "password", 403),
        ("secadmin", "close", 403),
        ("auditor", "sessions", 403),
        ("county_clerk", "sessions", 403),
        ("sysadmin", "nonsense", 404),
    ],
)
def test_each_act_on_an_account_belongs_to_one_administrator(world, sign_in, role, act, status):
    victim = Client()
    victim.force_login(world.users["finance"], "django.contrib.auth.backends.ModelBackend")
    address = reverse("admin_user_act", kwargs={"user_id": world.users["finance"].pk, "act": act})
    assert sign_in(role).post(address).status_code == status
    assert victim.get("/account/password/").status_code == (302 if status in {200, 302} else 200)


def test_nobody_acts_on_their_own_account_or_on_one_that_is_also_elsewhere(world, sign_in):
    client = sign_in("sysadmin")
    own = reverse("admin_user_act", kwargs={"user_id": world.users["sysadmin"].pk, "act": "close"})
    assert client.post(own).status_code == 403
    user = world.users["county_clerk"]
    grant_role(actor=None, user=user, role=Role.SUPERVISOR, unit=world.county_b, valid_from=clock.today())
    assert client.get(reverse("admin_user", args=[user.pk])).status_code == 404
    assert client.get(reverse("admin_user", args=[world.users["supervisor"].pk])).status_code == 404


def test_a_closed_account_opens_nothing_until_it_is_open_again(world, sign_in):
    client, user = sign_in("sysadmin"), world.users["finance"]
    post(client, "admin_user_act", user_id=user.pk, act="close")
    login = {"login": "finance", "password": PASSWORD}
    assert Client().post("/account/login/", login).headers.get("Location") != "/"
    post(client, "admin_user_act", user_id=user.pk, act="reopen")
    assert Client().post("/account/login/", login).headers["Location"] == "/"


def test_a_search_keeps_the_name_out_of_the_address(world, sign_in):
    client = sign_in("sysadmin")
    answer = client.post(reverse("admin_users_search"), {"name": "finan"})
    assert answer.headers["Location"] == reverse("admin_users")
    page = client.get(reverse("admin_users")).content.decode()
    assert ">finance</a>" in page
    assert ">county_clerk</a>" not in page
    everybody = client.post(reverse("admin_users_search"), {"name": ""}, follow=True).content.decode()
    assert ">county_clerk</a>" in everybody
    assert ">supervisor</a>" not in everybody


@pytest.mark.parametrize("filters", ["role=auditor", "state=closed", "state=no_role", "state=no_factor", "role=nobody"])
def test_the_list_is_filtered(world, sign_in, filters):
    page = sign_in("sysadmin").get(f"{reverse('admin_users')}?{filters}").content.decode()
    seen = {name for name in world.users if f">{name}</a>" in page}
    everybody = set(world.users) - {"supervisor"}
    assert (
        seen
        == {
            "role=auditor": {"auditor"},
            "state=closed": set(),
            "state=no_role": set(),
            "state=no_factor": everybody,
            "role=nobody": everybody,
        }[filters]
    )


def test_the_list_costs_the_same_for_ten_and_sixty_users(world, sign_in, django_assert_num_queries):
    client = sign_in("sysadmin")
    client.get(reverse("admin_users"))
    for number in range(50):
        user = create_user(actor=None, username=f"u{number}", display_name="", password="x", must_change=False)
        grant_role(actor=None, user=user, role=Role.FINANCE, unit=world.county_a, valid_from=clock.today())
    with django_assert_num_queries(6):  # session, user, memberships; count, page, roles
        page = client.get(reverse("admin_users")).content.decode()
    assert "?page=2" in page


def test_a_token_is_shown_once_listed_and_revoked(world, sign_in):
    client = sign_in("secadmin")
    data = {
        "name": "civil affairs",
        "unit": "320682",
        "verbs": ["read_coverage"],
        "last_day": clock.today().isoformat(),
    }
    page = post(client, "admin_client_new", data)
    token = ClientToken.objects.get()
    shown = re.search(r'<dd class="code">([\w-]{43})</dd>', page)
    assert shown is not None
    assert shown[1] not in client.get(reverse("admin_clients")).content.decode()
    assert token.expires_at - clock.now() < timedelta(days=1)
    post(client, "admin_client_revoke", client_id=token.pk)
    token.refresh_from_db()
    assert token.revoked_at is not None
    far = (clock.today() + timedelta(days=800)).isoformat()
    assert "two years" in post(client, "admin_client_new", data | {"last_day": far})


def test_a_deputy_is_appointed_listed_and_ended(world, sign_in):
    client = sign_in("secadmin")
    data = {
        "membership": world.users["county_approver"].memberships.get().pk,
        "deputy": world.users["county_reviewer"].pk,
        "first_day": clock.today().isoformat(),
        "last_day": clock.today().isoformat(),
    }
    page = post(client, "admin_deputy_new", data)
    assert "county_reviewer" in page
    assert "Someone else is already deputy" in post(client, "admin_deputy_new", data)
    post(client, "admin_deputy_end", deputy_id=Deputy.objects.get().pk)
    assert Deputy.objects.get().valid_to == clock.today()
    administrators = client.get(reverse("admin_deputy_new")).content.decode()
    assert "(auditor)" not in administrators
    assert post(client, "admin_deputy_new", data | {"deputy": world.users["auditor"].pk}).count("error-summary")
