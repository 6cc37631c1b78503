"""What of accounts, failed work and the audit log waits for an administrator, as tiles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.models.event import Outcome
from foundation.audit.sealing import count_unsealed
from foundation.audit.selectors import EventFilter, list_disclosures, list_events
from foundation.web.tiles import CountingTile, Stated, StatingTile
from portal.administration.audit_area import DAYS_OF_DISCLOSURES, DAYS_SHOWN, LARGEST, code_prefix, last_days
from portal.administration.presenters import present_disclosure
from portal.administration.selectors import UserFilter, list_failures, list_users


def _users(actor: Actor, today: date, state: str) -> QuerySet[Any]:
    return list_users(actor, UserFilter(state=state), on=today)


def _refusals(actor: Actor) -> QuerySet[Any]:
    since, until = last_days(DAYS_SHOWN)
    return list_events(code_prefix(actor), EventFilter(since, until, outcome=Outcome.REFUSED))


def state_failures(actor: Actor, _at: datetime) -> Stated:
    """State how much work ended with an unforeseen error. One query."""
    count = len(list_failures(actor))
    return Stated(str(count), "bad" if count else "")


def state_unsealed(_actor: Actor, _at: datetime) -> Stated:
    """State how many rows of the logs no seal covers yet. One query."""
    count = sum(count_unsealed().values())
    return Stated(number_format(count, force_grouping=True), "warn" if count else "ok")


def state_largest_disclosure(actor: Actor, _at: datetime) -> Stated:
    """State the rows of the largest disclosure of the period its page shows, and to whom it went. One query."""
    since, until = last_days(DAYS_OF_DISCLOSURES)
    largest = list_disclosures(code_prefix(actor), since=since, until=until, largest_first=True).first()
    if largest is None:
        return Stated("—", "", _("none in %(days)s days") % {"days": DAYS_OF_DISCLOSURES})
    _row, recipient, *_rest = present_disclosure(largest)
    return Stated(number_format(largest.row_count, force_grouping=True), "warn", recipient)


TILES = (
    StatingTile(
        name="failed_work",
        rank=100,
        label=gettext_lazy("Failed work"),
        action=Action.VIEW_FAILURES,
        route="admin_failures",
        state=state_failures,
    ),
    CountingTile(
        name="users_locked",
        rank=70,
        label=gettext_lazy("Users locked out"),
        action=Action.VIEW_USERS,
        route="admin_users",
        query="state=locked",
        rows=lambda actor, today: _users(actor, today, "locked"),
    ),
    CountingTile(
        name="users_without_factor",
        rank=71,
        label=gettext_lazy("Users without a second factor"),
        action=Action.VIEW_USERS,
        route="admin_users",
        query="state=no_factor",
        rows=lambda actor, today: _users(actor, today, "no_factor"),
    ),
    CountingTile(
        name="users_without_role",
        rank=72,
        label=gettext_lazy("Users without a role"),
        action=Action.MANAGE_ROLES,
        route="admin_users",
        query="state=no_role",
        rows=lambda actor, today: _users(actor, today, "no_role"),
    ),
    StatingTile(
        name="unsealed",
        rank=80,
        label=gettext_lazy("Log rows not sealed yet"),
        action=Action.READ_AUDIT,
        route="admin_seals",
        state=state_unsealed,
    ),
    CountingTile(
        name="refusals",
        rank=81,
        label=gettext_lazy("Refusals in the last seven days"),
        action=Action.READ_AUDIT,
        route="admin_audit",
        query=f"outcome={Outcome.REFUSED}",
        rows=lambda actor, _today: _refusals(actor),
    ),
    StatingTile(
        name="largest_disclosure",
        rank=82,
        label=gettext_lazy("Rows in the largest disclosure"),
        action=Action.READ_AUDIT,
        route="admin_disclosures",
        query=f"order={LARGEST}",
        state=state_largest_disclosure,
    ),
)
