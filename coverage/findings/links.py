"""The night's matching: poor persons against rolls, facts against rolls, facts against poor persons, all by one pipeline.

Two steps of the night (nightly/steps.py); the algorithm itself is coverage/matching.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from coverage.constants import LinkRule
from coverage.findings.decided_matches import respect_decisions
from coverage.findings.statements import read_statement
from coverage.findings.tables import FACT, LINK, PERSON_HIT, PERSON_LINE, PERSON_REPAIR, PERSON_VARIANT, POLICE_CHANGE
from coverage.findings.workspace import NightWorkspace
from coverage.matching.pipeline import match
from coverage.matching.rolls import Roll
from coverage.matching.subjects import IDENTITY_VARIANTS, Subjects, prepare_subjects
from foundation.jobs.duckdb_connections import open_duckdb
from foundation.primitives.columns import clean_numbers

FACTS_ON_ROLLS = ("death", "hukou_out", "hukou_cancelled", "prison", "insured_elsewhere")
ANSWERS_ON_ROLLS = ("dead", "declined", "abroad", "student", "soldier", "prisoner")
"""Answers of the household survey that say whether somebody lives (sql/read_deaths.sql)."""


def link_rolls(workspace: NightWorkspace) -> int:
    """Link persons and the facts that concern rolls to roll lines; a fact is a subject with its id below zero. Writes `link`.

    Clerks' decisions on possible matches are applied here, so that every later step respects them.
    """
    facts = workspace.read(FACT)
    is_about_life = pc.is_in(facts["answer"], pa.array(ANSWERS_ON_ROLLS))
    wanted = facts.filter(pc.or_(pc.is_in(facts["kind"], pa.array(FACTS_ON_ROLLS)), is_about_life))
    subjects = workspace.read_subjects() + _fact_subjects(wanted)
    links = match(subjects, workspace.read(POLICE_CHANGE), workspace.rolls)
    return workspace.write(LINK, respect_decisions(workspace, links))


def link_facts(workspace: NightWorkspace) -> int:
    """Match each fact to the poor person it is about. Writes `person_hit`."""
    facts = _fact_subjects(workspace.read(FACT))
    links = match(facts, workspace.read(POLICE_CHANGE), [_persons_as_roll(workspace)])
    with open_duckdb() as database:
        database.register("found", links)
        rules = {"rules": LinkRule.values}
        hits = database.sql(read_statement("gather_person_hits"), params=rules).to_arrow_table()
    return workspace.write(PERSON_HIT, hits)


def _fact_subjects(facts: pa.Table) -> Subjects:
    variants = pa.table(
        {
            "subject_id": pc.negate(facts["fact_id"]),
            "name": facts["name"],
            "number": facts["number"],
            "stated_birth": _stated_births(facts),
            "village": pa.array([""] * facts.num_rows, pa.string()),
        }
    )
    return prepare_subjects(variants.cast(IDENTITY_VARIANTS))


def _stated_births(facts: pa.Table) -> pa.Array:
    """The birth dates that lists state beside the number: evidence for it, but where the sex stated contradicts it.

    Source: docs/rules.md R4.
    """
    in_number, stated = pa.array(clean_numbers(facts["number"]).sex, pa.int16()), pc.fill_null(facts["sex"], 0)
    contradicts = pc.and_(pc.and_(pc.greater(stated, 0), pc.greater(in_number, 0)), pc.not_equal(stated, in_number))
    return pc.if_else(contradicts, pa.scalar(None, pa.date32()), facts["stated_birth"])


def _persons_as_roll(workspace: NightWorkspace) -> Roll:
    """Return the poor persons as a roll of their own: a line per variant. Writes `person_line` and its repairs."""
    roll = Roll("person", 0, workspace.path(PERSON_LINE))
    with workspace.connect(PERSON_VARIANT, PERSON_REPAIR) as database:
        database.execute(read_statement("gather_person_lines"))
        workspace.write(PERSON_LINE, database.table(PERSON_LINE).to_arrow_table())
        repairs = database.sql(read_statement("gather_person_line_repairs")).to_arrow_table()
        workspace.write(roll.repairs.stem, repairs)
    return roll
