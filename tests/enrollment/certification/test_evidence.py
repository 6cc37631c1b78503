"""Evidence of life as the register tells it, and entering it by hand."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import Error, transaction
from django.utils.translation import override

from casework.models import ReportReview
from enrollment.certification.inputs import pin_certification, read_evidence, read_rule
from enrollment.certification.tables import EVIDENCE, LISTED_DISABLED, RULE
from enrollment.certification.windows import Window, find_window
from enrollment.models import LifeEvidence
from enrollment.services.life_evidence import record_life_evidence
from foundation.audit.models import AuditEvent
from foundation.jobs.workspace import Workspace
from foundation.primitives.errors import BadInput, NotAllowed, NotFound
from registry.models import Fact, FieldReport, Person, PersonIdentifier
from tests.enrollment.certification.conftest import draws
from tests.enrollment.conftest import rule
from tests.named_world import AS_OF, NOW, World, days_later

SEEN = date(2018, 11, 2)
TODAY = date(2019, 1, 2)


def seen(person: Person, day: date = TODAY) -> list[tuple[date, str]]:
    rows = read_evidence(county=person.county, day=day, known=NOW, persons=[person.pk]).to_pylist()
    return sorted((row["seen_on"], row["source"]) for row in rows)


def window(person: Person, day: date = TODAY) -> Window:
    found = find_window(person=person, day=day, known=NOW)
    assert found is not None
    return found


def fact(world: World, person: Person, kind: str = "certified", **values: object) -> Fact:
    feed = "certification" if kind == "certified" else kind
    row: dict[str, object] = {
        "county": person.county, "kind": kind, "row": Fact.objects.count() + 2, "name": person.name, "number_state": "ok",
        "number": PersonIdentifier.objects.get(person=person).number, "event_date": SEEN, "source": "phone", "recorded_at": NOW,
        "delivery": world.delivery(feed, file_name=f"{feed}{Fact.objects.count()}.xlsx"),
    }  # fmt: skip
    return Fact.objects.create(**{**row, **values})


def report(person: Person, **values: object) -> FieldReport:
    row: dict[str, object] = {
        "uuid": uuid4(), "county": person.county, "unit": person.unit, "person": person, "kind": "found", "source": "seen",
        "observed_on": SEEN, "reporter_id": 1, "reported_by": "village", "reported_role": "village_official",
        "reported_unit_code": person.unit.code if person.unit else "", "received_at": NOW,
    }  # fmt: skip
    return FieldReport.objects.create(**{**row, **values})


def test_a_line_of_the_list_counts_under_the_persons_own_number_and_name(office, drawing):
    fact(office, drawing)
    fact(office, drawing, name="李四", event_date=date(2018, 11, 3))
    fact(office, drawing, event_date=date(2019, 1, 3))
    assert seen(drawing) == [(SEEN, "phone")]


@pytest.mark.parametrize(
    ("detail", "counts"),
    [
        ({"answer": "resident_here", "verifier": "yes"}, True),
        ({"answer": "declined", "verifier": "yes"}, True),
        ({"answer": "resident_here", "verifier": "yes", "second_hand": "yes"}, False),
        ({"answer": "resident_here"}, False),
        ({"answer": "abroad", "verifier": "yes"}, False),
    ],
)
def test_a_survey_answered_in_person_counts_as_a_visit(office, drawing, detail, counts):
    fact(office, drawing, "survey", detail=detail)
    assert seen(drawing) == ([(SEEN, "visit")] if counts else [])


def test_a_report_that_the_person_was_seen_counts_unless_the_office_refused_it(office, drawing):
    report(drawing, source="family")
    report(drawing, kind="works_elsewhere", place_text="上海")
    assert seen(drawing) == []
    kept = report(drawing)
    assert seen(drawing) == [(SEEN, "visit")]
    ReportReview.objects.create(
        report=kept, county=drawing.county, unit=drawing.unit, state="declined", note="另一人", opened_at=NOW, ended_at=NOW,
        ended_by="township",
    )  # fmt: skip
    assert seen(drawing) == []


def test_of_one_person_the_window_is_the_nights(office, drawing):
    fact(office, drawing, event_date=date(2018, 5, 31))
    found = window(drawing)
    assert (found.window_first, found.window_last, found.is_due) == (date(2018, 6, 1), date(2019, 5, 31), False)
    with override("en"):
        assert (found.seen_on, found.source, found.source_words) == (date(2018, 5, 31), "phone", "by telephone")
    assert window(drawing, date(2019, 4, 1)).is_due
    assert not found.needs_visit
    fact(office, drawing, "disability", detail={"grade": "2"})
    assert window(drawing).needs_visit


def test_who_does_not_draw_and_a_county_without_a_list_have_no_window(office, drawing):
    other = office.person("李四")
    draws(office, other, "1/1")
    assert find_window(person=other, day=TODAY, known=NOW) is None
    assert find_window(person=drawing, day=date(2018, 5, 9), known=NOW) is None
    assert find_window(person=drawing, day=TODAY, known=NOW - timedelta(days=1)) is None


def test_birth_date_and_death_are_those_of_the_newest_night(office, drawing):
    drawing.birth_date = None
    drawing.save()
    assert find_window(person=drawing, day=TODAY, known=NOW) is None
    office.verdict(drawing, "1-011", birth_date=date(1952, 6, 15), superseded_at=days_later(1))
    office.verdict(drawing, "0-207", birth_date=date(1952, 6, 15), recorded_at=days_later(1))
    assert window(drawing).window_last == date(2018, 5, 31)
    assert find_window(person=drawing, day=TODAY, known=days_later(1)) is None


def test_a_night_pins_rule_evidence_and_the_disabled(office, drawing, tmp_path):
    fact(office, drawing)
    fact(office, drawing, "disability", detail={"grade": "3"})
    workspace = Workspace(tmp_path, {})
    assert pin_certification(county=drawing.county, day=AS_OF, known_at=NOW, workspace=workspace) == 1
    assert workspace.read(EVIDENCE).to_pylist() == [{"person_id": drawing.pk, "seen_on": SEEN, "source": "phone"}]
    assert workspace.read(LISTED_DISABLED).to_pylist() == [{"person_id": drawing.pk}]
    (row,) = workspace.read(RULE).to_pylist()
    assert (row["since"], row["window_kind"], row["visit_from_age_years"]) == (date(2018, 5, 10), "birthday", 80)
    assert pin_certification(county=office.county_b, day=AS_OF, known_at=NOW, workspace=workspace) == 0
    assert workspace.read(RULE).num_rows == 0


def test_where_a_region_visits_nobody_the_rule_says_so(drawing):
    rule("home_visit", None)
    (row,) = read_rule(county=drawing.county, day=TODAY, known=NOW).to_pylist()
    assert (row["visit_from_age_years"], row["visit_days_ahead"]) == (None, None)


def record(world: World, person: Person, by: str = "village", **given: object) -> LifeEvidence:
    values: dict[str, object] = {"seen_on": TODAY, "source": "visit", "note": "", "at": NOW}
    return record_life_evidence(actor=world.actor(by), person_id=person.pk, **{**values, **given})  # type: ignore[arg-type]


def test_the_village_enters_a_visit_and_the_next_night_knows(office, drawing):
    assert window(drawing).is_over
    evidence = record(office, drawing, note="身份证320697195206150022，在家")
    assert (evidence.unit, evidence.recorded_by, evidence.recorded_role) == (
        drawing.unit,
        "village",
        "village_official",
    )
    assert "320697195206150022" not in evidence.note
    assert window(drawing).window_last == date(2020, 5, 31)
    event = AuditEvent.objects.get(verb="record_life_evidence")
    assert (event.object_id, event.detail) == (str(evidence.pk), {"person": drawing.pk, "source": "visit"})


def test_the_same_entered_again_is_the_one_there_is(office, drawing):
    assert record(office, drawing).pk == record(office, drawing, "township", at=days_later(1)).pk
    assert AuditEvent.objects.filter(verb="record_life_evidence").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"source": "card"}, "source_missing"),
        ({"source": ""}, "source_missing"),
        ({"seen_on": None}, "day_out_of_range"),
        ({"seen_on": TODAY + timedelta(days=1)}, "day_out_of_range"),
        ({"seen_on": TODAY - timedelta(days=367)}, "day_out_of_range"),
        ({"note": "字" * 501}, "text_too_long"),
    ],
)
def test_what_cannot_be_is_refused_with_words(office, drawing, given, code):
    with pytest.raises(BadInput) as refusal:
        record(office, drawing, **given)
    assert refusal.value.code == code
    assert not LifeEvidence.objects.exists()


def test_only_who_sees_people_enters_it_and_only_of_their_own_unit(office, drawing):
    with pytest.raises(NotAllowed):
        record(office, drawing, "approver_a")
    with pytest.raises(NotFound):
        record(office, drawing, "clerk_b")


def test_evidence_is_never_changed(office, drawing):
    evidence = record(office, drawing)
    for change in (
        lambda: LifeEvidence.objects.filter(pk=evidence.pk).update(seen_on=SEEN),
        lambda: LifeEvidence.objects.filter(pk=evidence.pk).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
