"""How surely a column is a field: what its header says and what its cells look like, weighed together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.intake.contents import KINDS, filled_cells, share_like
from registry.intake.headers import Header
from registry.intake.layouts import ANY_WORD, Layout, ReadBy, Reason
from registry.intake.lexicon import LIKELY, cells_kind, field_grades, may_be_anything, read_words
from registry.intake.sheets import Sheet

USUAL, LOWEST_ROW = 1.0, 0.97
SURE_HEADER = 0.8
CONFIRMED, FOREIGN, OTHERWISE = 0.6, 0.2, 0.8
"""Shares of a column's cells: from which they confirm a header; below which they do not look like it; from which they are another kind."""
BY_CELLS = 0.25
CONFIRMATION, DOUBT = 0.2, 0.1
KEY_LIKE_A_NUMBER = 0.3
"""A key of identity numbers may be one, but the number itself comes first."""
ENOUGH_CELLS, CELLS_COMPARED = 3, 60
MOST_ALIKE = 20
WORDS = "words"
_CONFLICTING: dict[str, tuple[str, ...]] = {
    "person_name": ("identity_number", "phone", "day", "sex"),
    "identity_number": ("person_name", "place", "day", "phone", "sex"),
    "day": ("identity_number", "person_name", "place", "phone", "sex"),
    "place": ("identity_number", "phone", "sex"),
    "sex": ("identity_number", "person_name", "day", "place", "phone"),
    "phone": ("identity_number", "person_name", "place", "day", "sex"),
    "key": ("person_name", "sex"),
    WORDS: ("identity_number", "phone"),
}
_OF_SOMEBODY = frozenset({"name", "number", "sex", "birth", "phone", "address", "hukou", "person_no"})
"""Fields a heading may give to somebody else (帮扶人 above 姓名); a household's status under 帮扶信息 stays its status."""
_FOUND_BY_CELLS = ("name", "number")
"""Beside the fields with known words."""


@dataclass(frozen=True)
class Evidence:
    """That a column may be a field: the grade, whether it needs nobody's confirmation, and why."""

    field: str
    column: int
    grade: float
    is_certain: bool
    reason: Reason


class Cells:
    """The first cells of a sheet's columns and what they look like. Each is read once, whatever layouts and headers ask."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cells: dict[tuple[int, int], list[str]] = {}
        self._shares: dict[tuple[int, int, str], float] = {}
        self._known: dict[tuple[int, int, int, str], float] = {}

    def of(self, column: int, below: int) -> list[str]:
        """Return the first filled cells of a column below a line."""
        key = (column, below)
        if key not in self._cells:
            self._cells[key] = filled_cells(self._sheet, column, below, CELLS_COMPARED)
        return self._cells[key]

    def share(self, column: int, below: int, kind: str) -> float:
        """Return the share of them that look like a kind."""
        key = (column, below, kind)
        if key not in self._shares:
            self._shares[key] = share_like(self.of(column, below), kind)
        return self._shares[key]

    def known(self, column: int, below: int, layout: Layout, field: str) -> float:
        """Return the share of them whose word the field's value map knows; figures prove nothing."""
        key = (column, below, id(layout), field)
        if key not in self._known:
            words = Counter(self.of(column, below))
            known = sum(count for word, count in words.items() if not word.isdigit() and layout.knows(field, word))
            self._known[key] = known / words.total() if words else 0.0
        return self._known[key]

    def looks(self, column: int, below: int, layout: Layout, field: str) -> tuple[str | None, float | None]:
        """Return the kind of a field's cells and the share that look so; None for what is not known or too few cells."""
        kind = WORDS if field in layout.values else cells_kind(layout.feed.value, field)
        if kind is None or not self.of(column, below):
            return kind, None
        if kind == WORDS:
            return kind, self.known(column, below, layout, field) if field in layout.values else None
        return kind, self.share(column, below, kind)

    def contradict(self, column: int, below: int, kind: str | None, share: float | None) -> bool:
        """Answer whether the cells are clearly of another kind: a name column full of numbers."""
        if kind is None or share is None or share >= FOREIGN or len(self.of(column, below)) < ENOUGH_CELLS:
            return False
        return any(self.share(column, below, other) > OTHERWISE for other in _CONFLICTING.get(kind, ()))


