"""Prepared rolls go when nothing needs them and their time is over; decisions keep their evidence, and what is pinned stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coverage.models import Link, MatchDecision
from coverage.services.decisions import decide_pair
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import AuditEvent
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from nightly.retention import remove_old_snapshots
from nightly.services import request_night
from registry.models import RollSnapshot
from tests import senders
from tests.plugins.month import DECEMBER, FEBRUARY, HERE, JANUARY, LINES, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]
MARCH = "2019-03-31"
LATER = now() + timedelta(days=401)


@pytest.fixture
def county(december: Unit, own_files: Path, db: None) -> Unit:
    return december


@pytest.fixture
def remove(django_capture_on_commit_callbacks):
    """Return a function that runs the removal and returns the days of the rolls that are left."""

    def run(at=LATER) -> set[str]:
        with django_capture_on_commit_callbacks(execute=True):
            remove_old_snapshots(at=at)
        snapshots = RollSnapshot.objects.select_related("delivery")
        return {f"{each.delivery.as_of_date}" for each in snapshots if path_of(each).exists()}

    return run


def path_of(snapshot: RollSnapshot) -> Path:
    return Path(settings.DATA_DIR) / snapshot.path


def test_only_the_newest_two_days_and_the_last_nights_stay(
    unfinished_night, county, tmp_path, take_in, run_county_night, remove
):
    unfinished_night.finish()
    for day in (JANUARY, FEBRUARY, MARCH):
        send_month(tmp_path, take_in, day, LINES)
    assert remove() == {DECEMBER, FEBRUARY, MARCH}, "the last night rests on December"
    run_county_night(MARCH)
    assert remove() == {FEBRUARY, MARCH}
    files = {path.name.split(".")[0] for path in Path(settings.DATA_DIR).glob("snapshots/*/*") if DECEMBER in path.name}
    assert files == set(), "repairs and line hashes go with the roll"
    assert AuditEvent.objects.filter(verb="remove_snapshot").count() == 2
    assert RollSnapshot.objects.count() == 4
    assert run_county_night(MARCH).state == "done"


def test_before_its_retention_nothing_goes(county, tmp_path, take_in, remove):
    for day in (JANUARY, FEBRUARY):
        send_month(tmp_path, take_in, day, LINES)
    assert remove(now() + timedelta(days=399)) == {DECEMBER, JANUARY, FEBRUARY}
    ParameterValue.objects.filter(name="snapshot_retention_days").update(value=30)
    assert remove(now() + timedelta(days=31)) == {JANUARY, FEBRUARY}
    ParameterValue.objects.filter(name="snapshot_retention_days").update(value=0)
    send_month(tmp_path, take_in, MARCH, LINES)
    assert remove(now() + timedelta(days=1)) == {JANUARY, FEBRUARY, MARCH}, "a file may still be undone"


def test_an_open_night_keeps_what_it_rests_on(unfinished_night, county, tmp_path, take_in, run_county_night, remove):
    run = unfinished_night.finish()
    for day in (JANUARY, FEBRUARY):
        send_month(tmp_path, take_in, day, LINES)
    run_county_night(FEBRUARY)
    again = request_night(actor=system_actor(county), county=county, as_of=run.as_of_date)
    again.inputs = run.inputs
    again.save(update_fields=["inputs"])
    assert remove() == {DECEMBER, JANUARY, FEBRUARY}


def test_a_decision_keeps_its_evidence_without_the_roll(county, tmp_path, take_in, run_county_night, remove):
    lines = [senders.resident_row("R9", "王薇", HERE), *LINES[1:]]
    send_month(tmp_path, take_in, JANUARY, lines)
    run_county_night(JANUARY)
    link = Link.objects.as_known().filter(action="review").first()
    assert link is not None
    user = User.objects.create(username="clerk", display_name="王经办")
    role = Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    clerk = user_actor(Membership.objects.select_related("user", "unit").get(pk=role.pk))
    decided = decide_pair(actor=clerk, link_id=link.pk, decision="not_same", note="", at=now())
    for day in (FEBRUARY, MARCH):
        send_month(tmp_path, take_in, day, LINES)
    run_county_night(MARCH)
    assert JANUARY not in remove()
    kept = MatchDecision.objects.get(pk=decided.pk)
    assert (kept.roll_name, kept.roll_number is not None, bool(kept.roll_status)) == ("王薇", True, True)
    assert run_county_night(MARCH).state == "done"


def test_what_needs_a_removed_roll_says_so(county, tmp_path, take_in, run_county_night, remove):
    for day in (JANUARY, FEBRUARY, MARCH):
        send_month(tmp_path, take_in, day, LINES)
    run_county_night(MARCH)
    remove()
    out = tmp_path / "changes.csv"
    with pytest.raises(CommandError, match=r"retention|保存期限"):
        call_command("export", "changes", "--county=320682", "--month=2019-01", f"--out={out}", "--purpose=x")
    assert not out.exists()
