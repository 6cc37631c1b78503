"""The details of an audit event or of a change of an object, as an auditor reads them: terms and values, no identifiers of the code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.constants import AnswerValue, CaseState, ContactMeans, ReviewState
from coverage.constants import LinkRule, PairDecision
from enrollment.constants import ApplicationState, Channel, Condition, Paper
from foundation.accounts.constants import Role, Verb
from registry.constants import Feed, ReportKind, RowAction
from registry.intake.errors import SENTENCES, sentence
from registry.presenters.deliveries import CHANGE_WORDS, OUTCOME_WORDS

TERMS: dict[str, str | Promise] = {
    "absorbed": gettext_lazy("Merged person"),
    "absent_id": gettext_lazy("Absent colleague"),
    "after": gettext_lazy("After"),
    "answer": gettext_lazy("Answer"),
    "channel": gettext_lazy("Applied"),
    "asked": gettext_lazy("Persons asked for"),
    "assignment": gettext_lazy("Assignment"),
    "attachment": gettext_lazy("Attachment"),
    "attachments": gettext_lazy("Attachments"),
    "backdating_reason": gettext_lazy("Reason for back-dating"),
    "before": gettext_lazy("Before"),
    "broken": gettext_lazy("Unreadable"),
    "by": gettext_lazy("By means of"),
    "bytes": gettext_lazy("Bytes"),
    "changes": gettext_lazy("Changes"),
    "close_reason": gettext_lazy("Closing reason"),
    "closed_at": gettext_lazy("Closed at"),
    "closed_before": gettext_lazy("Closed before"),
    "closed_on": gettext_lazy("Closed on"),
    "code": gettext_lazy("Reason"),
    "columns": gettext_lazy("Columns"),
    "count": gettext_lazy("People"),
    "county_id": gettext_lazy("County"),
    "date_joined": gettext_lazy("Created at"),
    "decided_at": gettext_lazy("Decided at"),
    "decided_by_id": gettext_lazy("Decided by"),
    "decision": gettext_lazy("Decision"),
    "decision_id": gettext_lazy("Proposal"),
    "department": gettext_lazy("Department"),
    "deputy": gettext_lazy("Deputy"),
    "deputy_id": gettext_lazy("Deputy"),
    "desk": gettext_lazy("Responsible office"),
    "display_name": gettext_lazy("Name"),
    "drafted_at": gettext_lazy("Drafted at"),
    "drafted_by_id": gettext_lazy("Drafted by"),
    "drafted_date": gettext_lazy("Drafted on"),
    "due_on": gettext_lazy("Due"),
    "effective_date": gettext_lazy("Effective from"),
    "email": gettext_lazy("E-mail"),
    "batch": gettext_lazy("One-stop batch"),
    "batch_id": gettext_lazy("One-stop batch"),
    "approved_at": gettext_lazy("Approved at"),
    "approved_by_id": gettext_lazy("Approved by"),
    "eligible": gettext_lazy("Eligible"),
    "excluded": gettext_lazy("Excluded"),
    "left_out": gettext_lazy("Left out"),
    "taken": gettext_lazy("Enrolled"),
    "accounts": gettext_lazy("Accounts"),
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "entries": gettext_lazy("Entries"),
    "against": gettext_lazy("Compared with"),
    "change": gettext_lazy("Difference"),
    "stage": gettext_lazy("Money"),
    "category": gettext_lazy("Category"),
    "credited_on": gettext_lazy("Credited on"),
    "fen": gettext_lazy("Amount in fen"),
    "lines": gettext_lazy("Lines"),
    "plan": gettext_lazy("Plan"),
    "reverses": gettext_lazy("Takes back batch"),
    "reverses_id": gettext_lazy("Takes back batch"),
    "townships": gettext_lazy("Townships"),
    "new": gettext_lazy("New"),
    "year": gettext_lazy("Year"),
    "entry": gettext_lazy("Entry at the agency"),
    "events": gettext_lazy("Events"),
    "evidence_class": gettext_lazy("Evidence of death"),
    "expires_at": gettext_lazy("Valid until"),
    "feed": gettext_lazy("Feed"),
    "files": gettext_lazy("Files"),
    "filter": gettext_lazy("Filtered by"),
    "first_password_until": gettext_lazy("Initial password valid until"),
    "first_token_id": gettext_lazy("First token"),
    "found": gettext_lazy("Found"),
    "from": gettext_lazy("Before"),
    "gaps": gettext_lazy("Gaps"),
    "granted_by_id": gettext_lazy("Granted by"),
    "home_unit_id": gettext_lazy("Employing unit"),
    "ids": gettext_lazy("Numbers"),
    "is_active": gettext_lazy("Account enabled"),
    "is_none_here": gettext_lazy("This region has no such rule"),
    "language": gettext_lazy("Language"),
    "line": gettext_lazy("Line"),
    "made_at": gettext_lazy("Made at"),
    "means": gettext_lazy("How"),
    "members": gettext_lazy("Household"),
    "membership": gettext_lazy("Role number"),
    "membership_id": gettext_lazy("Role number"),
    "must_change_password": gettext_lazy("Initial password not changed"),
    "name": gettext_lazy("Name"),
    "notes": gettext_lazy("Notes"),
    "note": gettext_lazy("Note"),
    "office_phone": gettext_lazy("Office telephone"),
    "opened_at": gettext_lazy("Opened at"),
    "outcomes": gettext_lazy("Results by line"),
    "owner_id": gettext_lazy("Handled by"),
    "pairs": gettext_lazy("Matches"),
    "parameter": gettext_lazy("Parameter"),
    "person": gettext_lazy("Person"),
    "person_id": gettext_lazy("Person"),
    "photo": gettext_lazy("Photo"),
    "pinned": gettext_lazy("pinned"),
    "question": gettext_lazy("Question"),
    "questions": gettext_lazy("Questions"),
    "reached": gettext_lazy("reached"),
    "report": gettext_lazy("Village report"),
    "reported": gettext_lazy("Reported"),
    "reports": gettext_lazy("Village reports"),
    "reason": gettext_lazy("Reason"),
    "region": gettext_lazy("Region"),
    "region_id": gettext_lazy("Region"),
    "revoked_at": gettext_lazy("Revoked at"),
    "role": gettext_lazy("Role"),
    "roll_no": gettext_lazy("Roll number"),
    "rows": gettext_lazy("Rows"),
    "rows_of_key": gettext_lazy("Rows by key"),
    "rows_of_key_before": gettext_lazy("Rows by key before"),
    "rule": gettext_lazy("Agreement pattern"),
    "same": gettext_lazy("The same number"),
    "scheme": gettext_lazy("Scheme"),
    "sender": gettext_lazy("Sender"),
    "session_epoch": gettext_lazy("All sessions ended"),
    "shown": gettext_lazy("Shown"),
    "sheet": gettext_lazy("Sheet"),
    "source": gettext_lazy("Source"),
    "state": gettext_lazy("State"),
    "tried_on": gettext_lazy("Day"),
    "to": gettext_lazy("After"),
    "to_key": gettext_lazy("New key"),
    "undone_delivery": gettext_lazy("Undone delivery"),
    "unit": gettext_lazy("Unit"),
    "unit_id": gettext_lazy("Unit"),
    "user": gettext_lazy("User"),
    "user_id": gettext_lazy("User"),
    "username": gettext_lazy("User name"),
    "valid_from": gettext_lazy("First day"),
    "valid_to": gettext_lazy("End"),
    "value": gettext_lazy("Value"),
    "verbs": gettext_lazy("Permitted operations"),
    "accepted_on": gettext_lazy("Papers accepted on"),
    "content_hash": gettext_lazy("Content"),
    "decided_on": gettext_lazy("Decided on"),
    "earliest_decision_on": gettext_lazy("Not decided before"),
    "effective_from": gettext_lazy("Effective from"),
    "ended_at": gettext_lazy("Ended at"),
    "entry_number": gettext_lazy("Entry at the agency"),
    "missing": gettext_lazy("Missing papers"),
    "missing_named_at": gettext_lazy("Missing papers named at"),
    "receipt": gettext_lazy("Receipt"),
    "receipt_no": gettext_lazy("Receipt"),
    "refusal_reasons": gettext_lazy("Reason"),
    "unknown": gettext_lazy("Cannot be told"),
    "version": gettext_lazy("Version"),
    **CHANGE_WORDS,
    **OUTCOME_WORDS,
    "actor_id": gettext_lazy("Done by"),
    "actor_kind": gettext_lazy("Done by"),
    "actor_name": gettext_lazy("Done by"),
    "as_of": gettext_lazy("As of"),
    "at": gettext_lazy("When"),
    "band": gettext_lazy("Band"),
    "changed": gettext_lazy("Changes"),
    "comparison_vector": gettext_lazy("Comparison by field"),
    "current_decision": gettext_lazy("Decision"),
    "deputy_for_id": gettext_lazy("Absent colleague"),
    "deputy_for_name": gettext_lazy("Absent colleague"),
    "desk_reason": gettext_lazy("Conclusion"),
    "detail": gettext_lazy("More"),
    "e1_column": gettext_lazy("Column of the monthly table"),
    "evidence": gettext_lazy("Supporting evidence"),
    "found_at": gettext_lazy("Found at"),
    "id": gettext_lazy("Numbers"),
    "kind": gettext_lazy("Gap"),
    "model_version": gettext_lazy("Version of the weights"),
    "number masked": gettext_lazy("Masked number"),
    "object_id": gettext_lazy("Object"),
    "object_type": gettext_lazy("Object"),
    "oldest_feed_date": gettext_lazy("Oldest data used"),
    "opened_on": gettext_lazy("Opened on"),
    "outcome": gettext_lazy("Outcome"),
    "owner": gettext_lazy("Handled by"),
    "place": gettext_lazy("Place"),
    "purpose": gettext_lazy("Purpose"),
    "reasons": gettext_lazy("Reason"),
    "request_id": gettext_lazy("Reference number"),
    "score": gettext_lazy("Score"),
    "subject": gettext_lazy("Object"),
    "verb": gettext_lazy("Activity"),
    "verdict": gettext_lazy("Survey code"),
}
"""Keys of the details of events, and columns of the history tables. Another one is shown as "Other"."""
VALUES: dict[str, Mapping[str, str | Promise]] = {
    "by": {
        "password": gettext_lazy("password"),
        "totp": gettext_lazy("code from the app"),
        "recovery_codes": gettext_lazy("recovery code"),
        "full": gettext_lazy("full ID number"),
        "last6": gettext_lazy("last six characters"),
        "last4": gettext_lazy("last four characters"),
        "name": gettext_lazy("name"),
        "roll_no": gettext_lazy("Roll number"),
    },
    "answer": dict(AnswerValue.choices),
    "decision": dict(PairDecision.choices),
    "feed": dict(Feed.choices),
    "channel": dict(Channel.choices),
    "from": dict([*ApplicationState.choices, *CaseState.choices]),
    "missing": dict(Paper.choices),
    "reasons": dict(Condition.choices),
    "unknown": dict(Condition.choices),
    "means": dict(ContactMeans.choices),
    "outcome": dict(ReviewState.choices),
    "reason": {
        "role": gettext_lazy("the role does not allow it"),
        "not_found_in_scope": gettext_lazy("does not exist or is outside the unit"),
    },
    "reported": dict(ReportKind.choices),
    "role": dict(Role.choices),
    "rule": dict(LinkRule.choices),
    "to": dict([*ApplicationState.choices, *CaseState.choices]),
    "verbs": dict(Verb.choices),
    "outcomes": dict(RowAction.choices),
}
NUMBERS_WITHOUT_A_TERM = frozenset({"ids"})
"""Parts of an address, shown as their numbers alone."""


def detail_lines(detail: Mapping[str, object]) -> list[tuple[str, str]]:
    """List the details of an event as term and value; a refused file as the sentence that states why."""
    if detail.get("code") in SENTENCES:
        return [(_("Reason"), sentence(dict(detail)))]
    return [
        (detail_term(key), detail_value(key, value)) for key, value in detail.items() if value not in ({}, [], "", None)
    ]


def detail_term(key: str) -> str:
    """Return what a detail or a column is called."""
    return str(TERMS.get(key) or _("Other"))


def detail_value(key: str, value: object) -> str:
    """Return a value in the reader's language: choices by their labels, moments and truths in words."""
    if isinstance(value, Mapping):
        if key in NUMBERS_WITHOUT_A_TERM:
            return _(", ").join(str(each) for each in value.values())
        return _("; ").join(
            f"{_term_or_key(key, str(name))} {detail_value(str(name), each)}" for name, each in value.items()
        )
    if isinstance(value, list):
        return _(", ").join(detail_value(key, each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    moment = value if isinstance(value, datetime) else parse_datetime(text) if key.endswith("_at") else None
    if moment:
        return f"{localtime(moment) if moment.tzinfo else moment:%Y-%m-%d %H:%M:%S}"
    return str(VALUES.get(key, {}).get(text, text))


def _term_or_key(parent: str, key: str) -> str:
    """Keys of the key ring are data; every other key of a detail is a term."""
    return key if parent.startswith("rows_of_key") else detail_term(key)
