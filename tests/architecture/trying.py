"""One rule of the schema tried alone: it refuses by its name, and once it is gone nothing refuses any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.architecture.rows import DAY, NOW, Rows
from tests.architecture.schema import (
    BY_TABLE,
    MODELS,
    Rule,
    refusal_of,
    remove,
)

Values = dict[str, Any]
LATER, BEFORE = NOW + timedelta(days=1), NOW - timedelta(days=1)
NEXT_DAY, DAY_BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)


def rows() -> Rows:
    return Rows(MODELS)


def label_of(rule: Rule) -> str:
    return BY_TABLE[rule.table]._meta.label


def tried(rule: Rule, act: Any, words: str, said: str = "") -> list[str]:
    """Try an act under the rule and without it; return what was wrong."""
    wrong = []
    refusal = refusal_of(act)
    if (said or rule.name) not in refusal:
        wrong.append(f"{rule.table} {rule.name} does not refuse {words}: {refusal or 'nothing did'}")
    remove(rule)
    if without := refusal_of(act):
        wrong.append(f"{rule.table} {rule.name}: without it {words} is refused all the same: {without}")
    return wrong
