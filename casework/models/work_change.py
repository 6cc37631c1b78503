"""That the work of a county changed: one row per statement, written by the database in the transaction of the change.

A row is seen by whoever sees its change, never earlier and never by others: read before something is counted, the rows of a
county show whether the last totals are still valid (selectors/totals.py). A counter row per county is read in a fifth of the time,
but makes every clerk's act wait for a night that publishes: `./run bench work_changes`.
"""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from foundation.regions.models import Unit

_CHANGED = {
    pgtrigger.Insert: ({"new": "after"}, "SELECT county_id FROM after"),
    pgtrigger.Update: (
        {"old": "before", "new": "after"},
        "SELECT county_id FROM before UNION SELECT county_id FROM after",
    ),
    pgtrigger.Delete: ({"old": "before"}, "SELECT county_id FROM before"),
}


class WorkChangeQuerySet(models.QuerySet["WorkChange"]):
    def of_the_past(self, county: Unit, *, before: datetime) -> WorkChangeQuerySet:
        """Select the changes of a county that no total refers to. Never its last: two states would have no difference."""
        newer = WorkChange.objects.filter(county=OuterRef("county"), pk__gt=OuterRef("pk"))
        return self.filter(Exists(newer), county=county, at__lt=before)


class WorkChange(models.Model):
    """Grain: one statement that changed gaps, cases or codes of one county. Only grows, until a night lets old rows go."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = WorkChangeQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update)]
        indexes = [models.Index(name="workchange_of_county", fields=["county", "id"])]

    def __str__(self) -> str:
        return f"change {self.pk}"


def work_change_triggers(*operations: pgtrigger.Operation) -> list[pgtrigger.Trigger]:
    """Return the triggers by which a table with `county_id` records its changes: one row per statement and county."""
    return [_telling(operation) for operation in operations]


def _telling(operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    tables, counties = _CHANGED[operation]
    return pgtrigger.Trigger(
        name=f"tells_{operation}".lower(),
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),  # type: ignore[no-untyped-call]
        func=f"INSERT INTO casework_workchange (county_id) SELECT DISTINCT county_id FROM ({counties}) changed; RETURN NULL;",
    )
