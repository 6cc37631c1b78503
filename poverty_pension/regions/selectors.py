"""Reads of the tree. Units are public facts: no personal data hangs on them, so lookups by code need no actor."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from poverty_pension.primitives.errors import NotFound
from poverty_pension.regions.models import Unit
from poverty_pension.regions.models.unit import CODE_LENGTH


@dataclass(frozen=True)
class Place:
    """One place of a county, as intake looks names up."""

    id: int
    code: str
    level: int
    name: str
    full_name: str


def get_unit(*, code: str, on: date | None = None) -> Unit:
    """Get the unit a code means, on a day or (by default) until further notice; "320682" means "320682000000".

    Errors: NotFound when no unit has this code then. Cost: one query.
    """
    full_code = code.ljust(CODE_LENGTH, "0")
    units = Unit.objects.current() if on is None else Unit.objects.valid_on(on)
    unit = units.filter(code=full_code).first()
    if unit is None:
        raise NotFound(
            _("No unit has the code %(code)s.") % {"code": full_code}, code="unit_not_found", ids=[full_code]
        )
    return unit


def list_children(*, scope_path: str, unit: Unit) -> list[Unit]:
    """List the current units directly below `unit` that lie within `scope_path`, by code. One query."""
    return list(Unit.objects.current().within(scope_path).filter(parent=unit).order_by("code"))


def list_chain(*, unit: Unit) -> list[Unit]:
    """List the units from the province down to `unit`, for a breadcrumb. One query."""
    codes = unit.path.rstrip("/").split("/")
    return list(Unit.objects.valid_on(unit.valid_from).filter(code__in=codes).order_by("level"))


def county_places(county_code: str) -> list[Place]:
    """List the county, its townships and its villages, by code: what intake needs to read a place from text.

    Shape: one row per current unit within the county. Cost: one query, about 400 rows a county.
    """
    county = get_unit(code=county_code)
    rows = Unit.objects.current().within(county.path).order_by("code")
    return [Place(*row) for row in rows.values_list("id", "code", "level", "name", "full_name")]
