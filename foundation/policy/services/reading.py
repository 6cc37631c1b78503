"""Reading parameters/<topic>/<fact>.yaml into plain values; anything outside the format is an error that names it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from foundation.policy.models import ParameterUnit
from foundation.primitives.yaml_loader import LOADER

PARAMETERS = Path(__file__).resolve().parents[1] / "parameters"
NATIONAL = "national"
NEEDED_KEYS = {"description", "unit", "values"}
FILE_KEYS = NEEDED_KEYS | {"chinese"}
ENTRY_KEYS = {"value", "no_rule", "ends", "source"}


class ParameterFileError(Exception):
    """A parameter file that does not follow the format; the message names the file and the place."""


@dataclass(frozen=True)
class Statement:
    """One value as a file states it. `region_code` is empty for the whole country."""

    name: str
    unit: str
    region_code: str
    valid_from: date
    valid_to: date | None
    value: object
    is_none_here: bool
    source: str
    decision_id: int | None = None


@dataclass(frozen=True)
class Fact:
    """What a file states beside its values: the parameter, its topic (the folder), what it means."""

    name: str
    topic: str
    unit: str
    description: str
    chinese: str


def read_facts(folder: Path = PARAMETERS) -> list[Fact]:
    """Read the heads of all files of a folder, ordered by topic and name."""
    return _facts(folder) if folder != PARAMETERS else _shipped_facts()


@cache
def _shipped_facts() -> list[Fact]:
    return _facts(PARAMETERS)


def _facts(folder: Path) -> list[Fact]:
    facts = []
    for file in sorted(folder.glob("*/*.yaml")):
        content = yaml.load(file.read_text("utf-8"), Loader=LOADER)
        facts.append(
            Fact(
                file.stem, file.parent.name, content["unit"], content["description"].strip(), content.get("chinese", "")
            )
        )
    return facts


def read_parameters(folder: Path = PARAMETERS) -> list[Statement]:
    """Read all files of a folder, ordered by name, region and date.

    Errors: ParameterFileError; also when two files have the same name.
    """
    statements: list[Statement] = []
    seen: dict[str, Path] = {}
    for file in sorted(folder.glob("*/*.yaml")):
        if file.stem in seen:
            raise ParameterFileError(f"{file} and {seen[file.stem]} state the same parameter.")
        seen[file.stem] = file
        statements += _read_file(file)
    return statements


def _read_file(file: Path) -> list[Statement]:
    content = yaml.load(file.read_text("utf-8"), Loader=LOADER)
    _demand_keys(content, FILE_KEYS, NEEDED_KEYS, str(file))
    if content["unit"] not in ParameterUnit.values:
        raise ParameterFileError(f"{file}: the unit {content['unit']!r} is unknown.")
    found: list[Statement] = []
    for region, entries in content["values"].items():
        found += _read_region(file, content["unit"], "" if region == NATIONAL else str(region).ljust(12, "0"), entries)
    return found


def _read_region(file: Path, unit: str, region_code: str, entries: dict[date, dict[str, object]]) -> list[Statement]:
    days = sorted(entries)
    ends = [*days[1:], None]
    found = []
    for day, end in zip(days, ends, strict=True):
        entry = entries[day]
        place = f"{file}, {region_code or NATIONAL}, {day}"
        _demand_keys(entry, ENTRY_KEYS, {"source"}, place)
        if len({"value", "no_rule", "ends"} & entry.keys()) != 1:
            raise ParameterFileError(f"{place}: state exactly one of value, no_rule, ends.")
        if "ends" not in entry:
            found.append(
                Statement(
                    name=file.stem,
                    unit=unit,
                    region_code=region_code,
                    valid_from=day,
                    valid_to=end,
                    value=_plain(entry.get("value")),
                    is_none_here="no_rule" in entry,
                    source=str(entry["source"]),
                )
            )
    return found


def _plain(value: object) -> object:
    """Spell dates as text, as JSON has none."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _demand_keys(content: object, known: set[str], needed: set[str], place: str) -> None:
    if not isinstance(content, dict) or not needed <= content.keys() or not content.keys() <= known:
        raise ParameterFileError(f"{place}: needs {sorted(needed)}, knows {sorted(known)}.")
