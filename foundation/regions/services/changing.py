"""Dated changes of codes and names: former names of units, and their successors."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from foundation.regions.models import Unit
from foundation.regions.services.loading import CHANGES, LIST_START


@dataclass(frozen=True)
class Change:
    """One line of the list: until `day` the unit had the old code and name, from then on the new one."""

    old_code: str
    old_name: str
    new_code: str
    day: date


@transaction.atomic
def load_changes(file: Path = CHANGES) -> int:
    """Enter the old units of a list beside their successors; return how many were new.

    Effects: adds ended rows of Unit, moves the successor's first day to the day of the change; safe to run again.
    A change whose successor is not in the tree is skipped: a county may load only its own part of the country.
    Source: the orders named in data/changes.csv.
    """
    changes = read_changes(file)
    successors = {
        unit.code: unit for unit in Unit.objects.current().filter(code__in={each.new_code for each in changes})
    }
    known = set(
        Unit.objects.filter(code__in={each.old_code for each in changes}, valid_to__isnull=False).values_list(
            "code", "valid_to"
        )
    )
    fresh = [each for each in changes if (each.old_code, each.day) not in known and each.new_code in successors]
    for change in fresh:
        _enter(change, successors[change.new_code])
    return len(fresh)


def read_changes(file: Path = CHANGES) -> list[Change]:
    """Read the list: old_code, old_name, new_code, date, source."""
    with file.open(encoding="utf-8", newline="") as source:
        return [
            Change(row["old_code"], row["old_name"], row["new_code"], date.fromisoformat(row["date"]))
            for row in csv.DictReader(source)
        ]


def _enter(change: Change, successor: Unit) -> None:
    """Insert the old unit beside its successor; the successor's start is moved first, so that a code is valid once at a time."""
    Unit.objects.filter(pk=successor.pk).update(valid_from=change.day)
    above = successor.path.removesuffix(f"{successor.code}/")
    Unit.objects.create(
        code=change.old_code,
        name=change.old_name,
        full_name=successor.full_name.removesuffix(successor.name) + change.old_name,
        level=successor.level,
        parent_id=successor.parent_id,
        path=f"{above}{change.old_code}/",
        valid_from=LIST_START,
        valid_to=change.day,
        successor=successor,
    )
