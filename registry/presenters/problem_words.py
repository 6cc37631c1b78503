"""Problem lines in words: what is wrong with a line, and what somebody must do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.constants import RowAction, RowReason

WHAT_TO_DO: dict[str, Promise] = {
    RowAction.SKIP: gettext_lazy("Nothing."),
    RowAction.DUPLICATE: gettext_lazy("Nothing; tell the sender when it happens often."),
    RowAction.REJECT_ROW: gettext_lazy(
        "Ask the sender for the line as it should be, and receive it with the next file."
    ),
    RowAction.LOAD_WITHOUT_NUMBER: gettext_lazy("Find the number, or start the household registration."),
    RowAction.REJECT_NUMBER: gettext_lazy("Compare the number with the identity card and tell the sender."),
    RowAction.CONVERT_NUMBER: gettext_lazy("Confirm the converted number on the identity card."),
    RowAction.CUT_NUMBER: gettext_lazy(
        "Confirm the number on the identity card; tell the sender the columns are mixed up."
    ),
}


def reason_words(reason: str) -> str:
    """Put a reason into words; a duplicate also names the earlier line."""
    kind, _separator, row = reason.rpartition("_")
    if kind == RowReason.DUPLICATE:
        return _("The same as line %(row)s") % {"row": row}
    return str(RowReason(reason).label) if reason in RowReason.values else reason
