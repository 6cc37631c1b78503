"""Which part of the audit log an auditor reads: the events of their unit and of the units below it.

Also resolves user names to ids, so that no name is part of an address. Called by the auditor's views.
"""

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.regions.models.unit import Level

DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def code_prefix(actor: Actor) -> str:
    """Return the digits the unit codes in the auditor's area begin with.

    Source: GB/T 2260 and the statistical codes: two digits a level down to the county, three below.
    """
    return actor.unit_code[: DIGITS[Level(actor.unit_level)]]


def find_user_id(username: str) -> int | None:
    """Find the user a name means; the address carries the id only."""
    return User.objects.filter(username=username).values_list("pk", flat=True).first()


def find_username(user_id: int) -> str:
    """Find the name of a user; empty when there is none."""
    return User.objects.filter(pk=user_id).values_list("username", flat=True).first() or ""
