"""What senders' tables look like, told by people and remembered: saved from the mapping page or a layout file, recalled later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict
from registry.constants import DeliveryState, Feed
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from registry.intake.files import sheets_of
from registry.intake.layouts import Layout, SheetLayout
from registry.intake.mapping_guess import (
    MappingGuess,
    fingerprint,
    guess_mapping,
    layout_from_mapping,
    mapping_of,
    recall_layout,
)
from registry.intake.recognising import check_words, find_layout, missing_columns
from registry.intake.sheets import Sheet
from registry.models import Delivery, LearnedLayout
from registry.selectors.deliveries import get_delivery
from registry.services.originals import open_original

Kept = Mapping[str, tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Answers:
    """What a person says of a table: columns map field -> column, values field -> their word -> ours."""

    feed: str
    header_row: int
    columns: Mapping[str, int]
    values: Mapping[str, Mapping[str, str]]


def kept_layouts(county_id: int) -> Kept:
    """Return a county's learned layouts by fingerprint, the latest of each."""
    rows = LearnedLayout.objects.filter(county_id=county_id).order_by("id")
    return {
        row.fingerprint: (f"{row.feed} ({row.sender})"[:64] if row.sender else row.feed, row.mapping) for row in rows
    }


def layout_of(sheet: Sheet, file_name: str, kept: Kept) -> SheetLayout:
    """Return the layout a person told for this header, else the one recognised.

    Errors: IntakeError as find_layout.
    """
    told = recall_layout(sheet, kept)
    if told is None:
        return find_layout(sheet, file_name)
    check_words(told, sheet)
    return told


def guess_of(delivery: Delivery, feed: Feed | None = None) -> MappingGuess:
    """Return what the mapping page presets for a delivery, with `feed` chosen or not.

    Errors: IntakeError when the file itself cannot be opened.
    """
    sheet = sheet_to_map(delivery)
    return guess_mapping(sheet, delivery.file_name, feed, recall_layout(sheet, kept_layouts(delivery.county_id)))


def needs_mapping(delivery: Delivery) -> bool:
    """Say whether a person's word on columns or words would let this file be read."""
    return delivery.state == DeliveryState.REFUSED and delivery.refusal.get("code") in NEEDS_MAPPING


def sheet_to_map(delivery: Delivery) -> Sheet:
    """Return the sheet the mapping page is about: the first that nobody knows and that has lines, else the longest.

    Errors: IntakeError when the file itself cannot be opened.
    """
    sheets = sheets_of(open_original(delivery), delivery.file_name)
    kept = kept_layouts(delivery.county_id)
    return max(sheets, key=lambda sheet: (_is_unknown(sheet, delivery.file_name, kept), sheet.rows))


def _is_unknown(sheet: Sheet, file_name: str, kept: Kept) -> bool:
    try:
        layout_of(sheet, file_name, kept)
    except IntakeError:
        return sheet.rows > 1
    return False


@transaction.atomic
def save_mapping(*, actor: Actor, delivery_id: int, sender: str, answers: Answers, at: datetime) -> Delivery:
    """Keep what a person says of a refused file's columns; the file waits again for a worker.

    Effects: inserts a LearnedLayout, locks the delivery, state refused -> received; audit verb layout_saved.
    Errors: NotAllowed; NotFound outside the unit; Conflict when the file does not wait for it; IntakeError missing_columns.
    """
    actor.demand(Action.APPLY_DELIVERY)
    get_delivery(actor, delivery_id)
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("county").get(pk=delivery_id)
    if not needs_mapping(delivery):
        raise Conflict(
            _("This file does not wait for its columns to be named."), code="no_mapping_asked", ids=[delivery_id]
        )
    sheet = sheet_to_map(delivery)
    found = layout_from_mapping(answers.feed, answers.header_row, answers.columns, answers.values)
    _demand_whole(found)
    _keep(actor, delivery, sheet, found, sender, at)
    delivery.state, delivery.refusal = DeliveryState.RECEIVED, {}
    delivery.save(update_fields=["state", "refusal"])
    return delivery


def _demand_whole(found: SheetLayout) -> None:
    lacking = missing_columns(found)
    if lacking:
        words = "、".join("/".join(found.layout.columns[name][0] for name in group.split("|")) for group in lacking)
        raise IntakeError("missing_columns", feed=found.layout.feed.value, columns=words)


@transaction.atomic
def learn_layout_file(*, actor: Actor, delivery: Delivery, layout: Layout, at: datetime) -> int:
    """Keep what a layout file says of the sheets of a delivery; returns of how many sheets.

    Errors: NotAllowed; IntakeError when no sheet fits the layout.
    """
    actor.demand(Action.APPLY_DELIVERY)
    learned, refusals = 0, []
    for sheet in sheets_of(open_original(delivery), delivery.file_name):
        try:
            found = find_layout(sheet, delivery.file_name, (layout,))
        except IntakeError as refusal:
            refusals.append(refusal)
            continue
        _keep(actor, delivery, sheet, found, layout.name, at)
        learned += 1
    if not learned:
        raise refusals[0]
    return learned


def _keep(actor: Actor, delivery: Delivery, sheet: Sheet, found: SheetLayout, sender: str, at: datetime) -> None:
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
