"""An object of another county is not found: 404 and an audit event, at every URL and for every subject in a form.

Generated from urlpatterns. A new URL that takes an object must be added here, or this file fails. Each refusal has its control:
somebody of the other county with the same right, sent the same, finds the object; a maker that makes nothing would refuse everybody.
Lists, filters by place and what is done to many at once: test_scope_of_lists.py.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from casework.constants import GAP_RANK, CaseState, CloseReason, GapKind
from casework.models import Assignment, Case, CaseClosing, Gap, Question, ReportReview, SavedFilter
from coverage.models import Link, PatternDecision
from enrollment.models import Application, ApplicationPaper, OneStopBatch
from enrollment.services.preparing import Content, begin_application
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Deputy, User
from foundation.accounts.services import create_user, grant_role, issue_client_token
from foundation.audit.models import AuditEvent
from foundation.jobs.long_work import RunState
from foundation.primitives import clock
from foundation.regions.models import Unit
from nightly.models import NightRun
from payments.models import Batch, ContributionPlan, ContributionPlanLine
from registry.models import (
    Attachment,
    Delivery,
    FieldReport,
    MergeProposal,
    MergeReason,
    Person,
    PersonMerge,
    PersonNote,
    Upload,
)
from registry.selectors.stored_files import ATTACHMENTS
from registry.services.contact_points import store_telephone
from registry.services.originals import store_file
from registry.services.papers import store_paper
from registry.services.person_file import attach
from tests.administration.routes import Route, all_routes, roles_for
from tests.administration.test_access import BY_TOKEN
from tests.foundation.conftest import PASSWORD, World
from tests.possible_matches import decision_elsewhere

Make = Callable[["Elsewhere"], dict[str, object]]


@dataclass
class Elsewhere:
    """County B, and what can be made there."""

    world: World
    owner: User | None = None  # whose object it is, where only its owner may reach it

    @property
    def county(self) -> Unit:
        return self.world.county_b

    def user(self, name: str = "clerk_b", role: Role = Role.COUNTY_CLERK) -> User:
        if known := User.objects.filter(username=name).first():
            return known
        user = create_user(actor=None, username=name, display_name="", password=PASSWORD, must_change=False)
        grant_role(actor=None, user=user, role=role, unit=self.county, valid_from=date(2018, 1, 1))
        return user

    def person(self, name: str = "张三") -> Person:
        return Person.objects.create(
            county=self.county, unit=self.county, name=name, name_pinyin="zhang san", created_at=clock.now()
        )

    def note(self) -> PersonNote:
        return PersonNote.objects.create(person=self.person(), text="x", written_by="x", written_at=clock.now())

    def attachment(self) -> Attachment:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(b"%PDF-1.7 b")
            file.flush()
            actor = user_actor(self.user().memberships.select_related("user", "unit").get())
            return attach(actor=actor, person_id=self.person().pk, path=Path(file.name), name="b.pdf", at=clock.now())

    def proposal(self) -> MergeProposal:
        return MergeProposal.objects.create(
            county=self.county,
            person_a=self.person(),
            person_b=self.person(),
            reason=MergeReason.SAME_NUMBER,
            proposed_at=clock.now(),
        )

    def merge(self) -> PersonMerge:
        return PersonMerge.objects.create(
            kept=self.person(), absorbed=self.person(), reason="x", decided_by="x", decided_at=clock.now()
        )

    def delivery(self, name: str = "b.csv") -> Delivery:
        return Delivery.objects.create(
            county=self.county,
            as_of_date=date(2018, 12, 31),
            file_name=name,
            file_sha256=f"{Delivery.objects.count():064x}",
            file_bytes=1,
            stored_path="deliveries/b.csv",
            received_by="clerk_b",
            received_at=clock.now(),
        )

    def upload(self) -> Upload:
        self.owner = self.user()
        return Upload.objects.create(
            county=self.county,
            user=self.owner,
            file_name="b.csv",
            file_bytes=1,
            modified_ms=0,
            as_of_date=date(2018, 12, 31),
            started_at=clock.now(),
            touched_at=clock.now(),
        )

    def link(self) -> Link:
        return Link.objects.create(
            county=self.county,
            night_id=1,
            as_of_date=date(2018, 12, 31),
            recorded_at=clock.now(),
            person=self.person(),
            scheme="resident",
            roll_no="R1",
            delivery=self.delivery(),
            line=2,
            rule="number_of_another",
            action="review",
            comparison_vector="number=same",
        )

    def pattern(self) -> PatternDecision:
        return PatternDecision.objects.create(
            county=self.county,
            scheme="resident",
            rule="name_village",
            comparison_vector="name=same",
            decision="not_same",
            links=[],
            proposed_by="clerk_b",
            proposed_at=clock.now(),
        )

    def night(self) -> NightRun:
        return NightRun.objects.create(
            county=self.county, as_of_date=date(2018, 12, 31), requested_by="clerk_b", requested_at=clock.now()
        )

    def published_night(self) -> NightRun:
        """The second of two."""
        nights = [
            NightRun.objects.create(
                county=self.county,
                as_of_date=date(2018, month, 28),
                requested_by="clerk_b",
                requested_at=clock.now(),
                state=RunState.DONE,
                finished_at=clock.now(),
            )
            for month in (11, 12)
        ]
        return nights[-1]

    def gap(self, **values: object) -> Gap:
        row: dict[str, object] = {
            "county": self.county,
            "unit": self.county,
            "subject_name": "张三",
            "subject_pinyin": "zhang san",
            "kind": GapKind.UNINSURED,
            "rank": GAP_RANK[GapKind.UNINSURED],
            "opened_on": date(2018, 12, 31),
            "opened_at": clock.now(),
        }
        return Gap.objects.create(**(row | values))

    def roll_line(self) -> Gap:
        return self.gap(scheme="resident", roll_no="1")

    def deputy(self) -> Deputy:
        absent, deputy = self.user(), self.user("reviewer_b", Role.COUNTY_REVIEWER)
        return Deputy.objects.create(
            absent=absent,
            deputy=deputy,
            membership=absent.memberships.get(),
            valid_from=clock.today(),
            valid_to=clock.today() + timedelta(days=9),
            granted_by=deputy,
        )

    def saved_filter(self) -> SavedFilter:
        self.owner = self.user()
        return SavedFilter.objects.create(
            user=self.owner, unit=self.county, name="b", query="kind=UNINSURED", created_at=clock.now()
        )

    def assignment(self) -> Assignment:
        self.owner = user = self.user()
        return Assignment.objects.create(
            unit=self.county, assignee=user, assigned_by=user, assigned_at=clock.now(), before={}
        )

    def closing(self) -> CaseClosing:
        at, user, reason = clock.now(), self.user(), CloseReason.NO_ACTION_NEEDED
        self.owner = user
        case = Case.objects.create(
            county=self.county,
            person=self.person(),
            state=CaseState.CLOSED_WITH_REASON,
            close_reason=reason,
            opened_at=at,
            closed_at=at,
        )
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(b"%PDF-1.7 b")
            file.flush()
            paper = store_paper(Path(file.name), self.county)
        return CaseClosing.objects.create(
            document_name="b.pdf",
            document_type=paper.content_type,
            document_sha256=paper.sha256,
            document_path=paper.path,
            case=case,
            unit=self.county,
            reason=reason,
            note="note",
            state_before=CaseState.OPEN,
            closed_by=user,
            closed_at=at,
        )

    def field_report(self, person: Person | None = None, **values: object) -> FieldReport:
        """One with a photo's name, a telephone and a step of the office."""
        person = person or self.person()
        report = FieldReport.objects.create(
            uuid=uuid4(),
            county=self.county,
            unit=self.county,
            person=person,
            kind="moved_away",
            place_text="x",
            observed_on=date(2018, 12, 31),
            contact=store_telephone("13800000000", county=self.county, at=clock.now()),
            reporter_id=0,
            reported_by="village_b",
            reported_role="village_official",
            reported_unit_code=self.county.code,
            received_at=clock.now(),
            **values,
        )
        ReportReview.objects.create(report=report, county=self.county, unit=self.county, opened_at=clock.now())
        return report

    def photographed(self) -> FieldReport:
        digest, path = store_file(Path(__file__), self.county, ATTACHMENTS)
        return self.field_report(photo_sha256=digest, photo_path=path, photo_bytes=1)

    def question(self, asker: User | None = None, person: Person | None = None) -> Question:
        person = person or self.person()
        self.owner = self.owner or asker
        return Question.objects.create(
            county=self.county,
            unit=self.county,
            about="case",
            person=person,
            subject_name=person.name,
            text="x",
            due_on=date(2018, 12, 31),
            asked_by=asker,
            asked_by_name="x",
            asked_role="county_clerk",
            asked_unit_code=self.county.code,
            asked_at=clock.now(),
        )

    def application(self, papers: Sequence[tuple[str, int]] = (), person: Person | None = None) -> Application:
        actor = user_actor(self.user().memberships.select_related("user", "unit").get())
        content = Content(papers=papers)
        person = person or self.person()
        return begin_application(
            actor=actor, person_id=person.pk, kind="register", channel="county", content=content, at=clock.now()
        )

    def batch(self, *persons: Person) -> OneStopBatch:
        now = clock.now()
        made = OneStopBatch.objects.create(
            county=self.county, unit=self.county, day=now.date(), eligible=len(persons), excluded=0, content_hash="0" * 64,
            made_by=self.user(), made_at=now,
        )  # fmt: skip
        for person in persons:
            made.lines.create(person=person, kind="register", outcome="eligible")
        return made

    def money(self, note: str = "") -> Batch:
        return Batch.objects.create(
            county=self.county, kind="contributions", period="2018", note=note, made_by=self.user(), made_at=clock.now()
        )

    def planned(self, person: Person) -> ContributionPlanLine:
        """A plan that pays for somebody."""
        now = clock.now()
        ContributionPlan.objects.create(
            county=self.county, year=2018, computed_at=now, as_of_date=now.date(), tested_on=now.date(), parameters={}, lists=[],
            paid_for=1, excluded=0, amount_fen=10_000, added=1, removed=0, changed=0,
        )  # fmt: skip
        return ContributionPlanLine.objects.create(
            county=self.county, year=2018, person=person, unit=person.unit, outcome="paid_for", category="dibao",
            amount_fen=10_000, county_fen=10_000, recorded_at=now,
        )  # fmt: skip

    def pictured(self) -> ApplicationPaper:
        with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
            file.write(b"\xff\xd8\xff b")
            file.flush()
            actor = user_actor(self.user().memberships.select_related("user", "unit").get())
            person = self.person()
            picture = attach(actor=actor, person_id=person.pk, path=Path(file.name), name="b.jpg", at=clock.now())
        return self.application([("id_card", picture.pk)], person).versions.get().papers.get()

    def client(self) -> int:
        token, _text = issue_client_token(
            actor=system_actor(self.county),
            name="b",
            unit=self.county,
            verbs=["read_coverage"],
            expires_at=clock.now() + timedelta(days=1),
        )
        return token.pk


