"""What is said about how a file was read: the fate of every part, and what a reader should know before applying it.

A remark is a code with values, stored with the delivery (`Delivery.reading`) and put into words in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.primitives.personal_texts import hide_numbers
from registry.constants import Feed
from registry.intake.fields import label_of

REMARKS: dict[str, Promise] = {
    "part_not_read": _("“%(part)s” was not read: it is not a table (%(kind)s)."),
    "data_not_read": _("“%(part)s” was not read (%(kind)s): if it lists persons, ask for it as a workbook or text."),
    "pictures_not_read": _("Pictures in the file that were not read: %(rows)s."),
    "part_empty": _("“%(part)s” is empty."),
    "note_sheet": _("Sheet “%(sheet)s” lists nobody; it was passed over."),
    "summary_sheet": _("Sheet “%(sheet)s” is a summary; it was passed over."),
    "summary_agrees": _("The total of %(total)s on sheet “%(sheet)s” agrees with the persons read."),
    "summary_differs": _("Sheet “%(sheet)s” states a total of %(total)s, but %(rows)s persons were read."),
    "empty_sheet": _("Sheet “%(sheet)s” has headers but lists nobody."),
    "hidden_sheet": _("Sheet “%(sheet)s” is hidden. Persons left out: %(rows)s."),
    "exited_sheet": _("Judging by its name, sheet “%(sheet)s” lists persons who left. Persons left out: %(rows)s."),
    "left_sheet_read": _(
        "Sheet “%(sheet)s” is hidden, or by its name lists persons who left, but the file has no other. Persons read: %(rows)s."
    ),
    "other_feed": _("“%(feed)s” in the same file became a file of its own. Lines: %(rows)s."),
    "hidden_rows": _("Hidden lines of sheet “%(sheet)s”: %(rows)s. They were read as current."),
    "struck_rows": _("Lines of sheet “%(sheet)s” that are struck out: %(rows)s. They were read as current."),
    "cut_at_limit": _(
        "Sheet “%(sheet)s” is full to the last line of its format (%(rows)s): the list is probably cut off."
    ),
    "unchanged": _("The same list as of %(day)s: nothing changed, and it now holds as of the new day."),
    "unchanged_old_name": _(
        "The same list as of %(day)s, and its name states that month: it holds as of the new day only if nothing changed since."
    ),
    "parts_missing": _(
        "Only a part of the list. When it came, these parts of the list before were still missing: %(parts)s. Nobody leaves the "
        "list, and no nightly run uses it, before all are there."
    ),
    "complete_without": _(
        "The list was declared complete without these parts of the list before: %(parts)s. Reason: %(reason)s"
    ),
    "said_complete": _(
        "Its sender states that the list is complete without these parts: %(parts)s. Reason: %(reason)s"
    ),
    "below_limit": _("Of the cells of “%(field)s”, %(share)s were understood; the limit of this feed is %(limit)s."),
    "understood_less": _(
        "Of the cells of “%(field)s”, %(share)s were understood; in the file of %(day)s it was %(before)s."
    ),
    "column_gone": _("No column was taken for “%(field)s”; the file of %(day)s had one."),
    "without_village": _(
        "Lines whose place does not reach the village: %(rows)s of %(lines)s. Their persons are not found by name and village, and no "
        "village is asked about them."
    ),
    "keys_lost": _(
        "Numbers in the column “%(column)s” of sheet “%(sheet)s” that lost their last digits in a spreadsheet: %(rows)s. Nobody "
        "is recognised by them."
    ),
}


@dataclass(frozen=True)
class Remark:
    """One thing said about a file."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": dict(self.values)}


def remark(code: str, **values: object) -> Remark:
    """Return a remark with its values as texts, counts with thousands separated, names of parts without numbers of persons."""
    return Remark(
        code, {name: f"{each:,}" if isinstance(each, int) else hide_numbers(str(each)) for name, each in values.items()}
    )


def remark_words(stored: Mapping[str, Any]) -> str:
    """Return a stored remark in the reader's language."""
    values = dict(stored["values"])
    if "feed" in values:
        values["feed"] = str(Feed(values["feed"]).label)
    if "field" in values:
        values["field"] = label_of(values["field"])
    return str(REMARKS[stored["code"]]) % values
