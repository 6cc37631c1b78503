"""Which part of the audit log an auditor reads: the events of their unit and of the units below it.

Also resolves user names to ids, so that no name is part of an address, for the users whose acts the auditor reads. Called by the
auditor's views.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.selectors import list_managed_users
from foundation.audit.models import AuditEvent
from foundation.audit.models.event import ActorKind
from foundation.regions.models.unit import Level

DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def code_prefix(actor: Actor) -> str:
    """Return the digits the unit codes in the auditor's area begin with.

    Source: GB/T 2260 and the statistical codes: two digits a level down to the county, three below.
    """
    return actor.unit_code[: DIGITS[Level(actor.unit_level)]]


def find_user_id(actor: Actor, username: str) -> int | None:
    """Find the user a name means; the address carries the id only."""
    return _users(actor).filter(username=username).values_list("pk", flat=True).first()


def find_username(actor: Actor, user_id: int) -> str:
    """Find the name of a user; empty when there is none the auditor may know."""
    return _users(actor).filter(pk=user_id).values_list("username", flat=True).first() or ""


def _users(actor: Actor) -> QuerySet[User]:
    """Users of the auditor's area, and others who acted there."""
    acts = AuditEvent.objects.filter(
        actor_kind=ActorKind.USER, actor_id=OuterRef("pk"), unit_code__startswith=code_prefix(actor)
    )
    return User.objects.filter(Q(pk__in=list_managed_users(actor).values("pk")) | Exists(acts))
