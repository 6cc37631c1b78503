"""What waits follows the rights of the day it is done: a file to be applied at once, an upload under way, when rights end."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Deputy, Membership, User
from foundation.accounts.services.users import drop_sessions
from foundation.primitives import clock
from foundation.primitives.clock import now
from foundation.primitives.errors import NotAllowed, NotFound
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from registry.constants import DeliveryState
from registry.models import Delivery
from registry.services.approving import approve_delivery
from registry.services.receiving import receive_file
from registry.services.uploading import WantedUpload, add_piece, finish_upload, start_upload
from registry.tasks import process_delivery_task
from tests import senders
from tests.plugins.month import PEOPLE

pytestmark = pytest.mark.django_db
DAY = date(2018, 12, 31)
Change = Callable[[User, Unit], None]


def grant(user: User, role: Role, unit: Unit) -> Actor:
    return user_actor(Membership.objects.create(user=user, role=role, unit=unit, valid_from=date(2018, 1, 1)))


@pytest.fixture
def sender(county) -> User:
    user = User.objects.create(username="sender", display_name="")
    grant(user, Role.COUNTY_CLERK, county)
    return user


@pytest.fixture
def path(tmp_path):
    return senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE)


def actor_of(user: User) -> Actor:
    return user_actor(Membership.objects.active_on(clock.today()).select_related("user", "unit").get(user=user))


def end_roles(user: User) -> None:
    Membership.objects.filter(user=user).update(valid_to=clock.today())
    drop_sessions(user)


def demoted(user: User, county: Unit) -> None:
    end_roles(user)
    grant(user, Role.TOWNSHIP_CLERK, Unit.objects.filter(parent=county)[0])


def moved(user: User, _county: Unit) -> None:
    end_roles(user)
    grant(user, Role.COUNTY_CLERK, get_unit(code="320681000000"))


def closed(user: User, _county: Unit) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def unchanged(_user: User, _county: Unit) -> None:
    pass


CHANGES = [demoted, moved, closed]


@pytest.mark.parametrize("change", [unchanged, *CHANGES])
def test_a_file_that_waited_is_applied_only_while_its_sender_may_apply_files_here(county, sender, path, change):
    sent = receive_file(actor=actor_of(sender), county=county, path=path, name=path.name, as_of=DAY, at=now())
    assert not sent.hold
    change(sender, county)
    process_delivery_task(sent.pk)
    waited = Delivery.objects.get()
    if change is unchanged:
        assert waited.state == DeliveryState.APPLIED
        return
    assert (waited.state, waited.hold, waited.approved_at) == (DeliveryState.CHECKED, True, None)
    assert not Delivery.objects.waiting().exists()
    colleague = User.objects.create(username="colleague", display_name="")
    approve_delivery(actor=grant(colleague, Role.COUNTY_CLERK, county), delivery_id=sent.pk, at=now())
    process_delivery_task(sent.pk)
    assert Delivery.objects.get().state == DeliveryState.APPLIED


@pytest.mark.parametrize("is_over", [False, True])
def test_a_deputys_file_is_applied_only_while_they_are_deputy(county, sender, path, is_over):
    deputy = User.objects.create(username="deputy", display_name="")
    grant(deputy, Role.TOWNSHIP_CLERK, Unit.objects.filter(parent=county)[0])
    role = Membership.objects.select_related("user", "unit").get(user=sender)
    today = clock.today()
    Deputy.objects.create(
        absent=sender,
        deputy=deputy,
        membership=role,
        granted_by=sender,
        valid_from=today,
        valid_to=today + timedelta(3),
    )
    actor = user_actor(role, deputy=deputy)
    sent = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=DAY, at=now())
    if is_over:
        Deputy.objects.update(valid_to=today)
    process_delivery_task(sent.pk)
    assert Delivery.objects.get().state == (DeliveryState.CHECKED if is_over else DeliveryState.APPLIED)


@pytest.mark.parametrize("change", [demoted, moved])
def test_an_upload_under_way_ends_with_the_rights_of_its_end(county, sender, path, change):
    """Begun to be applied at once; the last piece comes after the change, from the session that was open."""
    content = path.read_bytes()
    wanted = WantedUpload(name=path.name, size=len(content), modified_ms=1, as_of=DAY, at_once=True)
    before = actor_of(sender)
    upload = start_upload(actor=before, wanted=wanted, at=now())
    add_piece(actor=before, upload_id=upload.pk, offset=0, piece=io.BytesIO(content), at=now())
    change(sender, county)
    after = actor_of(sender)
    if change is moved:
        with pytest.raises(NotFound):
            finish_upload(actor=after, upload_id=upload.pk, at=now())
        return
    assert finish_upload(actor=after, upload_id=upload.pk, at=now()).hold


def test_a_supervisor_finishes_no_upload_begun_as_a_clerk(county, sender, path):
    content = path.read_bytes()
    wanted = WantedUpload(name=path.name, size=len(content), modified_ms=1, as_of=DAY)
    upload = start_upload(actor=actor_of(sender), wanted=wanted, at=now())
    end_roles(sender)
    with pytest.raises(NotAllowed):
        add_piece(
            actor=grant(sender, Role.SUPERVISOR, county),
            upload_id=upload.pk,
            offset=0,
            piece=io.BytesIO(content),
            at=now(),
        )
