"""Reading the statements of sql/ by their name: each file states in its header what goes in and what comes out."""

from collections.abc import Sequence
from pathlib import Path

_SQL = Path(__file__).parent / "sql"


def read_statement(name: str) -> str:
    """Return a statement by its path below sql/, without the extension."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def union_statements(names: Sequence[str]) -> str:
    """Return one statement that yields the rows of several."""
    return " UNION ALL ".join(f"({read_statement(name)})" for name in names)