def _ids_of(paper: ApplicationPaper) -> dict[str, object]:
    return {"application_id": paper.version.application_id, "paper_id": paper.pk}


IN_ADDRESS: dict[str, Make] = {
    "person": lambda b: {"person_id": b.person().pk},
    "person_timeline": lambda b: {"person_id": b.person().pk},
    "person_sides": lambda b: {"person_id": b.person().pk},
    "person_next": lambda b: {"person_id": b.person().pk},
    "person_file": lambda b: {"person_id": b.person().pk},
    "person_print": lambda b: {"person_id": b.person().pk},
    "person_note": lambda b: {"person_id": b.person().pk},
    "person_attach": lambda b: {"person_id": b.person().pk},
    "person_note_pin": lambda b: {"note_id": b.note().pk},
    "person_attachment": lambda b: {"attachment_id": b.attachment().pk},
    "person_number": lambda b: {"person_id": b.person().pk},
    "person_number_card": lambda b: {"person_id": b.person().pk},
    "person_certification": lambda b: {"person_id": b.person().pk},
    "person_village": lambda b: {"person_id": b.person().pk},
    "person_enrolment": lambda b: {"person_id": b.person().pk},
    "person_years": lambda b: {"person_id": b.person().pk},
    "person_informed": lambda b: {"person_id": b.person().pk},
    "person_notice_print": lambda b: {"person_id": b.person().pk},
    "one_stop_batch": lambda b: {"batch_id": b.batch().pk},
    "one_stop_act": lambda b: {"batch_id": b.batch().pk},
    "one_stop_xlsx": lambda b: {"batch_id": b.batch().pk},
    "one_stop_print": lambda b: {"batch_id": b.batch().pk},
    "contribution_batch": lambda b: {"batch_id": b.money().pk},
    "contribution_act": lambda b: {"batch_id": b.money().pk},
    "contribution_batch_people": lambda b: {"batch_id": b.money().pk},
    "contribution_batch_xlsx": lambda b: {"batch_id": b.money().pk},
    "contribution_batch_print": lambda b: {"batch_id": b.money().pk},
    "person_account": lambda b: {"person_id": b.person().pk},
    "application_begin": lambda b: {"person_id": b.person().pk},
    "application": lambda b: {"application_id": b.application().pk},
    "application_step": lambda b: {"application_id": b.application().pk},
    "application_next": lambda b: {"application_id": b.application().pk},
    "application_correct": lambda b: {"application_id": b.application().pk},
    "application_notices": lambda b: {"application_id": b.application().pk},
    "application_notice_print": lambda b: {"application_id": b.application().pk},
    "application_picture": lambda b: _ids_of(b.pictured()),
    "village_person": lambda b: {"person_id": b.person().pk},
    "village_report": lambda b: {"person_id": b.person().pk},
    "village_answer": lambda b: {"question_id": b.question().pk},
    "work_question_withdraw": lambda b: {"question_id": b.question(b.user()).pk},
    "work_report": lambda b: {"report_id": b.field_report().pk},
    "work_report_handle": lambda b: {"report_id": b.field_report().pk},
    "work_report_ask": lambda b: {"report_id": b.field_report().pk},
    "work_report_numbers": lambda b: {"report_id": b.field_report().pk},
    "work_report_photo": lambda b: {"report_id": b.photographed().pk},
    "work_roll_line": lambda b: {"county_id": b.roll_line().county_id, "scheme": "resident", "roll_no": "1"},
    "work_roll_line_next": lambda b: {"county_id": b.roll_line().county_id, "scheme": "resident", "roll_no": "1"},
    "possible_duplicate_decide": lambda b: {"proposal_id": b.proposal().pk},
    "possible_duplicate_undo": lambda b: {"proposal_id": b.proposal().pk},
    "person_merge_undo": lambda b: {"merge_id": b.merge().pk},
    "possible_match_undo": lambda b: {"decision_id": decision_elsewhere(b.link()).pk},
    "possible_match_numbers": lambda b: {"link_id": b.link().pk},
    "match_pattern_decision": lambda b: {"pattern_id": b.pattern().pk},
    "match_pattern_sign": lambda b: {"pattern_id": b.pattern().pk},
    "match_pattern_withdraw": lambda b: {"pattern_id": b.pattern().pk},
    "match_pattern_undo": lambda b: {"pattern_id": b.pattern().pk},
    "delivery": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_changes": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_problems": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_columns": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_approve": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_discard": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_retry": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_undo": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_complete": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_again": lambda b: {"delivery_id": b.delivery().pk},
    "delivery_line": lambda b: {"delivery_id": b.delivery().pk, "line": 2},
    "delivery_correction_file": lambda b: {"delivery_id": b.delivery().pk},
    "upload_piece": lambda b: {"upload_id": b.upload().pk},
    "upload_finish": lambda b: {"upload_id": b.upload().pk},
    "upload_cancel": lambda b: {"upload_id": b.upload().pk},
    "night": lambda b: {"run_id": b.night().pk},
    "night_print": lambda b: {"run_id": b.published_night().pk},
    "picture_flow": lambda b: {"run_id": b.published_night().pk},
    "night_cancel": lambda b: {"run_id": b.night().pk},
    "night_compare": lambda b: {"run_id": b.published_night().pk},
    "night_moved": lambda b: {"run_id": b.published_night().pk},
    "night_again": lambda b: {"run_id": b.night().pk},
    "admin_user": lambda b: {"user_id": b.user().pk},
    "admin_user_act": lambda b: {"user_id": b.user().pk, "act": "sessions"},
    "admin_role_grant": lambda b: {"user_id": b.user().pk},
    "admin_role_end": lambda b: {"membership_id": b.user().memberships.get().pk},
    "admin_deputy_end": lambda b: {"deputy_id": b.deputy().pk},
    "work_filter_drop": lambda b: {"filter_id": b.saved_filter().pk},
    "case_assignment_undo": lambda b: {"assignment_id": b.assignment().pk},
    "case_closing_document": lambda b: {"closing_id": b.closing().pk},
    "case_take_undo": lambda b: {"case_id": b.closing().case_id},
    "case_closing_undo": lambda b: {"closing_id": b.closing().pk},
    "admin_client_revoke": lambda b: {"client_id": b.client()},
}
"""Address -> an object of county B."""

