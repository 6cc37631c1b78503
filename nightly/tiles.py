"""The last night as a tile, for whoever keeps the system running. Registered when the app is ready."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.web.tiles import Stated, StatingTile
from nightly.selectors import list_last_nights

OLDEST = timedelta(hours=36)
"""A county whose last published night ended longer ago has missed one."""


def state_last_night(actor: Actor, at: datetime) -> Stated:
    """State when the last night of the county that waits longest was published. One query."""
    ends = [night.finished_at for night in list_last_nights(actor) if night.finished_at]
    if not ends:
        return Stated("—", "warn", _("No nightly run has been published yet."))
    late = sum(at - end > OLDEST for end in ends)
    oldest = min(ends).astimezone(BUSINESS_ZONE)
    hint = (
        _("%(count)s counties without a run since") % {"count": late} if late and len(ends) > 1 else f"{oldest:%H:%M}"
    )
    return Stated(f"{oldest:%m-%d}", "bad" if late else "ok", hint)


TILES = (
    StatingTile(
        name="last_night",
        rank=120,
        label=gettext_lazy("Last nightly run published"),
        action=Action.VIEW_FAILURES,
        route="nights",
        state=state_last_night,
    ),
)
