"""Deputies of absent colleagues, with dates: appointed and ended by the security administrator."""

from datetime import date
from typing import cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Deputy, Membership, User
from foundation.accounts.permissions import Action
from foundation.accounts.services.checks import broken_constraint, demand_on
from foundation.accounts.services.users import drop_sessions
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict


@transaction.atomic
def appoint_deputy(*, actor: Actor, membership: Membership, deputy: User, valid_from: date, valid_to: date) -> Deputy:
    """Make a colleague deputy for one membership over a range of days; `valid_to` is the first day no more.

    Effects: one Deputy; audit verb appoint_deputy.
    Errors: NotAllowed, NotFound; BadInput for days in the wrong order; Conflict for oneself, administrators, or a second
    deputy on the same days.
    """
    demand_on(actor, [Action.MANAGE_ROLES], membership.user)
    demand_on(actor, [Action.MANAGE_ROLES], deputy)
    if valid_to <= valid_from:
        raise BadInput(_("The last day is before the first day."), code="days_out_of_order")
    try:
        with transaction.atomic():
            row = Deputy.objects.create(
                absent=membership.user,
                deputy=deputy,
                membership=membership,
                valid_from=valid_from,
                valid_to=valid_to,
                granted_by_id=cast("int", actor.user_id),  # demand_on let no job pass
            )
    except IntegrityError as error:
        raise _conflict(error, membership) from error
    _record(actor, "appoint_deputy", row)
    return row


@transaction.atomic
def end_deputy(*, actor: Actor, deputy: Deputy, on: date) -> None:
    """End a deputyship before its day: `on` is the first day it is no longer in force; the deputy's sessions end.

    Effects: the Deputy row; audit verb end_deputy. Errors: NotAllowed, NotFound; Conflict when it has ended before.
    """
    demand_on(actor, [Action.MANAGE_ROLES], deputy.absent)
    row = Deputy.objects.select_for_update(of=("self",)).get(pk=deputy.pk)
    last = max(on, row.valid_from)
    if row.valid_to <= last:
        raise Conflict(_("This has already ended."), code="deputy_ended", ids=[row.pk])
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    drop_sessions(deputy.deputy)
    _record(actor, "end_deputy", row)


def _record(actor: Actor, verb: str, row: Deputy) -> None:
    days = {"valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat()}
    record_event(
        actor=actor,
        verb=verb,
        object_type="user",
        object_id=row.deputy_id,
        detail={"deputy": row.pk, "membership": row.membership_id, **days},
    )


def _conflict(error: IntegrityError, membership: Membership) -> Conflict:
    words = {
        "deputy_is_another_user": _("A person cannot be their own deputy."),
        "deputy_one_at_a_time": _("Someone else is already deputy for this role on some of these days."),
        "deputy_fits_its_membership": _("Administrators cannot have deputies: their duties must stay separate."),
        "deputy_is_no_administrator": _("Administrators cannot handle cases, not even as deputies."),
    }
    name = broken_constraint(error)
    return Conflict(
        words.get(name, str(error)),
        code=name,
        what_to_do=_("Choose another colleague or other days."),
        ids=[membership.pk],
    )
