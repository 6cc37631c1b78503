"""Writing users, roles, deputies, second factors and department clients. Each act is recorded in the audit log.

`actor` None is the installation itself: the first administrators, the demonstration, the tests' worlds.
"""

from foundation.accounts.services.clients import hash_token, issue_client_token, revoke_client_token
from foundation.accounts.services.deputies import appoint_deputy, end_deputy
from foundation.accounts.services.factors import enrol_second_factor, reset_second_factor
from foundation.accounts.services.lockouts import lift_lockout, wipe_old_failures
from foundation.accounts.services.refused_tokens import count_refused_token
from foundation.accounts.services.roles import end_role, grant_role
from foundation.accounts.services.users import (
    change_password,
    close_user,
    create_user,
    end_sessions,
    reopen_user,
    save_language,
    set_temporary_password,
)

__all__ = [
    "appoint_deputy",
    "change_password",
    "close_user",
    "count_refused_token",
    "create_user",
    "end_deputy",
    "end_role",
    "end_sessions",
    "enrol_second_factor",
    "grant_role",
    "hash_token",
    "issue_client_token",
    "lift_lockout",
    "reopen_user",
    "reset_second_factor",
    "revoke_client_token",
    "save_language",
    "set_temporary_password",
    "wipe_old_failures",
]
