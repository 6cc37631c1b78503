"""The work on one subject's gaps: opened by the night that routes them or by whoever acts first, moved along CASE_MOVES,
its story append-only."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from casework.constants import WORKING_STATES, CaseState, CloseReason, Desk
from casework.models.gap import one_subject
from casework.models.work_change import work_change_triggers
from registry.constants import Scheme


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
    due_on = models.DateField(
        null=True, help_text=_("By the calendar of working days; empty where no calendar covers it.")
    )
    close_reason = models.CharField(max_length=24, blank=True, choices=CloseReason.choices)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

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

    def __str__(self) -> str:
        return f"case {self.pk} {self.state}"


class CaseEvent(models.Model):
    """One line of a case's story. A night's line says in `detail` its day and where the rule sent the case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="story")
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=150)
    actor_role = models.CharField(max_length=32)
    verb = models.CharField(max_length=32)
    state_before = models.CharField(max_length=24, blank=True)
    state_after = models.CharField(max_length=24)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict, db_default={}, help_text=_("Of a night: day, desk, kind, due_on."))
    closing = models.ForeignKey("casework.CaseClosing", models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = _("event of a case")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(name="caseevent_story", fields=["case", "at"])]

    def __str__(self) -> str:
        return f"event {self.pk}"
