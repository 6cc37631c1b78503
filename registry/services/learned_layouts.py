"""Layouts of senders' tables, saved from the mapping page or a layout file. Found again: intake/delivery_layouts.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, Conflict
from registry.constants import DeliveryState
from registry.intake.delivery_layouts import has_unknown_words, needs_mapping
from registry.intake.errors import IntakeError
from registry.intake.files import sheets_of
from registry.intake.headers import DEEPEST_HEADER_ROW, MOST_MEMBERS
from registry.intake.layouts import Layout, SheetLayout, get_layout
from registry.intake.recognising import find_layout, lacking, missing_columns, with_surroundings
from registry.intake.sheets import Sheet
from registry.intake.stated_layouts import (
    MEMBER_NAME,
    MEMBER_NUMBER,
    fingerprint,
    layout_from_mapping,
    mapping_of,
)
from registry.models import Delivery, LearnedLayout
from registry.selectors.deliveries import get_delivery
from registry.selectors.stored_files import read_original
from registry.services.samples import get_sample


@dataclass(frozen=True)
class Answers:
    """A user's answers about a table: columns map field -> column, values field -> the sender's word -> our value."""

    feed: str
    header_row: int
    columns: Mapping[str, int]
    values: Mapping[str, Mapping[str, str]]


@transaction.atomic
def save_mapping(*, actor: Actor, delivery_id: int, sender: str, answers: Answers, at: datetime) -> Delivery:
    """Save a user's answers about the columns of a refused file, or the words of one that was read; a worker then reads it again.

    An applied file stays as it is: the answers serve the next one, or this one applied again after it is undone.
    Effects: inserts a LearnedLayout, locks the delivery, state refused or checked -> received; audit verb layout_saved.
    Errors: NotAllowed; NotFound outside the unit; Conflict when there is nothing to state about the file; BadInput for
    answers the page cannot give; IntakeError missing_columns.
    """
    actor.demand(Action.APPLY_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("county").get(pk=delivery_id)
    if not (needs_mapping(delivery) or has_unknown_words(delivery)):
        raise Conflict(
            _("This file is not waiting for its columns to be identified."), code="no_mapping_asked", ids=[delivery_id]
        )
    sheet = get_sample(delivery)
    _demand_fitting(answers, sheet)
    found = layout_from_mapping(answers.feed, answers.header_row, answers.columns, answers.values)
    _demand_required(with_surroundings(found, sheet, delivery.file_name))
    _save(actor, delivery, sheet, found, sender, at)
    if delivery.state != DeliveryState.APPLIED:
        delivery.state, delivery.refusal = DeliveryState.RECEIVED, {}
        delivery.save(update_fields=["state", "refusal"])
    return delivery


def _demand_fitting(answers: Answers, sheet: Sheet) -> None:
    """Refuse answers the page cannot give: a line or column the table does not have, a field or a value the feed does not have."""
    layout = get_layout(answers.feed)
    members = range(1, MOST_MEMBERS + 1) if layout.wide else ()
    fields = {*layout.columns, *(f"{prefix}{place}" for place in members for prefix in (MEMBER_NAME, MEMBER_NUMBER))}
    values = {field: set(words.values()) for field, words in layout.values.items()}
    fit = (
        -1 <= answers.header_row < min(sheet.rows, DEEPEST_HEADER_ROW)
        and all(field in fields and 0 <= column < len(sheet.cells) for field, column in answers.columns.items())
        and all(set(words.values()) <= values.get(field, set()) for field, words in answers.values.items())
    )
    if not fit:
        raise BadInput(
            _("These answers do not fit the table."), code="answers_not_fitting", what_to_do=_("Open the page again.")
        )


def _demand_required(found: SheetLayout) -> None:
    if missing_columns(found):
        raise lacking(found)


@transaction.atomic
def learn_layout_file(*, actor: Actor, delivery: Delivery, layout: Layout, at: datetime) -> int:
    """Save what a layout file states of the sheets of a delivery; return for how many sheets.

    Errors: NotAllowed; IntakeError when no sheet fits the layout.
    """
    actor.demand(Action.APPLY_DELIVERY)
    learned, refusals = 0, []
    for sheet in sheets_of(read_original(delivery), delivery.file_name):
        try:
            found = find_layout(sheet, delivery.file_name, (layout,))
        except IntakeError as refusal:
            refusals.append(refusal)
            continue
        _save(actor, delivery, sheet, found, layout.name, at)
        learned += 1
    if not learned:
        raise refusals[0]
    return learned


def _save(actor: Actor, delivery: Delivery, sheet: Sheet, found: SheetLayout, sender: str, at: datetime) -> None:
    mapping = mapping_of(found, sheet)
    layout = LearnedLayout.objects.create(
        county=delivery.county,
        sender=sender[:100],
        feed=found.layout.feed.value,
        fingerprint=fingerprint(sheet, found.header_row),
        mapping=mapping,
        saved_by=actor.username,
        saved_at=at,
    )
    detail = {"feed": layout.feed, "sender": layout.sender, "columns": sorted(mapping["columns"])}
    record_event(actor=actor, verb="layout_saved", object_type="delivery", object_id=delivery.pk, detail=detail)
