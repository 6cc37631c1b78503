"""What the help of a page says beside its keys: what the page is for, what one does there, and what comes next.

Every app registers the texts of its own pages by the name of their address, as with tiles. The frame of a page looks its own up; a
part of a page and a download have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class PageHelp:
    """The three sentences about a page."""

    purpose: Promise
    work: Promise
    after: Promise


_HELP: dict[str, PageHelp] = {}


def register_help(texts: Mapping[str, PageHelp]) -> None:
    """Make the texts of an app's pages known, by address name. Errors: ValueError when a name has another text already."""
    for name, text in texts.items():
        if _HELP.setdefault(name, text) is not text:
            raise ValueError(f"the page {name} has a help text already")


def find_help(name: str) -> PageHelp | None:
    """Return the help of a page by its address name; None where nothing is registered."""
    return _HELP.get(name)
