"""A county with people for a one-stop batch, one for each way it goes, and the acts on a batch in short."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from casework.constants import GapKind
from coverage.models import Finding
from enrollment.models import OneStopBatch
from enrollment.services.one_stop import approve_batch, propose_batch, put_batches_into_effect, review_batch
from foundation.accounts.actors import system_actor
from registry.models import Designation, Person
from tests.named_world import AS_OF, NOW, World, days_later, right_number

YOUNG, OLD = date(1980, 5, 5), date(1957, 6, 15)
LATER = days_later(1)


@pytest.fixture
def add(office: World) -> Callable[..., Person]:
    """Return a maker of uninsured people, born on a day."""

    def make(name: str, born: date, number: int, kind: GapKind = GapKind.UNINSURED) -> Person:
        person = office.person(name, right_number(f"320697{born:%Y%m%d}{number:03d}"))
        person.birth_date = born
        person.save()
        office.gap(person, kind, "never_enrolled")
        return person

    return make


@pytest.fixture
def people(office: World, add: Callable[..., Person]) -> dict[str, Person]:
    found = {
        "young": add("甲", YOUNG, 1),
        "old": add("乙", OLD, 2),
        "not_poor": add("丙", OLD, 3),
        "student": add("丁", YOUNG, 4),
        "busy": add("戊", YOUNG, 5),
        "lapsed": add("己", YOUNG, 6, GapKind.LAPSED),
    }
    delivery = office.delivery("dibao")
    row = delivery.rows.create(row=2, person=found["old"], name="乙", number_state="ok", record_key="dibao|1")
    Designation.objects.create(
        person=found["old"], county=office.county_a, kind="dibao", record_key="dibao|1", status="full", valid_from=AS_OF, row=row,
        recorded_at=NOW,
    )  # fmt: skip
    Finding.objects.create(
        county=office.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=found["student"], kind="student",
        evidence={"value": "", "facts": [], "reports": [], "lines": []},
    )  # fmt: skip
    return found


def propose(world: World, by: str = "clerk_a", persons: list[int] | None = None) -> OneStopBatch:
    return propose_batch(actor=world.actor(by), persons=persons, day=NOW.date(), note="", at=NOW)


def sign(world: World, batch: OneStopBatch) -> OneStopBatch:
    review_batch(actor=world.actor("reviewer_a"), batch_id=batch.pk, at=NOW)
    return approve_batch(actor=world.actor("approver_a"), batch_id=batch.pk, at=NOW)


def put(world: World) -> int:
    return put_batches_into_effect(actor=system_actor(world.county_a), county=world.county_a, at=LATER)
