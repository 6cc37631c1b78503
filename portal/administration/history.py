"""The history of one object, from the tables its triggers write: when, by whom, which fields changed.

Values are shown for users, roles, deputies and tokens only: an auditor sees that a case or a gap changed, not the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from foundation.accounts.models import ClientToken, Deputy, Membership, User
from portal.administration.audit_details import detail_term, detail_value

SHOWN_WITH_VALUES = (User, Membership, Deputy, ClientToken)
NAMES = {"client_token": "clienttoken"}
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


def list_history(object_type: str, object_id: str) -> list[Change]:
    """List the last changes of one object, newest first. One query; none for a kind without history."""
    table = find_history_table(object_type)
    if table is None or not object_id.isdecimal():
        return []
    rows = table._default_manager.filter(  # noqa: SLF001  a table known only at run time
        pgh_obj_id=int(object_id)
    ).select_related("pgh_context")
    newest_first = list(rows.order_by("-pgh_id")[: MOST_EVENTS + 1])
    return list(_changes(table, newest_first))[:MOST_EVENTS]


def _changes(table: type[Model], newest_first: list[Any]) -> Iterator[Change]:
    with_values = getattr(table, "pgh_tracked_model", None) in SHOWN_WITH_VALUES
    for row, before in zip(newest_first, [*newest_first[1:], None], strict=True):
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
