"""The one work list: a row per subject, the gravest gap first, then the oldest, as gap_age.py counts age.

It takes the same number of queries for 20 rows or 20,000.

The list may be sorted by name, days open, due day or desk instead; each order ends in the id, so no row is shown twice or left
out, and each walks an index. A row is the subject's leading gap: of those asked for, no other of the same subject has a lower
rank (each kind has its own). Which of its open gaps ranks first is stored with the gap; so the list is read in the order of an
index, from whichever end is nearer, and stops after a page. Nothing is grouped; the cases of the subjects are read once, as a
set of ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import BitXor
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Collate, Concat

from casework.constants import GAP_RANK, WORKING_STATES, CaseState, CloseReason, GapKind
from casework.models import Case, CaseClosing, Gap
from casework.selectors.gap_age import known_before, overdue_on
from casework.selectors.subjects import (
    SubjectKey,
    case_of_subject,
    gap_of_line,
    gap_of_person,
    key_of,
    of_subjects,
    whose_case,
)
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.ids import is_id
from registry.selectors.numbers import first_number_of
from registry.selectors.persons import pinyin_pattern

MINE, UNASSIGNED = "mine", "nobody"
SETTLED = "settled"
OVERDUE, THIS_WEEK, NO_DAY = "overdue", "week", "none"
ORDER = ("rank", "opened_at", "id")
SORTED_BY = {
    "name": ("subject_pinyin", "id"),
    "days": ("opened_at", "id"),
    "due": ("due_on", "id"),
    "desk": ("desk", "rank", "opened_at", "id"),
}
"""What a reader may sort by -> the columns; what is at stake joins them once money is known here."""
UNSHOWN = ("level", "parent", "path", "valid_from", "valid_to", "successor")


@dataclass(frozen=True)
class PersonCondition:
    """Which persons are asked for by what casework does not know: what was asked, and the ids as a subquery.

    Two conditions that ask the same are equal, whatever their subqueries are.
    """

    asked: tuple[tuple[str, str], ...]
    person_ids: QuerySet[Any, Any] = field(compare=False)


@dataclass(frozen=True)
class WorkFilter:
    """What of the work is asked for. `name` is personal: it travels in the session, never in an address.

    `unit_ids` are those of a unit and all below it: with ids the database knows how few rows they are, with a path it does not.
    """

    kind: str = ""
    reason: str = ""
    evidence_class: str = ""
    desk: str = ""
    due: str = ""
    persons: PersonCondition | None = None
    unit_ids: tuple[int, ...] | None = None
    owner: str = ""
    state: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    known_before: date | None = None
    name: str = ""
    today: date | None = None

    @property
    def chooses_gaps(self) -> bool:
        """Answer whether some of a subject's open gaps are asked for and not others: then another than its gravest may be shown first."""
        chosen = (
            self.reason,
            self.evidence_class,
            self.desk,
            self.due,
            self.opened_on,
            self.closed_on,
            self.known_before,
        )
        return any(chosen)


@dataclass(frozen=True)
class Order:
    """In which order the list is read: columns that end in the id, all of them up or all of them down; no day comes last, up."""

    columns: tuple[str, ...] = ORDER
    is_down: bool = False

    def reversed(self) -> Order:
        return Order(self.columns, not self.is_down)

    def terms(self) -> list[OrderBy]:
        """Return what the database orders by; where a day is missing, it is where indexes have it: last, and down first."""
        return [F(name).desc() if self.is_down else F(name).asc() for name in self.columns]

    def beyond(self, place: Sequence[Any]) -> Q:
        """Return the condition for what follows a row with these values of the columns."""
        condition, same = Q(pk__in=[]), Q()
        for name, value in zip(self.columns, place, strict=True):
            condition |= same & self._beyond(name, value)
            same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        return condition

    def _beyond(self, name: str, value: Any) -> Q:
        if value is None:
            return Q(**{f"{name}__isnull": False}) if self.is_down else Q(pk__in=[])
        if self.is_down:
            return Q(**{f"{name}__lt": value})
        later = Q(**{f"{name}__gt": value})
        return later | Q(**{f"{name}__isnull": True}) if name == "due_on" else later


def read_order(sort: str) -> Order:
    """Read an order from its name, as "due" or "-due"; the gravest first for anything else.

    By days means by how long a gap is open, so that the moment it was found goes the other way.
    """
    columns = SORTED_BY.get(sort.removeprefix("-"))
    if columns is None:
        return Order()
    return Order(columns, sort.startswith("-") != (columns == SORTED_BY["days"]))


GRAVEST_FIRST = Order()


@dataclass(frozen=True)
class WorkRow:
    """One subject with all its open gaps and whoever works on it."""

    leading: Gap
    gaps: list[Gap]
    case: Case | None
    key: SubjectKey = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", key_of(self.leading))


