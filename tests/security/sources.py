"""The product's own source, read as text and as syntax trees: what the tests of its kind ask."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS: tuple[str, ...] = tuple(
    tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
)
SERVED = tuple(part for part in PARTS if part != "launcher")
"""Everything that runs in web, worker and commands; the launcher starts processes, which is its task."""


@cache
def trees(parts: tuple[str, ...] = SERVED) -> dict[str, ast.Module]:
    """Return the syntax tree of every module, by its path."""
    paths = [path for part in parts for path in sorted((ROOT / part).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def imported(tree: ast.Module) -> frozenset[str]:
    """Return the dotted names a module imports, of a `from` also each name behind it; every test asks about the same trees."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return frozenset(found)


@cache
def calls(tree: ast.Module) -> tuple[tuple[str, ast.Call], ...]:
    """Return every call with the dotted name of what is called."""
    return tuple((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def templates() -> dict[str, str]:
    """Return every template by its path."""
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted((ROOT / "templates").rglob("*.*"))}


def scripts() -> dict[str, str]:
    """Return our own scripts by name."""
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "static" / "js").glob("*.js"))}
