"""The guides as files: which role reads which, and their text as blocks a template shows.

A guide is docs/guides/<guide>.<language>.md and uses little of Markdown: "# " for its title, "## ", paragraphs, lists with "- ",
pictures of docs/screenshots/, **strong** and `key`. Read anew for each reader: a page of a few kilobytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from foundation.accounts.constants import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "guides"
PICTURES = Path(settings.BASE_DIR) / "docs" / "screenshots"
GUIDES: dict[str, tuple[Role, ...]] = {
    "village_helper": (Role.VILLAGE_OFFICIAL,),
    "township_clerk": (Role.TOWNSHIP_CLERK,),
    "county_clerk": (Role.COUNTY_CLERK,),
    "reviewer": (Role.COUNTY_REVIEWER,),
    "approver": (Role.COUNTY_APPROVER,),
    "finance": (Role.FINANCE,),
    "supervisor": (Role.SUPERVISOR,),
    "administrators": (Role.SYSADMIN, Role.SECADMIN),
    "auditor": (Role.AUDITOR,),
}
"""Guide -> the roles it is for, in the order of the list; every role has one."""

PICTURE = re.compile(r"!\[(?P<words>[^\]]+)\]\(\.\./screenshots/(?P<name>\w+)\.png\)")
STYLED = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|`(?P<key>[^`]+)`")


@dataclass(frozen=True)
class Piece:
    """A stretch of text and how it is set: "strong", "key" (a key or button to press) or ""."""

    words: str
    style: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a guide: its kind ("heading", "text", "list" or "picture"), its lines, and a picture's name."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]
    picture: str = ""


@dataclass(frozen=True)
class Guide:
    """A guide in one language."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def guide_for(role: str) -> str:
    """Return the name of a role's guide."""
    return next(name for name, roles in GUIDES.items() if role in roles)


def read_guide(name: str, language: str) -> Guide:
    """Read a guide. Errors: KeyError for a name no guide has."""
    if name not in GUIDES:
        raise KeyError(name)
    paragraphs = (FOLDER / f"{name}.{language}.md").read_text("utf-8").strip().split("\n\n")
    title = paragraphs[0].removeprefix("# ")
    return Guide(name, title, tuple(map(_block, paragraphs[1:])))


def pictures_shown() -> frozenset[str]:
    """Return the names of the pictures guides show; no other file of the folder is served."""
    texts = (path.read_text("utf-8") for path in FOLDER.glob("*.md"))
    return frozenset(found["name"] for text in texts for found in PICTURE.finditer(text))


def _block(paragraph: str) -> Block:
    if picture := PICTURE.fullmatch(paragraph):
        return Block("picture", ((Piece(picture["words"]),),), picture["name"])
    if paragraph.startswith("## "):
        return Block("heading", (_pieces(paragraph.removeprefix("## ")),))
    if paragraph.startswith("- "):
        lines = paragraph.removeprefix("- ").split("\n- ")
        return Block("list", tuple(_pieces(line) for line in lines))
    return Block("text", (_pieces(paragraph),))


def _pieces(text: str) -> tuple[Piece, ...]:
    text, pieces, end = " ".join(text.split()), [], 0
    for found in STYLED.finditer(text):
        pieces += [Piece(text[end : found.start()]), Piece(found[found.lastgroup or 0], found.lastgroup or "")]
        end = found.end()
    return tuple(each for each in (*pieces, Piece(text[end:])) if each.words)
