"""The night's matching: poor persons against rolls, facts against rolls, facts against poor persons. All by one pipeline."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from coverage.constants import LinkRule
from coverage.findings.decided_matches import respect_decisions
from coverage.findings.workspace import NightWorkspace
from coverage.matching.pipeline import match
from coverage.matching.rolls import Roll
from coverage.matching.subjects import IDENTITY_VARIANTS, Subjects, prepare_subjects

FACTS_ON_ROLLS = ("death", "hukou_out", "hukou_cancelled", "prison", "insured_elsewhere")


def link_rolls(workspace: NightWorkspace) -> int:
    """Link persons and the facts that matter to rolls; facts are subjects with their id below zero. Writes `link`.

    Clerks' decisions on candidate pairs are respected here, so that every later step sees them.
    """
    facts = workspace.read("fact")
    wanted = facts.filter(pc.is_in(facts["kind"], pa.array(FACTS_ON_ROLLS)))
    subjects = workspace.read_subjects() + _fact_subjects(wanted)
    links = match(subjects, workspace.read("police_change"), workspace.rolls)
    return workspace.write("link", respect_decisions(workspace, links))


def link_facts(workspace: NightWorkspace) -> int:
    """Find whom among the poor each fact means. Writes `person_hit`: fact_id, person_id, rule, action.

    A person known under a right and under a damaged number is found by the surer of the two.
    """
    facts = _fact_subjects(workspace.read("fact"))
    links = match(facts, workspace.read("police_change"), [_persons_as_roll(workspace)])
    with duckdb.connect() as database:
        database.register("found", links)
        hits = database.sql(
            "SELECT -subject_id AS fact_id, roll_no::BIGINT AS person_id, min_by(rule, place) AS rule, min_by(action, place) AS action "
            "FROM (SELECT *, list_position($rules, rule) AS place FROM found) GROUP BY ALL ORDER BY ALL",
            params={"rules": LinkRule.values},
        ).to_arrow_table()
    return workspace.write("person_hit", hits)


def _fact_subjects(facts: pa.Table) -> Subjects:
    variants = pa.table(
        {
            "subject_id": pc.negate(facts["fact_id"]),
            "name": facts["name"],
            "number": facts["number"],
            "stated_birth": pa.nulls(facts.num_rows, pa.date32()),
            "village": pa.array([""] * facts.num_rows, pa.string()),
        }
    )
    return prepare_subjects(variants.cast(IDENTITY_VARIANTS))


def _persons_as_roll(workspace: NightWorkspace) -> Roll:
    """The poor as a roll of their own: a line per form, the person's id as its number. Writes `person_line` and its repairs."""
    roll = Roll("person", 0, workspace.path("person_line"))
    with workspace.connect("person_variant", "person_repair") as database:
        database.execute(_PERSON_LINES)
        workspace.write("person_line", database.table("person_line").to_arrow_table())
        workspace.write(roll.repairs.stem, database.sql(_PERSON_REPAIRS).to_arrow_table())
    return roll


_PERSON_LINES = """
    CREATE TEMP TABLE person_line AS
    SELECT row_number() OVER ()::INTEGER AS position, '' AS part, position AS line, subject_id::VARCHAR AS roll_no,
        name, phonetic_key, number, key, number_birth AS birth, village AS unit_code, '' AS status
    FROM person_variant
"""
_PERSON_REPAIRS = """
    SELECT min(position) AS position, person_line.phonetic_key, repair.key
    FROM person_repair repair JOIN person_line ON person_line.roll_no = repair.subject_id::VARCHAR AND person_line.phonetic_key = repair.phonetic_key
    GROUP BY ALL
"""
