"""What the app and the reader may do in the database, asked of the database itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from operations import grants

APP, READER = "grants_test_app", "grants_test_reader"
LAUNCHERS = ("poverty_pension_app", "poverty_pension_reader")
GROWS_ONLY = {"audit_auditevent", "audit_disclosure", "demo_demomark", "registry_rollsnapshot", "casework_caseevent"}


@pytest.fixture
def roles(db: None, settings: Settings) -> tuple[str, str]:
    """Take the launcher's two roles, or make two where a server of somebody else's lets us; grant them their rights."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(LAUNCHERS)])
        app, reader = LAUNCHERS if cursor.fetchone()[0] == 2 else (APP, READER)
        if app == APP:
            cursor.execute(f"CREATE ROLE {APP}; CREATE ROLE {READER}; GRANT {APP}, {READER} TO CURRENT_USER")
    settings.DATABASE_ROLES = replace(settings.DATABASE_ROLES, app=app, reader=reader)
    assert grants.apply_grants().endswith("tables")
    return app, reader


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_auditevent",
        "UPDATE audit_auditevent SET verb = 'x'",
        "TRUNCATE audit_auditevent",
        "DELETE FROM audit_disclosure",
        "DELETE FROM accounts_userevent",
        "UPDATE casework_caseevent SET id = id",
        "DELETE FROM registry_identitynumber",
        "TRUNCATE registry_person CASCADE",
        "DROP TABLE registry_person",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_app_cannot_change_the_logs_or_the_schema(roles, statement):
    with acting_as(roles[0]):
        assert is_refused(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_auditevent SELECT * FROM audit_auditevent WHERE false",
        "UPDATE nightly_nightrun SET id = id",
        "DELETE FROM django_session",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT nextval(pg_get_serial_sequence('registry_person', 'id'))",
        "SELECT ciphertext FROM registry_identitynumber",
        "SELECT * FROM django_migrations",
    ],
)
def test_app_can_do_its_work(roles, statement):
    with acting_as(roles[0]):
        assert not is_refused(statement)


def test_app_copies_into_temporary_tables(roles):
    with acting_as(roles[0]), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE passing (id int) ON COMMIT DROP")
        cursor.copy_expert("COPY passing FROM STDIN", StringIO("1\n"))
        cursor.execute("SELECT count(*) FROM passing")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT ciphertext FROM registry_identitynumber",
        "SELECT * FROM registry_identitynumber",
        "SELECT password FROM accounts_user",
        "SELECT token_hash FROM accounts_clienttoken",
        "SELECT * FROM django_session",
        "INSERT INTO registry_person DEFAULT VALUES",
        "UPDATE registry_person SET name = ''",
        "DELETE FROM registry_person",
        "SELECT nextval(pg_get_serial_sequence('registry_person', 'id'))",
    ],
)
def test_reader_cannot_write_or_see_secrets(roles, statement):
    with acting_as(roles[1]):
        assert is_refused(statement)


def test_reader_reads_the_rest(roles):
    with acting_as(roles[1]):
        assert not is_refused("SELECT id, blind_full, valid FROM registry_identitynumber")
        assert not is_refused("SELECT * FROM registry_person, audit_auditevent, regions_unit")
        assert not is_refused("SELECT username FROM accounts_user")


def test_every_column_that_sounds_secret_is_hidden_from_the_reader():
    secret = ("password", "secret", "ciphertext", "token_hash", "session_data", "recovery")
    found = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.concrete_fields
        if any(word in str(field.column) for word in secret)
        and field.column not in {"must_change_password", "first_password_until"}
    }
    hidden = {(table, column) for table, columns in grants.HIDDEN_COLUMNS.items() for column in columns}
    assert {each for each in found if each[0] not in grants.HIDDEN_TABLES} <= hidden


def test_what_only_grows_is_found_by_its_triggers():
    assert GROWS_ONLY.issubset(grants.protected_tables(pgtrigger.Update))
    assert GROWS_ONLY.issubset(grants.protected_tables(pgtrigger.Delete))
    assert "registry_identitynumber" not in grants.protected_tables(pgtrigger.Update)  # rotation
    assert "registry_designation" not in grants.protected_tables(pgtrigger.Update)  # superseded_at


def test_one_role_for_everything_needs_no_grants(db, settings):
    settings.DATABASE_ROLES = replace(settings.DATABASE_ROLES, app=settings.DATABASE_ROLES.owner)
    assert grants.apply_grants() == "one role does everything"
