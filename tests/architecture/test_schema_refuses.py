"""Every rule of the schema is broken once: check, unique and exclusion constraints, and triggers; each must refuse, by its name.

Generated from the catalogue of the migrated database. Each rule is tried alone, all others of its table taken away, and once more
after it is taken away itself: then nothing may refuse any more. A rule nobody names in the lists below fails the test, and so does a
name the schema no longer has; how to break a new one is stated with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pghistory.trigger
import pgtrigger
import pytest
from django.db import connection

from casework.constants import REFUTING_REASONS
from foundation.policy.models.proposal import ProposalState
from tests.architecture.rows import DAY, NOW, Rows
from tests.architecture.schema import (
    BY_TABLE,
    MODELS,
    NO_MODEL,
    Rule,
    alter,
    change,
    columns_of,
    copy,
    count,
    delete,
    key_columns,
    key_of,
    leave_only,
    refusal_of,
    remove,
    rules,
    run,
    truncate,
    undone_after,
)

pytestmark = pytest.mark.django_db

Values = dict[str, Any]
LATER, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)
NEXT_DAY, DAY_BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)
NOT_A_VALUE = "no value"


def not_a_value(column: str) -> list[tuple[Values, Values]]:
    return [({}, {column: NOT_A_VALUE})]


CHECKS: dict[str, list[tuple[Values, Values]]] = {
    "assignment_undone_has_who": [({}, {"undone_at": NOW}), ({}, {"undone_by": "x"})],
    "auditevent_known_actor_kind": [({}, {"actor_kind": "nobody"})],
    "auditevent_known_outcome": [({}, {"outcome": "nothing"})],
    "auditevent_names_its_verb": [({}, {"verb": ""})],
    "signinfailure_names_no_account": [({}, {"account_hash": "a name in clear"})],
    "auditseal_known_log": not_a_value("log"),
    "auditseal_range_in_order": [({}, {"from_id": 5, "to_id": 4})],
    "case_assigned_has_owner": [({}, {"state": "assigned"}), ({}, {"state": "in_progress"})],
    "case_closed_has_moment": [
        ({}, {"closed_at": NOW}),
        ({}, {"state": "resolved"}),
        ({}, {"state": "closed_with_reason"}),
    ],
    "case_closed_has_reason": [({}, {"state": "closed_with_reason"})],
    "case_desk": [({}, {"desk": "nowhere"})],
    "case_one_subject": [
        ({}, {"person_id": None}),
        ({}, {"scheme": "resident", "roll_no": "1"}),
        ({}, {"roll_no": "1"}),
        ({}, {"person_id": None, "scheme": "resident"}),
        ({}, {"person_id": None, "roll_no": "1"}),
    ],
    "case_state": not_a_value("state"),
    "case_waiting_has_day": [({}, {"state": "waiting_outside"})],
    "caseclosing_about_the_person_has_evidence": [({}, {"reason": "dead"})],
    "caseclosing_document_whole": [
        ({}, {column: "x"}) for column in ("document_name", "document_type", "document_sha256", "document_path")
    ],
    "caseclosing_payment_refuted_by_document": [
        *(({}, {"reason": str(reason), "evidence_kind": "document"}) for reason in REFUTING_REASONS),
        ({}, {"reason": "alive", "evidence_kind": "visit", "document_sha256": "x"}),
    ],
    "caseclosing_evidence_before_it": [({}, {"evidence_date": NOW.date() + timedelta(days=1)})],
    "caseclosing_evidence_named": [({}, {"evidence_kind": "document"}), ({}, {"evidence_kind": "department"})],
    "caseclosing_evidence_whole": [
        ({}, {"evidence_kind": "visit"}),
        ({}, {"evidence_date": DAY}),
        ({}, {"evidence_reference": "x"}),
        ({}, {"evidence_kind": "rumour", "evidence_date": DAY}),
    ],
    "caseclosing_has_note": [({}, {"note": ""}), ({}, {"note": "x x x"})],
    "caseclosing_reason": not_a_value("reason"),
    "caseclosing_state_before": [({}, {"state_before": "resolved"}), ({}, {"state_before": "closed_with_reason"})],
    "caseclosing_undone_has_who": [({}, {"undone_at": NOW}), ({}, {"undone_by": "x"})],
    "clienttoken_allows_something": [({}, {"verbs": []})],
    "clienttoken_hash_is_sha256": [({}, {"token_hash": "a token in clear"}), ({}, {"token_hash": "0" * 63})],
    "coverageverdict_desk": not_a_value("desk_reason"),
    "coverageverdict_e1": not_a_value("e1_column"),
    "coverageverdict_verdict": [({}, {"verdict": "1-999"})],
    "delivery_applied_has_moment": [({}, {"state": state}) for state in ("applied", "superseded", "undone")],
    "delivery_known_feed": [({}, {"feed": "lottery"}), ({}, {"feed": "", "state": "applied"})],
    "delivery_known_state": not_a_value("state"),
    "delivery_superseded_has_moment": [({}, {"state": state}) for state in ("superseded", "undone")],
    "deliverychange_known_kind": not_a_value("kind"),
    "deliveryproblem_known_action": not_a_value("action"),
    "demomark_one": [({}, {"id": 2})],
    "deputy_is_another_user": [({}, {"deputy_id": "absent_id"})],
    "deputy_valid_range_in_order": [({}, {"valid_from": NEXT_DAY, "valid_to": DAY})],
    "designation_kind": [({}, {"kind": "resident"})],
    "designation_range": [({}, {"valid_to": DAY}), ({}, {"valid_to": DAY_BEFORE})],
    "disclosure_names_its_fields": [({}, {"fields": []})],
    "disclosure_names_its_legal_basis": [({}, {"legal_basis": ""})],
    "disclosure_names_its_purpose": [({}, {"purpose": ""})],
    "disclosure_names_its_recipient": [({}, {"recipient": ""})],
    "fact_kind": not_a_value("kind"),
    "fact_range": [({}, {"valid_from": DAY, "valid_to": DAY_BEFORE})],
    "feedcontact_known_feed": [({}, {"feed": "lottery"})],
    "finding_class": [({}, {"evidence_class": "D"})],
    "finding_kind": not_a_value("kind"),
    "finding_one_subject": [
        ({}, {"person_id": None}),
        ({}, {"person_id": None, "scheme": "resident"}),
        ({}, {"person_id": None, "roll_no": "1"}),
    ],
    "gap_closed_after_opened": [({}, {"closed_at": BEFORE})],
    "gap_closed_together": [({}, {"closed_at": NOW}), ({}, {"closed_on": DAY})],
    "gap_desk": [({}, {"desk": "nowhere"})],
    "gap_kind": not_a_value("kind"),
    "gap_one_subject": [
        ({}, {"person_id": None}),
        ({}, {"scheme": "resident", "roll_no": "1"}),
        ({}, {"scheme": "resident"}),
        ({}, {"person_id": None, "roll_no": "1"}),
    ],
    "learnedlayout_known_feed": [({}, {"feed": "lottery"})],
    "link_action": [({}, {"action": "guess"})],
    "link_rule": not_a_value("rule"),
    "matchdecision_decision": not_a_value("decision"),
    "matchdecision_undone_has_who": [
        ({}, {"undone_at": NOW, "superseded_at": NOW}),
        ({}, {"undone_by": "x"}),
        ({}, {"undone_by": "x", "undone_at": NOW, "superseded_at": LATER}),
    ],
    "membership_role_is_known": not_a_value("role"),
    "membership_valid_range_in_order": [({}, {"valid_to": DAY_BEFORE})],
    "mergeproposal_decided_has_moment": [({}, {"state": "merged"}), ({}, {"state": "different"})],
    "mergeproposal_ordered": [({}, {"person_b_id": "person_a_id"}), ({}, {"person_b_id": 0})],
    "mergeproposal_reason": not_a_value("reason"),
    "mergeproposal_state": not_a_value("state"),
    "nightrun_finished_has_moment": [({}, {"state": state}) for state in ("done", "failed", "cancelled")],
    "nightrun_state": [({"finished_at": NOW}, {"state": NOT_A_VALUE})],
    "nightstep_state": not_a_value("state"),
    "parametervalue_names_its_source": [({}, {"source": ""})],
    "parametervalue_unit_is_known": not_a_value("unit"),
    "parametervalue_valid_range_in_order": [({}, {"valid_to": DAY})],
    "parametervalue_value_or_none_here": [({}, {"value": None}), ({}, {"is_none_here": True})],
    "patterndecision_decision": not_a_value("decision"),
    "patterndecision_ended_has_who": [
        ({}, {"state": "signed"}),
        ({}, {"ended_by": "x"}),
        ({}, {"state": "signed", "ended_at": NOW}),
    ],
    "patterndecision_undone_has_who": [
        ({}, {"undone_by": "x"}),
        ({}, {"undone_at": NOW}),
        ({}, {"state": "undone", "ended_at": NOW, "ended_by": "x"}),
    ],
    "person_sex": [({}, {"sex": 3})],
    "personmerge_two_persons": [({}, {"kept_id": "absorbed_id"})],
    "personmerge_undone_has_who": [({}, {"undone_at": NOW}), ({}, {"undone_by": "x"})],
    "personnote_not_empty": [({}, {"text": ""})],
    "proposal_approved_by_a_second_person": [
        ({}, {"state": "approved", "decided_at": NOW, "decided_by_id": "drafted_by_id"})
    ],
    "proposal_backdated_has_reason": [({}, {"effective_date": DAY_BEFORE, "backdating_reason": ""})],
    "proposal_decided_has_who": [
        ({}, {"state": "withdrawn"}),
        ({}, {"state": "withdrawn", "decided_at": NOW}),
        ({}, {"decided_at": NOW}),
        ({}, {"decided_by_id": "drafted_by_id"}),
    ],
    "proposal_names_its_source": [({}, {"source": ""})],
    "proposal_state_is_known": not_a_value("state"),
    "proposal_unit_is_known": not_a_value("unit"),
    "proposal_value_or_none_here": [({}, {"value": None}), ({}, {"is_none_here": True})],
    "rollsnapshot_has_rows": [({}, {"row_count": 0})],
    "rollsnapshot_scheme": not_a_value("scheme"),
    "savedfilter_has_name": [({}, {"name": ""})],
    "unit_code_is_twelve_digits": [({}, {"code": "32068211100"}), ({}, {"code": "32068211100X"})],
    "unit_level_is_known": [({}, {"level": 0}), ({}, {"level": 6})],
    "unit_path_ends_with_code": [({}, {"path": "320682000000"}), ({}, {"path": "999999999999/"})],
    "unit_valid_range_in_order": [({}, {"valid_to": DAY})],
    "unit_without_parent_is_a_root": [({}, {"path": "111111111111/999999999999/"})],
    "upload_known_state": not_a_value("state"),
    "upload_not_too_much": [({}, {"received_bytes": 2}), ({}, {"received_bytes": -1})],
    "workingday_names_its_source": [({}, {"source": ""})],
}
"""Check constraint -> what a valid row of the table is given more, and the changes of columns it must refuse, each by itself.

