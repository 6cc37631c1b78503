"""The feed calendar: for each feed what is due, what came, how late it is, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from foundation.accounts.actors import Actor
from foundation.policy.selectors import Parameter, get_parameters
from foundation.policy.working_days import count_working_days
from foundation.regions.models import Unit
from registry.constants import Feed
from registry.models import FeedContact
from registry.selectors.feeds import FeedState, list_feed_states

EXPECTED, FRESH = "feed_expected_day", "feed_freshness_days"


@dataclass(frozen=True)
class FeedRow:
    """One feed. `overdue_days` is 0 while nothing is due; `overdue_working_days` None where no calendar covers them."""

    feed: str
    label: str
    state: FeedState | None
    age_days: int | None
    is_stale: bool
    expected_day: int | None
    fresh_days: int | None
    overdue_days: int
    overdue_working_days: int | None
    contact: FeedContact | None

    @property
    def change(self) -> int | None:
        """By how many rows the newest list differs from the one before."""
        has_both = self.state is not None and self.state.rows_before is not None
        return self.state.rows - self.state.rows_before if has_both else None  # type: ignore[union-attr, operator]

    @property
    def change_share(self) -> float | None:
        """The same in percent of the one before."""
        before = self.state.rows_before if self.state else None
        return self.change * 100 / before if self.change is not None and before else None


@dataclass(frozen=True)
class FeedCalendar:
    """A row per feed and the two rules it follows."""

    rows: list[FeedRow]
    expected: Parameter
    fresh: Parameter

    @property
    def lacks_working_days(self) -> bool:
        """Whether some overdue days could not be counted as working days."""
        return any(row.overdue_days and row.overdue_working_days is None for row in self.rows)


def get_feed_calendar(actor: Actor, *, today: date) -> FeedCalendar:
    """List every feed and whether its file came. Cost: five queries."""
    unit = Unit.objects.get(pk=actor.unit_id)
    rules = get_parameters([EXPECTED, FRESH], unit=unit, on=today)
    states = {state.feed: state for state in list_feed_states(actor)}
    contacts = list_feed_contacts(actor)
    dues = {
        feed: due_date(_as_of(states.get(feed)), rules[EXPECTED].value.get(feed), today=today) for feed in Feed.values
    }
    working = count_working_days({due for due in dues.values() if due}, today, region=unit)
    rows = []
    for feed in Feed:
        state, due = states.get(feed), dues[feed]
        expected, fresh = rules[EXPECTED].value.get(feed), rules[FRESH].value.get(feed)
        newest = _as_of(state)
        age = (today - newest).days if newest else None
        rows.append(
            FeedRow(
                feed=feed.value,
                label=str(feed.label),
                state=state,
                age_days=age,
                is_stale=age is None or (fresh is not None and age > fresh),
                expected_day=expected,
                fresh_days=fresh,
                overdue_days=(today - due).days if due else 0,
                overdue_working_days=working[due] if due else None,
                contact=contacts.get(feed.value),
            )
        )
    return FeedCalendar(rows, rules[EXPECTED], rules[FRESH])


def _as_of(state: FeedState | None) -> date | None:
    return state.as_of_date if state else None


def due_date(came: date | None, expected_day: int | None, *, today: date) -> date | None:
    """Return the day the first missing file was due, when that day is over; None while nothing is late.

    A file as of a month is due on the expected day of the month after. What never came was due on the last such day.
    """
    if expected_day is None:
        return None
    this_month = _in_month(today.replace(day=1), expected_day)
    if came is None:
        return this_month if this_month < today else _in_month(_month_after(today, -1), expected_day)
    due = _in_month(_month_after(came, 2), expected_day)
    return due if due < today else None


def due_day(month: date, expected_day: int | None) -> date | None:
    """Return the day on which the list of a month is due: the expected day of the month after."""
    return _in_month(_month_after(month), expected_day) if expected_day else None


def _month_after(day: date, months: int = 1) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _in_month(first: date, day: int) -> date:
    last = _month_after(first) - timedelta(days=1)
    return first.replace(day=min(day, last.day))


def list_feed_contacts(actor: Actor) -> dict[str, FeedContact]:
    """Return feed -> whom to call when its file does not come, in the actor's county. One query."""
    return {each.feed: each for each in FeedContact.objects.filter(county__code__in=actor.unit_codes)}
