"""Queue, disk and backup as tiles of the system administrator. Registered when the app is ready."""

from __future__ import annotations

from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.primitives import clock
from foundation.web.tiles import Stated, StatingTile
from operations.system_state import count_queue, find_disk, find_last_backup, is_backup_old

PAGE = "admin_system"


def state_queue(actor: Actor, at: datetime) -> Stated:
    """State how much waits for a worker. Two queries."""
    queue = count_queue(actor)
    if queue.is_stuck(at):
        return Stated(str(queue.count), "bad", _("waiting for more than an hour: is a worker running?"))
    return Stated(str(queue.count), "warn" if queue.count else "")


def state_disk(_actor: Actor, _at: datetime) -> Stated:
    """State how much of the disk is free."""
    disk = find_disk()
    if disk is None:
        return Stated("—", "bad", _("The data folder cannot be reached."))
    hint = _("%(share)s %% of %(total)s free") % {
        "share": disk.free * 100 // disk.total,
        "total": filesizeformat(disk.total),
    }
    return Stated(filesizeformat(disk.free), "bad" if disk.is_short else "ok", hint)


def state_backup(_actor: Actor, _at: datetime) -> Stated:
    """State how long ago the last backup was made, by the real clock. One query."""
    made_at, now = find_last_backup(), clock.real_now()
    if made_at is None:
        return Stated("—", "bad", _("No backup has been made yet."))
    return Stated(timesince(made_at, now, depth=1), "bad" if is_backup_old(made_at, now) else "ok")


TILES = (
    StatingTile(
        name="queue",
        rank=130,
        label=gettext_lazy("Files and runs in the queue"),
        action=Action.VIEW_FAILURES,
        route=PAGE,
        state=state_queue,
    ),
    StatingTile(
        name="disk",
        rank=140,
        label=gettext_lazy("Free disk space"),
        action=Action.VIEW_FAILURES,
        route=PAGE,
        state=state_disk,
    ),
    StatingTile(
        name="backup",
        rank=150,
        label=gettext_lazy("Age of the last backup"),
        action=Action.VIEW_FAILURES,
        route=PAGE,
        state=state_backup,
    ),
)
