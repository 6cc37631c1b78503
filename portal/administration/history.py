"""The history of one object, from the tables its triggers write: when, by whom, which fields changed.

Values are shown for users, roles, deputies and tokens only: an auditor sees that a case or a gap changed, not the case. An object
outside the auditor's area is not found; the rules (parameters) have no area, their readers read every region's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from casework.models import Case, Gap
from enrollment.models import Application, OneStopBatch
from foundation.accounts.actors import Actor
from foundation.accounts.models import ClientToken, Deputy, Membership, User
from foundation.accounts.scope import in_scope, in_scope_of_county, in_scope_of_unit
from foundation.accounts.selectors import list_managed_users
from foundation.policy.models import ParameterProposal, ParameterValue
from foundation.primitives.errors import NotFound
from foundation.primitives.ids import is_id
from payments.constants import BATCH_TYPE
from payments.models import Batch
from portal.administration.audit_details import detail_term, detail_value
from registry.models import FeedContact

SHOWN_WITH_VALUES = (User, Membership, Deputy, ClientToken)
NAMES = {
    "client_token": "clienttoken",
    "one_stop_batch": "onestopbatch",
    "feed_contact": "feedcontact",
    BATCH_TYPE: "batch",
}
IN_AREA: dict[type[Model], Callable[[Actor], QuerySet[Any]]] = {
    User: list_managed_users,
    Membership: lambda actor: Membership.objects.filter(user__in=list_managed_users(actor)),
    Deputy: lambda actor: Deputy.objects.filter(absent__in=list_managed_users(actor)),
    ClientToken: lambda actor: in_scope_of_unit(ClientToken.objects.all(), actor),
    FeedContact: lambda actor: in_scope_of_county(FeedContact.objects.all(), actor),
    Case: lambda actor: in_scope(Case.objects.all(), actor),
    Application: lambda actor: in_scope(Application.objects.all(), actor),
    OneStopBatch: lambda actor: in_scope_of_county(OneStopBatch.objects.all(), actor),
    Batch: lambda actor: in_scope_of_county(Batch.objects.all(), actor),
    Gap: lambda actor: in_scope(Gap.objects.all(), actor),
}
"""What an auditor reads the history of; every table with a history is here or in WITHOUT_AREA."""
WITHOUT_AREA = (ParameterValue, ParameterProposal)
MOST_EVENTS = 200
NOT_SHOWN = frozenset({"pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id", "id"})


@dataclass(frozen=True)
class FieldChange:
    """One field: before and after, empty where values are not for the auditor."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One entry of the history; `context` states user, role, unit and request."""

    at: datetime
    label: str
    context: dict[str, Any]
    fields: tuple[FieldChange, ...]

    @property
    def role(self) -> str:
        """The role the change was made in, in the reader's language."""
        return detail_value("role", self.context.get("role", ""))


def find_history_table(object_type: str) -> type[Model] | None:
    """Find the table that holds the history of a kind of object, by the name the audit log gives it."""
    wanted = NAMES.get(object_type, object_type)
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is not None and tracked.__name__.lower() == wanted:
            return model
    return None


def list_history(actor: Actor, object_type: str, object_id: str) -> list[Change]:
    """List the last changes of one object, newest first. Two queries; none for a kind without history.

    Errors: NotFound for an object outside the actor's area.
    """
    table = find_history_table(object_type)
    if table is None or not is_id(object_id):
        return []
    tracked = table.pgh_tracked_model  # type: ignore[attr-defined]
    if tracked not in WITHOUT_AREA and not IN_AREA[tracked](actor).filter(pk=int(object_id)).exists():
        raise NotFound(_("There is no such object in your area."), ids=[object_id])
    rows = table._default_manager.filter(  # noqa: SLF001  a table known only at run time
        pgh_obj_id=int(object_id)
    ).select_related("pgh_context")
    newest_first = list(rows.order_by("-pgh_id")[: MOST_EVENTS + 1])
    return list(_changes(table, newest_first))[:MOST_EVENTS]


def _changes(table: type[Model], newest_first: list[Any]) -> Iterator[Change]:
    with_values = getattr(table, "pgh_tracked_model", None) in SHOWN_WITH_VALUES
    for row, before in zip(newest_first, [*newest_first[1:], None], strict=False):  # the oldest has none before it
        context = row.pgh_context.metadata if row.pgh_context else {}
        yield Change(row.pgh_created_at, row.pgh_label, context, tuple(_differences(table, row, before, with_values)))


def _differences(table: type[Model], row: Any, before: Any, with_values: bool) -> Iterator[FieldChange]:
    for field in table._meta.concrete_fields:  # noqa: SLF001  its columns, documented by Django
        if field.attname in NOT_SHOWN:
            continue
        new, old = getattr(row, field.attname), getattr(before, field.attname, None)
        if new != old and (new or old):
            before_words, after_words = (_text(field.attname, value) if with_values else "" for value in (old, new))
            yield FieldChange(detail_term(field.attname), before_words, after_words)


def _text(column: str, value: Any) -> str:
    return "—" if value is None or value == "" else detail_value(column, value)
