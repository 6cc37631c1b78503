"""The contract of imports holds; files and functions keep to what the contract cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("poverty_pension", "registry", "enrollment", "payments")
CLOCK = re.compile(r"\b(?:datetime\.now|date\.today|timezone\.now|time\.time)\(")
MAY_READ_THE_CLOCK = {"poverty_pension/primitives/clock.py"}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts and "launcher" not in file.parts:
                yield file


MODULES = list(modules())


def test_only_one_module_reads_the_clock():
    readers = {file.relative_to(ROOT).as_posix() for file in MODULES if CLOCK.search(file.read_text("utf-8"))}
    assert readers == MAY_READ_THE_CLOCK


@pytest.mark.parametrize("folder", ["services", "selectors", "coverage", "casework", "matching"])
def test_services_know_neither_requests_nor_the_clock(folder):
    forbidden = {"django.http", "rest_framework", "django.shortcuts", "clock.now", "clock.today"}
    offenders = [
        (file.relative_to(ROOT).as_posix(), name)
        for file in MODULES
        if (folder in file.parts or file.stem == folder) and not {"nightly", "portal", "views"} & set(file.parts)
        for name in imported(file)
        if name in forbidden
    ]
    assert offenders == []


def test_every_module_says_what_it_owns():
    silent = [
        file.relative_to(ROOT).as_posix()
        for file in MODULES
        if file.read_text("utf-8").strip() and ast.get_docstring(ast.parse(file.read_text("utf-8"))) is None
    ]
    assert silent == []


def imported(file: Path) -> Iterator[str]:
    """Yield the modules a file imports, and what it takes from the clock."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module.endswith(".clock"):
                yield from (f"clock.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
