"""Why a file is refused, in words: what happened, why, what to do. Stored as a code with values, rendered in both languages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "empty_file": _("The file is empty. Ask the sender for it again."),
    "zip_broken": _("The zip file is damaged or was cut off on its way. Nothing was loaded; send it again."),
    "zip_too_deep": _("There are zip files inside zip files more than three deep. Send the table itself."),
    "zip_too_large": _("A part of the zip file unpacks to more than is plausible. Nothing was opened; send it as csv."),
    "password": _("The file is protected by a password. Send it without one."),
    "is_pdf": _("This is a PDF, not a table. Ask the sender for the xlsx or csv file it was made from."),
    "not_a_workbook": _(
        "The file calls itself a workbook but cannot be opened as one. Save it as xlsx and send it again."
    ),
    "binary": _("The text file holds bytes that no text has (NUL). Save it as csv again and send it."),
    "encoding": _(
        "The text is neither UTF-8 nor GB18030 throughout. Save it as csv in one of the two and send it again."
    ),
    "mixed_encodings": _(
        "Some lines are written in another encoding than the rest (UTF-8 and GB18030 in one file): lines %(rows)s. Either "
        "reading would change names without a trace; save the whole table in one encoding and send it again."
    ),
    "cell_too_long": _(
        "A cell holds more than %(most)s characters (line %(row)s): a quotation mark is missing, or something was pasted into "
        "it. Correct the cell and send the file again."
    ),
    "too_many_columns": _(
        "The table has %(columns)s columns; no spreadsheet has more than %(most)s. Probably the line ends are missing. "
        "Nothing was loaded."
    ),
    "too_many_cells": _("The table is larger than can be read at once (%(most)s). Send it in parts, or as csv."),
    "far_cell": _(
        "Something stands far outside the table: the sheet reaches to column %(columns)s and line %(rows)s. Delete what stands "
        "beside the table, or save it as csv, and send it again."
    ),
    "xml_declarations": _(
        "The workbook holds declarations that no spreadsheet program writes. It was not opened. Save the table as csv and "
        "send it again."
    ),
    "is_web_page": _(
        "This is a web page or an XML text called a table. Open it in a spreadsheet program, save it as xlsx and send it again."
    ),
    "other_packer": _("The file is packed as %(packer)s. Pack it as zip, or send the table itself."),
    "empty_zip": _("The zip file holds no table. Ask the sender for it again."),
    "which_feed": _(
        "This file may be “%(one)s” or “%(other)s”: its headers fit both and nothing in it decides. Say which it is; nothing "
        "was loaded."
    ),
    "no_feed_chosen": _("Say first which feed the file is."),
    "unknown_words": _(
        "Most words in the column “%(column)s” are unknown: %(words)s. Say what they mean; nothing was loaded."
    ),
    "unknown_layout": _(
        "No known layout fits the headers of this file: %(headers)s. Check that it is the right file; nothing was loaded."
    ),
    "missing_columns": _(
        "This looks like the file “%(feed)s”, but it lacks the columns %(columns)s. Ask the sender to add them; "
        "nothing was loaded."
    ),
    "no_rows": _(
        "The file has headers but no line that names a person. Nothing was loaded; ask the sender for a full list."
    ),
    "same_file": _("This very file was received before, on %(day)s (delivery %(delivery)s). Nothing was changed."),
    "already_applied": _(
        "A file of this feed for %(day)s is already applied (delivery %(delivery)s). Undo that first, or correct the day."
    ),
    "older_than_applied": _(
        "A newer file of this feed, of %(newer)s (delivery %(delivery)s), is already applied. A file of %(day)s would turn "
        "the register back; nothing was loaded."
    ),
    "other_county": _(
        "%(share)s of the places in this file lie outside %(county)s. Check the county; nothing was loaded."
    ),
    "loss_limit": _(
        "This file has %(rows)s rows, the one before it %(before)s: more than the region's limit is gone. Look at it, and "
        "apply it with consent if it is right."
    ),
    "last_months_file": _(
        "A file called %(name)s was applied for %(day)s (delivery %(delivery)s), and its name says that month. Ask for the new "
        "one; if it is right all the same, apply it with consent."
    ),
    "discarded": _("%(who)s put this file aside; nothing of it was applied."),
    "corrects_several": _("The mended lines of several files stand in this one. Send each list back by itself."),
    "corrects_roll": _("Lines of a roll cannot be mended one by one: ask the sender for the whole roll again."),
    "corrects_unknown": _(
        "This list mends delivery %(delivery)s, which is not applied here. Download the problem list of the file in force."
    ),
    "corrects_other_day": _(
        "This list mends delivery %(delivery)s, which describes %(day)s. Choose that day, and send it again."
    ),
}


NEEDS_MAPPING = frozenset({"unknown_layout", "missing_columns", "which_feed", "unknown_words"})
"""Refusals that a person's word can lift: which column is what, which word means what."""


class IntakeError(Exception):
    """A file that is refused whole. `code` names the sentence, `values` fill it; neither ever holds a person's data."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {key: str(value) for key, value in values.items()}

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "values": self.values}


def sentence(refusal: dict[str, object]) -> str:
    """Render a stored refusal in the language in force."""
    values = refusal.get("values")
    return str(SENTENCES[str(refusal["code"])]) % (values if isinstance(values, dict) else {})
