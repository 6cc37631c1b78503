"""The queue of applications: what is the reader's to do, what waits, is late, was sent back or decided; and the next one of a tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from enrollment.constants import (
    DECIDED_STATES,
    OBJECT_TYPE,
    UNDECIDED_STATES,
    WITH_BENEFITS,
    ApplicationState,
    Channel,
    QueueTab,
)
from enrollment.models import Application
from enrollment.selectors.applications import WAITING_FOR, applications_in_scope
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.signing import people_behind
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from registry.selectors.numbers import first_number_of

S = ApplicationState
PREPARING, JUDGING = (S.DRAFT, S.RETURNED), (S.TOWNSHIP_REVIEW, S.COUNTY_CHECK, S.APPROVAL)
WAITING = (S.SUBMITTED, *JUDGING)


@dataclass(frozen=True)
class Wanted:
    """Which applications to list."""

    tab: QueueTab = QueueTab.MINE
    kind: str = ""
    state: str = ""


def list_queue(actor: Actor, wanted: Wanted, *, today: date) -> QuerySet[Application]:
    """List the applications of a tab in reach, the nearest day first, decided ones the last first; with the number a list shows."""
    rows = applications_in_scope(actor).filter(_of_tab(actor, wanted.tab, today))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    rows = rows.annotate(stored_number=first_number_of("person_id"))
    if wanted.tab == QueueTab.DECIDED:
        return rows.order_by(F("ended_at").desc(nulls_first=True), "-id")
    return rows.order_by(F("due_on").asc(nulls_last=True), "id")


def count_queue(actor: Actor, *, today: date) -> dict[QueueTab, int]:
    """Count the applications of each tab in reach. One query."""
    counts = {tab.value: Count("id", filter=_of_tab(actor, tab, today)) for tab in QueueTab}
    found = applications_in_scope(actor).order_by().select_related(None).aggregate(**counts)
    return {tab: found[tab.value] for tab in QueueTab}


def count_mine(actor: Actor, *, today: date) -> int:
    """Count what is the actor's to do now, their own signatures considered. One query."""
    return applications_in_scope(actor).filter(_of_tab(actor, QueueTab.MINE, today)).count()


def find_next(actor: Actor, wanted: Wanted, after: Application, *, today: date) -> int | None:
    """Find the application that follows one in its tab; None at the end, and in the tab of decided ones. One query."""
    if wanted.tab == QueueTab.DECIDED:
        return None
    later = Q(due_on=after.due_on, id__gt=after.pk)
    later |= Q(due_on__gt=after.due_on) | Q(due_on=None) if after.due_on else Q(due_on=None, id__gt=after.pk)
    rows = list_queue(actor, wanted, today=today).filter(later).exclude(pk=after.pk)
    return rows.values_list("pk", flat=True).first()


def _of_tab(actor: Actor, tab: QueueTab, today: date) -> Q:
    if tab == QueueTab.MINE:
        return _mine(actor, today)
    return {
        QueueTab.WAITING: Q(state__in=WAITING) | _to_confirm(),
        QueueTab.OVERDUE: Q(state__in=UNDECIDED_STATES, due_on__lt=today),
        QueueTab.RETURNED: Q(state__in=PREPARING),
        QueueTab.DECIDED: Q(state__in=(*DECIDED_STATES, S.WITHDRAWN)),
    }[tab]


def _mine(actor: Actor, today: date) -> Q:
    """What the actor's role may do next and their own signature does not forbid; of drafts and returned ones, their own, and
    for an office those a department's system prepared."""
    theirs = Signature.objects.filter(
        object_type=OBJECT_TYPE, object_id=OuterRef("pk"), person__in=people_behind(actor)
    )
    involved = Q(Exists(theirs.filter(Q(content_hash=OuterRef("content_hash")) | Q(act=Act.PREPARED))))
    judged = [state for state in JUDGING if actor.may(WAITING_FOR[state])]
    mine = (
        Q(state__in=judged)
        & ~involved
        & (Q(earliest_decision_on=None) | Q(earliest_decision_on__lte=today) | ~Q(state=S.APPROVAL))
    )
    if actor.may(WAITING_FOR[S.SUBMITTED]):
        mine |= Q(state=S.SUBMITTED) | Q(state__in=PREPARING, channel=Channel.DEPARTMENT)
    if actor.may(Action.CONFIRM_ENTRY):
        mine |= _to_confirm()
    if actor.may(Action.PREPARE_APPLICATION):
        mine |= Q(state__in=PREPARING) & Q(Exists(theirs.filter(act=Act.PREPARED)))
    return mine


def _to_confirm() -> Q:
    return Q(state=S.GRANTED) & ~Q(kind__in=WITH_BENEFITS)
