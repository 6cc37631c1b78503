"""Labels of the verbs and kinds of objects of the audit log, and rows of its lists. A test demands one for every verb."""

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.constants import Verb
from foundation.accounts.models.client_token import ClientToken
from foundation.accounts.permissions import Action
from foundation.audit.models import Disclosure
from foundation.audit.models.event import AuditEvent, Outcome
from foundation.primitives.personal_texts import shown_roll_no
from portal.administration.audit_details import detail_lines, detail_term
from registry.constants import Feed

VERBS = {
    "add_note": _("Added a note to a case"),
    "add_person_note": _("Added a note about a person"),
    "answer_coverage": _("Answered a department query"),
    "answer_eligibility": _("Told a department who is eligible"),
    "answer_question": _("Answered a question to the village"),
    "answer_village": _("Village answered about a case"),
    "ask_back": _("Asked a village back about its report"),
    "approve_parameter": _("Approved a proposed parameter"),
    "appoint_deputy": _("Appointed a deputy"),
    "ask_village": _("Asked the village"),
    "application_decided": _("Decided an application about the case"),
    "propose_one_stop": _("Proposed a one-stop batch"),
    "review_one_stop": _("Reviewed a one-stop batch"),
    "approve_one_stop": _("Approved a one-stop batch"),
    "cancel_one_stop": _("Cancelled a one-stop batch"),
    "end_enrolments": _("Ended enrolments that the roll ended"),
    "put_one_stop_into_effect": _("Put a one-stop batch into effect"),
    "compute_plan": _("Computed the plan of contributions"),
    "draft_contributions": _("Began a batch of contributions"),
    "certify_list": _("Recorded the certificate of a list"),
    "check_contributions": _("Township checked its people of a batch"),
    "freeze_batch": _("Froze a batch of money"),
    "move_batch": _("Batch of money: another state"),
    "reverse_batch": _("Began a batch that takes back money"),
    "credit_batch": _("Credited the accounts of a batch"),
    "post_interest": _("Posted the interest of a year"),
    "begin_application": _("Began an application"),
    "correct_application": _("Corrected an application"),
    "submit_application": _("Application: submitted"),
    "accept_application": _("Application: papers accepted"),
    "name_missing_application": _("Application: missing papers named"),
    "review_application": _("Application: township review"),
    "check_application": _("Application: county check"),
    "grant_application": _("Application: granted"),
    "record_application": _("Application: recorded"),
    "refuse_application": _("Application: refused"),
    "return_application": _("Application: sent back for correction"),
    "withdraw_application": _("Application: withdrawn"),
    "confirm_application": _("Application: entry at the agency confirmed"),
    "attach": _("Added an attachment"),
    "change_password": _("Changed own password"),
    "choose_role": _("Switched role"),
    "close_case": _("Closed a case with reason"),
    "close_user": _("Disabled an account"),
    "create_user": _("Created a user"),
    "delivery_applied": _("Applied a delivery"),
    "compare_number": _("Compared the number on a card"),
    "delivery_approved": _("Approved a delivery"),
    "delivery_checked": _("Checked a delivery"),
    "delivery_discarded": _("Discarded a delivery"),
    "delivery_received": _("Received a delivery"),
    "delivery_refused": _("Refused a delivery"),
    "read_application": _("Viewed an application"),
    "read_account": _("Viewed a person’s account"),
    "read_enrolment": _("Viewed applications and enrolment of a person"),
    "read_notices": _("Viewed the notices of an application"),
    "print_notice": _("Printed notices"),
    "record_informed": _("Recorded that a person was told of the scheme"),
    "record_contribution_years": _("Recorded years of contributions"),
    "read_closing_document": _("Opened the document of a closing"),
    "delivery_failed": _("Processing of a delivery failed"),
    "delivery_retried": _("Put a failed delivery into the queue again"),
    "delivery_undone": _("Undid a delivery"),
    "delivery_applied_again": _("Put an undone delivery into the queue again"),
    "read_delivered_line": _("Opened a line of a delivered file"),
    "download_problems": _("Downloaded the problem list"),
    "draft_parameter": _("Proposed a parameter"),
    "end_deputy": _("Ended a deputy"),
    "end_role": _("Ended a role"),
    "end_sessions": _("Signed a user out"),
    "enrol_second_factor": _("Set up a second factor"),
    "export_audit": _("Exported the audit log"),
    "feed_contact_changed": _("Changed the contact of a feed"),
    "file_report": _("Filed a village report"),
    "find_person": _("Searched for a person"),
    "find_person_by_number": _("Searched for a person by number"),
    "find_person_near_number": _("Was offered persons with a similar number"),
    "find_roll_lines": _("Searched the rolls"),
    "grant_role": _("Granted a role"),
    "handle_report": _("Dealt with a village report"),
    "issue_client_token": _("Issued a token"),
    "lift_lockout": _("Lifted a lock on signing in"),
    "log_contact": _("Logged an attempt to reach a person"),
    "layout_saved": _("Identified the columns of a file"),
    "make_backup": _("Made a backup"),
    "merge_undone": _("Undid a merge of persons"),
    "list_completed": _("Declared a list complete"),
    "list_said_complete": _("Said that a list is complete"),
    "night_cancelled": _("Cancelled a nightly run"),
    "night_requested": _("Requested a nightly run"),
    "pair_ask_village": _("Possible match: village asked"),
    "pair_cannot_tell": _("Possible match: cannot tell"),
    "pair_not_same": _("Possible match: not the same"),
    "pair_same": _("Possible match: same person"),
    "pair_undone": _("Undid a decision on a possible match"),
    "pattern_proposed": _("Proposed a batch decision"),
    "pattern_signed": _("Approved a batch decision"),
    "pattern_undone": _("Undid a batch decision"),
    "pattern_withdrawn": _("Withdrew a batch decision"),
    "persons_merged": _("Merged two persons"),
    "pin_note": _("Pinned or unpinned a note"),
    "possible_duplicate_different": _("Possible duplicate: different persons"),
    "possible_duplicate_merged": _("Possible duplicate: same person"),
    "possible_duplicate_reopened": _("Possible duplicate: decision undone"),
    "read_attachment": _("Opened an attachment"),
    "read_audit_object": _("Viewed an object's history"),
    "read_possible_matches": _("Compared a person with roll records"),
    "read_field_report": _("Viewed a village report"),
    "read_report_photo": _("Opened the photo of a village report"),
    "read_village_part": _("Viewed village reports and questions of a person"),
    "read_village_person": _("Viewed a person's page for village reports"),
    "resolve_case": _("Resolved a case"),
    "read_person": _("Viewed a person"),
    "read_certification": _("Viewed certification of life of a person"),
    "record_life_evidence": _("Entered evidence of life"),
    "read_person_file": _("Viewed household, notes and attachments of a person"),
    "read_list": _("Viewed a list of people"),
    "read_timeline": _("Viewed the timeline of a person"),
    "read_next_facts": _("Viewed what the next steps rest on"),
    "read_roll_line": _("Viewed a roll record"),
    "release_case": _("Released a case"),
    "remove_snapshot": _("Removed prepared rolls"),
    "reopen_case": _("Reopened a case"),
    "reopen_user": _("Enabled an account"),
    "reset_second_factor": _("Reset a second factor"),
    "restore_backup": _("Restored a backup"),
    "revoke_client_token": _("Revoked a token"),
    "rotate_keys": _("Rotated the keys"),
    "set_temporary_password": _("Set an initial password"),
    "show_number": _("Viewed a full number"),
    "sign_in": _("Signed in"),
    "sign_out": _("Signed out"),
    "take_case": _("Took a case"),
    "disclose_possible_matches": _("Sent possible matches to a department"),
    "assign_case": _("Assigned a case"),
    "undo_assign": _("Reversed a case assignment"),
    "undo_take": _("Gave back a case taken before"),
    "assignment_undone": _("Undid an assignment"),
    "undo_close": _("Reversed a case closing"),
    "closing_undone": _("Undid a closing"),
    "disclose_gaps": _("Sent gaps to a department"),
    "disclose_applications": _("Sent applications to a department"),
    "use_token": _("Used a token"),
    "verify_keys": _("Verified the keys"),
    "village_report": _("Village reported about a case"),
    "withdraw_question": _("Withdrew a question to the village"),
    "withdraw_parameter": _("Withdrew a proposed parameter"),
}
ACTIONS = {
    Action.VIEW_TODAY: _("View the page of the day"),
    Action.VIEW_BOARD: _("View the figures"),
    Action.VIEW_CASE_DATA: _("View persons and cases"),
    Action.VIEW_DELIVERIES: _("View received data"),
    Action.VIEW_NIGHTS: _("View nightly runs"),
    Action.RECEIVE_DELIVERY: _("Send files"),
    Action.APPLY_DELIVERY: _("Apply files"),
    Action.RUN_NIGHT: _("Start a nightly run"),
    Action.DECIDE_PAIR: _("Decide possible matches"),
    Action.MERGE_PERSONS: _("Merge persons"),
    Action.TAKE_CASE: _("Take a case"),
    Action.FILE_REPORT: _("Report for a village"),
    Action.ANSWER_QUESTION: _("Answer questions to a village"),
    Action.HANDLE_REPORT: _("Deal with village reports"),
    Action.PREPARE_APPLICATION: _("Prepare applications"),
    Action.ACCEPT_APPLICATION: _("Accept applications"),
    Action.REVIEW_APPLICATION: _("Review applications"),
    Action.CHECK_APPLICATION: _("Check applications"),
    Action.DECIDE_APPLICATION: _("Decide applications"),
    Action.VIEW_BATCHES: _("View batches of money"),
    Action.PREPARE_BATCH: _("Prepare batches of money"),
    Action.CHECK_BATCH: _("Check a township's people of a batch"),
    Action.REVIEW_BATCH: _("Review batches of money"),
    Action.APPROVE_BATCH: _("Approve batches of money"),
    Action.FUND_BATCH: _("Fund batches of money"),
    Action.CREDIT_BATCH: _("Credit accounts"),
    Action.CONFIRM_ENTRY: _("Confirm entries at the agency"),
    Action.CLOSE_CASE_LOW_RISK: _("Close cases, low-risk reasons"),
    Action.CLOSE_CASE_RESTRICTED: _("Close cases, restricted reasons"),
    Action.SHOW_NUMBER: _("View a full number"),
    Action.EXPORT_LISTS: _("Export the lists they see"),
    Action.EXPORT_DATA: _("Export data"),
    Action.VIEW_FAILURES: _("View failed work"),
    Action.VIEW_USERS: _("View users"),
    Action.MANAGE_USERS: _("Manage users"),
    Action.MANAGE_ROLES: _("Manage roles"),
    Action.MANAGE_CLIENTS: _("Manage department access"),
    Action.MANAGE_POLICY: _("Manage policy parameters"),
    Action.READ_AUDIT: _("Read the audit log"),
}
"""What a refused page asked for; the refusal is recorded with the action as its verb."""

