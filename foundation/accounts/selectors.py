"""Reads of users, their memberships and department clients. Each function is one query."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now, TruncDate
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import ClientToken, Deputy, Membership, User
from foundation.accounts.permissions import Action, is_allowed
from foundation.accounts.scope import is_within
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit

M = TypeVar("M", bound=Model)


def list_managed_users(actor: Actor) -> QuerySet[User]:
    """List the users an administrator manages: their home unit and every role not ended lie in the administrator's unit or below.

    A user who also has a role elsewhere is managed by the administrators further up, so that no county can take over the account
    of a supervisor. A role ends with a business day, in China, not with the moment that is midnight elsewhere. Unordered.
    """
    today = TruncDate(Now(), tzinfo=BUSINESS_ZONE)
    roles = Membership.objects.filter(user=OuterRef("pk"), valid_to__isnull=True) | Membership.objects.filter(
        user=OuterRef("pk"), valid_to__gt=today
    )
    inside = is_within(actor.unit_path)
    ever_here = Membership.objects.filter(inside, user=OuterRef("pk"))
    return (
        User.objects.filter(is_within(actor.unit_path, "home_unit") | Q(home_unit__isnull=True))
        .filter(Q(home_unit__isnull=False) | Exists(ever_here))
        .exclude(Exists(roles.exclude(inside)))
    )


def get_managed_user(actor: Actor, user_id: int) -> User:
    """Get a user the actor manages, the home unit loaded.

    Errors: NotFound. Cost: one query.
    """
    user = list_managed_users(actor).select_related("home_unit").filter(pk=user_id).first()
    if user is None:
        raise NotFound(_("There is no such user in your area."), ids=[user_id])
    return user


def list_memberships(*, user_id: int, on: date) -> list[Membership]:
    """List the memberships a user may work in on a day, user and unit loaded: their own, oldest first, then those they are deputy for.

    The latter belong to another user: their `user` is the absent colleague. Every request asks this.
    Cost: one query; 0.2 ms of computing, a tenth of what building the statement anew costs.
    """
    statement, arguments = _memberships_statement()
    given: dict[object, Any] = {_ANY_USER: user_id, _ANY_DAY: on}
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(argument, argument) for argument in arguments])
        rows = [_loaded(row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.user_id != user_id, row.pk))


_ANY_USER, _ANY_DAY = -1, date(1900, 1, 1)
"""What stands in the statement for the user and the day to be asked for."""


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001


@cache
def _memberships_statement() -> tuple[str, tuple[Any, ...]]:
    is_deputy = Deputy.objects.active_on(_ANY_DAY).filter(membership=OuterRef("pk"), deputy=_ANY_USER)
    rows = Membership.objects.active_on(_ANY_DAY).filter(
        Q(user_id=_ANY_USER) | Q(Exists(is_deputy), user__is_active=True)
    )
    users = (f"user__{name}" for name in _columns(User))
    units = (f"unit__{name}" for name in _columns(Unit))
    statement, arguments = rows.values_list(*_columns(Membership), *users, *units).query.sql_with_params()
    return statement, arguments


def _loaded(row: tuple[Any, ...]) -> Membership:
    values = iter(row)
    membership = _next_model(Membership, values)
    membership.user, membership.unit = _next_model(User, values), _next_model(Unit, values)
    return membership


def _next_model(model: type[M], values: Iterator[Any]) -> M:
    names = _columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, list(islice(values, len(names))))


def all_still_may(user_ids: Iterable[int], action: Action, *, place: Unit, on: date) -> bool:
    """Answer whether each of these users may do something at a place on a day: an open account, and a role, own or lent, that may.

    Asked of work that waited: it follows the rights of the day it is done, not of the day it was sent. Two queries a user.
    """
    wanted = set(user_ids)
    return User.objects.filter(pk__in=wanted, is_active=True).count() == len(wanted) and all(
        any(
            is_allowed(each.role, action) and place.path.startswith(each.unit.path)
            for each in list_memberships(user_id=user_id, on=on)
        )
        for user_id in wanted
    )


def find_client_token(*, token_hash: str, at: datetime) -> ClientToken | None:
    """Find the usable token with this hash, its unit loaded."""
    return ClientToken.objects.usable_at(at).filter(token_hash=token_hash).select_related("unit").first()


def shown_name_of(field: str) -> Coalesce:
    """Return the name colleagues read for a column of user names, as names_of does, in the query of the rows themselves."""
    named = User.objects.filter(username=OuterRef(field)).exclude(display_name="")
    named = named.exclude(username__in=ClientToken.objects.values("name"))
    return Coalesce(Subquery(named.values("display_name")[:1]), F(field), output_field=CharField())


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Return user name -> the name colleagues read, for those who still are users. One query.

    A name that a department's client has too is left as it is: whether the user or the client is meant is not known from it.
    """
    clients = ClientToken.objects.values("name")
    rows = User.objects.filter(username__in=set(usernames)).exclude(display_name="").exclude(username__in=clients)
    return dict(rows.values_list("username", "display_name"))
