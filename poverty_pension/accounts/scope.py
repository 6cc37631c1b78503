"""Scope: an actor sees their own unit and everything below it, and nothing else exists for them."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from poverty_pension.accounts.actors import Actor

Row = TypeVar("Row", bound=Model)


def in_scope(queryset: QuerySet[Row], actor: Actor, path_field: str) -> QuerySet[Row]:
    """Keep the rows whose unit path begins with the actor's; for example in_scope(persons, actor, "unit__path").

    Cost: one LIKE 'path%' over a COLLATE "C" column, which its btree index serves as a range.
    """
    return queryset.filter(**{f"{path_field}__startswith": actor.unit_path})


def scope_pattern(actor: Actor) -> str:
    """Return the LIKE pattern for SQL steps: `path LIKE %(scope)s`; paths hold digits and slashes only."""
    return f"{actor.unit_path}%"
