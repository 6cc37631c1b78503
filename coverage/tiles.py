"""What of the matching waits for somebody: possible matches to decide, batch decisions to confirm. Registered when the app is ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coverage.selectors.possible_matches import list_patterns_to_sign, waiting_links
from foundation.accounts.permissions import Action
from foundation.web.tiles import CountingTile

TILES = (
    CountingTile(
        name="possible_matches",
        rank=30,
        label=_("Persons with possible matches"),
        action=Action.DECIDE_PAIR,
        route="possible_matches",
        rows=lambda actor, _today: waiting_links(actor),
        each="person_id",
    ),
    CountingTile(
        name="patterns_to_confirm",
        rank=35,
        label=_("Batch decisions to confirm"),
        action=Action.DECIDE_PAIR,
        route="match_pattern",
        query="state=to_sign",
        rows=lambda actor, _today: list_patterns_to_sign(actor),
    ),
)
