"""The refusals of the domain, as types: what a service raises and what pages and the API turn into messages and status codes.

A DomainError is an answer to a user: what happened, what to do, and the ids in conflict.
Services never raise an HTTP or REST error; portal and api map these four kinds.
"""

from collections.abc import Iterable

from django.utils.functional import Promise

Text = str | Promise


class DomainError(Exception):
    """A request that the rules refuse, with a message for clerks. Raise one of the four kinds below."""

    code = "refused"

    def __init__(
        self,
        message: Text,
        *,
        code: str = "",
        what_to_do: Text = "",
        ids: Iterable[object] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.what_to_do = what_to_do
        self.code = code or self.code
        self.ids = tuple(str(each) for each in ids)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """The object does not exist, or is outside the actor's unit: the answer is the same."""

    code = "not_found"


class NotAllowed(DomainError):
    """The actor's role may not do this, whatever the object's state."""

    code = "not_allowed"


class Conflict(DomainError):
    """The state has changed, or another row forbids it; `ids` names the rows in conflict."""

    code = "conflict"


class BadInput(DomainError):
    """The input cannot be understood or breaks a rule of its format."""

    code = "bad_input"
