"""The number of the request being answered: set once by the middleware, shown on error pages, stored with audit rows.

A context variable, so that services need no request. A task continues under its request's number; commands have none.
"""

import secrets
from contextvars import ContextVar

_number: ContextVar[str] = ContextVar("request_number", default="")


def new_request_number() -> str:
    """Set a number that can be read out over the phone (four letters and digits, twice) and return it."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    number = f"{letters[:4]}-{letters[4:]}"
    _number.set(number)
    return number


def current_request_number() -> str:
    """Return the number of this request, or an empty text outside requests."""
    return _number.get()


def remember_request_number(number: str) -> None:
    """Continue under the number of the request that started this work: a task's header contains it."""
    _number.set(number)


def forget_request_number() -> None:
    """Clear the number when the request is answered."""
    _number.set("")
