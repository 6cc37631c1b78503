"""Beside the next steps: the telephone masked and shown for a purpose, the rolls searched and their days, both sides in words."""

from uuid import uuid4

import pytest
from django.urls import reverse

from casework.constants import GapKind
from casework.services.village_reports import report_from_village
from coverage.models import Finding
from foundation.audit.models import AuditEvent
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from registry.constants import ReportKind
from registry.models import Fact
from registry.models.feed_contact import FeedContact
from registry.services.field_reports import Observation
from tests.named_world import AS_OF, NOW
from tests.possible_matches import NUMBER, pairs

__all__ = ["pairs"]
TELEPHONE = "13813812345"


@pytest.fixture
def missing(world):
    """Somebody on no roll, of whom the village sent a telephone, after a night that searched three rolls."""
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    report_from_village(
        actor=world.actor("village"),
        person_id=person.pk,
        observation=Observation(
            kind=ReportKind.WORKS_ELSEWHERE, observed_on=NOW.date(), note="在上海", telephone=TELEPHONE
        ),
        uuid=uuid4(),
        at=NOW,
    )
    inputs = {feed: [{"rows": 9, "as_of": "2018-12-31", "delivery": 1}] for feed in ("resident", "employee", "civil")}
    NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, state=RunState.DONE, requested_by="system", requested_at=NOW,
        finished_at=NOW, inputs=inputs,
    )  # fmt: skip
    return person


def test_the_box_names_rolls_searched_with_their_days_and_the_telephone_masked(missing, signed_in, queries_within):
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(reverse("person_next", args=[missing.pk])).content.decode()
    for words in (
        "Resident pension roll",
        "as of 2018-12-31",
        "Insured in another province",
        "never received",
        "138****2345",
    ):
        assert words in page
    assert "Village report: Works elsewhere" in page
    assert "Contact the person; ask whether they are insured where they work." in page
    assert TELEPHONE not in page


def test_a_telephone_is_shown_for_a_purpose_and_logged(missing, signed_in):
    client = signed_in("clerk_a")
    report = client.get(reverse("person_next", args=[missing.pk])).context["report"]
    address = reverse("work_report_numbers", args=[report.pk])
    refused = client.post(address, {"purpose": ""}, headers={"HX-Request": "true"}).content.decode()
    assert TELEPHONE not in refused
    shown = client.post(address, {"purpose": "call about enrolment"}, headers={"HX-Request": "true"}).content.decode()
    assert TELEPHONE in shown
    assert "<html" not in shown
    event = AuditEvent.objects.get(verb="show_number")
    assert (event.object_type, event.object_id, event.purpose) == (
        "field_report",
        str(report.pk),
        "call about enrolment",
    )


def test_who_may_not_see_a_telephone_is_offered_none(missing, signed_in):
    page = signed_in("village").get(reverse("person_next", args=[missing.pk])).content.decode()
    assert "138****2345" in page
    assert "Show telephone" not in page
    assert "/numbers/" not in page


def test_both_lines_stand_side_by_side_in_words(world, pairs, signed_in, queries_within):
    part, line = pairs.places["R1"]
    gap = world.gap(None, GapKind.DUPLICATE_CONTRIBUTION, "twice_on_roll", roll_no="R1")
    evidence = {
        "value": "twice_on_roll", "facts": [], "reports": [], "other": "resident R40",
        "lines": [{"scheme": "resident", "roll_no": "R1", "status": "1/1", "part": part, "line": line, "delivery": pairs.delivery.pk}],
    }  # fmt: skip
    Finding.objects.create(
        county=world.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, scheme="resident", roll_no="R1",
        kind=gap.kind, evidence=evidence,
    )  # fmt: skip
    client = signed_in("clerk_a")
    with queries_within():
        answer = client.get(reverse("work_roll_line_next", args=[world.county_a.pk, "resident", "R1"]))
    mine, other = answer.context["pairs"][0].sides
    assert (mine.title, other.title) == ("Resident scheme R1", "Resident scheme R40")
    assert {("Name", "张甲乙"), ("Born", "1980-01-01"), ("State", "contributing")} <= set(mine.facts)
    assert {("Name", "王芳"), ("Born", "1980-02-02"), ("State", "drawing")} <= set(other.facts)
    assert {"Place", "Enrolled on", "ID number"} <= dict(other.facts).keys()
    assert NUMBER not in answer.content.decode()
    assert signed_in("clerk_b").get(answer.request["PATH_INFO"]).status_code == 404


