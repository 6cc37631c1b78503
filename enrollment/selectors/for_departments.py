"""Applications as other departments' systems read them: those of the token's unit, their changes, and the persons a system names.

The verbs of a token are checked by the API; here only its unit counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coverage.selectors.person_coverage import find_named_persons
from enrollment.models import Application, ApplicationChange
from enrollment.selectors.applications import is_sent_by
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, in_scope, is_placed_within
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from registry.models import Person


@dataclass(frozen=True)
class ApplicationQuestion:
    """Which applications; what is left out does not restrict. `own`: those the asking system prepared, or the others."""

    kind: str = ""
    state: str = ""
    person_id: int | None = None
    unit: Unit | None = None
    own: bool | None = None


@dataclass(frozen=True)
class NamedPerson:
    """How a system names a person: by the id an answer gave, or by number and name."""

    person_id: int | None = None
    number: str = ""
    name: str = ""


def list_applications(actor: Actor, asked: ApplicationQuestion) -> QuerySet[Application]:
    """Return the applications of people in the actor's unit, unit loaded, with `is_own`; the caller pages.

    Errors: NotFound for a unit outside the actor's.
    """
    rows = _applications(actor)
    if asked.unit is not None:
        demand_in_scope(actor, asked.unit)
        rows = rows.filter(is_placed_within(asked.unit.path, "person__"))
    plain = {"kind": asked.kind or None, "state": asked.state or None, "person": asked.person_id, "is_own": asked.own}
    return rows.filter(**{name: value for name, value in plain.items() if value is not None})


def get_application_of_unit(actor: Actor, application_id: int) -> Application:
    """Get one application of somebody in the actor's unit, with `is_own`. One query. Errors: NotFound."""
    found = _applications(actor).filter(pk=application_id).first()
    if found is None:
        raise NotFound(_("There is no such application in your unit."), ids=[application_id])
    return found


def list_changes(actor: Actor) -> QuerySet[ApplicationChange]:
    """Return the numbered changes of applications of people in the actor's unit, application and unit loaded; the caller pages."""
    rows = ApplicationChange.objects.select_related("application__unit")
    return in_scope(rows, actor, "application__person__")


def find_persons(actor: Actor, named: Sequence[NamedPerson]) -> list[int | None]:
    """Return for each the id of the person in the actor's unit who is meant, or None, in the order asked. Three queries."""
    asked = [each.person_id for each in named if each.person_id is not None]
    reached = set(in_scope(Person.objects.filter(pk__in=asked), actor).values_list("pk", flat=True))
    by_number = iter(find_named_persons(actor, [(each.number, each.name) for each in named if each.person_id is None]))
    return [
        next(by_number) if each.person_id is None else each.person_id if each.person_id in reached else None
        for each in named
    ]


def find_person(actor: Actor, named: NamedPerson) -> int:
    """Return the id of the person in the actor's unit who is meant. Errors: NotFound."""
    (person_id,) = find_persons(actor, [named])
    if person_id is None:
        raise NotFound(
            _("There is no such person in your unit."),
            code="person_not_found",
            what_to_do=_("Compare number and name with the identity card."),
        )
    return person_id


def _applications(actor: Actor) -> QuerySet[Application]:
    rows = in_scope(Application.objects.select_related("unit", "county"), actor, "person__")
    return rows.annotate(is_own=is_sent_by(actor))