A value that names another column of the row is that column's. Checks Django adds to columns of positive numbers are found by
their names and given -1.
"""

UNIQUE: dict[str, tuple[str, Values]] = {
    "audit_contextentry_context_id_key": ("context_id", {}),
    "account_emailaddress_user_id_email_987c8728_uniq": ("user_id, email", {}),
    "unique_primary_email": ("user_id, primary", {"primary": True}),
    "unique_verified_email": ("email", {"verified": True}),
    "account_emailconfirmation_key_key": ("key", {}),
    "refusedtokens_hour_once": ("hour", {}),
    "clienttoken_hash_once": ("token_hash", {}),
    "idempotencykey_once": ("client_id, key", {}),
    "accounts_user_username_key": ("username", {}),
    "accounts_user_groups_user_id_group_id_59c0b32f_uniq": ("user_id, group_id", {}),
    "accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq": ("user_id, permission_id", {}),
    "auditseal_begins_once": ("log, from_id", {}),
    "auditseal_ends_once": ("log, to_id", {}),
    "auth_group_name_key": ("name", {}),
    "auth_group_permissions_group_id_permission_id_0cd325b0_uniq": ("group_id, permission_id", {}),
    "auth_permission_content_type_id_codename_01ab375a_uniq": ("content_type_id, codename", {}),
    "axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq": (
        "username, ip_address, user_agent",
        {"username": "x", "ip_address": "127.0.0.1"},
    ),
    "case_one_working_per_person": ("person_id", {}),
    "case_one_working_per_roll_line": (
        "county_id, scheme, roll_no",
        {"person": None, "scheme": "resident", "roll_no": "1"},
    ),
    "gap_open_once_per_person": ("person_id, kind", {}),
    "gap_open_once_per_roll_line": (
        "county_id, scheme, roll_no, kind",
        {"person": None, "scheme": "resident", "roll_no": "1"},
    ),
    "presence_once": ("subject, user_id", {}),
    "savedfilter_name_once": ("user_id, name", {}),
    "coverageverdict_once": ("person_id", {}),
    "link_once": ("person_id, scheme, delivery_id, part, line", {}),
    "matchdecision_one_per_line": ("person_id, delivery_id, part, line", {"roll_no": ""}),
    "matchdecision_one_per_pair": ("person_id, scheme, roll_no", {}),
    "patterndecision_one_waiting": ("county_id, scheme, rule, comparison_vector", {}),
    "django_content_type_app_label_model_76bd3d3b_uniq": ("app_label, model", {}),
    "unique_authenticator_type": ("user_id, type", {}),
    "nightrun_one_open_per_county": ("county_id", {}),
    "nightstep_once": ("run_id, name", {}),
    "proposal_once_for_a_day": ("name, COALESCE(region_id, 0::bigint), effective_date", {}),
    "workingday_once_for_a_region": ("day, COALESCE(region_id, 0::bigint)", {}),
    "attachment_once": ("person_id, file_sha256", {}),
    "deliveredrow_once": ("delivery_id, sheet, row, member", {}),
    "delivery_one_applied_per_name": (
        "county_id, feed, as_of_date, file_name",
        {"state": "applied", "applied_at": NOW},
    ),
    "delivery_same_file_once": ("county_id, as_of_date, file_sha256, only_feed", {}),
    "deliveryproblem_once": ("delivery_id, sheet, row, member, reason", {}),
    "designation_open_once": ("person_id, kind, record_key", {}),
    "fact_once": ("delivery_id, sheet, row, kind", {}),
    "feedcontact_one_per_feed": ("county_id, feed", {}),
    "householdphone_once": ("delivery_id, household, blind", {}),
    "identitynumber_once": ("blind_full", {}),
    "mergeproposal_pair_once": ("person_a_id, person_b_id", {}),
    "personidentifier_once": ("person_id, number_id", {}),
    "personmerge_alias_of_one": ("absorbed_id", {}),
    "personname_once": ("person_id, name", {}),
    "registry_rollsnapshot_delivery_id_key": ("delivery_id", {}),
    "upload_same_file_once": ("county_id, user_id, file_name, file_bytes, modified_ms, as_of_date", {}),
}
"""Unique key -> its columns, and what a row needs to fall under it; its copy under another id must be refused."""

EXCLUSIONS: dict[str, tuple[Values, list[Values]]] = {
    "deputy_one_at_a_time": ({}, [{"valid_from": date(2019, 1, 31), "valid_to": date(2019, 3, 1)}]),
    "membership_administrators_are_nothing_else": (
        {},
        [{"role": role, "valid_from": NEXT_DAY} for role in ("sysadmin", "secadmin", "auditor")],
    ),
    "membership_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}, {"valid_from": DAY_BEFORE, "valid_to": NEXT_DAY}]),
    "parametervalue_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}, {"valid_to": NEXT_DAY}]),
    "unit_code_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}]),
    "designation_closed_no_overlap": (
        {"valid_to": date(2019, 2, 1)},
        [{"valid_from": date(2019, 1, 31), "valid_to": date(2019, 3, 1)}],
    ),
}
"""Exclusion constraint -> what a row needs to fall under it, and what its copies state that must be refused beside it."""

MAY_CHANGE: dict[str, set[str]] = {
    "axes_accesslog ended_only": {"logout_time"},
    "casework_assignment undone_only": {"undone_by", "undone_at"},
    "casework_caseclosing undone_only": {"undone_by", "undone_at"},
    "coverage_coverageverdict superseded_only": {"superseded_at"},
    "coverage_finding superseded_only": {"superseded_at"},
    "coverage_link superseded_only": {"superseded_at"},
    "coverage_matchdecision superseded_only": {"superseded_at", "undone_by", "undone_at"},
    "coverage_patterndecision end_only": {"state", "ended_by", "ended_at", "undone_by", "undone_at"},
    "policy_parameterproposal stated_once": {"id", "state", "decided_by_id", "decided_at"},
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
    "casework_assignment no_delete": {"delete"},
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
    "policy_parameterproposal never_deleted": {"delete"},
    "policy_parameterproposalevent append_only": {"update", "delete"},
    "policy_parametervalueevent append_only": {"update", "delete"},
    "regions_unit refuse_deletion": {"new id", "delete"},
    "registry_attachment immutable": {"update", "delete"},
    "registry_deliveredrow immutable": {"update", "delete"},
    "registry_delivery refuse_deletion": {"new id", "delete"},
    "registry_designation no_delete": {"delete"},
    "registry_fact no_delete": {"delete"},
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
    "policy_parameterproposal moves_once",
    "registry_designation open_after_closed",
}
"""Triggers with a test of their own below."""


def rows() -> Rows:
    return Rows(MODELS)


def label_of(rule: Rule) -> str:
    return BY_TABLE[rule.table]._meta.label


def trigger_name(rule: Rule) -> str:
    """Return a trigger's table and name without the hash pgtrigger adds."""
    return f"{rule.table} {rule.name.removeprefix('pgtrigger_').rpartition('_')[0]}"


