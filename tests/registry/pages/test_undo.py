"""Undoing asks first, with what it takes back and who sent and applied it; an undone file offers to be applied again."""

import pytest
from django.utils import timezone

from foundation.audit.models import AuditEvent
from registry.models import Delivery, DeliveryChange

URL = "/deliveries/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def applied(world):
    earlier = world.delivery(file_name="十一月.xlsx", as_of_date="2018-11-30")
    at = timezone.now()
    delivery = world.delivery(
        file_name="十二月.xlsx",
        received_by="township",
        people_behind=[world.users["township"].pk],
        approved_by="colleague_a",
        approved_at=at,
        applied_at=at,
        preview={"changes": {"new_persons": 7, "designations_opened": 1_234}},
    )
    for row in range(3):
        DeliveryChange.objects.create(
            delivery=delivery, kind="poor_new", name="张三", row=row, line_in=delivery, unit=world.village
        )
    return earlier, delivery


def test_undoing_shows_what_it_takes_back_and_asks(world, signed_in, applied):
    _earlier, delivery = applied
    client = signed_in("clerk_a")
    assert f'href="{URL}{delivery.pk}/undo/"' in client.get(f"{URL}{delivery.pk}/").content.decode()
    page = client.get(f"{URL}{delivery.pk}/undo/")
    text = page.content.decode()
    assert page.context["counts"] == [("new persons", 7)]
    assert [(kind.words, kind.count) for kind in page.context["kinds"]] == [("All", 3), ("New on the list", 3)]
    for shown in ("Undo 十二月.xlsx?", "township", "colleague_a", "十一月.xlsx", 'name="confirmed" value="yes"'):
        assert shown in text
    assert client.post(f"{URL}{delivery.pk}/undo/").context["counts"] == [("new persons", 7)]
    delivery.refresh_from_db()
    assert delivery.state == "applied"
    assert client.post(f"{URL}{delivery.pk}/undo/", {"confirmed": "yes"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "undone"
    assert AuditEvent.objects.filter(verb="delivery_undone").count() == 1


def test_without_lines_entries_are_counted(world, signed_in):
    delivery = world.delivery(applied_at=timezone.now(), preview={"changes": {"designations_opened": 1_234}})
    text = signed_in("clerk_a").get(f"{URL}{delivery.pk}/undo/").content.decode()
    assert "entries opened" in text
    assert "1,234" in text
    assert "No list of this feed: this was the first." in text


def test_what_can_no_longer_be_undone_says_so_before_asking(world, signed_in, applied):
    earlier, delivery = applied
    assert signed_in("clerk_a").get(f"{URL}{earlier.pk}/undo/").status_code == 409
    assert signed_in("township").get(f"{URL}{delivery.pk}/undo/").status_code == 403
    assert signed_in("clerk_b").get(f"{URL}{delivery.pk}/undo/").status_code == 404


def test_an_undone_file_offers_to_be_applied_again_and_then_shows_where(world, signed_in, tmp_path):
    stored = tmp_path / "data" / "deliveries" / "x"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"x")
    at = timezone.now()
    delivery = world.delivery(state="undone", applied_at=at, superseded_at=at, stored_path="deliveries/x")
    address = f"{URL}{delivery.pk}/"
    assert f"{address}again/" in signed_in("clerk_a").get(address).content.decode()
    assert f"{address}again/" not in signed_in("township").get(address).content.decode()
    assert signed_in("township").post(f"{address}again/").status_code == 403
    answer = signed_in("clerk_a").post(f"{address}again/")
    again = Delivery.objects.exclude(pk=delivery.pk).get()
    assert answer.headers["Location"] == f"{URL}{again.pk}/"
    assert (again.state, again.hold, again.received_by) == ("received", True, delivery.received_by)
    page = signed_in("clerk_a").get(address).content.decode()
    assert f"{address}again/" not in page
    assert f'<a href="{URL}{again.pk}/">' in page


def test_a_file_in_force_is_not_applied_again(world, signed_in):
    delivery = world.delivery()
    assert signed_in("clerk_a").post(f"{URL}{delivery.pk}/again/").status_code == 409