OBJECTS = {
    "api": _("API"),
    "application": _("Application"),
    "one_stop_batch": _("One-stop batch"),
    "payments_batch": _("Batch of money"),
    "assignment": _("Assignment"),
    "backup": _("Backup"),
    "list": _("List"),
    "matchdecision": _("Decision on a possible match"),
    "case": _("Case"),
    "caseclosing": _("Case closing"),
    "client_token": _("Token"),
    "delivery": _("File"),
    "deputy": _("Deputy"),
    "feed_contact": _("Contact of a feed"),
    "field_report": _("Village report"),
    "life_evidence": _("Evidence of life"),
    "membership": _("Role"),
    "mergeproposal": _("Possible duplicate"),
    "nightrun": _("Nightly run"),
    "page": _("Page"),
    "parameter_proposal": _("Proposed parameter"),
    "patterndecision": _("Batch decision"),
    "person": _("Person"),
    "question": _("Question to a village"),
    "roll_line": _("Roll record"),
    "user": _("User"),
}
FILES = {
    "audit events": _("File: audit log"),
    "changes": _("File: changes of the lists"),
    "e1": _("File: statutory table"),
    "gaps": _("File: gaps"),
    "links": _("File: matches"),
    "one-stop batch": _("File: one-stop batch"),
    "merge_candidates": _("File: possible duplicates"),
    "persons": _("File: persons"),
    "problems": _("File: problem lists"),
    "roll_findings": _("File: findings on the rolls"),
    "verdict_changes": _("File: changed conclusions"),
    "verdicts": _("File: conclusions"),
    "work list": _("File: work list"),
}
PAGES = {
    "account": _("My account"),
    "admin": _("Administration"),
    "api": _("API"),
    "application": _("Enrolment"),
    "case": _("Work list"),
    "decided_matches": _("Possible matches"),
    "deliver": _("Data received"),
    "enrolment": _("Enrolment"),
    "feed": _("Data received"),
    "find_person": _("Find a person"),
    "match": _("Possible matches"),
    "night": _("Nightly run"),
    "one_stop": _("Enrolment"),
    "payments": _("Contributions and benefits"),
    "person": _("Person"),
    "person_merge": _("Possible duplicates"),
    "possible_duplicate": _("Possible duplicates"),
    "possible_match": _("Possible matches"),
    "report": _("Reports"),
    "today": _("Today"),
    "upload": _("Data received"),
    "village": _("My village"),
    "work": _("Work list"),
}
"""The part of the portal a page belongs to, by the beginning of its route's name; the longest that fits."""


