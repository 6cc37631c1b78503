"""Small patch files, one defect each: reading them, finding their place in the code, writing it and putting it back.

A file is a header of `Name: value` lines and then hunks as `git diff` prints them. The numbers of `@@` lines are ignored: a hunk
is found by its lines, so that it outlives changes around them. Indentation may differ; where the context has changed, the lines
taken away are enough if the file has them once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HEADER = re.compile(r"([A-Z][a-z]+): (\S.*)")
NAMES = ("What", "Kind", "Test")
_FILE = ("diff --git ", "--- a/", "+++ b/")
_END = "\\ end"


class PatchError(Exception):
    """A patch file that cannot be read, or whose place is not in the code; the message is a sentence."""


@dataclass(frozen=True)
class Hunk:
    """Lines that stand together: what they are (context and taken away) and what they become."""

    path: str
    lines: tuple[tuple[str, str], ...]  # the sign " ", "-" or "+", and the line

    @property
    def before(self) -> list[str]:
        return [text for sign, text in self.lines if sign != "+"]

    @property
    def after(self) -> list[str]:
        return [text for sign, text in self.lines if sign != "-"]

    @property
    def without_context(self) -> Hunk:
        """The same from the first changed line to the last."""
        changed = [place for place, (sign, _text) in enumerate(self.lines) if sign != " "]
        return Hunk(self.path, self.lines[changed[0] : changed[-1] + 1])


@dataclass(frozen=True)
class Patch:
    """One defect: what it breaks, of which kind it is, the tests nearest to it, and the change."""

    name: str
    what: str
    kind: str
    tests: tuple[str, ...]
    hunks: tuple[Hunk, ...]

    @property
    def paths(self) -> set[str]:
        return {hunk.path for hunk in self.hunks}

    def changed(self, checkout: Path) -> dict[str, str]:
        """Return the new text of every file it changes. Errors: PatchError when a hunk has no place there, or several."""
        texts: dict[str, str] = {}
        for hunk in self.hunks:
            text = texts.get(hunk.path)
            if text is None:
                text = _read(self.name, checkout / hunk.path)
            texts[hunk.path] = _replaced(self.name, text, hunk)
        return texts


def read_patches(folder: Path) -> list[Patch]:
    """Read every patch of a folder, in the order of their names."""
    return [read_patch(path) for path in sorted(folder.glob("*.patch"))]


def read_patch(path: Path) -> Patch:
    """Read one patch file. Errors: PatchError saying what is missing."""
    lines = path.read_text("utf-8").splitlines()
    start = next((place for place, line in enumerate(lines) if line.startswith(_FILE)), len(lines))
    header = _header(path.stem, lines[:start])
    hunks = tuple(_hunks(path.stem, lines, start))
    if not hunks or any(all(sign == " " for sign, _text in hunk.lines) for hunk in hunks):
        raise PatchError(f"{path.stem}: it changes nothing.")
    return Patch(path.stem, " ".join(header["What"]), header["Kind"][0], tuple(header["Test"]), hunks)


def _header(name: str, lines: Sequence[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        if found := HEADER.fullmatch(line.strip()):
            values.setdefault(found[1], []).append(found[2])
        elif line.strip():
            raise PatchError(f"{name}: line {number} is neither a header (Name: value) nor part of a hunk.")
    if missing := [each for each in NAMES if each not in values]:
        raise PatchError(f"{name}: the header has no line “{missing[0]}: ...”.")
    if unknown := values.keys() - set(NAMES):
        raise PatchError(f"{name}: the header knows {', '.join(NAMES)}, not {', '.join(sorted(unknown))}.")
    return values


def _hunks(name: str, lines: Sequence[str], start: int) -> Iterator[Hunk]:
    path, current = "", []
    for number, line in enumerate([*lines[start:], _END], start + 1):
        if line.startswith((*_FILE, "@@", _END)) and current:
            yield Hunk(path, _trimmed(current))
            current = []
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/").strip()
        elif not line.startswith((*_FILE, "@@", "index ", _END)):
            current.append(_signed(name, number, line))


def _signed(name: str, number: int, line: str) -> tuple[str, str]:
    """Split a line of a hunk; editors cut the blank of an empty context line."""
    if line and line[0] not in " -+":
        raise PatchError(f"{name}: line {number} begins neither with a blank, - nor +.")
    return (line[:1] or " ", line[1:].rstrip())


def _trimmed(lines: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Leave away empty context around the hunk: the end of the patch file."""
    kept = list(lines)
    while kept and kept[-1] == (" ", ""):
        kept.pop()
    while kept and kept[0] == (" ", ""):
        kept.pop(0)
    return tuple(kept)


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise PatchError(f"{name} does not apply: there is no file {path.name} where it looks for it.") from None


def _replaced(name: str, text: str, hunk: Hunk) -> str:
    lines = text.splitlines()
    for each in (hunk, hunk.without_context):
        places = _places(lines, each.before)
        if len(places) == 1:
            return "\n".join(_with(lines, places[0], each)) + "\n"
        if len(places) > 1:
            raise PatchError(f"{name} does not apply: {hunk.path} has its lines {len(places)} times; add context.")
    raise PatchError(f"{name} does not apply: {hunk.path} does not have the lines “{_shown(hunk)}”.")


def _places(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return where the wanted lines stand, whatever their indentation."""
    stripped, sought = [line.strip() for line in lines], [line.strip() for line in wanted]
    if not any(sought):
        return []
    return [start for start in range(len(lines) - len(sought) + 1) if stripped[start : start + len(sought)] == sought]


def _with(lines: Sequence[str], start: int, hunk: Hunk) -> list[str]:
    """Return the lines with the hunk in its place, moved to the indentation found there."""
    there = lines[start : start + len(hunk.before)]
    moved = next((_indent(real) - _indent(line) for real, line in zip(there, hunk.before, strict=True) if line), 0)
    new: list[str] = []
    place = 0
    for sign, line in hunk.lines:
        if sign == "+":
            new.append(" " * max(0, _indent(line) + moved) + line.lstrip(" ") if line else "")
        else:
            new += [there[place]] if sign == " " else []
            place += 1
    return [*lines[:start], *new, *lines[start + len(hunk.before) :]]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shown(hunk: Hunk) -> str:
    return next(
        (text.strip() for sign, text in hunk.lines if sign == "-"), hunk.before[0].strip() if hunk.before else ""
    )
