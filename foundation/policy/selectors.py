"""Reading a rule: the nearest region that states a value counts; no value is an error, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import is_within
from foundation.policy.models import ParameterProposal, ParameterValue, ProposalState
from foundation.primitives.errors import DomainError, NotFound
from foundation.regions.models import Unit


class ParameterMissing(DomainError):
    """No region of the chain states a value on the day. Not a NotFound: the rules are incomplete, not the question."""

    code = "parameter_missing"


@dataclass(frozen=True)
class Parameter:
    """A rule's value as it applies in a unit on a day. `value` is None only when `is_none_here`: no such rule here."""

    id: int
    name: str
    value: Any
    unit: str
    is_none_here: bool
    region_code: str
    valid_from: date
    source: str
    region_name: str = ""


class Region(Protocol):
    """Where a rule is asked for: a unit, or any object with the unit's path."""

    @property
    def path(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def full_name(self) -> str: ...


def get_parameter(name: str, *, unit: Region, on: date) -> Parameter:
    """Get one rule as it applies in a unit on a day. One query.

    Errors: ParameterMissing naming parameter, region and day.
    """
    return get_parameters([name], unit=unit, on=on)[name]


def get_parameters(names: Sequence[str], *, unit: Region, on: date) -> dict[str, Parameter]:
    """Get several rules by name, as they apply in a unit on a day. One query.

    Errors: ParameterMissing for the first that no region states.
    """
    codes = Unit.codes_of(unit.path)
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


def list_in_force(*, unit: Unit, on: date) -> dict[str, Parameter]:
    """List every rule that applies in a unit on a day, by name; what no region states is absent. One query."""
    codes = Unit.codes_of(unit.path)
    rows = (
        ParameterValue.objects.filter(Q(region__isnull=True) | Q(region__code__in=codes))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
        .select_related("region")
        .order_by("name")
    )
    nearest = {row.name: row for row in sorted(rows, key=_depth)}
    return {name: _parameter(row) for name, row in sorted(nearest.items())}


def list_history(name: str) -> list[ParameterValue]:
    """List every value of a parameter: the country first, then regions by code, each newest first. One query."""
    rows = ParameterValue.objects.filter(name=name).select_related(
        "region", "decision__drafted_by", "decision__decided_by"
    )
    return list(rows.order_by(F("region__code").asc(nulls_first=True), "-valid_from"))


def list_proposals(*, name: str = "", state: str = "") -> list[ParameterProposal]:
    """List proposals, newest first: of one parameter, in one state, or all. One query."""
    rows = ParameterProposal.objects.select_related("region", "drafted_by", "decided_by").order_by("-drafted_at", "-pk")
    return list(rows.filter(**{key: value for key, value in {"name": name, "state": state}.items() if value}))


def list_proposals_to_approve(actor: Actor) -> QuerySet[ParameterProposal]:
    """List the proposals that await the actor's approval, newest first: for their unit or below, drafted by others."""
    rows = ParameterProposal.objects.select_related("region", "drafted_by", "decided_by")
    waiting = rows.filter(is_within(actor.unit_path, "region"), state=ProposalState.DRAFTED)
    return waiting.exclude(drafted_by=actor.user_id).order_by("-drafted_at", "-pk")


def get_proposal(proposal_id: int) -> ParameterProposal:
    """Get one proposal.

    Errors: NotFound.
    """
    rows = ParameterProposal.objects.select_related("region", "drafted_by", "decided_by")
    proposal = rows.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."), code="proposal_not_found", ids=[proposal_id])
    return proposal


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
        region_name=row.region.full_name if row.region else "",
    )


def _missing(name: str, unit: Region, on: date) -> ParameterMissing:
    return ParameterMissing(
        _("The parameter %(name)s has no value in %(region)s on %(day)s.")
        % {"name": name, "region": unit.full_name or unit.name, "day": on.isoformat()},
        what_to_do=_("Ask the security administrator to enter it with its source."),
        ids=[name, unit.code, on.isoformat()],
    )
