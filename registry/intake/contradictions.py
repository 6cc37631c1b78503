"""What a line of a list of the poor states beside the number and what the number says otherwise: birth date, sex, being a pupil.

The number decides; what the line states is kept with it, and each contradiction is a problem line. Of a household in one line nobody
knows whose birth date it states: only lines of one person are compared.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from registry.constants import PERSON_FEEDS, SEXES, RowAction, RowReason, Schooling
from registry.intake.births import BIRTH, stated_births
from registry.intake.problems import Problem
from registry.intake.reading import ReadSheet

SEX, SCHOOLING = "sex", "schooling"
OLDEST_PUPIL_YEARS = 18
"""Nobody of that age is in kindergarten or in one of the nine years of school."""
MOST_GROWN_PUPILS_SHARE = 0.05
"""Where more are, and at least ENOUGH_TO_JUDGE, the column states what school people went to, not that they go to one: it is not read."""
ENOUGH_TO_JUDGE = 3


def with_contradictions(found: ReadSheet, as_of: date) -> ReadSheet:
    """Return a sheet with a problem line for each contradiction; schooling that cannot be is blank. `as_of` is the day of the file."""
    if found.layout.layout.feed not in PERSON_FEEDS or found.layout.members:
        return found
    rows = found.rows
    right = pc.is_valid(rows["key"]).combine_chunks()
    wrong = {
        RowReason.BIRTH_CONTRADICTS: _other_birth(rows),
        RowReason.SEX_CONTRADICTS: _other_sex(rows),
        RowReason.SCHOOLING_CONTRADICTS: _grown_pupils(found, as_of),
    }
    marked = {reason: pc.and_(cells, right) for reason, cells in wrong.items() if cells is not None}
    problems = [
        Problem(found.sheet, line["row"], line["member"], reason.value, RowAction.NUMBER_DECIDES.value)
        for reason, cells in marked.items()
        for line in rows.filter(cells).select(["row", "member"]).to_pylist()
    ]
    if not problems:
        return found
    if RowReason.SCHOOLING_CONTRADICTS in marked:
        rows = _without(rows, marked[RowReason.SCHOOLING_CONTRADICTS], right, found)
    return replace(found, rows=rows, problems=[*found.problems, *problems])


def _other_birth(rows: pa.Table) -> pa.Array | None:
    if BIRTH not in rows.column_names:
        return None
    stated, in_number = stated_births(rows[BIRTH]), rows["birth_in_number"].combine_chunks()
    return pc.fill_null(pc.not_equal(stated, in_number), False)


def _other_sex(rows: pa.Table) -> pa.Array | None:
    if SEX not in rows.column_names:
        return None
    stated, in_number = stated_sexes(rows[SEX]), pc.cast(rows["sex_in_number"], pa.int16()).combine_chunks()
    both = pc.and_(pc.greater(stated, 0), pc.greater(in_number, 0))
    return pc.and_(both, pc.not_equal(stated, in_number))


def stated_sexes(words: pa.ChunkedArray) -> pa.Array:
    """Return 1 man, 2 woman, 0 not stated for a column of words."""
    encoded = words.combine_chunks().dictionary_encode()
    read = [SEXES.get((word or "").strip(), 0) for word in encoded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(read, pa.int16()).take(encoded.indices), 0)


def _grown_pupils(found: ReadSheet, as_of: date) -> pa.Array | None:
    """Mark children's schooling of people whose number makes them grown up."""
    pupil = _pupils(found)
    if pupil is None:
        return None
    grown_since = date(as_of.year - OLDEST_PUPIL_YEARS, as_of.month, 1)
    grown = pc.fill_null(pc.less(found.rows["birth_in_number"], pa.scalar(grown_since)), False).combine_chunks()
    return pc.and_(pupil, grown)


def _pupils(found: ReadSheet) -> pa.Array | None:
    """Mark the lines that call somebody a child in kindergarten or school."""
    if SCHOOLING not in found.rows.column_names:
        return None
    encoded = found.rows[SCHOOLING].combine_chunks().dictionary_encode()
    layout = found.layout.layout
    known = [layout.value(SCHOOLING, word or "") == Schooling.CHILD for word in encoded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(known, pa.bool_()).take(encoded.indices), False)


def _without(rows: pa.Table, wrong: pa.Array, right: pa.Array, found: ReadSheet) -> pa.Table:
    """Blank schooling that cannot be, and the whole column where it is not about going to school."""
    pupils = pc.sum(pc.and_(_pupils(found), right)).as_py() or 0
    grown = pc.sum(wrong).as_py() or 0
    all_wrong = grown >= ENOUGH_TO_JUDGE and grown > MOST_GROWN_PUPILS_SHARE * pupils
    blank = pa.array([True] * rows.num_rows) if all_wrong else wrong
    place = rows.column_names.index(SCHOOLING)
    return rows.set_column(place, SCHOOLING, pc.if_else(blank, "", rows[SCHOOLING]))
