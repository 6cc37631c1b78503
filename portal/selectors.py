"""Data received, feed by feed, as the page Today shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foundation.accounts.actors import Actor
from registry.constants import Feed
from registry.models.feed_contact import FeedContact
from registry.selectors.feeds import FeedState, list_feed_states


@dataclass(frozen=True)
class FeedOnBoard:
    """One feed: its last delivery, how old that is, whether that is too old."""

    feed: str
    label: str
    state: FeedState | None
    age_days: int | None
    is_stale: bool
    expected_day: int | None
    contact: FeedContact | None = None

    @property
    def change(self) -> int | None:
        """Return by how many rows the newest list differs from the one before; None without one before."""
        if self.state is None or self.state.rows_before is None:
            return None
        return self.state.rows - self.state.rows_before


def list_feeds_on_board(
    actor: Actor,
    *,
    today: date,
    fresh_days: dict[str, int],
    expected_day: dict[str, int],
    contacts: dict[str, FeedContact],
) -> list[FeedOnBoard]:
    """List every feed, also those never received. One query. `is_stale`: older than the region's limit, or never received."""
    states = {state.feed: state for state in list_feed_states(actor)}
    return [
        _on_board(feed, states.get(feed), today, fresh_days.get(feed), expected_day.get(feed), contacts.get(feed))
        for feed in Feed.values
    ]


def _on_board(
    feed: str, state: FeedState | None, today: date, limit: int | None, day: int | None, contact: FeedContact | None
) -> FeedOnBoard:
    came = state.as_of_date if state else None
    age = (today - came).days if came else None
    stale = age is None if limit is None else age is None or age > limit
    return FeedOnBoard(feed, str(Feed(feed).label), state, age, stale, day, contact)