def list_evidence(layout: Layout, header: Header, cells: Cells, taken: set[int]) -> list[Evidence]:
    """Return everything that speaks for a field of the layout in any column, the strongest first; for equal ones the layout's order."""
    below = header.row + 1
    found: list[Evidence] = []
    unclaimed: list[int] = []
    for column in considered(header, taken):
        graded = _by_header(layout, header, column)
        found += [
            each for field, grade in graded.items() if (each := _weighed(layout, field, column, grade, cells, below))
        ]
        if not graded and may_be_anything(header.whole[column]):
            unclaimed.append(column)
    if sum(map(bool, header.whole)) * 2 >= len(header.whole):  # a title has no columns below it
        found += _by_cells(layout, unclaimed, cells, below)
    order = {name: place for place, name in enumerate(layout.columns)}
    return sorted(found, key=lambda each: (-each.grade, order[each.field], each.column))


def considered(header: Header, taken: set[int]) -> list[int]:
    """List the columns not taken; of those with the same text the first few, because each is compared with its cells."""
    seen: dict[str, int] = defaultdict(int)
    listed = []
    for column, text in enumerate(header.whole):
        if column not in taken and seen[text] < MOST_ALIKE:
            seen[text] += 1
            listed.append(column)
    return listed


def _by_header(layout: Layout, header: Header, column: int) -> Mapping[str, tuple[float, ReadBy]]:
    """Return by field how surely the header says it: a word of the layout itself, else by the lexicon; of merged rows the lowest too."""
    whole, last = header.whole[column], header.last[column]
    if not whole:
        return {}
    lowest = last if last != whole else ""
    of_others = bool(lowest) and _speaks_of_others(whole.removesuffix(last))
    grades = _of_text(layout, whole, USUAL, 1.0)
    for field, each in _of_text(layout, lowest, LOWEST_ROW, LOWEST_ROW).items() if lowest else ():
        if not (of_others and field in _OF_SOMEBODY) and each[0] > grades.get(field, (0.0,))[0]:
            grades[field] = each
    return {field: grades[field] for field in layout.columns if field in grades}


def _of_text(layout: Layout, text: str, usual: float, by_words: float) -> dict[str, tuple[float, ReadBy]]:
    """Return the fields whose usual word the text is, at that grade less a little for the later words, and those its words say."""
    grades = {
        field: (grade * by_words, ReadBy.HEADER)
        for field, grade in field_grades(layout.feed.value, text).items()
        if field in layout.columns
    }
    for field, place in layout.usual_fields.get(text, ()):
        grade = usual - 0.001 * place
        if grade >= grades.get(field, (0.0,))[0]:
            grades[field] = grade, ReadBy.USUAL_HEADER
    return grades


def _speaks_of_others(heading: str) -> bool:
    """Answer whether the heading above a column gives it to somebody else: 户主 above 身份证号."""
    return any(concepts & {"other", "head", "verifier"} for concepts in read_words(heading).concepts)


def _weighed(
    layout: Layout, field: str, column: int, header: tuple[float, ReadBy], cells: Cells, below: int
) -> Evidence | None:
    """Add what the cells say to a header's grade; None where they contradict it."""
    written, by = header
    kind, share = cells.looks(column, below, layout, field)
    if cells.contradict(column, below, kind, share):
        return None
    confirmed = share is not None and share >= CONFIRMED and kind != "key"
    foreign = share is not None and share < FOREIGN and kind in KINDS and kind != "key"
    if written < LIKELY and foreign and by == ReadBy.HEADER:
        return None
    is_certain = written >= SURE_HEADER or confirmed or (not cells.of(column, below) and written >= LIKELY - DOUBT)
    grade = written + CONFIRMATION * confirmed - DOUBT * foreign
    if kind == "key" and cells.share(column, below, "identity_number") > OTHERWISE:
        grade -= KEY_LIKE_A_NUMBER
    return Evidence(field, column, grade, is_certain, Reason(by, share if confirmed else None))


def _by_cells(layout: Layout, columns: Iterable[int], cells: Cells, below: int) -> list[Evidence]:
    """What the cells alone say of columns whose header says nothing: certain where one column only can be it."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for column in columns:
        for field in layout.columns:
            kind, share = cells.looks(column, below, layout, field)
            if (
                len(cells.of(column, below)) >= ENOUGH_CELLS
                and (kind == WORDS or field in _FOUND_BY_CELLS)
                and share is not None
                and share >= OTHERWISE
                and ANY_WORD not in layout.values.get(field, ())
            ):
                found[field].append(
                    Evidence(field, column, BY_CELLS + CONFIRMATION * share, True, Reason(ReadBy.CELLS, share))
                )
    return [
        each if len(several) == 1 else Evidence(each.field, each.column, each.grade, False, each.reason)
        for several in found.values()
        for each in several
    ]
