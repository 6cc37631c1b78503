"""Which feed a sheet is and which its columns are: by what its headers mean and by what its cells look like, as equal evidence.

What is sure is taken, with the reason (SheetLayout.reasons); what is only likely is asked of a user on the mapping page, at most three
questions a file, because a column guessed wrongly would change the register without a trace.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from registry.constants import PERSON_FEEDS, ROLL_FEEDS, Feed
from registry.intake.contents import filled_cells
from registry.intake.errors import IntakeError
from registry.intake.evidence import DOUBT, SURE_HEADER, Cells, Evidence, considered, list_evidence
from registry.intake.headers import DEEPEST_HEADER_ROW, Header, find_members, list_headers
from registry.intake.layouts import ANY_WORD, Layout, ReadBy, Reason, SheetLayout, all_layouts
from registry.intake.lexicon import field_grade, forget, has_topic, read_words
from registry.intake.sheets import Sheet
from registry.intake.surroundings import Surroundings, surroundings_of, value_around

HINT, VALUES, CONTENT, MEMBER = 3.0, 2.0, 2.0, 1.5
CLOSE, CLEARLY = 0.3, 1.0
RIVAL = 0.004
MOST_QUESTIONS = 3
LEAST_KNOWN_WORDS = 0.5
ENOUGH_CELLS = 3
_ONE_SHAPE = frozenset({Feed.EMPLOYEE, Feed.CIVIL})
_PERSON = ("name", "number")
_HEADED_BY = {"name": {"name", "person"}, "number": {"identity", "standing"}}
_PLACES = ("place", "unit_code")
_FACT_COLUMNS = ("kind_column", "source")
_FROM_OUTSIDE = ("scheme", "source", "event_kind", "status", "state", "grade", "settlement")
"""Fields whose value may be the sheet's or file's name for all lines."""


@dataclass(frozen=True)
class Fit:
    """A layout applied to a sheet, and how well it fits."""

    found: SheetLayout
    header: Header
    score: float
    is_distinctive: bool
    """Something other than the columns all feeds have shows that it is this feed."""
    questions: tuple[str, ...] = ()
    """Fields whose column is likely, not sure: a user confirms them."""


def find_layout(sheet: Sheet, file_name: str, layouts: Sequence[Layout] | None = None) -> SheetLayout:
    """Return the layout that fits the sheet best, among all or the given ones.

    Errors: IntakeError missing_columns when a hinted feed lacks columns, which_feed when two fit alike, columns_to_confirm when a column
    is only likely, unknown_words when most words of a column that must be understood are unknown, unknown_layout otherwise.
    """
    head = sheet.head(DEEPEST_HEADER_ROW)
    around = surroundings_of(sheet, file_name, head)
    given = layouts is not None
    possible = list(layouts) if layouts is not None else list(all_layouts())
    cells = Cells(sheet)
    try:
        fits = list_fits(possible, list(list_headers(head)), sheet, cells, around)
    finally:
        forget()
    whole = [fit for fit in fits if not missing_columns(fit.found) and (fit.is_distinctive or given)]
    best = max(whole, key=_score, default=None)
    if best is None:
        raise _refusal(fits, around)
    _refuse_clearer_other(best, fits)
    other = max((fit for fit in whole if fit.found.layout.feed != best.found.layout.feed), key=_score, default=None)
    if other is not None and best.score - other.score < CLOSE:
        raise IntakeError("which_feed", one=best.found.layout.title, other=other.found.layout.title)
    _refuse_other_roll(best, fits, possible, around)
    best = _first_of_its_kind(best, whole)
    if best.questions:
        raise IntakeError("columns_to_confirm", feed=best.found.layout.feed.value, fields=",".join(best.questions))
    check_words(best.found, sheet)
    return _with_merged_rows(best.found, head)


def list_fits(
    layouts: Sequence[Layout], headers: Sequence[Header], sheet: Sheet, cells: Cells, around: Surroundings
) -> list[Fit]:
    """Apply every layout to every possible header."""
    tried = (apply_layout(layout, header, sheet, cells, around) for layout in layouts for header in headers)
    return [fit for fit in tried if fit is not None]


def _refuse_clearer_other(best: Fit, fits: list[Fit]) -> None:
    """Refuse a table that has all a feed needs but is clearly another's that lacks something.

    Errors: IntakeError missing_columns with what the other lacks.
    """
    others = [
        fit
        for fit in fits
        if fit.is_distinctive
        and fit.found.layout.feed != best.found.layout.feed
        and fit.score > best.score + CLEARLY
        and len(missing_columns(fit.found)) == 1
    ]
    if others:
        raise lacking(max(others, key=_score).found)


def _refuse_other_roll(best: Fit, fits: list[Fit], possible: Sequence[Layout], around: Surroundings) -> None:
    """Refuse a table that fits one roll while its name says another: rolls look alike, and a line on the wrong one insures somebody.

    Errors: IntakeError missing_columns with what the roll of that name lacks.
    """
    named = {each.feed for each in possible if each.feed in ROLL_FEEDS and around.hint(each)}
    if named and best.found.layout.feed in ROLL_FEEDS and best.found.layout.feed not in named:
        raise _refusal([fit for fit in fits if fit.found.layout.feed in named], around)


def _with_merged_rows(found: SheetLayout, head: list[list[str]]) -> SheetLayout:
    """Count the rows above that are merged with the header: they have the same text in at least one column."""
    rows = found.header_rows
    while (above := found.header_row - rows) >= 0:
        lowest = head[found.header_row]
        if not any(cell and cell == below for cell, below in zip(head[above], lowest, strict=True)):
            break
        rows += 1
    return replace(found, header_rows=rows)


def _first_of_its_kind(best: Fit, fits: list[Fit]) -> Fit:
    """A header repeated in the middle may fit the lines below it better than the first one fits all."""

    def key(fit: Fit) -> tuple[object, ...]:
        return fit.found.layout.name, fit.header.rows, fit.header.whole, fit.found.columns, fit.found.members

    return min((fit for fit in fits if key(fit) == key(best)), key=lambda fit: fit.header.row)


def _score(fit: Fit) -> float:
    return fit.score


def missing_columns(found: SheetLayout) -> list[str]:
    """Required columns that are absent; member columns stand in for name and number, the sheet's name for a value."""
    present = {*found.columns, *found.constants} | ({"name", "number"} if found.members else set())
    return [group for group in found.layout.required if not present & set(group.split("|"))]


