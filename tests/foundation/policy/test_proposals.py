"""Changing a rule: drafted by one, approved by another, in force on its day; the database holds it, too."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.services import create_user, grant_role
from foundation.audit.models import AuditEvent
from foundation.policy.models import ParameterProposal, ParameterValue, ProposalState
from foundation.policy.selectors import get_parameter
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.proposing import Proposed, approve_value, draft_value, withdraw_value
from foundation.primitives.clock import now
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.regions.selectors import get_unit

TODAY = date(2020, 3, 2)
PASSWORD = "nine-lanterns-at-noon"


def make_actor(name: str, role: Role, code: str) -> Actor:
    user = create_user(actor=None, username=name, display_name=name, password=PASSWORD, must_change=False)
    return user_actor(
        grant_role(actor=None, user=user, role=role, unit=get_unit(code=code), valid_from=date(2018, 1, 1))
    )


@pytest.fixture
def chen(county):
    return make_actor("chen", Role.SECADMIN, "320682")


@pytest.fixture
def qian(county):
    return make_actor("qian", Role.SECADMIN, "320682")


@pytest.fixture
def raise_to_160(county):
    return Proposed("base_pension", county, date(2020, 7, 1), 16_000, "如皋市 2020 年通知")


def draft(actor: Actor, proposed: Proposed) -> ParameterProposal:
    return draft_value(actor=actor, proposed=proposed, today=TODAY, at=now())


def test_an_approved_value_holds_from_its_day(county, chen, qian, raise_to_160):
    proposal = draft(chen, raise_to_160)
    assert get_parameter("base_pension", unit=county, on=date(2020, 7, 1)).value == 14_800
    approve_value(actor=qian, proposal_id=proposal.pk, at=now())
    assert get_parameter("base_pension", unit=county, on=date(2020, 6, 30)).value == 14_800
    held = get_parameter("base_pension", unit=county, on=date(2020, 7, 1))
    assert (held.value, held.source) == (16_000, "如皋市 2020 年通知")
    verbs = AuditEvent.objects.filter(object_type="parameter_proposal").order_by("pk")
    assert list(verbs.values_list("verb", "actor_name")) == [("draft_parameter", "chen"), ("approve_parameter", "qian")]


def test_a_release_leaves_an_approved_value_in_force(county, chen, qian, raise_to_160):
    proposal = draft(chen, raise_to_160)
    approve_value(actor=qian, proposal_id=proposal.pk, at=now())
    again = load_parameters()
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert ParameterValue.objects.get(decision=proposal).valid_from == date(2020, 7, 1)


def test_no_such_rule_here_can_be_decided_too(county, chen, qian, raise_to_160):
    proposal = draft(chen, replace(raise_to_160, name="lowest_tier", value=None))
    approve_value(actor=qian, proposal_id=proposal.pk, at=now())
    assert get_parameter("lowest_tier", unit=county, on=date(2020, 7, 1)).is_none_here


def test_a_value_lies_between_those_that_surround_it(county, chen, qian, raise_to_160):
    past = replace(raise_to_160, effective_date=date(2018, 7, 1), value=14_000, backdating_reason="late order")
    approve_value(actor=qian, proposal_id=draft(chen, past).pk, at=now())
    values = ParameterValue.objects.filter(name="base_pension", region=county).order_by("valid_from")
    assert list(values.values_list("valid_from", "valid_to", "value")) == [
        (date(2018, 1, 1), date(2018, 7, 1), 13_500),
        (date(2018, 7, 1), date(2019, 1, 1), 14_000),
        (date(2019, 1, 1), None, 14_800),
    ]


def test_the_drafter_never_approves(chen, raise_to_160):
    proposal = draft(chen, raise_to_160)
    with pytest.raises(Conflict) as refusal:
        approve_value(actor=chen, proposal_id=proposal.pk, at=now())
    assert refusal.value.code == "own_proposal"
    with pytest.raises(DatabaseError, match="proposal_approved_by_a_second_person"), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.APPROVED, decided_by_id=chen.user_id, decided_at=now()
        )


def test_a_decided_proposal_is_decided_once(chen, qian, raise_to_160):
    proposal = draft(chen, raise_to_160)
    withdraw_value(actor=chen, proposal_id=proposal.pk, at=now())
    with pytest.raises(Conflict, match="chen") as refusal:
        approve_value(actor=qian, proposal_id=proposal.pk, at=now())
    assert (refusal.value.code, refusal.value.ids) == ("proposal_decided", (str(proposal.pk),))
    assert not ParameterValue.objects.filter(decision=proposal).exists()


def test_two_proposals_for_one_day_conflict_until_one_is_withdrawn(chen, qian, raise_to_160):
    first = draft(chen, raise_to_160)
    with pytest.raises(Conflict) as refusal:
        draft(qian, replace(raise_to_160, value=17_000))
    assert refusal.value.ids == (str(first.pk),)
    withdraw_value(actor=qian, proposal_id=first.pk, at=now())
    assert draft(qian, replace(raise_to_160, value=17_000)).state == ProposalState.DRAFTED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": "  "}, "source_missing"),
        ({"effective_date": TODAY - timedelta(days=1)}, "backdated"),
        ({"value": "160"}, "other_shape"),
        ({"value": {"dibao": 1}}, "other_shape"),
        ({"value": True}, "other_shape"),
        ({"value": -1}, "not_a_number"),
        ({"value": 160.5}, "not_a_number"),
        ({"name": "delivery_loss_share", "value": 1.5}, "not_a_number"),
    ],
)
def test_a_value_that_cannot_be_is_refused(chen, raise_to_160, change, code):
    with pytest.raises(BadInput) as refusal:
        draft(chen, replace(raise_to_160, **change))
    assert refusal.value.code == code


def test_who_may_not_and_where_not(county, chen, raise_to_160):
    clerk = make_actor("wang", Role.COUNTY_CLERK, "320682")
    elsewhere = make_actor("sun", Role.SECADMIN, "320681")
    proposal = draft(chen, raise_to_160)
    with pytest.raises(NotAllowed):
        draft(clerk, raise_to_160)
    with pytest.raises(NotFound):
        draft(elsewhere, raise_to_160)
    with pytest.raises(NotFound):
        approve_value(actor=elsewhere, proposal_id=proposal.pk, at=now())
    with pytest.raises(NotFound, match="no_such_rule"):
        draft(chen, replace(raise_to_160, name="no_such_rule"))
    with pytest.raises(NotFound):
        draft(chen, replace(raise_to_160, region=county.parent))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"value": 1}, "stated_once|Cannot update"), ({"state": "withdrawn"}, "proposal_decided_has_who")],
)
def test_the_database_keeps_what_was_stated(chen, raise_to_160, change, complaint):
    proposal = draft(chen, raise_to_160)
    with pytest.raises(DatabaseError, match=complaint), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).update(**change)


def test_the_database_lets_no_proposal_go_back_or_vanish(chen, qian, raise_to_160):
    proposal = approve_value(actor=qian, proposal_id=draft(chen, raise_to_160).pk, at=now())
    back = {"state": ProposalState.DRAFTED, "decided_by": None, "decided_at": None}
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).update(**back)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).delete()
