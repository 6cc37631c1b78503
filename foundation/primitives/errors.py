"""The refusals of the domain, as types: what a service raises and what the edges turn into words and status codes.

A DomainError is an answer to a person: what happened, what to do, and the ids that stand in the way.
Services never raise an HTTP or REST error; portal and api map these four kinds.
"""

from collections.abc import Iterable

from django.utils.functional import Promise

Text = str | Promise


class DomainError(Exception):
    """A request that the rules refuse, in words a clerk understands. Raise one of the four kinds below."""

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
    """The object does not exist, or lies outside the asker's unit: both look the same from outside."""

    code = "not_found"


class NotAllowed(DomainError):
    """The asker's role may not do this, whatever the object's state."""

    code = "not_allowed"


class Conflict(DomainError):
    """The state moved on, or another row forbids it; `ids` names the rows in conflict."""

    code = "conflict"


class BadInput(DomainError):
    """What was given cannot be understood or breaks a rule of its own form."""

    code = "bad_input"
