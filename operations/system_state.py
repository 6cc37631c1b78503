"""What keeps the system running, as a system administrator sees it: the queue, the disk, the last backup, the parts of the service.

Reads only. What waits is counted in the actor's counties; the machine, its disk and its backups are the installation's.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from foundation.accounts.actors import Actor
from foundation.audit.models import AuditEvent
from foundation.jobs.long_work import OPEN_STATES
from nightly.selectors import list_nights
from operations.health import NEEDED_BYTES
from registry.constants import DeliveryState
from registry.selectors.deliveries import deliveries_in_scope

BACKUP_EVERY = timedelta(days=1)
LEAST_FREE_SHARE = 0.1
STUCK_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Queue:
    """Files to be read and nights to be run, and since when the oldest waits."""

    files: int
    nights: int
    oldest_at: datetime | None

    @property
    def count(self) -> int:
        return self.files + self.nights

    def is_stuck(self, at: datetime) -> bool:
        """Answer whether something waits for longer than an hour: a worker may be missing."""
        return self.oldest_at is not None and at - self.oldest_at > STUCK_AFTER


@dataclass(frozen=True)
class Disk:
    """Bytes of the volume of DATA_DIR; None where it cannot be read."""

    total: int
    free: int

    @property
    def is_short(self) -> bool:
        """Answer whether a tenth or less is free, or less than the service needs."""
        return self.free < max(self.total * LEAST_FREE_SHARE, NEEDED_BYTES)


def count_queue(actor: Actor) -> Queue:
    """Count what waits for a worker. Two queries."""
    files = deliveries_in_scope(actor).filter(state=DeliveryState.RECEIVED).order_by()
    nights = list_nights(actor).prefetch_related(None).filter(state__in=OPEN_STATES).order_by()
    waiting = files.aggregate(count=Count("pk"), oldest=Min("received_at"))
    running = nights.aggregate(count=Count("pk"), oldest=Min("requested_at"))
    oldest = min((each["oldest"] for each in (waiting, running) if each["oldest"]), default=None)
    return Queue(waiting["count"], running["count"], oldest)


def find_disk() -> Disk | None:
    """Return the space of the volume with people's files; None when it cannot be reached. No query."""
    try:
        usage = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return None
    return Disk(usage.total, usage.free)


def find_last_backup() -> datetime | None:
    """Return when the last backup was made by the command; None for never. One query, on the index of an object's events."""
    made = AuditEvent.objects.filter(object_type="backup", object_id="", verb="make_backup")
    return made.order_by("-at").values_list("at", flat=True).first()


def is_backup_old(made_at: datetime | None, at: datetime) -> bool:
    """Answer whether a night has passed without a backup."""
    return made_at is None or at - made_at > BACKUP_EVERY + STUCK_AFTER
