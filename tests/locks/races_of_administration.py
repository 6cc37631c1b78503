"""Races of keys, accounts, parameters, the audit log, background work and grants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from django.conf import settings

from foundation.accounts import ciphertexts
from foundation.accounts.authenticators import LAST_COUNTER, recovery_authenticator
from foundation.accounts.constants import Role
from foundation.accounts.models import ClientToken, Deputy
from foundation.accounts.second_factor import use_code
from foundation.accounts.services import end_deputy, end_role, enrol_second_factor, issue_client_token
from foundation.audit import sealing
from foundation.audit.actors import OPERATOR
from foundation.audit.models.seal import SealedLog
from foundation.audit.services import Event, record_events
from foundation.jobs.holding import held
from foundation.policy.models import ParameterProposal
from foundation.policy.services.proposing import withdraw_value
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.ciphertext_stores import Rotated
from foundation.primitives.clock import now
from operations import grants
from registry.services import keys
from tests.locks.making import Made
from tests.locks.meetings import Meeting, second_refused, shows, twice
from tests.locks.racing import Outcome, Pause
from tests.named_world import AS_OF, NOW
from tests.oracles.totp import totp_code


@dataclass(frozen=True)
class SlowStore:
    """A store of ciphertexts whose rotation lasts until the other act has come."""

    pause: Pause
    place: str = "slow"

    def count_rows_by_key(self) -> dict[str, int]:
        return {}

    def rotate(self, _cipher: Cipher, _report: object) -> Rotated:
        if not self.pause.reached.is_set():
            self.pause()
        return Rotated(self.place, 0)


@shows("registry/services/keys.py::rotate_keys")
def two_rotate_the_keys(made: Made) -> Meeting:
    def rotate(pause: Pause) -> list[Rotated]:
        with patch.object(keys, "list_stores", return_value=[SlowStore(pause)]):
            return keys.rotate_keys(actor=OPERATOR)

    return Meeting(rotate, lambda: keys.rotate_keys(actor=OPERATOR), second_refused("conflict"), pauses_itself=True)


@shows("foundation/accounts/ciphertexts.py::_reencrypt")
def a_recovery_code_is_used_while_its_seed_is_re_encrypted(made: Made) -> Meeting:
    """The used code stays used; without the lock it would be written back unused."""
    stored = recovery_authenticator(made.user(Role.COUNTY_CLERK))
    stored.save()
    model = type(stored)

    def use() -> None:
        row = model.objects.select_for_update().get(pk=stored.pk)
        row.data["used_mask"] = 1
        row.save(update_fields=["data"])

    ring = settings.KEYS
    newer = replace(ring, data_keys=ring.data_keys | {"k2": b"2" * 32}, current_key="k2")
    return Meeting(
        use,
        lambda: ciphertexts._reencrypt(Cipher(newer), [stored.pk]),
        lambda outcome: not outcome.refused and model.objects.get(pk=stored.pk).data["used_mask"] == 1,
    )


@shows("foundation/accounts/services/deputies.py::end_deputy")
def two_end_a_deputyship(made: Made) -> Meeting:
    absent, deputy, actor = made.user(Role.COUNTY_CLERK), made.user(Role.COUNTY_CLERK), made.actor(Role.SECADMIN)
    row = Deputy.objects.create(
        absent=absent,
        deputy=deputy,
        membership=absent.memberships.get(),
        valid_from=AS_OF,
        valid_to=AS_OF + timedelta(days=9),
        granted_by=deputy,
    )
    return twice(lambda: end_deputy(actor=actor, deputy=row, on=AS_OF), "deputy_ended")


@shows("foundation/accounts/services/roles.py::end_role")
def two_end_a_role(made: Made) -> Meeting:
    membership, actor = made.user(Role.COUNTY_CLERK).memberships.get(), made.actor(Role.SECADMIN)
    return twice(lambda: end_role(actor=actor, membership=membership, on=AS_OF), "role_ended")


@shows("foundation/accounts/services/factors.py::enrol_second_factor")
def two_enrol_a_second_factor(made: Made) -> Meeting:
    user = made.user(Role.COUNTY_CLERK)
    return twice(lambda: enrol_second_factor(actor=None, user=user, secret="JBSWY3DPEHPK3PXP"), "factor_exists")


@shows("foundation/accounts/second_factor.py::use_code")
def two_sign_in_with_the_same_code(made: Made) -> Meeting:
    user, secret = made.user(Role.COUNTY_CLERK), "JBSWY3DPEHPK3PXP"
    enrol_second_factor(actor=None, user=user, secret=secret)
    factor = Authenticator.objects.get(user=user, type="totp")
    factor.data.pop(LAST_COUNTER, None)  # as if it had been set up long ago
    factor.save(update_fields=["data"])
    code = totp_code(secret, now())
    use = lambda: use_code(factor, code)  # noqa: E731
    return Meeting(use, use, lambda outcome: (outcome.first, outcome.second) == (True, False))


@shows("foundation/accounts/services/clients.py::_first_token")
def two_tokens_of_a_new_system(made: Made) -> Meeting:
    name = f"民政局{next(made.numbers)}"

    def issue() -> ClientToken:
        return issue_client_token(
            actor=made.system,
            name=name,
            unit=made.world.county_a,
            verbs=["read_gaps"],
            expires_at=NOW + timedelta(days=30),
        )[0]

    def have_the_same_first(outcome: Outcome) -> bool:
        first, second = outcome.first, outcome.second
        return isinstance(first, ClientToken) and getattr(second, "first_token_id", 0) == first.pk

    return Meeting(issue, issue, have_the_same_first)


@shows("foundation/policy/services/proposing.py::_lock_open")
def two_withdraw_a_proposal(made: Made) -> Meeting:
    actor = made.actor(Role.SECADMIN)
    proposal = ParameterProposal.objects.create(
        name=f"base_pension_{next(made.numbers)}",
        region=made.world.county_a,
        effective_date=AS_OF,
        value=1,
        unit="fen",
        source="x",
        drafted_by_id=actor.user_id or 0,
        drafted_date=AS_OF,
        drafted_at=NOW,
    )
    return twice(lambda: withdraw_value(actor=actor, proposal_id=proposal.pk, at=NOW), "proposal_decided")


@shows("foundation/audit/sealing.py::_seal_up_to")
def two_seal_the_log(made: Made) -> Meeting:
    record_events(actor=None, events=[Event("look", "person", 1)])
    newest = sealing._newest(SealedLog.EVENTS)
    assert newest
    seal = lambda: sealing._seal_up_to(SealedLog.EVENTS, newest, NOW)  # noqa: E731
    return Meeting(seal, seal, lambda outcome: not outcome.refused and outcome.second is None)


@shows("foundation/jobs/holding.py::held")
def two_processes_take_one_piece_of_work(made: Made) -> Meeting:
    work = next(made.numbers)

    def hold(pause: Pause) -> bool:
        with held("race", work) as is_held:
            pause()
            return is_held

    def also() -> bool:
        with held("race", work) as is_held:
            return is_held

    return Meeting(hold, also, lambda outcome: (outcome.first, outcome.second) == (True, False), pauses_itself=True)


@shows("operations/grants.py::apply_grants")
def two_apply_grants(made: Made) -> Meeting:
    return Meeting(grants.apply_grants, grants.apply_grants, lambda outcome: not outcome.refused)
