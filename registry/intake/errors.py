"""Why a file is refused: what happened, why, what to do. Stored as a code with values, rendered in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.primitives.errors import Conflict
from registry.constants import Feed
from registry.intake.fields import label_of

SENTENCES: dict[str, Promise] = {
    "empty_file": _("The file is empty. Ask the sender to send it again."),
    "zip_broken": _("The zip file is damaged or incomplete. Nothing was loaded; send it again."),
    "zip_too_deep": _("Zip files are nested more than three deep. Send the table itself."),
    "zip_too_large": _("A file inside the zip unpacks to an implausible size. Nothing was opened; send it as csv."),
    "password": _("The file is protected by a password. Send it without one."),
    "is_pdf": _("This is a PDF, not a table. Ask the sender for the xlsx or csv file it was made from."),
    "not_a_workbook": _("The file is not a valid workbook. Save it as xlsx and send it again."),
    "binary": _("The text file contains invalid bytes (NUL). Save it as csv and send it again."),
    "encoding": _("The text is not consistently UTF-8 or GB18030. Save it as csv in one of the two and send it again."),
    "mixed_encodings": _(
        "Some lines use a different encoding from the rest (UTF-8 and GB18030 in one file): lines %(rows)s. "
        "Reading them either way would silently change names. Save the whole table in one encoding and send it "
        "again."
    ),
    "cell_too_long": _(
        "A cell has more than %(most)s characters (line %(row)s): a quotation mark may be missing, or text was "
        "pasted in by mistake. Correct the cell and send the file again."
    ),
    "too_many_columns": _(
        "The table has %(columns)s columns; a spreadsheet has at most %(most)s. Line breaks are probably "
        "missing. Nothing was loaded."
    ),
    "too_many_cells": _("The table is too large to read at once (limit %(most)s). Send it in parts, or as csv."),
    "far_cell": _(
        "There is content far outside the table: the sheet extends to column %(columns)s and line %(rows)s. "
        "Delete what is outside the table, or save it as csv, and send it again."
    ),
    "xml_declarations": _(
        "The workbook contains declarations that spreadsheet programs do not write. It was not opened. Save the "
        "table as csv and send it again."
    ),
    "is_web_page": _(
        "This is a web page or XML text named like a table. Open it in a spreadsheet program, save it as xlsx "
        "and send it again."
    ),
    "other_packer": _("The file is compressed with %(packer)s. Use zip, or send the table itself."),
    "empty_zip": _("The zip file contains no table. Ask the sender to send it again."),
    "which_feed": _(
        "This file may be “%(one)s” or “%(other)s”: its headers fit both, and the content does not tell them "
        "apart. Choose which it is; nothing was loaded."
    ),
    "no_feed_chosen": _("Choose the feed of the file first."),
    "unknown_words": _("Most terms in the column “%(column)s” are unknown. Enter their meaning; nothing was loaded."),
    "unknown_layout": _(
        "The headers match no known layout. State which column is which, or check that it is the right file; nothing "
        "was loaded."
    ),
    "columns_to_confirm": _(
        "This is the file “%(feed)s”, but a column is not certain: %(fields)s. Confirm it; nothing was loaded."
    ),
    "missing_columns": _(
        "This looks like the file “%(feed)s”, but nothing says which column is: %(fields)s. State which one it is, or ask the sender "
        "to add it; nothing was loaded."
    ),
    "no_rows": _("The file has headers but lists no persons. Nothing was loaded; ask the sender for a full list."),
    "no_line_read": _(
        "None of the lines could be read (%(rows)s with a problem): columns have probably moved, or the dates have an unknown form. "
        "Nothing was loaded; ask the sender to send it again."
    ),
    "masked_numbers": _(
        "The ID numbers are masked (%(count)s of %(rows)s): nobody can be recognised by them. Ask the sender for the full "
        "list; nothing was loaded."
    ),
    "names_damaged": _(
        "Most names have lost characters (%(count)s of %(rows)s): the file was saved in the wrong encoding or is masked. Ask "
        "the sender to send it again; nothing was loaded."
    ),
    "same_file": _("This file was already received on %(day)s (delivery %(delivery)s). Nothing was changed."),
    "already_applied": _(
        "A file of this feed for %(day)s is already applied (delivery %(delivery)s). Undo that first, or correct "
        "the date."
    ),
    "older_than_applied": _(
        "A newer file of this feed, of %(newer)s (delivery %(delivery)s), is already applied. A file of %(day)s "
        "would set the register back; nothing was loaded."
    ),
    "other_county": _(
        "%(share)s of the places in this file are outside %(county)s. Check the county; nothing was loaded."
    ),
    "loss_limit": _(
        "%(gone)s of the %(before)s persons on the previous list are missing (%(gone_share)s, limit %(most_gone)s); "
        "%(new)s of the %(now)s persons in this file are new (%(new_share)s, limit %(most_new)s). A second person "
        "must check the file, and approve it if it is correct."
    ),
    "last_months_file": _(
        "A file named %(name)s was applied for %(day)s (delivery %(delivery)s), and its name shows that month. "
        "Ask for the new file; if this one is correct, approve it."
    ),
    "unforeseen": _(
        "An unforeseen error occurred while this file was processed; nothing was loaded. Try again; if it fails again, "
        "discard it and quote the number %(number)s to the system administrator."
    ),
    "disk_full": _(
        "The disk of the server is full; nothing was loaded. Tell the system administrator, then try again."
    ),
    "too_much_memory": _(
        "Processing this file needs more memory than a worker has; nothing was loaded. Send it in parts or as csv, or ask the "
        "system administrator, with the number %(number)s."
    ),
    "too_long": _(
        "Processing this file took longer than a worker may; nothing was loaded. Send it in parts or as csv, or ask the system "
        "administrator, with the number %(number)s."
    ),
    "discarded": _("%(who)s discarded this file; nothing was applied."),
    "corrects_several": _(
        "This file contains corrected lines of several files. Return each correction file separately."
    ),
    "corrects_roll": _("Roll records cannot be corrected line by line: ask the sender for the complete roll."),
    "corrects_unknown": _(
        "This correction file belongs to delivery %(delivery)s, which is not applied here. Download the problem "
        "list of the current file."
    ),
    "corrects_other_lines": _(
        "This correction file contains %(count)s lines that were not among those to be corrected (line %(row)s is the first). "
        "Send other changes and further persons with the whole list; nothing was loaded."
    ),
}


_OUR_WORDS = {"feed", "fields", "columns", "column", "one", "other", "packer"}
"""Values that are titles of our own layouts, or the name of a program."""
_FIGURES = re.compile(r"[0-9][0-9 ,.%:-]{0,11}")
NEEDS_MAPPING = frozenset({"unknown_layout", "missing_columns", "which_feed", "unknown_words", "columns_to_confirm"})
"""Refusals that end once a user states which column is which and which word means what."""


class IntakeError(Exception):
    """A file that is refused. `code` names the sentence, `values` fill it: our own words, counts and ids, nothing the file says."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {key: str(value) for key, value in values.items()}

    def of_part(self, place: int, count: int) -> IntakeError:
        """Return the refusal with the place of the sheet or part, from 1, where the file has several."""
        return IntakeError(self.code, **self.values, sheet_no=place, sheets=count) if count > 1 else self

    def as_detail(self) -> dict[str, object]:
        """Return it for the audit log: the code with its numbers and days, without names of files and places."""
        return audit_detail(self.as_json())

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "values": self.values}


