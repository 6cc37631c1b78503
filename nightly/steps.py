"""The steps of a night, in order. Each takes the night's context and returns the rows it made; it may run again.

A step reads the tables earlier steps wrote into the night's folder and writes its own; only the last one changes what users see,
in one transaction, and ends the night with it. services.py runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from casework.finders import find_gaps
from casework.models import Gap, WorkChange
from casework.services.opening_gaps import move_gaps
from casework.services.routing import route_cases
from coverage.findings.codes import derive_codes
from coverage.findings.findings import find_on_persons, find_on_rolls
from coverage.findings.freshness import write_feeds
from coverage.findings.inputs import choose_deliveries, find_held_back, oldest_feed_date, open_workspace, write_inputs
from coverage.findings.links import link_facts, link_rolls
from coverage.findings.tables import GAP
from coverage.findings.workspace import NightWorkspace
from coverage.services.publishing import PublishedNight, list_kept_open, publish_results
from enrollment.certification.inputs import pin_certification
from enrollment.selectors.portal_roll import read_portal_roll
from enrollment.services.declarations import ask_again
from enrollment.services.ending import end_by_roll
from enrollment.services.one_stop import put_batches_into_effect
from foundation.accounts.actors import system_actor
from foundation.jobs.long_work import RunState
from foundation.primitives.bulk import whole_tables
from foundation.primitives.clock import now
from nightly.models import NightRun
from nightly.month_figures import store_month_figures
from payments.services.planning import plan_contributions
from registry.constants import PERSON_FEEDS, Feed
from registry.selectors.deliveries import INSTANT, in_order

CHANGES_ARE_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class NightFailed(Exception):
    """A night that cannot go on; the sentence is kept with the run."""

    sentence: str


@dataclass
class NightContext:
    """The argument of every step: the run, whose pinned inputs open the workspace."""

    run: NightRun

    @property
    def folder(self) -> Path:
        """The folder of the night's tables."""
        return settings.DATA_DIR / "nights" / str(self.run.pk)

    @cached_property
    def workspace(self) -> NightWorkspace:
        """The workspace over the pinned rolls. Errors: ParameterMissing when the region lacks a rule."""
        return open_workspace(self.run.county, self.run.as_of_date, self.run.inputs, self.folder)


def _moment(run: NightRun) -> datetime:
    """Return now, or a moment just after the newest that the county's rows carry where the clock has been put back since."""
    marks = (
        Gap.objects.filter(county=run.county).aggregate(at=Max("opened_at"))["at"],
        NightRun.objects.filter(county=run.county).aggregate(at=Max("finished_at"))["at"],
        run.known_at,
    )
    at = in_order(run.county_id, now())
    return max([at, *(mark + INSTANT for mark in marks if mark)])


def pin_inputs(night: NightContext) -> int:
    """Choose the deliveries, keep them with the run and write persons, their variants, facts, feeds, enrolments and evidence.

    Before, one-stop batches that were approved are put into effect, and cases are opened of people who are to be asked again.
    Errors: NightFailed.
    """
    run = night.run
    put_batches_into_effect(actor=system_actor(run.county), county=run.county, at=_moment(run))
    ask_again(actor=system_actor(run.county), county=run.county, at=_moment(run))
    run.known_at = None  # of an attempt that was killed
    run.known_at = _moment(run)
    run.inputs = choose_deliveries(run.county, run.as_of_date, run.known_at)
    if Feed.RESIDENT not in run.inputs:
        raise NightFailed("no_resident_roll")
    if not set(PERSON_FEEDS) & set(run.inputs):
        raise NightFailed("no_poor_persons")
    portal = read_portal_roll(county=run.county, day=run.as_of_date, known_at=run.known_at)
    persons = write_inputs(run.county, run.known_at, run.inputs, night.workspace, portal)
    write_feeds(run.county, run.known_at, run.inputs, night.workspace)
    pin_certification(county=run.county, day=run.as_of_date, known_at=run.known_at, workspace=night.workspace)
    run.save(update_fields=["known_at", "inputs"])
    return persons


def find_all_gaps(night: NightContext) -> int:
    """Run the finders of every app and write `gap`."""
    return night.workspace.write(GAP, find_gaps(night.workspace))


@transaction.atomic
def publish(night: NightContext) -> int:
    """Make results current, move gaps and cases, and end the run: a night is either done and current, or neither.

    Effects: under the county's lock; the board of the run. Errors: NightFailed when the night was cancelled meanwhile.
    """
    run, at = night.run, _moment(night.run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publish'), %s)", [run.county_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # each error a trigger catches walks all checks put off so far
        published = PublishedNight(run.pk, run.county, run.as_of_date, at, oldest_feed_date(run.inputs, run.as_of_date))
        whose: dict[str, Any] = {"county": run.county, "day": run.as_of_date, "at": at}
        with whole_tables(cursor):  # a second night minutes after the first took 19 s instead of 4
            run.board = publish_results(cursor, published, night.workspace)
            end_by_roll(
                actor=system_actor(run.county), county=run.county, night_id=run.pk, known=run.known_at or at, at=at
            )
            kept_open = list_kept_open(cursor, published, night.workspace)
            run.board |= move_gaps(cursor, **whose, found=night.workspace.read(GAP), kept_open=kept_open)
            run.board["cases"] = route_cases(cursor, **whose)
            store_month_figures(cursor, run)
            run.board["contributions"] = plan_contributions(run.county, run.as_of_date, at)
        run.board["left_out"] = [
            {"feed": each.feed, "day": each.day.isoformat(), "missing": each.missing}
            for each in find_held_back(run.county, run.as_of_date, run.known_at or at)
        ]
    WorkChange.objects.of_the_past(run.county, before=at - CHANGES_ARE_KEPT).delete()
    _end(run, at)
    return sum(run.board["verdicts"].values())


def _end(run: NightRun, at: datetime) -> None:
    run.state, run.finished_at = RunState.DONE, at
    ended = NightRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        board=run.board, state=run.state, finished_at=run.finished_at
    )
    if not ended:
        raise NightFailed("cancelled")


def _on_workspace(work: Callable[[NightWorkspace], int]) -> Callable[[NightContext], int]:
    return lambda night: work(night.workspace)


STEPS: dict[str, Callable[[NightContext], int]] = {
    "pin_inputs": pin_inputs,
    "link_rolls": _on_workspace(link_rolls),
    "link_facts": _on_workspace(link_facts),
    "find_on_rolls": _on_workspace(find_on_rolls),
    "find_on_persons": _on_workspace(find_on_persons),
    "derive_codes": _on_workspace(derive_codes),
    "find_gaps": find_all_gaps,
    "publish": publish,
}
"""Name -> work, in the order in which they run."""
