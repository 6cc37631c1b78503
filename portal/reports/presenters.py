"""The statutory table as its page shows it: headings, cells with the address of their persons, the paragraph to be sent on."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from coverage.constants import DeskReason, E1Column, Verdict
from coverage.presenters.codes import column_number
from nightly.month_figures import County
from portal.reports.columns import CONDITIONS, HEADINGS, NOT_INSURED
from portal.reports.e1 import Asked, Table, UnitCounts
from portal.reports.people import ListedPerson

CHINESE, ENGLISH = "zh-hans", "en"
MOST_NAMED = 10


@dataclass(frozen=True)
class Heading:
    """A column: its number in the table and its label."""

    number: str
    label: str | Promise


@dataclass(frozen=True)
class ReportCell:
    """A figure, and where its persons are listed; no address where there is nobody or the reader may not see persons."""

    count: int
    label: str | Promise
    url: str


@dataclass(frozen=True)
class ReportLine:
    """One unit: its name with the address of its own table, its cells, its two rates."""

    name: str
    url: str
    cells: list[ReportCell]
    coverage: str
    drawing: str


def headings() -> list[Heading]:
    """List the columns that are counted, in the order of the table."""
    return [Heading(column_number(name), HEADINGS[name]) for name in CONDITIONS]


def without_words(month: date, counties: Sequence[County]) -> str:
    """Name the counties whose counts a month lacks, the first ten of many."""
    named = _(", ").join(county.name for county in counties[:MOST_NAMED])
    more = len(counties) - MOST_NAMED
    if more > 0:
        named = _("%(named)s and %(count)s more") % {"named": named, "count": more}
    return _("%(month)s without %(counties)s: no nightly run in this month") % {
        "month": f"{month:%Y-%m}",
        "counties": named,
    }


def address(asked: Asked, **changes: str) -> str:
    """Return the query that asks for this table, or for another that differs in what is given."""
    given = {
        "day": asked.day.isoformat(),
        "unit": asked.unit.code,
        "population": asked.population.value,
        "basis": asked.basis.value,
    }
    return urlencode(given | changes)


def present_line(asked: Asked, line: UnitCounts, *, is_total: bool, may_list: bool) -> ReportLine:
    """Return one line; a part links to its own table."""
    place = {"unit": line.code} if line.code else {"here": "1"}
    people = reverse("report_people")
    return ReportLine(
        name=line.name,
        url="" if is_total or not line.code else f"?{address(asked, unit=line.code)}",
        cells=[
            ReportCell(
                count,
                HEADINGS[name],
                f"{people}?{address(asked, **place, column=name)}" if count and may_list else "",
            )
            for name, count in line.counts.items()
        ],
        coverage=line.coverage.text,
        drawing=line.drawing.text,
    )


def present_reasons(table: Table, *, may_list: bool) -> list[ReportCell]:
    """Return column 15 by reason."""
    people = reverse("report_people")
    return [
        ReportCell(
            count,
            DeskReason(reason).label,
            f"{people}?{address(table.asked, column='15_due_not_drawing', reason=reason)}" if may_list else "",
        )
        for reason, count in table.not_drawing.items()
    ]


def present_person(person: ListedPerson, numbers: dict[int, str]) -> dict[str, object]:
    """Return one person of a cell as a row; `numbers`: person id -> masked number."""
    return {
        "url": reverse("person", args=[person.person_id]),
        "name": person.name,
        "number": numbers.get(person.person_id, ""),
        "unit": person.unit,
        "verdict": Verdict(person.verdict).label,
        "column": E1Column(person.e1_column).label,
        "reason": DeskReason(person.desk_reason).label,
    }


def oldest_words(table: Table) -> str:
    """Return how old the oldest data of a table are."""
    return _("Oldest data used: %(day)s") % {"day": table.oldest_feed_date.isoformat()}


def paragraph_languages() -> tuple[str, ...]:
    """Return the languages of the paragraph: Chinese is always sent on, English beside it on an English page only."""
    return (CHINESE,) if (get_language() or "").startswith("zh") else (CHINESE, ENGLISH)


def paragraph(table: Table, language: str) -> str:
    """Write the figures as a paragraph to be sent on, in one of the two languages: plain text, which pages escape."""
    with override(language):
        missing = [(E1Column(column).label, table.total.counts[column.value]) for column in NOT_INSURED]
        context = {"table": table, "counts": table.total.counts, "missing": [each for each in missing if each[1]]}
        text = " ".join(html.unescape(render_to_string("reports/paragraph.txt", context)).split())
    return re.sub(r"(?<=[。：、]) ", "", text)
