"""Races of applications, enrolments and one-stop batches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from casework.constants import GapKind
from enrollment.models import Application, ApplicationChange, Enrollment, OneStopBatch
from enrollment.services.changes import number_changes
from enrollment.services.effects import bring_about
from enrollment.services.one_stop import approve_batch, propose_batch, put_batches_into_effect, review_batch
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import Given, take_step, withdraw_sent
from foundation.accounts.actors import Actor, client_actor, system_actor
from foundation.accounts.constants import Role
from foundation.accounts.services import issue_client_token
from foundation.policy.models import ParameterValue
from foundation.policy.services.reading import read_parameters
from foundation.regions.models import Unit
from registry.models import Person
from registry.services.bank_accounts import make_current, store_account
from tests.enrollment.conftest import NEEDED
from tests.locks.making import Made
from tests.locks.meetings import Meeting, second_refused, shows, twice
from tests.locks.racing import Act, Outcome
from tests.named_world import NOW

OWN_RULES = {"application_papers": {}, "books_kept_by": "portal"}


def rules() -> None:
    """Write the rules of applications once: nothing needs a paper, the portal keeps the books."""
    for name, value in OWN_RULES.items():
        ParameterValue.objects.filter(name=name).update(value=value)
    there = set(ParameterValue.objects.values_list("name", flat=True))
    ParameterValue.objects.bulk_create(
        ParameterValue(
            name=each.name,
            value=OWN_RULES.get(each.name, each.value),
            is_none_here=each.is_none_here,
            unit=each.unit,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            source=each.source,
        )
        for each in read_parameters()
        if each.name in NEEDED - there and not each.region_code
    )


def begun(made: Made, county: Unit | None = None, kind: str = "register", **values: Any) -> Application:
    """Begin an application of somebody new in a county of its own."""
    rules()
    county = county or made.county()
    person = made.world.person("张三", county=county, unit=county)
    actor = made.actor(Role.COUNTY_CLERK, county)
    content = Content(**values)
    return begin_application(actor=actor, person_id=person.pk, kind=kind, channel="county", content=content, at=NOW)


def step(actor: Actor, application: Application, verb: str) -> Application:
    return take_step(actor=actor, application_id=application.pk, verb=verb, version=1, at=NOW)


def batch(made: Made) -> OneStopBatch:
    """Propose a batch of one in a county of its own."""
    rules()
    county = made.county()
    person = made.world.person("张三", made.number(), county=county, unit=county)
    Person.objects.filter(pk=person.pk).update(birth_date=date(1980, 5, 5))
    made.world.gap(person, GapKind.UNINSURED)
    clerk = made.actor(Role.COUNTY_CLERK, county)
    return propose_batch(actor=clerk, persons=[person.pk], day=NOW.date(), note="", at=NOW)


@shows("enrollment/services/preparing.py::lock_application")
def two_submit_an_application(made: Made) -> Meeting:
    application = begun(made)
    actor = made.actor(Role.COUNTY_CLERK, application.county)
    return twice(lambda: step(actor, application, "submit"), "step_not_possible")


@shows("enrollment/services/steps.py::_next_receipt")
def two_applications_are_accepted(made: Made) -> Meeting:
    first = begun(made)
    second = begun(made, first.county)
    actor = made.actor(Role.COUNTY_CLERK, first.county)
    for each in (first, second):
        step(actor, each, "submit")
    return Meeting(
        lambda: step(actor, first, "accept"),
        lambda: step(actor, second, "accept"),
        lambda outcome: not outcome.refused,
    )


@shows("enrollment/services/effects.py::_enrol")
def a_person_is_enrolled_by_two_applications(made: Made) -> Meeting:
    claim = begun(made, kind="claim")
    actor = made.actor(Role.COUNTY_APPROVER, claim.county)
    other = Application.objects.create(
        county=claim.county, person=claim.person, kind="early_draw", channel="county", content_hash="0" * 64, opened_at=NOW
    )  # fmt: skip
    Enrollment.objects.create(
        county=claim.county, person=claim.person, application=other, draws=False, books="portal", recorded_at=NOW - timedelta(days=9),
        valid_from=NOW.date() - timedelta(days=9),
    )  # fmt: skip
    return Meeting(
        lambda: bring_about(actor=actor, application=claim, at=NOW),
        lambda: bring_about(actor=actor, application=other, at=NOW),
        second_refused("already_enrolled"),
    )


@shows("enrollment/services/effects.py::_issue_identity")
def two_temporary_identities_are_issued(made: Made) -> Meeting:
    first = begun(made, kind="temporary_identity", details={"place_found": "希望村"})
    second = begun(made, first.county, kind="temporary_identity", details={"place_found": "希望村"})
    actor = made.actor(Role.COUNTY_APPROVER, first.county)
    return Meeting(
        lambda: bring_about(actor=actor, application=first, at=NOW),
        lambda: bring_about(actor=actor, application=second, at=NOW),
        lambda outcome: not outcome.refused,
    )


@shows("enrollment/services/changes.py::number_changes")
def two_readers_number_changes(made: Made) -> Meeting:
    """Whoever sees a number sees all lower ones: the second reader does not go on behind what the first has not committed."""
    rules()
    people = [made.world.person("张三", county=county, unit=county) for county in (made.county(), made.county())]
    clerks = [made.actor(Role.COUNTY_CLERK, person.county) for person in people]
    number_changes()  # what is left of others both would wait for

    def begin_and_number(place: int) -> list[int]:
        application = begin_application(
            actor=clerks[place],
            person_id=people[place].pk,
            kind="register",
            channel="county",
            content=Content(),
            at=NOW,
        )
        number_changes()
        own = ApplicationChange.objects.get(application=application).pk
        return [own, *ApplicationChange.objects.filter(pk__lt=own).values_list("pk", flat=True)]

    def none_missed(outcome: Outcome) -> bool:
        return not outcome.refused and outcome.first[0] in outcome.second  # type: ignore[index, operator]

    return Meeting(lambda: begin_and_number(0), lambda: begin_and_number(1), none_missed)


@shows("enrollment/services/preparing.py::lock_sent")
def an_office_submits_what_its_system_withdraws(made: Made) -> Meeting:
    rules()
    county = made.county()
    person = made.world.person("张三", county=county, unit=county)
    token, _text = issue_client_token(
        actor=system_actor(county),
        name="民政局",
        unit=county,
        verbs=["send_applications"],
        expires_at=NOW + timedelta(days=1),
    )
    system, office = client_actor(token), made.actor(Role.COUNTY_CLERK, county)
    draft = begin_application(actor=system, person_id=person.pk, kind="register", channel="", content=Content(), at=NOW)
    return Meeting(
        lambda: step(office, draft, "submit"),
        lambda: withdraw_sent(actor=system, application_id=draft.pk, reason="在外地参保", at=NOW),
        second_refused("application_taken_up"),
    )


@shows("enrollment/services/one_stop.py::_lock")
def two_review_a_batch(made: Made) -> Meeting:
    waiting = batch(made)
    one, other = (made.actor(Role.COUNTY_REVIEWER, waiting.county) for _each in range(2))
    return Meeting(
        lambda: review_batch(actor=one, batch_id=waiting.pk, at=NOW),
        lambda: review_batch(actor=other, batch_id=waiting.pk, at=NOW),
        second_refused("step_not_possible"),
    )


@shows("enrollment/services/one_stop.py::put_batches_into_effect")
def two_nights_put_a_batch_into_effect(made: Made) -> Meeting:
    waiting = batch(made)
    review_batch(actor=made.actor(Role.COUNTY_REVIEWER, waiting.county), batch_id=waiting.pk, at=NOW)
    approve_batch(actor=made.actor(Role.COUNTY_APPROVER, waiting.county), batch_id=waiting.pk, at=NOW)
    put = lambda: put_batches_into_effect(actor=system_actor(waiting.county), county=waiting.county, at=NOW)  # noqa: E731
    return Meeting(put, put, lambda outcome: (outcome.first, outcome.second) == (1, 0))


def approved_batch_and_a_claim(made: Made) -> tuple[OneStopBatch, Act]:
    """Approve a batch of one; return it, and the act that enrols the same person by a claim."""
    waiting = batch(made)
    review_batch(actor=made.actor(Role.COUNTY_REVIEWER, waiting.county), batch_id=waiting.pk, at=NOW)
    approver = made.actor(Role.COUNTY_APPROVER, waiting.county)
    approve_batch(actor=approver, batch_id=waiting.pk, at=NOW)
    clerk, person = made.actor(Role.COUNTY_CLERK, waiting.county), waiting.lines.get().person_id
    claim = begin_application(actor=clerk, person_id=person, kind="claim", channel="county", content=Content(), at=NOW)
    given = Given(note="不再申请")  # an open one would keep the person out of the batch before it is put into effect
    take_step(actor=clerk, application_id=claim.pk, verb="withdraw", version=1, at=NOW, given=given)
    return waiting, lambda: bring_about(actor=approver, application=claim, at=NOW)


@shows("registry/services/bank_accounts.py::make_current")
def two_accounts_become_current(made: Made) -> Meeting:
    person = made.person()
    first, second = (
        store_account(number, person=person, bank="农商银行", holder=person.name, at=NOW)
        for number in ("1234567890123", "1234567890124")
    )
    return Meeting(
        lambda: make_current(account_id=first.pk, at=NOW),
        lambda: make_current(account_id=second.pk, at=NOW),
        lambda outcome: not outcome.refused,
    )
