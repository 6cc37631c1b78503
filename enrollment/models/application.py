"""Applications: what is applied for, its versions as they were signed, its papers, and each step with who took it.

A version is never changed: a correction is the next one. The state moves only along the process table, and nothing is decided
without the signatures of three people on the very content that is decided, nor a benefit paused for want of certification without an
attempt to reach the person; the database refuses each.
"""

from __future__ import annotations

from pathlib import Path

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.constants import (
    DECIDED_STATES,
    OPEN_STATES,
    RECORDED_KINDS,
    ApplicationKind,
    ApplicationState,
    Channel,
    Paper,
    Verb,
)
from enrollment.models.application_change import change_triggers
from enrollment.process import MOVES
from foundation.accounts.models import ClientToken, User
from foundation.signatures.models.signature import HASH_FORM

_SQL = Path(__file__).parent / "sql"
_CHANGING = (
    "state",
    "version",
    "content_hash",
    "channel",
    "accepted_on",
    "receipt_no",
    "due_on",
    "earliest_decision_on",
    "missing_named_at",
    "decided_on",
    "refusal_reasons",
    "effective_from",
    "entry_number",
    "ended_at",
)


@pghistory.track(pghistory.UpdateEvent(), model_name="ApplicationHistory")
class Application(models.Model):
    """One application of one person; at most one of its kind is open."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="applications")
    kind = models.CharField(max_length=20, choices=ApplicationKind.choices)
    state = models.CharField(max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    content_hash = models.CharField(max_length=64, help_text=_("Hash of the current version, which is what is signed."))
    channel = models.CharField(max_length=10, choices=Channel.choices)
    batch = models.ForeignKey("enrollment.OneStopBatch", models.PROTECT, null=True, related_name="applications")
    opened_at = models.DateTimeField()
    accepted_on = models.DateField(
        null=True, help_text=_("Day the papers were accepted; windows and deadlines hang on it.")
    )
    receipt_no = models.CharField(max_length=24, blank=True)
    due_on = models.DateField(null=True, help_text=_("Day by which it must be decided; empty without a calendar."))
    earliest_decision_on = models.DateField(null=True, help_text=_("After public notice or time to reconsider."))
    missing_named_at = models.DateTimeField(
        null=True, help_text=_("When missing papers were named, which is done once.")
    )
    decided_on = models.DateField(null=True)
    refusal_reasons = models.JSONField(default=list)
    effective_from = models.DateField(null=True)
    entry_number = models.CharField(max_length=40, blank=True, help_text=_("Number of the entry at the agency."))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("application")
        triggers = [
            pgtrigger.FSM(name="application_moves", field="state", transitions=MOVES),
            pgtrigger.ReadOnly(name="application_is_of_one_person", exclude=list(_CHANGING)),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="begins_as_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'draft'"),
                func=(_SQL / "begins_as_draft.sql").read_text("utf-8"),
            ),
            pgtrigger.Trigger(
                name="decided_when_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('granted', 'recorded', 'refused')"
                ),
                declare=[("act_needed", "text"), ("reviews", "bigint")],
                func=(_SQL / "decided_when_signed.sql").read_text("utf-8"),
            ),
            pgtrigger.Trigger(
                name="paused_after_attempt",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'granted' AND NEW.kind = 'pause'"
                ),
                declare=[("kept", "bigint")],
                func=(_SQL / "paused_after_attempt.sql").read_text("utf-8"),
            ),
            *change_triggers(),
        ]
        constraints = [
            models.CheckConstraint(name="application_kind", condition=Q(kind__in=ApplicationKind.values)),
            models.CheckConstraint(name="application_state", condition=Q(state__in=ApplicationState.values)),
            models.CheckConstraint(name="application_channel", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="application_hash_is_sha256", condition=Q(content_hash__regex=HASH_FORM)),
            models.UniqueConstraint(
                name="application_one_open_of_a_kind",
                fields=["person", "kind"],
                condition=Q(state__in=OPEN_STATES),
            ),
            models.UniqueConstraint(
                name="application_receipt_once", fields=["county", "receipt_no"], condition=Q(receipt_no__gt="")
            ),
            models.CheckConstraint(
                name="application_accepted_has_receipt",
                condition=Q(accepted_on__isnull=True, receipt_no="") | Q(accepted_on__isnull=False, receipt_no__gt=""),
            ),
            models.CheckConstraint(
                name="application_decided_has_day",
                condition=Q(state__in=DECIDED_STATES, decided_on__isnull=False, accepted_on__isnull=False)
                | ~Q(state__in=DECIDED_STATES) & Q(decided_on__isnull=True),
            ),
            models.CheckConstraint(
                name="application_refused_has_reasons",
                condition=Q(state=ApplicationState.REFUSED) & ~Q(refusal_reasons=[])
                | ~Q(state=ApplicationState.REFUSED) & Q(refusal_reasons=[]),
            ),
            models.CheckConstraint(
                name="application_recorded_kinds",
                condition=~Q(state=ApplicationState.RECORDED) | Q(kind__in=RECORDED_KINDS),
            ),
            models.CheckConstraint(
                name="application_effective_has_day",
                condition=Q(state=ApplicationState.EFFECTIVE, effective_from__isnull=False)
                | ~Q(state=ApplicationState.EFFECTIVE) & Q(effective_from__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="application_waiting", fields=["county", "state", "due_on", "id"]),
            models.Index(name="application_of_person", fields=["person", "-opened_at"]),
        ]

    def __str__(self) -> str:
        return f"application {self.pk} {self.kind} {self.state}"


class ApplicationVersion(models.Model):
    """One version of an application's content, as it was signed. `details` holds the fields of its kind (details.py)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    details = models.JSONField(default=dict)
    agent_name = models.CharField(max_length=100, blank=True, help_text=_("Who applies for the person."))
    agent_relation = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    content_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_by_system = models.ForeignKey(
        "accounts.ClientToken",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("First token of the department's system that prepared it."),
    )
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of an application")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="applicationversion_once", fields=["application", "number"]),
            models.CheckConstraint(
                name="applicationversion_hash_is_sha256", condition=Q(content_hash__regex=HASH_FORM)
            ),
            models.CheckConstraint(
                name="applicationversion_agent_whole",
                condition=Q(agent_name="", agent_relation="") | Q(agent_name__gt="", agent_relation__gt=""),
            ),
            models.CheckConstraint(
                name="applicationversion_one_maker",
                condition=Q(made_by__isnull=False, made_by_system__isnull=True)
                | Q(made_by__isnull=True, made_by_system__isnull=False),
            ),
        ]
        indexes = [
            # what a department's system sent
            models.Index(
                name="applicationversion_of_system",
                fields=["made_by_system"],
                condition=Q(made_by_system__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number} of application {self.application_id}"

    @property
    def maker(self) -> str:
        """Who prepared it: a person's name, or that of the department's system."""
        return name_of(self.made_by, self.made_by_system)


class ApplicationPaper(models.Model):
    """A paper attached to a version; the file is the person's attachment, so that a paper is scanned once."""

    version = models.ForeignKey(ApplicationVersion, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20, choices=Paper.choices)
    attachment = models.ForeignKey("registry.Attachment", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("paper of an application")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="applicationpaper_once", fields=["version", "kind", "attachment"]),
            models.CheckConstraint(name="applicationpaper_kind", condition=Q(kind__in=Paper.values)),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk} {self.kind}"


class ApplicationStep(models.Model):
    """One step of an application and who took it; steps are written in order and stay."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=14, choices=Verb.choices)
    version = models.PositiveSmallIntegerField()
    state_before = models.CharField(max_length=16, choices=ApplicationState.choices)
    state_after = models.CharField(max_length=16, choices=ApplicationState.choices)
    note = models.CharField(max_length=2000, blank=True)
    detail = models.JSONField(default=dict, help_text=_("Missing papers, reasons, conditions that could not be told."))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_by_system = models.ForeignKey(
        "accounts.ClientToken",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("First token of the department's system that withdrew its own draft."),
    )
    taken_role = models.CharField(max_length=32)
    taken_unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of an application")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="applicationstep_verb", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(
                name="applicationstep_one_taker",
                condition=Q(taken_by__isnull=False, taken_by_system__isnull=True)
                | Q(taken_by__isnull=True, taken_by_system__isnull=False),
            ),
            models.CheckConstraint(
                name="applicationstep_systems_withdraw_drafts",
                condition=Q(taken_by_system__isnull=True) | Q(verb=Verb.WITHDRAW, state_before=ApplicationState.DRAFT),
            ),
            models.UniqueConstraint(
                name="applicationstep_missing_named_once",
                fields=["application"],
                condition=Q(verb=Verb.NAME_MISSING),
            ),
        ]
        indexes = [models.Index(name="applicationstep_story", fields=["application", "taken_at"])]

    def __str__(self) -> str:
        return f"step {self.pk} {self.verb}"

    @property
    def taker(self) -> str:
        """Who took it: a person's name, or that of the department's system."""
        return name_of(self.taken_by, self.taken_by_system)


def name_of(user: User | None, system: ClientToken | None) -> str:
    """Return the name of a person, or of a department's system."""
    if user is not None:
        return user.get_full_name() or user.username
    return system.name if system is not None else ""
