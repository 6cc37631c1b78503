"""Why a night failed, in words; anything else in `error` is a library's own first line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "no_resident_roll": _(
        "No resident roll has been applied for this county up to this day. Receive it, then run the night."
    ),
    "no_poor_persons": _(
        "No poverty, dibao or tekun file has been applied up to this day. Receive one, then run the night."
    ),
    "nothing_to_publish": _("The night's files are gone. Run the night again."),
    "file_missing": _(
        "A file this night reads is missing or damaged. Receive the roll again or restore the data folder, then run the night."
    ),
    "disk_full": _(
        "The disk of the data folder is full. Nothing was published; free some space and run the night again."
    ),
    "engine_failed": _(
        "The comparison stopped for want of memory or disk. Nothing was published; free some and run it again."
    ),
    "cancelled": _("The night was cancelled; nothing was published."),
}


def sentence(error: str) -> str:
    """Render a run's error in the language in force."""
    return str(SENTENCES.get(error, error))
