"""The steps that reports of the villages are for the office above them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from casework.models import ContactAttempt, ReportReview
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import NotFound

OPEN, ENDED = "", "ended"


def list_reviews(actor: Actor, *, state: str = OPEN, kind: str = "") -> QuerySet[ReportReview]:
    """List the steps to be done, the most urgent first, or those done, newest first; the caller pages."""
    rows = _reviews(actor).filter(**({"report__kind": kind} if kind else {}))
    if state == ENDED:
        return rows.filter(ended_at__isnull=False).order_by("-ended_at", "-id")
    return rows.filter(ended_at__isnull=True).order_by(F("due_on").asc(nulls_last=True), "id")


def get_review(actor: Actor, report_id: int) -> ReportReview:
    """Get the step of one report, whatever its state. One query. Errors: NotFound."""
    review = _reviews(actor).select_related("report__number", "known_person").filter(report=report_id).first()
    if review is None:
        raise NotFound(_("There is no such report in your unit."), ids=[report_id])
    return review


def _reviews(actor: Actor) -> QuerySet[ReportReview]:
    loaded = ("report__person", "report__contact", "report__unit", "report__county")
    return in_scope(ReportReview.objects.select_related(*loaded), actor)


@dataclass(frozen=True)
class ReviewCounts:
    """Reports to be dealt with, and how many of them are late."""

    open: int
    late: int


def count_reviews(actor: Actor, *, today: date) -> ReviewCounts:
    """Count what an inbox shows of reports. One query."""
    rows = in_scope(ReportReview.objects.filter(ended_at__isnull=True), actor)
    return ReviewCounts(**rows.aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))))


def list_reviews_of(actor: Actor, report_ids: Iterable[int]) -> dict[int, ReportReview]:
    """Return report id -> its step; a report that is a record only has none. One query."""
    rows = in_scope(ReportReview.objects.all(), actor).filter(report__in=list(report_ids))
    return {each.report_id: each for each in rows}


def list_contact_attempts(actor: Actor, person_ids: Iterable[int]) -> list[ContactAttempt]:
    """List the attempts to reach a person in reach, under the ids of those merged into it too, newest first. One query."""
    rows = in_scope(ContactAttempt.objects.filter(case__person__in=list(person_ids)), actor, "case__")
    return list(rows.order_by("-tried_on", "-id"))
