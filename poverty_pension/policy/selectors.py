"""Asking for a rule: the nearest region that says something wins; silence is an error, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from poverty_pension.policy.models import ParameterValue
from poverty_pension.primitives.errors import DomainError
from poverty_pension.regions.models import Unit


class ParameterMissing(DomainError):
    """No region of the chain states a value on the day. Not a NotFound: the rules are incomplete, not the question."""

    code = "parameter_missing"


@dataclass(frozen=True)
class Parameter:
    """A rule's value as it holds in a unit on a day. `value` is None only when `is_none_here`: no such rule here."""

    id: int
    name: str
    value: Any
    unit: str
    is_none_here: bool
    region_code: str
    valid_from: date
    source: str


def get_parameter(name: str, *, unit: Unit, on: date) -> Parameter:
    """Get one rule as it holds in a unit on a day. One query.

    Errors: ParameterMissing naming parameter, region and day.
    """
    return get_parameters([name], unit=unit, on=on)[name]


def get_parameters(names: Sequence[str], *, unit: Unit, on: date) -> dict[str, Parameter]:
    """Get several rules by name, as they hold in a unit on a day. One query.

    Errors: ParameterMissing for the first that no region states.
    """
    codes = unit.path.rstrip("/").split("/")
    rows = (
        ParameterValue.objects.filter(Q(region__isnull=True) | Q(region__code__in=codes), name__in=names)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
        .select_related("region")
    )
    nearest = {row.name: row for row in sorted(rows, key=_depth)}
    for name in names:
        if name not in nearest:
            raise _missing(name, unit, on)
    return {name: _parameter(nearest[name]) for name in names}


def _depth(row: ParameterValue) -> int:
    return len(row.region.path) if row.region else 0


def _parameter(row: ParameterValue) -> Parameter:
    return Parameter(
        id=row.pk,
        name=row.name,
        value=row.value,
        unit=row.unit,
        is_none_here=row.is_none_here,
        region_code=row.region.code if row.region else "",
        valid_from=row.valid_from,
        source=row.source,
    )


def _missing(name: str, unit: Unit, on: date) -> ParameterMissing:
    return ParameterMissing(
        _("The parameter %(name)s has no value in %(region)s on %(day)s.")
        % {"name": name, "region": unit.full_name or unit.name, "day": on.isoformat()},
        what_to_do=_("Ask the security administrator to state it with its source."),
        ids=[name, unit.code, on.isoformat()],
    )
