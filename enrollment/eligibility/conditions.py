"""The one table of conditions: what each asks of a person's facts, which kinds of application ask it, and where that is ruled.

An expression is SQL over the columns of sql/facts.sql and the parameters below: true is met, false not met, NULL unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.constants import GapKind
from enrollment.constants import ApplicationKind, Condition


@dataclass(frozen=True)
class Rule:
    """One condition: its expression, and the rule of docs/rules.md it stands for."""

    expression: str
    source: str


C, K = Condition, ApplicationKind

RULES: Mapping[Condition, Rule] = {
    C.ALIVE: Rule("CASE WHEN is_dead THEN false WHEN is_reported_dead THEN NULL ELSE true END", "R18"),
    C.OLD_ENOUGH: Rule("birth_date + make_interval(years => %(participation_age)s) <= %(day)s", "R7"),
    C.BEFORE_BENEFIT_AGE: Rule("benefit_birthday > %(day)s", "R16"),
    C.BENEFIT_AGE: Rule("benefit_birthday <= %(day)s", "R16"),
    C.EARLY_AGE: Rule(
        "%(early_age)s::int IS NOT NULL AND birth_date + make_interval(years => %(early_age)s::int) <= %(day)s", "R48"
    ),
    C.POOR: Rule("categories && %(categories)s::text[]", "R17"),
    C.IN_WINDOW: Rule(
        "%(window_first)s::date IS NOT NULL AND CASE WHEN %(tests_birthday)s"
        " THEN greatest(benefit_birthday, %(window_first)s::date) ELSE %(day)s::date END"
        " BETWEEN %(window_first)s::date AND %(window_last)s::date",
        "R17",
    ),
    C.NO_OTHER_BENEFIT: Rule("NOT draws_elsewhere", "R17"),
    C.NO_OTHER_SCHEME: Rule("NOT in_other_scheme", "R8"),
    C.NOT_STUDENT: Rule("NOT is_student", "R8"),
    C.NOT_SOLDIER: Rule("NOT is_soldier", "R8"),
    C.NOT_IN_PRISON: Rule("NOT is_prisoner", "R8"),
    C.NOT_SERVING: Rule("CASE WHEN is_prisoner THEN NULL ELSE true END", "R20"),
    C.NOT_ABROAD: Rule("NOT is_abroad", "R8"),
    C.HUKOU_HERE: Rule("NOT hukou_elsewhere", "R15"),
    C.NOT_ENROLLED: Rule("NOT is_enrolled", "R10"),
    C.ENROLLED: Rule("is_enrolled", "R10"),
    C.NOT_DRAWING: Rule("NOT draws_here", "R21"),
    C.DRAWING: Rule("draws_here", "R22"),
    C.PAUSED: Rule("is_paused", "R22"),
    C.NOT_DECLINED: Rule("NOT has_declined", "R14"),
    C.DECLINED: Rule("has_declined", "R14"),
    C.NOT_WAIVED: Rule("NOT has_waived", "R47"),
    C.WAIVED: Rule("has_waived", "R47"),
    C.YEARS_PAID: Rule("CASE WHEN years_needed = 0 THEN true ELSE years_paid >= years_needed END", "R48"),
    C.STAYED_AFTER_60: Rule("coalesce(moved_in_on < benefit_birthday, true)", "R48"),
    C.SEVERELY_DISABLED: Rule("grade IN ('1', '2')", "R48"),
    C.DECIDED: Rule("CASE WHEN is_undecided THEN NULL ELSE true END", "R31"),
    C.HAS_NUMBER: Rule("CASE WHEN has_number OR has_temporary THEN true END", "R46"),
    C.WITHOUT_NUMBER: Rule("NOT has_number AND NOT has_temporary", "R46"),
}
RULES_OF_KIND: Mapping[tuple[ApplicationKind, Condition], Rule] = {
    (K.CLAIM, C.BENEFIT_AGE): Rule(
        "date_trunc('month', benefit_birthday)"
        " <= date_trunc('month', %(day)s::date) + make_interval(months => %(months_ahead)s)",
        "R48",
    ),
}
"""What a kind asks otherwise under the same name: a claim is prepared and decided some months before the benefit age."""


def rule_of(kind: ApplicationKind, condition: Condition) -> Rule:
    """Return the rule of a condition as a kind asks it."""
    return RULES_OF_KIND.get((kind, condition), RULES[condition])


_PRESENT = (C.ALIVE, C.DECIDED, C.HAS_NUMBER)
CONDITIONS: Mapping[ApplicationKind, tuple[Condition, ...]] = {
    K.REGISTER: (
        *_PRESENT,
        C.NOT_ENROLLED,
        C.OLD_ENOUGH,
        C.BEFORE_BENEFIT_AGE,
        C.NO_OTHER_SCHEME,
        C.NOT_STUDENT,
        C.NOT_SOLDIER,
        C.NOT_IN_PRISON,
        C.NOT_ABROAD,
        C.HUKOU_HERE,
        C.NOT_DECLINED,
    ),
    K.CHANGE_DETAILS: (C.ALIVE,),
    K.CHANGE_ACCOUNT: (C.ALIVE,),
    K.DIRECT_INCLUSION: (
        *_PRESENT,
        C.POOR,
        C.NO_OTHER_BENEFIT,
        C.BENEFIT_AGE,
        C.IN_WINDOW,
        C.NOT_ENROLLED,
        C.HUKOU_HERE,
        C.NOT_SERVING,
        C.NOT_WAIVED,
    ),
    K.CLAIM: (
        *_PRESENT,
        C.ENROLLED,
        C.NOT_DRAWING,
        C.BENEFIT_AGE,
        C.YEARS_PAID,
        C.NO_OTHER_BENEFIT,
        C.STAYED_AFTER_60,
        C.NOT_SERVING,
        C.NOT_WAIVED,
    ),
    K.DECLINE: (C.ALIVE, C.NOT_ENROLLED, C.OLD_ENOUGH, C.NOT_DECLINED),
    K.WAIVE: (C.ALIVE, C.BENEFIT_AGE, C.NOT_WAIVED),
    K.REVOKE_DECLINE: (C.ALIVE, C.DECLINED),
    K.REVOKE_WAIVER: (C.ALIVE, C.WAIVED),
    K.PAUSE: (C.DRAWING,),
    K.RESUME: (C.ALIVE, C.PAUSED),
    K.TERMINATE: (C.ENROLLED,),
    K.EARLY_DRAW: (
        *_PRESENT,
        C.EARLY_AGE,
        C.SEVERELY_DISABLED,
        C.NOT_DRAWING,
        C.NO_OTHER_BENEFIT,
        C.HUKOU_HERE,
        C.NOT_SERVING,
        C.NOT_WAIVED,
    ),
    K.TEMPORARY_IDENTITY: (C.ALIVE, C.WITHOUT_NUMBER),
    K.REPLACE_IDENTITY: (C.ALIVE,),
}
"""Which conditions a kind asks, in the order in which they are shown and named as reasons. Source: docs/rules.md R46 to R48."""

GAPS_ANSWERED: Mapping[ApplicationKind, tuple[GapKind, ...]] = {
    K.REGISTER: (GapKind.UNINSURED, GapKind.NEW_POOR, GapKind.TURNING_16),
    K.DIRECT_INCLUSION: (GapKind.UNINSURED, GapKind.NEW_POOR),
    K.CLAIM: (GapKind.DUE_NOT_DRAWING, GapKind.TURNING_60),
}
"""The kinds of gap an application of a kind may answer; the age conditions say of whom. Source: docs/rules.md R46, R48."""
