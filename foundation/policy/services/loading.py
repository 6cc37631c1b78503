"""Bringing the table in line with the YAML files and the approved proposals; the table is their copy for SQL."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from foundation.policy.models import ParameterProposal, ParameterValue, ProposalState
from foundation.policy.services.reading import PARAMETERS, ParameterFileError, Statement, read_parameters
from foundation.policy.services.timelines import lay_over
from foundation.regions.models import Unit
from foundation.regions.services.loading import shipped_codes

COPIED = ("valid_to", "value", "unit", "is_none_here", "source", "decision_id")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class LoadedParameters:
    """The result of loading."""

    added: int
    changed: int
    removed: int
    unchanged: int


@transaction.atomic
def load_parameters(folder: Path = PARAMETERS) -> LoadedParameters:
    """Bring the table in line with the files and the approved proposals; every change leaves a row of history.

    Effects: adds, changes and removes rows of ParameterValue; safe to run again. Cost: three queries when nothing changed.
    Errors: ParameterFileError for a file against the format or a region that is not in the tree.
    """
    wanted = {_key(each): each for each in lay_over(read_parameters(folder), list_approved())}
    regions = _region_ids(wanted.values())
    wanted = {key: each for key, each in wanted.items() if each.region_code in regions}
    rows = list(ParameterValue.objects.select_related("region"))
    present = {(row.name, row.region.code if row.region else "", row.valid_from.isoformat()): row for row in rows}

    gone = [row.pk for key, row in present.items() if key not in wanted]
    changed = [row for key, row in present.items() if key in wanted and _update(row, wanted[key])]
    fresh = [_row(statement, regions) for key, statement in wanted.items() if key not in present]
    ParameterValue.objects.filter(pk__in=gone).delete()
    if changed:
        ParameterValue.objects.bulk_update(changed, [name.removesuffix("_id") for name in COPIED])
    ParameterValue.objects.bulk_create(fresh)
    return LoadedParameters(len(fresh), len(changed), len(gone), len(wanted) - len(fresh) - len(changed))


def list_approved() -> list[Statement]:
    """List the approved proposals as statements without an end. One query."""
    rows = ParameterProposal.objects.filter(state=ProposalState.APPROVED).select_related("region").order_by("pk")
    return [
        Statement(
            name=row.name,
            unit=row.unit,
            region_code=row.region.code if row.region else "",
            valid_from=row.effective_date,
            valid_to=None,
            value=row.value,
            is_none_here=row.is_none_here,
            source=row.source,
            decision_id=row.pk,
        )
        for row in rows
    ]


def _key(statement: Statement) -> Key:
    return statement.name, statement.region_code, statement.valid_from.isoformat()


def _region_ids(statements: Iterable[Statement]) -> dict[str, int | None]:
    """Map region codes to units; the whole country is None. A tree of one county lacks the others: they are left out.

    Errors: ParameterFileError for a code that not even the shipped list of the country has.
    """
    codes = {each.region_code for each in statements if each.region_code}
    found = dict(Unit.objects.current().filter(code__in=codes).values_list("code", "id"))
    missing = codes - found.keys()
    if missing and (unknown := sorted(missing - shipped_codes())):
        raise ParameterFileError(f"The parameters name regions that are not in the tree: {', '.join(unknown)}.")
    return {"": None} | found


def _row(statement: Statement, regions: dict[str, int | None]) -> ParameterValue:
    values = asdict(statement)
    return ParameterValue(region_id=regions[values.pop("region_code")], **values)


def _update(row: ParameterValue, statement: Statement) -> bool:
    """Copy what differs onto the row; return whether anything did."""
    stated = {name: getattr(statement, name) for name in COPIED}
    if all(getattr(row, name) == value for name, value in stated.items()):
        return False
    for name, value in stated.items():
        setattr(row, name, value)
    return True
