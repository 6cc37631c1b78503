"""A night over hand-made persons, facts and rolls: every step but reading the register and publishing."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from enrollment.casework.finders import find_gaps
from enrollment.coverage.codes import derive_codes
from enrollment.coverage.decisions import DECISIONS
from enrollment.coverage.findings import find_on_persons, find_on_rolls
from enrollment.coverage.freshness import FEEDS
from enrollment.coverage.hits import link_facts, link_rolls
from enrollment.coverage.inputs import _FACTS_SCHEMA, _PERSONS_SCHEMA
from enrollment.coverage.workspace import NightValues, Workspace
from enrollment.matching.subjects import CHANGES, FORMS, prepare_subjects
from tests import senders
from tests.oracles.numbers import clean_number
from tests.rolls import RollBook

Row = dict[str, Any]
FACT_COLUMNS = pa.schema([*_FACTS_SCHEMA, *((name, pa.string()) for name in ("number", "old_number", "new_number"))])
STEPS = (link_rolls, link_facts, find_on_rolls, find_on_persons, derive_codes, find_gaps)


@dataclass
class Night:
    """What one night looks at, and what it found."""

    folder: Path
    as_of: date = date(2018, 12, 31)
    persons: list[Row] = field(default_factory=list)
    forms: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    employees: list[tuple[str, str, str, str]] = field(default_factory=list)
    officials: list[tuple[str, str, str, str]] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    feeds: list[Row] = field(default_factory=list)

    def poor(self, name: str, number: str, **other: Any) -> int:
        """Add a poor person; `village`, in_poverty_file, in_three_categories, hukou_outside, newly_poor may be said otherwise."""
        person_id = len(self.persons) + 1
        state = clean_number(number).state
        self.persons.append(
            {
                "person_id": person_id,
                "newly_poor": other.get("newly_poor", False),
                "in_poverty_file": other.get("in_poverty_file", True),
                "in_three_categories": other.get("in_three_categories", True),
                "hukou_outside": other.get("hukou_outside", False),
                "unit_id": 1,
                "file_unit_id": 1,
                "hukou_unit_id": None,
                "hukou_stated": False,
                "categories": "poverty",
                "sex": 0,
                "name": name,
                "name_pinyin": name,
                "number_states": "" if state == "missing" else state,
            }
        )
        village = other.get("village", senders.VILLAGE)
        self.forms.append(
            {"subject_id": person_id, "name": name, "number": number, "stated_birth": None, "village": village}
        )
        return person_id

    def fact(self, kind: str, name: str, number: str, **fields: Any) -> int:
        """Add a fact; `event_date`, valid_from, valid_to, source, answer, verifier, remark, to_place, scheme, status."""
        fact_id = len(self.facts) + 1
        blank = {column.name: "" if column.type == pa.string() else None for column in FACT_COLUMNS}
        self.facts.append({**blank, "fact_id": fact_id, "kind": kind, "name": name, "number": number, **fields})
        return fact_id

    def death(self, name: str, number: str, day: date, source: str = "公安") -> int:
        return self.fact("death", name, number, event_date=day, source=source)

    def answer(self, name: str, number: str, answer: str, **other: Any) -> int:
        told = {"event_date": date(2018, 11, 20), "verifier": "王华", "remark": "入户核实", **other}
        return self.fact("survey", name, number, answer=answer, **told)

    def line(self, roll_no: str, name: str, number: str, status: str = "contributing", **other: str) -> None:
        """Add a line of the resident roll."""
        self.lines.append(senders.resident_row(roll_no, name, number, status, **other))

    def feed(self, feed: str, state: str, as_of: date | None) -> None:
        """Say how old a feed of the county is."""
        self.feeds.append({"feed": feed, "as_of": as_of, "state": state})

    def run(self) -> Workspace:
        """Run the steps. The resident roll always has one line of a stranger: an empty roll is never received."""
        book = RollBook(self.folder)
        book.add_resident([*self.lines, senders.resident_row("R0", "路人甲", "", "contributing", birth="19800101")])
        if self.employees:
            book.add_employee(self.employees)
        if self.officials:
            book.add_civil(self.officials)
        values = NightValues(self.as_of, "如皋市", 60, 16, 365, 3, 1)
        workspace = Workspace(self.folder / "night", book.rolls, values)
        for name, rows, schema in (
            ("person", self.persons, _PERSONS_SCHEMA),
            ("fact", self.facts, FACT_COLUMNS),
            ("police_change", [], CHANGES),
            ("decision", self.decisions, DECISIONS),
            ("feed", self.feeds, FEEDS),
        ):
            workspace.write(name, pa.Table.from_pylist(rows, schema=schema))
        workspace.write_subjects(prepare_subjects(pa.Table.from_pylist(self.forms, schema=FORMS)))
        for step in STEPS:
            step(workspace)
        return workspace

    def codes(self) -> dict[int, Row]:
        """Return person -> the row of codes."""
        return {row["person_id"]: row for row in self.run().read("verdict").to_pylist()}

    def roll_findings(self) -> dict[tuple[str, str], Row]:
        """Return number on the roll and kind -> the finding."""
        return {(row["roll_no"], row["kind"]): row for row in self.run().read("roll_finding").to_pylist()}

    def gaps(self) -> set[tuple[int | None, str, str, str]]:
        """Return person, number on the roll, kind and reason of every gap."""
        rows = self.run().read("gap").to_pylist()
        return {(row["person_id"], row["roll_no"], row["kind"], row["reason"]) for row in rows}
