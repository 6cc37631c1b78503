"""The gap finders of all apps. An app registers what it finds; casework owns the kinds and their ranks, and opens and closes.

A finder answers with the gaps that should be open now. It is registered when its app is ready, so that casework, which is
below every app that finds gaps, imports none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.utils.functional import Promise

from casework.constants import GapKind

FOUND = pa.schema(
    [
        ("person_id", pa.int64()),
        ("kind", pa.string()),
        ("reason", pa.string()),
        ("evidence_class", pa.string()),
        ("scheme", pa.string()),
        ("roll_no", pa.string()),
        ("evidence", pa.string()),
        ("subject_name", pa.string()),
        ("subject_pinyin", pa.string()),
        ("unit_id", pa.int64()),
        ("unit_code", pa.string()),
    ]
)
"""What a finder returns, a row a subject and kind. A subject is a person, or scheme and roll_no of a line no person owns."""


@dataclass(frozen=True)
class GapFinder:
    """What an app registers: the kinds it finds, how, and the words of its reasons.

    `find` takes the night's workspace and returns rows as FOUND. `reasons` are those a list can be filtered by; any other
    reason (a day, a month, a status) is put into words by `reason_words(kind, reason)`.
    """

    app: str
    kinds: frozenset[GapKind]
    find: Callable[[Any], pa.Table]
    reasons: Mapping[str, str | Promise]
    reason_words: Callable[[str, str], str]


_FINDERS: dict[str, GapFinder] = {}


def register_finder(finder: GapFinder) -> None:
    """Make a finder known; each app has one. Errors: ValueError when another app finds one of its kinds already."""
    others = {kind for app, each in _FINDERS.items() if app != finder.app for kind in each.kinds}
    if taken := others & finder.kinds:
        raise ValueError(f"{finder.app} finds what another app finds already: {', '.join(sorted(taken))}")
    _FINDERS[finder.app] = finder


def list_finders() -> list[GapFinder]:
    """List the finders in the order of their apps."""
    return [_FINDERS[app] for app in sorted(_FINDERS)]


def find_gaps(workspace: Any) -> pa.Table:
    """Ask every finder. Shape: as FOUND."""
    return pa.concat_tables(finder.find(workspace).select(FOUND.names).cast(FOUND) for finder in list_finders())


def reason_choices() -> list[tuple[str, str | Promise]]:
    """List the reasons a list of gaps can be filtered by, with their words."""
    return [choice for finder in list_finders() for choice in finder.reasons.items()]


def reason_words(kind: str, reason: str) -> str:
    """Put a gap's reason into words, by the app that finds its kind."""
    finder = next((each for each in list_finders() if GapKind(kind) in each.kinds), None)
    return finder.reason_words(kind, reason) if finder else reason