def apply_layout(layout: Layout, header: Header, sheet: Sheet, cells: Cells, around: Surroundings) -> Fit | None:
    """Apply a layout to a possible header; None where nothing fits."""
    members = find_members(header) if layout.wide else {}
    taken = {column for pair in members.values() for column in pair}
    evidence = list_evidence(layout, header, cells, taken)
    chosen = _assigned(evidence)
    if not members:
        _use_heads_as_persons(chosen, layout, header)
    if not chosen and not members:
        return None
    if members:
        head = _own_columns(chosen) or _head_columns(layout, header, taken)
        members = {**({0: head} if head else {}), **members}
        chosen = {name: each for name, each in chosen.items() if name not in ("name", "number")}
    questions = _questions(layout, header, chosen, evidence, sheet)
    kept = {name: each for name, each in chosen.items() if each.is_certain or name in questions}
    columns = {name: each.column for name, each in kept.items()}
    constants, outside = _constants(layout, columns, around)
    found = SheetLayout(
        layout,
        header.row,
        header.rows,
        columns,
        tuple(members.values()),
        tuple(members),
        constants,
        {name: each.reason for name, each in kept.items()} | outside,
        around.texts,
    )
    known = max(
        (cells.known(columns[name], header.row + 1, layout, name) for name in layout.values if name in columns),
        default=0.0,
    )
    hint = around.hint(layout)
    score = sum(each.grade for each in kept.values()) + MEMBER * min(len(members), 4)
    score += (
        HINT * hint
        + VALUES * known
        + CONTENT * _content_share(found, sheet)
        - 0.01 * header.row
        - 0.1 * (header.rows - 1)
    )
    is_distinctive = bool(hint) or known >= LEAST_KNOWN_WORDS or _has_own_header(layout, header, kept)
    return Fit(found, header, score, is_distinctive, questions)


def _assigned(evidence: Iterable[Evidence]) -> dict[str, Evidence]:
    """Give each field its best column and each column one field, the strongest evidence first."""
    chosen: dict[str, Evidence] = {}
    taken: set[int] = set()
    for each in evidence:
        if each.field not in chosen and each.column not in taken:
            chosen[each.field] = each
            taken.add(each.column)
    return chosen


