"""The number of the request being answered: made once by the middleware, quoted on error pages, stored with audit rows.

A context variable, so that services need no request. A task goes on under its request's number; commands have none.
"""

import secrets
from contextvars import ContextVar

_number: ContextVar[str] = ContextVar("request_number", default="")


def new_request_number() -> str:
    """Make a number a person can read out over the phone (four letters and digits, twice) and remember it."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    number = f"{letters[:4]}-{letters[4:]}"
    _number.set(number)
    return number


def current_request_number() -> str:
    """Return the number of this request, or an empty text outside requests."""
    return _number.get()


def remember_request_number(number: str) -> None:
    """Go on under the number of the request that asked for this work: a task's header carries it."""
    _number.set(number)


def forget_request_number() -> None:
    """Forget the number when the request is answered."""
    _number.set("")
