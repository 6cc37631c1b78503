"""Every lock the product's code takes in the database, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = ("nightly", "payments", "enrollment", "coverage", "casework", "registry", "foundation", "operations", "portal")
WORDS = (
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_try_advisory",
    "FOR UPDATE",
    "FOR NO KEY UPDATE",
    "LOCK TABLE",
)


def list_locks() -> list[str]:
    """List the locks as `path::function`, once for each statement of a function that takes one; SQL files as their path."""
    found = []
    for app in APPS:
        for path in sorted((CHECKOUT / app).rglob("*.py")):
            text = path.read_text("utf-8")
            if "migrations" not in path.parts and (_locks(text) or "select_for_update" in text):
                place = path.relative_to(CHECKOUT)
                found += [f"{place}::{function}" for function in _locks_of(ast.parse(text))]
        for path in sorted((CHECKOUT / app).rglob("*.sql")):
            if "migrations" not in path.parts and _locks(_without_comments(path.read_text("utf-8"))):
                found.append(str(path.relative_to(CHECKOUT)))
    return found


def _locks_of(module: ast.Module) -> Iterator[str]:
    for function, body in _bodies(module, "module"):
        for statement in body:
            if any(_takes_a_lock(part) for part in ast.walk(statement)):
                yield function


def _bodies(node: ast.AST, name: str) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield every function with its simple statements, those of blocks inside it too."""
    statements: list[ast.stmt] = []
    waiting: list[ast.AST] = list(ast.iter_child_nodes(node))
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _bodies(each, each.name)
        elif isinstance(each, ast.ClassDef):
            yield from _bodies(each, name)
        elif isinstance(each, ast.stmt) and not hasattr(each, "body"):
            statements.append(each)
        elif isinstance(each, ast.stmt | ast.ExceptHandler | ast.match_case):
            waiting += list(ast.iter_child_nodes(each))
    yield name, statements


def _takes_a_lock(part: ast.AST) -> bool:
    if isinstance(part, ast.Attribute):
        return part.attr == "select_for_update"
    return isinstance(part, ast.Constant) and isinstance(part.value, str) and _locks(part.value)


def _locks(text: str) -> bool:
    return any(word in text for word in WORDS)


def _without_comments(text: str) -> str:
    return "\n".join(line.partition("--")[0] for line in text.splitlines())
