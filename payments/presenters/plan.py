"""The plan of a year as its page shows it: every figure with the address of its people, for those who may see people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from foundation.documents.charts import Bar, Picture, Point, bars
from foundation.policy.models import ParameterValue
from foundation.policy.presenters import shown_source
from foundation.policy.services.reading import read_facts
from foundation.primitives.money import format_fen
from foundation.regions.models import Unit
from payments.constants import Category, Exclusion, Level, PlanOutcome
from payments.models import ContributionPlan
from payments.selectors.plans import (
    ADDED,
    AGAINST_BEFORE,
    AGAINST_LAST_YEAR,
    AT_COUNTY,
    CHANGED,
    CREDITED,
    IN_BATCH,
    NOT_BOOKED,
    REMOVED,
    Money,
    PlanGroup,
    PlanPerson,
    sum_groups,
)
from registry.constants import Feed
from registry.models import Person
from registry.selectors.numbers import mask_first

MOST_TOWNSHIPS = 60


@dataclass(frozen=True)
class Figure:
    """A number of people, and where they are listed; no address where there is nobody or the reader may not see people."""

    count: int
    url: str = ""


@dataclass(frozen=True)
class MoneyRow:
    """One line of a table of money: what it is of, people, fen, fen by level in the order of the columns, and further counts."""

    label: str
    people: Figure
    amount_fen: int
    shares: list[int]
    stages: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class ReasonRow:
    """Why people are excluded, and how many."""

    label: str
    people: Figure


@dataclass(frozen=True)
class ComputationRow:
    """One computation: when, over which day's codes, and whom it added, removed or changed."""

    computed_at: datetime
    as_of: date
    added: Figure
    removed: Figure
    changed: Figure


@dataclass(frozen=True)
class YearRow:
    """One difference from the plan of the year before."""

    label: str
    people: Figure
    before_fen: int
    now_fen: int


@dataclass(frozen=True)
class FeedRow:
    """A list the plan rests on, and of which days."""

    label: str
    days: list[str]


@dataclass(frozen=True)
class RuleRow:
    """A parameter the plan rests on, with its source."""

    title: str
    url: str
    region: str
    since: date
    source: str


@dataclass(frozen=True)
class PersonRow:
    """One person of the list of a plan. `was`: what was said before, of a difference."""

    person: Person
    number: str
    place: str
    outcome: str
    tone: str
    category: str
    reason: str
    amount_fen: int
    stage: str
    batch_id: int | None
    was: str


@dataclass(frozen=True)
class Addresses:
    """Makes the addresses of lists of one plan; makes none for who may not see people."""

    county: Unit
    year: int
    may_list: bool

    def figure(self, count: int, **wanted: object) -> Figure:
        """Return a count with the address of its people."""
        return Figure(count, self.of(**wanted) if count and self.may_list else "")

    def of(self, **wanted: object) -> str:
        """Return the address of the list with these filters."""
        given = {"county": self.county.code, "year": self.year} | {key: each for key, each in wanted.items() if each}
        return f"{reverse('contribution_people')}?{urlencode(given)}"


STAGE_WORDS: dict[str, Promise] = {
    NOT_BOOKED: gettext_lazy("Not in a batch yet"),
    IN_BATCH: gettext_lazy("In a batch, not credited yet"),
    CREDITED: gettext_lazy("Credited"),
}
CHANGE_WORDS: dict[str, Promise] = {
    ADDED: gettext_lazy("Added"),
    REMOVED: gettext_lazy("Removed"),
    CHANGED: gettext_lazy("Another category or amount"),
}
YEAR_WORDS: dict[str, Promise] = {
    ADDED: gettext_lazy("Paid for this year, not last year"),
    REMOVED: gettext_lazy("Paid for last year, not this year"),
    CHANGED: gettext_lazy("Paid for both years, with another category or amount"),
}


def level_columns(money: Iterable[Money]) -> list[Level]:
    """Return the levels that bear anything of these, from the country down."""
    rows = list(money)
    return [level for level in Level if any(each.shares[level.value] for each in rows)]


def category_rows(groups: Sequence[PlanGroup], levels: Sequence[Level], at: Addresses) -> list[MoneyRow]:
    """List who is paid for by category, in the order of categories."""
    sums = sum_groups(groups, "category")
    return [
        _money_row(
            str(each.label), sums[each.value], levels, at.figure(sums[each.value].people, **_paid(category=each.value))
        )
        for each in Category
        if each.value in sums
    ]


def township_rows(
    groups: Sequence[PlanGroup], levels: Sequence[Level], names: Mapping[str, str], at: Addresses
) -> list[MoneyRow]:
    """List who is paid for by township, with who is credited, in a batch, and in none yet."""
    sums, staged = sum_groups(groups, "township"), _stages_by_township(groups)
    rows = []
    for code in sorted(sums):
        place = AT_COUNTY if code == at.county.code else code
        stages = [
            at.figure(staged.get((code, stage), 0), **_paid(place=place, stage=stage))
            for stage in reversed(STAGE_WORDS)
        ]
        people = at.figure(sums[code].people, **_paid(place=place))
        label = township_name(code, names, at.county)
        rows.append(_money_row(label, sums[code], levels, people, stages))
    return rows


def township_name(code: str, names: Mapping[str, str], county: Unit) -> str:
    """Return a township's name; those registered with the county only are said so."""
    return _("Registered with the county only") if code == county.code else names.get(code, code)