IN_BODY: dict[str, Make] = (
    {
        name: lambda b: {"subject": f"p:{b.person().pk}", "text": "note", "reason": "data_wrong", "note": "note"}
        for name in (
            "case_take",
            "case_take_many",
            "case_release",
            "case_note",
            "case_close",
            "case_assign",
            "case_ask",
            "work_here",
            "work_one_stop",
        )
    }
    | {"case_contact": lambda b: {"subject": f"p:{b.person().pk}", "tried_on": "2018-12-31", "means": "visit"}}
    | {"possible_match_decide": lambda b: {"link": b.link().pk, "decision": "same"}}
)
"""Address that is sent a subject -> one of county B."""

NO_OBJECTS = frozenset(
    {
        "picture",
        "feed_contact",
        "feed_template",
        "guide",
        "guide_picture",
        "administration_policy_rule",
        "administration_policy_draft",
        "administration_policy_proposal",
        "administration_policy_approve",
        "administration_policy_withdraw",
    }
)
"""Pictures by their kind; kinds of feeds; guides and their pictures; and dated rules, which are
not case data: readers of a board read every region's."""


def routes(names: dict[str, Make]) -> list[Route]:
    return [route for route in all_routes() if route.name in names]


def test_every_address_that_takes_an_object_is_known_here():
    """Those by token are walked in tests/api."""
    taking = {route.name for route in all_routes() if route.takes}
    assert taking - NO_OBJECTS - BY_TOKEN == IN_ADDRESS.keys()
    assert {route.name for route in routes(IN_BODY)} == IN_BODY.keys()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


