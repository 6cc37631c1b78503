"""What of contributions waits for somebody: to check, review, approve, fund, credit. Registered when the app is ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.regions.models.unit import Level
from foundation.web.tiles import CountingTile
from payments.models import Batch
from payments.selectors.batch_pages import WAITING, BatchesWanted, list_batches


def _rows_of(step: str) -> Callable[[Actor, date], QuerySet[Batch]]:
    return lambda actor, _today: list_batches(actor, BatchesWanted(waits=step))


def _tile(step: str, rank: int, label: Promise) -> CountingTile:
    return CountingTile(
        name=f"contributions_{step}",
        rank=rank,
        label=label,
        action=WAITING[step][1],
        route="contribution_batches",
        query=f"waits={step}",
        rows=_rows_of(step),
        fits=_is_township if step == "check" else _is_county,
    )


def _is_township(actor: Actor) -> bool:
    return actor.unit_level >= Level.TOWNSHIP


def _is_county(actor: Actor) -> bool:
    return actor.unit_level <= Level.COUNTY


TILES = (
    _tile("check", 24, _("Drafts of contributions to check")),
    _tile("review", 25, _("Batches of contributions to review")),
    _tile("approve", 26, _("Batches of contributions to approve")),
    _tile("fund", 27, _("Batches of contributions to fund")),
    _tile("credit", 28, _("Batches of contributions to credit")),
)