def _questions(
    layout: Layout, header: Header, chosen: Mapping[str, Evidence], evidence: Sequence[Evidence], sheet: Sheet
) -> tuple[str, ...]:
    """The wanted fields a user must confirm: their column is only likely, or another may be it as well."""
    taken = {each.column for each in chosen.values()}
    sure = {name for name, each in chosen.items() if each.is_certain}
    persons = [chosen[name] for name in _PERSON if name in chosen]
    is_unheaded = len(persons) == len(_PERSON) and not any(map(_is_headed, _PERSON, persons, [header, header]))
    asked = [
        name
        for name in wanted_fields(layout)
        if (each := chosen.get(name)) is not None
        and (
            (not each.is_certain and not _is_given_by_another(layout, name, sure))
            or (name in _PERSON and (is_unheaded or _has_rival(each, evidence, taken, sheet)))
        )
    ]
    return tuple(asked[:MOST_QUESTIONS])


def _is_headed(field: str, chosen: Evidence, header: Header) -> bool:
    """Answer whether a column's header speaks of names or numbers of persons at all."""
    concepts = read_words(header.whole[chosen.column]).concepts
    return chosen.reason.by == ReadBy.USUAL_HEADER or any(each & _HEADED_BY[field] for each in concepts)


def _is_given_by_another(layout: Layout, name: str, sure: set[str]) -> bool:
    """Answer whether another column of the same required group is sure, so that this one is not needed."""
    groups = [set(group.split("|")) for group in layout.required if name in group.split("|")]
    return bool(groups) and all(group & sure for group in groups)


def _has_rival(chosen: Evidence, evidence: Iterable[Evidence], taken: set[int], sheet: Sheet) -> bool:
    """Answer whether a column nothing else uses is as likely the field and says something else."""
    return any(
        each.field == chosen.field
        and each.column not in taken
        and chosen.grade - each.grade < RIVAL
        and not sheet.cells[each.column].equals(sheet.cells[chosen.column])
        for each in evidence
    )


def wanted_fields(layout: Layout) -> list[str]:
    """List the fields worth a question, the required first: those that make a fact, and the village."""
    required = [name for group in layout.required for name in group.split("|")]
    facts = [layout.fact[name] for name in ("event", "from", "to", "source") if name in layout.fact]
    places = [name for name in _PLACES if name in layout.columns and layout.feed in (*PERSON_FEEDS, *ROLL_FEEDS)]
    return list(dict.fromkeys([*required, *facts, *places]))


def with_surroundings(found: SheetLayout, sheet: Sheet, file_name: str) -> SheetLayout:
    """Return a layout a user stated with what the names around this table add to it."""
    around = surroundings_of(sheet, file_name, sheet.head(DEEPEST_HEADER_ROW))
    constants, reasons = _constants(found.layout, found.columns, around)
    return replace(found, constants=constants, reasons={**found.reasons, **reasons}, around=around.texts)


def _constants(
    layout: Layout, columns: Mapping[str, int], around: Surroundings
) -> tuple[dict[str, str], dict[str, Reason]]:
    """Return the fields without a column whose value the sheet, the file or a title names, and by which of them."""
    values: dict[str, str] = {}
    reasons: dict[str, Reason] = {}
    needed = [group.split("|") for group in layout.required] + [
        [layout.fact[name]] for name in _FACT_COLUMNS if name in layout.fact
    ]
    lacking = {name for group in needed if not set(group) & set(columns) for name in group}
    for name in _FROM_OUTSIDE:
        if name in layout.values and name not in columns and (found := value_around(layout, name, around)):
            word, by = found
            if name in lacking or by == ReadBy.SHEET:
                values[name], reasons[name] = word, Reason(by)
    return values, reasons


def _use_heads_as_persons(chosen: dict[str, Evidence], layout: Layout, header: Header) -> None:
    """Treat a list that names only the head of each household as a list of these heads."""
    head = _head_columns(layout, header, set())
    sure = [each for name, each in chosen.items() if name in ("name", "number") and each.reason.by != ReadBy.CELLS]
    if head is None or sure:
        return
    for name in [name for name, each in chosen.items() if each.column in head]:
        del chosen[name]
    for name, column in zip(("name", "number"), head, strict=True):
        chosen[name] = Evidence(name, column, SURE_HEADER, True, Reason(ReadBy.HEADER))


