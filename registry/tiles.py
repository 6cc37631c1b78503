"""What of the register waits for somebody: files to approve, possible duplicates to decide. Registered when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import Action
from foundation.web.tiles import CountingTile
from registry.selectors.deliveries import TO_APPROVE, list_deliveries
from registry.selectors.merges import list_proposals

TILES = (
    CountingTile(
        name="files_to_approve",
        rank=40,
        label=_("Files awaiting my approval"),
        action=Action.APPLY_DELIVERY,
        route="deliveries",
        query=f"state={TO_APPROVE}",
        rows=lambda actor, _today: list_deliveries(actor, state=TO_APPROVE),
    ),
    CountingTile(
        name="possible_duplicates",
        rank=50,
        label=_("Possible duplicates"),
        action=Action.MERGE_PERSONS,
        route="possible_duplicates",
        rows=lambda actor, _today: list_proposals(actor),
    ),
)
