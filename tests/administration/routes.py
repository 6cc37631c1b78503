"""Every address of the product, walked from urlpatterns: what the generated tests iterate over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from foundation.accounts.constants import Role
from foundation.accounts.permissions import ALLOWED, Action


@dataclass(frozen=True)
class Route:
    """One address: its name, what it takes, and its view."""

    name: str
    path: str
    takes: frozenset[str]
    view: Any

    @property
    def action(self) -> Action | None:
        """What the view demands; None for views without `@requires`."""
        return getattr(self.view, "required_action", None)

    def __str__(self) -> str:
        return self.name


def all_routes() -> list[Route]:
    """List the routes of the whole product."""
    return list(_walk(get_resolver("poverty_pension.urls").url_patterns, ""))


def roles_for(action: Action) -> list[Role]:
    """List the roles permissions.py allows this."""
    return [role for role in Role if action in ALLOWED[role]]


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(pattern.name or path, path, frozenset(pattern.pattern.converters), pattern.callback)
