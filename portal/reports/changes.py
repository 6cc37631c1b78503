"""What a month's figures are beside those of the month before: for the one-page report. Six queries in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from casework.constants import GapKind
from foundation.accounts.actors import Actor
from foundation.primitives.periods import add_months
from foundation.primitives.rates import Rate
from nightly.month_figures import GAP_PREFIX, find_month_nights, list_months
from portal.reports.e1 import Asked, Table, find_table
from portal.reports.presenters import without_words

MOST_KINDS = 3


@dataclass(frozen=True)
class Change:
    """One figure now and a month before; None where there was no night in that month, or none of some of its counties."""

    label: str
    before: int | None
    now: int | None

    @property
    def words(self) -> str:
        """The difference with its sign; a dash without a month before."""
        if self.before is None or self.now is None:
            return "—"
        return f"{self.now - self.before:+,}" if self.now != self.before else "0"


@dataclass(frozen=True)
class MonthReport:
    """The table of the day asked for, its rates beside those of the month before, and what changed.

    `missing` names the counties whose counts either month lacks, in sentences.
    """

    table: Table
    before_day: date | None
    coverage_before: Rate | None
    drawing_before: Rate | None
    changes: list[Change]
    missing: list[str]

    @property
    def sentence(self) -> str:
        """What changed, in one sentence to be sent on; empty without a month before."""
        if self.before_day is None:
            return ""
        parts = _(", ").join(f"{each.label} {each.words}" for each in self.changes)
        words = _("Compared with %(day)s: %(changes)s.") % {"day": self.before_day.isoformat(), "changes": parts}
        return " ".join((words, *(_("(%(missing)s)") % {"missing": each} for each in self.missing)))


def find_month_report(actor: Actor, asked: Asked) -> MonthReport | None:
    """Put a unit's month beside the one before; None before the first night. Errors: NotFound for a unit outside the actor's."""
    table = find_table(actor=actor, asked=asked)
    if table is None:
        return None
    month = table.as_of.replace(day=1)
    prefix = asked.population.value
    columns = [f"{prefix}_{name}" for name in ("should_insure", "insured", "due", "drawing")]
    kinds = [f"{GAP_PREFIX}{kind.value}" for kind in GapKind]
    counts = list_months(actor=actor, unit=asked.unit, measures=[*columns, *kinds], until=month, most=2)
    before = add_months(month, -1)
    nights = find_month_nights(actor=actor, unit=asked.unit, months=[before, month])
    now = {each.measure: each.count for each in counts if each.month == month}
    last = {each.measure: each.count for each in counts if each.month == before}
    day = max((each.as_of for each in counts if each.month < month and last), default=None)

    def of(measure: str) -> int | None:
        return last.get(measure, 0) if last else None

    rates = [
        Rate(last.get(columns[part], 0), last.get(columns[whole], 0)) if last else None
        for part, whole in ((1, 0), (3, 2))
    ]
    total = table.total
    moved = (
        sorted(kinds, key=lambda kind: (-abs(now.get(kind, 0) - last.get(kind, 0)), kind))[:MOST_KINDS] if last else []
    )
    open_now = sum(now.get(kind, 0) for kind in kinds)
    changes = [
        Change(_("Should be insured"), of(columns[0]), total.coverage.whole),
        Change(_("Insured"), of(columns[1]), total.coverage.part),
        Change(_("Not insured"), rates[0].missing if rates[0] else None, total.coverage.missing),
        Change(_("Drawing the benefit"), of(columns[3]), total.drawing.part),
        Change(_("Due, not drawing"), rates[1].missing if rates[1] else None, total.drawing.missing),
        Change(
            _("Open gaps"),
            sum(last.get(kind, 0) for kind in kinds) if last else None,
            open_now if open_now or month not in nights.without else None,
        ),
        *(
            Change(str(GapKind(kind.removeprefix(GAP_PREFIX)).label), last.get(kind, 0), now.get(kind, 0))
            for kind in moved
            if now.get(kind, 0) != last.get(kind, 0)
        ),
    ]
    missing = [
        without_words(each, nights.without[each])
        for each in (before, month)
        if each in nights.without and (last or each == month)
    ]
    return MonthReport(table, day, rates[0], rates[1], changes, missing)
