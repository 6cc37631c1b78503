"""Sign-ins, wrong passwords and codes, and lockouts, from the tables of django-axes.

A user name that belongs to nobody is not shown: passwords are sometimes typed into the wrong field.
"""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessFailureLog, AccessLog
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.selectors import list_managed_users

KINDS = ("failures", "lockouts", "sign_ins")


def list_sign_ins(actor: Actor, kind: str, *, since: datetime, until: datetime) -> QuerySet:
    """List one kind of attempts in the auditor's area, newest first, with `is_known`. One query a page, and the count."""
    table = AccessLog if kind == "sign_ins" else AccessFailureLog
    rows = table.objects.filter(attempt_time__gte=since, attempt_time__lt=until)
    if kind == "lockouts":
        rows = rows.filter(locked_out=True)
    ours = Exists(list_managed_users(actor).filter(username=OuterRef("username")))
    anybody = Exists(User.objects.filter(username=OuterRef("username")))
    return rows.annotate(is_known=anybody).filter(Q(ours) | ~Q(anybody)).order_by("-attempt_time", "-pk")
