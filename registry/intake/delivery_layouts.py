"""Which layout a delivery's sheets have: one a user stated for the header, else the one recognised; and the guess where none fits."""

from __future__ import annotations

from registry.constants import DeliveryState, Feed, RowReason
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from registry.intake.files import sheets_of
from registry.intake.layouts import SheetLayout
from registry.intake.mapping_guess import MappingGuess, guess_mapping
from registry.intake.recognising import check_words, find_layout, with_surroundings
from registry.intake.sheets import Sheet
from registry.intake.side_sheets import lists_nobody
from registry.intake.stated_layouts import recall_layout
from registry.models import Delivery
from registry.selectors.layouts import LayoutsByFingerprint, list_learned_layouts
from registry.selectors.stored_files import read_original


def layout_of(sheet: Sheet, file_name: str, learned: LayoutsByFingerprint) -> SheetLayout:
    """Return the layout a user stated for this header, else the one recognised.

    Errors: IntakeError as find_layout.
    """
    stated = recall_layout(sheet, learned)
    if stated is None:
        return find_layout(sheet, file_name)
    stated = with_surroundings(stated, sheet, file_name)
    check_words(stated, sheet)
    return stated


def guess_of(delivery: Delivery, sheet: Sheet, feed: Feed | None = None) -> MappingGuess:
    """Return what the mapping page presets for a sheet of a delivery, or its first lines, with `feed` chosen or not."""
    return guess_mapping(
        sheet, delivery.file_name, feed, recall_layout(sheet, list_learned_layouts(delivery.county_id))
    )


def needs_mapping(delivery: Delivery) -> bool:
    """Answer whether the file was refused because its columns or words are unknown, which a user may state."""
    return delivery.state == DeliveryState.REFUSED and delivery.refusal.get("code") in NEEDS_MAPPING


def has_unknown_words(delivery: Delivery) -> bool:
    """Answer whether a checked or applied file contains words nobody has explained: a user may state their meaning."""
    reasons = (RowReason.WORD_UNKNOWN, RowReason.KIND_UNKNOWN, RowReason.GRADE_UNKNOWN)
    is_read = delivery.state in (DeliveryState.CHECKED, DeliveryState.APPLIED)
    return is_read and delivery.problems.filter(reason__in=reasons).exists()


def sheet_to_map(delivery: Delivery) -> Sheet:
    """Return the sheet the mapping page is about: the longest unknown one that is no note or summary, else the longest list.

    Errors: IntakeError when the file itself cannot be opened.
    """
    sheets = sheets_of(read_original(delivery), delivery.file_name)
    learned = list_learned_layouts(delivery.county_id)
    return max(sheets, key=lambda sheet: (_is_unknown(sheet, delivery.file_name, learned), sheet.rows))


def _is_unknown(sheet: Sheet, file_name: str, learned: LayoutsByFingerprint) -> bool:
    try:
        layout_of(sheet, file_name, learned)
    except IntakeError:
        return sheet.rows > 1 and not lists_nobody(sheet)
    return False
