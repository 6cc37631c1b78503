"""A night over hand-made persons, facts and rolls: every step but reading the register and publishing."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from coverage.findings import tables
from coverage.findings.codes import derive_codes
from coverage.findings.findings import find_on_persons, find_on_rolls
from coverage.findings.gaps import find_gaps
from coverage.findings.links import link_facts, link_rolls
from coverage.findings.workspace import NightWorkspace
from coverage.matching.subjects import CHANGES, IDENTITY_VARIANTS, prepare_subjects
from tests import senders
from tests.oracles.numbers import clean_number
from tests.rolls import PreparedRolls

Row = dict[str, Any]
FACT_COLUMNS = pa.schema(
    [*tables.FACT_COLUMNS, *((name, pa.string()) for name in ("number", "old_number", "new_number"))]
)
STEPS = (link_rolls, link_facts, find_on_rolls, find_on_persons, derive_codes)
PARAMETERS: dict[str, Any] = {
    "benefit_age": 60,
    "participation_age": 16,
    "survey_days": 365,
    "months_to_60": 3,
    "months_to_16": 1,
    "rolls_awaited": 2,
    "inclusion_first": date(2018, 12, 1),
    "inclusion_last": date(2020, 12, 31),
    "inclusion_tested": "accepted",
    "inclusion_categories": "poverty dibao tekun",
}


@dataclass
class Night:
    """The inputs of one night and its results."""

    folder: Path
    as_of: date = date(2018, 12, 31)
    persons: list[Row] = field(default_factory=list)
    variants: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    reports: list[Row] = field(default_factory=list)
    enrolments: list[Row] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    employees: list[tuple[str, str, str, str]] = field(default_factory=list)
    officials: list[tuple[str, str, str, str]] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    feeds: list[Row] = field(default_factory=list)
    rules: Row = field(default_factory=PARAMETERS.copy)

    def poor(self, name: str, number: str, **other: Any) -> int:
        """Add a poor person; `village`, in_poverty_file, in_three_categories, hukou_outside, newly_poor, categories and
        found_alive_on may be overridden."""
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
                "categories": other.get("categories", "poverty"),
                "sex": 0,
                "name": name,
                "name_pinyin": name,
                "found_alive_on": other.get("found_alive_on"),
                "number_states": "" if state == "missing" else state,
            }
        )
        village = other.get("village", senders.VILLAGE)
        self.variants.append(
            {"subject_id": person_id, "name": name, "number": number, "stated_birth": None, "village": village}
        )
        return person_id

    def fact(self, kind: str, name: str, number: str, **fields: Any) -> int:
        """Add a fact; `event_date`, valid_from, valid_to, source, answer, verifier, second_hand, to_place, scheme, status,
        stated_birth, sex."""
        fact_id = len(self.facts) + 1
        blanks: dict[pa.DataType, object] = {pa.string(): "", pa.bool_(): False}
        blank = {column.name: blanks.get(column.type) for column in FACT_COLUMNS}
        self.facts.append({**blank, "fact_id": fact_id, "kind": kind, "name": name, "number": number, **fields})
        return fact_id

    def death(self, name: str, number: str, day: date, source: str = "police") -> int:
        return self.fact("death", name, number, event_date=day, source=source)

    def answer(self, name: str, number: str, answer: str, **other: Any) -> int:
        fields = {"event_date": date(2018, 11, 20), "verifier": "王华", **other}
        return self.fact("survey", name, number, answer=answer, **fields)

    def enrol(self, person_id: int, *, draws: bool = False, rolls_since: int = 0) -> None:
        """Add an enrolment of our own, and how many rolls have come since."""
        self.enrolments.append(
            {"person_id": person_id, "enrollment_id": len(self.enrolments) + 1, "draws": draws, "valid_from": self.as_of,
             "rolls_since": rolls_since}
        )  # fmt: skip

    def report(self, person_id: int, kind: str, day: date = date(2018, 12, 20), **other: Any) -> int:
        """Add a village's report about a person, accepted at the office; `died_on` and the three is_... may be overridden."""
        report_id = len(self.reports) + 1
        known = {"died_on": None, "is_first_hand": False, "is_hearsay": False, "is_accepted": True, **other}
        self.reports.append({"report_id": report_id, "person_id": person_id, "kind": kind, "observed_on": day, **known})
        return report_id

    def line(self, roll_no: str, name: str, number: str, status: str = "contributing", **other: str) -> None:
        """Add a line of the resident roll."""
        self.lines.append(senders.resident_row(roll_no, name, number, status, **other))

    def feed(self, feed: str, state: str, as_of: date | None) -> None:
        """State how old a feed of the county is."""
        self.feeds.append({"feed": feed, "as_of": as_of, "state": state})

    def run(self) -> NightWorkspace:
        """Run the steps. The resident roll always has one line of a stranger: an empty roll is never received."""
        prepared = PreparedRolls(self.folder)
        prepared.add_resident([*self.lines, senders.resident_row("R0", "路人甲", "", "contributing", birth="19800101")])
        if self.employees:
            prepared.add_employee(self.employees)
        if self.officials:
            prepared.add_civil(self.officials)
        variables: dict[str, Any] = {
            "as_of": self.as_of,
            "as_of_month": self.as_of.replace(day=1),
            "county_name": "如皋市",
            **self.rules,
        }
        workspace = NightWorkspace(self.folder / "night", variables, prepared.rolls)
        for name, rows, schema in (
            (tables.PERSON, self.persons, tables.PERSON_COLUMNS),
            (tables.FACT, self.facts, FACT_COLUMNS),
            (tables.REPORT, self.reports, tables.REPORT_COLUMNS),
            (tables.PORTAL, self.enrolments, tables.PORTAL_COLUMNS),
            (tables.POLICE_CHANGE, [], CHANGES),
            (tables.DECISION, self.decisions, tables.DECISION_COLUMNS),
            (tables.FEED, self.feeds, tables.FEED_COLUMNS),
        ):
            workspace.write(name, pa.Table.from_pylist(rows, schema=schema))
        workspace.write_subjects(prepare_subjects(pa.Table.from_pylist(self.variants, schema=IDENTITY_VARIANTS)))
        for step in STEPS:
            step(workspace)
        workspace.write(tables.GAP, find_gaps(workspace))
        return workspace

    def codes(self) -> dict[int, Row]:
        """Return person -> the row of codes."""
        return {row["person_id"]: row for row in self.run().read(tables.VERDICT).to_pylist()}

    def roll_findings(self) -> dict[tuple[str, str], Row]:
        """Return number on the roll and kind -> the finding."""
        return {(row["roll_no"], row["kind"]): row for row in self.run().read(tables.ROLL_FINDING).to_pylist()}

    def gaps(self) -> set[tuple[int | None, str, str, str]]:
        """Return person, number on the roll, kind and reason of every gap."""
        rows = self.run().read(tables.GAP).to_pylist()
        return {(row["person_id"], row["roll_no"], row["kind"], row["reason"]) for row in rows}
