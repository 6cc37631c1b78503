"""The persons behind a figure: the list of one cell of a table, in the order of places, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope
from foundation.regions.models.unit import Level
from portal.reports.e1 import Asked, SqlValues

_SEEN = "(%(sees_county)s OR starts_with(own.path, %(scope)s))"
_FROM = "counted JOIN registry_person p ON p.id = counted.person_id LEFT JOIN regions_unit own ON own.id = p.unit_id"


@dataclass(frozen=True)
class Cell:
    """Which persons: those of a table who meet a condition over `counted`, with the values it names."""

    asked: Asked
    condition: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListedPerson:
    """One person of a cell, with the codes of that night."""

    person_id: int
    name: str
    unit: str
    verdict: str
    e1_column: str
    desk_reason: str


def count_people(actor: Actor, cell: Cell) -> tuple[int, int]:
    """Count the persons of a cell the reader may see, and those who live in another unit. One query.

    By hukou a figure counts people filed elsewhere; whoever works below the county sees the people of their own unit only.
    Errors: NotFound for a unit outside the actor's.
    """
    demand_in_scope(actor, cell.asked.unit)
    counts = f"SELECT count(*) FILTER (WHERE {_SEEN}), count(*) FROM {_FROM} WHERE {cell.condition}"
    with connection.cursor() as cursor:
        cursor.execute(cell.asked.over_people(counts), _values(actor, cell))
        seen, every = cursor.fetchone()
    return seen, every - seen


def list_people(actor: Actor, cell: Cell, *, first: int, most: int) -> list[ListedPerson]:
    """List a page of the persons of a cell. One query. Errors: as count_people."""
    demand_in_scope(actor, cell.asked.unit)
    rows = f"""
        SELECT counted.person_id, p.name, coalesce(own.name, ''), counted.verdict, counted.e1_column, counted.desk_reason
        FROM {_FROM} WHERE {cell.condition} AND {_SEEN}
        ORDER BY counted.place, p.name_pinyin, counted.person_id LIMIT %(most)s OFFSET %(first)s
    """
    with connection.cursor() as cursor:
        cursor.execute(cell.asked.over_people(rows), {**_values(actor, cell), "first": first, "most": most})
        return [ListedPerson(*row) for row in cursor.fetchall()]


def _values(actor: Actor, cell: Cell) -> SqlValues:
    sees_county = actor.unit_level <= Level.COUNTY
    return {**cell.asked.values, **cell.values, "scope": actor.unit_path, "sees_county": sees_county}