def send(client: Client, route: Route, place: dict[str, object]) -> Any:
    """Ask for the address, or send it a form where it takes nothing else."""
    address = reverse(route.name, kwargs=place)
    answer = client.get(address)
    return client.post(address, {"purpose": "counter"}) if answer.status_code == 405 else answer


@pytest.mark.parametrize("route", routes(IN_ADDRESS), ids=str)
def test_an_object_of_another_county_is_404_and_audited(route, world, sign_in):
    place = IN_ADDRESS[route.name](Elsewhere(world))
    client = sign_in(role_in_county_a(route))
    before = AuditEvent.objects.count()
    assert send(client, route, place).status_code == 404
    assert_a_refusal_since(before, route, {key: str(value) for key, value in place.items()})


@pytest.mark.parametrize("route", routes(IN_ADDRESS), ids=str)
def test_the_other_countys_own_clerk_finds_the_object(route, world):
    there = Elsewhere(world)
    place = IN_ADDRESS[route.name](there)
    assert send(of_county_b(there, route), route, place).status_code in FOUND


@pytest.mark.parametrize("route", routes(IN_BODY), ids=str)
def test_a_subject_of_another_county_in_a_form_is_404_and_audited(route, world, sign_in):
    body = IN_BODY[route.name](Elsewhere(world))
    client: Client = sign_in(role_in_county_a(route))
    before = AuditEvent.objects.count()
    assert client.post(reverse(route.name), body).status_code == 404
    assert_a_refusal_since(before, route, {})


