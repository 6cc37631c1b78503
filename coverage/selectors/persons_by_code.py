"""Which persons have which codes, as a subquery for lists of other apps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import DateField, Func, QuerySet

from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.regions.models.unit import Level

AGES = {"0-15": (0, 15), "16-44": (16, 44), "45-59": (45, 59), "60-79": (60, 79), "80": (80, 200)}


@dataclass(frozen=True)
class CodeFilter:
    """Conditions on a person's codes; an empty one is not applied."""

    code: str = ""
    category: str = ""
    age: str = ""
    sex: str = ""

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """Return the conditions set, as pairs of name and value."""
        return tuple((name, value) for name, value in asdict(self).items() if value)


def person_ids_by_code(actor: Actor, wanted: CodeFilter) -> QuerySet[CoverageVerdict, Any]:
    """Return the ids of the persons of the codes, lists, ages and sex asked for; ages as of the day the codes describe.

    The rows the ids select are scoped by the caller; the county is named for the index.
    """
    rows = CoverageVerdict.objects.as_known()
    if actor.unit_level == Level.COUNTY:
        rows = rows.filter(county=actor.unit_id)
    if wanted.code:
        rows = rows.filter(verdict=wanted.code)
    if wanted.category:  # none of these words is part of another
        rows = rows.filter(categories__contains=wanted.category)
    if wanted.sex:
        rows = rows.filter(sex=int(wanted.sex))
    if wanted.age:
        youngest, oldest = AGES[wanted.age]
        rows = rows.filter(birth_date__lte=_years_before(youngest), birth_date__gt=_years_before(oldest + 1))
    return rows.values("person_id")


def _years_before(years: int) -> Func:
    """Return the day so many years before that of the codes; whoever was born on it or before is that old."""
    back = "(%(expressions)s::date - make_interval(years => {}))::date"
    return Func("as_of_date", template=back.format(int(years)), output_field=DateField())
