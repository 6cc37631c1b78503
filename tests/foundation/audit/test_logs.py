"""The two logs are append-only for every writer, and contain what an auditor needs."""

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.audit.models import AuditEvent, Disclosure
from foundation.audit.models.event import ActorKind, Outcome
from foundation.audit.services import Event, record_disclosure, record_event, record_events
from foundation.primitives import request_number

pytestmark = pytest.mark.django_db


class Clerk:
    """Somebody who acts, as plain values."""

    user_id: int | None = 7
    client_id: int | None = None
    username = "clerk_a"
    role = "county_clerk"
    unit_code = "320682000000"
    deputy_for_id: int | None = None
    deputy_for_name = ""


class Department(Clerk):
    """Another department's system."""

    user_id = None
    client_id = 3
    username = "civil affairs"


@pytest.fixture
def event():
    return record_event(actor=Clerk(), verb="take_case", object_type="case", object_id=12, detail={"count": 1})


@pytest.fixture
def disclosure():
    return record_disclosure(
        actor=Department(),
        recipient="civil affairs",
        purpose="dibao review",
        legal_basis="社会救助暂行办法",
        fields=["verdict"],
        row_count=3,
    )


def test_an_event_says_who_what_when_and_how_it_ended(event):
    event.refresh_from_db()
    assert (event.actor_kind, event.actor_id, event.actor_name) == (ActorKind.USER, 7, "clerk_a")
    assert (event.role, event.unit_code) == ("county_clerk", "320682000000")
    assert (event.verb, event.object_type, event.object_id, event.outcome) == ("take_case", "case", "12", Outcome.DONE)
    assert event.at is not None


def test_actors_of_every_kind_are_distinguished(disclosure):
    assert (disclosure.actor_kind, disclosure.actor_id) == (ActorKind.CLIENT, 3)
    assert record_event(actor=None, verb="sign_in", outcome=Outcome.REFUSED).actor_kind == ActorKind.ANONYMOUS


def test_an_event_quotes_the_number_of_its_request():
    number = request_number.new_request_number()
    try:
        assert record_event(actor=Clerk(), verb="look").request_id == number
    finally:
        request_number.forget_request_number()
    assert record_event(actor=Clerk(), verb="look").request_id == ""


def test_many_events_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        record_events(actor=Clerk(), events=[Event("look", "person", each, Outcome.READ) for each in range(500)])
    assert AuditEvent.objects.filter(outcome=Outcome.READ).count() == 500


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_disclosure"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET role = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_changes_a_log(event, disclosure, table, statement):
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert AuditEvent.objects.count() == Disclosure.objects.count() == 1


@pytest.mark.parametrize("missing", ["recipient", "purpose", "legal_basis"])
def test_a_disclosure_without_a_reason_is_refused(missing):
    values = {"recipient": "r", "purpose": "p", "legal_basis": "b", "fields": ["verdict"], "row_count": 1} | {
        missing: ""
    }
    with pytest.raises(DatabaseError, match="disclosure_names"), transaction.atomic():
        record_disclosure(actor=Clerk(), **values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_starts_with_empty_logs_that_still_refuse(turn):
    assert AuditEvent.objects.count() == 0
    record_event(actor=Clerk(), verb="look")
    with pytest.raises(DatabaseError, match="pgtrigger"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditevent")