@pytest.mark.parametrize("route", routes(IN_BODY), ids=str)
def test_the_other_countys_own_clerk_may_send_the_subject(route, world):
    there = Elsewhere(world)
    body = IN_BODY[route.name](there)
    assert of_county_b(there, route).post(reverse(route.name), body).status_code in FOUND


FOUND = {200, 204, 302, 400, 409, 422}
"""The page, what it leads to, or a refusal for another reason than the place: what was sent besides, or the object's state."""


def of_county_b(there: Elsewhere, route: Route) -> Client:
    """Return a browser of county B: the object's owner, or somebody with the role that is refused in county A."""
    user = there.owner or there.user("control_b", Role(role_in_county_a(route)))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def role_in_county_a(route: Route) -> str:
    """Return a role of county A that may do what the route demands, so that only the place can refuse."""
    assert route.action is not None
    return next(role for role in roles_for(route.action) if role != Role.SUPERVISOR).value


def assert_a_refusal_since(before: int, route: Route, ids: dict[str, str]) -> None:
    lines = list(AuditEvent.objects.order_by("id")[before:])
    refused = [line for line in lines if line.outcome == "refused"]
    assert [(line.object_id, line.detail["reason"]) for line in refused] == [(route.name, "not_found_in_scope")]
    assert refused[0].detail["ids"] == ids
    assert not [line for line in lines if line.outcome == "done"]
