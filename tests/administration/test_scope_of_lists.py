"""What no address names: lists, filters by place in the address, what is chosen by number in a filter, what is done to many at once.

Every page without an object is walked from urlpatterns, asked for county B in each way a page is asked for a place. County B has one
of everything, under a name nobody else has; a page that shows it to its own clerk is the control of the same page for county A.
"""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from casework.models import Assignment, Case, CaseEvent, Question
from coverage.models import CoverageVerdict, Link, MatchDecision, PatternDecision
from coverage.services.pattern_decisions import sign_pattern
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role, Verb
from foundation.accounts.models import ClientToken, Deputy, Membership, User
from foundation.accounts.services import issue_client_token
from foundation.audit.services import record_disclosure, record_event
from foundation.policy.services.loading import load_parameters
from foundation.primitives import clock
from registry.constants import DeliveryState
from registry.models import Delivery, FeedContact, Person, PersonName, RollSnapshot
from tests.administration.routes import Route, all_routes
from tests.administration.test_access import BY_TOKEN, OWN, PROBES, PUBLIC, SEVERAL_ACTIONS
from tests.administration.test_scope_everywhere import Elsewhere, role_in_county_a
from tests.foundation.conftest import make_world
from tests.possible_matches import decision_elsewhere

MARK = "东陵"
"""In the name of everything of county B."""
PLACES = ("unit", "county", "village", "township", "place", "region", "home_unit", "file_unit", "hukou_unit")
SHOWS = frozenset(
    {
        "admin_audit",
        "admin_audit_csv",
        "admin_clients",
        "admin_deputies",
        "admin_deputy_new",
        "admin_disclosures",
        "admin_failures",
        "admin_users",
        "case_assignments",
        "case_closings",
        "contribution_batches",
        "contribution_people",
        "contribution_people_xlsx",
        "deliveries",
        "deliveries_receive",
        "feed_calendar",
        "one_stop_batches",
        "possible_duplicates",
        "possible_matches",
        "possible_matches_decided",
        "report_counted",
        "report_people",
        "today_figures",
        "village",
        "work_list",
        "work_list_xlsx",
        "work_questions",
        "work_reports",
    }
)
"""Pages on which the clerks of county B see the name: there it must not be seen by those of county A."""
BY_TOKEN_SHOWN = frozenset({"api_gaps", "api_possible_matches", "api_e1"})
PAGES = [
    route
    for route in all_routes()
    if not route.takes
    and route.name not in PUBLIC | PROBES | OWN | BY_TOKEN
    and not route.name.startswith(SEVERAL_ACTIONS)
]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(module_database, tmp_path_factory):
    """Build the world once for the module; what a test adds is rolled back after it."""
    load_parameters()
    with override_settings(DATA_DIR=tmp_path_factory.mktemp("lists") / "data"):
        yield make_world()


@pytest.fixture(scope="module")
def there(world):
    """Return county B with one of everything, each with the mark in its name."""
    b = Elsewhere(world)
    mark_people(b, b.link())
    proposal = b.proposal()
    Person.objects.filter(pk__in=[proposal.person_a_id, proposal.person_b_id]).update(name=f"{MARK}客")
    delivery = b.delivery(f"{MARK}.csv")
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.FAILED, failed_at=clock.now(), failure_number=MARK, attempts=3
    )
    b.published_night()
    b.client()
    ClientToken.objects.filter(unit=b.county).update(name=MARK)
    FeedContact.objects.create(county=b.county, feed="resident", department="x", name=MARK, office_phone="1")
    deputy = b.deputy()
    closing = b.closing()
    Case.objects.filter(pk=closing.case_id).update(person=b.person(f"{MARK}客"))
    b.assignment()
    b.batch(b.person(f"{MARK}客"))
    b.money(MARK)
    b.planned(b.person(f"{MARK}客"))
    record_event(actor=system_actor(b.county), verb="look", object_type="unit", object_id=MARK)
    record_disclosure(
        actor=system_actor(b.county), recipient=MARK, purpose=MARK, legal_basis="x", fields=["name"], row_count=1
    )
    for role in Role:
        if role != Role.SUPERVISOR:
            b.user(f"b_{role.value}", role)
    b.field_report(b.person(f"{MARK}客"))
    for role in (Role.TOWNSHIP_CLERK, Role.COUNTY_CLERK):
        asked = b.question(b.user(f"b_{role.value}", role), b.person(f"{MARK}客"))
        Question.objects.filter(pk=asked.pk).update(state="answered", answered_at=clock.now())
    User.objects.filter(memberships__unit=b.county).update(display_name=MARK)
    assert deputy.absent.memberships.get().unit == b.county
    return b


