"""Who is to be certified, as the newest night found it, with what was done about each: tried to reach, reminded, paused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from casework.constants import GapKind
from casework.models import ContactAttempt, Gap
from enrollment.constants import HOME_VISIT, ApplicationKind, ApplicationState, NoticeKind
from enrollment.models import Application, Notice
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from registry.models import FieldReport
from registry.selectors.numbers import first_number_of

ENDED, RUNNING = "ended", "running"
AT_HOME, NOT_AT_HOME = "yes", "no"
NOBODY_TRIED, NOT_REMINDED, PAUSE_BEGUN, NOTICE_OWED = "nobody_tried", "not_reminded", "pause_begun", "notice_owed"
NO_PAUSE = (ApplicationState.WITHDRAWN, ApplicationState.REFUSED)


@dataclass(frozen=True)
class DueWanted:
    """What the list is filtered by; empty filters nothing. `unit_ids`: a place with all below it."""

    window: str = ""
    visit: str = ""
    done: str = ""
    unit_ids: Sequence[int] | None = None


def list_due(
    actor: Actor, wanted: DueWanted, *, today: date, person_ids: Collection[int] | None = None
) -> QuerySet[Gap]:
    """List the open gaps of persons to be certified, all in reach or of these, whose window ends first before the others.

    Adds to each: `tried_on`, the last attempt to reach the person or report of the village;
    `reminded_at`; `pause_id` and `pause_state` of the last application to pause since the gap was found; `is_notice_owed`, where that was
    granted and no notice of the pause was printed; the stored number. Errors: NotAllowed.
    """
    actor.demand(Action.VIEW_CASE_DATA)
    rows = in_scope(Gap.objects.open().filter(kind=GapKind.CERTIFICATION_DUE, person__isnull=False), actor)
    attempts = ContactAttempt.objects.filter(case__person=OuterRef("person")).order_by("-tried_on")
    reports = FieldReport.objects.filter(person=OuterRef("person")).order_by("-observed_on")
    reminders = Notice.objects.filter(
        person=OuterRef("person"), kind=NoticeKind.CERTIFICATION, made_at__gte=OuterRef("opened_at")
    ).order_by("-made_at")
    pauses = (
        Application.objects.filter(
            person=OuterRef("person"), kind=ApplicationKind.PAUSE, opened_at__gte=OuterRef("opened_at")
        )
        .exclude(state__in=NO_PAUSE)
        .order_by("-opened_at", "-id")
    )
    told = Notice.objects.filter(application=OuterRef("pause_id"), kind=NoticeKind.PAUSED)
    rows = rows.annotate(
        tried_on=Greatest(Subquery(attempts.values("tried_on")[:1]), Subquery(reports.values("observed_on")[:1])),
        reminded_at=Subquery(reminders.values("made_at")[:1]),
        pause_id=Subquery(pauses.values("id")[:1]),
        pause_state=Subquery(pauses.values("state")[:1]),
        stored_number=first_number_of("person_id"),
    ).annotate(is_notice_owed=Q(pause_state__in=(ApplicationState.GRANTED, ApplicationState.EFFECTIVE)) & ~Exists(told))
    if person_ids is not None:
        rows = rows.filter(person__in=person_ids)
    if wanted.unit_ids is not None:
        rows = rows.filter(unit__in=wanted.unit_ids)
    rows = rows.filter(_window(wanted.window, today), _visit(wanted.visit), _done(wanted.done))
    return rows.select_related("person__unit", "person__county", "unit", "county").order_by("reason", "id")


def _window(window: str, today: date) -> Q:
    """A reason begins with the window's last day, so that texts compare as days do."""
    if window == ENDED:
        return Q(reason__lt=today.isoformat())
    return Q(reason__gte=today.isoformat()) if window == RUNNING else Q()


def _visit(visit: str) -> Q:
    at_home = Q(reason__endswith=HOME_VISIT)
    return {AT_HOME: at_home, NOT_AT_HOME: ~at_home}.get(visit, Q())


def _done(done: str) -> Q:
    return {
        NOBODY_TRIED: Q(tried_on=None),
        NOT_REMINDED: Q(reminded_at=None),
        PAUSE_BEGUN: Q(pause_id__isnull=False),
        NOTICE_OWED: Q(is_notice_owed=True),
    }.get(done, Q())
