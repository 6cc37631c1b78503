"""Bringing the table in line with the YAML files: the files are the law, the table is their copy for SQL."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from poverty_pension.policy.models import ParameterValue
from poverty_pension.policy.services.reading import PARAMETERS, ParameterFileError, Statement, read_parameters
from poverty_pension.regions.models import Unit

Key = tuple[str, str, str]


@dataclass(frozen=True)
class LoadedParameters:
    """What a loading changed."""

    added: int
    changed: int
    removed: int
    unchanged: int


@transaction.atomic
def load_parameters(folder: Path = PARAMETERS) -> LoadedParameters:
    """Make the table say what the files say; every change leaves a row of history.

    Effects: adds, changes and removes rows of ParameterValue; safe to run again. Cost: two queries when nothing changed.
    Errors: ParameterFileError for a file against the format or a region that is not in the tree.
    """
    wanted = {_key(each): each for each in read_parameters(folder)}
    regions = _region_ids(wanted.values())
    rows = list(ParameterValue.objects.select_related("region"))
    present = {(row.name, row.region.code if row.region else "", row.valid_from.isoformat()): row for row in rows}

    gone = [row.pk for key, row in present.items() if key not in wanted]
    changed = [row for key, row in present.items() if key in wanted and _update(row, wanted[key])]
    fresh = [_row(statement, regions) for key, statement in wanted.items() if key not in present]
    ParameterValue.objects.filter(pk__in=gone).delete()
    if changed:
        ParameterValue.objects.bulk_update(changed, ["valid_to", "value", "unit", "is_none_here", "source"])
    ParameterValue.objects.bulk_create(fresh)
    return LoadedParameters(len(fresh), len(changed), len(gone), len(wanted) - len(fresh) - len(changed))


def _key(statement: Statement) -> Key:
    return statement.name, statement.region_code, statement.valid_from.isoformat()


def _region_ids(statements: Iterable[Statement]) -> dict[str, int | None]:
    """Map region codes to units; the whole country is None."""
    codes = {each.region_code for each in statements if each.region_code}
    found = dict(Unit.objects.current().filter(code__in=codes).values_list("code", "id"))
    if missing := sorted(codes - found.keys()):
        raise ParameterFileError(f"The parameters name regions that are not in the tree: {', '.join(missing)}.")
    return {"": None} | found


def _row(statement: Statement, regions: dict[str, int | None]) -> ParameterValue:
    values = asdict(statement)
    return ParameterValue(region_id=regions[values.pop("region_code")], **values)


def _update(row: ParameterValue, statement: Statement) -> bool:
    """Copy what differs onto the row; say whether anything did."""
    said = {name: getattr(statement, name) for name in ("valid_to", "value", "unit", "is_none_here", "source")}
    if all(getattr(row, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(row, name, value)
    return True
