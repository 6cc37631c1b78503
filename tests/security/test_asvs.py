"""The table of OWASP ASVS 5.0 in docs/security.md: whole, each point met by a test that exists, open, or argued not to apply."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STANDARD = ROOT.parent / "shared" / "standards" / "asvs_5.0.0.csv"
"""The standard itself, where it lies beside the project."""
POINTS = 253
LEAST_SHARE = 0.7
MOST_WORDS = 12
STATES = {"met", "open", "not applicable"}
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| ([a-z ]+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@dataclass(frozen=True)
class Point:
    """One row of the table."""

    number: str
    level: str
    words: str
    state: str
    why: str

    @property
    def chapter(self) -> str:
        return self.number.partition(".")[0]

    @property
    def tests(self) -> list[tuple[str, str]]:
        """The tests it names: path and name."""
        return TEST.findall(self.why)


@cache
def text() -> str:
    return (ROOT / "docs" / "security.md").read_text("utf-8").partition("\n## ASVS 5.0\n")[2]


@cache
def table() -> list[Point]:
    return [Point(*found) for found in ROW.findall(text())]


@cache
def names_in(path: str) -> set[str]:
    """Return the names of the tests a file defines."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number[1:].split("."))


def test_every_point_of_levels_1_and_2_is_there_once():
    counted = Counter(point.number for point in table())
    assert [number for number, count in counted.items() if count > 1] == []
    assert len(counted) == POINTS
    assert [point.number for point in table()] == sorted(counted, key=order)
    assert len([line for line in text().splitlines() if line.startswith("| V")]) == POINTS


@pytest.mark.skipif(not STANDARD.is_file(), reason="the standard does not lie beside the project")
def test_numbers_and_levels_are_those_of_the_standard():
    with STANDARD.open(encoding="utf-8-sig", newline="") as file:
        wanted = {(row["req_id"], row["L"]) for row in csv.DictReader(file) if row["L"] in {"1", "2"}}
    assert {(point.number, point.level) for point in table()} == wanted


def test_each_point_is_listed_under_its_chapter():
    parts = re.split(r"^### ", text(), flags=re.MULTILINE)[1:]
    for part in parts:
        assert {number.partition(".")[0] for number, *_rest in ROW.findall(part)} == {part.partition(" ")[0]}
    assert len(parts) == len({point.chapter for point in table()})


@pytest.mark.parametrize("point", table(), ids=lambda point: point.number)
def test_a_point_says_what_holds_and_why(point):
    assert point.state in STATES
    assert 1 <= len(point.words.split()) <= MOST_WORDS
    for path, name in point.tests:
        assert (ROOT / path).is_file(), path
        assert name in names_in(path), name
    if point.state == "met":
        assert point.tests
        assert TEST.sub("", point.why).replace("<br>", "").strip() == ""
    else:
        assert len(TEST.sub("", point.why).split()) >= 2, point.why
        assert point.why.endswith(".")


def test_the_shares_are_those_the_document_states():
    counted = Counter(point.state for point in table())
    met, applying = counted["met"], POINTS - counted["not applicable"]
    assert (
        f"{met} met, {counted['open']} open, {counted['not applicable']} not applicable: "
        f"{100 * met // POINTS} % of all met, {100 * met // applying} % of those that apply."
    ) in text()
    assert met / applying >= LEAST_SHARE