def triggers_in(names: Any) -> list[Rule]:
    return [rule for rule in rules("t") if trigger_name(rule) in names]


def test_every_table_has_a_model_from_which_a_row_can_be_made():
    assert {rule.table for rule in rules("p")} - BY_TABLE.keys() == NO_MODEL


def test_every_constraint_is_named_here_and_every_name_is_in_the_schema():
    added = {rule.name for rule in rules("c") if added_by_django(rule)}
    assert {rule.name for rule in rules("c")} - added == CHECKS.keys()
    assert {rule.name for rule in rules("u")} == UNIQUE.keys()
    assert {rule.name for rule in rules("x")} == EXCLUSIONS.keys()


def test_every_trigger_is_named_here_and_every_name_is_in_the_schema():
    named = MAY_CHANGE.keys() | REFUSED.keys() | RECORDED.keys() | REFERENCES.keys() | OF_THEIR_OWN
    assert {trigger_name(rule) for rule in rules("t")} == named


def added_by_django(rule: Rule) -> bool:
    """A check of a column of positive numbers, named for table and column."""
    return rule.name.startswith(f"{rule.table}_") and rule.name.endswith("_check")


def test_every_check_refuses_what_it_forbids():
    wrong = []
    for rule in rules("c"):
        if added_by_django(rule):
            column = rule.name.removeprefix(f"{rule.table}_").removesuffix("_check")
            wrong += broken_check(rule, {}, {column: -1})
        else:
            for given, changes in CHECKS.get(rule.name, []):
                wrong += broken_check(rule, given, changes)
    assert not wrong


