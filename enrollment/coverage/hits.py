"""The night's matching: poor persons against rolls, facts against rolls, facts against poor persons. All by one pipeline."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from enrollment.constants import LinkRule
from enrollment.coverage.decisions import respect_decisions
from enrollment.coverage.workspace import Workspace
from enrollment.matching.pipeline import match, match_tables
from enrollment.matching.subjects import FORMS
from poverty_pension.primitives.columns import clean_names, clean_numbers
from poverty_pension.primitives.number_repair import repair_candidates

FACTS_ON_ROLLS = ("death", "hukou_out", "hukou_cancelled", "prison", "insured_elsewhere")


def link_rolls(workspace: Workspace) -> int:
    """Link persons and the facts that matter to rolls; facts are subjects with their id below zero. Writes `link`.

    Clerks' decisions on candidate pairs are respected here, so that every later step sees them.
    """
    forms = workspace.read("person_form")
    facts = workspace.read("fact")
    wanted = facts.filter(pc.is_in(facts["kind"], pa.array(FACTS_ON_ROLLS)))
    links = match(pa.concat_tables([forms, _fact_forms(wanted)]), workspace.read("police_change"), workspace.rolls)
    return workspace.write("link", respect_decisions(workspace, links))


def link_facts(workspace: Workspace) -> int:
    """Find whom among the poor each fact means. Writes `person_hit`: fact_id, person_id, rule, action.

    A person known under a right and under a damaged number is found by the surer of the two.
    """
    with duckdb.connect() as database:
        _load_persons_as_roll(database, workspace.read("person_form"))
        links = match_tables(database, _fact_forms(workspace.read("fact")), workspace.read("police_change"))
        database.register("found", links)
        hits = database.sql(
            "SELECT -subject_id AS fact_id, roll_no::BIGINT AS person_id, min_by(rule, place) AS rule, min_by(action, place) AS action "
            "FROM (SELECT *, list_position($rules, rule) AS place FROM found) GROUP BY ALL ORDER BY ALL",
            params={"rules": LinkRule.values},
        ).to_arrow_table()
    return workspace.write("person_hit", hits)


def _fact_forms(facts: pa.Table) -> pa.Table:
    return pa.table(
        {
            "subject_id": pc.negate(facts["fact_id"]),
            "name": facts["name"],
            "number": facts["number"],
            "stated_birth": pa.nulls(facts.num_rows, pa.date32()),
            "village": pa.array([""] * facts.num_rows, pa.string()),
        }
    ).cast(FORMS)


def _load_persons_as_roll(database: duckdb.DuckDBPyConnection, forms: pa.Table) -> None:
    """The poor as a roll of their own: a line per form, the person's id as its number."""
    numbers, names = clean_numbers(forms["number"]), clean_names(forms["name"])
    position = pa.array(range(1, forms.num_rows + 1), pa.int32())
    lines = pa.table(
        {
            "position": position,
            "line": position,
            "roll_no": forms["subject_id"].cast(pa.string()),
            "name": names.name,
            "sound": names.sound,
            "number": numbers.number,
            "key": numbers.key,
            "birth": numbers.birth,
            "unit_code": forms["village"],
        }
    )
    database.register("person_line", lines)
    found = repair_candidates(pc.if_else(pc.is_valid(numbers.key), "", numbers.number))
    repairs = pa.table(
        {"position": position.take(found["row"]), "sound": names.sound.take(found["row"]), "key": found["key"]}
    )
    database.register("person_repair", repairs)
    database.execute(
        "CREATE TEMP VIEW roll AS SELECT 'person' AS scheme, 0::BIGINT AS snapshot, '' AS part, '' AS status, * FROM person_line;"
        "CREATE TEMP VIEW roll_repair AS SELECT 'person' AS scheme, 0::BIGINT AS snapshot, * FROM person_repair"
    )
