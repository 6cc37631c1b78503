"""Every trigger of the schema is shown to do what it is there for: to refuse, by its name, to record, to check.

A trigger nobody names in the lists below fails the test, and so does a name the schema no longer has (tests/architecture/trying.py).
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pghistory.trigger
import pgtrigger
import pytest
from django.db import connection

from enrollment.constants import ApplicationState, BatchState
from enrollment.models.one_stop import BATCH_MOVES
from enrollment.process import MOVES
from foundation.policy.models.proposal import ProposalState
from payments.constants import BATCH_MOVES as MONEY_MOVES
from payments.constants import BatchState as MoneyState
from tests.architecture.rows import DAY, NOW
from tests.architecture.schema import (
    BY_TABLE,
    Rule,
    alter,
    change,
    columns_of,
    copy,
    count,
    delete,
    key_of,
    leave_only,
    refusal_of,
    remove,
    rules,
    run,
    truncate,
    undone_after,
)
from tests.architecture.trying import LATER, NEXT_DAY, Values, label_of, rows, tried

pytestmark = pytest.mark.django_db

MAY_CHANGE: dict[str, set[str]] = {
    "axes_accesslog ended_only": {"logout_time"},
    "casework_assignment undone_only": {"undone_by", "undone_at"},
    "casework_caseclosing undone_only": {"undone_by", "undone_at"},
    "casework_question state_only": {"state", "answered_at", "withdrawn_by", "withdrawn_at", "seen_at"},
    "casework_reportreview outcome_only": {"state", "known_person_id", "note", "ended_by", "ended_role", "ended_at"},
    "coverage_coverageverdict superseded_only": {"superseded_at"},
    "coverage_finding superseded_only": {"superseded_at"},
    "coverage_link superseded_only": {"superseded_at"},
    "coverage_matchdecision superseded_only": {"superseded_at", "undone_by", "undone_at"},
    "coverage_patterndecision end_only": {"state", "ended_by", "ended_at", "undone_by", "undone_at"},
    "enrollment_application application_is_of_one_person": {
        "state",
        "version",
        "content_hash",
        "channel",
        "accepted_on",
        "receipt_no",
        "due_on",
        "earliest_decision_on",
        "missing_named_at",
        "decided_on",
        "refusal_reasons",
        "effective_from",
        "entry_number",
        "ended_at",
    },
    "enrollment_contributionyears superseded_only": {"superseded_at"},
    "enrollment_enrollment superseded_only": {"superseded_at"},
    "enrollment_onestopbatch content_stays": {"state", "approved_by_id", "approved_at", "ended_at"},
    "enrollment_onestopline effect_only": {"application_id", "left_out"},
    "enrollment_temporaryidentity replaced_only": {"replaced_by_id", "replaced_at"},
    "payments_batch identity_stays": {
        "id",
        "state",
        "header",
        "line_count",
        "total_fen",
        "content_hash",
        "note",
        "frozen_at",
        "credited_on",
        "ended_at",
    },
    "payments_contributionplanline superseded_only": {"superseded_at"},
    "policy_parameterproposal stated_once": {"id", "state", "decided_by_id", "decided_at"},
    "registry_contactpoint rotated_only": {"ciphertext", "key_id"},
    "registry_bankaccount rotated_or_dated_only": {"ciphertext", "key_id", "current_from", "superseded_at"},
    "registry_designation superseded_only": {"superseded_at"},
    "registry_fact superseded_only": {"superseded_at"},
    "registry_identitynumber rotated_only": {"ciphertext", "key_id"},
    "registry_personidentifier superseded_only": {"superseded_at"},
    "registry_personmerge undone_only": {"undone_by", "undone_at"},
    "registry_personname superseded_only": {"superseded_at"},
    "registry_personnote pinned_only": {"is_pinned"},
}
"""Trigger that keeps rows as they are -> the only columns it lets change."""

REFUSED: dict[str, set[str]] = {
    "enrollment_application no_delete": {"delete"},
    "enrollment_applicationhistory append_only": {"update", "delete"},
    "enrollment_applicationchange append_only": {"update", "delete"},
    "enrollment_unnumberedchange never_rewritten": {"update"},
    "enrollment_applicationpaper append_only": {"update", "delete"},
    "enrollment_applicationstep append_only": {"update", "delete"},
    "enrollment_applicationversion append_only": {"update", "delete"},
    "enrollment_contributionyears no_delete": {"delete"},
    "enrollment_enrollment no_delete": {"delete"},
    "enrollment_lifeevidence append_only": {"update", "delete"},
    "enrollment_onestopbatch no_delete": {"delete"},
    "enrollment_onestopbatchhistory append_only": {"update", "delete"},
    "enrollment_onestopline no_delete": {"delete"},
    "enrollment_temporaryidentity no_delete": {"delete"},
    "payments_accountentry no_change": {"update", "delete"},
    "payments_accountentry no_truncate": {"truncate"},
    "payments_batch no_delete": {"delete"},
    "payments_batchfunding no_change": {"update", "delete"},
    "payments_batchfunding no_truncate": {"truncate"},
    "payments_batchhistory append_only": {"update", "delete"},
    "payments_contributionline no_change": {"update", "delete"},
    "payments_contributionline no_truncate": {"truncate"},
    "payments_contributionplan no_change": {"update", "delete"},
    "payments_contributionplan no_truncate": {"truncate"},
    "payments_contributionplanline no_delete": {"delete"},
    "payments_interestposting no_change": {"update", "delete"},
    "payments_interestposting no_truncate": {"truncate"},
    "payments_listcertificate no_change": {"update", "delete"},
    "payments_listcertificate no_truncate": {"truncate"},
    "payments_townshipcheck no_change": {"update", "delete"},
    "payments_townshipcheck no_truncate": {"truncate"},
    "accounts_clienttokenevent append_only": {"update", "delete"},
    "audit_contextentry no_change": {"update", "delete"},
    "audit_contextentry no_truncate": {"truncate"},
    "axes_accessfailurelog no_change": {"update", "delete"},
    "axes_accessfailurelog no_truncate": {"truncate"},
    "axes_accesslog no_delete": {"delete"},
    "axes_accesslog no_truncate": {"truncate"},
    "pghistory_context no_delete": {"delete"},
    "pghistory_context no_truncate": {"truncate"},
    "accounts_deputyevent append_only": {"update", "delete"},
    "accounts_membershipevent append_only": {"update", "delete"},
    "accounts_userevent append_only": {"update", "delete"},
    "audit_auditevent no_change": {"update", "delete"},
    "audit_auditevent no_truncate": {"truncate"},
    "audit_auditseal no_change": {"update", "delete"},
    "audit_auditseal no_truncate": {"truncate"},
    "audit_disclosure no_change": {"update", "delete"},
    "audit_disclosure no_truncate": {"truncate"},
    "casework_answer append_only": {"update", "delete"},
    "casework_assignment no_delete": {"delete"},
    "casework_contactattempt append_only": {"update", "delete"},
    "casework_question no_delete": {"delete"},
    "casework_reportreview no_delete": {"delete"},
    "casework_caseclosing no_delete": {"delete"},
    "casework_caseevent append_only": {"update", "delete"},
    "casework_casehistory append_only": {"update", "delete"},
    "casework_gaphistory append_only": {"update", "delete"},
    "casework_workchange never_rewritten": {"update"},
    "coverage_coverageverdict no_delete": {"delete"},
    "coverage_finding no_delete": {"delete"},
    "coverage_link no_delete": {"delete"},
    "coverage_matchdecision no_delete": {"delete"},
    "coverage_patterndecision no_delete": {"delete"},
    "demo_demomark for_ever": {"update", "delete"},
    "demo_demotime append_only": {"update", "delete"},
    "signatures_signature no_change": {"update", "delete"},
    "signatures_signature no_truncate": {"truncate"},
    "policy_parameterproposal never_deleted": {"delete"},
    "policy_parameterproposalevent append_only": {"update", "delete"},
    "policy_parametervalueevent append_only": {"update", "delete"},
    "regions_unit refuse_deletion": {"new id", "delete"},
    "registry_attachment immutable": {"update", "delete"},
    "registry_deliveredrow immutable": {"update", "delete"},
    "registry_delivery refuse_deletion": {"new id", "delete"},
    "registry_designation no_delete": {"delete"},
    "registry_contactpoint no_delete": {"delete"},
    "registry_bankaccount no_delete": {"delete"},
    "enrollment_notice append_only": {"update", "delete"},
    "enrollment_informedcontact append_only": {"update", "delete"},
    "registry_fact no_delete": {"delete"},
    "registry_fieldreport append_only": {"update", "delete"},
    "registry_feedcontactevent append_only": {"update", "delete"},
    "registry_householdphone immutable": {"update", "delete"},
    "registry_identitynumber no_delete": {"delete"},
    "registry_learnedlayout append_only": {"update", "delete"},
    "registry_person refuse_deletion": {"new id", "delete"},
    "registry_personidentifier no_delete": {"delete"},
    "registry_personmerge no_delete": {"delete"},
    "registry_personname no_delete": {"delete"},
    "registry_personnote no_delete": {"delete"},
    "registry_rollsnapshot immutable": {"update", "delete"},
}
"""Trigger -> what it refuses to every row."""

RECORDED: dict[str, str] = {
    "pghistory_context enter_context": "audit_contextentry",
    "accounts_clienttoken insert_insert": "accounts_clienttokenevent",
    "accounts_clienttoken update_update": "accounts_clienttokenevent",
    "accounts_deputy insert_insert": "accounts_deputyevent",
    "accounts_deputy update_update": "accounts_deputyevent",
    "accounts_membership insert_insert": "accounts_membershipevent",
    "accounts_membership update_update": "accounts_membershipevent",
    "accounts_user insert_insert": "accounts_userevent",
    "accounts_user update_update": "accounts_userevent",
    "casework_case update_update": "casework_casehistory",
    "casework_gap update_update": "casework_gaphistory",
    "enrollment_application update_update": "enrollment_applicationhistory",
    "enrollment_application tells_insert": "enrollment_unnumberedchange",
    "enrollment_application tells_update": "enrollment_unnumberedchange",
    "enrollment_onestopbatch update_update": "enrollment_onestopbatchhistory",
    "payments_batch update_update": "payments_batchhistory",
    "policy_parameterproposal insert_insert": "policy_parameterproposalevent",
    "policy_parameterproposal update_update": "policy_parameterproposalevent",
    "policy_parametervalue delete_delete": "policy_parametervalueevent",
    "policy_parametervalue insert_insert": "policy_parametervalueevent",
    "policy_parametervalue update_update": "policy_parametervalueevent",
    "registry_feedcontact insert_insert": "registry_feedcontactevent",
    "registry_feedcontact update_update": "registry_feedcontactevent",
    "casework_case tells_insert": "casework_workchange",
    "casework_case tells_update": "casework_workchange",
    "casework_case tells_delete": "casework_workchange",
    "casework_gap tells_insert": "casework_workchange",
    "casework_gap tells_update": "casework_workchange",
    "casework_gap tells_delete": "casework_workchange",
    "coverage_coverageverdict tells_insert": "casework_workchange",
    "coverage_coverageverdict tells_update": "casework_workchange",
}
"""Trigger -> the table into which it writes one row for each insert, update or delete it is named for."""

REFERENCES: dict[str, set[str]] = {
    "registry_deliveredrow references_exist": {"delivery_id", "person_id", "number_id", "unit_id"},
    "registry_designation references_exist": {"person_id", "county_id", "file_unit_id", "hukou_unit_id", "row_id"},
    "registry_person references_exist": {"county_id", "unit_id"},
    "registry_person changed_references_exist": {"county_id", "unit_id"},
    "registry_personidentifier references_exist": {"person_id", "number_id"},
    "registry_personname references_exist": {"person_id"},
}
"""Trigger -> the columns in which it refuses the id of a row that does not exist."""

OF_THEIR_OWN = {
    "pghistory_context keep_what_is_stated",
    "accounts_deputy fits_its_membership",
    "casework_gap leading_of_moved",
    "casework_gap leading_of_opened",
    "casework_reportreview ended_for_good",
    "enrollment_application application_moves",
    "enrollment_application begins_as_draft",
    "enrollment_application decided_when_signed",
    "enrollment_application paused_after_attempt",
    "enrollment_onestopbatch approved_when_signed",
    "enrollment_onestopbatch batch_moves",
    "payments_batch batch_moves",
    "payments_batch begins_as_draft",
    "payments_batch frozen_stays",
    "payments_batch moves_when_signed",
    "payments_batch totals_meet",
    "payments_contributionline lines_follow_rules",
    "policy_parameterproposal moves_once",
    "registry_designation open_after_closed",
}
"""Triggers with a test of their own below, or, of money, in tests/payments/test_batches.py."""


def trigger_name(rule: Rule) -> str:
    """Return a trigger's table and name without the hash pgtrigger adds."""
    return f"{rule.table} {rule.name.removeprefix('pgtrigger_').rpartition('_')[0]}"


