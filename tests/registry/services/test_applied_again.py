"""An undone file is applied again from what is stored: checked, previewed and approved as any file, and it stays its sender's."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import AuditEvent
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict, NotAllowed
from registry.models import Delivery, Designation
from registry.selectors.delivery_decisions import find_applied_again, list_restored, needs_second_person
from registry.services.approving import approve_delivery, discard_delivery
from registry.services.receiving import process_delivery, receive_again, receive_file
from registry.services.undoing import undo_delivery
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY = date(2018, 12, 31), date(2019, 1, 31)
PEOPLE = [{"name": "王明", "number": make_number("19600101", n), "household": n} for n in range(40)]


@pytest.fixture
def worker(county):
    def make(name, role=Role.COUNTY_CLERK):
        user = User.objects.create(username=name, display_name=name)
        return user_actor(Membership.objects.create(user=user, role=role, unit=county, valid_from=date(2018, 1, 1)))

    return make


@pytest.fixture
def undone(worker, county, tmp_path, take_in):
    """Return January's list, half of December's, sent by one clerk, approved by another, and undone; with both."""
    take_in(senders.poverty(tmp_path / "12.xlsx", PEOPLE))
    sender, colleague = worker("sender"), worker("colleague")
    path = senders.poverty(tmp_path / "01.xlsx", PEOPLE[:20])
    sent = receive_file(actor=sender, county=county, path=path, name="01.xlsx", as_of=JANUARY, at=now(), hold=True)
    process(sent)
    approve_delivery(actor=colleague, delivery_id=sent.pk, at=now())
    assert process(sent).state == "applied"
    return undo_delivery(actor=colleague, delivery_id=sent.pk, at=now()), sender, colleague


def process(delivery: Delivery) -> Delivery:
    return process_delivery(actor=system_actor(delivery.county), delivery_id=delivery.pk, at=now())


def current() -> int:
    return Designation.objects.as_known().filter(valid_to=None).count()


def test_an_undone_file_waits_with_its_preview_and_is_applied_once_approved(undone):
    delivery, sender, colleague = undone
    assert current() == 40
    again = receive_again(actor=colleague, delivery_id=delivery.pk, at=now())
    assert again.pk != delivery.pk
    assert (again.file_sha256, again.stored_path, again.as_of_date) == (
        delivery.file_sha256,
        delivery.stored_path,
        JANUARY,
    )
    assert (again.state, again.hold, again.approved_at, again.applied_at) == ("received", True, None, None)
    assert (again.received_by, again.people_behind) == ("sender", delivery.people_behind)
    held = process(again)
    assert (held.state, held.preview["loss"]["values"]["gone"]) == ("checked", "20")
    assert current() == 40
    with pytest.raises(Conflict):
        approve_delivery(actor=sender, delivery_id=again.pk, at=now())
    approve_delivery(actor=colleague, delivery_id=again.pk, at=now())
    assert process(again).state == "applied"
    assert current() == 20
    delivery.refresh_from_db()
    assert (delivery.state, find_applied_again(delivery)) == ("undone", again)
    event = AuditEvent.objects.get(verb="delivery_applied_again")
    assert (event.actor_name, event.object_id, event.detail) == (
        "colleague",
        str(again.pk),
        {"undone_delivery": delivery.pk},
    )


def test_asking_oneself_for_it_makes_nobody_a_second_person(undone):
    delivery, sender, colleague = undone
    again = process(receive_again(actor=sender, delivery_id=delivery.pk, at=now()))
    assert needs_second_person(sender, again)
    assert not needs_second_person(colleague, again)


def test_asked_twice_it_is_one_and_discarded_it_may_be_asked_for_again(undone):
    delivery, _sender, colleague = undone
    again = receive_again(actor=colleague, delivery_id=delivery.pk, at=now())
    assert receive_again(actor=colleague, delivery_id=delivery.pk, at=now()) == again
    process(again)
    discard_delivery(actor=colleague, delivery_id=again.pk)
    assert find_applied_again(delivery) is None
    assert receive_again(actor=colleague, delivery_id=delivery.pk, at=now()).pk == again.pk
    assert process(again).state == "checked"
    assert AuditEvent.objects.filter(verb="delivery_applied_again").count() == 2


def test_the_checks_are_those_of_any_file(undone, take_in, tmp_path):
    delivery, _sender, colleague = undone
    take_in(senders.poverty(tmp_path / "02.xlsx", PEOPLE[:39]), "2019-02-28")
    again = receive_again(actor=colleague, delivery_id=delivery.pk, at=now())
    assert process(again).refusal["code"] == "older_than_applied"


def test_only_an_undone_file_that_is_stored_by_whoever_may_apply(undone, worker):
    delivery, _sender, colleague = undone
    before = Delivery.objects.get(as_of_date=DECEMBER)
    with pytest.raises(Conflict):
        receive_again(actor=colleague, delivery_id=before.pk, at=now())
    with pytest.raises(NotAllowed):
        receive_again(actor=worker("reader", Role.COUNTY_APPROVER), delivery_id=delivery.pk, at=now())
    (settings.DATA_DIR / delivery.stored_path).unlink()
    with pytest.raises(Conflict):
        receive_again(actor=colleague, delivery_id=delivery.pk, at=now())
    assert Delivery.objects.count() == 2


def test_what_holds_again_is_what_the_file_replaced_or_the_list_before(undone, take_in, tmp_path):
    _delivery, _sender, colleague = undone
    december = Delivery.objects.get(as_of_date=DECEMBER)
    first = take_in(senders.poverty(tmp_path / "a.xlsx", PEOPLE[:39]), "2019-01-31", name="一月.xlsx")
    assert list_restored(first) == [december]
    second = take_in(senders.poverty(tmp_path / "b.xlsx", PEOPLE[:38]), "2019-01-31", name="一月.xlsx")
    assert list_restored(second) == [first]
    undo_delivery(actor=colleague, delivery_id=second.pk, at=now() + timedelta(minutes=1))
    first.refresh_from_db()
    assert first.state == "applied"
