"""The head of the statutory table as workbook and on paper."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.accounts.requests import ActorRequest
from foundation.documents.heads import Head
from foundation.primitives import clock
from foundation.web.documents import head_of
from portal.reports.e1 import Asked, Table
from portal.reports.presenters import oldest_words


def table_head(request: ActorRequest, asked: Asked, table: Table) -> Head:
    """Return what stands above the table: unit, day of the data, who is counted on which basis, how old its data are."""
    return head_of(
        request,
        at=clock.now(),
        title=_("Monthly report: full coverage of eligible persons"),
        unit=asked.unit,
        as_of=table.as_of,
        about=[asked.population.label, asked.basis.label, oldest_words(table)],
    )