def leading_gaps(actor: Actor, wanted: WorkFilter, order: Order = GRAVEST_FIRST) -> QuerySet[Gap]:
    """Return the leading gap of each subject, in the order of the list; the caller pages and counts."""
    return _leading(actor, wanted).order_by(*order.terms())


def _leading(actor: Actor, wanted: WorkFilter) -> QuerySet[Gap]:
    rows = _matching(actor, wanted)
    if wanted.kind:  # of one kind a subject has one gap
        return rows
    if not wanted.chooses_gaps:
        return rows.filter(is_leading=True)
    graver = _of_gap(Gap.objects.all(), wanted).filter(rank__lt=OuterRef("rank"))
    return rows.exclude(gap_of_person(graver)).exclude(gap_of_line(graver))


def _matching(actor: Actor, wanted: WorkFilter) -> QuerySet[Gap]:
    rows = _of_gap(in_scope(Gap.objects.all(), actor), wanted)
    if wanted.unit_ids is not None:
        rows = rows.filter(unit__in=wanted.unit_ids)
    if wanted.name:
        rows = rows.filter(_named(wanted.name))
    if wanted.persons is not None:
        rows = rows.filter(person__in=wanted.persons.person_ids)
    return _of_owner(_of_state(rows, wanted), actor, wanted.owner)


def _of_gap(rows: QuerySet[Gap], wanted: WorkFilter) -> QuerySet[Gap]:
    """Keep the gaps asked for by the gap's own columns; the rest is asked of the subject."""
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
    if wanted.known_before:
        rows = rows.filter(known_before(wanted.known_before))
    return rows


def _due(due: str, today: date) -> Q:
    if due == OVERDUE:
        return overdue_on(today)
    if due == THIS_WEEK:
        return Q(due_on__gte=today, due_on__lte=today + timedelta(days=7))
    return Q(due_on__isnull=True)


@dataclass(frozen=True)
class Totals:
    """The totals below the list: subjects, gaps asked for, and overdue ones.

    `fingerprint` is another number for other gaps, also where they are as many.
    """

    subjects: int
    gaps: int
    overdue: int
    fingerprint: int = field(default=0, compare=False)


def count_totals(actor: Actor, wanted: WorkFilter, *, today: date) -> Totals:
    """Count subjects, gaps and overdue gaps of the list. One query, without the order and the search for leading gaps."""
    counted: dict[str, Aggregate] = {
        "gaps": Count("id"),
        "overdue": Count("id", filter=overdue_on(today)),
        "fingerprint": BitXor(hashed_id(), default=0),
    }
    rows = _matching(actor, wanted)
    if wanted.kind:
        found = rows.aggregate(**counted)
        return Totals(subjects=found["gaps"], **found)
    if not wanted.chooses_gaps:
        return Totals(**rows.aggregate(subjects=Count("id", filter=Q(is_leading=True)), **counted))
    found = rows.aggregate(persons=Count("person_id", distinct=True), lines=_distinct_lines(), **counted)
    return Totals(subjects=found.pop("persons") + found.pop("lines"), **found)


def hashed_id() -> Func:
    """Return a row's id hashed: the exclusive or of such values tells sets of rows apart, where a sum or the last id does not."""
    return Func("id", Value(0), function="hashint8extended", output_field=BigIntegerField())


def _distinct_lines() -> Count:
    """Count lines of rolls, apart from persons: distinct ids and bytes are sorted ten times faster than rows of mixed columns."""
    line = Collate(Concat(Cast("county_id", TextField()), "scheme", Value(" "), "roll_no"), "C")
    return Count(line, distinct=True, filter=Q(person_id__isnull=True))


def _named(text: str) -> Q:
    """Names that begin so; pinyin first by its first letter, which an index finds, then by its pattern."""
    if not text.isascii():
        return Q(subject_name__startswith=text)
    letters = re.sub(r"[^a-z]", "", text.lower())
    return Q(subject_pinyin__startswith=letters[:1], subject_pinyin__regex=pinyin_pattern(text))


def _of_state(rows: QuerySet[Gap], wanted: WorkFilter) -> QuerySet[Gap]:
    """Keep what is to be done, or what is open with a confirmed reason; closed gaps are neither."""
    if wanted.closed_on:
        return rows
    settled = whose_case(_settled())
    return rows.filter(settled) if wanted.state == SETTLED else rows.exclude(settled)


def is_settled(*reasons: CloseReason) -> Exists:
    """Return the condition that somebody closed the subject's case with a reason, or with one of these."""
    return case_of_subject(_settled(*reasons))


def _settled(*reasons: CloseReason) -> QuerySet[Case]:
    """Cases closed with a reason. A newer gap opens them again: the night sees to it (casework/routing.py)."""
    closed = Case.objects.filter(state=CaseState.CLOSED_WITH_REASON)
    return closed.filter(close_reason__in=reasons) if reasons else closed