def broken_check(rule: Rule, given: Values, changes: Values) -> list[str]:
    with undone_after():
        row = rows().new(label_of(rule), **given)
        values = {name: getattr(row, value) if is_column(row, value) else value for name, value in changes.items()}
        leave_only(rule)
        return tried(rule, lambda: change(row, **values), f"{changes}")


def is_column(row: Any, value: object) -> bool:
    return isinstance(value, str) and value.endswith("_id") and hasattr(row, value)


def tried(rule: Rule, act: Any, words: str, said: str = "") -> list[str]:
    """Try an act under the rule and without it; return what was wrong."""
    wrong = []
    refusal = refusal_of(act)
    if (said or rule.name) not in refusal:
        wrong.append(f"{rule.table} {rule.name} does not refuse {words}: {refusal or 'nothing did'}")
    remove(rule)
    if without := refusal_of(act):
        wrong.append(f"{rule.table} {rule.name}: without it {words} is refused all the same: {without}")
    return wrong


def test_every_unique_key_refuses_a_second_row():
    wrong = []
    for rule in rules("u", "p"):
        if rule.table in NO_MODEL:
            continue
        with undone_after():
            row = rows().new(label_of(rule), **UNIQUE.get(rule.name, ("", {}))[1])
            same_key: Values = {key_of(row): row.pk} if rule.kind == "p" else {}
            leave_only(rule)
            wrong += tried(rule, partial(copy, row, **same_key), "a copy")
    assert not wrong


def test_a_unique_key_has_these_columns_and_no_more():
    """With one column more two rows of the same thing would pass."""
    assert key_columns() == {name: columns for name, (columns, _needed) in UNIQUE.items()}


def test_every_exclusion_refuses_what_overlaps():
    wrong = []
    for rule in rules("x"):
        given, copies = EXCLUSIONS.get(rule.name, ({}, []))
        for changes in copies:
            with undone_after():
                row = rows().new(label_of(rule), **given)
                leave_only(rule)
                wrong += tried(rule, partial(copy, row, **changes), f"{changes}")
    assert not wrong


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


def test_pgtrigger_and_the_models_agree():
    """A trigger a model states is in the database, enabled."""
    stated = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}
    assert stated == {rule.name for rule in rules("t")}
    assert stated