def mark_people(b: Elsewhere, link: Link) -> None:
    """Name a person of county B, and let a gap, codes, a decision and a possible match be of that person."""
    person = link.person
    Person.objects.filter(pk=person.pk).update(name=f"{MARK}客", name_pinyin="dong ling ke")
    PersonName.objects.create(person=person, name=f"{MARK}客", recorded_at=clock.now())
    for shown in (link, other := b.link()):
        RollSnapshot.objects.create(
            delivery=shown.delivery,
            scheme="resident",
            path="snapshots/none.parquet",
            sha256="0" * 64,
            row_count=1,
            preparation=1,
            prepared_at=clock.now(),
        )
    decision_elsewhere(other, roll_name=f"{MARK}客", roll_no="R2")
    b.gap(person=person, subject_name=f"{MARK}客")
    CoverageVerdict.objects.create(
        county=b.county,
        night_id=1,
        as_of_date=link.as_of_date,
        recorded_at=clock.now(),
        person=person,
        verdict="GAP",
        e1_column="16f_other",
        desk_reason="never_enrolled",
        in_poverty_file=True,
        in_three_categories=True,
        due_to_draw=False,
        drawing=False,
        file_unit=b.county,
        hukou_unit=b.county,
        oldest_feed_date=link.as_of_date,
    )


def reader_of(route: Route) -> str:
    """Return a role that may see the page; of what colleagues did, the one that sees all of it."""
    return Role.COUNTY_REVIEWER.value if route.name.startswith("case_") else role_in_county_a(route)


def parameters(there: Elsewhere) -> list[dict[str, str]]:
    """Return each way to ask for county B: not at all, and every name of a place with its code."""
    return [{}, dict.fromkeys(PLACES, there.county.code)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, route: Route, asked: dict[str, str]) -> str:
    """Return what a page shows, or a file holds; a page that is only sent to is asked for with a purpose."""
    address = f"{reverse(route.name)}?{urlencode(asked)}"
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address, {"purpose": "counter", "q": MARK, "name": MARK})
    assert answer.status_code in {200, 302, 400, 404, 405, 409, 422}, (route.name, asked, answer.status_code)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return unzipped(content) if content.startswith(b"PK") else content.decode("utf-8", "replace")


def unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_no_page_shows_anything_of_another_county_however_it_is_asked(world, there):
    shown = []
    clients = {role: signed_in(world.users[role]) for role in {reader_of(route) for route in PAGES}}
    for route in PAGES:
        for asked in parameters(there):
            text = text_of(clients[reader_of(route)], route, asked)
            if MARK in text.replace(f'value="{MARK}"', ""):  # what was typed into the form of the page itself
                shown.append((route.name, asked))
    assert not shown


def test_the_other_countys_own_people_see_it_on_these_pages(world, there):
    clients = {role: signed_in(there.user(f"b_{role}")) for role in {reader_of(route) for route in PAGES}}
    User.objects.filter(username__startswith="b_").update(
        display_name="x"
    )  # the frame of every page names who is signed in
    shown = {route.name for route in PAGES if MARK in text_of(clients[reader_of(route)], route, {})}
    assert not shown ^ SHOWS, ("shown but not listed", shown - SHOWS, "listed but not shown", SHOWS - shown)


