"""What departments sent: a file, its lines that name a person, its problem lines, and the snapshot of a roll.

The file itself is stored under DATA_DIR; of a number only the id of its ciphertext row is stored here.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.attempts import Attempted
from foundation.primitives.references import references_exist, refuse_deletion
from registry.constants import DeliveryState, Feed, NumberState, RowAction, Schooling

ENDED_WITHOUT_EFFECT = (DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.SUPERSEDED, DeliveryState.UNDONE)
"""Ended, and nothing of it is in force: the same file may be sent again."""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def applied(self) -> DeliveryQuerySet:
        return self.filter(state=DeliveryState.APPLIED)

    def waiting(self) -> DeliveryQuerySet:
        """Keep those a worker must process: just received, or checked and approved."""
        return self.filter(Q(state=DeliveryState.RECEIVED) | Q(state=DeliveryState.CHECKED, approved_at__isnull=False))


class Delivery(Attempted):
    """One file of one feed for one county, as of the day it describes."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    feed = models.CharField(max_length=16, choices=Feed.choices, blank=True, help_text=_("Empty until it is read."))
    as_of_date = models.DateField(help_text=_("Date of the data."))
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.RECEIVED)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField()
    stored_path = models.CharField(max_length=255, help_text=_("Below DATA_DIR."))
    layout = models.CharField(max_length=64, blank=True)
    encoding = models.CharField(max_length=16, blank=True)
    only_feed = models.CharField(
        max_length=16,
        choices=Feed.choices,
        blank=True,
        default="",
        help_text=_("Of a file with several feeds: the one this delivery reads."),
    )
    reading = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("How it was read: remarks on its parts, sheets and columns."),
    )
    missing_parts = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Parts of the list before that had not come again when this one was applied."),
    )
    completion = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("That the list is complete without its missing parts: reason, who stated it."),
    )
    completed_by = models.CharField(max_length=150, blank=True, help_text=_("Who declared the list complete."))
    completed_at = models.DateTimeField(null=True)
    row_counts = models.JSONField(default=dict, help_text=_("Lines by outcome."))
    refusal = models.JSONField(
        default=dict, blank=True, help_text=_("Code and values of the message that explains why.")
    )
    hold = models.BooleanField(default=False, help_text=_("Stop after checking and wait for approval."))
    preview = models.JSONField(default=dict, blank=True, help_text=_("What applying it would change."))
    approved_by = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrections",
        help_text=_("The delivery whose lines it corrects."),
    )
    received_by = models.CharField(max_length=150)
    client_system = models.ForeignKey(
        "accounts.ClientToken",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("First token of the department's system that sent it."),
    )
    people_behind = models.JSONField(
        default=list, help_text=_("IDs of the users who sent it: nobody approves their own work.")
    )
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        triggers = [refuse_deletion()]
        constraints = [
            models.CheckConstraint(
                name="delivery_known_feed", condition=Q(feed__in=Feed.values) | Q(feed="") & ~Q(state="applied")
            ),
            models.CheckConstraint(name="delivery_known_state", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_applied_has_moment",
                condition=Q(applied_at__isnull=False)
                | ~Q(state__in=[DeliveryState.APPLIED, DeliveryState.SUPERSEDED, DeliveryState.UNDONE]),
            ),
            models.CheckConstraint(
                name="delivery_superseded_has_moment",
                condition=Q(superseded_at__isnull=False)
                | ~Q(state__in=[DeliveryState.SUPERSEDED, DeliveryState.UNDONE]),
            ),
            models.CheckConstraint(
                name="delivery_completed_with_reason",
                condition=Q(completed_at__isnull=True)
                | ~Q(completed_by="") & Q(completion__has_key="reason") & Q(applied_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="delivery_same_file_once",
                fields=["county", "as_of_date", "file_sha256", "only_feed"],
                condition=~Q(state__in=ENDED_WITHOUT_EFFECT),
            ),
            models.UniqueConstraint(
                name="delivery_one_applied_per_name",
                fields=["county", "feed", "as_of_date", "file_name"],
                condition=Q(state=DeliveryState.APPLIED),
            ),
        ]
        indexes = [models.Index(name="delivery_newest", fields=["county", "feed", "-as_of_date"])]

    def __str__(self) -> str:
        return f"delivery {self.pk} {self.feed} {self.as_of_date}"

    @property
    def lacks_parts(self) -> bool:
        """Answer whether parts of its list were missing when it was applied, and nobody declared the list complete without them."""
        return bool(self.missing_parts) and self.completed_at is None

    @property
    def is_from_system(self) -> bool:
        """Answer whether an operator's command sent it: no user and no client stands behind it."""
        return not self.people_behind and self.client_system_id is None


class DeliveredRow(models.Model):
    """One person named by one line of a poverty, dibao or tekun file; member is the place in a household line, else 0."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="rows", db_constraint=False, db_index=False)
    sheet = models.CharField(max_length=64, blank=True)
    row = models.PositiveIntegerField()
    member = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="delivered_rows", db_constraint=False)
    name = models.CharField(max_length=100)
    number = models.ForeignKey(
        "registry.IdentityNumber", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    number_state = models.CharField(max_length=16, choices=NumberState.choices)
    record_key = models.CharField(max_length=64, help_text=_("The sender's own key for the line."))
    unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    identified_by = models.CharField(max_length=32, help_text=_("Step that found or created the person."))
    stated_birth = models.DateField(null=True, help_text=_("As the list states it beside the number."))
    stated_sex = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("As the list states it beside the number: 1 man, 2 woman, 0 not stated.")
    )
    schooling = models.CharField(
        max_length=8,
        blank=True,
        db_default="",
        choices=Schooling.choices,
        help_text=_("Whether the list says that the person goes to school."),
    )

    class Meta:
        verbose_name = _("delivered row")
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            references_exist(
                delivery_id="registry_delivery",
                person_id="registry_person",
                number_id="registry_identitynumber",
                unit_id="regions_unit",
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="deliveredrow_once", fields=["delivery", "sheet", "row", "member"]),
        ]

    def __str__(self) -> str:
        return f"row {self.pk}"


class DeliveryProblem(models.Model):
    """A line that was not loaded as written: where, why, what was done. The value itself is only in the file."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="problems")
    sheet = models.CharField(max_length=64, blank=True)
    row = models.PositiveIntegerField()
    member = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=48, help_text=_("Row reason; for a duplicate, also the row it repeats."))
    action = models.CharField(max_length=32, choices=RowAction.choices)
    corrected_by = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("problem")
        constraints = [
            models.UniqueConstraint(
                name="deliveryproblem_once", fields=["delivery", "sheet", "row", "member", "reason"]
            ),
            models.CheckConstraint(name="deliveryproblem_known_action", condition=Q(action__in=RowAction.values)),
        ]

    def __str__(self) -> str:
        return f"problem {self.pk} {self.reason}"


class RollSnapshot(models.Model):
    """One roll as delivered, prepared once into an immutable Parquet file."""

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="snapshot")
    scheme = models.CharField(max_length=16, choices=Feed.choices)
    path = models.CharField(max_length=255, help_text=_("Below DATA_DIR."))
    sha256 = models.CharField(max_length=64)
    row_count = models.BigIntegerField()
    preparation = models.PositiveSmallIntegerField(help_text=_("Version of the preparation that produced it."))
    control_sums = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("roll snapshot")
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="rollsnapshot_has_rows", condition=Q(row_count__gt=0)),
            models.CheckConstraint(
                name="rollsnapshot_scheme", condition=Q(scheme__in=["resident", "employee", "civil"])
            ),
        ]

    def __str__(self) -> str:
        return f"snapshot {self.pk} {self.scheme}"
