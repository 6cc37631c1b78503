"""The page of possible matches: what a card shows, who may decide, order, filters, one decision after another, undoing."""

from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.models import Case
from coverage.models import Link, MatchDecision
from coverage.selectors.possible_matches import MatchFilter, group_by_person, list_undecided_matches
from coverage.services.decisions import decide_pair
from foundation.accounts.actors import Actor
from foundation.audit.models import AuditEvent
from registry.models import Person
from tests.named_world import NOW, days_later
from tests.possible_matches import NUMBER, WEAK_VECTOR, decision_elsewhere

PART = {"HX-Request": "true"}


@pytest.fixture
def pair(world, pairs):
    """王强 and a line with his number and another given name."""
    person = world.person("王强", NUMBER)
    world.verdict(person, desk="undecided")
    return pairs.link(person, "R40")


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("possible_matches"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def decide(
    client: Client, link: Link, decision: str, headers: dict[str, str] | None = None, **other: object
) -> HttpResponse:
    note = {"note": "家访核实"} if decision == "same" else {}
    body = {"link": link.pk, "decision": decision, "person": link.person_id, **note, **other}
    return cast("HttpResponse", client.post(reverse("possible_match_decide"), body, headers=headers))


def order_of(actor: Actor, **wanted: str) -> list[int]:
    filters = MatchFilter(**wanted)
    return [card.person_id for card in group_by_person(list_undecided_matches(actor, filters), filters.pattern)]


def test_a_card_shows_both_sides_and_marks_what_differs(pair, signed_in):
    shown = page(signed_in("clerk_a"))
    for words in (
        "王强", "王<mark>芳</mark>", "same number", "Born 1980-02-02", "female" if int(NUMBER[16]) % 2 == 0 else "male",
        "First registered in the same county", "知青村", "contributing", "same surname only", "+20.0", "R40", "居保.zip",
    ):  # fmt: skip
        assert words in shown, words
    assert NUMBER not in shown
    assert "320697" not in shown, "the county of a number is six of its digits"


def slipped(*places: int) -> str:
    """Return the line's number with other digits at these positions, counted from 0."""
    digits = [str((int(digit) + 1) % 10) if at in places else digit for at, digit in enumerate(NUMBER)]
    return "".join(digits)


@pytest.mark.parametrize("places", [(12,), (12, 13), (4, 12, 13)])
def test_of_a_slip_the_digits_that_differ_are_shown_and_no_others(world, pairs, signed_in, places):
    written = slipped(*places)
    pairs.link(world.person("王强", written), "R40")
    shown = page(signed_in("clerk_a"))
    number = "".join(f"<mark>{digit}</mark>" if at in places else "*" for at, digit in enumerate(NUMBER))
    assert number in shown
    named = ", ".join(str(place + 1) for place in places)
    here, file = (", ".join(each[place] for place in places) for each in (NUMBER, written))
    assert f"{named} differ{'s' if len(places) == 1 else ''}: {here} here, {file} in the file" in shown
    assert NUMBER not in shown
    assert written not in shown


def test_of_more_than_a_slip_no_digit_is_shown(world, pairs, signed_in):
    pairs.link(world.person("王强", slipped(12, 13, 14, 15)), "R40")
    shown = page(signed_in("clerk_a"))
    assert "positions 13, 14, 15, 16 differ" in shown
    assert "in the file" not in shown
    assert "<mark>*</mark>" * 4 in shown
    assert NUMBER[12:16] not in shown


@pytest.mark.parametrize(("name", "needed"), [("王强", True), ("王芳", False), ("王方", False), ("汪芳", False)])
def test_the_same_over_another_name_needs_a_note(world, pairs, signed_in, name, needed):
    """The line is 王芳's: a name that reads the same is the same name."""
    link = pairs.link(world.person(name, NUMBER), "R40")
    client = signed_in("clerk_a")
    assert ("data-other-name" in page(client)) is needed
    answer = decide(client, link, "same", note=" ")
    assert answer.status_code == (400 if needed else 302)
    assert MatchDecision.objects.exists() is not needed
    assert decide(client, link, "not_same").status_code == (302 if needed else 409)


def test_the_access_is_recorded(pair, signed_in):
    page(signed_in("clerk_a"))
    access = AuditEvent.objects.get(verb="read_possible_matches")
    assert (access.object_type, access.object_id, access.outcome) == ("person", str(pair.person_id), "read")


def test_nothing_waits(world, signed_in):
    assert "No possible matches awaiting decision" in page(signed_in("clerk_a"))


@pytest.mark.parametrize("name", ["township", "supervisor"])
def test_who_may_only_read_sees_the_card_without_buttons(pair, signed_in, name):
    shown = page(signed_in(name))
    assert "王强" in shown
    assert "A county clerk decides this." in shown
    assert 'value="same"' not in shown
    assert decide(signed_in(name), pair, "same").status_code == 403
    assert not MatchDecision.objects.exists()


@pytest.mark.parametrize("name", ["village", "finance", "sysadmin"])
def test_who_sees_no_lists_is_refused(pair, signed_in, name):
    assert signed_in(name).get(reverse("possible_matches")).status_code == 403


def test_another_county_sees_nothing_and_decides_nothing(pair, signed_in):
    client = signed_in("clerk_b")
    assert "No possible matches awaiting decision" in page(client)
    assert decide(client, pair, "same").status_code == 404
    assert AuditEvent.objects.filter(outcome="refused", verb="decide_pair").exists()


def test_a_decision_is_recorded_and_the_next_card_follows(world, pairs, pair, signed_in):
    [other] = pairs.many(1)
    answer = decide(signed_in("clerk_a"), pair, "same", note="看过户口簿", next=other.person_id)
    assert answer.headers["Location"] == f"/possible-matches/?person={other.person_id}"
    row = MatchDecision.objects.get()
    assert (row.decision, row.note, row.decided_by, row.roll_name) == ("same", "看过户口簿", "clerk_a", "王芳")
    assert AuditEvent.objects.get(verb="pair_same").detail == {"person": pair.person_id, "rule": "number_of_another"}
    assert order_of(world.actor("clerk_a")) == [other.person_id]


def test_with_htmx_the_answer_is_what_was_done_and_the_next_card(pairs, pair, signed_in):
    [other] = pairs.many(1)
    client = signed_in("clerk_a")
    done = decide(client, pair, "not_same", PART, next=other.person_id).content.decode()
    assert "<html" not in done
    assert "王强: not the same" in done
    assert f'data-person="{other.person_id}"' in done
    assert reverse("possible_match_undo", args=[MatchDecision.objects.get().pk]) in done


def test_a_card_read_ahead_is_not_sent_again(pairs, pair, signed_in):
    [other] = pairs.many(1)
    done = decide(signed_in("clerk_a"), pair, "same", PART, shown=other.person_id).content.decode()
    assert "data-person" not in done


def test_a_second_decision_is_refused_and_names_the_first_clerk(pair, signed_in):
    decide(signed_in("clerk_a"), pair, "same")
    answer = decide(signed_in("colleague_a"), pair, "not_same", PART)
    assert answer.status_code == 409
    assert "clerk_a has already decided this match: Same person." in answer.content.decode()


def test_an_unknown_decision_is_refused(pair, signed_in):
    assert decide(signed_in("clerk_a"), pair, "maybe").status_code == 400


def test_one_line_is_one_person_by_a_clerks_decision(world, pairs, pair, signed_in):
    other = pairs.link(world.person("王芳"), "R40", "name_village")
    decide(signed_in("clerk_a"), other, "same")
    answer = decide(signed_in("clerk_a"), pair, "same")
    assert answer.status_code == 409
    assert "王芳" in answer.content.decode()


def test_a_line_that_is_anothers_already_is_said(world, pairs, pair, signed_in):
    owner = world.person("王芳")
    pairs.link(owner, "R40", "same_number", action="auto")
    shown = page(signed_in("clerk_a"))
    assert "This roll record is already confirmed as:" in shown
    assert reverse("person", args=[owner.pk]) in shown


def test_the_order_is_by_consequence_and_undecidable_matches_are_last(world, pairs):
    rest, paid, uninsured, old, drawing = (world.person(name) for name in ("戊", "丁", "丙", "乙", "甲"))
    for person, verdict in ((rest, "0-203"), (paid, "1-011"), (uninsured, "GAP"), (old, "0-203"), (drawing, "0-203")):
        world.verdict(person, verdict)
    young = {"birth_date": "1990-01-01"}
    for person in (rest, paid, uninsured):
        replace_verdict(person, **young, in_three_categories=person == paid)
    replace_verdict(old, birth_date="1959-12-01")
    for place, person in enumerate((rest, paid, uninsured, old), 1):
        pairs.link(person, f"R{place}", "name_village")
    pairs.link(drawing, "R5", "name_village", status="1/3")
    clerk = world.actor("clerk_a")
    assert order_of(clerk) == [old.pk, drawing.pk, uninsured.pk, paid.pk, rest.pk]
    decide_pair(actor=clerk, link_id=old.links.get().pk, decision="cannot_tell", note="", at=NOW)
    assert order_of(clerk) == [drawing.pk, uninsured.pk, paid.pk, rest.pk, old.pk]


def replace_verdict(person: Person, **values: object) -> None:
    """Believe other codes of a person: rows are superseded, never changed."""
    old = person.verdicts.get(superseded_at=None)
    person.verdicts.filter(pk=old.pk).update(superseded_at=NOW)
    for name, value in values.items():
        setattr(old, name, value)
    old.pk = None
    old.superseded_at = None
    old.save(force_insert=True)


def test_filters_by_town_and_by_pattern(world, pairs, pair, signed_in):
    away = world.person("丙", unit=world.other_township)
    pairs.link(away, "R1", "name_village")
    clerk = world.actor("clerk_a")
    assert order_of(clerk, unit_code=world.township.code) == [pair.person_id]
    assert order_of(clerk, unit_code=world.other_township.code) == [away.pk]
    pattern = f"resident|name_village|{WEAK_VECTOR}"
    assert order_of(clerk, pattern=pattern) == [away.pk]
    shown = page(signed_in("clerk_a"), pattern=pattern)
    assert "1 · Resident scheme · Name and village" in shown
    assert f'data-person="{away.pk}"' in shown


def test_the_village_is_asked_and_the_pair_returns_when_the_case_is_closed(world, pair, signed_in):
    clerk = world.actor("clerk_a")
    decide(signed_in("clerk_a"), pair, "ask_village")
    assert order_of(clerk) == []
    assert order_of(clerk, state="asked") == [pair.person_id]
    case = Case.objects.get()
    case.state, case.closed_at = "resolved", days_later(1)
    case.save()
    assert order_of(clerk) == [pair.person_id]
    assert "clerk_a decided on" in page(signed_in("clerk_a"))


def test_other_possible_matches_go_with_the_decision_on_one_line(world, pairs, signed_in):
    person = world.person("张甲乙")
    first, second = pairs.link(person, "R1", "name_village"), pairs.link(person, "R2", "name_village")
    assert len(list_undecided_matches(world.actor("clerk_a"), MatchFilter())) == 2
    decide(signed_in("clerk_a"), first, "same")
    assert order_of(world.actor("clerk_a")) == []
    assert not MatchDecision.objects.filter(link=second).exists()


def test_undone_within_seven_days_and_listed(pair, signed_in):
    client = signed_in("clerk_a")
    decide(client, pair, "not_same")
    listed = client.get(reverse("possible_matches_decided")).content.decode()
    assert "王芳" in listed
    row = MatchDecision.objects.get()
    assert client.post(reverse("possible_match_undo", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.undone_by == "clerk_a"
    assert "undone by clerk_a" in client.get(reverse("possible_matches_decided")).content.decode()
    assert client.post(reverse("possible_match_undo", args=[row.pk])).status_code == 409


def test_whole_numbers_are_shown_for_a_purpose_and_counted(pair, signed_in):
    client = signed_in("clerk_a")
    address = reverse("possible_match_numbers", args=[pair.pk])
    assert client.post(address, {"purpose": ""}).status_code == 400
    assert client.post(address, {"purpose": "counter"}).content.decode().count(NUMBER) == 2
    assert AuditEvent.objects.get(verb="show_number").purpose == "counter"
    client.post(address, {"purpose": "counter"})
    assert client.post(address, {"purpose": "counter"}).status_code == 409


def test_twelve_questions_whatever_the_number_of_pairs(pairs, pair, signed_in, queries_within):
    client = signed_in("clerk_a")
    page(client)
    pairs.many(30)
    for place in range(3):
        pairs.link(pair.person, f"R{30 + place}", "name_village")
    with queries_within():
        text = page(client)
    assert all(f"R{30 + place}" in text for place in range(3)), "the first card has every possible match of the person"


def test_the_persons_timeline_shows_possible_matches_and_decisions(pair, signed_in):
    client = signed_in("clerk_a")
    decide(client, pair, "not_same", note="两个人")
    timeline = client.get(reverse("person_timeline", args=[pair.person_id])).content.decode()
    for words in ("A roll record may be this person", "Not the same", "两个人", "clerk_a", "R40"):
        assert words in timeline
    assert (
        reverse("possible_matches") + f"?person={pair.person_id}"
        in client.get(f"/persons/{pair.person_id}/").content.decode()
    )


def test_the_list_of_decisions_asks_no_more_for_more(pairs, signed_in, queries_within):
    links = pairs.many(30)
    for link in links:
        decision_elsewhere(link)
    client = signed_in("clerk_a")
    with queries_within():
        answer = client.get(reverse("possible_matches_decided"))
    assert links[-1].person.name in answer.content.decode()
    assert answer.status_code == 200
