"""The statuses of the poverty and tekun lists as their senders write them: exports go back to the departments that sent the lists."""

from __future__ import annotations

from functools import cache

from registry.constants import Feed
from registry.intake.layouts import get_layout


@cache
def sender_words() -> dict[str, str]:
    """Return our code -> the sender's usual word, over both feeds. The amounts of dibao are exported by code."""
    return get_layout(Feed.POVERTY).usual_words("status") | get_layout(Feed.TEKUN).usual_words("status")


def to_sender_words(statuses: str) -> str:
    """Replace each code among statuses divided by blanks; everything else stays."""
    return " ".join(sender_words().get(each, each) for each in statuses.split(" "))
