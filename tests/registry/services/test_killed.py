"""A delivery whose process is killed with -9, for real: half of it is never there, and the next worker applies it whole."""

from datetime import date

import pytest

from foundation.accounts.actors import system_actor
from foundation.primitives.clock import now
from registry.models import DeliveredRow, Delivery, DeliveryProblem, Designation, Person, RollSnapshot
from registry.services.receiving import process_delivery, receive_file
from tests import senders
from tests.hanging_worker import hanging_worker
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [{"name": f"人{n}", "number": make_number("19700101", n), "household": n} for n in range(30)]
WORK = """
from foundation.accounts.actors import system_actor
from foundation.primitives.clock import now
from registry.models import Delivery
delivery = Delivery.objects.get()
place.process_delivery(actor=system_actor(delivery.county), delivery_id=delivery.pk, at=now())
"""


@pytest.mark.parametrize("feed", ["poverty", "resident"])
def test_a_killed_delivery_is_applied_whole_by_the_next_worker(county, tmp_path, feed):
    if feed == "poverty":
        path = senders.poverty(tmp_path / "建档立卡.xlsx", [*PEOPLE, {"name": "无号", "number": ""}])
    else:
        lines = [senders.resident_row(f"R{n}", str(each["name"]), str(each["number"])) for n, each in enumerate(PEOPLE)]
        path = senders.resident(tmp_path / "居保.zip", lines)
    actor = system_actor(county)
    receive_file(actor=actor, county=county, path=path, name=path.name, as_of=date(2018, 12, 31), at=now())
    with hanging_worker(
        module="registry.services.receiving", function="_apply_feed", work=WORK, sign=tmp_path / "sign"
    ):
        assert Delivery.objects.get().state == "received"
    for table in (Person, Designation, DeliveredRow, DeliveryProblem, RollSnapshot):
        assert not table.objects.exists()
    applied = process_delivery(actor=actor, delivery_id=Delivery.objects.get().pk, at=now())
    assert applied.state == "applied"
    assert Person.objects.count() == (31 if feed == "poverty" else 0)
    assert RollSnapshot.objects.count() == (0 if feed == "poverty" else 1)