def a_subject(world) -> str:
    """Return somebody of county A, as a form names them."""
    person = Person.objects.create(county=world.county_a, unit=world.township, name="李四", created_at=clock.now())
    return f"p:{person.pk}"


@pytest.mark.parametrize("name", ["case_take_many", "case_assign"])
def test_of_many_one_of_another_county_refuses_all(name, world, there):
    """A form of one's own rows with one row of the other county put in: nothing is done to any."""
    ours, theirs = a_subject(world), f"p:{there.person().pk}"
    client, assignee = signed_in(world.users["county_clerk"]), world.users["county_clerk"].pk
    sent = {"subject": [ours, theirs], "assignee": assignee, "confirmed": "yes"}
    cases, events = Case.objects.count(), CaseEvent.objects.count()
    assert client.post(reverse(name), sent).status_code == 404
    assert (Case.objects.count(), CaseEvent.objects.count()) == (cases, events)
    assert client.post(reverse(name), {**sent, "subject": [ours]}).status_code in {200, 302}, "the control"
    assert CaseEvent.objects.count() > events


def test_cases_are_not_given_to_somebody_of_another_county(world, there):
    ours, before = a_subject(world), Assignment.objects.count()
    client = signed_in(world.users["county_clerk"])
    stranger = there.user("b_county_clerk").pk
    client.post(reverse("case_assign"), {"subject": ours, "assignee": stranger, "confirmed": "yes"})
    assert Assignment.objects.count() == before
    client.post(
        reverse("case_assign"), {"subject": ours, "assignee": world.users["county_reviewer"].pk, "confirmed": "yes"}
    )
    assert Assignment.objects.count() == before + 1, "the control"


def test_applying_every_checked_file_leaves_those_of_another_county(world, there):
    theirs = there.delivery("checked.csv")
    Delivery.objects.filter(pk=theirs.pk).update(state=DeliveryState.CHECKED, hold=True)
    signed_in(world.users["county_clerk"]).post(reverse("deliveries_approve"))
    theirs.refresh_from_db()
    assert theirs.approved_at is None
    signed_in(there.user("b_county_clerk")).post(reverse("deliveries_approve"))
    theirs.refresh_from_db()
    assert theirs.approved_at is not None, "the control"


def test_signing_a_pattern_leaves_out_matches_of_another_county(world, there):
    """The list of matches in a proposal is only a list of numbers: each is looked for in the actor's own unit again."""
    link = there.link()
    pattern = PatternDecision.objects.create(
        county=world.county_a,
        scheme="resident",
        rule=link.rule,
        comparison_vector=link.comparison_vector,
        decision="not_same",
        links=[link.pk],
        proposed_by="x",
        proposed_at=clock.now(),
    )
    reviewer = user_actor(world.users["county_reviewer"].memberships.select_related("user", "unit").get())
    assert sign_pattern(actor=reviewer, pattern_id=pattern.pk, at=clock.now()) == 0
    assert not MatchDecision.objects.filter(link=link).exists()


def test_a_pattern_of_another_county_offers_nothing(world, there):
    link = there.link()
    query = urlencode({"pattern": f"{link.scheme}|{link.rule}|{link.comparison_vector}"})
    page = signed_in(world.users["county_clerk"]).get(f"{reverse('match_pattern')}?{query}").content.decode()
    assert MARK not in page
    answer = signed_in(world.users["county_clerk"]).post(f"{reverse('match_pattern_propose')}?{query}")
    assert answer.status_code in {400, 409}
    assert not PatternDecision.objects.exists()


def test_a_night_is_not_compared_with_one_of_another_county(world, there):
    here = Elsewhere(world)
    here.world = replace(world, county_b=world.county_a)
    ours, theirs = here.published_night(), there.published_night()
    client, address = signed_in(world.users["county_clerk"]), reverse("night_compare", args=[ours.pk])
    assert client.get(address, {"with": theirs.pk}).status_code == 404
    assert client.get(address, {"with": ours.pk - 1}).status_code == 200, "the control"


