"""A night whose process is killed with -9, for real: in the middle of a step and in the middle of publishing."""

from datetime import date

import pytest
from django.conf import settings

from casework.models import Gap
from coverage.models import CoverageVerdict
from foundation.accounts.actors import system_actor
from foundation.jobs.long_work import RunState
from nightly.models import NightStep
from nightly.services import request_night, run_night
from tests.hanging_worker import hanging_worker, wait_for
from tests.plugins.month import send_december

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("nights")]

PLACES = {
    "in a step": {
        "module": "coverage.findings.links",
        "function": "match",
    },
    "in publishing": {"module": "coverage.services.publishing", "function": "_changed_codes"},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_killed_night_loses_nothing_and_duplicates_nothing(county, take_in, tmp_path, place):
    send_december(tmp_path, take_in)
    asked = request_night(actor=system_actor(county), county=county, as_of=date(2018, 12, 31))
    work = f"from nightly.services import run_night\nrun_night({asked.pk})"
    with hanging_worker(work=work, sign=tmp_path / "sign", **PLACES[place]):
        assert run_night(asked.pk) is None  # a living process has it
    assert not CoverageVerdict.objects.exists()
    assert not Gap.objects.exists()
    resumed = wait_for(lambda: run_night(asked.pk))  # the database needs a moment to see that the process is gone
    assert resumed is not None
    assert resumed.state == RunState.DONE
    assert CoverageVerdict.objects.as_known().count() == CoverageVerdict.objects.count() == 6
    assert Gap.objects.open().count() == Gap.objects.count() == 8
    assert set(NightStep.objects.values_list("state", flat=True)) == {RunState.DONE}
    assert not (settings.DATA_DIR / "nights" / str(asked.pk)).exists()
