"""Approved proposals merged into what the files state: one timeline per parameter and region."""

from collections.abc import Iterable
from dataclasses import replace

from foundation.policy.services.reading import Statement


def lay_over(stated: Iterable[Statement], approved: Iterable[Statement]) -> list[Statement]:
    """Return the statements with each approved one inserted: it is valid from its first day until the next one begins.

    What the files state ends where it begins, and left out where both begin on the same day.
    """
    timelines: dict[tuple[str, str], list[Statement]] = {}
    for statement in stated:
        timelines.setdefault((statement.name, statement.region_code), []).append(statement)
    for statement in sorted(approved, key=lambda each: each.valid_from):
        key = (statement.name, statement.region_code)
        timelines[key] = _insert(timelines.get(key, []), statement)
    return [each for timeline in timelines.values() for each in timeline]


def _insert(timeline: list[Statement], fresh: Statement) -> list[Statement]:
    day = fresh.valid_from
    before = [_cut(each, fresh) for each in timeline if each.valid_from < day]
    after = [each for each in timeline if each.valid_from > day]
    covering = [each for each in timeline if each.valid_from <= day and (each.valid_to is None or each.valid_to > day)]
    ends = [each.valid_from for each in after] + [each.valid_to for each in covering if each.valid_to]
    return [*before, replace(fresh, valid_to=min(ends, default=None)), *after]


def _cut(statement: Statement, fresh: Statement) -> Statement:
    is_open = statement.valid_to is None or statement.valid_to > fresh.valid_from
    return replace(statement, valid_to=fresh.valid_from) if is_open else statement
