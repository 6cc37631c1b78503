"""The three codes of a person in words; tones of chips."""

from __future__ import annotations

from django.utils.translation import gettext as _

from coverage.constants import DeskReason, E1Column, Verdict
from coverage.selectors.persons import PersonCode


def code_lines(code: PersonCode) -> list[tuple[str, str, str]]:
    """List the three codes as term, words and code."""
    verdict, column = Verdict(code.verdict), E1Column(code.e1_column)
    return [
        (_("Conclusion"), str(DeskReason(code.desk_reason).label), ""),
        (_("Survey code"), str(verdict.label), verdict.value),
        (_("Column of the monthly table"), str(column.label), column.value),
    ]


def verdict_tone(verdict: str) -> str:
    """Return the tone of a survey code."""
    return {Verdict.HERE: "ok", Verdict.GAP: "bad", Verdict.DECLINED: "warn"}.get(Verdict(verdict), "info")
