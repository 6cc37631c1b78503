"""Who made a change and who signed in: cannot be deleted, says what it said first, and is sealed like the audit log."""

import uuid

import pgtrigger
import pytest
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog, AccessLog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pghistory.models import Context

from foundation.audit.models import ContextEntry
from foundation.audit.models.seal import SealedLog
from foundation.audit.sealing import seal_logs, verify_log
from operations.grants import _for_app, protected_tables

pytestmark = pytest.mark.django_db
TABLES = {
    SealedLog.CONTEXTS: "pghistory_context",
    SealedLog.SIGN_INS: "axes_accesslog",
    SealedLog.FAILED_SIGN_INS: "axes_accessfailurelog",
}
CHANGES = {
    SealedLog.CONTEXTS: "UPDATE pghistory_context SET metadata = metadata || '{\"user\": 99}'",
    SealedLog.SIGN_INS: "UPDATE axes_accesslog SET username = 'else'",
    SealedLog.FAILED_SIGN_INS: "UPDATE axes_accessfailurelog SET ip_address = '10.0.0.9'",
}


@pytest.fixture
def written(settings, tmp_path, django_capture_on_commit_callbacks):
    """A request with changes, a sign-in and a wrong password, sealed."""
    settings.DATA_DIR = tmp_path
    Context.objects.create(id=uuid.uuid4(), metadata={"user": 7, "role": "county_clerk", "deputy_for": None})
    tried = {"username": "clerk_a", "ip_address": "10.0.0.1", "user_agent": "x", "http_accept": "y", "path_info": "/"}
    AccessLog.objects.create(**tried)
    AccessFailureLog.objects.create(**tried, locked_out=True)
    with django_capture_on_commit_callbacks(execute=True):
        seal_logs(at=timezone.now())


def execute(statement: str, *, without_triggers: str = "") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if without_triggers:
            cursor.execute(f"ALTER TABLE {without_triggers} DISABLE TRIGGER USER")
        cursor.execute(statement)
        if without_triggers:
            cursor.execute(f"ALTER TABLE {without_triggers} ENABLE TRIGGER USER")


@pytest.mark.parametrize("log", TABLES)
def test_nothing_is_deleted_or_truncated(written, log):
    for statement in (f"DELETE FROM {TABLES[log]}", f"TRUNCATE {TABLES[log]} CASCADE"):
        with pytest.raises(DatabaseError, match="pgtrigger"):
            execute(statement)
    assert verify_log(log).problems == ()


def test_the_app_role_has_no_right_to_delete_them():
    granted = list(_for_app("app", connection.introspection.table_names()))
    (revoked,) = [line for line in granted if line.startswith("REVOKE DELETE ON")]
    for table in (*TABLES.values(), "audit_contextentry"):
        assert f'"{table}"' in revoked
        assert table in protected_tables(pgtrigger.Delete)


@pytest.mark.parametrize("log", [SealedLog.SIGN_INS, SealedLog.FAILED_SIGN_INS])
def test_a_sign_in_is_not_changed(written, log):
    with pytest.raises(DatabaseError, match="pgtrigger"):
        execute(CHANGES[log])


def test_only_the_end_of_a_sign_in_is_added(written):
    AccessLog.objects.update(logout_time=timezone.now())
    assert AccessLog.objects.get().logout_time is not None
    assert verify_log(SealedLog.SIGN_INS).problems == ()


def test_a_context_may_gain_what_it_did_not_state_and_loses_nothing(written):
    execute('UPDATE pghistory_context SET metadata = \'{"deputy_for": 4, "user": 99, "more": 1}\'')
    stated = Context.objects.get().metadata
    assert stated == {"user": 7, "role": "county_clerk", "deputy_for": 4, "more": 1}
    assert verify_log(SealedLog.CONTEXTS).problems == ()


@pytest.mark.parametrize("log", TABLES)
@pytest.mark.parametrize("act", ["change", "delete"])
def test_whoever_owns_the_database_is_noticed(written, log, act):
    assert verify_log(log).sealed_rows == 1
    execute(CHANGES[log] if act == "change" else f"DELETE FROM {TABLES[log]}", without_triggers=TABLES[log])
    assert verify_log(log).problems != ()


def test_no_number_of_failed_sign_ins_makes_an_earlier_one_go():
    tried = {"username": "clerk_a", "ip_address": "10.0.0.1", "user_agent": "x", "http_accept": "y", "path_info": "/"}
    AccessFailureLog.objects.bulk_create(AccessFailureLog(**tried) for _ in range(1001))
    assert AxesDatabaseHandler().remove_out_of_limit_failure_logs(username="clerk_a") == 0
    assert AccessFailureLog.objects.count() == 1001


def test_every_context_of_a_request_is_entered_once(client, django_user_model):
    before = ContextEntry.objects.count()
    context = Context.objects.create(id=uuid.uuid4(), metadata={"user": 1})
    context.metadata = {"user": 1, "unit": "x"}
    context.save()
    assert ContextEntry.objects.count() == before + 1
    assert ContextEntry.objects.latest("id").context_id == context.pk
