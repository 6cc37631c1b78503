"""Small rolls prepared as intake prepares them, and subjects to match with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from coverage.matching.pipeline import match
from coverage.matching.rolls import Roll
from coverage.matching.subjects import CHANGES, IDENTITY_VARIANTS, prepare_subjects
from registry.intake.files import read_sheets
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from registry.intake.rolls import prepare_roll
from tests import senders

Pair = tuple[int, str]


@dataclass(frozen=True)
class IdentityVariant:
    """One name and number a file gives a subject."""

    subject_id: int
    name: str
    number: str = ""
    stated_birth: date | None = None
    village: str = senders.VILLAGE


@dataclass(frozen=True)
class Change:
    """One line of the police list: a name or a number that changed."""

    name: str = ""
    number: str = ""
    before_name: str = ""
    after_name: str = ""
    old_number: str = ""
    new_number: str = ""


@dataclass
class PreparedRolls:
    """Rolls prepared in a folder."""

    folder: Path
    rolls: list[Roll] = field(default_factory=list)

    def add_resident(self, rows: Iterable[Sequence[str]]) -> Roll:
        return self._prepare("resident", senders.resident(self.folder / f"居保{len(self.rolls)}.zip", rows))

    def add_employee(self, people: Iterable[tuple[str, str, str, str]]) -> Roll:
        return self._prepare("employee", senders.employee(self.folder / f"企业职工{len(self.rolls)}.csv.zip", people))

    def add_civil(self, people: Iterable[tuple[str, str, str, str]]) -> Roll:
        return self._prepare("civil", senders.civil(self.folder / f"机关事业{len(self.rolls)}.csv.zip", people))

    def _prepare(self, scheme: str, path: Path) -> Roll:
        sheets = [(sheet.part, read_rows(sheet, find_layout(sheet, path.name))) for sheet in read_sheets(path)]
        snapshot = len(self.rolls) + 1
        prepared = prepare_roll(sheets, target=self.folder / f"{snapshot}.parquet")
        roll = Roll(scheme, snapshot, prepared.path)
        self.rolls.append(roll)
        return roll

    def link(self, *variants: IdentityVariant, changes: Iterable[Change] = ()) -> list[dict[str, object]]:
        """Return the links of the subjects as rows."""
        subjects = prepare_subjects(table_of(variants, IDENTITY_VARIANTS))
        return match(subjects, table_of(changes, CHANGES), self.rolls).to_pylist()

    def pairs(self, *variants: IdentityVariant, changes: Iterable[Change] = ()) -> dict[Pair, tuple[str, str]]:
        """Return subject and number on the roll -> rule and action."""
        found = self.link(*variants, changes=changes)
        return {
            (int(str(row["subject_id"])), str(row["roll_no"])): (str(row["rule"]), str(row["action"])) for row in found
        }


def table_of(rows: Iterable[IdentityVariant] | Iterable[Change], schema: pa.Schema) -> pa.Table:
    """Return dataclasses as a table of a schema."""
    values: list[Mapping[str, object]] = [asdict(row) for row in rows]
    return pa.table({name: pa.array([row[name] for row in values], schema.field(name).type) for name in schema.names})
