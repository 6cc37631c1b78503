"""Feeds that are stale or were taken back: they mark what rests on them, open a gap of their own and close none."""

from collections.abc import Iterable
from datetime import date, timedelta

import pyarrow as pa
import pytest
from django.conf import settings

from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from coverage.constants import GAP_FEEDS
from coverage.findings.freshness import write_feeds
from coverage.findings.inputs import choose_deliveries, open_workspace
from coverage.findings.tables import FEED, FEED_COLUMNS
from coverage.findings.workspace import NightWorkspace
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from nightly import steps
from nightly.services import run_night
from nightly.steps import NightContext
from registry.constants import Feed
from registry.models import Delivery
from registry.services.undoing import undo_delivery
from tests.plugins.month import ENROLLED, JANUARY, LINES, UnfinishedNight, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]
DAY = date(2018, 12, 31)
RESTING = {kind: feeds for kind, feeds in GAP_FEEDS.items() if feeds}


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


@pytest.fixture
def weak(monkeypatch):
    """Return a function that makes the nights to come find these feeds stale, every other fresh."""

    def make(*feeds: str) -> None:
        monkeypatch.setattr(steps, "write_feeds", lambda *night: write_weak(night[-1], feeds))

    return make


def write_weak(workspace: NightWorkspace, feeds: Iterable[str]) -> int:
    """Write the table of feeds: these stale, every other fresh."""
    rows = [{"feed": feed, "as_of": DAY, "state": "stale" if feed in feeds else "fresh"} for feed in Feed.values]
    return workspace.write(FEED, pa.Table.from_pylist(rows, schema=FEED_COLUMNS))


def old_gap(county: Unit, kind: GapKind) -> Gap:
    """A gap of a line the roll does not have any more: the night does not find it."""
    return Gap.objects.create(
        county=county, unit=county, scheme="resident", roll_no=f"GONE-{kind}", subject_name="甲", subject_pinyin="jia",
        kind=kind, rank=GAP_RANK[kind], opened_on=DAY - timedelta(31), opened_at=now() - timedelta(31),
    )  # fmt: skip


def outcomes(
    night: UnfinishedNight, stale: Iterable[str], kinds: Iterable[GapKind]
) -> dict[GapKind, tuple[date | None, str]]:
    """End the night over an old gap of each kind; return the day each was closed, and what keeps it open."""
    made = {kind: old_gap(night.run.county, kind).pk for kind in kinds}
    begun = night.put_back()
    write_weak(NightContext(begun).workspace, stale)
    run_night(begun.pk)
    found = Gap.objects.in_bulk(made.values())
    return {kind: (found[pk].closed_on, found[pk].kept_open_by_feeds) for kind, pk in made.items()}


@pytest.mark.parametrize("feed", Feed.values)
def test_a_gap_of_any_kind_stays_open_while_a_feed_it_rests_on_is_stale(unfinished_night, county, feed):
    expected = {kind: (None, feed) if feed in feeds else (DAY, "") for kind, feeds in RESTING.items()}
    assert outcomes(unfinished_night, [feed], RESTING) == expected


@pytest.mark.parametrize("feeds", sorted(set(RESTING.values())), ids=" ".join)
def test_a_gap_is_closed_while_every_feed_it_does_not_rest_on_is_stale(unfinished_night, county, feeds):
    kinds = [kind for kind in RESTING if RESTING[kind] == feeds]
    stale = set(Feed.values) - set(feeds)
    assert outcomes(unfinished_night, stale, kinds) == dict.fromkeys(kinds, (DAY, ""))


@pytest.mark.parametrize(
    ("feeds", "closed"), [(["resident"], False), (["employee", "survey", "deaths"], True), ([], True)]
)
def test_an_uninsured_person_is_insured_only_by_a_fresh_roll(
    county, weak, unfinished_night, run_county_night, tmp_path, take_in, feeds, closed
):
    unfinished_night.finish()
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])
    weak(*feeds)
    run_county_night(JANUARY)
    gap = Gap.objects.get(kind="UNINSURED", subject_name="王强")
    assert (gap.closed_at is not None, gap.kept_open_by_feeds) == (closed, "" if closed else "resident")


def test_who_left_the_lists_stays_in_the_work_while_a_list_is_stale(county, weak, unfinished_night, run_county_night):
    unfinished_night.finish()
    person = Gap.objects.get(kind="UNINSURED", subject_name="王强").person
    assert person is not None
    person.designations.update(superseded_at=now())
    weak("dibao")
    run_county_night()
    assert Gap.objects.get(kind="UNINSURED", person=person).kept_open_by_feeds == "dibao"
    weak()
    run_county_night()
    assert Gap.objects.get(kind="UNINSURED", person=person).closed_on == DAY


def states(county: Unit, day: date) -> dict[str, str]:
    inputs = choose_deliveries(county, day, now())
    workspace = open_workspace(county, day, inputs, settings.DATA_DIR / "nights" / "1")
    write_feeds(county, now(), inputs, workspace)
    return {row["feed"]: row["state"] for row in workspace.read(FEED).to_pylist()}


def test_a_feed_is_stale_a_day_after_its_limit_and_one_that_never_came_is_not(county):
    assert states(county, DAY + timedelta(45)) == dict.fromkeys(
        ["deaths", "dibao", "poverty", "prison", "resident"], "fresh"
    )
    assert set(states(county, DAY + timedelta(46)).values()) == {"stale"}


def test_a_feed_whose_newest_file_was_taken_back_is_withdrawn_and_opens_a_gap(
    county, as_system, unfinished_night, run_county_night, tmp_path, take_in
):
    unfinished_night.finish()
    deaths = Delivery.objects.get(feed="deaths")
    undo_delivery(actor=as_system, delivery_id=deaths.pk, at=now())
    assert states(county, DAY)["deaths"] == "withdrawn"
    run_county_night()
    assert list(Gap.objects.filter(kind="DATA_STALE", closed_at=None).values_list("scheme", "roll_no", "reason")) == [
        ("feed", "deaths", "feed_withdrawn")
    ]
    assert Gap.objects.get(kind="DRAWING_AFTER_DEATH").kept_open_by_feeds == "deaths"
