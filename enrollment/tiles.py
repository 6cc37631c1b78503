"""What of enrolment waits for somebody: applications, and who is to be certified. Registered when the app is ready."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind
from casework.models import Gap
from enrollment.constants import QueueTab
from enrollment.models import Application
from enrollment.selectors.one_stop import WAITING_FOR, list_batches
from enrollment.selectors.queue import Wanted, list_queue
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.web.tiles import CountingTile


def _rows(tab: QueueTab, actor: Actor, today: date) -> QuerySet[Application]:
    return list_queue(actor, Wanted(tab=tab), today=today)


def _late(today: date) -> Q:
    return Q(due_on__lt=today)


def _to_certify(actor: Actor, _today: date) -> QuerySet[Gap]:
    rows = Gap.objects.open().filter(kind=GapKind.CERTIFICATION_DUE, person__isnull=False)
    return in_scope(rows, actor)


def _window_over(today: date) -> Q:
    """A reason begins with the window's last day, so that texts compare as days do."""
    return Q(reason__lt=today.isoformat())


def _works_on_applications(actor: Actor) -> bool:
    acts = (Action.PREPARE_APPLICATION, Action.CHECK_APPLICATION, Action.DECIDE_APPLICATION)
    return any(actor.may(each) for each in acts)


def _judges_batches(actor: Actor) -> bool:
    return any(actor.may(each) for each in WAITING_FOR.values())


TILES = (
    CountingTile(
        name="one_stop_batches",
        rank=19,
        label=_("One-stop batches to review or approve"),
        action=Action.VIEW_CASE_DATA,
        route="one_stop_batches",
        query="mine=yes",
        rows=lambda actor, _today: list_batches(actor, mine=True),
        fits=_judges_batches,
    ),
    CountingTile(
        name="applications_mine",
        rank=14,
        label=_("Applications for me to go on with"),
        action=Action.VIEW_CASE_DATA,
        route="enrolment",
        query=f"tab={QueueTab.MINE}",
        rows=lambda actor, today: _rows(QueueTab.MINE, actor, today),
        late=_late,
        fits=_works_on_applications,
    ),
    CountingTile(
        name="applications_returned",
        rank=15,
        label=_("Applications in draft or sent back"),
        action=Action.PREPARE_APPLICATION,
        route="enrolment",
        query=f"tab={QueueTab.RETURNED}",
        rows=lambda actor, today: _rows(QueueTab.RETURNED, actor, today),
    ),
    CountingTile(
        name="applications_overdue",
        rank=16,
        label=_("Applications overdue"),
        action=Action.VIEW_CASE_DATA,
        route="enrolment",
        query=f"tab={QueueTab.OVERDUE}",
        rows=lambda actor, today: _rows(QueueTab.OVERDUE, actor, today),
        late=_late,
        fits=_works_on_applications,
    ),
    CountingTile(
        name="certification_due",
        rank=17,
        label=_("People to be certified"),
        action=Action.VIEW_CASE_DATA,
        route="certification_due",
        rows=_to_certify,
        late=_window_over,
        fits=_works_on_applications,
    ),
)
