"""Closing a case: who may give which reason, the evidence it needs, undoing it for seven days; pages of it."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from casework.constants import (
    ABOUT_THE_PERSON,
    BY_APPLICATION,
    REFUTED_BY,
    REFUTING_REASONS,
    RESTRICTED_REASONS,
    CaseState,
    CloseReason,
    GapKind,
    reasons_to_close,
)
from casework.models import Case, CaseClosing, Gap
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.closing import Document, Evidence, close_case, read_document, undo_closing
from foundation.accounts.models import Membership
from foundation.audit.models import AuditEvent
from foundation.primitives.clock import now
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from registry.models import Person
from tests.named_world import AS_OF, NOW, days_later

LETTER = Evidence("document", date(2019, 1, 2), "如人社函〔2019〕3号")
VISIT = Evidence("visit", date(2018, 12, 30))


@pytest.fixture
def key(world):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return SubjectKey(person_id=person.pk)


def close(world: Any, key: SubjectKey, by: str = "clerk_a", **given: Any) -> Case:
    words: dict[str, Any] = {
        "reason": CloseReason.INSURED_ELSEWHERE,
        "note": "letter seen",
        "evidence": LETTER,
        "at": NOW,
    }
    return close_case(actor=world.actor(by), key=key, **(words | given))


def test_a_closing_keeps_reason_evidence_who_and_what_was_before(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    case = close(world, key)
    kept = CaseClosing.objects.get()
    assert (kept.case, kept.reason, kept.note, kept.closed_at) == (case, "insured_elsewhere", "letter seen", NOW)
    assert (kept.evidence_kind, kept.evidence_date, kept.evidence_reference) == (
        "document", date(2019, 1, 2), "如人社函〔2019〕3号",
    )  # fmt: skip
    assert (kept.state_before, kept.owner_before, kept.closed_by) == (
        "assigned", world.users["clerk_a"], world.users["clerk_a"],
    )  # fmt: skip
    assert case.case_events.get(verb="close_case").closing == kept


def test_a_closed_case_is_not_closed_again(world, key):
    close(world, key)
    with pytest.raises(Conflict) as refusal:
        close(world, key, "reviewer_a", reason=CloseReason.DEAD)
    assert refusal.value.code == "case_closed"
    assert CaseClosing.objects.get().reason == CloseReason.INSURED_ELSEWHERE


@pytest.mark.parametrize(
    "reason", [each for each in ABOUT_THE_PERSON if each not in {*REFUTING_REASONS, *BY_APPLICATION}]
)
def test_a_reason_about_the_person_needs_evidence(world, key, reason):
    with pytest.raises(BadInput) as refusal:
        close(world, key, "reviewer_a", reason=reason, evidence=None)
    assert refusal.value.code == "evidence_missing"
    assert not CaseClosing.objects.exists()
    close(world, key, "reviewer_a", reason=reason)
    assert Case.objects.get().close_reason == reason


@pytest.mark.parametrize("reason", BY_APPLICATION)
def test_what_only_an_application_decides_is_no_reason_by_hand(world, key, reason):
    with pytest.raises(BadInput) as refusal:
        close(world, key, "reviewer_a", reason=reason)
    assert refusal.value.code == "reason_by_application"
    assert reason not in reasons_to_close([GapKind.UNINSURED])
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseClosing.objects.create(
            case=take_case(actor=world.actor("clerk_a"), key=key, at=NOW), unit=world.county_a, reason=reason, note="letter seen",
            evidence_kind="visit", evidence_date=VISIT.day, state_before="open", closed_by=world.users["clerk_a"], closed_at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("reason", sorted(RESTRICTED_REASONS))
def test_restricted_reasons_need_a_reviewer(world, key, reason):
    with pytest.raises(NotAllowed):
        close(world, key, reason=reason)
    assert not Case.objects.exists()


@pytest.mark.parametrize("reason", sorted(set(CloseReason) - set(ABOUT_THE_PERSON)))
def test_other_reasons_may_do_without(world, key, reason):
    close(world, key, reason=reason, evidence=None)
    assert CaseClosing.objects.get().evidence_kind == ""


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (Evidence("hearsay", date(2019, 1, 1), "x"), "evidence_missing"),
        (Evidence("", date(2019, 1, 1)), "evidence_missing"),
        (Evidence("visit"), "evidence_day_missing"),
        (Evidence("visit", date(2019, 1, 3)), "evidence_day_missing"),
        (Evidence("document", date(2019, 1, 1)), "reference_missing"),
        (Evidence("department", date(2019, 1, 1), "  "), "reference_missing"),
    ],
)
def test_evidence_is_whole_of_a_day_that_came_and_can_be_found(world, key, evidence, code):
    with pytest.raises(BadInput) as refusal:
        close(world, key, reason=CloseReason.DATA_WRONG, evidence=evidence)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"evidence_kind": "", "evidence_date": None, "evidence_reference": ""}, "about_the_person_has_evidence"),
        ({"evidence_date": None}, "evidence_whole"),
        ({"evidence_reference": ""}, "evidence_named"),
        ({"evidence_date": date(2019, 1, 3)}, "evidence_before_it"),
        ({"note": ""}, "has_note"),
        ({"note": "说 明 了"}, "has_note"),
        ({"document_name": "证明.pdf"}, "document_whole"),
        ({"reason": "alive"}, "payment_refuted_by_document"),
        ({"undone_at": NOW}, "undone_has_who"),
    ],
)
def test_the_database_demands_it_too(world, key, values, rule):
    close(world, key)
    row = {name: value for name, value in CaseClosing.objects.values().get().items() if name != "id"}
    with pytest.raises(IntegrityError, match=f"caseclosing_{rule}"), transaction.atomic():
        CaseClosing.objects.create(**(row | values))


@pytest.mark.parametrize("note", ["", "  ", "x", "已 核 实"])
def test_a_few_characters_are_no_reason(world, key, note):
    with pytest.raises(BadInput) as refusal:
        close(world, key, note=note)
    assert refusal.value.code == "note_missing"


@pytest.fixture
def scan(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    path = tmp_path / "证明.pdf"
    path.write_bytes(b"%PDF-1.7 x")
    return Document(path, path.name)


@pytest.mark.parametrize("kind", REFUTED_BY)
def test_money_at_stake_is_refuted_by_a_reviewer_with_a_document_or_not_closed(world, key, kind, scan):
    world.gap(Person.objects.get(name="张三"), kind)
    for reason in CloseReason:
        if reason not in REFUTED_BY[kind]:
            with pytest.raises(BadInput) as refusal:
                close(world, key, "reviewer_a", reason=reason, document=scan)
            assert refusal.value.code in ("reason_not_fitting", "reason_by_application")
    reason = REFUTED_BY[kind][0]
    with pytest.raises(NotAllowed):
        close(world, key, "clerk_a", reason=reason, document=scan)
    for given, code in [
        ({}, "document_missing"),
        ({"document": scan, "evidence": VISIT}, "evidence_missing"),
        ({"document": Document(Path(__file__), "a.pdf")}, "paper_kind"),
    ]:
        with pytest.raises(BadInput) as refusal:
            close(world, key, "reviewer_a", reason=reason, **given)
        assert refusal.value.code == code
    assert not CaseClosing.objects.exists()
    close(world, key, "reviewer_a", reason=reason, document=scan)
    kept = CaseClosing.objects.get()
    assert read_document(actor=world.actor("clerk_a"), closing_id=kept.pk)[1] == b"%PDF-1.7 x"
    with pytest.raises(NotFound):
        read_document(actor=world.actor("clerk_b"), closing_id=kept.pk)
    assert AuditEvent.objects.filter(verb="read_closing_document").count() == 1


def test_two_payments_at_stake_are_closed_only_by_what_refutes_both(world, key):
    for kind in (GapKind.DRAWING_AFTER_DEATH, GapKind.DUPLICATE_BENEFIT):
        world.gap(Person.objects.get(name="张三"), kind)
    assert reasons_to_close([GapKind.DRAWING_AFTER_DEATH, GapKind.DUPLICATE_BENEFIT]) == [CloseReason.OTHER_PERSON]
    with pytest.raises(BadInput):
        close(world, key, "reviewer_a", reason=CloseReason.ALIVE)


@pytest.mark.parametrize("reason", REFUTING_REASONS)
def test_what_refutes_a_payment_closes_nothing_else(world, key, reason, scan):
    with pytest.raises(BadInput) as refusal:
        close(world, key, "reviewer_a", reason=reason, document=scan)
    assert refusal.value.code == "reason_not_fitting"


def test_a_death_to_verify_is_answered_alive_by_a_reviewer_with_a_document_or_closed_like_others(world, scan):
    person = world.person("李四")
    world.gap(person, GapKind.DEATH_TO_VERIFY, "death_to_verify")
    key = SubjectKey(person_id=person.pk)
    with pytest.raises(NotAllowed):
        close(world, key, reason=CloseReason.ALIVE, document=scan)
    with pytest.raises(BadInput):
        close(world, key, "reviewer_a", reason=CloseReason.ALIVE)
    with pytest.raises(BadInput):
        close(world, key, "reviewer_a", reason=CloseReason.NOT_TWICE, document=scan)
    case = close(world, key, "reviewer_a", reason=CloseReason.ALIVE, document=scan)
    assert case.close_reason == CloseReason.ALIVE
    assert CloseReason.DEAD in reasons_to_close([GapKind.DEATH_TO_VERIFY])


def test_the_page_tells_a_clerk_that_the_payment_must_stop_and_offers_a_reviewer_what_refutes(world, key, signed_in):
    world.gap(Person.objects.get(name="张三"), GapKind.STOP_DUE)
    address = f"/persons/{key.person_id}/"
    clerk, reviewer = (signed_in(name).get(address).content.decode() for name in ("clerk_a", "reviewer_a"))
    assert "A payment is at stake" in clerk
    assert 'name="document"' not in clerk
    assert 'value="alive"' in reviewer
    assert 'value="no_action_needed"' not in reviewer


def test_a_document_is_sent_by_the_form_and_downloaded_again(world, key, signed_in, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    world.gap(Person.objects.get(name="张三"), GapKind.DRAWING_IN_PRISON)
    client = signed_in("reviewer_a")
    form = {"subject": str(key), "reason": "not_in_prison", "note": "法院来函，已释放", "evidence_kind": "department",
            "evidence_date": "2018-12-30", "evidence_reference": "如皋法院 张法官"}  # fmt: skip
    refused = client.post("/work/close/", form)
    assert (refused.status_code, "Attach the document" in refused.content.decode()) == (422, True)
    document = SimpleUploadedFile("来函.pdf", b"%PDF-1.7 x")
    assert client.post("/work/close/", {**form, "document": document}).status_code == 302
    closing = CaseClosing.objects.get()
    assert "来函.pdf" in client.get(f"/persons/{key.person_id}/").content.decode()
    answer = client.get(f"/work/closings/{closing.pk}/document/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")


def test_undoing_gives_the_case_back_to_what_it_was(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    close(world, key)
    undo_closing(actor=world.actor("clerk_a"), closing_id=CaseClosing.objects.get().pk, at=days_later(7))
    case, kept = Case.objects.get(), CaseClosing.objects.get()
    assert (case.state, case.owner, case.close_reason, case.closed_at) == (
        "assigned", world.users["clerk_a"], "", None,
    )  # fmt: skip
    assert (kept.undone_by, kept.undone_at) == ("clerk_a", days_later(7))
    assert list(case.case_events.order_by("id").values_list("verb", flat=True)) == [
        "take_case",
        "close_case",
        "undo_close",
    ]
    assert AuditEvent.objects.filter(verb="closing_undone", object_id=str(kept.pk)).count() == 1
    with pytest.raises(Conflict) as refusal:
        undo_closing(actor=world.actor("clerk_a"), closing_id=kept.pk, at=days_later(7))
    assert refusal.value.code == "too_late"


def test_after_seven_days_it_stays(world, key):
    close(world, key)
    with pytest.raises(Conflict) as refusal:
        undo_closing(actor=world.actor("clerk_a"), closing_id=CaseClosing.objects.get().pk, at=days_later(8))
    assert refusal.value.code == "too_late"
    assert Case.objects.get().state == CaseState.CLOSED_WITH_REASON


def test_a_case_that_moved_on_or_has_no_gap_left_stays(world, key):
    close(world, key)
    closing_id = CaseClosing.objects.get().pk
    Gap.objects.update(closed_at=days_later(1), closed_on=date(2019, 1, 3))
    with pytest.raises(Conflict) as refusal:
        undo_closing(actor=world.actor("clerk_a"), closing_id=closing_id, at=days_later(2))
    assert refusal.value.code == "no_gap"
    take_case(actor=world.actor("colleague_a"), key=key, at=days_later(3))
    with pytest.raises(Conflict) as refusal:
        undo_closing(actor=world.actor("clerk_a"), closing_id=closing_id, at=days_later(4))
    assert refusal.value.code == "case_moved_on"
    assert Case.objects.get().owner == world.users["colleague_a"]


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("colleague_a", NotFound), ("clerk_b", NotFound), ("supervisor", NotAllowed), ("reviewer_a", None)],
)
def test_who_may_undo(world, key, name, refusal):
    close(world, key)
    closing_id = CaseClosing.objects.get().pk
    if refusal is None:
        assert undo_closing(actor=world.actor(name), closing_id=closing_id, at=NOW).state == "open"
        return
    with pytest.raises(refusal):
        undo_closing(actor=world.actor(name), closing_id=closing_id, at=NOW)


def form(key: SubjectKey, **given: str) -> dict[str, str]:
    letter = {"evidence_kind": "document", "evidence_date": "2019-01-02", "evidence_reference": "如人社函〔2019〕3号"}
    return {"subject": str(key), "reason": "insured_elsewhere", "note": "letter seen", **letter, **given}


def test_what_is_missing_is_said_beside_its_field_and_nothing_written_is_lost(key, signed_in):
    answer = signed_in("clerk_a").post("/work/close/", form(key, evidence_kind="", evidence_date="", note="seen by me"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "concerns the person" in shown
    assert "seen by me" in shown
    assert not CaseClosing.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "because"}, "reason"),
        ({"note": " "}, "note"),
        ({"evidence_date": "yesterday"}, "evidence_date"),
        ({"evidence_date": ""}, "evidence_date"),
        ({"evidence_reference": ""}, "evidence_reference"),
        ({"evidence_kind": "hearsay"}, "evidence_kind"),
    ],
)
def test_each_field_says_what_is_wrong(key, signed_in, given, field):
    answer = signed_in("clerk_a").post("/work/close/", form(key, **given))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_a_closed_case_shows_its_evidence_and_the_way_back(world, key, signed_in):
    client = signed_in("clerk_a")
    assert client.post("/work/close/", form(key)).status_code == 302
    page = f"/persons/{key.person_id}/"
    shown = client.get(page).content.decode()
    assert "如人社函〔2019〕3号" in shown
    assert "Undo closing" in shown
    assert "Document 如人社函〔2019〕3号 2019-01-02" in client.get(f"{page}timeline/").content.decode()
    assert "Undo closing" not in signed_in("colleague_a").get(page).content.decode()
    listed = client.get("/work/closings/").content.decode()
    assert "张三" in listed
    closing = CaseClosing.objects.get()
    undo_form = f'action="/work/closings/{closing.pk}/undo/"><input type="hidden" name="csrfmiddlewaretoken"'
    assert undo_form in listed, "without its token a browser's undo would be refused"
    assert client.post(f"/work/closings/{closing.pk}/undo/").headers["Location"] == page
    assert Case.objects.get().state == "open"
    assert now() >= closing.closed_at
    assert "Closing undone" in client.get(f"{page}timeline/").content.decode()


def test_the_list_of_closings_is_ones_own_or_the_reviewers(world, key, signed_in):
    close(world, key)
    assert "No cases closed yet" in signed_in("colleague_a").get("/work/closings/").content.decode()
    assert "张三" in signed_in("reviewer_a").get("/work/closings/").content.decode()
    assert signed_in("supervisor").get("/work/closings/").status_code == 403
    assert signed_in("clerk_b").post("/work/closings/1/undo/").status_code == 404


def test_the_workbook_of_closed_cases_names_reason_and_evidence(world, key, signed_in):
    close(world, key)
    client = signed_in("clerk_a")
    answer = client.post("/work/list.xlsx", {"purpose": "for the file", "query": "state=settled"})
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    header = next(row for row in rows if "Supporting evidence" in row)
    (line,) = [row for row in rows if "张三" in row]
    told = dict(zip(header, line, strict=True))
    assert told["Closed with reason"] == str(CloseReason.INSURED_ELSEWHERE.label)
    assert told["Supporting evidence"] == "Document 如人社函〔2019〕3号 2019-01-02"


def test_an_undone_closing_gives_no_case_to_whoever_may_not_take_it_any_more(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    close(world, key)
    Membership.objects.filter(user=world.users["clerk_a"]).update(valid_to=AS_OF)
    undo_closing(actor=world.actor("reviewer_a"), closing_id=CaseClosing.objects.get().pk, at=days_later(1))
    case = Case.objects.get()
    assert (case.owner_id, case.state, case.closed_at) == (None, CaseState.OPEN, None)


def test_the_closing_of_a_case_that_went_to_another_county_is_not_there(world, key):
    close(world, key)
    Case.objects.update(county=world.county_b, unit=world.county_b)
    with pytest.raises(NotFound):
        undo_closing(actor=world.actor("clerk_a"), closing_id=CaseClosing.objects.get().pk, at=days_later(1))
    assert Case.objects.get().state == CaseState.CLOSED_WITH_REASON
