"""The page of a person and of a roll line: what they show, who may see them, what is written down, acts on the case."""

import pytest
from django.urls import reverse

from casework.constants import GapKind
from casework.models import Case
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from coverage.models import Finding, Link
from foundation.audit.models import AuditEvent
from registry.models import Fact
from tests.named_world import AS_OF, NOW, right_number


@pytest.fixture
def dead(world):
    """A person on the roll, drawing, whom the police say died."""
    person = world.person("崔海", right_number("99010119500101002"))
    roll, deaths = world.delivery("resident", file_name="roll.zip"), world.delivery("deaths", file_name="deaths.xlsx")
    common = {"county": world.county_a, "night_id": 1, "as_of_date": AS_OF, "recorded_at": NOW, "person": person}
    fact = Fact.objects.create(
        county=world.county_a, kind="death", delivery=deaths, sheet="死亡", row=47, name="崔海", number_state="ok",
        event_date=AS_OF, source="police", recorded_at=NOW,
    )  # fmt: skip
    line = {"scheme": "resident", "roll_no": "3206000001", "delivery": roll.pk, "part": "jm.csv", "line": 548443}
    Link.objects.create(
        **common, scheme="resident", roll_no="3206000001", delivery=roll, part="jm.csv", line=548443, rule="same_number",
        action="auto", comparison_vector="number=same;name=homophone;birth=same;village=differs", status="1/3",
    )  # fmt: skip
    evidence = {"value": "2018-12-31", "facts": [fact.pk], "lines": [line | {"status": "1/3"}], "other": ""}
    Finding.objects.create(**common, kind="death", evidence_class="A", evidence=evidence)
    world.verdict(person, "0-207", "6_dead", "dead")
    world.gap(person, GapKind.DRAWING_AFTER_DEATH, "2018-12-31", evidence_class="A")
    return person


def test_the_page_shows_who_what_and_why_down_to_the_line(dead, signed_in):
    page = signed_in("clerk_a").get(f"/persons/{dead.pk}/").content.decode()
    for words in (
        "崔海", "9" + "*" * 16, "Dead, not cancelled", "Drawing after death", "died on 2018-12-31",
        "deaths.xlsx", "line 47", "police", "line 548443", "jm.csv", "sounds the same", "0-207", "6 Dead, not cancelled",
    ):  # fmt: skip
        assert words in page


def test_every_access_is_recorded_and_shown(world, dead, signed_in):
    signed_in("clerk_a").get(f"/persons/{dead.pk}/")
    signed_in("clerk_a").get(f"/persons/{dead.pk}/")
    assert AuditEvent.objects.filter(verb="read_person", object_id=str(dead.pk), outcome="read").count() == 2
    timeline = signed_in("supervisor").get(f"/persons/{dead.pk}/timeline/").content.decode()
    assert "viewed this page, 2 times" in timeline


def test_the_timeline_shows_gaps_codes_and_work(world, dead, signed_in):
    key = SubjectKey(person_id=dead.pk)
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    client = signed_in("clerk_a")
    client.post(reverse("case_note"), {"subject": str(key), "note": "sender told"})
    timeline = client.get(f"/persons/{dead.pk}/timeline/").content.decode()
    for words in (
        "Gap found: Drawing after death",
        "Conclusion: Dead",
        "Case taken",
        "sender told",
    ):
        assert words in timeline


def test_another_county_sees_404_and_the_refusal_is_written_down(dead, signed_in):
    for address in (f"/persons/{dead.pk}/", f"/persons/{dead.pk}/timeline/"):
        assert signed_in("clerk_b").get(address).status_code == 404
    refusal = AuditEvent.objects.filter(outcome="refused").earliest("id")
    assert refusal.detail["ids"] == {"person_id": str(dead.pk)}
    assert refusal.detail["reason"] == "not_found_in_scope"


@pytest.mark.parametrize("name", ["sysadmin", "finance"])
def test_roles_without_cases_are_refused(dead, signed_in, name):
    assert signed_in(name).get(f"/persons/{dead.pk}/").status_code == 403


def test_what_a_role_may_not_do_is_not_offered(dead, signed_in):
    village = signed_in("village").get(f"/persons/{dead.pk}/").content.decode()
    assert reverse("case_take") not in village
    assert reverse("case_close") not in village
    assert reverse("person_number", args=[dead.pk]) not in village
    clerk = signed_in("clerk_a").get(f"/persons/{dead.pk}/").content.decode()
    assert "A payment is at stake" in clerk
    assert 'value="not_found"' not in clerk
    reviewer = signed_in("reviewer_a").get(f"/persons/{dead.pk}/").content.decode()
    assert 'value="alive"' in reviewer
    assert 'value="not_found"' not in reviewer


