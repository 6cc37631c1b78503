"""What each feed brought month by month, and how late it came. Two queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.documents.charts import Picture, Point, Series, columns
from foundation.policy.selectors import get_parameter
from foundation.primitives.periods import add_months
from registry.constants import Feed
from registry.selectors.feed_calendar import EXPECTED, due_day
from registry.selectors.feed_months import FeedMonth, list_feed_months

MONTHS = 13


@dataclass(frozen=True)
class _Place:
    """Where a rule is asked for, without reading the unit again."""

    path: str
    code: str
    name: str = ""
    full_name: str = ""


def feeds_picture(actor: Actor, today: date) -> Picture:
    """Draw the rows of each feed's list of each month; a list that came after its due day stands out, with its late days."""
    came = list_feed_months(actor)
    expected = get_parameter(EXPECTED, unit=_Place(actor.unit_path, actor.unit_code), on=today).value
    last = max((each.month for each in came), default=today.replace(day=1))
    steps = [add_months(last, place + 1 - MONTHS) for place in range(MONTHS)]
    by_feed: dict[str, dict[date, FeedMonth]] = {}
    for each in came:
        by_feed.setdefault(each.feed, {})[each.month] = each
    first = min((each.month for each in came), default=last)
    steps = [step for step in steps if step >= first]
    rows = [
        Series(
            str(feed.label),
            [_point(feed, step, by_feed[feed.value].get(step), expected.get(feed.value)) for step in steps],
        )
        for feed in Feed
        if feed.value in by_feed
    ]
    return columns(
        key="feeds",
        title=_("Rows received, month by month"),
        note=_("Each feed on its own scale; hatched: received after its due day."),
        steps=[f"{step:%Y-%m}" for step in steps],
        rows=rows,
        marked=lambda point: point.is_marked,
    )


def _point(feed: Feed, month: date, found: FeedMonth | None, expected_day: int | None) -> Point:
    if found is None:
        return Point(None, "—")
    due = due_day(month, expected_day)
    late = max((found.came_on - due).days, 0) if due and found.came_on else 0
    words = f"{feed.label} {month:%Y-%m}: " + _("%(rows)s rows") % {"rows": f"{found.rows:,}"}
    if late:
        words += " · " + _("%(days)s days late") % {"days": f"{late:,}"}
    url = f"{reverse('deliveries')}?{urlencode({'feed': feed.value})}"
    return Point(found.rows, words, url, is_marked=bool(late))
