"""Name lists of a plan or a batch as a workbook and on paper: by township and village, with totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.documents import print_sheets, workbooks
from foundation.primitives.money import FEN_PER_YUAN, format_fen
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, DIGITS_OF_LEVEL, Level
from payments.presenters.batches import LineRow
from payments.presenters.plan import PersonRow, unit_words

FIELDS = ["name", "number masked", "place", "category", "outcome", "amount"]
_TOWNSHIP = DIGITS_OF_LEVEL[Level.TOWNSHIP]


@dataclass(frozen=True)
class NamedLine:
    """One person of a name list. `unit`: the place the list has the person in."""

    name: str
    number: str
    unit: Unit | None
    place: str
    category: str
    said: str
    amount_fen: int

    @property
    def township(self) -> str:
        """The code of the township; empty where there is none."""
        return self.unit.code[:_TOWNSHIP].ljust(CODE_LENGTH, "0") if self.unit else ""


def of_plan(row: PersonRow, unit: Unit | None) -> NamedLine:
    """Put a person of a plan into a line; `unit` as the plan has it."""
    said = "; ".join(filter(None, (row.outcome, row.reason, row.stage, row.was)))
    place = unit_words(unit, row.person.county)
    return NamedLine(row.person.name, row.number, unit, place, row.category, said, row.amount_fen)


def of_batch(row: LineRow, unit: Unit | None) -> NamedLine:
    """Put a person of a batch into a line; `unit` as the batch has it."""
    said = _("taken back by batch %(number)s") % {"number": row.taken_back_by.pk} if row.taken_back_by else ""
    return NamedLine(row.person.name, row.number, unit, row.place, row.category, said, row.amount_fen)


def name_table(lines: Sequence[NamedLine]) -> workbooks.Table:
    """Return the table of a workbook; amounts are numbers where they are whole yuan."""
    meaning = _("Masked; the whole number is shown on the person's page, with a purpose.")
    columns = [
        workbooks.Column(_("Name")),
        workbooks.Column(_("ID number"), meaning),
        workbooks.Column(_("Place"), _("Township and village of registration.")),
        workbooks.Column(_("Category"), _("The identity the contribution is paid for.")),
        workbooks.Column(_("Result"), _("Paid for or excluded and why, how far the money is, what was said before.")),
        workbooks.Column(_("Yuan"), _("The contribution of the year.")),
    ]
    rows = [[each.name, each.number, each.place, each.category, each.said, _yuan(each.amount_fen)] for each in lines]
    return workbooks.Table(columns, rows, [[*_total(lines), "", "", "", "", _yuan(_sum(lines))]])


def name_sheets(lines: Sequence[NamedLine]) -> print_sheets.Table:
    """Return the table of a printed list: a heading and a total for each village and township, a page for each township."""
    columns = [
        print_sheets.Column(_("No."), is_figure=True),
        print_sheets.Column(_("Name")),
        print_sheets.Column(_("ID number")),
        print_sheets.Column(_("Category")),
        print_sheets.Column(_("Result")),
        print_sheets.Column(_("Yuan"), is_figure=True),
    ]
    return print_sheets.Table(columns, [*_groups(lines), _total_group(_("All"), lines)])


def _groups(lines: Sequence[NamedLine]) -> Iterator[print_sheets.Group]:
    number, is_first = 0, True
    for _code, in_township in groupby(lines, key=lambda each: each.township):
        of_township = list(in_township)
        begins = not is_first
        for place, in_village in groupby(of_township, key=lambda each: each.place):
            of_village = list(in_village)
            rows: list[print_sheets.Row] = [
                [number + each, line.name, line.number, line.category, line.said, format_fen(line.amount_fen)]
                for each, line in enumerate(of_village, 1)
            ]
            number += len(rows)
            yield print_sheets.Group([*rows, *_total_group("", of_village).rows], place, begins_page=begins)
            begins = is_first = False
        if len({line.place for line in of_township}) > 1:
            yield _total_group(_("Township"), of_township)


def _total_group(label: str, lines: Sequence[NamedLine]) -> print_sheets.Group:
    words = " ".join(filter(None, (label, *_total(lines))))
    return print_sheets.Group([["", words, "", "", "", format_fen(_sum(lines))]], is_total=True)


def _total(lines: Sequence[NamedLine]) -> list[str]:
    count = len(lines)
    return [ngettext("%(number)s person", "%(number)s persons", count) % {"number": f"{count:,}"}]


def _sum(lines: Sequence[NamedLine]) -> int:
    return sum(each.amount_fen for each in lines)


def _yuan(fen: int) -> int | str:
    return format_fen(fen) if fen % FEN_PER_YUAN else fen // FEN_PER_YUAN
