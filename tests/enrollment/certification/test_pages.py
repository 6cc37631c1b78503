"""The page of a person's certification: what it shows, entering evidence, who may."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from enrollment.models import LifeEvidence
from enrollment.services.life_evidence import record_life_evidence
from foundation.audit.models import AuditEvent
from tests.named_world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_window_and_evidence_are_shown_and_the_reading_is_recorded(office, drawing, signed_in, queries_within):
    record_life_evidence(
        actor=office.actor("village"),
        person_id=drawing.pk,
        seen_on=date(2018, 3, 1),
        source="visit",
        note="在家",
        at=NOW,
    )
    client = signed_in("clerk_a")
    with queries_within(11):
        page = client.get(reverse("person_certification", args=[drawing.pk])).content.decode()
    for words in (
        "2018-06-01",
        "2019-05-31",
        "2018-03-01 · home visit · 在家",
        "not needed",
        reverse("certification_due"),
    ):
        assert words in page
    event = AuditEvent.objects.get(verb="read_certification")
    assert (event.object_id, event.detail) == (str(drawing.pk), {"evidence": 1})


def test_a_window_that_ended_says_from_when_the_benefit_may_be_paused(drawing, signed_in):
    page = signed_in("clerk_a").get(reverse("person_certification", args=[drawing.pk])).content.decode()
    assert "may be paused from 2018-06 on" in page


def test_the_village_enters_what_it_saw_and_an_impossible_day_is_said_on_the_form(drawing, signed_in):
    address, client = reverse("person_certification", args=[drawing.pk]), signed_in("village")
    refused = client.post(address, {"seen_on": "2019-01-03", "source": "visit", "note": ""})
    assert (refused.status_code, LifeEvidence.objects.count()) == (422, 0)
    assert "today at the latest" in refused.content.decode()
    answer = client.post(address, {"seen_on": "2019-01-02", "source": "visit", "note": ""})
    assert (answer.status_code, answer.url) == (302, address)
    assert LifeEvidence.objects.get().seen_on == date(2019, 1, 2)


def test_who_only_reads_gets_no_form_and_may_not_send_one(drawing, signed_in):
    address, client = reverse("person_certification", args=[drawing.pk]), signed_in("supervisor")
    assert '<form method="post" class="no-print"' not in client.get(address).content.decode()
    assert client.post(address, {"seen_on": "2019-01-02", "source": "visit"}).status_code == 403
    assert not LifeEvidence.objects.exists()


def test_another_countys_clerk_finds_nobody(drawing, signed_in):
    assert signed_in("clerk_b").get(reverse("person_certification", args=[drawing.pk])).status_code == 404
