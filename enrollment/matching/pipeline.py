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

from enrollment.matching.subjects import load_subjects
from enrollment.matching.weights import LEAST_SCORE, MOST_LEADS, score
from poverty_pension.primitives.columns import clean_names

_SQL = Path(__file__).parent / "sql"
_PAIR = "subject_id BIGINT, scheme VARCHAR, snapshot BIGINT, position INTEGER, rule VARCHAR, action VARCHAR"


@dataclass(frozen=True)
class Roll:
    """One prepared snapshot: whose scheme, under which delivery, where it lies."""

    scheme: str
    snapshot: int
    path: Path

    @property
    def repairs(self) -> Path:
        return self.path.with_suffix(".repairs.parquet")


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


STEPS = (
    Step("10_pick_roll_lines", makes="touched"),
    Step("20_join_numbers", makes="number_pair"),
    Step("30_confirm_same_number"),
    Step("40_repair_roll_numbers"),
    Step("45_pick_residual_lines", makes="near", among=RESIDUAL),
    Step("50_match_name_birth_village"),
    Step("55_match_two_slips", among=RESIDUAL),
    Step("60_propose_name_village", among=RESIDUAL),
    Step("70_propose_alike", among=UNLINKED),
)


def match(forms: pa.Table, changes: pa.Table, rolls: Sequence[Roll]) -> pa.Table:
    """Link subjects to lines of rolls.

    Shape: forms and changes as in subjects.py; result one row per subject and roll line: subject_id, scheme, snapshot,
    position, rule, action (auto or review), field_verdicts, score (of weights.py), and of the line: part, line, roll_no,
    roll_name, roll_status, roll_birth, roll_unit_code, roll_key. Ordered by subject, scheme, position.
    Cost: 12 thousand persons against 800 thousand lines in 0.3 s on two cores.
    """
    with duckdb.connect() as database:
        load_rolls(database, rolls)
        return match_tables(database, forms, changes)


def match_tables(database: duckdb.DuckDBPyConnection, forms: pa.Table, changes: pa.Table) -> pa.Table:
    """Link subjects to the relations roll and roll_repair of a connection; otherwise as `match`."""
    load_subjects(database, forms, changes)
    database.execute(f"CREATE TEMP TABLE link ({_PAIR})")
    for step in STEPS:
        run_step(database, step)
    return describe(database)


def load_rolls(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> None:
    """Make the views roll and roll_repair over the snapshots; nothing is read yet.

    Errors: duckdb.IOException when a snapshot is missing or damaged.
    """
    parts = [
        f"SELECT '{roll.scheme}' AS scheme, {roll.snapshot}::BIGINT AS snapshot, * FROM read_parquet({_text(roll.path)})"
        for roll in rolls
    ]
    repairs = [
        f"SELECT '{roll.scheme}' AS scheme, {roll.snapshot}::BIGINT AS snapshot, * FROM read_parquet({_text(roll.repairs)})"
        for roll in rolls
    ]
    database.execute(f"CREATE TEMP VIEW roll AS {' UNION ALL '.join(parts)}")
    database.execute(f"CREATE TEMP VIEW roll_repair AS {' UNION ALL '.join(repairs)}")


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
    database.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_line AS
            SELECT scheme, snapshot, position, part, line, roll_no, name, status, birth, unit_code, key FROM roll
            SEMI JOIN (SELECT DISTINCT snapshot AS s, position AS p FROM link) ON p = roll.position AND s = roll.snapshot;
        """
    )
    written = database.sql("SELECT DISTINCT name FROM link_line").to_arrow_table()
    cleaned = clean_names(written["name"])
    database.register("roll_name", pa.table({"name": written["name"], "plain": cleaned.plain, "sound": cleaned.sound}))
    database.execute(
        """
        CREATE OR REPLACE TEMP TABLE lead_sound AS
            SELECT DISTINCT scheme, sound FROM link_line JOIN roll_name USING (name)
            SEMI JOIN link ON action = 'review' AND link.position = link_line.position AND link.snapshot = link_line.snapshot;
        CREATE OR REPLACE TEMP TABLE sound_count AS
            SELECT scheme, sound, count(*) / any_value(total.lines) AS share
            FROM roll SEMI JOIN lead_sound USING (scheme, sound)
            JOIN (SELECT scheme, count(*) AS lines FROM roll GROUP BY scheme) total USING (scheme)
            GROUP BY ALL
        """
    )
    database.execute(f"CREATE OR REPLACE TEMP TABLE described AS {_statement('90_describe_links')}")
    patterns = database.sql("SELECT DISTINCT field_verdicts FROM described").to_arrow_table()["field_verdicts"]
    scores = pa.array([score(text) for text in patterns.to_pylist()], pa.float64())
    database.register("pattern_score", pa.table({"field_verdicts": patterns, "score": scores}))
    limits = {"least": LEAST_SCORE, "most": MOST_LEADS, "scored_rules": SCORED_RULES}
    return database.sql(_statement("95_keep_best_leads"), params=limits).to_arrow_table()


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