def test_a_person_before_the_first_night(world, signed_in):
    page = signed_in("clerk_a").get(f"/persons/{world.person('张三').pk}/").content.decode()
    assert "No nightly run has covered this person yet." in page


def test_the_queries_of_the_page_do_not_grow(world, dead, signed_in, queries_within):
    for kind in (GapKind.UNINSURED, GapKind.IDENTITY_CONFLICT, GapKind.NOT_FOUND):
        world.gap(dead, kind)
    for scheme in ("employee", "civil"):
        Finding.objects.create(
            county=world.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=dead, kind=scheme,
            evidence={"value": "1", "facts": [], "lines": []},
        )  # fmt: skip
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(f"/persons/{dead.pk}/").content.decode()
    assert all(str(kind.label) in page for kind in (GapKind.UNINSURED, GapKind.IDENTITY_CONFLICT, GapKind.NOT_FOUND))
    with queries_within():
        timeline = client.get(f"/persons/{dead.pk}/timeline/")
    assert timeline.status_code == 200


@pytest.mark.parametrize("act", ["case_take", "case_release", "case_note", "case_close"])
def test_acts_on_another_countys_subject_are_404(world, dead, signed_in, act):
    form = {"subject": f"p:{dead.pk}", "note": "x", "reason": "data_wrong"}
    assert signed_in("clerk_b").post(reverse(act), form).status_code == 404
    assert not Case.objects.exists()


@pytest.mark.parametrize("act", ["case_take", "case_take_many", "case_release", "case_note", "case_close"])
def test_acts_are_refused_to_who_only_reads(dead, signed_in, act):
    assert signed_in("supervisor").post(reverse(act), {"subject": f"p:{dead.pk}"}).status_code == 403
    assert signed_in("clerk_a").get(reverse(act)).status_code == 405


def test_the_loser_of_a_race_reads_who_was_first(world, dead, signed_in):
    take_case(actor=world.actor("colleague_a"), key=SubjectKey(person_id=dead.pk), at=NOW)
    answer = signed_in("clerk_a").post(reverse("case_take"), {"subject": f"p:{dead.pk}"})
    assert answer.status_code == 409
    assert "colleague_a took this case on 2019-01-02 08:30" in answer.content.decode()


def test_a_reason_of_the_reviewers_is_refused_to_a_clerk(world, signed_in):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED)
    visit = {"evidence_kind": "visit", "evidence_date": "2019-01-01"}
    form = {"subject": f"p:{person.pk}", "reason": "not_found", "note": "走访三次未见", **visit}
    assert signed_in("clerk_a").post(reverse("case_close"), form).status_code == 403
    assert signed_in("reviewer_a").post(reverse("case_close"), form).status_code == 302


def test_a_broken_form_is_explained(dead, signed_in):
    assert signed_in("clerk_a").post(reverse("case_take"), {"subject": "nobody"}).status_code == 400
    assert signed_in("clerk_a").post(reverse("case_close"), {"subject": "nobody"}).status_code == 400
    assert signed_in("clerk_a").post(reverse("case_close"), {"subject": f"p:{dead.pk}"}).status_code == 422


def test_a_strangers_line_has_a_page_with_its_gap_and_case(world, signed_in, queries_within):
    gap = world.gap(None, GapKind.DUPLICATE_BENEFIT, "twice_on_roll", roll_no="320600001", subject_name="王五")
    address = f"/work/roll/{gap.county_id}/resident/320600001/"
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(address).content.decode()
    assert "Duplicate benefit" in page
    assert "twice on the resident roll" in page
    assert AuditEvent.objects.filter(verb="read_roll_line", outcome="read").count() == 1
    client.post(reverse("case_take"), {"subject": f"r:{gap.county_id}:resident:320600001"})
    assert "Case taken" in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["clerk_b"])
def test_a_strangers_line_elsewhere_is_404(world, signed_in, name):
    gap = world.gap(None, GapKind.DUPLICATE_BENEFIT, roll_no="320600001")
    assert signed_in(name).get(f"/work/roll/{gap.county_id}/resident/320600001/").status_code == 404
    assert signed_in("clerk_a").get(f"/work/roll/{gap.county_id}/resident/unknown/").status_code == 404