def _of_owner(rows: QuerySet[Gap], actor: Actor, owner: str) -> QuerySet[Gap]:
    working = Case.objects.filter(closed_at__isnull=True, owner__isnull=False)
    if owner == MINE:
        return rows.filter(whose_case(working.filter(owner_id=actor.user_id)))
    if is_id(owner):
        return rows.filter(whose_case(working.filter(owner_id=int(owner))))
    if owner == UNASSIGNED:
        return rows.exclude(whose_case(working))
    return rows


class LeadingGaps(Sequence[Gap]):
    """The leading gaps, counted before, a page at a time: what lies in the second half is read from the end."""

    def __init__(self, rows: QuerySet[Gap], count: int, order: Order = GRAVEST_FIRST) -> None:
        self._ids, self._count, self._order = rows.values("pk"), count, order

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        """Return a slice without a step, the number of each person with it. One query: ids from the index, their rows after."""
        start, stop, _step = place.indices(self._count)
        from_end = slice(self._count - stop, self._count - start)
        ids = self._ids[start:stop] if start <= self._count // 2 else self._ids.reverse()[from_end]
        rows = _with_places(Gap.objects.filter(pk__in=ids)).annotate(stored_number=first_number_of("person_id"))
        return list(rows.order_by(*self._order.terms()))


def _with_places(gaps: QuerySet[Gap]) -> QuerySet[Gap]:
    """Read of a gap and of its places what a row of the list shows; its evidence is read on the subject's page."""
    return (
        gaps.select_related("unit", "county")
        .defer("evidence")
        .defer(*[f"{place}__{column}" for place in ("unit", "county") for column in UNSHOWN])
    )


def list_subject_keys(actor: Actor, wanted: WorkFilter, order: Order, *, most: int) -> list[SubjectKey]:
    """List the subjects of the whole list, in its order, at most so many. One query."""
    rows = leading_gaps(actor, wanted, order).only("person_id", "county_id", "scheme", "roll_no")
    return [key_of(gap) for gap in rows[:most]]


def find_leading_gaps(actor: Actor, lead_ids: Sequence[int]) -> list[Gap]:
    """Find the gaps of these ids that lie in reach, in the order of the ids. One query."""
    found = {gap.pk: gap for gap in _with_places(in_scope(Gap.objects.all(), actor)).filter(pk__in=lead_ids)}
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


def list_work_rows(actor: Actor, leads: Sequence[Gap]) -> list[WorkRow]:
    """Complete a page of leading gaps, in their order: every open gap of each subject, and its case. Two queries."""
    keys = [key_of(gap) for gap in leads]
    gaps: dict[SubjectKey, list[Gap]] = {}
    theirs = in_scope(Gap.objects.open(), actor).defer("evidence").filter(of_subjects(keys))
    for gap in theirs.order_by("rank", "id"):
        gaps.setdefault(key_of(gap), []).append(gap)
    working = Case.objects.filter(of_subjects(keys)).select_related("owner").order_by("id")
    cases = {key_of(case): case for case in working}
    return [WorkRow(gap, gaps.get(key, [gap]), cases.get(key)) for gap, key in zip(leads, keys, strict=True)]


def find_next(actor: Actor, wanted: WorkFilter, after: SubjectKey, order: Order = GRAVEST_FIRST) -> SubjectKey | None:
    """Find the subject that follows another in the list; the first when that one is unknown. At most three queries.

    A subject that left the list, closed or taken meanwhile, still has its place in the order.
    """
    rows = leading_gaps(actor, wanted, order)
    place = rows.filter(of_subjects([after])).values_list(*order.columns).first()
    if place is None:
        here = in_scope(Gap.objects.filter(of_subjects([after])), actor)
        here = here.filter(kind=wanted.kind) if wanted.kind else here
        place = here.order_by(F("closed_at").desc(nulls_first=True), *ORDER).values_list(*order.columns).first()
    if place is not None:
        rows = rows.filter(order.beyond(place))
    found = rows.first()
    return key_of(found) if found is not None else None


def find_case(key: SubjectKey) -> Case | None:
    """Find a subject's case, its owner loaded; the subject was loaded in scope before. One query."""
    return Case.objects.filter(of_subjects([key])).select_related("owner").order_by("-id").first()


def list_closings_of(cases: Iterable[Case | None]) -> dict[int, CaseClosing]:
    """Return case id -> the closing in force, of those closed with a reason; one closed before closings were kept has none.

    One query, none when no case is closed.
    """
    closed = {case.pk: case.closed_at for case in cases if case and case.state == CaseState.CLOSED_WITH_REASON}
    if not closed:
        return {}
    rows = CaseClosing.objects.filter(case__in=closed, undone_at__isnull=True).select_related("closed_by")
    return {row.case_id: row for row in rows if row.closed_at == closed[row.case_id]}


def is_worked(case: Case | None) -> bool:
    """Answer whether somebody has the case now."""
    return case is not None and case.state in WORKING_STATES and case.owner_id is not None
