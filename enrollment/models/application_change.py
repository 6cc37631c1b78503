"""Changes of applications in the order in which other systems read them: no number is seen before all lower ones are.

Ids given in the transaction of a change are seen in another order than they are given: whoever reads on behind the highest id misses
what was written before and committed later. So the database notes a change unnumbered, in the transaction of the change, and
services/changes.py numbers what is committed, one after the other under a lock. Writers wait for nobody.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from enrollment.constants import ApplicationState


class ApplicationChange(models.Model):
    """Grain: one change of an application, with the state and the version it led to. `id` is the number readers go on behind."""

    application = models.ForeignKey("enrollment.Application", models.PROTECT, related_name="changes")
    state = models.CharField(max_length=16, choices=ApplicationState.choices)
    version = models.PositiveSmallIntegerField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="applicationchange_state", condition=Q(state__in=ApplicationState.values))
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of application {self.application_id}"


class UnnumberedChange(models.Model):
    """Grain: one change nobody has asked for yet; numbering moves it to ApplicationChange."""

    application = models.ForeignKey(
        "enrollment.Application", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )  # written by a trigger of the application itself, which never goes
    state = models.CharField(max_length=16, choices=ApplicationState.choices)
    version = models.PositiveSmallIntegerField()

    class Meta:
        triggers = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(name="unnumberedchange_state", condition=Q(state__in=ApplicationState.values))
        ]

    def __str__(self) -> str:
        return f"unnumbered change {self.pk} of application {self.application_id}"


def change_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers by which applications note their changes: one row for each application a statement wrote."""
    return [
        pgtrigger.Trigger(
            name=f"tells_{operation}".lower(),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(new="after"),  # type: ignore[no-untyped-call]
            func="INSERT INTO enrollment_unnumberedchange (application_id, state, version) SELECT id, state, version FROM after;"
            " RETURN NULL;",
        )
        for operation in (pgtrigger.Insert, pgtrigger.Update)
    ]
