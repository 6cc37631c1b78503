"""Standing in for a colleague: what the database refuses, whose name is written, and what a deputy never signs."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from foundation.accounts.actors import Actor, system_actor, user_actor
from foundation.accounts.constants import ADMINISTRATORS, Role
from foundation.accounts.models import Deputy, Membership, User
from foundation.accounts.selectors import list_memberships
from foundation.accounts.services import appoint_deputy, end_deputy, end_role, grant_role
from foundation.accounts.signing import demand_signature, may_sign, people_behind
from foundation.audit.models import AuditEvent, Disclosure
from foundation.audit.services import record_disclosure, record_event
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound

DAY, END = date(2018, 12, 1), date(2018, 12, 15)


def membership_of(world, name: str) -> Membership:
    return world.users[name].memberships.get()


@pytest.fixture
def secadmin(world) -> Actor:
    return user_actor(membership_of(world, "secadmin"))


@pytest.fixture
def appointed(world, secadmin) -> Deputy:
    return appoint_deputy(
        actor=secadmin,
        membership=membership_of(world, "county_approver"),
        deputy=world.users["county_reviewer"],
        valid_from=DAY,
        valid_to=END,
    )


def acting(world) -> Actor:
    return user_actor(membership_of(world, "county_approver"), deputy=world.users["county_reviewer"])


def test_a_deputy_works_in_the_colleague_s_role_on_these_days_only(world, appointed):
    reviewer = world.users["county_reviewer"].pk
    roles = {
        day: [each.role for each in list_memberships(user_id=reviewer, on=day)]
        for day in (DAY - timedelta(days=1), DAY, END - timedelta(days=1), END)
    }
    both = [Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER]
    assert list(roles.values()) == [both[:1], both, both, both[:1]]


def test_nobody_works_on_for_a_colleague_whose_account_is_closed(world, appointed):
    reviewer, absent = world.users["county_reviewer"].pk, world.users["county_approver"]
    assert len(list_memberships(user_id=reviewer, on=DAY)) == 2
    User.objects.filter(pk=absent.pk).update(is_active=False)
    assert [each.role for each in list_memberships(user_id=reviewer, on=DAY)] == [Role.COUNTY_REVIEWER]


def test_the_audit_log_contains_both_names(world, appointed):
    record_event(actor=acting(world), verb="look")
    record_disclosure(actor=acting(world), recipient="r", purpose="p", legal_basis="b", fields=["f"], row_count=0)
    for row in (AuditEvent.objects.get(verb="look"), Disclosure.objects.get()):
        assert (row.actor_name, row.deputy_for_name) == ("county_reviewer", "county_approver")
        assert (row.actor_id, row.deputy_for_id) == (
            world.users["county_reviewer"].pk,
            world.users["county_approver"].pk,
        )


def test_neither_signs_what_either_made(world, appointed):
    reviewer, approver = (world.users[name].pk for name in ("county_reviewer", "county_approver"))
    clerk = world.users["county_clerk"].pk
    deputy = acting(world)
    assert people_behind(deputy) == {reviewer, approver}
    assert may_sign(deputy, [clerk])
    assert not may_sign(deputy, [reviewer])
    assert not may_sign(deputy, [clerk, approver])
    made_by_the_deputy = people_behind(deputy)
    assert not may_sign(user_actor(membership_of(world, "county_approver")), made_by_the_deputy)
    assert not may_sign(user_actor(membership_of(world, "county_reviewer")), made_by_the_deputy)
    assert not may_sign(system_actor(world.county_a), [clerk])
    with pytest.raises(NotAllowed) as refusal:
        demand_signature(deputy, [approver, clerk])
    assert refusal.value.ids == (str(approver),)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_are_no_deputies_and_have_none(world, secadmin, role):
    other = "county_clerk"
    head = user_actor(grant_head_secadmin(world))
    with pytest.raises(Conflict):
        appoint(head, membership_of(world, role), world.users[other])
    with pytest.raises(Conflict):
        appoint(head, membership_of(world, other), world.users[role])


def test_a_deputy_becomes_no_administrator(world, appointed):
    user = world.users["county_reviewer"]
    user.memberships.update(valid_to=DAY)
    with translation.override("en"), pytest.raises(Conflict, match="is deputy"):
        grant_role(actor=None, user=user, role=Role.AUDITOR, unit=world.county_a, valid_from=DAY)


def test_no_user_is_their_own_deputy_and_only_one_at_a_time(world, secadmin, appointed):
    approver = membership_of(world, "county_approver")
    with translation.override("en"), pytest.raises(Conflict, match="own deputy"):
        appoint(secadmin, membership_of(world, "finance"), world.users["finance"])
    with translation.override("en"), pytest.raises(Conflict, match="Someone else"):
        appoint(secadmin, approver, world.users["county_clerk"])
    with pytest.raises(BadInput):
        appoint_deputy(actor=secadmin, membership=approver, deputy=world.users["finance"], valid_from=END, valid_to=END)


def test_only_a_security_administrator_of_the_area_appoints(world, secadmin):
    with pytest.raises(NotAllowed):
        appoint(
            user_actor(membership_of(world, "sysadmin")), membership_of(world, "finance"), world.users["county_clerk"]
        )
    with pytest.raises(NotFound):
        appoint(secadmin, membership_of(world, "supervisor"), world.users["county_clerk"])


def test_the_database_itself_refuses_what_a_service_would(world, appointed):
    rows = {
        "absent_id": appointed.absent_id,
        "deputy_id": appointed.deputy_id,
        "membership_id": membership_of(world, "finance").pk,
        "granted_by_id": appointed.granted_by_id,
    }
    with pytest.raises(IntegrityError, match="deputy_fits_its_membership"), transaction.atomic():
        Deputy.objects.create(**rows, valid_from=END, valid_to=END + timedelta(days=9))
    with (
        pytest.raises(IntegrityError, match="deputy_is_another_user"),
        connection.cursor() as cursor,
        transaction.atomic(),
    ):
        cursor.execute("UPDATE accounts_deputy SET deputy_id = absent_id")


def test_ended_early_or_with_the_role_it_opens_nothing(client, world, secadmin):
    today = clock.today()
    approver = membership_of(world, "county_approver")
    reviewer = world.users["county_reviewer"]
    rows = [
        appoint_deputy(
            actor=secadmin, membership=approver, deputy=reviewer, valid_from=today, valid_to=today + timedelta(days=5)
        )
    ]
    end_deputy(actor=secadmin, deputy=rows[0], on=today)
    with pytest.raises(Conflict):
        end_deputy(actor=secadmin, deputy=rows[0], on=today)
    assert len(list_memberships(user_id=reviewer.pk, on=today)) == 1
    rows.append(
        appoint_deputy(
            actor=secadmin, membership=approver, deputy=reviewer, valid_from=today, valid_to=today + timedelta(days=5)
        )
    )
    end_role(actor=secadmin, membership=approver, on=today + timedelta(days=1))
    rows[1].refresh_from_db()
    assert rows[1].valid_to == today + timedelta(days=1)


def test_the_role_of_the_absent_colleague_is_chosen_in_the_menu(world, secadmin):
    today = clock.today()
    appoint_deputy(
        actor=secadmin,
        membership=membership_of(world, "county_approver"),
        deputy=world.users["county_reviewer"],
        valid_from=today,
        valid_to=today + timedelta(days=5),
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.users["county_reviewer"])
    page = client.get("/account/password/").content.decode()
    assert "as deputy for county_approver" in page
    client.post("/account/role/", {"membership": membership_of(world, "county_approver").pk})
    line = AuditEvent.objects.get(verb="choose_role")
    assert (line.actor_name, line.role, line.deputy_for_name) == (
        "county_reviewer",
        "county_approver",
        "county_approver",
    )


def appoint(actor: Actor, membership: Membership, deputy) -> Deputy:
    return appoint_deputy(actor=actor, membership=membership, deputy=deputy, valid_from=DAY, valid_to=END)


def grant_head_secadmin(world) -> Membership:
    """Make a security administrator of the province, who looks after the county's administrators."""
    user = type(world.users["finance"]).objects.create(username="head")
    province = world.users["supervisor"].memberships.get().unit
    return grant_role(actor=None, user=user, role=Role.SECADMIN, unit=province, valid_from=date(2018, 1, 1))
