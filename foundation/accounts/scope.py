"""Scope: an actor sees their own unit and everything below it, and nothing else exists for them.

The only module that turns an actor, or a unit, into a condition on rows. Three kinds of rows: placed in a county and, below
it, in a unit (`in_scope`); belonging to one unit (`in_scope_of_unit`); belonging to a county (`in_scope_of_county`).
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.primitives.errors import NotAllowed, NotFound
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, DIGITS_OF_LEVEL, Level

Row = TypeVar("Row", bound=Model)


def in_scope(rows: QuerySet[Row], actor: Actor, prefix: str = "") -> QuerySet[Row]:
    """Keep the rows of the actor's counties or, below the county, of the actor's unit.

    A row without a unit belongs to the county's own office; `prefix` leads to the model with `county` and `unit`. At a county the
    id is compared, which an index of rows by county serves in its order; above it a set of counties is looked up once: over
    a million rows that takes a third of a join's time.
    """
    if actor.unit_level == Level.COUNTY:
        return rows.filter(**{f"{prefix}county": actor.unit_id})
    if actor.unit_level < Level.COUNTY:
        counties = Unit.objects.within(actor.unit_path).filter(level=Level.COUNTY)
        return rows.filter(**{f"{prefix}county__in": counties.values("pk")})
    return in_scope_of_unit(rows, actor, f"{prefix}unit")


def in_scope_of_unit(rows: QuerySet[Row], actor: Actor, unit: str = "unit") -> QuerySet[Row]:
    """Keep the rows that belong to the actor's unit or one below; `unit` leads to the unit.

    Cost: one LIKE 'path%' over a COLLATE "C" column, which its btree index serves as a range.
    """
    return rows.filter(is_within(actor.unit_path, unit))


def in_scope_of_county(
    rows: QuerySet[Row], actor: Actor, county: str = "county", *, also_own_county: bool = False
) -> QuerySet[Row]:
    """Keep what belongs to counties in the actor's unit; with `also_own_county` a township also reads its county's."""
    if also_own_county:
        return rows.filter(is_of_county_around(actor.unit_path, county))
    return in_scope_of_unit(rows, actor, county)


def demand_in_scope(actor: Actor, unit: Unit) -> None:
    """Refuse a unit outside the actor's as if it did not exist. Errors: NotFound."""
    if not actor.covers(unit.path):
        raise NotFound(_("There is no such unit in your area."), code="unit_not_found", ids=[unit.code])


def is_within(path: str, unit: str = "unit") -> Q:
    """Return the condition that a row belongs to the unit with this path or one below."""
    return Q(**{f"{unit}__path__startswith": path})


def is_placed_within(path: str, prefix: str = "") -> Q:
    """Return the condition that a row placed in a unit, or only in a county, lies in the unit with this path or below."""
    return is_within(path, f"{prefix}unit") | Q(is_within(path, f"{prefix}county"), **{f"{prefix}unit__isnull": True})


def is_of_county_around(path: str, county: str = "county") -> Q:
    """Return the condition that a row's county lies within the unit with this path, or is the one around it."""
    return is_within(path, county) | Q(**{f"{county}__code__in": Unit.codes_of(path)})


def county_of(actor: Actor) -> Unit:
    """Return the county the actor works for, in its office or below. One query.

    Errors: NotAllowed above the county: there is no single county to act for.
    """
    county = Unit.objects.current().filter(code__in=actor.unit_codes, level=Level.COUNTY).first()
    if county is None:
        raise NotAllowed(_("This is handled at county level."), what_to_do=_("Switch to a county role."))
    return county


def county_id_of(actor: Actor) -> int:
    """Return the id of the county the actor works for; no query in its office. Errors: as county_of."""
    return actor.unit_id if actor.unit_level == Level.COUNTY else county_of(actor).pk


def counties_around(actor: Actor) -> QuerySet[Unit]:
    """Return the counties within the actor's unit, or the one around it."""
    within = Q(path__startswith=actor.unit_path) | Q(code__in=actor.unit_codes)
    return Unit.objects.current().filter(within, level=Level.COUNTY)


def list_places(actor: Actor, chosen_code: str = "") -> list[Unit]:
    """List the parts of the actor's unit, and below the chosen one its own parts, in the order of the tree. One query."""
    chain = [chosen_code[:digits].ljust(CODE_LENGTH, "0") for digits in DIGITS_OF_LEVEL.values()] if chosen_code else []
    units = Unit.objects.current().within(actor.unit_path).exclude(pk=actor.unit_id)
    return list(units.filter(Q(parent_id=actor.unit_id) | Q(parent__code__in=chain)).order_by("path"))


def list_ids_within(place: Unit) -> tuple[int, ...]:
    """List the ids of a unit and everything below it, ended parts too: work may still be there. One query."""
    return tuple(Unit.objects.within(place.path).values_list("pk", flat=True))
