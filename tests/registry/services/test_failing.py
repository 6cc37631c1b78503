"""A delivery whose processing meets an unforeseen error or a dying worker ends failed: a number to quote, tried again, discarded."""

import errno
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import translation

from foundation.audit.models import AuditEvent
from foundation.jobs import attempts
from foundation.jobs.holding import held
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from registry.constants import DeliveryState
from registry.intake.errors import sentence
from registry.models import Delivery
from registry.services import receiving
from registry.services.approving import discard_delivery
from registry.services.failing import retry_delivery
from registry.services.receiving import process_delivery, receive_file
from registry.tasks import process_delivery_task
from tests import senders
from tests.plugins.month import PEOPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(county, as_system, tmp_path) -> Delivery:
    path = senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE)
    return receive_file(actor=as_system, county=county, path=path, name=path.name, as_of=date(2018, 12, 31), at=now())


@pytest.fixture
def breaking(monkeypatch):
    """Return a function that makes reading a file end with an error."""

    def break_with(error: Exception) -> None:
        def give_up(_delivery: object) -> None:
            raise error

        monkeypatch.setattr(receiving, "read_delivery", give_up)

    return break_with


def test_in_the_foreground_the_first_error_ends_it_with_a_number(as_system, sent, breaking):
    breaking(ZeroDivisionError("张三 320697199001010010"))
    delivery = process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    assert (delivery.state, len(delivery.failure_number)) == (DeliveryState.FAILED, 9)
    assert delivery.failure_number in sentence(delivery.refusal)
    told = f"{delivery.refusal}{AuditEvent.objects.get(verb='delivery_failed').detail}"
    assert "张三" not in told
    assert "320697" not in told
    assert process_delivery(actor=as_system, delivery_id=sent.pk, at=now()).state == DeliveryState.FAILED


def test_a_worker_tries_a_bounded_number_of_times(sent, breaking):
    breaking(ZeroDivisionError("x"))
    states = []
    for _ in range(attempts.MOST_FAILURES):
        process_delivery_task(sent.pk)
        states.append(Delivery.objects.get().state)
    assert states == [DeliveryState.RECEIVED] * (attempts.MOST_FAILURES - 1) + [DeliveryState.FAILED]
    assert not Delivery.objects.waiting().exists()


def test_a_file_that_kills_its_worker_ends_too(as_system, sent):
    Delivery.objects.update(attempts=attempts.MOST_BEGUN)
    process_delivery_task(sent.pk)
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_a_lost_connection_is_not_the_fault_of_the_file(as_system, sent, breaking):
    breaking(OperationalError("server closed the connection"))
    with pytest.raises(OperationalError):
        process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    assert Delivery.objects.get().state == DeliveryState.RECEIVED


def test_a_full_disk_is_said(as_system, sent, breaking):
    breaking(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    delivery = process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    assert (delivery.state, delivery.refusal["code"]) == (DeliveryState.FAILED, "disk_full")


def test_tried_again_it_is_applied_and_its_attempts_are_forgotten(as_system, sent, breaking, monkeypatch):
    breaking(ZeroDivisionError("x"))
    process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    monkeypatch.undo()
    assert retry_delivery(actor=as_system, delivery_id=sent.pk).state == DeliveryState.RECEIVED
    process_delivery_task(sent.pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.failure_number) == (DeliveryState.APPLIED, 0, "")
    with pytest.raises(Conflict):
        retry_delivery(actor=as_system, delivery_id=sent.pk)


def test_it_is_discarded_or_sent_anew(county, as_system, sent, breaking, monkeypatch, tmp_path):
    breaking(ZeroDivisionError("x"))
    process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    monkeypatch.undo()
    path = tmp_path / "建档立卡.xlsx"
    again = receive_file(actor=as_system, county=county, path=path, name=path.name, as_of=date(2018, 12, 31), at=now())
    assert (again.pk, again.state, again.failure_number) == (sent.pk, DeliveryState.RECEIVED, "")
    breaking(ZeroDivisionError("x"))
    process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    assert discard_delivery(actor=as_system, delivery_id=sent.pk).state == DeliveryState.REFUSED


def test_the_command_says_it_and_ends_with_3(county, tmp_path, breaking, capsys):
    breaking(ZeroDivisionError("x"))
    path = senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE)
    with pytest.raises(CommandError) as refused:
        call_command("receive", path, county="320682", as_of=date(2018, 12, 31))
    assert refused.value.returncode == 3
    assert Delivery.objects.get().failure_number in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_what_another_process_has_is_left_to_it(county, as_system, tmp_path):
    path = Path(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    sent = receive_file(actor=as_system, county=county, path=path, name=path.name, as_of=date(2018, 12, 31), at=now())

    def other() -> None:
        try:
            process_delivery(actor=as_system, delivery_id=sent.pk, at=now(), wait=False)
        finally:
            connection.close()

    with held("delivery", sent.pk) as is_held:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert is_held
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == (DeliveryState.RECEIVED, 0)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "needs more memory than a worker has"),
        (SoftTimeLimitExceeded(), "took longer than a worker may"),
    ],
)
def test_at_a_limit_a_file_ends_at_once_with_its_own_sentence(sent, breaking, error, words):
    breaking(error)
    process_delivery_task(sent.pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 1)
    with translation.override("en"):
        told = sentence(delivery.refusal)
    assert words in told
    assert delivery.failure_number in told


LITTLE_MEMORY = """
import django
django.setup()
from poverty_pension import celery
from registry.tasks import process_delivery_task
from foundation.jobs.limits import limit_memory
if {spare}:
    [data] = [int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmData")]
    limit_memory(data + {spare})
process_delivery_task({delivery})
"""


@pytest.mark.django_db(transaction=True)
def test_a_file_too_large_for_its_worker_ends_with_a_sentence_and_the_next_is_processed(county, as_system, tmp_path):
    """In a child with 150 MB to spare three million lines; then, in the next child, a month's list."""
    line = "张三,320697195003050020,知青村,2018-12-01\n" * 100_000
    large, small = tmp_path / "死亡名单.csv", senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE)
    with large.open("w", encoding="utf-8") as file:
        file.write("姓名,身份证号,村,死亡日期\n")
        for _ in range(30):
            file.write(line)
    ids = [
        receive_file(actor=as_system, county=county, path=path, name=path.name, as_of=date(2018, 12, 31), at=now()).pk
        for path in (large, small)
    ]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR)}
    for delivery, spare in zip(ids, (150 << 20, 0), strict=True):
        program = LITTLE_MEMORY.format(delivery=delivery, spare=spare)
        subprocess.run([sys.executable, "-c", program], env=environment, cwd=settings.BASE_DIR, check=True, timeout=120)
    first, second = Delivery.objects.order_by("pk")
    assert (first.state, first.refusal["code"]) == (DeliveryState.FAILED, "too_much_memory")
    assert second.state == DeliveryState.APPLIED
