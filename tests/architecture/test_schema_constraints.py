"""Every check, unique and exclusion constraint of the schema is broken once; each must refuse, by its name.

Generated from the catalogue of the migrated database. Each rule is tried alone, all others of its table taken away, and once more
after it is taken away itself: then nothing may refuse any more. A rule nobody names in the lists below fails the test, and so does a
name the schema no longer has; how to break a new one is stated with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from casework.constants import REFUTING_REASONS
from tests.architecture.rows import DAY, NOW, Rows
from tests.architecture.schema import (
    BY_TABLE,
    NO_MODEL,
    Rule,
    change,
    copy,
    key_columns,
    key_of,
    leave_only,
    rules,
    undone_after,
)
from tests.architecture.trying import BEFORE, DAY_BEFORE, LATER, NEXT_DAY, Values, label_of, rows, tried

pytestmark = pytest.mark.django_db

NOT_A_VALUE = "no value"


def not_a_value(column: str) -> list[tuple[Values, Values]]:
    return [({}, {column: NOT_A_VALUE})]


CHECKS: dict[str, list[tuple[Values, Values]]] = {
    "answer_value": not_a_value("value"),
    "application_accepted_has_receipt": [({}, {"accepted_on": DAY}), ({}, {"receipt_no": "1"})],
    "application_channel": not_a_value("channel"),
    "applicationchange_state": not_a_value("state"),
    "unnumberedchange_state": not_a_value("state"),
    "application_decided_has_day": [
        ({}, {"state": "granted"}),
        ({}, {"decided_on": DAY}),
        ({}, {"state": "granted", "decided_on": DAY}),
    ],
    "application_effective_has_day": [({}, {"state": "effective"}), ({}, {"effective_from": DAY})],
    "application_hash_is_sha256": [({}, {"content_hash": "F" * 64}), ({}, {"content_hash": "0" * 63})],
    "application_kind": not_a_value("kind"),
    "application_recorded_kinds": [({}, {"state": "recorded"})],
    "application_refused_has_reasons": [({}, {"state": "refused"}), ({}, {"refusal_reasons": '["NOT_POOR"]'})],
    "application_state": not_a_value("state"),
    "applicationpaper_kind": not_a_value("kind"),
    "applicationstep_one_taker": [({}, {"taken_by_id": None}), ({}, {"taken_by_system_id": 1})],
    "applicationstep_systems_withdraw_drafts": [
        ({"verb": "submit"}, {"taken_by_system_id": 1}),
        ({"verb": "withdraw", "state_before": "submitted"}, {"taken_by_system_id": 1}),
    ],
    "applicationstep_verb": not_a_value("verb"),
    "applicationversion_agent_whole": [({}, {"agent_name": "x"}), ({}, {"agent_relation": "x"})],
    "applicationversion_one_maker": [({}, {"made_by_id": None}), ({}, {"made_by_system_id": 1})],
    "applicationversion_hash_is_sha256": [({}, {"content_hash": "F" * 64}), ({}, {"content_hash": "0" * 63})],
    "contactattempt_means": not_a_value("means"),
    "contributionyears_has_source": [({}, {"source": ""})],
    "contributionyears_plausible": [({}, {"years": 61})],
    "enrollment_agency_entry_has_number": [({}, {"books": "agency"})],
    "enrollment_books": not_a_value("books"),
    "enrollment_ended_by_has_day": [({}, {"ended_by_id": 1})],
    "enrollment_range": [({}, {"valid_to": DAY}), ({}, {"valid_to": DAY_BEFORE})],
    "enrollment_scheme": not_a_value("scheme"),
    "lifeevidence_source": not_a_value("source"),
    "onestopbatch_approved_has_who": [
        ({}, {"state": "approved"}),
        ({}, {"state": "effective", "approved_at": NOW}),
        ({}, {"approved_at": NOW}),
        ({}, {"approved_by_id": "made_by_id"}),
    ],
    "onestopbatch_hash_is_sha256": [({}, {"content_hash": "F" * 64})],
    "onestopbatch_state": not_a_value("state"),
    "onestopline_effect_of_the_eligible": [
        ({}, {"outcome": "refused", "application_id": 1}),
        ({}, {"left_out": '["DECEASED"]', "application_id": 1}),
    ],
    "onestopline_excluded_has_reasons": [({}, {"outcome": "refused"}), ({}, {"reasons": '["STUDENT"]'})],
    "accountentry_amount": [({}, {"amount_fen": 0})],
    "accountentry_credit": not_a_value("credit"),
    "accountentry_interest": [({"kind": "contribution"}, {"kind": "interest"})],
    "accountentry_kind": not_a_value("kind"),
    "batch_credited_has_day": [({}, {"credited_on": DAY}), ({}, {"state": "credited"}), ({}, {"state": "closed"})],
    "batch_frozen_has_hash": [
        ({}, {"state": "frozen"}),
        ({}, {"content_hash": "0" * 64}),
        ({}, {"frozen_at": NOW}),
        ({}, {"state": "frozen", "content_hash": "0" * 64, "frozen_at": NOW, "line_count": 0}),
        ({}, {"state": "frozen", "content_hash": "F" * 64, "frozen_at": NOW, "line_count": 1}),
    ],
    "batch_kind": not_a_value("kind"),
    "batch_period": [({}, {"period": "18"}), ({}, {"period": "2018-1"})],
    "batch_state": not_a_value("state"),
    "batchfunding_amount": [({}, {"amount_fen": 0})],
    "batchfunding_level": not_a_value("level"),
    "batchfunding_voucher": [({}, {"voucher": ""})],
    "contributionline_payer": not_a_value("payer"),
    "contributionline_shares_meet": [({}, {"county_fen": 2}), ({}, {"central_fen": 1})],
    "contributionline_sign": [({}, {"amount_fen": 0}), ({}, {"amount_fen": -1}), ({}, {"contra_of_id": 1})],
    "contributionplan_counts": [({}, {"added": 2, "paid_for": 1}), ({}, {"changed": 2, "paid_for": 1})],
    "contributionplanline_paid_or_reason": [
        ({}, {"reason": "DEAD"}),
        ({}, {"amount_fen": 0, "county_fen": 0}),
        ({}, {"category": ""}),
        ({}, {"outcome": "excluded"}),
        ({}, {"outcome": "excluded", "amount_fen": 0}),
    ],
    "contributionplanline_shares_meet": [({}, {"county_fen": 2}), ({}, {"province_fen": 1})],
    "listcertificate_category": not_a_value("category"),
    "listcertificate_office": [({}, {"office": ""})],
    "townshipcheck_hash": [({}, {"content_hash": "F" * 64})],
    "onestopline_kind": [({}, {"kind": "claim"})],
    "onestopline_outcome": not_a_value("outcome"),
    "temporaryidentity_form": [({}, {"number": "T3206822019010200"}), ({}, {"number": "320682201901020001"})],
    "temporaryidentity_replaced_whole": [({}, {"replaced_at": NOW}), ({}, {"replaced_by_id": "application_id"})],
    "fieldreport_kind": not_a_value("kind"),
    "fieldreport_source": not_a_value("source"),
    "fieldreport_sex": [({}, {"sex": 3})],
    "fieldreport_whom": [
        ({}, {"person_id": None}),
        ({}, {"name": "x"}),
        ({}, {"kind": "not_listed"}),
        ({}, {"kind": "not_listed", "person_id": None}),
    ],
    "fieldreport_death_has_source": [({}, {"kind": "died"}), ({}, {"died_on": DAY})],
    "fieldreport_moved_has_place": [({}, {"kind": "moved_away"})],
    "fieldreport_work_has_contact": [({}, {"kind": "works_elsewhere"})],
    "fieldreport_wrong_says_what": [({}, {"kind": "details_wrong"}), ({}, {"wrong_details": ["name"]})],
    "fieldreport_other_has_words": [({}, {"kind": "other"})],
    "fieldreport_photo_whole": [({}, {column: "x"}) for column in ("photo_sha256", "photo_path")],
    "fieldreport_number_has_state": [({}, {"number_state": "ok"})],
    "question_about": not_a_value("about"),
    "question_has_text": [({"about": "case"}, {"text": ""})],
    "question_state": [
        ({}, {"state": "answered"}),
        ({}, {"state": "withdrawn"}),
        ({}, {"state": "withdrawn", "withdrawn_at": NOW}),
        ({}, {"answered_at": NOW}),
        ({}, {"state": NOT_A_VALUE}),
    ],
    "question_subject": [
        ({}, {"person_id": None}),
        ({}, {"scheme": "resident", "roll_no": "1"}),
        ({}, {"about": "report"}),
    ],
    "reportreview_declined_says_why": [({}, {"state": "declined"})],
    "reportreview_ended_has_who": [
        ({}, {"state": "accepted"}),
        ({}, {"state": "accepted", "ended_at": NOW}),
        ({}, {"ended_by": "x"}),
        ({}, {"ended_at": NOW}),
    ],
    "reportreview_known_says_who": [({}, {"state": "known"})],
    "reportreview_state": not_a_value("state"),
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
    "caseclosing_by_application": [({}, {"reason": "declined"}), ({}, {"application_id": 1})],
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
    "delivery_completed_with_reason": [
        ({"applied_at": NOW}, {"completed_at": NOW, "completed_by": "甲"}),
        ({"applied_at": NOW}, {"completed_at": NOW, "completion": {"reason": "齐"}}),
        ({}, {"completed_at": NOW, "completed_by": "甲", "completion": {"reason": "齐"}}),
    ],
    "delivery_known_feed": [({}, {"feed": "lottery"}), ({}, {"feed": "", "state": "applied"})],
    "delivery_known_state": not_a_value("state"),
    "delivery_superseded_has_moment": [({}, {"state": state}) for state in ("superseded", "undone")],
    "deliverychange_known_kind": not_a_value("kind"),
    "deliveryproblem_known_action": not_a_value("action"),
    "demomark_one": [({}, {"id": 2})],
    "contactpoint_has_a_mask": [({}, {"masked": ""})],
    "bankaccount_has_a_mask": [({}, {"masked": ""})],
    "bankaccount_superseded_was_current": [({}, {"superseded_at": NOW})],
    "notice_kind": not_a_value("kind"),
    "informedcontact_way": not_a_value("way"),
    "informedcontact_has_language": [({}, {"language": ""})],
    "deputy_is_another_user": [({}, {"deputy_id": "absent_id"})],
    "deputy_valid_range_in_order": [({}, {"valid_from": NEXT_DAY, "valid_to": DAY})],
    "designation_kind": [({}, {"kind": "resident"})],
    "designation_has_its_source": [({}, {"kind": "reported"}), ({}, {"row_id": None})],
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
    "monthfigure_counts_somebody": [({}, {"count": 0})],
    "monthfigure_first_day": [({}, {"month": DAY.replace(day=2)})],
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
    "signature_act_is_known": not_a_value("act"),
    "signature_hash_is_sha256": [({}, {"content_hash": "F" * 64}), ({}, {"content_hash": "0" * 63})],
    "signature_object_is_named": [({}, {"object_type": ""}), ({}, {"object_type": "An application"})],
    "signature_role_is_known": not_a_value("role"),
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
    "application_one_open_of_a_kind": ("person_id, kind", {}),
    "application_receipt_once": ("county_id, receipt_no", {"receipt_no": "1", "accepted_on": DAY}),
    "applicationpaper_once": ("version_id, kind, attachment_id", {}),
    "applicationstep_missing_named_once": ("application_id", {"verb": "name_missing"}),
    "applicationversion_once": ("application_id, number", {}),
    "contributionyears_once": ("person_id", {}),
    "lifeevidence_once": ("person_id, seen_on, source", {}),
    "accountentry_once": ("county_id, source_type, source_id, person_id, kind, credit, level", {}),
    "batchfunding_voucher_once": ("batch_id, level, voucher", {}),
    "contributionline_once": ("county_id, person_id, year, payer, attempt", {}),
    "contributionplanline_once": ("county_id, year, person_id", {}),
    "interestposting_once": ("county_id, year", {}),
    "listcertificate_once": ("batch_id, category", {}),
    "payments_contributionline_contra_of_id_key": ("contra_of_id", {}),
    "townshipcheck_once": ("batch_id, unit_id, content_hash", {}),
    "onestopline_once": ("batch_id, person_id", {}),
    "bankaccount_one_current_of_a_person": ("person_id", {"current_from": NOW}),
    "temporaryidentity_number_once": ("number", {}),
    "temporaryidentity_one_of_a_person": ("person_id", {}),
    "answer_once": ("uuid", {}),
    "casework_reportreview_report_id_key": ("report_id", {}),
    "fieldreport_once": ("uuid", {}),
    "presence_once": ("subject, user_id", {}),
    "savedfilter_name_once": ("user_id, name", {}),
    "coverageverdict_once": ("person_id", {}),
    "link_once": ("person_id, scheme, delivery_id, part, line", {}),
    "matchdecision_one_per_line": ("person_id, delivery_id, part, line", {"roll_no": ""}),
    "matchdecision_one_per_pair": ("person_id, scheme, roll_no", {}),
    "patterndecision_one_waiting": ("county_id, scheme, rule, comparison_vector", {}),
    "demotime_one_at_a_moment": ("set_at", {}),
    "django_content_type_app_label_model_76bd3d3b_uniq": ("app_label, model", {}),
    "unique_authenticator_type": ("user_id, type", {}),
    "nightrun_one_open_per_county": ("county_id", {}),
    "monthfigure_once": ("unit_id, measure, month", {}),
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
    "signature_once_per_person": ("object_type, object_id, content_hash, person_id", {}),
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

OF_LINES_TAKEN_BACK = {"payments_contributionline_contra_of_id_key"}
"""Unique keys under which only a line that takes back another falls."""

EXCLUSIONS: dict[str, tuple[Values, list[Values]]] = {
    "enrollment_no_overlap": ({}, [{"valid_from": NEXT_DAY}, {"valid_to": NEXT_DAY}]),
    "deputy_one_at_a_time": ({}, [{"valid_from": date(2019, 1, 31), "valid_to": date(2019, 3, 1)}]),
    "membership_administrators_are_nothing_else": (
        {},
        [{"role": role, "valid_from": NEXT_DAY} for role in ("sysadmin", "secadmin", "auditor")],
    ),
    "membership_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}, {"valid_from": DAY_BEFORE, "valid_to": NEXT_DAY}]),
    "parametervalue_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}, {"valid_to": NEXT_DAY}]),
    "signature_never_on_own_work": (
        {"act": "prepared"},
        [{"content_hash": "1" * 64, "act": act} for act in ("reviewed", "approved", "returned", "funded")],
    ),
    "unit_code_once_at_a_time": ({}, [{"valid_from": NEXT_DAY}]),
    "designation_closed_no_overlap": (
        {"valid_to": date(2019, 2, 1)},
        [{"valid_from": date(2019, 1, 31), "valid_to": date(2019, 3, 1)}],
    ),
}
"""Exclusion constraint -> what a row needs to fall under it, and what its copies state that must be refused beside it."""


def test_every_table_has_a_model_from_which_a_row_can_be_made():
    assert {rule.table for rule in rules("p")} - BY_TABLE.keys() == NO_MODEL


def test_every_constraint_is_named_here_and_every_name_is_in_the_schema():
    added = {rule.name for rule in rules("c") if added_by_django(rule)}
    assert {rule.name for rule in rules("c")} - added == CHECKS.keys()
    assert {rule.name for rule in rules("u")} == UNIQUE.keys()
    assert {rule.name for rule in rules("x")} == EXCLUSIONS.keys()


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


def test_every_unique_key_refuses_a_second_row():
    wrong = []
    for rule in rules("u", "p"):
        if rule.table in NO_MODEL:
            continue
        with undone_after():
            made = rows()
            needed = taking_back(made) if rule.name in OF_LINES_TAKEN_BACK else UNIQUE.get(rule.name, ("", {}))[1]
            row = made.new(label_of(rule), **needed)
            same_key: Values = {key_of(row): row.pk} if rule.kind == "p" else {}
            leave_only(rule)
            wrong += tried(rule, partial(copy, row, **same_key), "a copy")
    assert not wrong


def taking_back(made: Rows) -> Values:
    """Return what a line has that takes back another."""
    line: Any = made.new("payments.ContributionLine")
    batch = made.new("payments.Batch", reverses=line.batch)
    same = {"batch": batch, "person": line.person, "county": line.county, "year": line.year, "payer": line.payer}
    return same | {"attempt": line.attempt, "contra_of": line, "amount_fen": -1, "county_fen": -1}


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
