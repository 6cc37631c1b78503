"""Seals over the audit logs: verification reports whatever a user with all rights in the database does to sealed rows."""

import json
import threading
import time
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from foundation.audit import sealing
from foundation.audit.models import AuditEvent, AuditSeal, Disclosure
from foundation.audit.models.seal import SealedLog
from foundation.audit.sealing import seal_logs, verify_log, witness_file
from foundation.audit.services import Event, record_disclosure, record_events
from foundation.primitives.clock import now

Seal = Callable[[], list[AuditSeal]]
TABLES = ("audit_auditevent", "audit_disclosure", "audit_auditseal")


@pytest.fixture
def seal(db, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks) -> Seal:
    settings.DATA_DIR = tmp_path

    def seal_now() -> list[AuditSeal]:
        with django_capture_on_commit_callbacks(execute=True):
            return seal_logs(at=now())

    return seal_now


def write(count: int) -> None:
    record_events(actor=None, events=[Event("look", "person", each, detail={"n": each}) for each in range(count)])
    record_disclosure(actor=None, recipient="r", purpose="p", legal_basis="b", fields=["f"], row_count=count)


def tamper(statement: str, *values: int | str) -> None:
    """Do what triggers forbid, as a user who may switch them off."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def problems(log: SealedLog = SealedLog.EVENTS) -> str:
    return " ".join(verify_log(log).problems)


def test_untouched_logs_verify_and_new_rows_are_counted(seal):
    write(5)
    assert {made.log: made.row_count for made in seal()} == {"events": 5, "disclosures": 1}
    write(3)
    found = verify_log(SealedLog.EVENTS)
    assert (found.seals, found.sealed_rows, found.unsealed_rows, found.problems) == (1, 5, 3, ())
    seal()
    assert seal() == []
    assert verify_log(SealedLog.EVENTS).unsealed_rows == 0
    assert (problems(), problems(SealedLog.DISCLOSURES)) == ("", "")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_auditevent SET detail = '{}' WHERE object_id = '2'",
        "UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE object_id = '2'",
        "UPDATE audit_auditevent SET actor_id = 0 WHERE object_id = '2'",
        "UPDATE audit_auditevent SET deputy_for_name = 'x' WHERE object_id = '2'",
    ],
)
def test_a_changed_row_is_noticed(seal, change):
    write(5)
    seal()
    tamper(change)
    assert "a row was changed" in problems()


def test_a_removed_and_an_inserted_row_are_noticed(seal):
    write(5)
    seal()
    first = AuditEvent.objects.earliest("id").pk
    tamper("DELETE FROM audit_auditevent WHERE id = %s", first)
    assert "4 rows now, 5 when sealed" in problems()
    columns = (
        "actor_kind, actor_name, role, unit_code, verb, object_type, object_id, outcome, purpose, detail, request_id"
    )
    tamper(
        f"INSERT INTO audit_auditevent (id, at, {columns}) SELECT %s, at, {columns} FROM audit_auditevent WHERE id = %s",
        first,
        first + 1,
    )
    assert "a row was changed" in problems()
    tamper(
        f"INSERT INTO audit_auditevent (id, at, {columns}) SELECT -1, at, {columns} FROM audit_auditevent WHERE id = %s",
        first,
    )
    assert "before the first id" in problems()


def test_a_changed_disclosure_is_noticed(seal):
    write(1)
    seal()
    tamper("UPDATE audit_disclosure SET row_count = 0")
    assert "a row was changed" in problems(SealedLog.DISCLOSURES)


def test_a_seal_made_to_fit_the_changed_rows_is_not_signed_by_us(seal):
    write(5)
    seal()
    tamper("DELETE FROM audit_auditevent WHERE object_id = '4'")
    (stretch,) = sealing._measure(
        SealedLog.EVENTS, [AuditSeal.objects.filter(log="events").values_list("from_id", "to_id")[0]]
    )
    tamper(
        "UPDATE audit_auditseal SET row_count = %s, rows_sha256 = %s WHERE log = 'events'",
        stretch.row_count,
        stretch.rows_sha256,
    )
    assert "not signed" in problems()


def test_a_seal_signed_anew_with_the_key_breaks_the_one_after_it(seal):
    """Each signature covers the one before: who holds the key must sign all later seals anew, and the witness knows them."""
    for _each in range(2):
        write(2)
        seal()
    first, second = AuditSeal.objects.filter(log="events").order_by("from_id")
    tamper(
        "UPDATE audit_auditevent SET verb = 'x' WHERE id = (SELECT min(id) FROM audit_auditevent WHERE id >= %s)",
        first.from_id,
    )
    (measured,) = sealing._measure(SealedLog.EVENTS, [(first.from_id, first.to_id)])
    first.rows_sha256 = measured.rows_sha256
    signature = sealing.sign(first, sealing.NOTHING_BEFORE)
    tamper(
        "UPDATE audit_auditseal SET rows_sha256 = %s, signature = %s WHERE id = %s",
        measured.rows_sha256,
        signature,
        first.pk,
    )
    assert f"Seal {second.pk} " in problems()
    assert f"Seal {first.pk} " not in problems()


def test_a_seal_taken_out_of_the_middle_or_cut_off_is_missed(seal):
    for _ in range(3):
        write(2)
        seal()
    second = AuditSeal.objects.filter(log="events").order_by("pk")[1]
    tamper("DELETE FROM audit_auditseal WHERE id = %s", second.pk)
    assert "A seal is missing" in problems()
    tamper("DELETE FROM audit_auditseal WHERE log = 'events' AND id > %s", second.pk)
    tamper("DELETE FROM audit_auditevent WHERE id >= %s", second.from_id)
    found = problems()
    assert found.count("The witness file has a seal") == 2
    witness_file().unlink()
    assert "witness file" in problems()


def test_a_long_log_is_sealed_in_ranges_of_one_chain(seal, monkeypatch):
    monkeypatch.setattr(sealing, "ROWS_PER_SEAL", 4)
    write(10)
    assert [made.row_count for made in seal() if made.log == "events"] == [4, 4, 2]
    assert problems() == ""
    lines = [json.loads(line) for line in witness_file().read_text().splitlines()]
    assert len(lines) == AuditSeal.objects.count() == 4


def test_the_command_tells_and_ends_with_an_error_when_something_is_wrong(seal):
    write(2)
    out = StringIO()
    call_command("verify_audit", "--seal", stdout=out)
    assert "2 not yet sealed" in out.getvalue()
    assert "sealed events: ids" in out.getvalue()
    AuditSeal.objects.count()
    tamper("UPDATE audit_auditevent SET verb = 'x'")
    with pytest.raises(CommandError, match="problems"):
        call_command("verify_audit", stdout=out)


@pytest.mark.django_db(transaction=True)
def test_a_row_of_a_transaction_still_open_is_waited_for(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    taken, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            write(1)
            taken.set()
            go_on.wait(10)
            time.sleep(0.5)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    taken.wait(10)
    write(1)
    assert seal_logs(at=now(), patience_seconds=0.1) == []
    go_on.set()
    assert [made.row_count for made in seal_logs(at=now()) if made.log == "events"] == [2]
    slow.join()
    assert Disclosure.objects.count() == 2
    assert verify_log(SealedLog.EVENTS).problems == ()
