"""Whoever runs a command on the machine itself: the book names them as the system, without a unit.

Used by commands that belong to no county: keys, backup, restore. Their right is the machine's account, not a role.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """The actor of an upkeep command, as the book wants it."""

    user_id: int | None = None
    client_id: int | None = None
    username: str = "operator"
    role: str = "system"
    unit_code: str = ""
    deputy_for_id: int | None = None
    deputy_for_name: str = ""


OPERATOR = Operator()