def verb_choices() -> list[tuple[str, object]]:
    """Return the verbs as choices, and the actions that are recorded when a page refuses them."""
    actions = [(str(action), action_label(action)) for action in ACTIONS if action not in VERBS]
    return [*sorted(VERBS.items()), *actions]


def action_label(action: Action) -> str:
    """Return what a refused page asked for, told apart from the act of the same name."""
    return gettext("Permission: %(action)s") % {"action": ACTIONS[action]}


def verb_label(verb: str) -> str:
    """Return a verb in words; of a refused page the action it asked for, of a refused call the token's operation."""
    if verb in VERBS:
        return str(VERBS[verb])
    if verb in ACTIONS:
        return action_label(Action(verb))
    return str(dict(Verb.choices).get(verb) or gettext("Other"))


def object_label(object_type: str) -> str:
    """Return a kind of object in words."""
    return str(OBJECTS.get(object_type) or gettext("Stored data"))


def object_words(object_type: str, object_id: str) -> str:
    """Return a kind of object with its number; of a page the part of the portal it belongs to."""
    if object_type in ("page", "list"):
        fitting = [start for start in PAGES if object_id.startswith(start)]
        return str(PAGES[max(fitting, key=len)]) if fitting else object_label(object_type)
    if object_type == "roll_line":
        return f"{object_label(object_type)} {shown_roll_no(object_id.rpartition(':')[2])}"
    return f"{object_label(object_type)} {object_id}".strip()


