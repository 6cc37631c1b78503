"""One-stop batches: compared, reviewed, approved, put into effect by the next night; who is excluded and left out, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, transaction

from casework.constants import GapKind
from casework.models import Gap
from coverage.models import Finding
from enrollment.constants import Outcome
from enrollment.models import Application, ApplicationStep, Enrollment, OneStopBatch
from enrollment.services.one_stop import (
    approve_batch,
    cancel_batch,
    compare,
    count_compared,
    propose_batch,
    review_batch,
)
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from tests.enrollment.batches import LATER, add, people, propose, put, sign
from tests.enrollment.conftest import rule
from tests.named_world import AS_OF, NOW

__all__ = ["add", "people"]


def test_everybody_with_such_a_gap_is_compared_by_the_kind_of_their_age(desk, office, people):
    desk.begin(people["busy"])
    found = {each.person_id: each for each in compare(county=office.county_a, day=NOW.date(), known=NOW)}
    shown = {
        name: (found[each.pk].kind, found[each.pk].outcome, found[each.pk].reasons)
        for name, each in people.items()
        if each.pk in found
    }
    assert shown == {
        "young": ("register", "eligible", ()),
        "old": ("direct_inclusion", "eligible", ()),
        "not_poor": ("direct_inclusion", "refused", ("NOT_POOR",)),
        "student": ("register", "refused", ("STUDENT",)),
        "busy": ("register", "refused", ("APPLICATION_OPEN",)),
    }
    outcomes, reasons = count_compared(found.values())
    assert outcomes == {"eligible register": 1, "eligible direct_inclusion": 1, "refused": 3}
    assert reasons == {"NOT_POOR": 1, "STUDENT": 1, "APPLICATION_OPEN": 1}


def test_one_act_signed_by_three_enrols_them_with_the_next_night(office, people):
    rule("books_kept_by", "portal")
    batch = propose(office)
    assert (batch.eligible, batch.excluded) == (3, 2)
    assert put(office) == 0, "not signed yet"
    sign(office, batch)
    assert Enrollment.objects.count() == 0, "before the night nothing is in effect"
    assert put(office) == 3
    assert put(office) == 0, "run again it does nothing more"
    batch.refresh_from_db()
    assert (batch.state, batch.ended_at) == ("effective", LATER)
    enrolled = Enrollment.objects.order_by("person").values_list("person", "draws", "valid_from")
    assert list(enrolled) == [
        (people["young"].pk, False, LATER.date()), (people["old"].pk, True, LATER.date()), (people["busy"].pk, False, LATER.date()),
    ]  # fmt: skip
    first = Application.objects.order_by("receipt_no").first()
    assert first is not None
    assert (first.receipt_no, first.state, first.batch, first.channel) == (
        f"320682-B{batch.pk}-000001",
        "effective",
        batch,
        "batch",
    )
    assert ApplicationStep.objects.filter(taken_by__username="approver_a", verb="grant").count() == 3
    lines = dict(batch.lines.values_list("person", "application__kind"))
    assert lines[people["old"].pk] == "direct_inclusion"
    assert lines[people["student"].pk] is None
    assert AuditEvent.objects.get(verb="put_one_stop_into_effect").detail == {"taken": 3, "left_out": 0}


def test_where_the_agency_keeps_the_books_they_are_granted_and_entered_one_by_one(desk, office, people):
    sign(office, propose(office, persons=[people["young"].pk]))
    assert put(office) == 1
    application = Application.objects.get()
    assert (application.state, Enrollment.objects.exists()) == ("granted", False)
    assert desk.step(application, "confirm", "clerk_a", LATER, entry_number="9").state == "effective"


def test_who_changed_since_is_left_out_and_named(desk, office, people):
    rule("books_kept_by", "portal")
    batch = sign(office, propose(office))
    Finding.objects.create(
        county=office.county_a, night_id=2, as_of_date=AS_OF, recorded_at=NOW + timedelta(hours=1), person=people["young"], kind="death",
        evidence_class="A", evidence={"value": "", "facts": [], "reports": [], "lines": []},
    )  # fmt: skip
    Gap.objects.filter(person=people["old"]).update(closed_at=LATER, closed_on=LATER.date())
    desk.begin(people["busy"])
    assert put(office) == 0
    assert dict(batch.lines.filter(outcome=Outcome.ELIGIBLE).values_list("person", "left_out")) == {
        people["young"].pk: ["DECEASED"], people["old"].pk: ["NO_OPEN_GAP"], people["busy"].pk: ["APPLICATION_OPEN"],
    }  # fmt: skip


def test_who_is_enrolled_from_a_later_day_on_is_left_out(desk, office, people):
    rule("books_kept_by", "portal")
    batch = sign(office, propose(office))
    other = desk.begin(people["lapsed"])
    Enrollment.objects.create(
        county=office.county_a, person=people["young"], application=other, draws=False, books="portal",
        valid_from=LATER.date() + timedelta(days=9), valid_to=LATER.date() + timedelta(days=90), recorded_at=NOW,
    )  # fmt: skip
    assert put(office) == 2
    line = batch.lines.get(person=people["young"])
    assert (line.application, line.left_out) == (None, ["ALREADY_ENROLLED"])
    assert Enrollment.objects.exclude(application=other).exists()


def test_it_can_be_cancelled_until_it_is_in_effect(office, people):
    rule("books_kept_by", "portal")
    batch = sign(office, propose(office))
    cancel_batch(actor=office.actor("clerk_a"), batch_id=batch.pk, at=NOW)
    assert put(office) == 0
    other = sign(office, propose(office))
    put(office)
    with pytest.raises(Conflict) as refusal:
        cancel_batch(actor=office.actor("clerk_a"), batch_id=other.pk, at=LATER)
    assert refusal.value.code == "step_not_possible"


def test_who_may_and_in_which_order(office, people):
    for name in ("village", "reviewer_a", "approver_a"):
        with pytest.raises(NotAllowed):
            propose(office, name)
    batch = propose(office)
    with pytest.raises(Conflict):
        approve_batch(actor=office.actor("approver_a"), batch_id=batch.pk, at=NOW)
    for name in ("clerk_a", "approver_a", "township"):
        with pytest.raises(NotAllowed):
            review_batch(actor=office.actor(name), batch_id=batch.pk, at=NOW)
    with pytest.raises(NotFound):
        cancel_batch(actor=office.actor("clerk_b"), batch_id=batch.pk, at=NOW)
    with pytest.raises(NotAllowed):
        cancel_batch(actor=office.actor("village"), batch_id=batch.pk, at=NOW)


def test_a_township_proposes_its_own_people_only(office, people):
    elsewhere = office.person("外", unit=office.other_township)
    office.gap(elsewhere, GapKind.UNINSURED)
    with pytest.raises(NotFound):
        propose(office, "township", [elsewhere.pk])
    batch = propose(office, "township")
    assert not batch.lines.filter(person=elsewhere).exists()


def test_a_batch_is_its_offices_and_those_above(office, people):
    batch = propose(office, "township", [people["young"].pk])
    beside = replace(office.actor("township"), unit_id=office.other_township.pk, unit_path=office.other_township.path)
    with pytest.raises(NotFound):
        cancel_batch(actor=beside, batch_id=batch.pk, at=NOW)
    assert sign(office, batch).state == "approved", "the county reviews and approves it"
    assert cancel_batch(actor=office.actor("township"), batch_id=batch.pk, at=NOW).state == "cancelled"


def test_nobody_eligible_is_no_batch(office, people):
    with pytest.raises(BadInput) as refusal:
        propose(office, persons=[people["student"].pk])
    assert refusal.value.code == "nobody_eligible"
    with pytest.raises(BadInput):
        propose_batch(actor=office.actor("clerk_a"), persons=None, day=LATER.date(), note="", at=NOW)


def test_the_database_takes_no_batch_and_no_application_of_it_without_signatures(desk, office, people):
    batch = propose(office)
    for state in ("reviewed", "approved"):
        with pytest.raises(Error), transaction.atomic():
            OneStopBatch.objects.filter(pk=batch.pk).update(state=state)
    draft = desk.begin(people["young"])
    for values in ({"state": "granted"}, {"state": "granted", "batch": batch, "content_hash": batch.content_hash}):
        with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
            Application.objects.create(
                county=office.county_a, person=people["old"], kind="register", channel="batch", opened_at=NOW,
                **({"content_hash": draft.content_hash} | values),
            )  # fmt: skip


def test_the_command_counts_and_proposes_for_a_user_of_the_demonstration(office, people, monkeypatch):
    out = StringIO()
    arguments = ["one_stop", "--county", "320682", "--on", "2019-01-02", "--as", "clerk_a"]
    monkeypatch.setattr("foundation.accounts.management.acting_as.is_lifted", lambda: False)
    with pytest.raises(CommandError):
        call_command(*arguments, stdout=out)
    monkeypatch.setattr("foundation.accounts.management.acting_as.is_lifted", lambda: True)
    call_command(*arguments, "--dry-run", stdout=out)
    assert "eligible direct_inclusion" in out.getvalue()
    assert not OneStopBatch.objects.exists()
    call_command(*arguments, stdout=out)
    assert OneStopBatch.objects.get().eligible == 3
    with pytest.raises(CommandError):
        call_command(*arguments[:-1], "clerk_b", stdout=out)
