"""The verbs and kinds of objects of the audit books in words. A verb without words is shown as it is written."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import Action

VERBS = {
    "answer_coverage": _("Answered a department"),
    "appoint_deputy": _("Appointed a deputy"),
    "ask_village": _("Asked the village"),
    "change_password": _("Changed the own password"),
    "choose_role": _("Changed the role"),
    "close_user": _("Closed an account"),
    "create_user": _("Created a user"),
    "delivery_applied": _("Applied a delivery"),
    "delivery_consented": _("Consented to a delivery"),
    "delivery_received": _("Received a delivery"),
    "delivery_refused": _("Refused a delivery"),
    "download_problems": _("Downloaded problem rows"),
    "end_deputy": _("Ended a deputy"),
    "end_role": _("Ended a role"),
    "end_sessions": _("Signed a user out"),
    "enrol_second_factor": _("Took up a second factor"),
    "export_audit": _("Exported the audit book"),
    "find_person": _("Searched for a person"),
    "grant_role": _("Granted a role"),
    "issue_client_token": _("Issued a token"),
    "make_backup": _("Made a backup"),
    "night_cancelled": _("Cancelled a night"),
    "night_requested": _("Asked for a night"),
    "pair_ask_village": _("Candidate pair: ask the village"),
    "pair_cannot_tell": _("Candidate pair: cannot tell"),
    "pair_not_same": _("Candidate pair: not the same"),
    "pair_same": _("Candidate pair: the same person"),
    "pair_undone": _("Undid a decision on a candidate pair"),
    "pattern_proposed": _("Proposed a word on a pattern"),
    "pattern_signed": _("Signed a word on a pattern"),
    "pattern_undone": _("Undid a word on a pattern"),
    "pattern_withdrawn": _("Withdrew a word on a pattern"),
    "read_audit_object": _("Read an object's history"),
    "read_possible_matches": _("Compared a person with lines of rolls"),
    "read_person": _("Looked at a person"),
    "read_roll_line": _("Looked at a line of a roll"),
    "reopen_user": _("Opened an account again"),
    "reset_second_factor": _("Reset a second factor"),
    "restore_backup": _("Restored a backup"),
    "revoke_client_token": _("Revoked a token"),
    "rotate_keys": _("Rotated the keys"),
    "set_temporary_password": _("Gave a first password"),
    "show_number": _("Showed a whole number"),
    "sign_in": _("Signed in"),
    "sign_out": _("Signed out"),
    "take_case": _("Took a case"),
    "disclose_possible_matches": _("Told a department candidate pairs"),
    "assign_case": _("Assigned a case"),
    "undo_assign": _("Took back the assignment of a case"),
    "assignment_undone": _("Undid an assignment"),
    "undo_close": _("Took back the closing of a case"),
    "closing_undone": _("Undid a closing"),
    "disclose_gaps": _("Told a department its gaps"),
    "use_token": _("Used a token"),
    "verify_keys": _("Verified the keys"),
}

OBJECTS = {
    "api": _("API"),
    "backup": _("Backup"),
    "matchdecision": _("Decision on a candidate pair"),
    "case": _("Case"),
    "caseclosing": _("Closing of a case"),
    "client_token": _("Token"),
    "delivery": _("Delivery"),
    "deputy": _("Deputy"),
    "membership": _("Role"),
    "nightrun": _("Night"),
    "page": _("Page"),
    "parameter_proposal": _("Proposed parameter"),
    "patterndecision": _("Word on a pattern"),
    "person": _("Person"),
    "roll_line": _("Line of a roll"),
    "user": _("User"),
}


def verb_choices() -> list[tuple[str, object]]:
    """Return the verbs as choices, and the actions that stand in the book when a page refuses them."""
    actions = [(action.value, action.value) for action in Action if action.value not in VERBS]
    return [*sorted(VERBS.items()), *actions]


def verb_label(verb: str) -> str:
    """Return a verb in words."""
    return str(VERBS.get(verb, verb))


def object_label(object_type: str) -> str:
    """Return a kind of object in words."""
    return str(OBJECTS.get(object_type, object_type))
