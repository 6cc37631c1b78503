"""Testing the conditions of a kind of application: one statement for one person or a county.

Shape of what comes back: a row a person: person_id, not_met and unknown (names of conditions, in the order of conditions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from enrollment.constants import ApplicationKind, Condition, Outcome
from enrollment.eligibility.conditions import CONDITIONS, rule_of
from foundation.policy.selectors import Parameter, get_parameters
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from registry.selectors.persons import list_merged

FACTS = (Path(__file__).parent / "sql" / "facts.sql").read_text("utf-8")
PARAMETERS = (
    "benefit_age_years",
    "participation_age_years",
    "severely_disabled_benefit_age_years",
    "turning_60_months_ahead",
    "scheme_start",
    "contribution_years_needed",
    "direct_inclusion_categories",
    "direct_inclusion_window",
    "direct_inclusion_test_day",
    "declaration_valid_months",
)
SHOWN = ("birth_date", "benefit_birthday", "categories", "years_needed", "years_paid", "moved_in_on", "grade")
"""Facts shown beside the conditions they decide."""


@dataclass(frozen=True)
class Tested:
    """What the conditions of a kind came to for one person on a day. `facts`: SHOWN -> value, for one who is shown."""

    person_id: int
    kind: ApplicationKind
    day: date
    not_met: tuple[Condition, ...]
    unknown: tuple[Condition, ...]
    facts: Mapping[str, Any]

    @property
    def outcome(self) -> Outcome:
        """Refused before unknown: one condition that is not met settles it."""
        if self.not_met:
            return Outcome.REFUSED
        return Outcome.UNKNOWN if self.unknown else Outcome.ELIGIBLE

    @property
    def met(self) -> tuple[Condition, ...]:
        """The other conditions of the kind."""
        return tuple(each for each in CONDITIONS[self.kind] if each not in {*self.not_met, *self.unknown})


def find_eligibility(
    *,
    county: Unit,
    kind: ApplicationKind,
    day: date,
    known: datetime,
    persons: Sequence[int] | None = None,
    rules: Mapping[str, Parameter] | None = None,
) -> Iterator[Tested]:
    """Test the persons of a county, or these of them, for a kind on a day; persons merged into others are tested as the one kept.

    `rules`: PARAMETERS as they apply in the county on the day, where the caller has read them.
    Cost: three statements, whatever the number of persons. Errors: ParameterMissing.
    """
    for tested in find_for_kinds(county=county, kinds=[kind], day=day, known=known, persons=persons, rules=rules):
        yield tested[kind]


def find_for_kinds(
    *,
    county: Unit,
    kinds: Sequence[ApplicationKind],
    day: date,
    known: datetime,
    persons: Sequence[int] | None = None,
    rules: Mapping[str, Parameter] | None = None,
) -> Iterator[dict[ApplicationKind, Tested]]:
    """Test persons as find_eligibility does, for several kinds at once.

    Shape: a row a person, kind -> what came of it. The facts are read once.
    """
    values = statement_values(county=county, day=day, known=known, persons=persons, rules=rules)
    with connection.cursor() as cursor:
        cursor.execute(statement(*kinds), values)
        for person_id, *found in cursor:
            facts = dict(zip(SHOWN, found[2 * len(kinds) :], strict=True))
            yield {
                kind: Tested(
                    person_id=person_id,
                    kind=kind,
                    day=day,
                    not_met=tuple(map(Condition, found[2 * place])),
                    unknown=tuple(map(Condition, found[2 * place + 1])),
                    facts=facts,
                )
                for place, kind in enumerate(kinds)
            }


def check_person(
    *,
    county: Unit,
    person_id: int,
    kind: ApplicationKind,
    day: date,
    known: datetime,
    rules: Mapping[str, Parameter] | None = None,
) -> Tested:
    """Test one person, as the one kept where they were merged by then.

    Errors: ParameterMissing; NotFound where the county has no such person.
    """
    found = next(
        find_eligibility(county=county, kind=kind, day=day, known=known, persons=[person_id], rules=rules), None
    )
    if found is None:
        raise NotFound(_("The conditions of this person cannot be tested here."), ids=[person_id])
    return found


def statement(*kinds: ApplicationKind) -> str:
    """Return the statement of some kinds: the facts, then the conditions of each kind's list."""
    verdicts = ", ".join(_verdicts(kind, f"_{place}" if place else "") for place, kind in enumerate(kinds))
    return f"{FACTS}SELECT person_id, {verdicts}, {', '.join(SHOWN)} FROM tested ORDER BY person_id"


def _verdicts(kind: ApplicationKind, suffix: str) -> str:
    rules = [(condition, rule_of(kind, condition).expression) for condition in CONDITIONS[kind]]
    not_met = ", ".join(f"CASE WHEN ({rule}) IS FALSE THEN '{condition}' END" for condition, rule in rules)
    unknown = ", ".join(f"CASE WHEN ({rule}) IS NULL THEN '{condition}' END" for condition, rule in rules)
    return (
        f"array_remove(ARRAY[{not_met}], NULL) AS not_met{suffix},"
        f" array_remove(ARRAY[{unknown}], NULL) AS unknown{suffix}"
    )


def statement_values(
    *,
    county: Unit,
    day: date,
    known: datetime,
    persons: Sequence[int] | None = None,
    rules: Mapping[str, Parameter] | None = None,
) -> dict[str, Any]:
    """Return what a statement takes: who, when, and the rules of the county on the day. Two queries. Errors: ParameterMissing."""
    merged = list_merged(county, known)
    if persons is not None:
        persons = sorted({merged.get(each, each) for each in persons})
    rules = rules or get_parameters(PARAMETERS, unit=county, on=day)
    window = rules["direct_inclusion_window"].value or {}
    return {
        "county": county.pk,
        "county_name": county.name,
        "persons": None if persons is None else list(persons),
        "members": None if persons is None else _with_merged(persons, merged),
        "absorbed": list(merged),
        "kept": list(merged.values()),
        "known": known,
        "day": day,
        "benefit_age": rules["benefit_age_years"].value,
        "participation_age": rules["participation_age_years"].value,
        "months_ahead": rules["turning_60_months_ahead"].value,
        "early_age": _if_ruled(rules["severely_disabled_benefit_age_years"]),
        "scheme_start": rules["scheme_start"].value,
        "full_years": rules["contribution_years_needed"].value,
        "categories": rules["direct_inclusion_categories"].value,
        "valid_months": _if_ruled(rules["declaration_valid_months"]),
        "window_first": window.get("first_day"),
        "window_last": window.get("last_day"),
        "tests_birthday": rules["direct_inclusion_test_day"].value == "turned_60",
    }


def _with_merged(persons: Sequence[int], merged: Mapping[int, int]) -> list[int]:
    tested = set(persons)
    return [*tested, *(absorbed for absorbed, kept in merged.items() if kept in tested)]


def _if_ruled(rule: Parameter) -> Any:
    return None if rule.is_none_here else rule.value
