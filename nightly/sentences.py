"""Why a night failed: the sentence of each code; anything else in `error` is the first line of a library's own message."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "no_resident_roll": _(
        "No resident roll for this county up to this date has been applied. Receive one, then start the nightly run."
    ),
    "no_poor_persons": _(
        "No poverty, dibao or tekun list up to this date has been applied. Receive one, then start the nightly run."
    ),
    "nothing_to_publish": _("The working files of this nightly run are gone. Start it again."),
    "file_missing": _(
        "A file needed by this nightly run is missing or damaged. Receive the roll again or restore the data "
        "folder, then start the run again."
    ),
    "disk_full": _(
        "The disk of the data folder is full. Nothing was published. Free some space and start the nightly run again."
    ),
    "engine_failed": _(
        "The comparison stopped because memory or disk space ran out. Nothing was published. Free some and start "
        "it again."
    ),
    "too_much_memory": _(
        "The nightly run needs more memory than a worker has; nothing was published. Quote the number %(number)s to the system "
        "administrator."
    ),
    "too_long": _(
        "The nightly run took longer than a worker may; nothing was published. Quote the number %(number)s to the system "
        "administrator."
    ),
    "unforeseen": _(
        "The nightly run stopped with an unforeseen error; nothing was published. Start it again; if it fails again, quote "
        "the number %(number)s to the system administrator."
    ),
    "cancelled": _("The nightly run was cancelled; nothing was published."),
}


def sentence(error: str, number: str = "") -> str:
    """Render a run's error in the language in force; `number` is the one to quote."""
    return str(SENTENCES[error]) % {"number": number} if error in SENTENCES else error
