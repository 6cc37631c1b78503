"""The demonstration county takes the same path as real files: generated, received, matched by one night."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from demo.county import make_county
from demo.models import DemoMark
from demo.people import PASSWORD, PEOPLE
from demo.villages import tell_of_villages
from foundation.accounts.actors import system_actor
from foundation.accounts.models import User
from foundation.accounts.services import create_user, grant_role
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import now
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
MONTH = date(2018, 12, 1)
AS_OF = date(2018, 12, 31)
POOR, ROLL, SEED = 5_000, 100_000, 20181231
VILLAGES = Path(__file__).parent / "data" / "villages_320682.csv.gz"
Report = Callable[[str], None]


def load_demo(report: Report) -> NightRun:
    """Load what is missing of the demonstration: mark, villages, sign-ins, files, night. Safe to run again: an interrupted load resumes.

    Errors: Conflict when the database is already in use and was never marked as a demonstration.
    """
    mark_database()
    county = get_unit(code=COUNTY)
    import_villages(VILLAGES, county=county)
    make_people(county)
    run = NightRun.objects.filter(county=county, state=RunState.DONE).first()
    if run is not None:
        return run
    receive_month(county, report)
    run = run_demo_night(county, report)
    tell_of_villages(county)
    return run


@transaction.atomic
def mark_database() -> None:
    """Mark an empty database as a demonstration; a marked one stays marked."""
    if DemoMark.objects.exists():
        return
    if User.objects.exists() or Delivery.objects.exists():
        raise Conflict("This database is already in use and is no demonstration; the demo county was not loaded.")
    DemoMark.objects.create(marked_at=now())


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


def receive_month(county: Unit, report: Report) -> None:
    """Generate the month's files once and receive each; files already received are skipped."""
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        report(f"making {POOR:,} poor persons and a roll of {ROLL:,} lines ...")
        made = make_county(poor=POOR, roll=ROLL, seed=SEED, out=folder, county=COUNTY, month=MONTH)
        actor = system_actor(county)
        files = sorted(made.month_folder.iterdir())
        for place, path in enumerate(files, 1):
            received = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=AS_OF, at=now())
            delivery = process_delivery(actor=actor, delivery_id=received.pk, at=now())
            rows = delivery.row_counts.get("rows", 0) if delivery.state == DeliveryState.APPLIED else 0
            report(f"[{place:2d}/{len(files)}] {delivery.get_feed_display()!s:32s} {rows:>8,} rows   {path.name}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_demo_night(county: Unit, report: Report) -> NightRun:
    """Run the night in the foreground, with one line per step."""
    request = request_night(actor=system_actor(county), county=county, as_of=AS_OF)
    steps = request.steps.count()

    def report_step(step: NightStep) -> None:
        report(f"[{step.position:2d}/{steps}] {step.name:32s} {step.rows or 0:>8,} rows   {step.seconds or 0:.1f} s")

    return run_night(request.pk, on_step=report_step) or request
