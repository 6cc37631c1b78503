"""Lines of delivered files for the page: cells as sent, every number of a person, account or telephone in them masked.

A column read as numbers is masked whole, damaged ones too; elsewhere what is as long as a number is. The sender's own keys (roll,
household, certificate) stay unless they read as somebody's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from foundation.primitives.masks import mask_bank_account, mask_id, mask_phone
from registry.intake.layouts import plain_header
from registry.intake.lexicon import read_words
from registry.services.delivered_lines import OpenedSheet

_KEYS = {"roll_no", "household_no", "person_no", "employer_no", "unit_code", "place_code"}
_NUMBERS = {"number", "head_number", "disability_no", "before", "after"}
_IDENTITY_HEADER = re.compile(r"身份|证件|公民|残疾证|社会保障号|社保号|sfz|idcard|aac002|aac147", re.IGNORECASE)
_ACCOUNT_HEADER = re.compile(r"银行.*(账|帐|卡)|(账|帐|卡)号|开户")
_PHONE_HEADER = re.compile(r"电话|手机|联系方式")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ -]?\d){8}|0\d{2,3}[ -]?\d{7,8})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LONG = re.compile(r"(?<!\d)\d(?:[ \-.]?\d){12,}(?:[ \-]?[XxＸｘ])?")
_READS_AS_IDENTITY = re.compile(
    r"(?<!\d)(?:\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{1,4}[XxＸｘ]?"
    r"|\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?!\d)"
)


@dataclass(frozen=True)
class ShownLine:
    """One line: its number, whether it is the one asked for, its cells with their headers; None outside the reader's unit."""

    line: int
    is_asked: bool
    cells: list[tuple[str, str]] | None


@dataclass(frozen=True)
class ShownSheet:
    """A sheet's header and the lines shown of it."""

    name: str
    header: list[str]
    lines: list[ShownLine]


def shown_sheet(sheet: OpenedSheet, asked: int) -> ShownSheet:
    """Return an opened sheet as the page shows it."""
    header = [_mask_in_text(text) for text in sheet.header]
    masks = [_mask_of(field, text) for field, text in zip(sheet.fields, sheet.header, strict=True)]
    lines = []
    for each in sheet.lines:
        cells = None
        if each.cells is not None:
            shown = (mask(cell) for mask, cell in zip(masks, each.cells, strict=True))
            cells = list(zip(header, shown, strict=True))
        lines.append(ShownLine(each.line, each.line == asked, cells))
    return ShownSheet(sheet.name, header, lines)


def _mask_of(field: str, header: str) -> Callable[[str], str]:
    """Return how the cells of a column are masked, by the field it was read as, else by its header."""
    if field in _KEYS:
        return _mask_in_key
    plain = plain_header(header)
    if field in _NUMBERS or _names_a_number(plain) or _IDENTITY_HEADER.search(plain):
        return _mask_whole(mask_id)
    if field == "phone" or _PHONE_HEADER.search(plain):
        return _mask_whole(mask_phone)
    return _mask_whole(mask_bank_account) if _ACCOUNT_HEADER.search(plain) else _mask_in_text


def _names_a_number(header: str) -> bool:
    """Answer whether a header speaks of anybody's identity number."""
    return any("identity" in concepts for concepts in read_words(header).concepts)


def _mask_whole(mask: Callable[[str], str]) -> Callable[[str], str]:
    """Mask a cell whole where it has digits, and leave words such as 无 or 不详."""
    return lambda cell: mask(cell.strip()) if re.search(r"\d", cell) else cell


def _mask_in_key(cell: str) -> str:
    """A key may contain the digits of a landline by chance: only mobile telephones are masked as such."""
    return _READS_AS_IDENTITY.sub(_id_masked, _MOBILE.sub(_phone_masked, cell))


def _mask_in_text(cell: str) -> str:
    return _PHONE.sub(_phone_masked, _LONG.sub(_id_masked, cell))


def _id_masked(found: re.Match[str]) -> str:
    return mask_id(found[0])


def _phone_masked(found: re.Match[str]) -> str:
    return mask_phone(found[0])
