"""The steps of an application: who may take which, from where to where, what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction

from casework.constants import CaseState, CloseReason, GapKind
from casework.models import Case, CaseClosing
from casework.services.closing import undo_closing
from coverage.models import Finding
from enrollment.constants import ApplicationKind, ApplicationState, Condition, Verb
from enrollment.eligibility.testing import check_person
from enrollment.models import Application, ApplicationStep, Enrollment, TemporaryIdentity
from enrollment.process import step_of, steps_from
from enrollment.selectors.applications import count_waiting, list_waiting, steps_open_to
from enrollment.services.declarations import ask_again
from enrollment.services.preparing import Content, correct_application
from enrollment.services.steps import take_step
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership
from foundation.accounts.permissions import ALLOWED, Action
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.signatures.models import Signature
from registry.models import BankAccount, Person, PersonIdentifier, PersonMerge
from registry.services.bank_accounts import make_current, store_account
from tests.enrollment.conftest import Office, rule
from tests.named_world import AS_OF, NOW, days_later, right_number

YOUNG = date(1980, 5, 5)


@pytest.fixture
def person(office):
    person = office.person("阿妹", right_number("32069719800505002"))
    person.birth_date = YOUNG
    person.save()
    office.gap(person, GapKind.UNINSURED, "never_enrolled")
    return person


def test_four_people_bring_a_person_from_gap_to_enrolment(desk, person):
    rule("books_kept_by", "portal")
    application = desk.bring(desk.begin(person), "approval")
    application = desk.step(application, "grant", "approver_a", days_later(1))
    assert (application.state, application.effective_from) == ("effective", date(2019, 1, 3))
    assert (application.accepted_on, application.receipt_no) == (date(2019, 1, 2), "320682-20190102-0001")
    assert application.due_on == date(2019, 1, 30), "twenty working days"
    enrolment = Enrollment.objects.get()
    assert (enrolment.person, enrolment.draws, enrolment.books, enrolment.valid_from) == (
        person, False, "portal", date(2019, 1, 3),
    )  # fmt: skip
    signed = list(Signature.objects.order_by("pk").values_list("act", "person__username"))
    assert signed == [
        ("prepared", "village"), ("reviewed", "township"), ("reviewed", "reviewer_a"), ("approved", "approver_a"),
    ]  # fmt: skip
    verbs = AuditEvent.objects.filter(object_type="application").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "begin_application", "submit_application", "accept_application", "review_application", "check_application", "grant_application",
    ]  # fmt: skip


def test_where_the_agency_keeps_the_books_a_clerk_confirms_the_entry(desk, person):
    application = desk.step(desk.bring(desk.begin(person), "approval"), "grant", "approver_a")
    assert (application.state, Enrollment.objects.exists()) == ("granted", False)
    with pytest.raises(BadInput) as refusal:
        desk.step(application, "confirm", "clerk_a")
    assert refusal.value.code == "entry_number_missing"
    application = desk.step(application, "confirm", "clerk_a", entry_number="32068200099")
    assert (application.state, Enrollment.objects.get().entry_number) == ("effective", "32068200099")


DOER = {Action.PREPARE_APPLICATION: "village", Action.ACCEPT_APPLICATION: "township", Action.REVIEW_APPLICATION: "township",
        Action.CHECK_APPLICATION: "reviewer_a", Action.DECIDE_APPLICATION: "approver_a", Action.CONFIRM_ENTRY: "clerk_a"}  # fmt: skip
REACHABLE = ["draft", "submitted", "township_review", "county_check", "approval", "returned", "withdrawn", "granted"]


def reach(desk: Office, person: Person, state: str) -> Application:
    """Begin an application and bring it to a state by its own steps."""
    application = desk.begin(person)
    match state:
        case "returned":
            return desk.step(desk.bring(application, "township_review"), "return", "colleague_t", note="照片不清")
        case "withdrawn":
            return desk.step(application, "withdraw", "village", note="本人要求")
        case "granted":
            return desk.step(desk.bring(application, "approval"), "grant", "approver_2")
    return desk.bring(application, state)


@pytest.mark.parametrize("state", REACHABLE)
def test_a_step_is_possible_from_the_states_of_the_table_only(desk, person, state):
    application = reach(desk, person, state)
    possible = {step.verb for step in steps_from(ApplicationState(state), ApplicationKind.REGISTER)}
    for verb in [verb for verb in Verb if verb not in possible]:
        doer = DOER[step_of(verb, ApplicationState(state)).action]
        with pytest.raises(Conflict) as refusal:
            desk.step(application, verb, doer, note="为什么")
        assert refusal.value.code == "step_not_possible"


@pytest.mark.parametrize("state", REACHABLE)
def test_a_step_is_for_the_roles_of_the_table_only(desk, person, state):
    application = reach(desk, person, state)
    for step in steps_from(ApplicationState(state), ApplicationKind.REGISTER):
        for name, user in desk.world.users.items():
            role = Role(Membership.objects.get(user=user).role)
            if step.action in ALLOWED[role] and name != "clerk_b":
                continue
            with pytest.raises((NotAllowed, NotFound)):
                desk.step(application, step.verb, name, note="为什么")


def test_a_decision_needs_two_reviews_of_the_very_version(desk, person):
    application = desk.bring(desk.begin(person), "approval")
    desk.step(application, "return", "approver_2", note="姓名写错")
    correct_application(
        actor=desk.world.actor("village"), application_id=application.pk, version=1, at=NOW,
        content=Content(papers=desk.papers(person), note="改正"),
    )  # fmt: skip
    desk.step(application, "submit", "village")
    with pytest.raises(Error, match="Invalid transition"), transaction.atomic():
        Application.objects.update(state="approval")
    again = desk.bring(Application.objects.get(), "approval")
    assert (again.version, again.receipt_no) == (2, "320682-20190102-0001")
    assert desk.step(again, "grant", "approver_2").state == "granted", "who sent it back may decide the new version"


def test_nobody_signs_twice_or_what_they_prepared(desk, person):
    application = desk.begin(person, by="township")
    desk.step(application, "submit", "township")
    desk.step(application, "accept", "township")
    with pytest.raises(NotAllowed) as refusal:
        desk.step(application, "review", "township")
    assert refusal.value.code == "own_work"
    desk.step(application, "review", "colleague_t")
    again = Signature.objects.filter(act="reviewed").get()
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_deputy_does_not_sign_what_the_absent_colleague_prepared(desk, person):

    application = desk.begin(person, by="township")
    desk.step(desk.step(application, "submit", "township"), "accept", "colleague_t")
    absent = Membership.objects.select_related("user", "unit").get(user=desk.world.users["township"])
    deputy = user_actor(absent, deputy=desk.world.users["colleague_t"])
    with pytest.raises(NotAllowed) as refusal:
        take_step(actor=deputy, application_id=application.pk, verb="review", version=1, at=NOW)
    assert refusal.value.code == "own_work"


def test_a_second_open_one_of_its_kind_is_refused_and_another_kind_is_not(desk, person):
    first = desk.begin(person)
    with pytest.raises(Conflict) as refusal:
        desk.begin(person, by="township")
    assert (refusal.value.code, refusal.value.ids) == ("application_open", (str(first.pk),))
    desk.begin(person, "decline", papers=desk.papers(person, "id_card", "letter"), details=DECLARED)
    desk.step(first, "withdraw", "village", note="本人要求")
    assert desk.begin(person).state == "draft"


DECLARED = {"signed_on": "2019-01-02", "witness": "张书记", "in_person": True, "advised": True}


def test_declining_closes_the_case_and_revoking_opens_it_again(desk, person):
    letter = desk.papers(person, "id_card", "letter")
    application = desk.bring(desk.begin(person, "decline", papers=letter, details=DECLARED), "approval")
    with pytest.raises(Conflict):
        desk.step(application, "grant", "approver_a")
    application = desk.step(application, "record", "approver_a")
    assert application.state == "effective", "a declaration needs no entry at the agency"
    case = Case.objects.get()
    assert (case.state, case.close_reason) == (CaseState.CLOSED_WITH_REASON, CloseReason.DECLINED)
    assert person.gaps.filter(closed_at=None).count() == 1, "the gap stays"
    with pytest.raises(Conflict) as refusal:
        undo_closing(actor=desk.world.actor("reviewer_a"), closing_id=CaseClosing.objects.get().pk, at=NOW)
    assert refusal.value.code == "closed_by_application"
    refused = desk.bring(desk.begin(person), "approval")
    with pytest.raises(Conflict) as refusal:
        desk.step(refused, "grant", "approver_a")
    assert refusal.value.ids == ("DECLINED",)
    revoked = desk.bring(
        desk.begin(person, "revoke_decline", papers=letter, details={"signed_on": "2019-01-02"}), "approval"
    )
    desk.step(revoked, "record", "approver_a", days_later(1))
    assert Case.objects.get().state == CaseState.REOPENED


@pytest.mark.parametrize(
    ("born", "days", "is_asked"),
    [(YOUNG, 364, False), (YOUNG, 365, True), (date(1959, 2, 1), 29, False), (date(1959, 2, 1), 30, True)],
)
def test_who_declined_is_asked_again_after_a_year_and_at_sixty(desk, office, person, born, days, is_asked):
    person.birth_date = born
    person.save()
    declared = {"signed_on": "2019-01-02", "witness": "李四", "in_person": True, "advised": True}
    papers = desk.papers(person, "id_card", "letter")
    decline = desk.bring(desk.begin(person, "decline", details=declared, papers=papers), "approval")
    desk.step(decline, "record", "approver_a")
    at, county = days_later(days), office.county_a
    known = check_person(county=county, person_id=person.pk, kind=ApplicationKind.DECLINE, day=at.date(), known=at)
    assert (Condition.NOT_DECLINED in known.unknown, Condition.NOT_DECLINED in known.not_met) == (
        is_asked,
        not is_asked,
    )
    assert ask_again(actor=system_actor(county), county=county, at=at) == int(is_asked)
    assert Case.objects.get().state == (CaseState.REOPENED if is_asked else CaseState.CLOSED_WITH_REASON)
    assert ask_again(actor=system_actor(county), county=county, at=at) == 0


def test_a_refusal_names_conditions_that_are_not_met_and_closes_the_case(desk, person):
    application = desk.bring(desk.begin(person, "direct_inclusion"), "approval")
    with pytest.raises(BadInput) as refusal:
        desk.step(application, "refuse", "approver_a", note="不符合条件", reasons=["WINDOW_CLOSED"])
    assert refusal.value.code == "reason_not_fitting"
    with pytest.raises(BadInput) as refusal:
        desk.step(application, "refuse", "approver_a")
    assert refusal.value.code == "note_missing"
    application = desk.step(application, "refuse", "approver_a", note="未满六十周岁，可正常参保")
    assert (application.state, application.refusal_reasons) == ("refused", ["NOT_POOR", "UNDER_60"])
    assert (Case.objects.get().close_reason, CaseClosing.objects.get().application_id) == ("refused", application.pk)


def test_what_meets_all_conditions_cannot_be_refused(desk, person):
    application = desk.bring(desk.begin(person), "approval")
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "refuse", "approver_a", note="没有名额")
    assert refusal.value.code == "eligible"


def test_papers_that_are_missing_are_named_once_and_all_together(desk, person):
    application = desk.begin(person, papers=desk.papers(person, "id_card"))
    desk.step(application, "submit", "village")
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "accept", "township")
    assert refusal.value.ids == ("household_booklet", "form")
    desk.step(application, "name_missing", "township")
    assert ApplicationStep.objects.get(verb="name_missing").detail == {"missing": ["household_booklet", "form"]}
    with pytest.raises(BadInput) as refused:
        desk.step(application, "submit", "village")
    assert refused.value.code == "papers_missing"
    correct_application(
        actor=desk.world.actor("village"), application_id=application.pk, version=1, at=NOW, content=Content(papers=desk.papers(person))
    )  # fmt: skip
    desk.step(application, "submit", "village", days_later(3))
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "name_missing", "township", missing=["other"])
    assert refusal.value.code == "missing_named_already"
    assert desk.step(application, "accept", "township", days_later(5)).accepted_on == days_later(3).date()


@pytest.mark.parametrize(("day", "is_taken"), [(-1, False), (0, True), (2, True), (3, False)])
def test_papers_are_accepted_on_a_day_between_their_coming_in_and_today(desk, person, day, is_taken):
    application = desk.step(desk.begin(person), "submit", "village")
    accepted_on = (NOW + timedelta(days=day)).date()
    if is_taken:
        taken = desk.step(application, "accept", "township", days_later(2), accepted_on=accepted_on)
        assert taken.accepted_on == accepted_on
    else:
        with pytest.raises(BadInput):
            desk.step(application, "accept", "township", days_later(2), accepted_on=accepted_on)


def test_nothing_is_decided_while_the_public_notice_runs(desk, person):
    rule("public_notice_days", 7)
    application = desk.bring(desk.begin(person), "approval")
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "grant", "approver_a", days_later(6))
    assert refusal.value.code == "too_early"
    assert desk.step(application, "grant", "approver_a", days_later(7)).state == "granted"


def test_whoever_read_an_older_version_is_told(desk, person):
    application = desk.begin(person)
    desk.step(application, "submit", "village")
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "accept", "township", version=2)
    assert refusal.value.code == "version_changed"


def test_a_temporary_identity_is_issued_and_replaced_with_nothing_lost(desk, office):
    amei = office.person("阿妹")
    letter = desk.papers(amei, "police_letter")
    issued = desk.bring(
        desk.begin(amei, "temporary_identity", papers=letter, details={"place_found": "希望村"}), "approval"
    )
    desk.step(issued, "grant", "approver_a")
    identity = TemporaryIdentity.objects.get()
    assert (identity.number, identity.person) == ("T3206822019010200001", amei)
    amei.birth_date, amei.sex = date(1957, 6, 15), 2
    amei.save()
    number = right_number("32069719570615002")
    replaced = desk.begin(amei, "replace_identity", papers=desk.papers(amei, "id_card"), details={"number": number})
    assert number not in str(list(replaced.versions.values())), "a number is stored once, encrypted"
    desk.step(desk.bring(replaced, "approval"), "grant", "approver_a", days_later(1))
    identity.refresh_from_db()
    assert (identity.replaced_by, PersonIdentifier.objects.get().person) == (replaced, amei)


@pytest.mark.parametrize(("other", "code"), [("holder", "number_of_another"), ("birth", "number_contradicts")])
def test_a_number_of_another_or_of_another_birth_is_no_ones_real_number(desk, office, other, code):
    amei, number = office.person("阿妹"), right_number("32069719500101002")
    if other == "holder":
        office.person("别人", number)
    else:
        amei.birth_date = date(1957, 6, 15)
        amei.save()
    with pytest.raises(Conflict) as refusal:
        desk.begin(amei, "replace_identity", papers=desk.papers(amei, "id_card"), details={"number": number})
    assert refusal.value.code == code


def test_money_at_stake_is_never_closed_away_by_a_decision(desk, office, person):
    office.gap(person, GapKind.DRAWING_AFTER_DEATH)
    letter = desk.papers(person, "id_card", "letter")
    declined = desk.bring(desk.begin(person, "decline", papers=letter, details=DECLARED), "approval")
    desk.step(declined, "record", "approver_a")
    case = Case.objects.get()
    assert (case.state, case.case_events.filter(verb="application_decided").count()) == (CaseState.OPEN, 1)
    assert not CaseClosing.objects.exists()


def test_a_refusal_that_answers_no_gap_closes_no_case(desk, office, person):
    Finding.objects.create(
        county=office.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=person, kind="death", evidence_class="A",
        evidence={"value": "", "facts": [], "reports": [], "lines": []},
    )  # fmt: skip
    details = {"detail": "name", "right_value": "阿梅"}
    papers = desk.papers(person, "id_card", "proof")
    application = desk.bring(desk.begin(person, "change_details", papers=papers, details=details), "approval")
    assert desk.step(application, "refuse", "approver_a", note="本人已死亡").state == "refused"
    assert not CaseClosing.objects.exists()


def test_what_was_declared_since_the_papers_came_in_counts(desk, person):
    register = desk.bring(desk.begin(person), "approval")
    letter = desk.papers(person, "id_card", "letter")
    declined = desk.bring(desk.begin(person, "decline", papers=letter, details=DECLARED), "approval")
    desk.step(declined, "record", "approver_a", days_later(1))
    with pytest.raises(Conflict) as refusal:
        desk.step(register, "grant", "approver_a", days_later(2))
    assert refusal.value.ids == ("DECLINED",)


def test_sent_back_it_is_corrected_or_confirmed_before_it_goes_on(desk, person):
    papers = desk.papers(person)
    application = desk.bring(desk.begin(person, papers=papers), "approval")
    desk.step(application, "return", "approver_a", note="核对签名")
    with pytest.raises(BadInput) as refusal:
        desk.step(application, "submit", "village")
    assert refusal.value.code == "not_corrected"
    confirmed = correct_application(
        actor=desk.world.actor("village"), application_id=application.pk, version=1, at=NOW, content=Content(papers=papers)
    )  # fmt: skip
    assert confirmed.version == 2, "the same content, confirmed, is another version, which the same people may sign"
    desk.step(confirmed, "submit", "village")
    assert desk.step(desk.bring(Application.objects.get(), "approval"), "grant", "approver_a").state == "granted"


def test_what_was_granted_and_not_entered_can_be_withdrawn_and_is_not_confirmed_for_the_dead(desk, office, person):
    application = desk.step(desk.bring(desk.begin(person), "approval"), "grant", "approver_a")
    Finding.objects.create(
        county=office.county_a, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=person, kind="death", evidence_class="A",
        evidence={"value": "", "facts": [], "reports": [], "lines": []},
    )  # fmt: skip
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "confirm", "clerk_a", entry_number="1")
    assert refusal.value.code == "not_eligible"
    assert desk.step(application, "withdraw", "clerk_a", note="本人已死亡").decided_on is None
    assert desk.begin(person).state == "draft"


def test_nobody_declines_or_waives_through_an_agent(desk, person):
    letter = desk.papers(person, "id_card", "letter")
    with pytest.raises(BadInput) as refusal:
        desk.begin(person, "decline", papers=letter, details=DECLARED, agent_name="张三", agent_relation="儿子")
    assert refusal.value.code == "in_person_only"


def test_a_claim_ends_the_contributors_range_where_the_drawing_one_begins(desk, office):
    rule("books_kept_by", "portal")
    rule("scheme_start", "2019-06-01")
    person = office.person("老王", right_number("32069719800505018"))
    person.birth_date = YOUNG
    person.save()
    desk.step(desk.bring(desk.begin(person), "approval"), "grant", "approver_a")
    person.birth_date = date(1958, 12, 15)
    person.save()
    claim = desk.bring(desk.begin(person, "claim", at=days_later(9)), "approval", days_later(9))
    desk.step(claim, "grant", "approver_a", days_later(10))
    current = (
        Enrollment.objects.filter(superseded_at=None)
        .order_by("valid_from")
        .values_list("draws", "valid_from", "valid_to")
    )
    assert list(current) == [(False, date(2019, 1, 2), date(2019, 1, 12)), (True, date(2019, 1, 12), None)]


def test_who_is_enrolled_from_a_later_day_on_is_not_enrolled_a_second_time(desk, office, person):
    rule("books_kept_by", "portal")
    other = desk.begin(person, "early_draw")
    Enrollment.objects.create(
        county=office.county_a, person=person, application=other, draws=False, books="portal", valid_from=date(2019, 3, 1),
        valid_to=date(2019, 6, 1), recorded_at=NOW,
    )  # fmt: skip
    application = desk.bring(desk.begin(person), "approval")
    with pytest.raises(Conflict) as refused:
        desk.step(application, "grant", "approver_a")
    assert (refused.value.code, refused.value.ids) == ("not_eligible", ("ALREADY_ENROLLED",))
    assert Application.objects.get(pk=application.pk).state == "approval"


def test_the_account_that_counts_is_one_for_all_persons_merged_together(office, person):
    kept, other = office.person("阿妹"), office.person("阿妹")
    numbers = {each.pk: f"123456789012{place}" for place, each in enumerate((person, kept, other))}
    accounts = {
        each.pk: store_account(numbers[each.pk], person=each, bank="农商行", holder="阿妹", at=NOW)
        for each in (person, kept, other)
    }
    for each in accounts.values():
        make_current(account_id=each.pk, at=NOW)
    PersonMerge.objects.create(kept=kept, absorbed=person, reason="x", decided_by="x", decided_at=NOW)
    newer = store_account("1234567890199", person=person, bank="农商行", holder="阿妹", at=days_later(1))
    make_current(account_id=newer.pk, at=days_later(1))
    counting = BankAccount.objects.filter(superseded_at=None).exclude(current_from=None)
    assert set(counting) == {newer, accounts[other.pk]}


def test_what_waits_is_listed_for_whoever_may_go_on_and_buttons_are_offered_to_them_alone(desk, person):
    application = desk.bring(desk.begin(person), "township_review")
    waiting = {
        name: count_waiting(desk.world.actor(name))
        for name in ("village", "township", "reviewer_a", "approver_a", "clerk_b")
    }
    assert waiting == {
        "village": {}, "township": {"township_review": 1}, "reviewer_a": {}, "approver_a": {}, "clerk_b": {},
    }  # fmt: skip
    assert list(list_waiting(desk.world.actor("township"))) == [application]
    offered = steps_open_to(desk.world.actor("colleague_t"), [application])[application.pk]
    assert [step.verb for step in offered] == ["review", "withdraw", "return"]
    desk.step(application, "return", "colleague_t", note="?")
    assert [step.verb for step in steps_open_to(desk.world.actor("colleague_t"), [Application.objects.get()])[application.pk]] == [
        "submit", "withdraw",
    ]  # fmt: skip


def test_a_person_merged_before_the_decision_is_enrolled_as_the_one_kept(desk, person, office):
    absorbed = office.person("阿妹")
    absorbed.birth_date = YOUNG
    absorbed.save()
    application = desk.bring(desk.begin(absorbed), "approval")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_personmerge (kept_id, absorbed_id, reason, decided_by, decided_at, undone_by) "
            "VALUES (%s, %s, 'x', 'x', %s, '')",
            [person.pk, absorbed.pk, NOW],
        )
    rule("books_kept_by", "portal")
    desk.step(application, "grant", "approver_a", days_later(1))
    assert Enrollment.objects.get().person == person
