"""What code, SQL, parameters, tests and documents cite exists in the project's own docs/: the file, the rule's number, the heading."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KINDS = {".py", ".sql", ".yaml", ".yml", ".html", ".md", ".js", ".css", ".toml"}
LEFT_OUT = {"var", "node_modules", "__pycache__"}
MADE_UP = Path(__file__).relative_to(ROOT).as_posix()
"""This file: the texts on which the finder is tried cite what does not exist."""

LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*(?:--|#(?!#)|//|\*)?[ \t]*")
"""A comment may be broken within a citation: its marks are no part of it."""
DOCUMENT = re.compile(r"\bdocs/([\w/-]+\.md)(?:#([\w-]+))?")
RULES = re.compile(r"\brules\.md((?:(?:[,;]| and| to)? R\d+\b)+)")
LINK = re.compile(r"\]\(([\w./-]*\.md)?(?:#([\w-]+))?\)")
OWN_RULE = re.compile(r"\bR\d+\b")
OUTSIDE = re.compile(
    r"\b(?:DESIGN|POLICY|STYLE|TERMS)\.md\b"
    r"|\b(?:DESIGN|STYLE|TERMS) \d"
    r"|\bPOLICY [A-I](?:\d|\b)"
    r"|\bDESIGN's\b"
    r"|\bchoice G\d"
    r"|\bshared/(?:[\w-]+\.md|seeds\b)"
)
MODULE = re.compile(r"`([a-z_]+/[\w./]*)`")


def texts() -> Iterator[tuple[str, str]]:
    """Yield path and content of every text file of the project, without what an installation or a tool puts there."""
    for folder, below, files in os.walk(ROOT):
        below[:] = sorted(name for name in below if name not in LEFT_OUT and not name.startswith("."))
        for name in sorted(files):
            file = Path(folder) / name
            if file.suffix in KINDS and file.relative_to(ROOT).as_posix() != MADE_UP:
                yield file.relative_to(ROOT).as_posix(), file.read_text("utf-8")


def outside(text: str) -> list[str]:
    """List the citations of documents the project does not have."""
    return [found[0] for found in OUTSIDE.finditer(LINE_BREAK.sub(" ", text))]


def cited(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each citation as a document of the project and what of it: a rule's number, an anchor, or nothing."""
    flat = LINE_BREAK.sub(" ", text)
    for found in DOCUMENT.finditer(flat):
        yield f"docs/{found[1]}", found[2] or ""
    for found in RULES.finditer(flat):
        for rule in OWN_RULE.findall(found[1]):
            yield "docs/rules.md", rule
    if path == "docs/rules.md":
        for rule in OWN_RULE.findall(flat):
            yield path, rule
    if path.endswith(".md"):
        for found in LINK.finditer(text):
            if found[1] or found[2]:
                named = os.path.normpath(Path(path).parent / found[1]) if found[1] else path
                yield Path(named).as_posix(), found[2] or ""


def anchors_of(text: str) -> set[str]:
    """Return what may be cited of a document: its headings as GitHub writes anchors, and the numbers of rules."""
    anchors: dict[str, int] = {}
    numbers = set()
    for heading in re.findall(
        r"^#{1,6} +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    ):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w -]", "", words.lower()).replace(" ", "-")
        anchors[anchor] = anchors.get(anchor, -1) + 1
        numbers |= set(re.findall(r"^R\d+(?= )", heading))
    repeated = {f"{anchor}-{count}" for anchor, last in anchors.items() for count in range(1, last + 1)}
    return set(anchors) | repeated | numbers


@cache
def anchors_in(document: str) -> set[str] | None:
    """Return the anchors of a document of the project, None where there is none."""
    file = ROOT / document
    return anchors_of(file.read_text("utf-8")) if file.is_file() else None


def broken(path: str, text: str) -> list[str]:
    """List the citations of a text that lead nowhere."""
    found = []
    for document, part in cited(path, text):
        anchors = anchors_in(document)
        if anchors is None or (part and part not in anchors):
            found.append(f"{document} {part}".strip())
    return found


def test_every_citation_resolves():
    wrong = {path: found for path, text in texts() if (found := broken(path, text))}
    assert not wrong


def test_nothing_cites_a_document_outside_the_project():
    wrong = {path: found for path, text in texts() if (found := outside(text))}
    assert not wrong


def test_many_places_cite_rules():
    """Were the finder blind, all of the above would hold."""
    counted = [cite for path, text in texts() if path != "docs/rules.md" for cite in cited(path, text)]
    assert sum(document == "docs/rules.md" and bool(part) for document, part in counted) > 60
    assert sum("#" not in part and part.islower() for _document, part in counted) > 10


def test_the_rules_are_numbered_without_a_hole():
    rules = (ROOT / "docs" / "rules.md").read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^## R(\d+) \S", rules, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_rules_name_files_that_exist():
    named = MODULE.findall((ROOT / "docs" / "rules.md").read_text("utf-8"))
    assert len(named) > 80
    assert [path for path in named if "<" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Source: docs/rules.md R1", []),
        ("-- Source: docs/rules.md R1, R9999", ["docs/rules.md R9999"]),
        ("-- Source: docs/rules.md\n--          R9998 and R2", ["docs/rules.md R9998"]),
        ('"""As docs/nothing.md says."""', ["docs/nothing.md"]),
        ("(docs/matching.md#steps)", []),
        ("(docs/matching.md#no-such-heading)", ["docs/matching.md no-such-heading"]),
    ],
)
def test_the_finder_sees_what_leads_nowhere(text, found):
    assert broken("made_up.py", text) == found


def test_the_finder_follows_the_links_of_documents():
    assert broken("docs/made_up.md", "[a](gaps.md#rank) [b](../README.md) [c](https://host/x.md)") == []
    assert broken("docs/made_up.md", "[a](gaps.md#nothing) [b](none.md)") == ["docs/gaps.md nothing", "docs/none.md"]


@pytest.mark.parametrize("kind", ["DESIGN", "POLICY", "STYLE", "TERMS"])
def test_the_finder_sees_documents_outside(kind):
    assert outside(f"-- Source: {kind}.md\n") == [f"{kind}.md"]
    assert outside("-- after " + "POLICY" + "\n--   B6") == ["POLICY " + "B6"]
    assert outside("read ../shared/data/truth.csv with foundation.policy, docs/policy.md, MANAGE_POLICY = 1") == []


def test_anchors_are_written_as_github_writes_them():
    text = "# One *more* heading: `x/y`, 99.99 %\n## R7 Title\n## Again\n## Again\n```\n# no heading\n```\n"
    assert anchors_of(text) == {"one-more-heading-xy-9999-", "r7-title", "R7", "again", "again-1"}
