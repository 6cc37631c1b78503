"""The one work list: a row per subject, the gravest gap first, then the oldest. Same number of queries for 20 rows or 20,000.

A row is the subject's leading gap: of those asked for, no other of the same subject has a lower rank (each kind has its
own). So the list is read in the order of an index and stops after a page; nothing is grouped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Collate, Concat

from enrollment.constants import GAP_RANK, WORKING_STATES, CaseState, CloseReason, GapKind
from enrollment.models import Case, CoverageVerdict, Gap
from enrollment.selectors.subjects import (
    SubjectKey,
    case_of_subject,
    gap_of_line,
    gap_of_person,
    key_of,
    of_subjects,
)
from poverty_pension.accounts.actors import Actor
from registry.selectors import in_reach, pinyin_pattern

MINE, NOBODYS = "mine", "nobody"
SETTLED = "settled"
OVERDUE, THIS_WEEK, NO_DAY = "overdue", "week", "none"
AGES = {"0-15": (0, 15), "16-44": (16, 44), "45-59": (45, 59), "60-79": (60, 79), "80": (80, 200)}
ORDER = ("rank", "opened_on", "id")


@dataclass(frozen=True)
class WorkFilter:
    """What of the work is asked for. `name` is personal: it travels in the session, never in an address."""

    kind: str = ""
    reason: str = ""
    evidence_class: str = ""
    desk: str = ""
    due: str = ""
    code: str = ""
    category: str = ""
    age: str = ""
    sex: str = ""
    unit_path: str = ""
    owner: str = ""
    state: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    name: str = ""
    today: date | None = None

    @property
    def asks_of_person(self) -> bool:
        """Answer whether something is asked that only a poor person's codes tell."""
        return any((self.code, self.category, self.age, self.sex))


@dataclass(frozen=True)
class WorkRow:
    """One subject with all its open gaps and whoever works on it."""

    lead: Gap
    gaps: list[Gap]
    case: Case | None
    key: SubjectKey = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", key_of(self.lead))


def leading_gaps(actor: Actor, wanted: WorkFilter) -> QuerySet[Gap]:
    """Return the leading gap of each subject, in the order of the list; the caller pages and counts."""
    rows = _matching(actor, wanted)
    if not wanted.kind:  # of one kind a subject has one gap
        graver = _of_gap(Gap.objects.all(), wanted).filter(rank__lt=OuterRef("rank"))
        rows = rows.exclude(gap_of_person(graver)).exclude(gap_of_line(graver))
    return rows.order_by(*ORDER)


def _matching(actor: Actor, wanted: WorkFilter) -> QuerySet[Gap]:
    rows = _of_gap(in_reach(Gap.objects.all(), actor), wanted)
    if wanted.unit_path:
        rows = rows.filter(unit__path__startswith=wanted.unit_path)
    if wanted.name:
        rows = rows.filter(_named(wanted.name))
    if wanted.asks_of_person:
        rows = rows.filter(person__in=_persons(actor, wanted))
    return _of_owner(_of_state(rows, wanted), actor, wanted.owner)


