"""Problem lines in the reader's language: what is wrong with a line, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.constants import RowAction, RowReason

WHAT_TO_DO: dict[str, Promise] = {
    RowAction.SKIP: gettext_lazy("No action needed."),
    RowAction.DUPLICATE: gettext_lazy("No action needed; tell the sender if it happens often."),
    RowAction.REJECT_ROW: gettext_lazy("Ask the sender to correct the line and include it in the next file."),
    RowAction.LOAD_WITHOUT_NUMBER: gettext_lazy("Find the number, or help with household registration."),
    RowAction.REJECT_NUMBER: gettext_lazy("Check the number against the identity card and tell the sender."),
    RowAction.CONVERT_NUMBER: gettext_lazy("Check the converted number against the identity card."),
    RowAction.LOAD_AS_UNKNOWN: gettext_lazy("Ask the sender what the term means, and state its meaning."),
    RowAction.LOAD_WITHOUT_DATE: gettext_lazy(
        "Ask the sender for the exact date; until then it decides nothing about money."
    ),
    RowAction.NUMBER_DECIDES: gettext_lazy(
        "Check the identity card: the number or what stands beside it is wrong; tell the sender."
    ),
    RowAction.CHECK_NOTE: gettext_lazy("Ask the village, and tell the sender to write it into a column of its own."),
    RowAction.CUT_NUMBER: gettext_lazy(
        "Check the number against the identity card; tell the sender that the columns are mixed up."
    ),
}


def reason_words(reason: str) -> str:
    """Return a reason in the reader's language; a duplicate also names the earlier line."""
    if row := repeated_line(reason):
        return _("Same as line %(row)s") % {"row": row}
    return str(RowReason(reason).label) if reason in RowReason.values else reason


def repeated_line(reason: str) -> int:
    """Return the line a duplicate repeats; 0 for every other reason."""
    kind, _separator, row = reason.rpartition("_")
    return int(row) if kind == RowReason.DUPLICATE and row.isdecimal() else 0