def _own_columns(chosen: Mapping[str, Evidence]) -> tuple[int, int] | None:
    """Return the head's columns: a name and a number beside those of the numbered members."""
    return (chosen["name"].column, chosen["number"].column) if {"name", "number"} <= set(chosen) else None


def _head_columns(layout: Layout, header: Header, taken: set[int]) -> tuple[int, int] | None:
    """The columns that hold the head's own name and number, where both are there."""
    listed = considered(header, taken)
    names, numbers = (
        [column for column in listed if field_grade(layout.feed.value, name, header.whole[column]) >= SURE_HEADER]
        for name in ("head_name", "head_number")
    )
    return (names[0], numbers[0]) if names and numbers else None


@cache
def _only_here(feed: Feed) -> frozenset[str]:
    """The fields no layout of another feed has; two rolls of one shape share theirs."""
    mine = _ONE_SHAPE if feed in _ONE_SHAPE else {feed}
    others = {name for layout in all_layouts() if layout.feed not in mine for name in layout.columns}
    return frozenset(
        name for layout in all_layouts() if layout.feed == feed for name in layout.columns if name not in others
    )


def _has_own_header(layout: Layout, header: Header, kept: Mapping[str, Evidence]) -> bool:
    """A header of a field that only this feed has, or one that speaks of what the feed is about."""
    headed = {
        name: each
        for name, each in kept.items()
        if each.grade >= SURE_HEADER - DOUBT and each.reason.by != ReadBy.CELLS
    }
    if any(name in _only_here(layout.feed) for name in headed):
        return True
    return any(has_topic(layout.feed.value, header.whole[each.column]) for each in headed.values())


def _content_share(found: SheetLayout, sheet: Sheet) -> float:
    column = found.columns.get(found.layout.content.get("column", ""))
    if column is None:
        return 0.0
    cells = filled_cells(sheet, column, found.header_row + 1, 200)
    pattern = re.compile(found.layout.content["pattern"])
    return sum(bool(pattern.search(cell)) for cell in cells) / max(1, len(cells))


def check_words(found: SheetLayout, sheet: Sheet) -> None:
    """Refuse a table with mostly unknown statuses: its persons would be in no category."""
    for column in unknown_words(found, sheet):
        raise IntakeError("unknown_words", feed=found.layout.feed.value, column=found.layout.columns[column][0])


def unknown_words(found: SheetLayout, sheet: Sheet) -> dict[str, Counter[str]]:
    """Return for each required column with a complete value map the unknown words, where they are most of its cells."""
    unknown = {}
    required = {name for group in found.layout.required for name in group.split("|")}
    for column in required & set(found.layout.values) & set(found.columns):
        if found.layout.feed == Feed.SURVEY or ANY_WORD in found.layout.values[column]:
            continue
        cells = filled_cells(sheet, found.columns[column], found.header_row + 1, 2000)
        words = Counter(cell for cell in cells if found.layout.value(column, cell) is None)
        if len(cells) >= ENOUGH_CELLS and sum(words.values()) > (1 - LEAST_KNOWN_WORDS) * len(cells):
            unknown[column] = words
    return unknown


def _refusal(fits: list[Fit], around: Surroundings) -> IntakeError:
    """Name the columns a hinted feed lacks; of a table without known headers nothing: its first line may be a person."""
    hinted = [fit for fit in fits if around.hint(fit.found.layout) and _headed(fit.found) + len(fit.found.members) >= 2]
    best = max(hinted, key=_score, default=None)
    return lacking(best.found) if best is not None and missing_columns(best.found) else IntakeError("unknown_layout")


def lacking(found: SheetLayout) -> IntakeError:
    """Return the refusal of a table without some of the columns its feed needs: fields with commas between, those of a group with |."""
    return IntakeError("missing_columns", feed=found.layout.feed.value, fields=",".join(missing_columns(found)))


def _headed(found: SheetLayout) -> int:
    """Count the columns whose header says what they are."""
    return sum(reason.by in (ReadBy.USUAL_HEADER, ReadBy.HEADER) for reason in found.reasons.values())
