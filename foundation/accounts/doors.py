"""Which actions a page demands, read from its view: links are shown only where they open.

A view carries what it demands (decorators.py). Asked before a link is shown, and before somebody is sent to the page they wanted.
"""

from __future__ import annotations

from typing import Any

from django.urls import resolve

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action


def demanded_by(view: Any) -> tuple[Action, ...]:
    """Return the actions of which a view demands one; none for a page that demands none."""
    demanded = (getattr(view, "required_action", None), *getattr(view, "also_open_to", ()))
    return tuple(action for action in demanded if action is not None)


def may_open(actor: Actor, address: str) -> bool:
    """Answer whether the actor's role may open an address of this site that demands an action; its query is left aside.

    Errors: Resolver404 for an address no page has.
    """
    return any(map(actor.may, demanded_by(resolve(address.partition("?")[0]).func)))
