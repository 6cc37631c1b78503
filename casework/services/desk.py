"""Saved filters and presence: a user's own views of the list, and who else has the same subject open."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from casework.models import Presence, SavedFilter
from casework.selectors.subjects import SubjectKey, get_subject
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.primitives.errors import BadInput, NotFound

HERE_FOR = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_FILTERS = 30


def _me(actor: Actor) -> int:
    """The user's id; a job or a client has no filters and opens no subject; no user has the id 0."""
    return actor.user_id or 0


def list_saved_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """List the actor's own filters and those colleagues of the same unit share, by name. One query."""
    mine = Q(user_id=_me(actor)) | Q(is_shared=True, unit_id=actor.unit_id)
    return SavedFilter.objects.filter(mine).select_related("user").order_by("name", "id")


@transaction.atomic
def save_filter(*, actor: Actor, name: str, query: str, is_shared: bool, at: datetime) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces it.

    With `is_shared` colleagues of the unit see it; only those who work on cases share one.

    Errors: NotAllowed; BadInput without a name or a filter, or with too many kept.
    """
    actor.demand(Action.TAKE_CASE if is_shared else Action.VIEW_CASE_DATA)
    name = name.strip()[:40]
    if not name or not query:
        raise BadInput(_("Set at least one filter and give it a name."), code="filter_empty")
    own = SavedFilter.objects.filter(user_id=_me(actor))
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise BadInput(_("You already have thirty saved filters; delete one first."), code="filters_full")
    kept, _is_new = own.update_or_create(
        user_id=_me(actor),
        name=name,
        defaults={"unit_id": actor.unit_id, "query": query[:500], "is_shared": is_shared, "created_at": at},
    )
    return kept


def delete_filter(*, actor: Actor, filter_id: int) -> None:
    """Let go of one's own filter.

    Errors: NotFound for a colleague's or an unknown one.
    """
    deleted, _each = SavedFilter.objects.filter(user_id=_me(actor), pk=filter_id).delete()
    if not deleted:
        raise NotFound(_("You have no such filter."), ids=[filter_id])


@transaction.atomic
def record_presence(*, actor: Actor, key: SubjectKey, at: datetime) -> list[str]:
    """Note that the actor has a subject's page open; return the names of the others who have it open now.

    Effects: one Presence, overwritten; those older than an hour are removed. Errors: NotAllowed; NotFound outside the unit.
    """
    actor.demand(Action.VIEW_CASE_DATA)
    get_subject(actor, key)
    subject = str(key)[:80]
    Presence.objects.filter(seen_at__lt=at - FORGOTTEN_AFTER).delete()
    Presence.objects.update_or_create(subject=subject, user_id=_me(actor), defaults={"seen_at": at})
    others = Presence.objects.filter(subject=subject, seen_at__gte=at - HERE_FOR).exclude(user_id=_me(actor))
    return [here.user.get_full_name() for here in others.select_related("user").order_by("user_id")]