def township_picture(rows: Sequence[MoneyRow], year: int) -> Picture:
    """Draw the people of each township: credited, in a batch, and in none yet."""
    words = [str(STAGE_WORDS[stage]) for stage in reversed(STAGE_WORDS)]
    drawn = [
        Bar(
            row.label,
            [
                Point(each.count, f"{row.label}: {text} {each.count:,}", each.url)
                for each, text in zip(row.stages, words, strict=True)
            ],
            f"{row.people.count:,}",
            row.people.url,
        )
        for row in rows
    ]
    return bars(
        key="plan",
        title=_("People of the plan of %(year)s by township") % {"year": year},
        note="",
        legend=words,
        rows=drawn,
        head=_("Township"),
        drawn=MOST_TOWNSHIPS,
    )


def reason_rows(groups: Sequence[PlanGroup], at: Addresses) -> list[ReasonRow]:
    """List why people are excluded, the most first."""
    counts: dict[str, int] = {}
    for each in groups:
        if each.outcome == PlanOutcome.EXCLUDED:
            counts[each.reason] = counts.get(each.reason, 0) + each.people
    return [
        ReasonRow(str(Exclusion(reason).label), at.figure(count, outcome=PlanOutcome.EXCLUDED, reason=reason))
        for reason, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def computation_rows(
    plans: Sequence[ContributionPlan], changes: Mapping[datetime, Mapping[str, int]], at: Addresses
) -> list[ComputationRow]:
    """List computations with what each changed."""

    def figure(plan: ContributionPlan, change: str) -> Figure:
        count = changes.get(plan.computed_at, {}).get(change, 0)
        return at.figure(count, against=AGAINST_BEFORE, change=change, plan=plan.pk)

    return [
        ComputationRow(each.computed_at, each.as_of_date, *(figure(each, change) for change in CHANGE_WORDS))
        for each in plans
    ]


def year_rows(compared: Mapping[str, tuple[int, int, int]], at: Addresses) -> list[YearRow]:
    """List the differences from the plan of the year before; none where there is no such plan."""
    return [
        YearRow(
            str(words),
            at.figure(compared[change][0], against=AGAINST_LAST_YEAR, change=change),
            *compared[change][1:],
        )
        for change, words in YEAR_WORDS.items()
        if change in compared
    ]


def feed_rows(plan: ContributionPlan) -> list[FeedRow]:
    """List the lists that say who counts, with their days."""
    days: dict[str, list[str]] = {}
    for each in plan.lists:
        days.setdefault(each["feed"], []).append(each["day"])
    return [FeedRow(str(Feed(feed).label), found) for feed, found in days.items()]


def rule_rows(values: Sequence[ParameterValue]) -> list[RuleRow]:
    """List the parameters a plan rests on."""
    facts = {each.name: each for each in read_facts()}
    chinese = (get_language() or "").startswith("zh")
    return [
        RuleRow(
            facts[each.name].chinese
            if chinese and each.name in facts and facts[each.name].chinese
            else each.name.replace("_", " ").capitalize(),
            reverse("administration_policy_rule", args=[each.name]),
            each.region.full_name if each.region else _("the whole country"),
            each.valid_from,
            shown_source(each.source),
        )
        for each in values
    ]


def person_row(line: PlanPerson, person: Person) -> PersonRow:
    """Put a line of the list, its person loaded, into words."""
    is_paid = line.outcome == PlanOutcome.PAID_FOR
    return PersonRow(
        person=person,
        number=mask_first(person.stored_number),  # type: ignore[attr-defined]
        place=place_of(person),
        outcome=str(CHANGE_WORDS[line.change] if line.change else PlanOutcome(line.outcome).label),
        tone="ok" if is_paid else "",
        category=category_words(line.category),
        reason=reason_words(line.reason),
        amount_fen=line.amount_fen,
        stage=str(STAGE_WORDS[line.stage]) if line.stage and (is_paid or line.batch_id) else "",
        batch_id=line.batch_id,
        was=_was(line),
    )


def category_words(category: str) -> str:
    """Return a category in words; empty where there is none."""
    return str(Category(category).label) if category else ""


def reason_words(reason: str) -> str:
    """Return an exclusion in words; empty where there is none."""
    return str(Exclusion(reason).label) if reason else ""


def place_of(person: Person) -> str:
    """Return where a person is registered, below the county."""
    return unit_words(person.unit, person.county)


def unit_words(unit: Unit | None, county: Unit) -> str:
    """Return a place below the county; the county where there is none."""
    return (unit.full_name.removeprefix(county.full_name) or unit.name) if unit else county.name


def _was(line: PlanPerson) -> str:
    if not line.change or not line.was_outcome:
        return ""
    if line.was_outcome == PlanOutcome.EXCLUDED:
        return reason_words(line.was_reason)
    return f"{category_words(line.was_category)} {format_fen(line.was_fen)}"


def _paid(**wanted: object) -> dict[str, object]:
    return {"outcome": PlanOutcome.PAID_FOR.value} | wanted


def _stages_by_township(groups: Sequence[PlanGroup]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for each in groups:
        if each.outcome == PlanOutcome.PAID_FOR:
            found[each.township, each.stage] = found.get((each.township, each.stage), 0) + each.people
    return found


def _money_row(
    label: str, money: Money, levels: Sequence[Level], people: Figure, stages: Sequence[Figure] = ()
) -> MoneyRow:
    return MoneyRow(label, people, money.amount_fen, [money.shares[level.value] for level in levels], list(stages))
