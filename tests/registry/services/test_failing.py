"""A delivery whose processing meets an unforeseen error or a dying worker ends failed: a number to quote, tried again, discarded."""

import errno
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

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
