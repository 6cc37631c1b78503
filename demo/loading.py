"""The demonstration county takes the same path as real files: two months generated, received, each matched by one night.

The clock of the demonstration follows (business_day.py), so that every row has the day a county would have written it; between the nights,
and after them, its people work (working.py).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from demo.applications import make_applications
from demo.business_day import FIRST_DAY, morning_of, reach_demo_time
from demo.certifications import write_certifications
from demo.contributions import make_contributions
from demo.county import make_county
from demo.models import DemoMark
from demo.people import PASSWORD, PEOPLE
from demo.villages import make_village_reports
from demo.working import leave_open, work_in_january
from foundation.accounts.actors import system_actor
from foundation.accounts.models import User
from foundation.accounts.services import create_user, grant_role
from foundation.jobs.long_work import RunState
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.regions.models import Unit
from foundation.regions.models.unit import DIGITS_OF_LEVEL, Level
from foundation.regions.selectors import county_places, get_unit
from foundation.regions.services.loading import import_villages
from nightly.models import NightRun, NightStep
from nightly.services import request_night, run_night
from registry.constants import DeliveryState
from registry.models import Delivery
from registry.services.receiving import process_delivery, receive_file

COUNTY = "320682"
MONTH, AS_OF = date(2018, 12, 1), date(2018, 12, 31)
"""The first month of the files, and the day they describe."""
POOR, ROLL, SEED = 5_000, 100_000, 20181231
VILLAGES = Path(__file__).parent / "data" / "villages_320682.csv.gz"
Report = Callable[[str], None]


@dataclass(frozen=True)
class DemoMonth:
    """A month's files: the day they describe, when they arrive, when the night over them begins."""

    as_of: date
    arrives_at: datetime
    night_at: datetime


def _moment(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=clock.BUSINESS_ZONE)


MONTHS = (
    DemoMonth(AS_OF, _moment(date(2019, 1, 4), 9), _moment(date(2019, 1, 5), 2)),
    DemoMonth(date(2019, 1, 31), _moment(date(2019, 1, 31), 16), _moment(date(2019, 2, 1), 2)),
)
LATE, LATE_SINCE = "在校学生", date(2018, 11, 30)
"""The one feed that is not fresh: its file of the first month describes this day, and there is none in the second."""


def load_demo(report: Report) -> NightRun:
    """Load what is missing of the demonstration: mark, villages, sign-ins, files, nights, work.

    Safe to run again: an interrupted load resumes.
    Errors: Conflict when the database is already in use and was never marked as a demonstration.
    """
    mark_database()
    county = get_unit(code=COUNTY)
    import_villages(VILLAGES, county=county)
    make_people(county)
    nights = NightRun.objects.filter(county=county, state=RunState.DONE)
    done = set(nights.values_list("as_of_date", flat=True))
    if not done.issuperset(month.as_of for month in MONTHS):
        receive_months(county, done, report)
    reach_demo_time(morning_of(FIRST_DAY))
    leave_open(county)
    make_village_reports(county)
    make_applications(county)
    make_contributions(county, AS_OF.year)
    return nights.latest("as_of_date")


@transaction.atomic
def mark_database() -> None:
    """Mark an empty database as a demonstration; a marked one stays marked."""
    if DemoMark.objects.exists():
        return
    if User.objects.exists() or Delivery.objects.exists():
        raise Conflict("This database is already in use and is no demonstration; the demo county was not loaded.")
    DemoMark.objects.create(marked_at=clock.real_now())


def make_people(county: Unit) -> None:
    """Make the sign-ins that are missing, each at the first unit of its size; the village lies in the township."""
    present = set(User.objects.values_list("username", flat=True))
    for person in PEOPLE:
        if person.username in present:
            continue
        with transaction.atomic():
            user = create_user(
                actor=None,
                username=person.username,
                display_name=person.display_name,
                password=PASSWORD,
                must_change=False,
            )
            grant_role(actor=None, user=user, role=person.role, unit=_unit_of(county, person.digits), valid_from=MONTH)


def _unit_of(county: Unit, digits: int) -> Unit:
    if digits <= len(COUNTY):
        return get_unit(code=COUNTY[:digits])
    places = county_places(COUNTY)
    township = next(place for place in places if place.level == Level.TOWNSHIP and not place.name.endswith("街道"))
    if digits == DIGITS_OF_LEVEL[Level.TOWNSHIP]:
        return Unit.objects.get(pk=township.id)
    town = township.code[: DIGITS_OF_LEVEL[Level.TOWNSHIP]]
    village = next(place for place in places if place.level == Level.VILLAGE and place.code.startswith(town))
    return Unit.objects.get(pk=village.id)


def receive_months(county: Unit, done: set[date], report: Report) -> None:
    """Generate both months' files once; receive those without a night and run it. Files already received are skipped."""
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        report(f"making {POOR:,} poor persons and a roll of {ROLL:,} lines, two months ...")
        made = make_county(poor=POOR, roll=ROLL, seed=SEED, out=folder, county=COUNTY, month=MONTH, months=2)
        for month, files in zip(MONTHS, made.month_folders, strict=True):
            if month.as_of not in done:
                reach_demo_time(month.arrives_at)
                if month is not MONTHS[0]:
                    write_certifications(county, files, as_of=month.as_of)
                receive_month(county, month, files, report)
                reach_demo_time(month.night_at)
                run_demo_night(county, month, report)
            if month is MONTHS[0]:
                work_in_january(county)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def receive_month(county: Unit, month: DemoMonth, folder: Path, report: Report) -> None:
    """Receive each file of a month."""
    actor, is_first = system_actor(county), month is MONTHS[0]
    files = [path for path in sorted(folder.iterdir()) if is_first or not path.name.startswith(LATE)]
    for place, path in enumerate(files, 1):
        as_of = LATE_SINCE if path.name.startswith(LATE) else month.as_of
        received = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=as_of, at=clock.now())
        delivery = process_delivery(actor=actor, delivery_id=received.pk, at=clock.now())
        rows = delivery.row_counts.get("rows", 0) if delivery.state == DeliveryState.APPLIED else 0
        report(f"[{place:2d}/{len(files)}] {delivery.get_feed_display()!s:32s} {rows:>8,} rows   {path.name}")


def run_demo_night(county: Unit, month: DemoMonth, report: Report) -> NightRun:
    """Run the night in the foreground, with one line per step."""
    request = request_night(actor=system_actor(county), county=county, as_of=month.as_of, at=clock.now())
    steps = request.steps.count()

    def report_step(step: NightStep) -> None:
        report(f"[{step.position:2d}/{steps}] {step.name:32s} {step.rows or 0:>8,} rows   {step.seconds or 0:.1f} s")

    return run_night(request.pk, on_step=report_step) or request
