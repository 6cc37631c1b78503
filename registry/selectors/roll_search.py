"""Lines of the newest rolls, as a county's own users may search them: by number, its last six, roll number, name, name in a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.jobs.duckdb_connections import open_duckdb
from foundation.primitives.columns import clean_names
from foundation.primitives.masks import mask_id
from foundation.primitives.personal_texts import id_in_address, roll_no_in_address, shown_roll_no
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from registry.constants import Feed
from registry.selectors.persons import list_codes_of_place
from registry.selectors.roll_lines import LineKey, list_snapshots, newest_of

MOST_LINES = 50
_CONDITIONS = {
    "full": "number = $wanted OR roll_no IN ($wanted, $roll_no)",
    "last6": "right(number, 6) = $wanted OR right(roll_no_sent, 6) = $wanted OR roll_no = $wanted",
    "last4": "roll_no = $wanted",
    "roll_no": "roll_no = $wanted",
    "id": "suffix(roll_no, $wanted)",
    "name": "(name = $wanted OR phonetic_key = $phonetic_key)",
    "placed": "(name = $wanted OR phonetic_key = $phonetic_key) AND rpad(unit_code, 12, '0') IN (SELECT unnest($codes))",
    "near": "number IN (SELECT unnest($wanted))",
    "keys": "(scheme || ' ' || roll_no) IN (SELECT unnest($wanted))",
}
_LINES = """
    SELECT scheme, roll_no, name, number, status, unit_code
    FROM ({snapshots})
    WHERE {condition}
    ORDER BY {first} scheme, roll_no
    LIMIT {most}
"""


@dataclass(frozen=True)
class RollLine:
    """One line of a roll as a list shows it."""

    county_id: int
    scheme: str
    roll_no: str
    name: str
    number: str
    status: str
    place: str

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    @property
    def roll_no_in_address(self) -> str:
        """The roll number as addresses contain it."""
        return roll_no_in_address(self.roll_no)

    @property
    def scheme_label(self) -> str:
        """The roll in the reader's language."""
        return str(Feed(self.scheme).label)


def may_search_rolls(actor: Actor) -> bool:
    """Answer whether the actor works at a county's own office."""
    return actor.unit_level == Level.COUNTY


def list_roll_lines(actor: Actor, keys: Iterable[LineKey]) -> list[RollLine]:
    """Read lines of the county's newest rolls again by scheme and roll number."""
    wanted = [f"{scheme} {roll_no}" for scheme, roll_no in keys]
    return search_newest_rolls(actor, "keys", wanted) if wanted and may_search_rolls(actor) else []


def find_roll_no(actor: Actor, scheme: str, text: str) -> str:
    """Return the stored roll number an address means: the reference on the county's newest roll that has the id, else the text."""
    end = id_in_address(text)
    if not end or not may_search_rolls(actor):
        return text
    return next((line.roll_no for line in search_newest_rolls(actor, "id", end) if line.scheme == scheme), text)


def search_newest_rolls(
    actor: Actor, kind: str, value: str | list[str], *, roll_no: str | None = None, place: str = ""
) -> list[RollLine]:
    """List at most fifty lines that a search of _CONDITIONS finds in the county's newest rolls, straight from their snapshots.

    `roll_no` is the stored roll number of a whole number searched for, `place` the beginning of the names of units. A name finds its
    homophones, too, after itself.
    """
    snapshots = newest_of(list_snapshots(actor.unit_id))
    if not snapshots:
        return []
    parts = " UNION ALL BY NAME ".join(
        f"SELECT '{snapshot.scheme}' AS scheme, * FROM read_parquet($path{place})"
        for place, snapshot in enumerate(snapshots)
    )
    values: dict[str, object] = {
        f"path{place}": str(settings.DATA_DIR / each.path) for place, each in enumerate(snapshots)
    }
    condition = _CONDITIONS[kind]
    first = "name <> $wanted," if "$phonetic_key" in condition else ""
    statement = _LINES.format(snapshots=parts, condition=condition, first=first, most=MOST_LINES)
    given: dict[str, object] = {"wanted": value}
    if "$roll_no" in condition:
        given["roll_no"] = roll_no or value
    if "$phonetic_key" in condition:
        given["phonetic_key"] = clean_names(pa.array([value], pa.string())).phonetic_key[0].as_py()
    if "$codes" in condition:
        given["codes"] = list_codes_of_place(actor, place)
    with open_duckdb() as database:
        rows = database.execute(statement, values | given).fetchall()
    places = _places({row[5] for row in rows if row[5]})
    return [
        RollLine(
            actor.unit_id,
            scheme,
            roll_no,
            name or "",
            mask_id(number),
            status or "",
            places.get(code, ""),
        )
        for scheme, roll_no, name, number, status, code in rows
    ]


def _places(codes: set[str]) -> dict[str, str]:
    whole = {code.ljust(12, "0"): code for code in codes}
    units = Unit.objects.current().filter(code__in=whole).values_list("code", "name")
    return {whole[code]: name for code, name in units}
