"""What the import contract (pyproject.toml) does not say: what is an app's own, and what services may know."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.order import APPS, FLOORS

ROOT = Path(settings.BASE_DIR)
MAY_READ_THE_CLOCK = {"foundation/primitives/clock.py"}
CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now"), ("time", "time")}
EDGES = {
    "views",
    "api",
    "management",
    "tasks",
    "portal",
    "demo",
    "operations",
    "presenters",
    "middleware",
    "decorators",
    "sessions",
    "adapter",
    "lockout",
    "fields",
}
"""Where the clock is asked and handed down."""
OWN = ("views", "forms", "api", "management")
"""What of an app no other app imports."""


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file


MODULES = list(modules(*FLOORS, "launcher"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def imported(file: Path) -> tuple[str, ...]:
    """List what a file imports, as dotted names: modules, and what is taken from them."""
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_only_one_module_reads_the_clock():
    readers = {
        relative(file)
        for file in MODULES
        if "launcher" not in file.parts
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCK
    }
    assert readers == MAY_READ_THE_CLOCK


def in_domain(file: Path) -> bool:
    """Answer whether a file is one that is told the time: services, selectors, packages and models."""
    names = {*file.relative_to(ROOT).parts[:-1], file.stem}
    return not names & EDGES and file.relative_to(ROOT).parts[0] in APPS


@pytest.mark.parametrize("forbidden", ["django.http", "django.shortcuts", "rest_framework"])
def test_services_know_no_requests(forbidden):
    folders = {"services", "selectors", "findings", "matching", "intake", "comparison", "models"}
    offenders = [
        relative(file)
        for file in MODULES
        if folders & {*file.relative_to(ROOT).parts[:-1], file.stem}
        and any(name.startswith(forbidden) for name in imported(file))
    ]
    assert offenders == []


def test_the_domain_takes_the_time_as_an_argument():
    may_ask = {"nightly/services.py", "nightly/steps.py"}  # a night notes when each of its own steps began and ended
    offenders = {
        relative(file)
        for file in MODULES
        if in_domain(file)
        and any(name.startswith("foundation.primitives.clock") for name in imported(file))
        and not all(name.endswith("BUSINESS_ZONE") for name in imported(file) if "primitives.clock" in name)
    }
    assert offenders == may_ask


def test_views_forms_and_api_of_an_app_are_its_own():
    owned = tuple(f"{app}.{name}" for app in APPS for name in OWN)
    wiring = {"poverty_pension/urls.py"}
    offenders = [
        (relative(file), name)
        for file in MODULES
        if relative(file) not in wiring
        for name in imported(file)
        if name.startswith(owned) and not name.startswith(f"{file.relative_to(ROOT).parts[0]}.")
    ]
    assert offenders == []


def test_imports_are_at_the_top():
    """Only where Django needs it, an import stands in a function: what apps register when they are ready."""
    registering = {
        f"{app}/apps.py"
        for app in ("registry", "casework", "coverage", "enrollment", "payments", "nightly", "operations", "portal")
    }
    allowed = registering | {"demo/apps.py", "poverty_pension/settings/gunicorn.py"}
    inside = {
        relative(file)
        for file in MODULES
        for function in ast.walk(tree(file))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        and any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(function))
    }
    assert inside == allowed


def test_every_module_says_what_it_owns():
    silent = [
        relative(file) for file in MODULES if file.read_text("utf-8").strip() and ast.get_docstring(tree(file)) is None
    ]
    assert silent == []


def test_long_statements_are_sql_files():
    """A statement of more than ten lines is an .sql file, with a header that says what goes in and what comes out."""
    keywords = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE ", "WITH ")
    long = [
        (relative(file), node.lineno)
        for file in (*MODULES, *modules("benchmarks", "torture"))
        for node in ast.walk(tree(file))
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        and (text := _text(node)).count("\n") > 11
        and any(line.lstrip().startswith(keywords) for line in text.splitlines())
    ]
    assert long == []


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)


@pytest.mark.parametrize("file", sorted(ROOT.glob("*/**/*.sql")), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_statement_says_what_it_reads_and_makes(file):
    if {"var", "node_modules", ".venv"} & set(file.parts):
        return
    head = [line for line in file.read_text("utf-8").splitlines() if line.startswith("--")]
    assert any(line.startswith("-- Inputs:") for line in head), "its head names no inputs"
