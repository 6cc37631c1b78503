"""How many persons of a list are new and how many are gone, counted by persons and not by lines: lists of the poor, of facts, rolls.

A file of as many lines as the one before may name quite other people. Called once the file is applied, in its transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import connection

from foundation.jobs.duckdb_connections import open_duckdb
from registry.comparison.lists import day_before
from registry.comparison.parts import find_parts
from registry.constants import ASKED_ANEW_FEEDS, EVENT_FEEDS, PERSON_FEEDS, ROLL_FEEDS, DeliveryState
from registry.models import Delivery, RollSnapshot

_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Turnover:
    """Persons on the list before and on this one; `gone` are only on the list before, `new` only on this one."""

    before: int
    after: int
    gone: int
    new: int

    @property
    def gone_share(self) -> float:
        """The share of the list before that is missing, 0..1."""
        return self.gone / self.before if self.before else 0.0

    @property
    def new_share(self) -> float:
        """The share of this list that was not on the one before, 0..1."""
        return self.new / self.after if self.after else 0.0


def count_turnover(delivery: Delivery) -> Turnover | None:
    """Compare the persons of an applied file's day with those of the list before; None where there is none, and for events.

    Of a list whose persons change each time only the number of persons is compared: gone is how many fewer they are, new none.
    Cost: 0.1 s for a list of 12,500 persons, 0.3 s for two rolls of 650,000 lines.
    """
    if delivery.feed in EVENT_FEEDS:
        return None
    before, after = _lists_of(delivery)
    if not before:
        return None
    counts = _count_on_rolls(before, after) if delivery.feed in ROLL_FEEDS else _count_on_lists(delivery, before, after)
    turnover = Turnover(*counts)
    if delivery.feed in ASKED_ANEW_FEEDS:
        return replace(turnover, gone=max(0, turnover.before - turnover.after), new=0)
    return turnover


def _lists_of(delivery: Delivery) -> tuple[list[int], list[int]]:
    """The files of the day before, and all of the delivery's day: a list in several files is one.

    Before all its parts are there, a part is compared with the parts it continues; one that continues none with nothing.
    Where there is no day before, a file that took the place of one of its own day is compared with that.
    """
    if delivery.lacks_parts:
        return find_parts(delivery).continued, [delivery.pk]
    same_feed = Delivery.objects.filter(county=delivery.county_id, feed=delivery.feed)
    applied = same_feed.applied()
    after = list(applied.filter(as_of_date=delivery.as_of_date).values_list("pk", flat=True))
    if (day := day_before(applied, delivery.as_of_date)) is not None:
        return list(applied.filter(as_of_date=day).values_list("pk", flat=True)), after
    replaced = same_feed.filter(state=DeliveryState.SUPERSEDED, superseded_at=delivery.applied_at)
    before = list(replaced.values_list("pk", flat=True))
    return before + [pk for pk in after if pk != delivery.pk] if before else [], after


def _count_on_lists(delivery: Delivery, before: list[int], after: list[int]) -> Sequence[int]:
    name = "count_listed_persons" if delivery.feed in PERSON_FEEDS else "count_fact_persons"
    values = {"before": before, "after": after, "at": delivery.applied_at}
    with connection.cursor() as cursor:
        cursor.execute((_SQL / f"{name}.sql").read_text("utf-8"), values)
        counts: tuple[int, ...] = cursor.fetchone()
    return counts


def _count_on_rolls(before: list[int], after: list[int]) -> Sequence[int]:
    paths = dict(RollSnapshot.objects.filter(delivery__in=[*before, *after]).values_list("delivery", "path"))
    values = {
        side: [str(settings.DATA_DIR / paths[pk]) for pk in files]
        for side, files in (("before", before), ("after", after))
    }
    with open_duckdb() as database:
        counts = database.execute((_SQL / "count_roll_persons.sql").read_text("utf-8"), values).fetchone()
    assert counts is not None
    return counts
