"""The work on one subject's gaps: opened by the night that routes them or by whoever acts first, moved along CASE_MOVES,
its events append-only."""

from __future__ import annotations

from datetime import date, datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from casework.constants import WORKING_STATES, CaseState, CloseReason, Desk, states_before
from casework.models.gap import one_subject
from casework.models.work_change import work_change_triggers
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import Scheme


class CaseQuerySet(models.QuerySet["Case"]):
    """The moves of a case. Each keeps to CASE_MOVES: a case whose state does not allow it stays; the moved are counted."""

    def reopen(self) -> int:
        """Open closed and resolved cases again, with no owner."""
        return self._move(CaseState.REOPENED, owner=None, close_reason="", closed_at=None)

    def assign(self, owner_id: int | None) -> int:
        """Give the cases to somebody; closed ones are opened again first."""
        self.exclude(state__in=WORKING_STATES).reopen()
        return self._move(CaseState.ASSIGNED, owner_id=owner_id)

    def proceed(self, state: CaseState) -> int:
        """Move working cases on: in progress, or open again and then with no owner."""
        return self._move(state, **({"owner": None} if state == CaseState.OPEN else {}))

    def wait(self, until: date) -> int:
        """Let working cases wait for an answer from outside until a day."""
        return self._move(CaseState.WAITING_OUTSIDE, waiting_until=until)

    def resolve(self, *, at: datetime) -> int:
        """End the cases: nothing is left to do."""
        return self._move(CaseState.RESOLVED, closed_at=at)

    def close(self, reason: CloseReason, *, at: datetime) -> int:
        """Close the cases with a reason."""
        return self._move(CaseState.CLOSED_WITH_REASON, close_reason=reason, closed_at=at)

    def _move(self, after: CaseState, **values: object) -> int:
        return self.filter(state__in=states_before(after)).update(state=after, **values)


@pghistory.track(pghistory.UpdateEvent(), model_name="CaseHistory")
class Case(models.Model):
    """One case. At most one is being worked for a subject; desk and day are those of its gravest gap and its nearest day."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="cases")
    scheme = models.CharField(max_length=16, blank=True, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=24, choices=CaseState.choices, default=CaseState.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases")
    desk = models.CharField(max_length=12, blank=True, db_default="", choices=Desk.choices)
    due_on = models.DateField(null=True, help_text=_("Counted in working days; empty where no calendar is available."))
    waiting_until = models.DateField(null=True, help_text=_("Day by which whoever was asked should answer."))
    close_reason = models.CharField(max_length=24, blank=True, choices=CloseReason.choices)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        triggers = work_change_triggers(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete)
        constraints = [
            models.CheckConstraint(name="case_state", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(name="case_one_subject", condition=one_subject()),
            models.CheckConstraint(name="case_desk", condition=Q(desk__in=["", *Desk.values])),
            models.CheckConstraint(
                name="case_closed_has_reason",
                condition=~Q(state=CaseState.CLOSED_WITH_REASON) | Q(close_reason__in=CloseReason.values),
            ),
            models.CheckConstraint(
                name="case_closed_has_moment",
                condition=Q(state__in=WORKING_STATES, closed_at__isnull=True)
                | Q(state__in=[CaseState.RESOLVED, CaseState.CLOSED_WITH_REASON], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_waiting_has_day",
                condition=~Q(state=CaseState.WAITING_OUTSIDE) | Q(waiting_until__isnull=False),
            ),
            models.CheckConstraint(
                name="case_assigned_has_owner",
                condition=~Q(state__in=[CaseState.ASSIGNED, CaseState.IN_PROGRESS]) | Q(owner__isnull=False),
            ),
            models.UniqueConstraint(
                name="case_one_working_per_person",
                fields=["person"],
                condition=Q(closed_at__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                name="case_one_working_per_roll_line",
                fields=["county", "scheme", "roll_no"],
                condition=Q(closed_at__isnull=True, person__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="case_of_owner", fields=["owner"], condition=Q(closed_at__isnull=True)),
            models.Index(
                name="case_of_roll_line", fields=["county", "scheme", "roll_no"], condition=Q(person__isnull=True)
            ),
            models.Index(
                Coalesce("person", 0),
                "county",
                "scheme",
                "roll_no",
                name="case_settled_subject",
                condition=Q(state=CaseState.CLOSED_WITH_REASON),
            ),
        ]

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    def __str__(self) -> str:
        return f"case {self.pk} {self.state}"


class CaseEvent(models.Model):
    """An event of a case. A night's event has in `detail` its day and the desk the rule chose."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_events")
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=150)
    actor_role = models.CharField(max_length=32)
    verb = models.CharField(max_length=32)
    state_before = models.CharField(max_length=24, blank=True)
    state_after = models.CharField(max_length=24)
    note = models.TextField(blank=True)
    detail = models.JSONField(
        default=dict, db_default={}, help_text=_("For a nightly run: date, office, kind, due date.")
    )
    closing = models.ForeignKey("casework.CaseClosing", models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = _("case event")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(name="caseevent_story", fields=["case", "at"])]

    def __str__(self) -> str:
        return f"event {self.pk}"
