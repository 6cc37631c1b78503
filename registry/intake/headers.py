"""The header of a table: in one row or in two or three merged ones, and which columns name a household's members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from registry.intake.layouts import plain_header

DEEPEST_HEADER_ROW = 15
MOST_HEADER_ROWS = 3
MOST_MEMBERS = 30
_FIGURES = {word: place for place, word in enumerate("一二三四五六七八九十", start=1)} | {
    chr(0x2460 + place): place + 1 for place in range(20)
}
_COUNTED = re.compile(r"(?:\d{1,2}(?!\d|位)|(?!五保|一卡|二代)[一二三四五六七八九十]|[\u2460-\u2473])")
_IDENTITY_NUMBER = re.compile(r"\d{17}[\dx]", re.IGNORECASE)
_MEMBER_NAME = re.compile(r"(姓名|名字|成员|家属|保障对象|保障人员|家庭人口|人员)$")
_MEMBER_NUMBER = re.compile(r"(身份证|公民身份|证件号|身份号).*$")
_NOT_A_MEMBER = re.compile(r"联系|监护|帮扶|干部|银行|电话|类型|关系|配偶|父|母|单位|学校")


@dataclass(frozen=True)
class Header:
    """Header texts per column: `whole` joins the rows from top to bottom, `last` is the lowest text that is there.

    `row` is the index of the lowest row (-1: the table has none), `rows` how many there are.
    """

    row: int
    rows: int
    whole: tuple[str, ...]
    last: tuple[str, ...]


def list_headers(head: Sequence[Sequence[str]]) -> Iterator[Header]:
    """Yield what may be the header among the first rows: each row alone, and with one or two rows above it.

    Below the first line that names a person is no header, only one repeated: the lines above it would be taken for titles.
    """
    plain = [[plain_header(cell) for cell in row] for row in head[:DEEPEST_HEADER_ROW]]
    for row, cells in enumerate(plain):
        if _names_person(cells):
            return
        if _is_data(cells):
            continue
        yield Header(row, 1, tuple(cells), tuple(cells))
        for rows in range(2, min(MOST_HEADER_ROWS, row + 1) + 1):
            above = plain[row - rows + 1 : row]
            if _is_title(above[0]) or any(map(_is_data, above)):
                break
            yield _merged(row, [*above, cells])


def _is_data(cells: Sequence[str]) -> bool:
    """Answer whether a line is data: it has long figures, headers never do."""
    return any(re.search(r"\d{12}", cell) for cell in cells)


def _names_person(cells: Sequence[str]) -> bool:
    """Answer whether a line has an identity number in one of several filled cells."""
    return sum(map(bool, cells)) > 1 and any(_IDENTITY_NUMBER.fullmatch(cell) for cell in cells)


def _is_title(cells: Sequence[str]) -> bool:
    return len({cell for cell in cells if cell}) < 2


def _merged(row: int, rows: list[list[str]]) -> Header:
    spread = [_spread(upper, below) for upper, below in pairwise(rows)] + [rows[-1]]
    whole, last = [], []
    for texts in zip(*spread, strict=True):
        different = [text for place, text in enumerate(texts) if text and text not in texts[:place]]
        whole.append("".join(different))
        own = [each[len(whole) - 1] for each in rows]
        last.append(next((text for text in reversed(own) if text), ""))
    return Header(row, len(rows), tuple(whole), tuple(last))


def _spread(upper: list[str], below: list[str]) -> list[str]:
    """Carry a group's heading to the columns below it; a heading with nothing below it is a column's own."""
    spread, group = [], ""
    for text, under in zip(upper, below, strict=True):
        if text:
            group = text if under and under != text else ""
            spread.append(text)
        else:
            spread.append(group if under else "")
    return spread


def find_members(header: Header) -> dict[int, tuple[int, int]]:
    """Return the sender's place in the household -> (name column, number column); empty for one person a line."""
    counted = _counted_members(header)
    return counted or _repeated_members(header)


def _counted_members(header: Header) -> dict[int, tuple[int, int]]:
    names: dict[int, int] = {}
    numbers: dict[int, int] = {}
    for column, text in enumerate(header.whole):
        found = _COUNTED.findall(text)
        if len(found) != 1 or _NOT_A_MEMBER.search(text):
            continue
        place = int(found[0]) if found[0].isdigit() else _FIGURES[found[0]]
        rest = re.sub(r"[_.\-()\[\]第个]", "", _COUNTED.sub("", text))
        if _MEMBER_NUMBER.search(rest):
            numbers.setdefault(place, column)
        elif _MEMBER_NAME.search(rest):
            names.setdefault(place, column)
    places = sorted(set(names) & set(numbers))
    if not places or places[0] != 1:
        return {}
    return {place: (names[place], numbers[place]) for place in places if place <= MOST_MEMBERS}


def _repeated_members(header: Header) -> dict[int, tuple[int, int]]:
    """Name, number, name, number …: the same two headers again and again."""
    usual = [text for text in header.last if text and header.last.count(text) > 1]
    names = [column for column, text in enumerate(header.last) if text in usual and _MEMBER_NAME.search(text)]
    numbers = [column for column, text in enumerate(header.last) if text in usual and _MEMBER_NUMBER.search(text)]
    excluded = [column for column in [*names, *numbers] if _NOT_A_MEMBER.search(header.whole[column])]
    if len(names) < 2 or len(names) != len(numbers) or excluded:
        return {}
    if len({header.last[column] for column in names}) > 1:
        return {}
    return dict(enumerate(zip(names, numbers, strict=True), start=1))