def triggers_in(names: Any) -> list[Rule]:
    return [rule for rule in rules("t") if trigger_name(rule) in names]


def test_every_trigger_is_named_here_and_every_name_is_in_the_schema():
    named = MAY_CHANGE.keys() | REFUSED.keys() | RECORDED.keys() | REFERENCES.keys() | OF_THEIR_OWN
    assert {trigger_name(rule) for rule in rules("t")} == named


def test_every_trigger_that_keeps_rows_lets_only_these_columns_change():
    wrong = []
    for rule in triggers_in(MAY_CHANGE):
        with undone_after():
            row = rows().new(label_of(rule))
            leave_only(rule)
            columns = columns_of(type(row))
            let = {column for column in columns if not refusal_of(partial(alter, row, column))}
            if let != MAY_CHANGE[trigger_name(rule)]:
                wrong.append(f"{trigger_name(rule)} lets {sorted(let)} change")
            remove(rule)
            kept = {column for column in columns if refusal_of(partial(alter, row, column))}
            if kept:
                wrong.append(f"{trigger_name(rule)}: without it {sorted(kept)} cannot change all the same")
    assert not wrong


def test_every_trigger_that_refuses_an_act_refuses_it():
    wrong = []
    for rule in triggers_in(REFUSED):
        for act in sorted(REFUSED[trigger_name(rule)]):
            with undone_after():
                row = rows().new(label_of(rule))
                acts = {
                    "update": partial(change, row, **{key_of(row): row.pk}),
                    "new id": partial(alter, row, key_of(row)),
                    "delete": partial(delete, row),
                    "truncate": partial(truncate, rule.table),
                }
                leave_only(rule)
                for other in referring_to(rule.table) if act in ("delete", "new id") else ():
                    run(other)
                wrong += tried(rule, acts[act], act, said="pgtrigger: ")
    assert not wrong


