"""Who acts, as the audit log records it: what it records of an actor, and the operator on the machine itself."""

from dataclasses import dataclass
from typing import Protocol


class WhoActs(Protocol):
    """What the audit log needs to know about an actor; `accounts.actors.Actor` is one."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def client_id(self) -> int | None: ...
    @property
    def username(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def unit_code(self) -> str: ...
    @property
    def deputy_for_id(self) -> int | None: ...
    @property
    def deputy_for_name(self) -> str: ...


@dataclass(frozen=True)
class Operator:
    """Whoever runs a command on the machine itself: recorded as the system, without a unit.

    Used by commands that belong to no county: keys, backup, restore. They are permitted by the machine's account, not by a role.
    """

    user_id: int | None = None
    client_id: int | None = None
    username: str = "operator"
    role: str = "system"
    unit_code: str = ""
    deputy_for_id: int | None = None
    deputy_for_name: str = ""


OPERATOR = Operator()
