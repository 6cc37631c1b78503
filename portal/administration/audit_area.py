"""Which part of the audit log an auditor reads: the events of their unit and of the units below it.

Also resolves user names to ids, so that no name is part of an address, for the users whose acts the auditor reads. Called by the
auditor's views.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.selectors import list_managed_users
from foundation.audit.models import AuditEvent
from foundation.audit.models.event import ActorKind
from foundation.primitives import clock
from foundation.regions.models.unit import Level

DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


DAYS_SHOWN = 7
"""Days the lists of events and sign-ins show where none are asked for."""
DAYS_OF_DISCLOSURES = 92
LARGEST = "largest"
"""The order of disclosures that begins with the most rows."""


def last_days(count: int) -> tuple[datetime, datetime]:
    """Return the first moment and the end of the last days, today included, by the real clock."""
    last = clock.real_today()
    return days_between(last - timedelta(days=count - 1), last)


def days_between(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the first moment of one day and the end of another, in business time."""
    since = datetime.combine(first, time(), clock.BUSINESS_ZONE)
    return since, datetime.combine(last + timedelta(days=1), time(), clock.BUSINESS_ZONE)


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
