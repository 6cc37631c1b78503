"""What is right about a file of a drawn habit: every line, and on each line every cell, as a right reader gets it.

One JSON object a line of the file. `cells` names the fields of the feed's layout; "place" stands for all columns that say where.
Values: codes of the register for words, ISO days (a month as 2018-03), twelve digits for a unit (as precise as the file says it),
"" where the file says nothing, and a mark where no value is right: the cell must be asked about or be in the problem list. Behind
AMBIGUOUS may stand what it says after all, which a reader may find but need not: "!ambiguous:320682001200".
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

DAMAGED, UNKNOWN_WORD, AMBIGUOUS = "!damaged", "!unknown_word", "!ambiguous"
MAY_BE = "?"
"""Before a value that the sender's name suggests and no column states: "?funeral" of a list of deaths from the funeral home."""
PERSON, DUPLICATE, HIDDEN, LEFT = "person", "duplicate", "hidden", "left"
"""Kinds of lines that name somebody: current, the same line once more, a hidden line, on a hidden sheet of those who left."""
TITLE, HEADER, TOTAL, SIGNATURE, NOTE, SUMMARY, BLANK = (
    "title",
    "header",
    "total",
    "signature",
    "note",
    "summary",
    "blank",
)
"""Kinds of lines that name nobody."""


@dataclass(frozen=True)
class TrueLine:
    """One line of a file: its part (member of a zip), sheet and number from 1, what it is, and its cells by field."""

    part: str
    sheet: str
    line: int
    kind: str
    cells: dict[str, str] = field(default_factory=dict)
    member: int = 0
    """The place in the household, where one line names several persons."""


@dataclass(frozen=True)
class FileTruth:
    """A file's truth: the feed it is, the habit's seed, its lines in the order of its sheets."""

    feed: str
    seed: int
    file: str
    county: str
    lines: tuple[TrueLine, ...]


def write_truth(truth: FileTruth, path: Path) -> None:
    """Write a file's truth: the first line says what file it is, each other one of its lines."""
    first = {"feed": truth.feed, "seed": truth.seed, "file": truth.file, "county": truth.county}
    path.write_text("".join(_json_lines([first, *map(asdict, truth.lines)])), "utf-8")


def read_truth(path: Path) -> FileTruth:
    """Read what write_truth wrote."""
    first, *lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return FileTruth(**first, lines=tuple(TrueLine(**line) for line in lines))


def _json_lines(objects: Iterable[dict[str, object]]) -> Iterable[str]:
    return (json.dumps(each, ensure_ascii=False) + "\n" for each in objects)
