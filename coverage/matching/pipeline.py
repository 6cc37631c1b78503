"""The matching as an ordered list of steps, cheapest first, each only on what earlier steps left (docs/matching.md#steps).

Subjects are hashed, rolls are streamed from their prepared Parquet files: passes over integer columns find the lines to compare,
and the texts of those lines are read once. Steps 1 to 3 confirm links by rule; possible matches go to clerical review. No score
ever confirms a link. Called by findings/links.py and the benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from coverage.matching import tables
from coverage.matching.rolls import Roll, load_rolls, read_lines, register
from coverage.matching.subjects import Subjects, load_subjects
from coverage.matching.weights import LEAST_SCORE, MOST_PROPOSED, score
from foundation.jobs.duckdb_connections import open_duckdb
from foundation.primitives.columns import clean_names

_SQL = Path(__file__).parent / "sql"
_LINK = ["subject_id", "scheme", "snapshot", "position", "rule", "action"]
_LINK_COLUMNS = "subject_id BIGINT, scheme VARCHAR, snapshot BIGINT, position INTEGER, rule VARCHAR, action VARCHAR"
_COMPARED = ["name", "birth", "unit_code", "key"]
_RESULT_COLUMNS = {
    "part": "part",
    "line": "line",
    "roll_no": "roll_no",
    "name": "roll_name",
    "status": "roll_status",
    "birth": "roll_birth",
    "unit_code": "roll_unit_code",
    "key": "roll_key",
}
"""Column of a roll line -> its name in the result."""
SCORED_RULES = [
    "name_village_other_number",
    "birth_village_surname",
    "name_birth",
    "digit_error_other_name",
    "name_two_digit_errors",
    "name_only",
]
"""Rules of step 70, whose links are proposed only from LEAST_SCORE on."""
AMONG_RESIDUAL = (tables.RESIDUAL, "scheme = 'resident'")
AMONG_UNLINKED = (tables.UNLINKED, "true")


@dataclass(frozen=True)
class Step:
    """One SQL file and what becomes of its rows: a table of its own, or links added to those before.

    `among` names the relation of poor persons it reads, refreshed when it begins, and which confirmed links exclude a person.
    """

    name: str
    makes: str = tables.LINK
    among: tuple[str, str] | None = None

    @property
    def statement(self) -> str:
        return _statement(self.name)


BY_NUMBER = (
    Step("10_pick_roll_lines", makes=tables.NUMBER_BLOCK),
    Step("20_join_numbers", makes=tables.NUMBER_PAIR),
    Step("30_confirm_same_number"),
    Step("40_repair_roll_numbers"),
    Step("45_pick_residual_lines", makes=tables.NAME_PLACE_BLOCK, among=AMONG_RESIDUAL),
    Step("46_pair_namesakes", makes=tables.NAMESAKE, among=AMONG_UNLINKED),
)
BY_NAME = (
    Step("50_match_name_birth_village"),
    Step("55_match_two_digit_errors", among=AMONG_RESIDUAL),
    Step("60_propose_name_village", among=AMONG_RESIDUAL),
    Step("70_propose_similar", among=AMONG_UNLINKED),
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
    with open_duckdb() as database:
        load_rolls(database, rolls)
        load_subjects(database, subjects, changes)
        lines = run_steps(database, rolls)
        for step in BY_NUMBER:
            if step.makes != tables.LINK:  # a million persons' blocks would fill the memory the description needs
                database.execute(f"DROP TABLE {step.makes}")
        return describe(database, lines)


def run_steps(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> pa.Table:
    """Fill the relation link from loaded rolls and subjects. Returns the lines it names, as load_lines."""
    database.execute(f"CREATE TEMP TABLE {tables.LINK} ({_LINK_COLUMNS})")
    for step in BY_NUMBER:
        run_step(database, step)
    lines = load_lines(database, rolls)
    for step in BY_NAME:
        run_step(database, step)
    return lines


def load_lines(database: duckdb.DuckDBPyConnection, rolls: Sequence[Roll]) -> pa.Table:
    """Read, once, the lines some step may link, as read_lines: relation line; those compared by name: relation blocked_line."""
    named = database.sql(_NAMED_LINES).fetchnumpy()
    lines = pa.concat_tables([read_lines(r, named["position"][named["snapshot"] == r.snapshot]) for r in rolls])
    lines = lines.combine_chunks()
    register(database, tables.LINE, lines.append_column("place", pa.array(np.arange(lines.num_rows))))
    blocked = _with_line_columns(database.sql(_BLOCKED_LINES).to_arrow_table(), lines.select(["scheme", *_COMPARED]))
    blocked = blocked.append_column("phonetic_key", clean_names(blocked["name"]).phonetic_key)
    register(database, tables.BLOCKED_LINE, blocked)
    return lines


_NAMED_LINES = """
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
    if step.makes == tables.LINK:
        database.execute(
            f"INSERT INTO link SELECT found.* FROM ({step.statement}) found ANTI JOIN link USING (subject_id, snapshot, position)"
        )
    else:
        database.execute(f"CREATE OR REPLACE TEMP TABLE {step.makes} AS {step.statement}")


