"""The demonstration county, loaded when a benchmark starts on an empty database.

Called by benchmarks that measure what needs persons, files and a finished night. Django must be set up.
"""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

from demo.loading import COUNTY
from foundation.accounts.models import User
from foundation.jobs.long_work import RunState
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from nightly.models import NightRun


def get_demo_county() -> Unit:
    """Get the demo county with its sign-ins and a finished night, loading what is missing.

    It is loaded by `manage.py load_demo` in another process, so that what is measured starts in a fresh one.
    Effects: as demo.loading.load_demo, only when something is missing; safe to run again. Errors: SystemExit when the county
    could not be loaded, for example because the database is in use and is not a demonstration.
    """
    county = get_unit(code=COUNTY)
    if not _is_loaded(county):
        print("Loading what is missing of the demo county ...", flush=True)
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_ROLE"}
        subprocess.run([sys.executable, "manage.py", "load_demo"], cwd=settings.BASE_DIR, env=environment, check=False)
    if not _is_loaded(county):
        raise SystemExit("The demo county could not be loaded; see above.")
    return county


def _is_loaded(county: Unit) -> bool:
    return NightRun.objects.filter(county=county, state=RunState.DONE).exists() and User.objects.exists()
