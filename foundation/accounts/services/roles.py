"""Roles of users in units, with dates: granted and ended by the security administrator; the user's sessions end with it."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.constants import ADMINISTRATORS, WIDEST_LEVEL, Role
from foundation.accounts.models import Deputy, Membership, User
from foundation.accounts.permissions import Action
from foundation.accounts.services.checks import broken_constraint, demand_on
from foundation.accounts.services.users import drop_sessions
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.regions.models import Level, Unit


@transaction.atomic
def grant_role(
    *,
    actor: Actor | None,
    user: User,
    role: Role,
    unit: Unit,
    valid_from: date,
    valid_to: date | None = None,
) -> Membership:
    """Grant a user a role in a unit from a day on; `valid_to` is the first day it is no longer in force.

    Effects: one Membership; the user's sessions end; audit verb grant_role.
    Errors: NotAllowed; NotFound for a user or unit outside the actor's; BadInput for days in the wrong order or a unit wider than
    the role; Conflict when they have it already, or when the separation of the three administrators forbids it.
    """
    demand_on(actor, [Action.MANAGE_ROLES], user)
    if actor is not None and not actor.covers(unit.path):
        raise NotFound(_("There is no such unit in your area."), ids=[unit.code])
    if valid_to is not None and valid_to <= valid_from:
        raise BadInput(_("The last day is before the first day."), code="days_out_of_order")
    _refuse_wider_unit(role, unit)
    _refuse_administrator_with_a_deputyship(user, role, valid_from)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
            )
    except IntegrityError as error:
        raise _conflict(error, user) from error
    drop_sessions(user)
    record_event(
        actor=actor,
        verb="grant_role",
        object_type="user",
        object_id=user.pk,
        detail={
            "role": role,
            "unit": unit.code,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat() if valid_to else None,
        },
    )
    return membership


@transaction.atomic
def end_role(*, actor: Actor, membership: Membership, on: date) -> None:
    """End a role: `on` is the first day it is no longer in force. Deputies of it end with it.

    Effects: the Membership row and its deputies; the user's and the deputies' sessions end; audit verb end_role.
    Errors: NotAllowed, NotFound; Conflict when it has ended before.
    """
    demand_on(actor, [Action.MANAGE_ROLES], membership.user)
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    last = max(on, row.valid_from)
    if row.valid_to is not None and row.valid_to <= last:
        raise Conflict(_("This role has already ended."), code="role_ended", ids=[row.pk])
    Membership.objects.filter(pk=row.pk).update(valid_to=last)
    for deputy in Deputy.objects.filter(membership=row, valid_to__gt=last).select_related("deputy"):
        Deputy.objects.filter(pk=deputy.pk).update(valid_to=max(last, deputy.valid_from))
        drop_sessions(deputy.deputy)
    drop_sessions(membership.user)
    record_event(
        actor=actor,
        verb="end_role",
        object_type="user",
        object_id=row.user_id,
        detail={"role": row.role, "membership": row.pk, "valid_to": last.isoformat()},
    )


def _refuse_wider_unit(role: Role, unit: Unit) -> None:
    widest = WIDEST_LEVEL.get(role, Level.PROVINCE)
    if unit.level < widest:
        raise BadInput(
            _("The role “%(role)s” cannot be granted for %(unit)s: the area is too large for it.")
            % {"role": role.label, "unit": unit.name},
            code="unit_too_wide",
            what_to_do=_("Choose a unit of this level or below: %(level)s.") % {"level": widest.label},
            ids=[unit.code],
        )


def _refuse_administrator_with_a_deputyship(user: User, role: Role, valid_from: date) -> None:
    if role in ADMINISTRATORS and Deputy.objects.filter(deputy=user, valid_to__gt=valid_from).exists():
        raise Conflict(
            _("The user is deputy for a colleague; administrators cannot handle cases, not even as deputies."),
            code="role_conflict",
            what_to_do=_("End that first, or grant this role to someone else."),
            ids=[user.pk],
        )


def _conflict(error: IntegrityError, user: User) -> Conflict:
    if broken_constraint(error) == "membership_once_at_a_time":
        return Conflict(
            _("The user already holds this role in this unit on some of these days."),
            code="role_held",
            what_to_do=_("See the roles below: end the current one, or choose other days."),
            ids=[user.pk],
        )
    return Conflict(
        _(
            "The system, security and audit administrator roles exclude one another and every other role: "
            "whoever runs the system must not grant access, and whoever grants access must not audit it."
        ),
        code="role_conflict",
        what_to_do=_("End the other role first, or grant this one to someone else."),
        ids=[user.pk],
    )
