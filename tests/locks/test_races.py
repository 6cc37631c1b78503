"""Each lock of the product in a race: with it one of two acts waits and both end well, without it the same race ends badly.

The list of locks is read from the source: a new one fails the first test until a race below needs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction

from casework.constants import GapKind
from casework.models import Case
from casework.services.assigning import assign_cases, undo_assignment
from casework.services.cases import release_case, take_case
from casework.services.closing import close_case, undo_closing
from casework.services.routing import route_cases
from coverage.models import PatternDecision
from coverage.services.decisions import decide_pair, undo_decision
from coverage.services.pattern_decisions import propose_pattern, withdraw_pattern
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
from foundation.policy.selectors import get_parameter
from foundation.policy.services.proposing import withdraw_value
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.ciphertext_stores import Rotated
from foundation.primitives.clock import now
from nightly.services import cancel_night, request_night
from operations import grants
from registry.constants import DeliveryState
from registry.models import Delivery, Person, PersonName
from registry.services import keys
from registry.services.approving import approve_delivery, discard_delivery
from registry.services.comparing_numbers import COMPARE_NUMBER, SAME, compare_number
from registry.services.failing import retry_delivery
from registry.services.learned_layouts import Answers, save_mapping
from registry.services.merging import decide_proposal, merge_persons, undo_merge
from registry.services.numbers import store_numbers
from registry.services.receiving import receive_file
from registry.services.showing import SHOW_NUMBER, show_numbers
from registry.services.undoing import undo_delivery
from registry.services.uploading import add_piece, start_upload
from tests.locks.finder import list_locks
from tests.locks.making import Made
from tests.locks.racing import Act, Lock, Outcome, Pause, before_commit, committed, race
from tests.named_world import AS_OF, NOW
from tests.oracles.numbers import make_number
from tests.oracles.totp import totp_code
from tests.registry.intake.test_mapping_guess import STRANGE
from tests.registry.intake.varieties import tekun_table
from tests.senders import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("races")]

BEHIND_ANOTHER = {
    Lock(
        "nightly/steps.py::publish"
    ): "a county has one open run (nightrun_one_open_per_county), one process has it (held)",
    Lock("registry/services/receiving.py::_apply", "registry_delivery"): "read again under held('delivery')",
    Lock("registry/services/receiving.py::_refuse"): "read again under held('delivery')",
    Lock("registry/services/failing.py::fail_delivery"): "read again under held('delivery')",
    Lock("registry/services/undoing.py::undo_delivery", "registry_delivery"): "under the lock of the county's feed",
}
"""Locks under a wider one, which has its race: a row read again, or a second turn only a cancelled night could want."""


@dataclass(frozen=True)
class Meeting:
    """Two acts, and whether what came of them is right."""

    first: Act | Callable[[Pause], object]
    second: Act
    is_right: Callable[[Outcome], bool]
    pauses_itself: bool = False


RACES: dict[Lock, Callable[[Made], Meeting]] = {}


def shows(place: str, what: str = "") -> Callable[[Callable[[Made], Meeting]], Callable[[Made], Meeting]]:
    """Register the race that needs a lock."""

    def register(make: Callable[[Made], Meeting]) -> Callable[[Made], Meeting]:
        RACES[Lock(place, what)] = make
        return make

    return register


def second_refused(code: str) -> Callable[[Outcome], bool]:
    """The first act succeeds, the second is refused with a sentence of this code."""
    return lambda outcome: outcome.refused == [code] and not isinstance(outcome.first, BaseException)


def twice(act: Act, code: str) -> Meeting:
    """The same act by two: the second is refused."""
    return Meeting(act, act, second_refused(code))


def both_same(outcome: Outcome) -> bool:
    """Both acts succeed and return the same row."""
    return not outcome.refused and getattr(outcome.first, "pk", 1) == getattr(outcome.second, "pk", 2)


@shows("nightly/services.py::request_night")
def two_ask_for_a_night(made: Made) -> Meeting:
    county = made.county()
    actor = made.actor(Role.COUNTY_CLERK, county)
    ask = lambda: request_night(actor=actor, county=county, as_of=AS_OF, at=NOW)  # noqa: E731
    return Meeting(ask, ask, both_same)


@shows("nightly/services.py::cancel_night")
def two_cancel_a_night(made: Made) -> Meeting:
    county = made.county()
    actor = made.actor(Role.COUNTY_CLERK, county)
    run = request_night(actor=actor, county=county, as_of=AS_OF, at=NOW)
    return twice(lambda: cancel_night(actor=actor, run_id=run.pk, at=NOW), "conflict")


@shows("casework/services/cases.py::_lock")
def two_clerks_take_a_case(made: Made) -> Meeting:
    key = made.subject()
    take_case(actor=made.clerk, key=key, at=NOW)
    release_case(actor=made.clerk, key=key, at=NOW)
    return Meeting(
        lambda: take_case(actor=made.clerk, key=key, at=NOW),
        lambda: take_case(actor=made.colleague, key=key, at=NOW),
        second_refused("case_taken"),
    )


@shows("casework/services/routing.py::module")
def a_night_routes_the_cases_a_clerk_takes(made: Made) -> Meeting:
    """Both lock cases in the order of their ids; otherwise each would wait for the other, and one be broken off."""
    county = made.county()
    persons = [made.world.person("张三", county=county, unit=county) for _each in range(2)]
    cases = []
    for person in reversed(persons):
        made.world.gap(person, GapKind.UNINSURED, desk="township")
        cases.append(Case.objects.create(county=county, unit=county, person=person, opened_at=NOW))
    Case.objects.filter(pk=cases[0].pk).update(
        unit=None
    )  # last now in the table, as it is by person: so a night would go

    def take(pause: Pause) -> None:
        with transaction.atomic():
            for case in cases:
                list(Case.objects.select_for_update().filter(pk=case.pk))
                if not pause.reached.is_set():
                    pause()

    def route() -> dict[str, int]:
        with transaction.atomic(), connection.cursor() as cursor:
            return route_cases(cursor, county=county, day=AS_OF, at=NOW)

    return Meeting(take, route, lambda outcome: outcome.second == {"route_case": 2} and not outcome.refused, True)


@shows("casework/services/assigning.py::undo_assignment", "casework_assignment")
def two_undo_an_assignment(made: Made) -> Meeting:
    act, _left = assign_cases(
        actor=made.clerk, keys=[made.subject()], assignee_id=made.world.users["colleague_a"].pk, at=NOW
    )
    return twice(lambda: undo_assignment(actor=made.clerk, assignment_id=act.pk, at=NOW), "too_late")


@shows("casework/services/assigning.py::undo_assignment", "casework_case")
def an_assignment_is_undone_while_its_owner_closes_the_case(made: Made) -> Meeting:
    key = made.subject()
    act, _left = assign_cases(actor=made.clerk, keys=[key], assignee_id=made.world.users["colleague_a"].pk, at=NOW)
    return Meeting(
        lambda: close_case(actor=made.colleague, key=key, reason="no_action_needed", note="核实办结", at=NOW),
        lambda: undo_assignment(actor=made.clerk, assignment_id=act.pk, at=NOW),
        lambda outcome: not outcome.refused and made.case(key).state == "closed_with_reason",
    )


@shows("casework/services/closing.py::undo_closing", "casework_caseclosing")
def two_undo_a_closing(made: Made) -> Meeting:
    key = made.subject()
    close_case(actor=made.clerk, key=key, reason="no_action_needed", note="核实办结", at=NOW)
    closing = made.case(key).closings.get()
    return twice(lambda: undo_closing(actor=made.clerk, closing_id=closing.pk, at=NOW), "too_late")


@shows("casework/services/closing.py::undo_closing", "casework_case")
def a_closing_is_undone_while_a_colleague_takes_the_case(made: Made) -> Meeting:
    key = made.subject()
    close_case(actor=made.clerk, key=key, reason="no_action_needed", note="核实办结", at=NOW)
    closing = made.case(key).closings.get()
    return Meeting(
        lambda: take_case(actor=made.colleague, key=key, at=NOW),
        lambda: undo_closing(actor=made.clerk, closing_id=closing.pk, at=NOW),
        second_refused("case_moved_on"),
    )


@shows("coverage/services/decisions.py::_locked")
def two_clerks_decide_a_match(made: Made) -> Meeting:
    link = made.link()
    return Meeting(
        lambda: decide_pair(actor=made.clerk, link_id=link.pk, decision="same", note="", at=NOW),
        lambda: decide_pair(actor=made.colleague, link_id=link.pk, decision="not_same", note="", at=NOW),
        second_refused("already_decided"),
    )


@shows("coverage/services/decisions.py::undo_decision")
def two_undo_a_decision(made: Made) -> Meeting:
    decision = made.decision()
    return twice(lambda: undo_decision(actor=made.clerk, decision_id=decision.pk, at=NOW), "not_current")


@shows("coverage/services/pattern_decisions.py::propose_pattern")
def two_propose_a_pattern(made: Made) -> Meeting:
    PatternDecision.objects.filter(state="proposed").update(state="withdrawn", ended_by="x", ended_at=NOW)
    decided, waiting = made.link(), made.link()
    decide_pair(actor=made.clerk, link_id=decided.pk, decision="not_same", note="", at=NOW)
    pattern = f"resident|name_village|{waiting.comparison_vector}"
    return twice(lambda: propose_pattern(actor=made.clerk, pattern=pattern, note="", at=NOW), "already_proposed")


@shows("coverage/services/pattern_decisions.py::_locked")
def two_withdraw_a_pattern(made: Made) -> Meeting:
    pattern = made.pattern()
    return twice(lambda: withdraw_pattern(actor=made.clerk, pattern_id=pattern.pk, at=NOW), "pattern_state")


@shows("registry/services/merging.py::decide_proposal")
def two_decide_a_possible_duplicate(made: Made) -> Meeting:
    proposal = made.proposal()
    act = lambda: decide_proposal(  # noqa: E731
        actor=made.reviewer, proposal_id=proposal.pk, same=False, reason="不同", at=NOW
    )
    return twice(act, "already_decided")


@shows("registry/services/merging.py::undo_merge")
def two_undo_a_merge(made: Made) -> Meeting:
    merge = merge_persons(
        actor=made.reviewer, kept_id=made.person().pk, absorbed_id=made.person().pk, reason="同一人", at=NOW
    )
    return twice(lambda: undo_merge(actor=made.reviewer, merge_id=merge.pk, at=NOW), "conflict")


@shows("registry/services/merging.py::_lock_merges")
def two_merges_that_form_a_chain(made: Made) -> Meeting:
    first, second, third = made.person(), made.person(), made.person()

    def merge(kept: Person, absorbed: Person) -> Act:
        return lambda: merge_persons(
            actor=made.reviewer, kept_id=kept.pk, absorbed_id=absorbed.pk, reason="同一人", at=NOW
        )

    return Meeting(merge(first, second), merge(second, third), second_refused("conflict"))


@shows("registry/services/showing.py::count_shown_number")
def two_last_numbers_of_the_hour(made: Made) -> Meeting:
    actor, person = made.actor(Role.COUNTY_CLERK), made.world.person("张三", made.number())
    limit = int(get_parameter("show_number_limit_per_hour", unit=made.world.county_a, on=NOW.date()).value)
    record_events(actor=actor, events=[Event(SHOW_NUMBER, "person", person.pk)] * (limit - 1))

    def show() -> list[str]:
        return show_numbers(actor=actor, person_id=person.pk, purpose="柜台核对", at=NOW)

    return twice(show, "show_limit")


@shows("registry/services/comparing_numbers.py::compare_number")
def two_clerks_miss_the_last_time(made: Made) -> Meeting:
    person = made.world.person("张三", made.number())
    most = int(get_parameter("number_misses_allowed", unit=made.world.county_a, on=NOW.date()).value)
    at = now()  # misses are counted by when the audit log has them
    missed = Event(COMPARE_NUMBER, "person", person.pk, detail={SAME: False})
    record_events(actor=made.clerk, events=[missed] * (most - 1))
    first, second = made.actor(Role.COUNTY_CLERK), made.actor(Role.COUNTY_CLERK)
    other = make_number("19400101", 77)
    return Meeting(
        lambda: compare_number(actor=first, person_id=person.pk, typed=other, at=at),
        lambda: compare_number(actor=second, person_id=person.pk, typed=other, at=at),
        second_refused("number_field_locked"),
    )


@shows("registry/services/numbers.py::store_numbers")
def two_store_the_same_number(made: Made) -> Meeting:
    text = made.number() + "x"
    store = lambda: store_numbers(pa.array([text]), recorded_at=NOW)  # noqa: E731
    return Meeting(store, store, lambda outcome: not outcome.refused and outcome.first == outcome.second)


@shows("registry/services/uploading.py::_locked")
def two_send_the_same_piece(made: Made) -> Meeting:
    upload, _wanted = made.upload()
    return twice(
        lambda: add_piece(actor=made.clerk, upload_id=upload.pk, offset=0, piece=BytesIO(b"12345"), at=NOW),
        "out_of_step",
    )


@shows("registry/services/uploading.py::start_upload")
def a_file_is_begun_again_while_a_piece_arrives(made: Made) -> Meeting:
    upload, wanted = made.upload()
    return Meeting(
        lambda: add_piece(actor=made.clerk, upload_id=upload.pk, offset=0, piece=BytesIO(b"12345"), at=NOW),
        lambda: start_upload(actor=made.clerk, wanted=wanted, at=NOW),
        lambda outcome: not outcome.refused and type(upload).objects.get(pk=upload.pk).received_bytes == 5,
    )


@shows("registry/services/receiving.py::_one_at_a_time")
def two_send_the_same_file(made: Made) -> Meeting:
    path = made.text()
    return Meeting(lambda: made.received(path), lambda: made.received(path), both_same)


@shows("registry/services/receiving.py::_same_file")
def a_failed_file_is_tried_again_while_somebody_sends_it(made: Made) -> Meeting:
    """Whoever tries it again has it: the second sending finds it received, and does not take it over."""
    path = made.text()
    delivery = made.received(path)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, attempts=3)
    send = lambda: receive_file(  # noqa: E731
        actor=made.colleague, county=made.world.county_a, path=path, name="again.csv", as_of=AS_OF, at=NOW
    )
    return Meeting(
        lambda: retry_delivery(actor=made.clerk, delivery_id=delivery.pk),
        send,
        lambda outcome: both_same(outcome) and Delivery.objects.get(pk=delivery.pk).file_name == path.name,
    )


@shows("registry/services/receiving.py::_check")
def a_file_is_discarded_while_it_is_checked(made: Made) -> Meeting:
    delivery = made.process_held(made.received(made.poverty(("张三", made.number())), hold=True))
    return Meeting(
        lambda: discard_delivery(actor=made.clerk, delivery_id=delivery.pk),
        lambda: made.process_held(delivery),
        lambda outcome: not outcome.refused and Delivery.objects.get(pk=delivery.pk).state == DeliveryState.REFUSED,
    )


@shows("registry/services/receiving.py::_apply", "delivery ")
def two_files_of_a_feed_and_day(made: Made) -> Meeting:
    """The second replaces the first; without the lock it does not see it, and fails."""
    day = next(made.days)
    files = [made.received(made.poverty((who, made.number())), name="名册.xlsx", days=day) for who in ("张三", "李四")]
    states = Delivery.objects.filter(pk__in=[each.pk for each in files]).order_by("pk").values_list("state", flat=True)
    return Meeting(
        lambda: made.process(files[0]),
        lambda: made.process(files[1]),
        lambda outcome: not outcome.refused and list(states) == [DeliveryState.SUPERSEDED, DeliveryState.APPLIED],
    )


@shows("registry/services/applying.py::apply_persons")
def two_feeds_name_the_same_new_person(made: Made) -> Meeting:
    """The second finds the person whom the first has just brought; without the lock there are two."""
    name, number, day = f"赵{chr(0x4E00 + next(made.numbers))}", made.number(), next(made.days)
    poverty = made.received(made.poverty((name, number)), days=day)
    tekun = made.received(made.tekun((name, number)), days=day)
    return Meeting(
        lambda: made.process(poverty),
        lambda: made.process(tekun),
        lambda outcome: (
            {each.state for each in Delivery.objects.filter(pk__in=[poverty.pk, tekun.pk])} == {DeliveryState.APPLIED}
            and Person.objects.filter(name=name).count() == 1
        ),
    )


@shows("registry/services/undoing.py::undo_delivery", "delivery ")
def a_file_is_undone_while_the_next_is_applied(made: Made) -> Meeting:
    first = made.process(made.received(made.poverty(("张三", made.number())), days=next(made.days)))
    later = made.received(made.poverty(("李四", made.number())), days=next(made.days))
    return Meeting(
        lambda: made.process(later),
        lambda: undo_delivery(actor=made.clerk, delivery_id=first.pk, at=NOW + timedelta(hours=1)),
        second_refused("not_latest"),
    )


@shows("registry/services/undoing.py::undo_delivery", "registry_person")
def a_file_is_undone_while_another_feed_names_its_person(made: Made) -> Meeting:
    """The person keeps the name the other feed states; without the lock the undo does not see that it does."""
    name, number, day = f"钱{chr(0x4E00 + next(made.numbers))}", made.number(), next(made.days)
    poverty = made.process(made.received(made.poverty((name, number)), days=day))
    tekun = made.received(made.tekun((name, number)), days=day)
    return Meeting(
        lambda: made.process(tekun),
        lambda: undo_delivery(actor=made.clerk, delivery_id=poverty.pk, at=NOW + timedelta(hours=1)),
        lambda outcome: (
            not outcome.refused and PersonName.objects.filter(name=name, superseded_at__isnull=True).count() == 1
        ),
    )


@shows("registry/services/approving.py::_locked")
def two_approve_a_file(made: Made) -> Meeting:
    delivery = made.delivery(state=DeliveryState.CHECKED, hold=True)
    return twice(lambda: approve_delivery(actor=made.clerk, delivery_id=delivery.pk, at=NOW), "not_awaiting_approval")


@shows("registry/services/failing.py::retry_delivery")
def two_try_a_file_again(made: Made) -> Meeting:
    delivery = made.delivery(state=DeliveryState.FAILED)
    return twice(lambda: retry_delivery(actor=made.clerk, delivery_id=delivery.pk), "not_failed")


@shows("registry/services/learned_layouts.py::save_mapping")
def two_name_the_columns_of_a_file(made: Made) -> Meeting:
    table = tekun_table()
    number = next(made.numbers)
    header = [word + chr(0x4E00 + number) for word in STRANGE]  # no sender's we know by now
    path = write_csv(made.folder / f"名册{number}.csv", [header, *table.rows])
    delivery = made.process(made.received(path, days=next(made.days)))
    assert delivery.refusal["code"] == "columns_to_confirm", delivery.refusal
    answers = Answers("tekun", 0, {field: place for place, field in enumerate(table.fields) if field}, {})
    act = lambda: save_mapping(  # noqa: E731
        actor=made.clerk, delivery_id=delivery.pk, sender="民政局", answers=answers, at=NOW
    )
    return twice(act, "no_mapping_asked")


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


def test_every_lock_of_the_source_has_its_race():
    known = Counter(lock.place for lock in [*RACES, *BEHIND_ANOTHER])
    assert known == Counter(list_locks())


@pytest.mark.parametrize("lock", RACES, ids=str)
def test_a_lock_makes_two_acts_end_well(lock, made, roles_of_the_database):
    meeting = committed(lambda: RACES[lock](made))
    outcome = run(meeting)
    assert meeting.is_right(outcome), outcome


@pytest.mark.parametrize("lock", RACES, ids=str)
def test_without_the_lock_the_same_race_ends_badly(lock, made, roles_of_the_database):
    meeting = committed(lambda: RACES[lock](made))
    outcome = run(meeting, without=lock)
    assert not meeting.is_right(outcome), f"nothing needs this lock: {outcome}"


def test_a_file_being_applied_does_not_keep_a_clerk_waiting(made):
    """The lock of its row is not one of the county's, to which every new row of the county refers."""
    delivery = committed(lambda: made.received(made.poverty(("张三", made.number())), days=next(made.days)))
    key = committed(made.subject)
    outcome = run(Meeting(lambda: made.process(delivery), lambda: take_case(actor=made.clerk, key=key, at=NOW), bool))
    assert not outcome.refused
    assert not outcome.second_waited


def run(meeting: Meeting, **values: Any) -> Outcome:
    first: Any = meeting.first if meeting.pauses_itself else before_commit(meeting.first)  # type: ignore[arg-type]
    return race(first, meeting.second, **values)
