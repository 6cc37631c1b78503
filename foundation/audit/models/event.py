"""One act: done, read, or refused. The actor is stored as plain values, which outlive users and units."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers


class ActorKind(models.TextChoices):
    """The kind of actor of an event."""

    USER = "user", _("User")
    CLIENT = "client", _("Department system")
    SYSTEM = "system", _("System")
    ANONYMOUS = "anonymous", _("Not signed in")


class Outcome(models.TextChoices):
    """The outcome of an act."""

    DONE = "done", _("Done")
    READ = "read", _("Viewed")
    REFUSED = "refused", _("Refused")


class AuditEvent(models.Model):
    """Grain: one act on one object (or on a set, counted in `detail`). Never contains personal numbers or names."""

    at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, blank=True)
    unit_code = models.CharField(max_length=12, blank=True)
    deputy_for_id = models.BigIntegerField(null=True)  # the absent colleague a deputy acted for
    deputy_for_name = models.CharField(max_length=150, blank=True, db_default="")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    purpose = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        triggers = append_only_triggers()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=ActorKind.values), name="auditevent_known_actor_kind"
            ),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="auditevent_known_outcome"),
            models.CheckConstraint(condition=~models.Q(verb=""), name="auditevent_names_its_verb"),
        ]
        indexes = [
            # Who looked at this person, who touched this delivery: the trail of one object, newest first.
            models.Index(fields=["object_type", "object_id", "-at"], name="auditevent_by_object"),
            # What did this user do: the auditor's page of one actor, newest first.
            models.Index(fields=["actor_kind", "actor_id", "-at"], name="auditevent_by_actor"),
            # The log in order, and the refusals of a day.
            models.Index(fields=["-at"], name="auditevent_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.verb} {self.outcome}"
