"""The same thing sent twice at one moment is one: a file, an attachment. Each pair runs on two connections of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.primitives.clock import now
from registry.models import Attachment, Delivery, Person
from registry.services.person_file import attach
from registry.services.receiving import receive_file

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
PAIRS = 20


def twice(work: Callable[[], T]) -> list[T]:
    """Do the work in two threads that begin at the same moment."""
    both = Barrier(2)

    def one(_number: int) -> T:
        try:
            connection.ensure_connection()
            both.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(2)))


def test_a_file_sent_twice_at_once_is_one_delivery(county, tmp_path):
    actor = system_actor(county)
    for number in range(PAIRS):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"a,b\n{number},2\n", "utf-8")
        sent = twice(
            partial(
                receive_file, actor=actor, county=county, path=path, name="a.csv", as_of=date(2018, 12, 31), at=now()
            )
        )
        assert sent[0].pk == sent[1].pk
    assert Delivery.objects.count() == PAIRS


def test_an_attachment_sent_twice_at_once_is_one(county, tmp_path):
    user = User.objects.create(username="clerk", display_name="clerk")
    role = Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    actor = user_actor(role)
    person = Person.objects.create(county=county, unit=county, name="张三", created_at=now())
    for number in range(PAIRS):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"%%PDF-1.7 %d" % number)
        kept = twice(partial(attach, actor=actor, person_id=person.pk, path=path, name="证明.pdf", at=now()))
        assert kept[0].pk == kept[1].pk
    assert Attachment.objects.count() == PAIRS
