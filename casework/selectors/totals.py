"""The totals of the work list, counted again only when the work changed: a morning turns pages of what a night published.

Kept in the process under everything they depend on: the actor's reach, what is asked, the day, and the version of the work,
which is read before counting (models/work_change.py). So a total is never older than the version it is kept under.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.aggregates import BitXor
from django.db.models import Count

from casework.models import WorkChange
from casework.selectors.worklist import MINE, Totals, WorkFilter, count_totals, hashed_id
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.bounded_cache import BoundedCache
from foundation.regions.models.unit import Level

Version = tuple[tuple[int, int, int], ...]
_KEPT: BoundedCache[Totals] = BoundedCache(most=500)


def get_totals(actor: Actor, wanted: WorkFilter, *, today: date) -> Totals:
    """Get the totals of the list, counted or remembered. One query or two.

    Below the county they are counted: an index finds a town's gaps, and its reach is a path, which no version covers.
    """
    if actor.unit_level > Level.COUNTY:
        return count_totals(actor, wanted, today=today)
    mine = actor.user_id if wanted.owner == MINE else None
    key = (actor.unit_level, actor.unit_id, mine, wanted, today, work_version(actor))
    return _KEPT.get(key, lambda: count_totals(actor, wanted, today=today))


def work_version(actor: Actor) -> Version:
    """Return a value for the state of the work in the actor's counties; it differs after any change that the reader can see.

    By county the number of its changes and the exclusive or of their hashed ids: ids are given in order but are seen as
    transactions end, so neither the last nor a sum distinguishes any two sets. One query, of the index workchange_of_county.
    """
    rows = in_scope(WorkChange.objects.all(), actor).values("county_id").order_by("county_id")
    return tuple(rows.annotate(changes=Count("id"), ids=BitXor(hashed_id())).values_list("county_id", "changes", "ids"))