def _of_gap(rows: QuerySet[Gap], wanted: WorkFilter) -> QuerySet[Gap]:
    """Keep the gaps asked for by what stands in the gap itself; the rest is asked of the subject."""
    rows = rows.filter(closed_on=wanted.closed_on) if wanted.closed_on else rows.filter(closed_at__isnull=True)
    plain = {
        "kind": wanted.kind,
        "reason": wanted.reason,
        "evidence_class": wanted.evidence_class,
        "desk": wanted.desk,
        "opened_on": wanted.opened_on,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wanted.kind:  # each kind has its own rank: with it the index gap_open_in_order serves one kind's list, too
        rows = rows.filter(rank=GAP_RANK[GapKind(wanted.kind)])
    if wanted.due and wanted.today is not None:
        rows = rows.filter(_due(wanted.due, wanted.today))
    return rows


def _due(due: str, today: date) -> Q:
    if due == OVERDUE:
        return Q(due_on__lt=today)
    if due == THIS_WEEK:
        return Q(due_on__gte=today, due_on__lte=today + timedelta(days=7))
    return Q(due_on__isnull=True)


def _persons(actor: Actor, wanted: WorkFilter) -> QuerySet[CoverageVerdict, Any]:
    """The persons of the codes, lists, ages and sex asked for; ages as of the day the codes describe."""
    rows = in_reach(CoverageVerdict.objects.filter(superseded_at__isnull=True), actor, "person__")
    if wanted.code:
        rows = rows.filter(verdict=wanted.code)
    if wanted.category:
        rows = rows.filter(categories__regex=rf"(^| ){wanted.category}( |$)")
    if wanted.sex:
        rows = rows.filter(sex=int(wanted.sex))
    if wanted.age:
        low, high = AGES[wanted.age]
        age = Func("as_of_date", "birth_date", function="age")
        years = Func(Value("year"), age, function="date_part", output_field=IntegerField())
        rows = rows.annotate(age_years=years).filter(age_years__gte=low, age_years__lte=high)
    return rows.values("person_id")


@dataclass(frozen=True)
class Totals:
    """What stands below the list: subjects, gaps asked for, and those past their day."""

    subjects: int
    gaps: int
    overdue: int


def count_totals(actor: Actor, wanted: WorkFilter, *, today: date) -> Totals:
    """Count subjects, gaps and overdue gaps of the list. One query, without the order and the search for leading gaps.

    Persons and lines of rolls are counted apart: distinct ids and bytes are sorted ten times faster than rows of mixed columns.
    """
    line = Collate(Concat(Cast("county_id", TextField()), "scheme", Value(" "), "roll_no"), "C")
    found = _matching(actor, wanted).aggregate(
        persons=Count("person_id", distinct=True),
        lines=Count(line, distinct=True, filter=Q(person_id__isnull=True)),
        gaps=Count("id"),
        overdue=Count("id", filter=Q(due_on__lt=today)),
    )
    return Totals(subjects=found["persons"] + found["lines"], gaps=found["gaps"], overdue=found["overdue"])


def _named(text: str) -> Q:
    return Q(subject_pinyin__regex=pinyin_pattern(text)) if text.isascii() else Q(subject_name__startswith=text)


def _of_state(rows: QuerySet[Gap], wanted: WorkFilter) -> QuerySet[Gap]:
    """Keep what is to be done, or what stands with a confirmed reason; closed gaps are neither."""
    if wanted.closed_on:
        return rows
    return rows.filter(is_settled()) if wanted.state == SETTLED else rows.exclude(is_settled())


def is_settled(reason: CloseReason | None = None) -> Exists:
    """Return the condition that somebody closed the subject's case with a reason (or with this one), and no gap opened since."""
    newer = Gap.objects.filter(closed_at__isnull=True, opened_at__gt=OuterRef("closed_at"))
    closed = Case.objects.filter(state=CaseState.CLOSED_WITH_REASON)
    if reason is not None:
        closed = closed.filter(close_reason=reason)
    return case_of_subject(closed.exclude(gap_of_person(newer)).exclude(gap_of_line(newer)))


def _of_owner(rows: QuerySet[Gap], actor: Actor, owner: str) -> QuerySet[Gap]:
    working = Case.objects.filter(closed_at__isnull=True, owner__isnull=False)
    if owner == MINE:
        return rows.filter(case_of_subject(working.filter(owner_id=actor.user_id)))
    if owner == NOBODYS:
        return rows.exclude(case_of_subject(working))
    return rows


def list_work_rows(actor: Actor, leads: Sequence[Gap]) -> list[WorkRow]:
    """Complete a page of leading gaps: every open gap of each subject, and its case. Two queries."""
    keys = [key_of(gap) for gap in leads]
    gaps: dict[SubjectKey, list[Gap]] = {}
    for gap in (
        in_reach(Gap.objects.filter(closed_at__isnull=True), actor).filter(of_subjects(keys)).order_by("rank", "id")
    ):
        gaps.setdefault(key_of(gap), []).append(gap)
    working = Case.objects.filter(of_subjects(keys)).select_related("owner").order_by("id")
    cases = {key_of(case): case for case in working}
    return [WorkRow(gap, gaps.get(key_of(gap), [gap]), cases.get(key_of(gap))) for gap in leads]


def find_next(actor: Actor, wanted: WorkFilter, after: SubjectKey) -> SubjectKey | None:
    """Find the subject that follows another in the list; the first when that one has left it. At most two queries."""
    rows = leading_gaps(actor, wanted)
    here = in_reach(Gap.objects.filter(of_subjects([after])), actor)
    if wanted.kind:
        here = here.filter(kind=wanted.kind)
    place = here.order_by(F("closed_at").desc(nulls_first=True), *ORDER).values_list(*ORDER).first()
    if place is not None:
        rank, opened_on, gap_id = place
        rows = rows.filter(
            Q(rank__gt=rank) | Q(rank=rank, opened_on__gt=opened_on) | Q(rank=rank, opened_on=opened_on, id__gt=gap_id)
        )
    found = rows.first()
    return key_of(found) if found is not None else None


def find_case(key: SubjectKey) -> Case | None:
    """Find a subject's case, its owner loaded; the subject was loaded in scope before. One query."""
    return Case.objects.filter(of_subjects([key])).select_related("owner").order_by("-id").first()


def is_worked(case: Case | None) -> bool:
    """Answer whether somebody has the case now."""
    return case is not None and case.state in WORKING_STATES and case.owner_id is not None
