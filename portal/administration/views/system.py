"""System state: the parts of the service, the queue, the disk, the last backup, and what to do where one of them is not well."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from operations.health import broker_state, database_state
from operations.system_state import count_queue, find_disk, find_last_backup, is_backup_old
from portal.administration.pages import render_page


@requires(Action.VIEW_FAILURES)
@require_safe
def show_system(request: ActorRequest) -> HttpResponse:
    """Show each part with its state. Seven queries."""
    now, queue, disk, backup_at = clock.now(), count_queue(request.actor), find_disk(), find_last_backup()
    parts = [
        (_("Database"), database_state() == "ok", _("Look at the server and its log.")),
        (_("Message broker"), broker_state() == "ok", _("Work goes on by the sweeper, a minute later. Start the broker again.")),
        (_("Worker"), not queue.is_stuck(now), _("Something waits for more than an hour: see whether a worker is running.")),
        (_("Disk"), disk is not None and not disk.is_short, _("Free space on the volume of the data folder, or enlarge it.")),
        (_("Backup"), not is_backup_old(backup_at, clock.real_now()), _("Make one with the command “backup”, and let it run every day.")),
    ]  # fmt: skip
    context = {"parts": parts, "queue": queue, "disk": disk, "backup_at": backup_at}
    return render_page(request, "system", context)