def referring_to(table: str) -> list[str]:
    """Return statements that drop the foreign keys on a table: they would refuse the act as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = %s::regclass",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def test_every_trigger_that_records_writes_a_row():
    wrong = []
    for rule in triggers_in(RECORDED):
        name, target = trigger_name(rule), RECORDED[trigger_name(rule)]
        act = "insert" if name.endswith("enter_context") else name.rpartition("_")[2]
        for column in tracked_columns(rule) if act == "update" else [""]:
            with undone_after():
                row = rows().new(label_of(rule))
                leave_only(rule)
                for other in referring_to(rule.table):
                    run(other)
                acts = {
                    "insert": partial(copy, row),
                    "update": partial(alter, row, column),
                    "delete": partial(delete, row),
                }
                if (written := written_by(acts[act], target)) != 1:
                    wrong.append(f"{name} {column} writes {written} rows into {target}")
                remove(rule)
                if written_by(acts[act], target):
                    wrong.append(f"{name} {column}: without it {target} is written all the same")
    assert not wrong


def tracked_columns(rule: Rule) -> list[str]:
    """Return the columns whose change must be recorded: those the history has, else one of the table."""
    model: Any = BY_TABLE[rule.table]
    trigger: Any = next(each for each in model._meta.triggers if each.get_pgid(model) == rule.name)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    if not isinstance(trigger, pghistory.trigger.Event):
        return [next(field.column for field in fields if not field.is_relation)]
    event_model: Any = trigger.event_model
    recorded = columns_of(event_model)
    return [field.column for field in fields if field.column in recorded]


def written_by(act: Any, table: str) -> int:
    with undone_after():
        before = count(table)
        act()
        return count(table) - before


def test_every_trigger_that_checks_references_refuses_an_id_that_does_not_exist():
    wrong = []
    for rule in triggers_in(REFERENCES):
        for column in sorted(REFERENCES[trigger_name(rule)]):
            with undone_after():
                row = rows().new(label_of(rule))
                leave_only(rule)
                acts = {
                    False: partial(copy, row, **{column: 987654321}),
                    True: partial(change, row, **{column: 987654321}),
                }
                act = acts["changed" in rule.name]
                wrong += tried(rule, act, column, said=f"{rule.table}.{column}: there is no")
    assert not wrong


def test_a_proposal_moves_once():
    states = [state.value for state in ProposalState]
    (rule,) = triggers_in({"policy_parameterproposal moves_once"})
    for before in states:
        for after in states:
            with undone_after():
                row = rows().new(label_of(rule))
                leave_only(Rule(rule.table, "", "t"))
                change(row, state=before)
                run(f'ALTER TABLE "{rule.table}" ENABLE TRIGGER "{rule.name}"')
                refused = bool(refusal_of(partial(change, row, state=after)))
                assert refused == (before != "drafted" and before != after), (before, after)


@pytest.mark.parametrize(
    ("name", "states", "moves"),
    [
        ("enrollment_application application_moves", ApplicationState.values, MOVES),
        ("enrollment_onestopbatch batch_moves", BatchState.values, BATCH_MOVES),
        ("payments_batch batch_moves", MoneyState.values, MONEY_MOVES),
    ],
)
def test_what_has_a_process_moves_along_it_only(name, states, moves):
    (rule,) = triggers_in({name})
    for before in states:
        for after in states:
            with undone_after():
                row = rows().new(label_of(rule))
                leave_only(Rule(rule.table, "", "t"))
                change(row, state=before)
                run(f'ALTER TABLE "{rule.table}" ENABLE TRIGGER "{rule.name}"')
                refused = bool(refusal_of(partial(change, row, state=after)))
                assert refused == (before != after and (before, after) not in moves), (before, after)


def test_a_batch_of_money_begins_as_a_draft():
    (rule,) = triggers_in({"payments_batch begins_as_draft"})
    with undone_after():
        row = rows().new(label_of(rule))
        leave_only(rule)
        assert not refusal_of(partial(copy, row))
        assert not tried(rule, partial(copy, row, state="cancelled"), "begins cancelled", said="pgtrigger: ")


@pytest.mark.parametrize("column", ["content_hash", "header", "line_count", "total_fen", "frozen_at"])
def test_what_was_frozen_stays(column):
    (rule,) = triggers_in({"payments_batch frozen_stays"})
    with undone_after():
        row = rows().new(label_of(rule))
        leave_only(rule)
        assert not refusal_of(partial(alter, row, column))
        change(row, state="frozen")
        assert not refusal_of(partial(change, row, state="reviewed"))
        assert not tried(rule, partial(alter, row, column), column, said="pgtrigger: ")


def test_an_application_begins_as_a_draft_or_in_an_approved_batch():
    (rule,) = triggers_in({"enrollment_application begins_as_draft"})
    for state, batch_state, content, is_right in (
        ("draft", "draft", "1" * 64, True),
        ("granted", "approved", "0" * 64, True),
        ("granted", "reviewed", "0" * 64, False),
        ("granted", "approved", "1" * 64, False),
        ("refused", "approved", "0" * 64, False),
    ):
        with undone_after():
            made = rows()
            batch = made.new("enrollment.OneStopBatch")
            leave_only(Rule("enrollment_onestopbatch", "", "t"))
            change(batch, state=batch_state)
            row = made.new(label_of(rule))
            leave_only(rule)
            act = partial(copy, row, state=state, batch_id=batch.pk, content_hash=content)
            if is_right:
                assert not refusal_of(act)
            else:
                assert not tried(rule, act, f"{state} {batch_state}", "begins as a draft")


def test_a_batch_is_reviewed_and_approved_with_signatures_on_its_content():
    (rule,) = triggers_in({"enrollment_onestopbatch approved_when_signed"})
    for state, signed, is_enough in (
        ("reviewed", [], False),
        ("reviewed", ["reviewed"], True),
        ("approved", ["reviewed"], False),
        ("approved", ["approved"], False),
        ("approved", ["reviewed", "approved"], True),
        ("effective", ["reviewed"], False),
    ):
        with undone_after():
            made = rows()
            row = made.new(label_of(rule))
            for each in signed:
                user = made.new("accounts.User")
                made.new("signatures.Signature", object_type="one_stop_batch", object_id=row.pk, act=each,
                         content_hash="0" * 64, person=user, acted_by=user)  # fmt: skip
            leave_only(rule)
            act = partial(change, row, state=state)
            if is_enough:
                assert not refusal_of(act)
            else:
                assert not tried(rule, act, f"{state} {signed}", "one-stop batch")


@pytest.mark.parametrize("state", ["granted", "recorded", "refused"])
def test_an_application_is_decided_with_three_signatures_on_the_version_decided(state):
    (rule,) = triggers_in({"enrollment_application decided_when_signed"})
    act = "refused" if state == "refused" else "approved"
    other, version = "1" * 64, "0" * 64
    for signed, is_enough in (
        ([], False),
        ([("reviewed", version), ("reviewed", version)], False),
        ([("reviewed", version), (act, version)], False),
        ([("reviewed", version), ("reviewed", other), (act, version)], False),
        ([("reviewed", version), ("reviewed", version), (act, other)], False),
        ([("reviewed", version), ("reviewed", version), ("returned", version)], False),
        ([("reviewed", version), ("reviewed", version), (act, version)], True),
    ):
        with undone_after():
            made = rows()
            row = made.new(label_of(rule))
            for each, content in signed:
                user = made.new("accounts.User")
                made.new("signatures.Signature", object_type="application", object_id=row.pk, act=each,
                         content_hash=content, person=user, acted_by=user)  # fmt: skip
            leave_only(rule)
            act_of = partial(change, row, state=state)
            if is_enough:
                assert not refusal_of(act_of)
            else:
                assert not tried(rule, act_of, f"{signed}", f"application {row.pk}")


def test_a_benefit_is_paused_for_want_of_certification_only_after_an_attempt_to_reach_the_person():
    (rule,) = triggers_in({"enrollment_application paused_after_attempt"})
    for kind, reason, tried_by, is_right in (
        ("pause", "not_certified", "", False),
        ("pause", "not_certified", "attempt", True),
        ("pause", "not_certified", "report", True),
        ("pause", "not_certified", "attempt on the record that is kept", True),
        ("pause", "prison", "", True),
        ("terminate", "not_certified", "", True),
    ):
        with undone_after():
            made = rows()
            person = made.new("registry.Person")
            row = made.new(label_of(rule), kind=kind, person=person, version=1)
            made.new("enrollment.ApplicationVersion", application=row, number=1, details={"reason": reason})
            if tried_by.endswith("kept"):
                absorbed, person = person, made.new("registry.Person")
                made.new("registry.PersonMerge", kept=person, absorbed=absorbed)
            if tried_by == "report":
                made.new("registry.FieldReport", person=person)
            elif tried_by:
                made.new("casework.ContactAttempt", case=made.new("casework.Case", person=person))
            leave_only(rule)
            act = partial(change, row, state="granted")
            if is_right:
                assert not refusal_of(act), (kind, reason, tried_by)
            else:
                assert not tried(rule, act, f"{kind} {reason}", "without an attempt")


def test_a_deputy_fits_the_membership():
    (rule,) = triggers_in({"accounts_deputy fits_its_membership"})
    for broken in ("of another user", "an administrator's role", "a deputy who is an administrator"):
        with undone_after():
            made = rows()
            membership, other = made.one("accounts.Membership"), made.new("accounts.User")
            values: Values = {}
            if broken == "of another user":
                values = {"absent": other}
            elif broken == "an administrator's role":
                change(membership, role="sysadmin")
            else:
                made.new("accounts.Membership", user=other, role="auditor")
                values = {"deputy": other}
            leave_only(rule)
            assert not tried(
                rule, lambda made=made, values=values: made.new(label_of(rule), **values), broken, "deputy_"
            )


def test_a_history_context_gains_and_never_loses_what_it_states():
    (rule,) = triggers_in({"pghistory_context keep_what_is_stated"})
    for is_on in (True, False):
        with undone_after():
            row = rows().new(label_of(rule), metadata={"user": 7})
            leave_only(rule)
            if not is_on:
                remove(rule)
            change(row, metadata={"user": 8, "unit": 1})
            row.refresh_from_db()
            assert row.metadata == {"user": 7 if is_on else 8, "unit": 1}  # type: ignore[attr-defined]


def test_a_designation_without_an_end_begins_after_those_of_its_line_that_ended():
    (rule,) = triggers_in({"registry_designation open_after_closed"})
    end = date(2019, 2, 1)
    for first, second in (
        ({"valid_to": end}, {"valid_from": NEXT_DAY, "valid_to": None}),
        ({"valid_from": NEXT_DAY}, {"valid_from": DAY, "valid_to": end}),
    ):
        with undone_after():
            row = rows().new(label_of(rule), **first)
            leave_only(rule)
            if "valid_to" in first:
                assert not refusal_of(partial(copy, row, valid_from=end, valid_to=None))
            assert not tried(rule, partial(copy, row, **second), f"{second}", "designation_open_after_closed")


@pytest.mark.parametrize("name", ["leading_of_opened", "leading_of_moved"])
def test_the_gravest_open_gap_of_a_subject_leads(name):
    """Opened: a graver one takes the lead. Moved: when it closes, the other leads again."""
    (rule,) = triggers_in({f"casework_gap {name}"})
    for is_on in (True, False):
        with undone_after():
            made = rows()
            light = made.new("casework.Gap", rank=30)
            if name == "leading_of_moved":
                grave = made.new("casework.Gap", rank=10, person=light.person, kind="STOP_DUE")  # type: ignore[attr-defined]
                leave_only(rule)
                if not is_on:
                    remove(rule)
                change(grave, closed_at=LATER, closed_on=NEXT_DAY)
            else:
                leave_only(rule)
                if not is_on:
                    remove(rule)
                copy(light, rank=10, kind="STOP_DUE")
            light.refresh_from_db()
            assert light.is_leading == ((name == "leading_of_moved") == is_on)  # type: ignore[attr-defined]


def test_a_report_that_was_dealt_with_stays_as_it_was():
    (rule,) = triggers_in({"casework_reportreview ended_for_good"})
    for is_ended in (True, False):
        with undone_after():
            ended = {"state": "accepted", "ended_at": NOW, "ended_by": "x"} if is_ended else {}
            row = rows().new(label_of(rule), **ended)
            leave_only(rule)
            act = partial(change, row, note="y")
            if is_ended:
                assert not tried(rule, act, "another note", "pgtrigger")
            else:
                assert not refusal_of(act)


def test_pgtrigger_and_the_models_agree():
    """A trigger a model states is in the database, enabled."""
    stated = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}
    assert stated == {rule.name for rule in rules("t")}
    assert stated
