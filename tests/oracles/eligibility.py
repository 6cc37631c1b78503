"""Who may enrol, be included directly or claim, one person after the other: docs/rules.md R7, R8, R10, R15 to R18, R20, R48.

A person is the list of facts a case states (docs/cases.md), each with its days; nothing is shared with the product's statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

MONTHS_AHEAD = 3
WINDOW = (date(2018, 12, 1), date(2020, 12, 31))
SCHEME_START = date(2009, 9, 1)
FULL_YEARS = 15
Fact = Mapping[str, Any]
Answer = tuple[set[str], set[str]]
"""Conditions not met and conditions that cannot be told, by the reason they give."""


def birthday(birth: date, years: int) -> date:
    """The day somebody is so many years old; 29 February falls on the 28th where there is none."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return birth.replace(year=birth.year + years, day=28)


def true_on(facts: Iterable[Fact], day: date) -> list[Fact]:
    """The facts that hold on a day."""
    return [
        fact
        for fact in facts
        if date.fromisoformat(fact.get("from", "1900-01-01")) <= day < date.fromisoformat(fact.get("to", "9999-01-01"))
    ]


def answer(kind: str, birth: date | None, facts: Iterable[Fact], day: date) -> Answer:
    """Ask the conditions of a kind one by one."""
    facts = true_on(facts, day)
    names = {fact["fact"] for fact in facts}
    verdicts: dict[str, bool | None] = {}

    deaths = [fact for fact in facts if fact["fact"] == "death"]
    certain = any(fact.get("evidence", "certain") == "certain" for fact in deaths)
    verdicts["DECEASED"] = False if certain else None if deaths else True

    statuses = [fact["status"] for fact in facts if fact["fact"] == "on_roll"]
    enrolled = any(status != "ended" for status in statuses)
    other = [fact for fact in facts if fact["fact"] == "other_scheme" and fact["status"] != "ended"]
    elsewhere = bool(other)
    verdicts["UNDECIDED"] = None if "possible_match" in names and not enrolled and not elsewhere else True

    draws: bool | None = True
    if any(fact["status"] == "drawing" for fact in other):
        draws = False
    elif any(
        fact["status"] == "not_stated" or (fact["status"] == "paused" and fact["scheme"] != "other_province")
        for fact in other
    ):
        draws = None

    sixty = birthday(birth, 60) if birth else None
    is_sixty = None if sixty is None else sixty <= day
    hukou = "hukou_elsewhere" not in names
    if kind == "register":
        verdicts |= {
            "ALREADY_ENROLLED": not enrolled,
            "UNDER_16": None if birth is None else birthday(birth, 16) <= day,
            "OVER_60": None if is_sixty is None else not is_sixty,
            "OTHER_SCHEME": not elsewhere,
            "STUDENT": "student" not in names,
            "SOLDIER": "soldier" not in names,
            "PRISONER": "prison" not in names,
            "ABROAD": "abroad" not in names,
            "HUKOU_ELSEWHERE": hukou,
        }
    elif kind == "direct_inclusion":
        verdicts |= {
            "NOT_POOR": bool(names & {"poverty", "dibao", "tekun"}),
            "OTHER_BENEFIT": draws,
            "UNDER_60": is_sixty,
            "WINDOW_CLOSED": WINDOW[0] <= day <= WINDOW[1],
            "ALREADY_ENROLLED": not enrolled,
            "HUKOU_ELSEWHERE": hukou,
            "IN_PRISON": None if "prison" in names else True,
        }
    else:
        verdicts |= {
            "NOT_ENROLLED": enrolled,
            "ALREADY_DRAWING": "drawing" not in statuses,
            "UNDER_60": None if sixty is None else _months(sixty) <= _months(day) + MONTHS_AHEAD,
            "YEARS_MISSING": _years_paid(sixty, facts),
            "OTHER_BENEFIT": draws,
            "MOVED_AFTER_60": _stayed(sixty, facts),
            "IN_PRISON": None if "prison" in names else True,
        }
    return (
        {name for name, verdict in verdicts.items() if verdict is False},
        {name for name, verdict in verdicts.items() if verdict is None},
    )


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _years_paid(sixty: date | None, facts: Iterable[Fact]) -> bool | None:
    if sixty is None:
        return None
    if sixty <= SCHEME_START:
        return True
    needed = 0
    day = SCHEME_START
    while (
        day.year < sixty.year and needed < FULL_YEARS
    ):  # a contribution each calendar year before that of turning sixty
        needed += 1
        day = date(day.year + 1, 1, 1)
    paid = [fact["years"] for fact in facts if fact["fact"] == "years_paid"]
    if needed == 0:
        return True
    return max(paid) >= needed if paid else None


def _stayed(sixty: date | None, facts: Iterable[Fact]) -> bool:
    arrivals = [date.fromisoformat(fact["from"]) for fact in facts if fact["fact"] == "moved_in"]
    return sixty is None or not arrivals or max(arrivals) <= sixty - timedelta(days=1)