def describe(database: duckdb.DuckDBPyConnection, lines: pa.Table) -> pa.Table:
    """Add to each link the columns of its roll line, its comparison vector and, for possible matches, their score."""
    _compare(database, lines)
    vectors = database.sql(_statement("92_name_comparison_vectors")).to_arrow_table()
    scores = pa.array([score(text) for text in vectors["comparison_vector"].to_pylist()], pa.float64())
    register(database, tables.VECTOR_SCORE, vectors.append_column("score", scores))
    limits = {"least": LEAST_SCORE, "most": MOST_PROPOSED, "scored_rules": SCORED_RULES}
    kept = database.sql(_statement("95_keep_best_matches"), params=limits).to_arrow_table()
    texts = vectors["comparison_vector"].combine_chunks().take(kept["vector_id"].combine_chunks())
    described = _with_line_columns(
        kept, lines.select(list(_RESULT_COLUMNS)).rename_columns(list(_RESULT_COLUMNS.values()))
    )
    return described.append_column("comparison_vector", texts).select(
        [*_LINK, *_RESULT_COLUMNS.values(), "comparison_vector", "score"]
    )


def _compare(database: duckdb.DuckDBPyConnection, lines: pa.Table) -> None:
    """Make described: equal pairs by one join, the others field by field."""
    register(database, tables.PAIR, _with_line_columns(database.sql(_PAIRS).to_arrow_table(), lines.select(_COMPARED)))
    database.execute(f"CREATE OR REPLACE TEMP TABLE {tables.DESCRIBED} AS {_statement('85_describe_equal')}")
    unequal = database.sql("FROM pair ANTI JOIN described USING (id)").to_arrow_table()
    database.unregister(tables.PAIR)
    cleaned = clean_names(unequal["name"])
    unequal = unequal.append_column("plain", cleaned.plain).append_column("phonetic_key", cleaned.phonetic_key)
    register(database, tables.UNEQUAL_PAIR, unequal)
    database.execute(_statement("87_count_names"))
    database.execute(f"INSERT INTO {tables.DESCRIBED} {_statement('90_describe_links')}")


_PAIRS = "SELECT row_number() OVER () AS id, link.*, place FROM link JOIN line USING (snapshot, position)"


def _with_line_columns(links: pa.Table, lines: pa.Table) -> pa.Table:
    """Add to each link the columns of the line at its `place`: taking millions of texts by place is faster than a join."""
    with ThreadPoolExecutor(2) as movers:
        taken = movers.map(lambda column: column.take(links["place"]), lines.columns)
        moved = dict(zip(lines.column_names, taken, strict=True))
    return pa.table({**{name: links[name] for name in links.column_names}, **moved})


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
