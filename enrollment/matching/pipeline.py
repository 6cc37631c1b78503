"""The matching as an ordered list of steps, cheapest first, each only on what earlier steps left (DESIGN.md 8).

Subjects are hashed, rolls are streamed from their prepared Parquet files: one pass for the numbers, one for the residue.
Steps 1 to 3 confirm themselves; what a person must decide is proposed for review. No score ever confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from enrollment.matching.rolls import Roll, load_rolls, read_lines
from enrollment.matching.subjects import Subjects, load_subjects
from enrollment.matching.weights import LEAST_SCORE, MOST_LEADS, score
from poverty_pension.primitives.columns import clean_names

_SQL = Path(__file__).parent / "sql"
_PAIR = "subject_id BIGINT, scheme VARCHAR, snapshot BIGINT, position INTEGER, rule VARCHAR, action VARCHAR"


SCORED_RULES = [
    "name_village_other_number",
    "birth_village_surname",
    "name_birth",
    "number_slip_other_name",
    "name_two_slips",
    "name_only",
]
RESIDUAL = ("residual", "scheme = 'resident'")
UNLINKED = ("unlinked", "true")


@dataclass(frozen=True)
class Step:
    """One SQL file and what becomes of its rows: a table of its own, or links added to those before.

    `among` names the poor persons it looks at: those without a confirmed link of some kind, as they stand when it begins.
    """

    name: str
    makes: str = "link"
    among: tuple[str, str] | None = None

    @property
    def statement(self) -> str:
        return _statement(self.name)


BY_NUMBER = (
    Step("10_pick_roll_lines", makes="touched"),
    Step("20_join_numbers", makes="number_pair"),
    Step("30_confirm_same_number"),
    Step("40_repair_roll_numbers"),
    Step("45_pick_residual_lines", makes="near_place", among=RESIDUAL),
)
BY_NAME = (
    Step("50_match_name_birth_village"),
    Step("55_match_two_slips", among=RESIDUAL),
    Step("60_propose_name_village", among=RESIDUAL),
    Step("70_propose_alike", among=UNLINKED),
)
STEPS = (*BY_NUMBER, *BY_NAME)


def match(subjects: Subjects, changes: pa.Table, rolls: Sequence[Roll]) -> pa.Table:
    """Link subjects to lines of rolls.

    Shape: subjects and changes as in subjects.py; result one row per subject and roll line: subject_id, scheme, snapshot,
    position, rule, action (auto or review), field_verdicts, score (of weights.py), and of the line: part, line, roll_no,
    roll_name, roll_status, roll_birth, roll_unit_code, roll_key. Ordered by subject, scheme, position.
    Errors: duckdb.IOException when a snapshot is missing or damaged.
    Cost: 12 thousand persons against 800 thousand lines in 0.3 s on two cores.
    """
    with duckdb.connect() as database:
        load_rolls(database, rolls)
        load_subjects(database, subjects, changes)
        run_steps(database, rolls)
        return describe(database)


def run_steps(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> None:
    """Fill the relations link and line from loaded rolls and subjects."""
    database.execute(f"CREATE TEMP TABLE link ({_PAIR})")
    for step in BY_NUMBER:
        run_step(database, step)
    load_lines(database, rolls)
    for step in BY_NAME:
        run_step(database, step)


def load_lines(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> None:
    """Read the lines that something speaks for, once: line, as read_lines with plain and sounding name; near, those of near_place."""
    named = database.sql(
        "SELECT snapshot, position FROM link UNION SELECT snapshot, position FROM number_pair UNION FROM near_place ORDER BY ALL"
    ).fetchnumpy()
    lines = pa.concat_tables(
        [read_lines(roll, named["position"][named["snapshot"] == roll.snapshot]) for roll in rolls]
    )
    cleaned = clean_names(lines["name"])
    database.register("line", lines.append_column("plain", cleaned.plain).append_column("sound", cleaned.sound))
    database.execute(
        "CREATE OR REPLACE TEMP TABLE near AS SELECT scheme, snapshot, position, key, name, sound, birth, unit_code "
        "FROM line SEMI JOIN near_place USING (snapshot, position)"
    )


def run_step(database: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Run one step."""
    if step.among:
        table, confirmed = step.among
        database.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT subject_id FROM subject_name WHERE subject_id > 0 "
            f"AND subject_id NOT IN (SELECT subject_id FROM link WHERE action = 'auto' AND {confirmed})"
        )
    if step.makes == "link":
        database.execute(
            f"INSERT INTO link SELECT found.* FROM ({step.statement}) found ANTI JOIN link USING (subject_id, snapshot, position)"
        )
    else:
        database.execute(f"CREATE OR REPLACE TEMP TABLE {step.makes} AS {step.statement}")


def describe(database: duckdb.DuckDBPyConnection) -> pa.Table:
    """Add to each link what stands on the roll line, how each field compares, and for leads their score."""
    database.execute(_statement("80_count_names"))
    database.execute(f"CREATE OR REPLACE TEMP TABLE described AS {_statement('90_describe_links')}")
    patterns = database.sql(_statement("92_put_into_words")).to_arrow_table()
    scores = pa.array([score(text) for text in patterns["field_verdicts"].to_pylist()], pa.float64())
    database.register("pattern_score", patterns.append_column("score", scores))
    limits = {"least": LEAST_SCORE, "most": MOST_LEADS, "scored_rules": SCORED_RULES}
    return database.sql(_statement("95_keep_best_leads"), params=limits).to_arrow_table()


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
