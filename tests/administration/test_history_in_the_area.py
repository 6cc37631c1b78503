"""An auditor reads the history of the objects of their area, and names of nobody else."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from casework.models import Case, Gap
from enrollment.models import Application, OneStopBatch
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import ClientToken, Deputy, Membership, User
from foundation.accounts.selectors import names_of
from foundation.accounts.services import appoint_deputy, create_user, grant_role, issue_client_token
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from foundation.regions.models import Unit
from payments.models import Batch
from portal.administration.history import IN_AREA, WITHOUT_AREA
from registry.models import FeedContact, Person

KINDS = {
    "user": User, "membership": Membership, "deputy": Deputy, "client_token": ClientToken,
    "feed_contact": FeedContact, "case": Case, "application": Application, "one_stop_batch": OneStopBatch,
    "payments_batch": Batch,
}  # fmt: skip


def make_objects(world, county: Unit) -> dict[type, int]:
    """Make one of everything that has a history in a county; return model -> id."""
    users = []
    for name in ("absent", "deputy"):
        user = create_user(actor=None, username=f"{name}-{county.pk}", display_name="", password="x", must_change=False)
        User.objects.filter(pk=user.pk).update(home_unit=county)
        grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
        users.append(user)
    membership = users[0].memberships.get()
    day, secadmin = clock.today(), create_user(
        actor=None, username=f"secadmin-{county.pk}", display_name="", password="x", must_change=False
    )  # fmt: skip
    role = grant_role(actor=None, user=secadmin, role=Role.SECADMIN, unit=county, valid_from=date(2018, 1, 1))
    deputy = appoint_deputy(
        actor=user_actor(role), membership=membership, deputy=users[1], valid_from=day, valid_to=day + timedelta(days=2)
    )
    end = clock.now() + timedelta(days=1)
    token, _text = issue_client_token(
        actor=system_actor(county), name="民政局", unit=county, verbs=["read_coverage"], expires_at=end
    )
    contact = FeedContact.objects.create(county=county, feed="deaths", department="d", name="n", office_phone="1")
    person = Person.objects.create(county=county, unit=county, name="张三", name_pinyin="z", created_at=clock.now())
    case = Case.objects.create(county=county, person=person, opened_at=clock.now())
    application = Application.objects.create(
        county=county, person=person, kind="register", channel="village", content_hash="0" * 64, opened_at=clock.now()
    )
    batch = OneStopBatch.objects.create(
        county=county,
        unit=county,
        day=day,
        eligible=1,
        excluded=0,
        content_hash="0" * 64,
        made_by=users[0],
        made_at=clock.now(),
    )
    money = Batch.objects.create(
        county=county, kind="contributions", period="2018", made_by=users[0], made_at=clock.now()
    )
    made = (users[0], membership, deputy, token, contact, case, application, batch, money)
    return {type(each): each.pk for each in made}


@pytest.mark.parametrize("kind", KINDS)
def test_the_history_of_an_object_elsewhere_is_404_and_audited(world, sign_in, kind):
    ours, theirs = make_objects(world, world.county_a), make_objects(world, world.county_b)
    address, client = reverse("admin_audit_object"), sign_in("auditor")
    own = client.get(address, {"object_type": kind, "object_id": ours[KINDS[kind]]})
    assert own.status_code == 200
    assert own.context["changes"] or kind in ("case", "application", "one_stop_batch", "payments_batch"), (
        "these have a history from their first change on"
    )
    answer = client.get(address, {"object_type": kind, "object_id": theirs[KINDS[kind]]})
    assert answer.status_code == 404
    event = AuditEvent.objects.latest("id")
    assert (event.outcome, event.detail["reason"]) == ("refused", "not_found_in_scope")


def test_every_table_with_a_history_has_an_area():
    tracked = {getattr(table, "pgh_tracked_model", None) for table in apps.get_models()} - {None}
    assert tracked == {*IN_AREA, *WITHOUT_AREA}
    assert {*KINDS.values(), Gap} == {*IN_AREA}


def test_names_of_users_elsewhere_are_not_resolved(world, sign_in):
    elsewhere = User.objects.get(pk=make_objects(world, world.county_b)[User])
    client = sign_in("auditor")
    page = client.get(reverse("admin_audit"), {"actor": elsewhere.pk}).content.decode()
    assert elsewhere.username not in page
    answer = client.post(reverse("admin_audit_filter"), {"actor_name": elsewhere.username})
    assert "actor=" not in answer.headers["Location"]


def test_a_name_that_a_client_has_too_is_not_taken_for_the_user_s(world):
    user = world.users["county_clerk"]
    User.objects.filter(pk=user.pk).update(display_name="王经办")
    assert names_of([user.username]) == {user.username: "王经办"}
    ClientToken.objects.create(
        name=user.username, token_hash="0" * 64, unit=world.county_a, verbs=["read_gaps"], expires_at=clock.now()
    )
    assert names_of([user.username]) == {}