def present_event(event: AuditEvent, *, what: str) -> tuple[AuditEvent, str, str, str, list[tuple[str, str]]]:
    """Return an event as a row of the table: the event, its verb, its object, the chip's tone and its details."""
    tone = {Outcome.REFUSED: "bad", Outcome.READ: "info"}.get(Outcome(event.outcome), "ok")
    return event, verb_label(event.verb), what, tone, detail_lines(event.detail)


def present_disclosure(row: Disclosure) -> tuple[Disclosure, str, str, str]:
    """Return a disclosure as a row of the register: itself, recipient, purpose and fields in the reader's language."""
    fields = dict.fromkeys(detail_term(field) if field.isascii() else field for field in row.fields)
    return row, _recipient(row.recipient), gettext(row.purpose) if row.purpose else "", gettext(", ").join(fields)


def _recipient(recipient: str) -> str:
    """A file is named by what it contains, a sender by the feed it sends, a department by its own name."""
    kind, _blank, name = recipient.rpartition(" ")
    if kind == "sender of" and name in Feed.values:
        return gettext("Sender of “%(feed)s”") % {"feed": Feed(name).label}
    if recipient.startswith("file "):
        return str(FILES.get(recipient.removeprefix("file ")) or gettext("File"))
    return recipient


def token_state(token: ClientToken, *, at: datetime) -> tuple[str, str]:
    """Return the label of a token's state, and the chip's tone."""
    if token.revoked_at is not None and token.revoked_at <= at:
        return str(_("revoked")), "bad"
    return (str(_("expired")), "") if token.expires_at <= at else (str(_("active")), "ok")
