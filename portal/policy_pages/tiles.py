"""Proposals of parameters that await a second person, as a tile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import Action
from foundation.policy.selectors import list_proposals_to_approve
from foundation.web.tiles import CountingTile
from portal.policy_pages.views import TO_APPROVE

TILES = (
    CountingTile(
        name="proposals_to_approve",
        rank=60,
        label=_("Parameter proposals to approve"),
        action=Action.MANAGE_POLICY,
        route="administration_policy_proposals",
        query=f"state={TO_APPROVE}",
        rows=lambda actor, _today: list_proposals_to_approve(actor),
    ),
)
