"""Eligibility in words: each condition met, not met or unknown, with what that rests on and where the rule stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from coverage.constants import FindingKind
from coverage.models import Finding
from coverage.presenters.evidence import present_finding
from coverage.selectors.evidence import Evidence
from enrollment.constants import Condition, Outcome
from enrollment.eligibility.conditions import CONDITIONS, rule_of
from enrollment.eligibility.testing import Tested
from registry.constants import DesignationKind
from registry.models import Designation
from registry.presenters.file_words import file_words

C, F = Condition, FindingKind
_ROLLS = (F.RESIDENT,)
_OTHERS = (F.EMPLOYEE, F.CIVIL, F.ELSEWHERE)
FINDINGS: dict[Condition, tuple[FindingKind, ...]] = {
    C.ALIVE: (F.DEATH, F.REPORT),
    C.NO_OTHER_SCHEME: _OTHERS,
    C.NO_OTHER_BENEFIT: _OTHERS,
    C.NOT_STUDENT: (F.STUDENT, F.SURVEY),
    C.NOT_SOLDIER: (F.SOLDIER, F.SURVEY),
    C.NOT_IN_PRISON: (F.PRISON, F.SURVEY),
    C.NOT_ABROAD: (F.SURVEY,),
    C.HUKOU_HERE: (F.HUKOU_OUT, F.SURVEY),
    C.NOT_ENROLLED: _ROLLS,
    C.ENROLLED: _ROLLS,
    C.NOT_DRAWING: _ROLLS,
    C.DRAWING: _ROLLS,
    C.PAUSED: _ROLLS,
    C.DECIDED: (F.CANDIDATE,),
}
"""Condition -> the findings of the night it rests on."""
PARAMETERS: dict[Condition, str] = {
    C.OLD_ENOUGH: "participation_age_years",
    C.BEFORE_BENEFIT_AGE: "benefit_age_years",
    C.BENEFIT_AGE: "benefit_age_years",
    C.EARLY_AGE: "severely_disabled_benefit_age_years",
    C.POOR: "direct_inclusion_categories",
    C.IN_WINDOW: "direct_inclusion_window",
    C.YEARS_PAID: "contribution_years_needed",
}
"""Condition -> the dated rule whose value it asks, with its source."""
_AGES = (C.OLD_ENOUGH, C.BEFORE_BENEFIT_AGE, C.BENEFIT_AGE, C.EARLY_AGE)


@dataclass(frozen=True)
class ShownCondition:
    """One condition as a line: its state, what it rests on, the dated rule behind it (or none), its number in docs/rules.md."""

    name: str
    label: str
    state: str
    tone: str
    evidence: list[str]
    parameter: str
    source: str


@dataclass(frozen=True)
class ShownOutcome:
    """What the conditions come to, and each of them."""

    label: str
    tone: str
    day: date
    conditions: list[ShownCondition]


OUTCOME_TONES = {Outcome.ELIGIBLE: "ok", Outcome.REFUSED: "bad", Outcome.UNKNOWN: "warn"}


_ORDER = ("bad", "warn", "ok")
"""What stands against it first, what cannot be told next."""


def shown_outcome(tested: Tested, designations: Sequence[Designation], findings: Sequence[Finding]) -> ShownOutcome:
    """Put a test into words; `designations` and `findings` are those of the person, read in scope. No query."""
    lines = [_shown(each, tested, _evidence(each, tested, designations, findings)) for each in CONDITIONS[tested.kind]]
    lines.sort(key=lambda line: _ORDER.index(line.tone))
    return ShownOutcome(str(tested.outcome.label), OUTCOME_TONES[tested.outcome], tested.day, lines)


def _shown(condition: Condition, tested: Tested, evidence: list[str]) -> ShownCondition:
    if condition in tested.not_met:
        state, tone = _("not met"), "bad"
    elif condition in tested.unknown:
        state, tone = _("unknown"), "warn"
    else:
        state, tone = _("met"), "ok"
    return ShownCondition(
        name=condition.value,
        label=str(condition.label),
        state=state,
        tone=tone,
        evidence=evidence,
        parameter=PARAMETERS.get(condition, ""),
        source=rule_of(tested.kind, condition).source,
    )


def _evidence(
    condition: Condition, tested: Tested, designations: Sequence[Designation], findings: Sequence[Finding]
) -> list[str]:
    facts = tested.facts
    if condition in _AGES:
        if facts["birth_date"] is None:
            return [_("The birth date is not known.")]
        born, reached = facts["birth_date"], facts["benefit_birthday"]
        return [
            _("born %(born)s, benefit age on %(reached)s")
            % {"born": f"{born:%Y-%m-%d}", "reached": f"{reached:%Y-%m-%d}"}
        ]
    if condition == C.POOR:
        return [_listed(each) for each in designations] or [_("No file lists the person.")]
    if condition == C.IN_WINDOW:
        return [_("tested on %(day)s") % {"day": f"{tested.day:%Y-%m-%d}"}]
    if condition == C.YEARS_PAID:
        paid = _("not known") if facts["years_paid"] is None else str(facts["years_paid"])
        needed = _("not known") if facts["years_needed"] is None else f"{facts['years_needed']:.0f}"
        return [_("years paid: %(paid)s, needed: %(needed)s") % {"paid": paid, "needed": needed}]
    if condition == C.STAYED_AFTER_60:
        moved = facts["moved_in_on"]
        return [
            _("moved in on %(day)s") % {"day": f"{moved:%Y-%m-%d}"}
            if moved
            else _("No file says that the person moved in.")
        ]
    if condition == C.SEVERELY_DISABLED:
        return [_("grade %(grade)s") % {"grade": facts["grade"]} if facts["grade"] else _("No certificate is on file.")]
    if condition in FINDINGS:
        found = [_found(each) for each in findings if each.kind in FINDINGS[condition]]
        return found or [
            _("The last nightly run found nothing against it.")
            if condition in tested.met
            else _("The last nightly run found nothing.")
        ]
    return []


def _listed(each: Designation) -> str:
    until = f" – {each.valid_to:%Y-%m-%d}" if each.valid_to else ""
    words = [str(DesignationKind(each.kind).label), file_words(each.status), f"{each.valid_from:%Y-%m-%d}{until}"]
    return " · ".join(word for word in words if word)


def _found(each: Finding) -> str:
    plain = Evidence(str(each.evidence.get("value") or ""), [], [], [], "")
    row = present_finding(each, plain)
    day = _("as of %(day)s") % {"day": f"{each.as_of_date:%Y-%m-%d}"}
    return " · ".join(word for word in (row.label, row.text, day) if word)


def condition_labels(names: Iterable[str]) -> list[str]:
    """Return reasons in words, as a decision names them."""
    return [str(Condition(each).label) for each in names]
