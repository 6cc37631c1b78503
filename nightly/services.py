"""Requesting a night, cancelling it, and running it, step by step; killed anywhere, it resumes after the last finished step.

A step reads the files of the steps before it and writes its own; only the last one changes what users see.
"""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor, system_actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.jobs.attempts import begin_attempt, is_last_attempt
from foundation.jobs.holding import held
from foundation.jobs.limits import failure_code
from foundation.jobs.long_work import OPEN_STATES, RunState
from foundation.jobs.workspace import remove_folder
from foundation.policy.selectors import ParameterMissing, get_parameter
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from foundation.regions.models import Unit
from nightly.models import NightRun, NightStep
from nightly.selectors import get_night
from nightly.steps import STEPS, NightContext, NightFailed
from registry.constants import Feed
from registry.models import Delivery

logger = logging.getLogger(__name__)


@transaction.atomic
def request_night(*, actor: Actor, county: Unit, as_of: date, at: datetime | None = None) -> NightRun:
    """Put a county's night into the queue, or return the one already waiting or running.

    Effects: one NightRun with its steps; audited. Errors: NotAllowed.
    """
    actor.demand(Action.RUN_NIGHT)
    Unit.objects.select_for_update().get(pk=county.pk)
    waiting = NightRun.objects.filter(county=county, state__in=OPEN_STATES).first()
    if waiting is not None:
        return waiting
    run = NightRun.objects.create(
        county=county,
        as_of_date=as_of,
        requested_by=actor.username,
        requested_by_system=actor.user_id is None,
        requested_at=at or now(),
    )
    NightStep.objects.bulk_create(NightStep(run=run, position=place, name=name) for place, name in enumerate(STEPS, 1))
    record_event(actor=actor, verb="night_requested", object_type="nightrun", object_id=run.pk)
    return run


@transaction.atomic
def cancel_night(*, actor: Actor, run_id: int, at: datetime) -> NightRun:
    """End a night that waits or runs; nothing of it is published, and its county may ask for another at once.

    The process that runs it stops before its next step, or takes back what it is publishing, and removes its folder.
    Effects: the run's state, error and finished_at; audited. Errors: NotAllowed; NotFound; Conflict when it is over.
    """
    actor.demand(Action.RUN_NIGHT)
    get_night(actor, run_id)
    run = NightRun.objects.select_for_update(no_key=True, of=("self",)).select_related("county").get(pk=run_id)
    refuse_ended(run)
    run.state, run.error, run.finished_at = RunState.CANCELLED, "cancelled", at
    run.save(update_fields=["state", "error", "finished_at"])
    run.steps.filter(state=RunState.RUNNING).update(state=RunState.CANCELLED)
    record_event(actor=actor, verb="night_cancelled", object_type="nightrun", object_id=run.pk)
    return run


def refuse_ended(run: NightRun) -> None:
    """Errors: Conflict when the night is over and cannot be cancelled any more."""
    if not run.is_open:
        raise Conflict(
            _("This nightly run has ended: %(state)s.") % {"state": run.get_state_display()},
            what_to_do=_("Nothing is left to cancel; reload the nightly run."),
            ids=[run.pk],
        )


def request_due_nights(*, at: datetime) -> list[NightRun]:
    """Ask for the night of every county that has files, whose hour (night_hour) has come today and that has none since.

    A night is as of the newest day a resident roll of the county describes. Effects: as request_night. Safe to run again.
    """
    here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    counties = Delivery.objects.applied().filter(feed=Feed.RESIDENT).values("county").annotate(newest=Max("as_of_date"))
    runs = []
    for county_id, newest in counties.values_list("county", "newest"):
        county = Unit.objects.get(pk=county_id)
        hour = int(get_parameter("night_hour", unit=county, on=here.date()).value)
        due_at = here.replace(hour=hour, minute=0, second=0, microsecond=0)
        if here >= due_at and not NightRun.objects.filter(county=county, requested_at__gte=due_at).exists():
            runs.append(request_night(actor=system_actor(county), county=county, as_of=newest, at=at))
    return runs