def test_the_persons_own_lines_stand_beside_what_contradicts_them(world, pairs, signed_in, queries_within):
    """The worst case: a line, another line, a fact and a report of the village; still within the limit of queries."""
    person, deaths = world.person("张甲乙"), world.delivery("deaths", file_name="deaths.xlsx")
    fact = Fact.objects.create(
        county=world.county_a, kind="death", delivery=deaths, sheet="死亡", row=47, name="张甲乙", number_state="ok",
        event_date=AS_OF, source="police", recorded_at=NOW,
    )  # fmt: skip
    report = report_from_village(
        actor=world.actor("village"), person_id=person.pk, uuid=uuid4(), at=NOW,
        observation=Observation(kind=ReportKind.CANNOT_BE_FOUND, observed_on=NOW.date()),
    )  # fmt: skip
    part, line = pairs.places["R1"]
    named = {
        "scheme": "resident",
        "roll_no": "R1",
        "status": "1/3",
        "part": part,
        "line": line,
        "delivery": pairs.delivery.pk,
    }
    evidence = {
        "value": "2018-12-31",
        "facts": [fact.pk],
        "reports": [report.pk],
        "lines": [named],
        "other": "resident R40",
    }
    Finding.objects.create(
        county=world.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=person, scheme="resident",
        roll_no="R1", kind="DRAWING_AFTER_DEATH", evidence=evidence,
    )  # fmt: skip
    world.gap(person, GapKind.DRAWING_AFTER_DEATH, "2018-12-31")
    client = signed_in("clerk_a")
    page = client.get(f"/persons/{person.pk}/").content.decode()
    assert reverse("person_sides", args=[person.pk]) in page
    with queries_within():
        answer = client.get(reverse("person_sides", args=[person.pk]))
    assert [side.title for side in answer.context["pairs"][0].sides] == [
        "Resident scheme R1",
        "Resident scheme R40",
        "Death",
    ]


def test_a_line_stands_beside_what_a_department_states(world, signed_in):
    roll, deaths = world.delivery("resident"), world.delivery("deaths", file_name="deaths.xlsx")
    fact = Fact.objects.create(
        county=world.county_a, kind="death", delivery=deaths, sheet="死亡", row=47, name="崔海", number_state="ok",
        event_date=AS_OF, source="police", recorded_at=NOW,
    )  # fmt: skip
    line = {"scheme": "resident", "roll_no": "1", "status": "1/3", "part": "", "line": 5, "delivery": roll.pk}
    world.gap(None, GapKind.DRAWING_AFTER_DEATH, "2018-12-31", roll_no="1")
    Finding.objects.create(
        county=world.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, scheme="resident", roll_no="1",
        kind="DRAWING_AFTER_DEATH", evidence={"value": "2018-12-31", "facts": [fact.pk], "lines": [line], "other": ""},
    )  # fmt: skip
    answer = signed_in("clerk_a").get(reverse("work_roll_line_next", args=[world.county_a.pk, "resident", "1"]))
    line_side, fact_side = answer.context["pairs"][0].sides
    assert ("State", "drawing") in line_side.facts, "its file is gone: the finding itself says the state"
    assert {("Name", "崔海"), ("Day", "2018-12-31"), ("Source", "police")} <= set(fact_side.facts)


def test_a_feed_names_whom_to_call(world, signed_in):
    world.gap(None, GapKind.DATA_STALE, "2018-10-31", scheme="feed", roll_no="deaths", unit=None)
    address = reverse("work_roll_line_next", args=[world.county_a.pk, "feed", "deaths"])
    assert "Nobody to call has been entered" in signed_in("clerk_a").get(address).content.decode()
    FeedContact.objects.create(
        county=world.county_a, feed="deaths", department="公安局", name="周警官", office_phone="0513-87650001"
    )
    assert "0513-87650001" in signed_in("clerk_a").get(address).content.decode()


def test_the_persons_page_shows_the_steps_and_where_the_rest_loads_from(missing, signed_in):
    page = signed_in("clerk_a").get(f"/persons/{missing.pk}/").content.decode()
    for words in (
        "What to do now",
        "Apply for enrolment",
        f"/persons/{missing.pk}/applications/begin/?kind=register",
        "0-203",
        'href="#close"',
        reverse("person_next", args=[missing.pk]),
    ):
        assert words in page