@pytest.mark.parametrize(
    ("name", "role", "sent"),
    [
        ("admin_user_new", Role.SYSADMIN, {"username": "new", "display_name": "新", "home_unit": "{unit}"}),
        (
            "admin_client_new",
            Role.SECADMIN,
            {"name": "新", "verbs": "read_gaps", "unit": "{unit}", "last_day": "{day}"},
        ),
        ("admin_role_grant", Role.SECADMIN, {"role": "county_clerk", "unit": "{unit}", "first_day": "{day}"}),
    ],
)
def test_a_form_of_the_administration_refuses_a_unit_of_another_county(name, role, sent, world, there):
    client = signed_in(world.users[role])
    models: dict[str, Any] = {"admin_user_new": User, "admin_client_new": ClientToken, "admin_role_grant": Membership}
    made = models[name].objects
    target = Elsewhere(world).user("nobody_yet", Role.COUNTY_CLERK)
    Membership.objects.filter(user=target).delete()
    User.objects.filter(pk=target.pk).update(home_unit=world.county_a)
    address = reverse(name, kwargs={"user_id": target.pk} if name == "admin_role_grant" else {})
    day = f"{clock.today() + timedelta(days=1):%Y-%m-%d}"
    for unit, added in ((there.county, 0), (world.county_a, 1)):
        before = made.count()
        client.post(address, {key: value.format(unit=unit.code, day=day) for key, value in sent.items()})
        assert made.count() - before == added, unit


def test_a_deputyship_is_not_given_to_or_for_somebody_of_another_county(world, there):
    client, day = signed_in(world.users["secadmin"]), f"{clock.today():%Y-%m-%d}"
    ours, colleague = world.users["county_clerk"].memberships.get(), world.users["county_approver"]
    theirs = there.user("b_county_clerk").memberships.get()
    for membership, deputy, added in (
        (theirs, colleague, 0),
        (ours, there.user("b_county_approver"), 0),
        (ours, colleague, 1),
    ):
        before = Deputy.objects.count()
        sent = {"membership": membership.pk, "deputy": deputy.pk, "first_day": day, "last_day": day}
        client.post(reverse("admin_deputy_new"), sent)
        assert Deputy.objects.count() - before == added


def test_a_role_of_somebody_else_cannot_be_chosen(world, there):
    client = signed_in(world.users["county_clerk"])
    client.post(reverse("choose_role"), {"membership": there.user("b_county_clerk").memberships.get().pk})
    assert MARK not in client.get(reverse("work_list")).content.decode()


def test_a_departments_token_lists_nothing_of_another_county(world, there):
    """The control is a token of that county; the API names persons by number only, so ids are compared."""
    seen: dict[Any, list[Any]] = {}
    for unit in (world.county_a, there.county):
        _token, text = issue_client_token(
            actor=system_actor(unit),
            name="民政局",
            unit=unit,
            verbs=list(Verb.values),
            expires_at=clock.now() + timedelta(days=1),
        )
        client = Client(headers={"authorization": f"Bearer {text}"})
        for route in (route for route in all_routes() if route.name in BY_TOKEN and not route.takes):
            for asked in ({}, {"unit": there.county.code}, {"unit": there.county.code[:6]}):
                answer = client.get(f"{reverse(route.name)}?{urlencode(asked)}")
                rows = next(iter(answer.json().values())) if answer.status_code == 200 else []
                seen.setdefault((unit, route.name), []).extend(rows if isinstance(rows, list) else [rows])
    assert not {name: rows for (unit, name), rows in seen.items() if unit == world.county_a and rows}
    assert {name for (unit, name), rows in seen.items() if unit == there.county and rows} == BY_TOKEN_SHOWN