def run_night(run_id: int, *, on_step: Callable[[NightStep], None] | None = None, attempts: int = 1) -> NightRun | None:
    """Run a waiting night, or one whose worker died, from its first unfinished step.

    Returns None when it is over or a living process has it, the run otherwise. A failure is kept as a sentence in run.error; an
    unforeseen one ends the night at that attempt, before it leaves the night to the next worker.
    Effects: the night's folder under DATA_DIR, removed at the end; what publish() writes. Safe to run again.
    """
    with held("night", run_id) as is_held:
        run = _begin(run_id) if is_held else None
        return None if run is None else _run_steps(run, on_step, attempts)


def _run_steps(run: NightRun, on_step: Callable[[NightStep], None] | None, attempts: int) -> NightRun:
    night = NightContext(run)
    clear_left_folders()
    try:
        begin_attempt(run)
        for step in run.steps.exclude(state=RunState.DONE).order_by("position"):
            _run_step(night, step)
            if on_step is not None:
                on_step(step)
    except NightFailed as failure:
        run = _fail(run, failure.sentence)
    except ParameterMissing as failure:
        run = _fail(run, str(failure).splitlines()[0][:300])
    except (duckdb.IOException, duckdb.InvalidInputException, OSError) as failure:
        logger.warning("night %s: %s", run.pk, type(failure).__name__)
        run = _fail(run, "disk_full" if _is_disk_full(failure) else "file_missing")
    except duckdb.Error as failure:
        logger.warning("night %s: %s", run.pk, type(failure).__name__)
        run = _fail(run, "engine_failed")
    except Exception as failure:  # noqa: BLE001 - whatever it is, the night ends in a state a person sees
        if not is_last_attempt(run, failure, most=attempts):
            return run
        run = _fail(run, failure_code(failure), number=run.failure_number)
    remove_folder(night.folder)
    return run


def _is_disk_full(failure: Exception) -> bool:
    """Return whether the disk is full: DuckDB passes the system's message on, Python its number."""
    return getattr(failure, "errno", None) == errno.ENOSPC or os.strerror(errno.ENOSPC) in str(failure)


def clear_left_folders() -> None:
    """Remove the folders of ended nights, killed at their very end or cancelled with no process: they hold decrypted numbers."""
    folders = list((settings.DATA_DIR / "nights").glob("*"))  # before asking who is open: a night may begin meanwhile
    kept = {str(pk) for pk in NightRun.objects.filter(state__in=OPEN_STATES).values_list("pk", flat=True)}
    for folder in folders:
        if folder.name not in kept:
            remove_folder(folder)


def _begin(run_id: int) -> NightRun | None:
    open_run = NightRun.objects.filter(pk=run_id, state__in=OPEN_STATES)
    begun = open_run.update(state=RunState.RUNNING, alive_at=now())
    return NightRun.objects.select_related("county").get(pk=run_id) if begun else None


def _run_step(night: NightContext, step: NightStep) -> None:
    """Run one step and record its rows and seconds in the transaction of what it writes."""
    _refuse_cancelled(night.run)
    NightRun.objects.filter(pk=night.run.pk).update(alive_at=now())
    NightStep.objects.filter(pk=step.pk).update(state=RunState.RUNNING)
    started = time.perf_counter()
    with transaction.atomic():
        step.rows = STEPS[step.name](night)
        step.state, step.seconds = RunState.DONE, round(time.perf_counter() - started, 3)
        step.save(update_fields=["state", "rows", "seconds"])


def _refuse_cancelled(run: NightRun) -> None:
    run.refresh_from_db(fields=["state"])
    if run.state == RunState.CANCELLED:
        raise NightFailed("cancelled")


def _fail(run: NightRun, sentence: str, *, number: str = "") -> NightRun:
    """End the run with its sentence; a cancelled one ended when it was cancelled."""
    running, at = NightRun.objects.filter(pk=run.pk, state=RunState.RUNNING), now()
    if running.update(state=RunState.FAILED, error=sentence, finished_at=at, failed_at=at, failure_number=number):
        run.steps.filter(state=RunState.RUNNING).update(state=RunState.FAILED)
    run.refresh_from_db()
    return run
