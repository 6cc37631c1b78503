"""Counts of persons by up to two freely chosen dimensions of seven, filtered by the others. One grouped statement.

A person on two lists, or with two gaps, is in two cells of that dimension; totals count each person once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind
from coverage.constants import E1Column, Verdict
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope
from portal.reports.e1 import Asked
from portal.reports.people import Cell

UNKNOWN = ""
_GAPS_THEN = (
    "g.person_id = counted.person_id AND g.opened_at <= counted.finished_at "
    "AND (g.closed_at IS NULL OR g.closed_at > counted.finished_at)"
)
_YEARS = "extract(year FROM age(counted.as_of_date, counted.birth_date))"


class AgeBand(TextChoices):
    CHILD = "0-15", _("Under 16")
    WORKING = "16-59", _("16 to 59")
    SIXTIES = "60-69", _("60 to 69")
    SEVENTIES = "70-79", _("70 to 79")
    OLDEST = "80+", _("80 and over")


class Category(TextChoices):
    POVERTY = "poverty", _("Poverty file, not marked out")
    MARKED_OUT = "marked_out", _("Poverty file, marked out")
    DIBAO = "dibao", _("Dibao")
    TEKUN = "tekun", _("Tekun")


class Sex(TextChoices):
    MAN = "1", _("Men")
    WOMAN = "2", _("Women")


_AGE = " ".join(
    (
        "CASE WHEN counted.birth_date IS NULL THEN ''",
        *(
            f"WHEN {_YEARS} < {limit} THEN '{band.value}'"
            for band, limit in zip(AgeBand, (16, 60, 70, 80), strict=False)
        ),
        f"ELSE '{AgeBand.OLDEST.value}' END",
    )
)


@dataclass(frozen=True)
class Dimension:
    """What persons are counted by: its labels, the value of a row of `counted`, the join that value needs, its filter."""

    label: str | Promise
    value: str
    labels: Mapping[str, str | Promise]
    join: str = ""
    filter: str = ""

    def condition(self, name: str) -> str:
        """Return the condition that a person has the value given as %(name)s."""
        return self.filter or f"{self.value} = %({name})s"


def _labels(choices: type[TextChoices]) -> dict[str, str | Promise]:
    return {choice.value: choice.label for choice in choices}


DIMENSIONS: dict[str, Dimension] = {
    "unit": Dimension(_("Unit"), "child", {}),
    "category": Dimension(
        _("Category"),
        "coalesce(category, '')",
        _labels(Category),
        join="LEFT JOIN LATERAL unnest(string_to_array(nullif(categories, ''), ' ')) category ON true",
        filter="(%(category)s = ANY (string_to_array(categories, ' ')) OR %(category)s = '' AND categories = '')",
    ),
    "age": Dimension(_("Age"), _AGE, _labels(AgeBand)),
    "sex": Dimension(_("Sex"), "CASE WHEN counted.sex IN (1, 2) THEN counted.sex::text ELSE '' END", _labels(Sex)),
    "verdict": Dimension(_("Survey code"), "verdict", _labels(Verdict)),
    "column": Dimension(_("Column of the statutory table"), "e1_column", _labels(E1Column)),
    "gap": Dimension(
        _("Gap"),
        "coalesce(g.kind, '')",
        _labels(GapKind),
        join=f"LEFT JOIN casework_gap g ON {_GAPS_THEN}",
        filter=f"(EXISTS (SELECT 1 FROM casework_gap g WHERE {_GAPS_THEN} AND g.kind = %(gap)s) OR %(gap)s = '' AND NOT "
        f"EXISTS (SELECT 1 FROM casework_gap g WHERE {_GAPS_THEN}))",
    ),
}
FILTERS = tuple(name for name in DIMENSIONS if name != "unit")


@dataclass(frozen=True)
class Question:
    """What is counted by what; `columns` may be empty. `kept` are the filters: dimension -> value."""

    asked: Asked
    rows: str
    columns: str
    kept: Mapping[str, str]


@dataclass(frozen=True)
class Counts:
    """Values in their order, and (row, column) -> persons; None is the total of a side."""

    rows: list[str]
    columns: list[str]
    cells: Mapping[tuple[str | None, str | None], int]


def count_persons(actor: Actor, question: Question) -> Counts:
    """Count persons by the dimensions asked for. One query. Errors: NotFound for a unit outside the actor's."""
    demand_in_scope(actor, question.asked.unit)
    sides = [DIMENSIONS[name] for name in (question.rows, question.columns) if name]
    row, column = sides[0].value, sides[1].value if len(sides) > 1 else "''"
    statement = f"""
        SELECT CASE WHEN grouping(r) = 0 THEN r END, CASE WHEN grouping(c) = 0 THEN c END, count(DISTINCT person_id)
        FROM (SELECT counted.person_id, {row} AS r, {column} AS c
              FROM counted {" ".join(side.join for side in sides)} WHERE {_conditions(question.kept)}) grouped
        GROUP BY CUBE (r, c)
    """
    with connection.cursor() as cursor:
        cursor.execute(question.asked.over_people(statement), {**question.asked.values, **question.kept})
        cells = {(r, c): count for r, c, count in cursor.fetchall()}
    return Counts(
        rows=_in_order(question.rows, {r for r, _c in cells if r is not None}),
        columns=_in_order(question.columns, {c for _r, c in cells if c is not None}) if question.columns else [],
        cells=cells,
    )


def cell_of(question: Question) -> Cell:
    """Return the cell of everybody the filters keep."""
    return Cell(question.asked, _conditions(question.kept), dict(question.kept))


def _conditions(kept: Mapping[str, str]) -> str:
    return " AND ".join(["true", *(DIMENSIONS[name].condition(name) for name in kept)])


def _in_order(name: str, values: set[str]) -> list[str]:
    """Order values as their labels are ordered, unknown ones last; units by code."""
    known = [value for value in DIMENSIONS[name].labels if value in values]
    return known + sorted(values - set(known), key=lambda value: (value == UNKNOWN, value))