def snapshot_removed(*delivery_ids: int) -> Conflict:
    """Return the refusal of what needs a prepared roll that is gone."""
    return Conflict(
        gettext("The rolls this needs were removed after their retention."),
        code="snapshot_removed",
        what_to_do=gettext("Choose a later month."),
        ids=list(delivery_ids),
    )


def audit_detail(refusal: Mapping[str, object]) -> dict[str, object]:
    """Return a stored refusal as the audit log keeps it: its code, and of its values our own words, numbers and days."""
    values = refusal.get("values")
    kept = {
        key: value
        for key, value in (values.items() if isinstance(values, dict) else ())
        if key in _OUR_WORDS or _FIGURES.fullmatch(str(value))
    }
    return {"code": refusal["code"], "values": kept} if "code" in refusal else {}


class _Values(dict[str, str]):
    """The values of a sentence; one that was not kept is left open."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(refusal: dict[str, object]) -> str:
    """Render a stored refusal in the language in force."""
    stored = refusal.get("values")
    values = _Values(stored) if isinstance(stored, dict) else _Values()
    feed = values.get("feed", "")
    if feed in Feed.values:
        values["feed"] = str(Feed(feed).label)
    if "fields" in values:
        groups = [[label_of(field, feed) for field in group.split("|")] for group in values["fields"].split(",")]
        values["fields"] = "、".join(" / ".join(group) for group in groups)
    words = str(SENTENCES[str(refusal["code"])]) % values
    if "sheet_no" not in values:
        return words
    place = gettext("This concerns sheet or part %(sheet_no)s of %(sheets)s of the file.") % values
    return f"{words} {place}"
