"""A list that waits for parts shows them, and asks before it is declared complete: what changes, and why."""

import pytest
from django.utils import timezone

from registry.models import Delivery

URL = "/deliveries/"
PART = "白蒲镇贫困人口.csv"


@pytest.fixture
def half(world) -> Delivery:
    at = timezone.now()
    return world.delivery(
        feed="poverty",
        file_name="长江镇贫困人口.csv",
        applied_at=at,
        missing_parts=[PART],
        row_counts={"rows": 1, "changes": {}},
    )


def test_the_page_names_the_missing_parts_and_leads_to_the_question(half, signed_in):
    text = signed_in("clerk_a").get(f"{URL}{half.pk}/").content.decode()
    assert PART in text
    assert f'href="{URL}{half.pk}/complete/"' in text


def test_it_asks_first_and_keeps_nothing(half, signed_in):
    page = signed_in("clerk_a").get(f"{URL}{half.pk}/complete/")
    assert page.status_code == 200
    assert PART in page.content.decode()
    half.refresh_from_db()
    assert half.completed_at is None


def test_a_reason_is_demanded(half, signed_in):
    page = signed_in("clerk_a").post(f"{URL}{half.pk}/complete/", {"reason": " "})
    assert page.status_code == 422
    half.refresh_from_db()
    assert half.completed_at is None


def test_with_a_reason_it_is_complete(half, signed_in):
    client = signed_in("clerk_a")
    assert client.post(f"{URL}{half.pk}/complete/", {"reason": "白蒲镇没有"}).headers["Location"] == f"{URL}{half.pk}/"
    half.refresh_from_db()
    assert (half.completed_by, half.completion["reason"]) == ("clerk_a", "白蒲镇没有")
    text = client.get(f"{URL}{half.pk}/").content.decode()
    assert "白蒲镇没有" in text
    assert f"{URL}{half.pk}/complete/" not in text
    assert client.post(f"{URL}{half.pk}/complete/", {"reason": "又"}).status_code == 409


def test_a_township_can_only_say_so(half, signed_in):
    client = signed_in("township")
    assert "Say that the list is complete" in client.get(f"{URL}{half.pk}/complete/").content.decode()
    assert client.post(f"{URL}{half.pk}/complete/", {"reason": "白蒲镇没有"}).status_code == 302
    half.refresh_from_db()
    assert (half.completed_at, half.completion["stated_by"]) == (None, "township")
    assert "township" in signed_in("clerk_a").get(f"{URL}{half.pk}/complete/").content.decode()


def test_others_may_not(half, signed_in):
    assert signed_in("clerk_b").get(f"{URL}{half.pk}/complete/").status_code == 404
    assert signed_in("supervisor").post(f"{URL}{half.pk}/complete/", {"reason": "x"}).status_code == 403
    assert f"{URL}{half.pk}/complete/" not in signed_in("supervisor").get(f"{URL}{half.pk}/").content.decode()


def test_a_whole_list_is_not_asked_about(world, signed_in):
    whole = world.delivery(applied_at=timezone.now())
    client = signed_in("clerk_a")
    assert f"{URL}{whole.pk}/complete/" not in client.get(f"{URL}{whole.pk}/").content.decode()
    assert client.get(f"{URL}{whole.pk}/complete/").status_code == 409
