"""The format of a case as JSON schema, put together from the kinds of facts, acts and expectations that apps add to it.

An unknown key is an error that names it and its place. An app above adds its kinds to FACTS, ACTS and EXPECTATIONS when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from enrollment.management.cases.world import PEOPLE, CaseWorld
from foundation.primitives.yaml_loader import LOADER

Entry = Mapping[str, Any]
Schema = Mapping[str, Any]
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "a day, YYYY-MM-DD"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WORDS: Schema = {"type": "array", "items": TEXT}


def one_of(values: Any) -> Schema:
    """Return the schema of one of these words."""
    return {"enum": [*values]}


@dataclass(frozen=True)
class Kind:
    """One kind of fact, act or expectation: its keys beside the common ones, those it needs, and what is done with an entry."""

    keys: Schema
    needed: tuple[str, ...]
    handle: Callable[[CaseWorld, Entry], Any]


FACTS: dict[str, Kind] = {}
"""What is known of the person, from a day on."""
ACTS: dict[str, Kind] = {}
"""What somebody does on a day."""
EXPECTATIONS: dict[str, Kind] = {}
"""What is found at the end of a day: `handle` returns the found value of every expected key."""
SECTIONS: Mapping[str, tuple[str, dict[str, Kind], Schema, tuple[str, ...]]] = {
    "facts": ("fact", FACTS, {"from": DAY, "to": DAY}, ()),
    "acts": (
        "act",
        ACTS,
        {"on": DAY, "by": one_of(PEOPLE), "deputy_for": one_of(PEOPLE), "refused": TEXT, "because": WORDS},
        ("on",),
    ),
    "expected": ("expect", EXPECTATIONS, {"on": DAY}, ("on",)),
}
"""A section of a case: the key that names an entry's kind, the kinds, the keys common to all of them, those needed."""
_HEAD: Schema = {
    "case": {"type": "string", "minLength": 1},
    "region": {"type": "string", "pattern": "^[0-9]{6}$"},
    "parameters": {"type": "object"},
    "person": {
        "type": "object",
        "additionalProperties": False,
        "required": ["sex"],
        "properties": {
            "name": TEXT,
            "birth": DAY,
            "sex": one_of(["female", "male"]),
            "number": {
                "type": "string",
                "description": "18 characters; none: nobody knows one; left out: a right one is made",
            },
        },
    },
}


class CaseFileError(Exception):
    """A file or a case in it is against the format; the message names the place and the key."""


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Read the cases of a file as they stand, days as text. Errors: CaseFileError when it is no list of cases."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CaseFileError(f"cannot be read: {error}") from error
    if not isinstance(content, list) or not content or not all(isinstance(case, dict) for case in content):
        raise CaseFileError("a file of cases is a list, each case a mapping that begins with “case”")
    return [_with_days_as_text(case) for case in content]


def check_case(case: Mapping[str, Any]) -> None:
    """Check a case against the format. Errors: CaseFileError."""
    _demand(case, _object({**_HEAD, **{section: {"type": "array"} for section in SECTIONS}}, ("case", "person")), "")
    for section, (naming, kinds, common, needed) in SECTIONS.items():
        for place, entry in enumerate(case.get(section, ()), 1):
            where = f"{section}, entry {place}"
            kind = kinds.get(str(entry.get(naming))) if isinstance(entry, dict) else None
            if kind is None:
                raise CaseFileError(f"{where}: “{naming}” is one of {', '.join(sorted(kinds))}")
            _demand(entry, _entry_schema(naming, common, needed, kind), f"{where} ({entry[naming]})")


def schema() -> dict[str, Any]:
    """Return the whole format as one JSON schema, for editors."""
    sections = {
        section: {
            "type": "array",
            "items": {
                "oneOf": [
                    _entry_schema(naming, common, needed, kind, name=name) for name, kind in sorted(kinds.items())
                ]
            },
        }
        for section, (naming, kinds, common, needed) in SECTIONS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "items": _object({**_HEAD, **sections}, ("case", "person")),
    }


def _entry_schema(
    naming: str, common: Schema, needed: tuple[str, ...], kind: Kind, *, name: str | None = None
) -> dict[str, Any]:
    named = {naming: {"const": name} if name else TEXT}
    return _object({**named, **common, **kind.keys}, (naming, *needed, *kind.needed))


def _object(properties: Schema, needed: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), "required": [*needed]}


def _demand(value: object, against: Schema, where: str) -> None:
    for error in Draft202012Validator(against).iter_errors(value):
        place = ", ".join([where, *map(str, error.path)] if where else map(str, error.path))
        raise CaseFileError(f"{place}: {error.message}" if place else error.message)


def _with_days_as_text(value: Any) -> Any:
    """Write days as text, and the key “on”, which YAML reads as a truth value, as it was written."""
    if isinstance(value, dict):
        return {"on" if key is True else str(key): _with_days_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_days_as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
