"""Labels of the three codes of a person, and tones of their chips."""

from __future__ import annotations

from itertools import takewhile

from django.utils.translation import gettext as _

from coverage.constants import DeskReason, E1Column, Verdict
from coverage.selectors.persons import PersonCode

NOT_ON_THE_SURVEY_LIST = (Verdict.GAP, Verdict.U16)


def code_lines(code: PersonCode) -> list[tuple[str, str, str]]:
    """List the three codes as term, label and code."""
    verdict, column = Verdict(code.verdict), E1Column(code.e1_column)
    return [
        (_("Conclusion"), str(DeskReason(code.desk_reason).label), ""),
        (_("Survey code"), str(verdict.label), survey_code(verdict)),
        (_("Column of the monthly table"), f"{column_number(column)} {column.label}", ""),
    ]


def survey_code(verdict: str) -> str:
    """Return the code as the survey list prints it; empty where that list has none."""
    return "" if verdict in NOT_ON_THE_SURVEY_LIST else str(verdict)


def verdict_words(verdict: str) -> str:
    """Return code and words, "1-011 Insured here"; the words alone where the survey list has no code."""
    return f"{survey_code(verdict)} {Verdict(verdict).label}".lstrip()


def column_number(column: str) -> str:
    """Return the number the statutory table prints over a column: "16" for all its parts, "12" for the part of 12."""
    return "".join(takewhile(str.isdigit, column))


def verdict_tone(verdict: str) -> str:
    """Return the tone of a survey code."""
    return {Verdict.HERE: "ok", Verdict.GAP: "bad", Verdict.DECLINED: "warn"}.get(Verdict(verdict), "info")
