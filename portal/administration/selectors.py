"""Reads for the administration's lists: users with their roles, deputies, tokens. Each is limited to the actor's area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.constants import ADMINISTRATORS
from foundation.accounts.lockout import locked_user_ids
from foundation.accounts.models import ClientToken, Deputy, Membership, User
from foundation.accounts.scope import in_scope_of_unit
from foundation.accounts.selectors import list_managed_users
from foundation.primitives import clock
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from nightly.models import NightRun
from nightly.selectors import list_nights
from registry.models import Delivery
from registry.selectors.deliveries import deliveries_in_scope

UNITS_OFFERED = 600
FAILURES_SHOWN = 100


@dataclass(frozen=True)
class UserFilter:
    """The filter of a list of users; empty means all."""

    name: str = ""
    role: str = ""
    state: str = ""


def list_users(actor: Actor, wanted: UserFilter, *, on: date) -> QuerySet[User]:
    """List the users the actor manages by user name, roles of the day as `roles_now`. Two queries and the count."""
    active = Membership.objects.active_on(on)
    rows = with_factor(list_managed_users(actor)).select_related("home_unit")
    if wanted.name:
        rows = rows.filter(Q(username__icontains=wanted.name) | Q(display_name__icontains=wanted.name))
    if wanted.role:
        rows = rows.filter(Exists(active.filter(user=OuterRef("pk"), role=wanted.role)))
    if wanted.state:
        states = {
            "open": Q(is_active=True),
            "closed": Q(is_active=False),
            "no_role": ~Q(Exists(active.filter(user=OuterRef("pk")))),
            "no_factor": Q(has_factor=False),
            "locked": Q(pk__in=locked_user_ids(at=clock.real_now())),
            "first_password": Q(must_change_password=True),
        }
        rows = rows.filter(states[wanted.state])
    roles = Prefetch("memberships", active.select_related("unit").order_by("pk"), to_attr="roles_now")
    return rows.prefetch_related(roles).order_by("username", "pk")


USER_STATES = ("open", "closed", "no_role", "no_factor", "first_password", "locked")


def with_factor(users: QuerySet[User]) -> QuerySet[User]:
    """Add `has_factor`: whether the user has taken up a second factor."""
    held = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return users.annotate(has_factor=Exists(held))


def list_roles(user: User) -> list[Membership]:
    """List all roles of a user, past ones too, newest first, with their units. One query."""
    return list(Membership.objects.filter(user=user).select_related("unit").order_by("-valid_from", "-pk"))


def get_role(actor: Actor, membership_id: int) -> Membership:
    """Get a role of a user the actor manages, user and unit loaded.

    Errors: NotFound.
    """
    rows = Membership.objects.filter(pk=membership_id, user__in=list_managed_users(actor))
    row = rows.select_related("user", "unit").first()
    if row is None:
        raise NotFound(_("There is no such role in your area."), ids=[membership_id])
    return row


def list_roles_for_a_deputy(actor: Actor, *, on: date) -> QuerySet[Membership]:
    """List the case work roles in force or to come, of users the actor manages, by user name."""
    rows = Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), user__in=list_managed_users(actor))
    rows = rows.filter(user__is_active=True).exclude(role__in=ADMINISTRATORS)
    return rows.select_related("user", "unit").order_by("user__username", "pk")


def list_possible_deputies(actor: Actor, *, on: date) -> QuerySet[User]:
    """List the users who may stand in: open accounts the actor manages that hold no administrator's role."""
    administrators = Membership.objects.active_on(on).filter(user=OuterRef("pk"), role__in=ADMINISTRATORS)
    rows = list_managed_users(actor).filter(is_active=True).exclude(Exists(administrators))
    return rows.order_by("username", "pk")


def list_deputies(actor: Actor) -> QuerySet[Deputy]:
    """List who stands or stood in for whom among the users the actor manages, the latest end first. One query."""
    rows = Deputy.objects.filter(absent__in=list_managed_users(actor))
    return rows.select_related("absent", "deputy", "membership__unit").order_by("-valid_to", "-pk")


def get_deputy(actor: Actor, deputy_id: int) -> Deputy:
    """Get one of them. Errors: NotFound."""
    row = list_deputies(actor).filter(pk=deputy_id).first()
    if row is None:
        raise NotFound(_("There is no such deputy in your area."), ids=[deputy_id])
    return row


def list_clients(actor: Actor) -> QuerySet[ClientToken]:
    """List the tokens given for units in the actor's area, newest first, the unit loaded."""
    return in_scope_of_unit(ClientToken.objects.all(), actor).select_related("unit").order_by("-pk")


def get_client(actor: Actor, client_id: int) -> ClientToken:
    """Get one of them. Errors: NotFound."""
    row = list_clients(actor).filter(pk=client_id).first()
    if row is None:
        raise NotFound(_("There is no such token in your area."), ids=[client_id])
    return row


def offered_units(actor: Actor) -> list[str]:
    """List "code name" of the units in the actor's area, larger ones first: what a unit field offers. One query."""
    rows = Unit.objects.current().within(actor.unit_path).order_by("level", "code")
    return [f"{code} {name}" for code, name in rows.values_list("code", "name")[:UNITS_OFFERED]]


@dataclass(frozen=True)
class Failure:
    """Work that ended with an unforeseen error: what, where, when, and the number its error has in the log."""

    kind: str
    work_id: int
    county: str
    failed_at: datetime
    number: str
    attempts: int


def list_failures(actor: Actor) -> list[Failure]:
    """List the newest failed deliveries and nightly runs in scope. One query."""
    rows = [
        _failures(deliveries_in_scope(actor), Delivery),
        _failures(list_nights(actor).prefetch_related(None), NightRun),
    ]
    return [Failure(*row) for row in rows[0].union(rows[1]).order_by("-failed_at")[:FAILURES_SHOWN]]


def _failures(
    rows: QuerySet[Delivery] | QuerySet[NightRun], model: type[Delivery] | type[NightRun]
) -> QuerySet[Any, tuple[Any, ...]]:
    kind = Value(str(model._meta.model_name), output_field=CharField())  # noqa: SLF001
    failed = rows.filter(state="failed").exclude(failure_number="").order_by().annotate(kind=kind)
    return failed.values_list("kind", "pk", F("county__name"), "failed_at", "failure_number", "attempts")
