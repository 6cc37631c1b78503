"""The places a reader may choose from: their own unit's parts, and those of the part they chose."""

from __future__ import annotations

from django.db.models import Q

from poverty_pension.accounts.actors import Actor
from poverty_pension.regions.models import Unit
from poverty_pension.regions.models.unit import CODE_LENGTH, Level

PREFIX = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def list_places(actor: Actor, chosen_code: str = "") -> list[Unit]:
    """List the parts of the actor's unit, and below the chosen one its own parts, in the order of the tree. One query."""
    chain = [chosen_code[:length].ljust(CODE_LENGTH, "0") for length in PREFIX.values()] if chosen_code else []
    units = Unit.objects.current().within(actor.unit_path).exclude(pk=actor.unit_id)
    return list(units.filter(Q(parent_id=actor.unit_id) | Q(parent__code__in=chain)).order_by("path"))


def list_ids_within(place: Unit) -> tuple[int, ...]:
    """List the ids of a unit and everything below it, ended parts too: work may still stand there. One query."""
    return tuple(Unit.objects.within(place.path).values_list("pk", flat=True))
