"""What the database refuses about roles; which of several a session works in; scope by path."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Model, Value

from foundation.accounts import selectors
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import ADMINISTRATORS, WIDEST_LEVEL, Role
from foundation.accounts.models import Membership
from foundation.accounts.permissions import Action
from foundation.accounts.selectors import list_memberships
from foundation.accounts.services import create_user, end_role, grant_role, reset_second_factor
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.regions.models import Unit

DAY = date(2018, 12, 31)
OTHER_WORK = [Role.VILLAGE_OFFICIAL, Role.COUNTY_CLERK, Role.COUNTY_APPROVER, Role.FINANCE, Role.SUPERVISOR]


@pytest.mark.parametrize("administrator", ADMINISTRATORS)
@pytest.mark.parametrize("other", [*ADMINISTRATORS, *OTHER_WORK])
def test_an_administrator_holds_no_other_role(world, administrator, other):
    user = world.users[administrator]
    with pytest.raises(Conflict, match=r"."):
        grant_role(actor=None, user=user, role=other, unit=world.county_a, valid_from=DAY)
    assert user.memberships.count() == 1


def test_a_clerk_may_work_in_two_roles_but_not_twice_in_one(world):
    user = world.users["county_clerk"]
    grant_role(actor=None, user=user, role=Role.COUNTY_REVIEWER, unit=world.county_a, valid_from=DAY)
    with pytest.raises(Conflict):
        grant_role(actor=None, user=user, role=Role.COUNTY_REVIEWER, unit=world.county_a, valid_from=DAY)


@pytest.mark.parametrize("role", WIDEST_LEVEL)
def test_no_role_is_granted_for_a_wider_area_than_its_work(world, role):
    user = create_user(actor=None, username="new", display_name="", password="a long enough word", must_change=False)
    widest = Unit.objects.filter(level=WIDEST_LEVEL[role]).select_related("parent")[0]
    assert widest.parent is not None
    grant_role(actor=None, user=user, role=role, unit=widest, valid_from=DAY)
    with pytest.raises(BadInput, match=r"."):
        grant_role(actor=None, user=user, role=role, unit=widest.parent, valid_from=DAY)


def test_a_role_ended_before_makes_room_for_an_administrator(world):
    user = world.users["county_clerk"]
    user.memberships.update(valid_to=DAY)
    grant_role(actor=None, user=user, role=Role.AUDITOR, unit=world.county_a, valid_from=DAY)
    assert [each.role for each in list_memberships(user_id=user.pk, on=DAY)] == [Role.AUDITOR]
    assert [each.role for each in list_memberships(user_id=user.pk, on=date(2018, 12, 30))] == [Role.COUNTY_CLERK]


def test_a_membership_is_loaded_as_the_models_load_it(world):
    """Its statement is built once and its rows are made into models by hand: every field, of the user and the unit too."""
    for user in world.users.values():
        expected = user.memberships.select_related("user", "unit").order_by("pk")
        found = list_memberships(user_id=user.pk, on=DAY)
        assert [_fields(each) for each in found] == [_fields(each) for each in expected]
        assert [_fields(each.user) for each in found] == [_fields(each.user) for each in expected]
        assert [_fields(each.unit) for each in found] == [_fields(each.unit) for each in expected]


def _fields(model: Model) -> dict[str, object]:
    return {field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields}


def test_a_service_finds_no_user_of_another_county(world):
    """Whatever page or command calls it; the control is a user of one's own county."""
    actor = user_actor(world.users["secadmin"].memberships.select_related("user", "unit").get())
    user = create_user(actor=None, username="there", display_name="", password="x", must_change=False)
    theirs = grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=world.county_b, valid_from=DAY)
    for act in (
        lambda: reset_second_factor(actor=actor, user=user),
        lambda: grant_role(actor=actor, user=user, role=Role.FINANCE, unit=world.county_a, valid_from=DAY),
        lambda: end_role(actor=actor, membership=theirs, on=DAY),
    ):
        with pytest.raises(NotFound):
            act()
    reset_second_factor(actor=actor, user=world.users["county_clerk"])


def test_nobody_changes_their_own_rights(world):
    user = world.users["secadmin"]
    actor = user_actor(user.memberships.select_related("user", "unit").get())
    with pytest.raises(NotAllowed) as refusal:
        end_role(actor=actor, membership=user.memberships.get(), on=DAY)
    assert refusal.value.code == "own_account"


def test_an_unknown_role_is_refused_by_the_database(world):
    with pytest.raises(IntegrityError, match="membership_role_is_known"), transaction.atomic():
        Membership.objects.create(user=world.users["finance"], role="mayor", unit=world.county_a, valid_from=DAY)


def test_a_taken_user_name_is_a_conflict(world):
    with pytest.raises(Conflict):
        create_user(actor=None, username="finance", display_name="", password="x", must_change=False)


def test_every_change_of_a_membership_leaves_history(world):
    membership = world.users["finance"].memberships.get()
    Membership.objects.filter(pk=membership.pk).update(valid_to=DAY)
    events = membership.events.order_by("pgh_id")
    assert [each.valid_to for each in events] == [None, DAY]


def test_scope_is_the_unit_and_everything_below(world):
    clerk = user_actor(world.users["county_clerk"].memberships.get())
    seen = set(Unit.objects.within(clerk.unit_path).values_list("code", flat=True))
    assert seen == {"320682000000", "320682111000"}
    assert clerk.covers(world.township.path)
    assert not clerk.covers(world.county_b.path)


def test_an_actor_refuses_what_the_role_may_not(world):
    clerk = user_actor(world.users["county_clerk"].memberships.get())
    clerk.demand(Action.TAKE_CASE)
    with pytest.raises(NotAllowed) as refusal:
        clerk.demand(Action.READ_AUDIT)
    assert refusal.value.ids == ("read_audit",)


def test_jobs_act_for_a_unit_and_decide_no_case(world):
    job = system_actor(world.county_a)
    assert job.may(Action.RUN_NIGHT)
    assert not job.may(Action.CLOSE_CASE_LOW_RISK)
    assert job.user_id is None


def test_a_role_has_ended_for_its_administrators_from_the_first_moment_of_the_day_in_china(world, monkeypatch):
    """At one in the morning in China it is still the day before elsewhere."""
    user, admin = world.users["county_clerk"], world.users["sysadmin"]
    actor = user_actor(admin.memberships.select_related("user", "unit").get())
    elsewhere = Membership.objects.create(
        user=user, role=Role.COUNTY_CLERK, unit=world.county_b, valid_from=date(2018, 6, 1)
    )
    moment = datetime(2018, 12, 31, 17, tzinfo=UTC)
    monkeypatch.setattr(selectors, "Now", lambda: Value(moment, DateTimeField()))
    assert not selectors.list_managed_users(actor).filter(pk=user.pk).exists()
    Membership.objects.filter(pk=elsewhere.pk).update(valid_to=date(2019, 1, 1))
    assert selectors.list_managed_users(actor).filter(pk=user.pk).exists()
