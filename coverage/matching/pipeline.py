"""The matching as an ordered list of steps, cheapest first, each only on what earlier steps left (DESIGN.md 8).

Subjects are hashed, rolls are streamed from their prepared Parquet files: passes over integers find what may be looked at,
the texts of those lines are read once.
Steps 1 to 3 confirm themselves; what a person must decide is proposed for review. No score ever confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from coverage.matching.rolls import Roll, load_rolls, read_lines, register
from coverage.matching.subjects import Subjects, load_subjects
from coverage.matching.weights import LEAST_SCORE, MOST_PROPOSED, score
from foundation.primitives.columns import clean_names

_SQL = Path(__file__).parent / "sql"
_LINK = ["subject_id", "scheme", "snapshot", "position", "rule", "action"]
_PAIR = "subject_id BIGINT, scheme VARCHAR, snapshot BIGINT, position INTEGER, rule VARCHAR, action VARCHAR"
_COMPARED = ["name", "birth", "unit_code", "key"]
_TOLD = {
    "part": "part",
    "line": "line",
    "roll_no": "roll_no",
    "name": "roll_name",
    "status": "roll_status",
    "birth": "roll_birth",
    "unit_code": "roll_unit_code",
    "key": "roll_key",
}
"""Column of a line -> the same in the result."""
SCORED_RULES = [
    "name_village_other_number",
    "birth_village_surname",
    "name_birth",
    "digit_error_other_name",
    "name_two_digit_errors",
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
    Step("10_pick_roll_lines", makes="number_block"),
    Step("20_join_numbers", makes="number_pair"),
    Step("30_confirm_same_number"),
    Step("40_repair_roll_numbers"),
    Step("45_pick_residual_lines", makes="name_place_block", among=RESIDUAL),
    Step("46_pair_namesakes", makes="namesake", among=UNLINKED),
)
BY_NAME = (
    Step("50_match_name_birth_village"),
    Step("55_match_two_digit_errors", among=RESIDUAL),
    Step("60_propose_name_village", among=RESIDUAL),
    Step("70_propose_similar", among=UNLINKED),
)
STEPS = (*BY_NUMBER, *BY_NAME)


def match(subjects: Subjects, changes: pa.Table, rolls: Sequence[Roll]) -> pa.Table:
    """Link subjects to lines of rolls.

    Shape: subjects and changes as in subjects.py; result one row per subject and roll line: subject_id, scheme, snapshot,
    position, rule, action (auto or review), comparison_vector, score (of weights.py), and of the line: part, line, roll_no,
    roll_name, roll_status, roll_birth, roll_unit_code, roll_key. Ordered by subject, scheme, snapshot, position.
    Errors: duckdb.IOException when a snapshot is missing or damaged.
    Cost: 12 thousand persons against 800 thousand lines in 0.3 s on two cores.
    """
    with duckdb.connect() as database:
        load_rolls(database, rolls)
        load_subjects(database, subjects, changes)
        lines = run_steps(database, rolls)
        for table in (
            "number_block",
            "number_pair",
            "namesake",
            "name_place_block",
        ):  # a million persons' would stand in the way
            database.execute(f"DROP TABLE {table}")
        return describe(database, lines)


def run_steps(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> pa.Table:
    """Fill the relation link from loaded rolls and subjects. Returns the lines it names, as load_lines."""
    database.execute(f"CREATE TEMP TABLE link ({_PAIR})")
    for step in BY_NUMBER:
        run_step(database, step)
    lines = load_lines(database, rolls)
    for step in BY_NAME:
        run_step(database, step)
    return lines


def load_lines(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> pa.Table:
    """Read the lines that something speaks for, once, as read_lines: relation line; those near somebody with their sounding name: near."""
    named = database.sql(_NAMED).fetchnumpy()
    lines = pa.concat_tables([read_lines(r, named["position"][named["snapshot"] == r.snapshot]) for r in rolls])
    lines = lines.combine_chunks()
    register(database, "line", lines.append_column("place", pa.array(np.arange(lines.num_rows))))
    blocked_line = _with_words(database.sql(_BLOCKED_LINES).to_arrow_table(), lines.select(["scheme", *_COMPARED]))
    register(
        database,
        "blocked_line",
        blocked_line.append_column("phonetic_key", clean_names(blocked_line["name"]).phonetic_key),
    )
    return lines


_NAMED = """
    SELECT snapshot, position FROM link UNION SELECT snapshot, position FROM number_pair UNION FROM name_place_block
    UNION SELECT snapshot, position FROM namesake ORDER BY ALL
"""
_BLOCKED_LINES = """
    SELECT snapshot, position, place FROM line
    SEMI JOIN (FROM name_place_block UNION ALL SELECT snapshot, position FROM namesake) USING (snapshot, position)
"""


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


def describe(database: duckdb.DuckDBPyConnection, lines: pa.Table) -> pa.Table:
    """Add to each link what stands on the roll line, how each field compares, and for leads their score."""
    _compare(database, lines)
    patterns = database.sql(_statement("92_name_comparison_vectors")).to_arrow_table()
    scores = pa.array([score(text) for text in patterns["comparison_vector"].to_pylist()], pa.float64())
    register(database, "pattern_score", patterns.append_column("score", scores))
    limits = {"least": LEAST_SCORE, "most": MOST_PROPOSED, "scored_rules": SCORED_RULES}
    kept = database.sql(_statement("95_keep_best_matches"), params=limits).to_arrow_table()
    verdicts = patterns["comparison_vector"].combine_chunks().take(kept["pattern"].combine_chunks())
    told = _with_words(kept, lines.select(list(_TOLD)).rename_columns(list(_TOLD.values())))
    return told.append_column("comparison_vector", verdicts).select(
        [*_LINK, *_TOLD.values(), "comparison_vector", "score"]
    )


def _compare(database: duckdb.DuckDBPyConnection, lines: pa.Table) -> None:
    """Make described: the plain cases by one join, the doubtful ones field by field."""
    register(database, "pair", _with_words(database.sql(_PAIRS).to_arrow_table(), lines.select(_COMPARED)))
    database.execute(f"CREATE OR REPLACE TEMP TABLE described AS {_statement('85_describe_equal')}")
    doubtful = database.sql("FROM pair ANTI JOIN described USING (id)").to_arrow_table()
    database.unregister("pair")
    cleaned = clean_names(doubtful["name"])
    register(
        database,
        "doubtful",
        doubtful.append_column("plain", cleaned.plain).append_column("phonetic_key", cleaned.phonetic_key),
    )
    database.execute(_statement("87_count_names"))
    database.execute(f"INSERT INTO described {_statement('90_describe_links')}")


_PAIRS = "SELECT row_number() OVER () AS id, link.*, place FROM link JOIN line USING (snapshot, position)"


def _with_words(links: pa.Table, lines: pa.Table) -> pa.Table:
    """Put beside each link the line at its `place`: texts of millions are moved faster by place than by a join."""
    with ThreadPoolExecutor(2) as movers:
        words = movers.map(lambda column: column.take(links["place"]), lines.columns)
        moved = dict(zip(lines.column_names, words, strict=True))
    return pa.table({**{name: links[name] for name in links.column_names}, **moved})


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
