"""The one table of permissions. A view names an action; a service asks the actor; no code asks for a role.

Source: docs/security.md#who-may-do-what; docs/rules.md R32, R38 (three administrators without case data) and R40 (least scope).
What a user may do still ends at their unit: scope.py.
"""

from enum import StrEnum

from foundation.accounts.constants import Role


class Action(StrEnum):
    """One thing a person may be allowed to do."""

    VIEW_TODAY = "view_today"
    VIEW_BOARD = "view_board"
    VIEW_CASE_DATA = "view_case_data"
    VIEW_DELIVERIES = "view_deliveries"
    VIEW_NIGHTS = "view_nights"
    RECEIVE_DELIVERY = "receive_delivery"
    APPLY_DELIVERY = "apply_delivery"
    RUN_NIGHT = "run_night"
    DECIDE_PAIR = "decide_pair"
    MERGE_PERSONS = "merge_persons"
    TAKE_CASE = "take_case"
    FILE_REPORT = "file_report"
    ANSWER_QUESTION = "answer_question"
    HANDLE_REPORT = "handle_report"
    PREPARE_APPLICATION = "prepare_application"
    ACCEPT_APPLICATION = "accept_application"
    REVIEW_APPLICATION = "review_application"
    CHECK_APPLICATION = "check_application"
    DECIDE_APPLICATION = "decide_application"
    CONFIRM_ENTRY = "confirm_entry"
    CLOSE_CASE_LOW_RISK = "close_case_low_risk"
    CLOSE_CASE_RESTRICTED = "close_case_restricted"
    VIEW_BATCHES = "view_batches"
    PREPARE_BATCH = "prepare_batch"
    CHECK_BATCH = "check_batch"
    REVIEW_BATCH = "review_batch"
    APPROVE_BATCH = "approve_batch"
    FUND_BATCH = "fund_batch"
    CREDIT_BATCH = "credit_batch"
    SHOW_NUMBER = "show_number"
    EXPORT_LISTS = "export_lists"
    EXPORT_DATA = "export_data"
    VIEW_FAILURES = "view_failures"
    VIEW_USERS = "view_users"
    MANAGE_USERS = "manage_users"
    MANAGE_ROLES = "manage_roles"
    MANAGE_CLIENTS = "manage_clients"
    MANAGE_POLICY = "manage_policy"
    READ_AUDIT = "read_audit"


_SIGNS_IN = frozenset({Action.VIEW_TODAY})
"""What every role does: it signs in to the page of its day."""
_READS_CASES = _SIGNS_IN | frozenset({Action.VIEW_BOARD, Action.VIEW_CASE_DATA})
_READS_ALL = _READS_CASES | {Action.VIEW_DELIVERIES, Action.VIEW_NIGHTS}
_REPORTS = frozenset({Action.FILE_REPORT, Action.ANSWER_QUESTION})
"""What the village does; an office does it on the village's behalf where nobody there can."""
_TAKES_IN = frozenset({Action.PREPARE_APPLICATION, Action.ACCEPT_APPLICATION, Action.REVIEW_APPLICATION})
"""What the office at the counter does with applications; the county's clerk for those who come there directly."""

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VILLAGE_OFFICIAL: _READS_CASES | _REPORTS | {Action.PREPARE_APPLICATION},
    Role.TOWNSHIP_CLERK: _READS_ALL
    | _REPORTS
    | _TAKES_IN
    | {
        Action.RECEIVE_DELIVERY,
        Action.TAKE_CASE,
        Action.HANDLE_REPORT,
        Action.VIEW_BATCHES,
        Action.CHECK_BATCH,
        Action.SHOW_NUMBER,
        Action.EXPORT_LISTS,
    },
    Role.COUNTY_CLERK: _READS_ALL
    | _REPORTS
    | _TAKES_IN
    | {
        Action.CONFIRM_ENTRY,
        Action.HANDLE_REPORT,
        Action.RECEIVE_DELIVERY,
        Action.APPLY_DELIVERY,
        Action.RUN_NIGHT,
        Action.DECIDE_PAIR,
        Action.TAKE_CASE,
        Action.CLOSE_CASE_LOW_RISK,
        Action.VIEW_BATCHES,
        Action.PREPARE_BATCH,
        Action.CHECK_BATCH,
        Action.CREDIT_BATCH,
        Action.SHOW_NUMBER,
        Action.EXPORT_LISTS,
        Action.EXPORT_DATA,
    },
    Role.COUNTY_REVIEWER: _READS_ALL
    | _REPORTS
    | {
        Action.CHECK_APPLICATION,
        Action.CONFIRM_ENTRY,
        Action.HANDLE_REPORT,
        Action.APPLY_DELIVERY,
        Action.RUN_NIGHT,
        Action.DECIDE_PAIR,
        Action.MERGE_PERSONS,
        Action.TAKE_CASE,
        Action.CLOSE_CASE_LOW_RISK,
        Action.CLOSE_CASE_RESTRICTED,
        Action.VIEW_BATCHES,
        Action.REVIEW_BATCH,
        Action.SHOW_NUMBER,
        Action.EXPORT_LISTS,
        Action.EXPORT_DATA,
    },
    Role.COUNTY_APPROVER: _READS_ALL
    | {
        Action.DECIDE_APPLICATION,
        Action.VIEW_BATCHES,
        Action.APPROVE_BATCH,
        Action.SHOW_NUMBER,
        Action.EXPORT_LISTS,
        Action.EXPORT_DATA,
    },
    Role.FINANCE: _SIGNS_IN | {Action.VIEW_BOARD, Action.VIEW_BATCHES, Action.FUND_BATCH},
    Role.SUPERVISOR: _READS_ALL | {Action.VIEW_BATCHES, Action.EXPORT_LISTS},
    Role.SYSADMIN: _SIGNS_IN | {Action.VIEW_NIGHTS, Action.VIEW_FAILURES, Action.VIEW_USERS, Action.MANAGE_USERS},
    Role.SECADMIN: _SIGNS_IN | {Action.VIEW_USERS, Action.MANAGE_ROLES, Action.MANAGE_CLIENTS, Action.MANAGE_POLICY},
    Role.AUDITOR: _SIGNS_IN | {Action.READ_AUDIT},
}

SYSTEM_ROLE = "system"
SYSTEM_MAY = frozenset(
    {
        Action.RECEIVE_DELIVERY,
        Action.APPLY_DELIVERY,
        Action.RUN_NIGHT,
        Action.EXPORT_DATA,
        Action.MANAGE_CLIENTS,
        Action.VIEW_BATCHES,
        Action.CREDIT_BATCH,
    }
)
"""What jobs and operator commands may do; they never decide a case."""

CLIENT_ROLE = "client"
CLIENT_MAY = frozenset({Action.RECEIVE_DELIVERY, Action.DECIDE_PAIR, Action.PREPARE_APPLICATION})
"""The API checks the verbs of a department client's token; beyond that its role may do no more than this.

A decision on a possible match is a clerk's: their system only sends it. An application
a system prepares is a draft that an office submits."""


def is_allowed(role: str, action: Action) -> bool:
    """Answer the table's cell for a role, the system or a client."""
    if role == SYSTEM_ROLE:
        return action in SYSTEM_MAY
    if role == CLIENT_ROLE:
        return action in CLIENT_MAY
    return action in ALLOWED[Role(role)]
