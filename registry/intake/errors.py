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
    "county_unknown": _("There is no county with the code %(code)s. Check the six digits."),
}


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
